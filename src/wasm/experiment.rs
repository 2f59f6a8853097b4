//! Runs of an experiment, through the door: started, done piece by piece, kept, gone on with, summarised.
//!
//! Not here: what a run consists of (`experiment/`), who keeps its record (`web/`).

use js_sys::Function;
use serde::Serialize;
use serde_json::json;
use wasm_bindgen::prelude::*;

use super::border::{self, from_js, to_js};
use super::{JsResult, Lab};
use crate::experiment::{self, ArmProgress, Plan, RunRecord};
use crate::lab::ArmOptions;

/// As its file would say it: what is not finite is null.
fn as_file(value: &impl Serialize) -> JsResult<JsValue> {
    to_js(&serde_json::to_value(value).map_err(border::serde_error)?)
}

/// The tables of a plan's records, as `lab experiment` writes them to summary.json, without contrasts.
#[wasm_bindgen]
pub fn summarise(plan: JsValue, records: JsValue) -> JsResult<JsValue> {
    let (plan, records): (Plan, Vec<RunRecord>) = (from_js(plan)?, from_js(records)?);
    as_file(&experiment::summarise(&plan, &records, &[]).map_err(border::error)?)
}

#[wasm_bindgen]
#[allow(clippy::await_holding_refcell_ref, reason = "as in `mod.rs`")]
impl Lab {
    /// `{ plan, task, arm, seed }` → `{ steps }`: makes ready for that run, from the model as it is now.
    #[wasm_bindgen(js_name = startArm)]
    pub fn start_arm(&self, options: JsValue) -> JsResult<JsValue> {
        let options: ArmOptions = from_js(options)?;
        to_js(&json!({ "steps": self.begin()?.start_arm(&options).map_err(border::error)? }))
    }

    /// As `startArm`, from the record so far and, once it trains, [`Lab::save_run`]'s checkpoint of the same moment.
    #[wasm_bindgen(js_name = resumeArm)]
    pub async fn resume_arm(
        &self,
        options: JsValue,
        record: JsValue,
        checkpoint: Option<Vec<u8>>,
    ) -> JsResult<JsValue> {
        let (options, record): (ArmOptions, RunRecord) = (from_js(options)?, from_js(record)?);
        let mut lab = self.begin()?;
        let steps = lab.resume_arm(&options, record, checkpoint.as_deref()).await.map_err(border::error)?;
        to_js(&json!({ "steps": steps }))
    }

    /// The next piece of the run: `{ did: "started", config } | { did: "trained", metrics } | { did: "measured" } | { did: "done" }`.
    /// `on_progress(phase, done, total)`, where phase is "train" (steps) or "evaluate" (questions).
    #[wasm_bindgen(js_name = armStep)]
    pub async fn arm_step(&self, on_progress: Function) -> JsResult<JsValue> {
        let mut lab = self.begin()?;
        let mut report = |ArmProgress { phase, done, total, .. }: ArmProgress| {
            let _ = on_progress.call3(&JsValue::NULL, &phase.into(), &(done as f64).into(), &(total as f64).into());
        };
        let did = lab.arm_step(&self.pulse, &mut report).await.map_err(border::error)?;
        as_file(&did)
    }

    /// The run's record so far, as runs/TASK/ARM-SEED.json has it; whole once `armStep` did "done".
    #[wasm_bindgen(js_name = armRecord)]
    pub fn arm_record(&self) -> JsResult<JsValue> {
        as_file(self.begin()?.arm_record().map_err(border::error)?)
    }
}
