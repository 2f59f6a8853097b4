//! The door to JavaScript: translates values and errors, and lets the event loop in. Computes nothing.
//!
//! Not here: workers, messages, files (`web/`).

mod adapter;
mod border;
mod catalogue;
mod experiment;
mod language;
mod semantic;
mod turn;

use std::cell::RefCell;

use js_sys::Function;
use serde_json::json;
use wasm_bindgen::prelude::*;

use self::border::{bytes_out, from_js, to_js};
pub use self::catalogue::{metric_definitions, presets, tasks};
pub use self::experiment::summarise;
pub use self::language::LanguageFile;
pub use self::semantic::{SemanticLab, semantic_arms};
use self::turn::{now_s, telling_pulse, yielding_pulse};
use crate::engine::Pulse;
use crate::error::Error;
use crate::lab::{self, AskOptions, DiagnoseOptions, EngineChoice, EvaluateOptions, ThinkOptions, ThinkStep};
use crate::tasks;
use crate::train::config::TrainConfig;

type JsResult<T> = std::result::Result<T, JsValue>;

/// Runs once when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The crate's version.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

/// Measures an engine: `{ engine: "cpu" | "gpu", size: "small" | "mid" | "nano" | "micro" | "mini", steps? }`; see `lab/bench.rs`.
#[wasm_bindgen]
pub async fn bench(options: JsValue) -> JsResult<JsValue> {
    let options: lab::BenchOptions = from_js(options)?;
    to_js(&lab::bench(&options, now_s, &yielding_pulse()).await.map_err(border::error)?)
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct LabOptions {
    #[serde(default)]
    engine: EngineChoice,
    #[serde(default)]
    seed: Option<u64>,
}

/// One model, one run. Async methods may be pending one at a time; [`Lab::cancel`] ends the pending one.
#[wasm_bindgen]
pub struct Lab {
    inner: RefCell<lab::Lab>,
    pulse: Pulse,
}

#[wasm_bindgen]
#[allow(
    clippy::await_holding_refcell_ref,
    reason = "held on purpose: it is what makes a second operation fail as busy"
)]
impl Lab {
    /// `{ engine?: "auto" | "cpu" | "gpu", seed?: number }` → Promise<Lab>; "gpu" rejects where there is none.
    pub async fn open(options: JsValue) -> JsResult<Lab> {
        let options: LabOptions = from_js(options)?;
        let inner = lab::Lab::open(options.engine, options.seed, now_s).await.map_err(border::error)?;
        Ok(Self { inner: RefCell::new(inner), pulse: yielding_pulse() })
    }

    /// Makes the pending method reject with code `cancelled`.
    pub fn cancel(&self) {
        self.pulse.flag().store(true, std::sync::atomic::Ordering::Relaxed);
    }

    fn begin(&self) -> JsResult<std::cell::RefMut<'_, lab::Lab>> {
        let lab = self.inner.try_borrow_mut().map_err(|_| {
            border::error(Error::NotReady("the lab is busy; wait for the pending operation or cancel it".into()))
        })?;
        self.pulse.reset();
        Ok(lab)
    }

    /// What computes, for people.
    #[wasm_bindgen(js_name = engineName)]
    pub fn engine_name(&self) -> JsResult<String> {
        Ok(self.begin()?.engine_name())
    }

    /// The seed that thoughts and runs take when they are given none.
    pub fn seed(&self) -> JsResult<f64> {
        Ok(self.begin()?.seed() as f64)
    }

    /// What computes the model, and why: `{ kind, name, adapter?, software?, reason, measured? }`; null before one is loaded.
    #[wasm_bindgen(js_name = engineInfo)]
    pub fn engine_info(&self) -> JsResult<JsValue> {
        match self.begin()?.engine_info() {
            Some(info) => to_js(info),
            None => Ok(JsValue::NULL),
        }
    }

    /// What happened that a user should hear of, and did not stop the work: `[{ kind, message, step? }]`.
    #[wasm_bindgen(js_name = takeNotices)]
    pub fn take_notices(&self) -> JsResult<JsValue> {
        to_js(&self.begin()?.take_notices())
    }

    /// Destroys the GPU's device, as a driver that crashes would; for tests.
    #[wasm_bindgen(js_name = loseDevice)]
    pub fn lose_device(&self) -> JsResult<()> {
        self.begin()?.lose_device();
        Ok(())
    }

    /// Reads a GGUF or safetensors file and opens the engine for it; `on_progress("engine", done, total)` as kernels are compiled.
    #[wasm_bindgen(js_name = loadModel)]
    pub async fn load_model(&self, bytes: Vec<u8>, on_progress: Option<Function>) -> JsResult<JsValue> {
        let mut lab = self.begin()?;
        let mut report = |done: usize, total: usize| {
            if let Some(listener) = &on_progress {
                let _ = listener.call3(&JsValue::NULL, &"engine".into(), &(done as f64).into(), &(total as f64).into());
            }
        };
        let info = lab.load(&bytes, &mut report).await.map_err(border::error)?;
        self.pulse.beat().await.map_err(border::error)?;
        let mut value = serde_json::to_value(&info).map_err(border::serde_error)?;
        value["format"] = json!(if bytes.starts_with(b"GGUF") { "gguf" } else { "safetensors" });
        value["tasks"] = catalogue::tasks_of(false)?;
        to_js(&value)
    }

    /// A question of a task: `{ prompt, answer }`; of a built-in task also while the lab is busy.
    pub fn question(&self, options: JsValue) -> JsResult<JsValue> {
        let options: AskOptions = from_js(options)?;
        let question = match tasks::names().contains(&options.task.as_str()) {
            true => options.of_built_in(),
            false => self.begin()?.question(&options),
        };
        to_js(&question.map_err(border::error)?)
    }

    /// Makes a task of own questions, one JSON object `{ question, answer, split? }` a line. `grader`: "exact", "numeric", or a
    /// function of (question, expected, answer) that returns 0 to 1; what else it returns or throws earns nothing. Returns the task as
    /// [`tasks`] lists them.
    #[wasm_bindgen(js_name = addTask)]
    pub fn add_task(&self, name: &str, jsonl: &str, grader: JsValue) -> JsResult<JsValue> {
        let grader = border::grader(grader).map_err(border::error)?;
        let info = self.begin()?.add_task(name, jsonl, grader).map_err(border::error)?;
        to_js(&catalogue::of_task(&info))
    }

    /// Thinks about one question; `on_step` is called with each step as it is made.
    pub async fn think(&self, options: JsValue, on_step: Function) -> JsResult<JsValue> {
        let options: ThinkOptions = from_js(options)?;
        let mut lab = self.begin()?;
        let mut report = |step: ThinkStep| {
            if let Ok(step) = to_js(&step) {
                let _ = on_step.call1(&JsValue::NULL, &step); // a listener's own failure is not the lab's
            }
        };
        let result = lab.think(&options, &self.pulse, &mut report).await.map_err(border::error)?;
        to_js(&result)
    }

    /// Checks the configuration, evaluates the start: `{ config, step, "val/pass@1", "val/pass@k" }`.
    #[wasm_bindgen(js_name = startTraining)]
    pub async fn start_training(&self, config: JsValue) -> JsResult<JsValue> {
        let config: TrainConfig = from_js(config)?;
        let mut lab = self.begin()?;
        let config = lab.start_training(config).await.map_err(border::error)?;
        let mut start = json!({ "config": config, "step": 0 });
        if config.eval_steps > 0 {
            let evaluation = lab.evaluate_run(&self.pulse).await.map_err(border::error)?;
            start["val/pass@1"] = json!(evaluation.pass_at_1);
            start["val/pass@k"] = json!(evaluation.pass_at_k.last().map(|at| at.value));
        }
        to_js(&start)
    }

    /// One training step; its metrics. `on_progress({ phase: "think" | "score" | "learn" | "measure", done, total })` where it takes long.
    #[wasm_bindgen(js_name = trainStep)]
    pub async fn train_step(&self, on_progress: Function) -> JsResult<JsValue> {
        let mut lab = self.begin()?;
        to_js(&lab.train_step(&telling_pulse(&self.pulse, on_progress)).await.map_err(border::error)?)
    }

    /// Why the run pauses: `{ sign, message, step, best_step, best_reward }`, or null. Until [`Lab::restore_best`] or
    /// [`Lab::acknowledge_collapse`] it takes no step.
    pub fn collapse(&self) -> JsResult<JsValue> {
        match self.begin()?.collapse() {
            Some(collapse) => to_js(collapse),
            None => Ok(JsValue::NULL),
        }
    }

    /// What the newest training step did not do as usual, one sentence each: updates left out.
    pub fn remarks(&self) -> JsResult<JsValue> {
        to_js(&self.begin()?.run().map(|run| run.remarks().to_vec()).unwrap_or_default())
    }

    /// Goes on after a collapse as the run stands.
    #[wasm_bindgen(js_name = acknowledgeCollapse)]
    pub fn acknowledge_collapse(&self) -> JsResult<()> {
        self.begin()?.acknowledge_collapse().map_err(border::error)
    }

    /// Goes on after a collapse from the best moment of the run; the steps done then.
    #[wasm_bindgen(js_name = restoreBest)]
    pub async fn restore_best(&self) -> JsResult<f64> {
        let mut lab = self.begin()?;
        Ok(lab.return_to_best().await.map_err(border::error)? as f64)
    }

    /// The completions of the newest training step.
    pub fn samples(&self) -> JsResult<JsValue> {
        to_js(&self.begin()?.samples())
    }

    /// pass@k and more on held-out questions; `on_progress(done, total)`.
    pub async fn evaluate(&self, options: JsValue, on_progress: Function) -> JsResult<JsValue> {
        let options: EvaluateOptions = from_js(options)?;
        let mut lab = self.begin()?;
        let mut report = |done: usize, total: usize| {
            let _ = on_progress.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
        };
        to_js(&lab.evaluate(&options, &self.pulse, &mut report).await.map_err(border::error)?)
    }

    /// How soft the thoughts on held-out questions are; `on_progress(done, total)`.
    pub async fn diagnose(&self, options: JsValue, on_progress: Function) -> JsResult<JsValue> {
        let options: DiagnoseOptions = from_js(options)?;
        let mut lab = self.begin()?;
        let mut report = |done: usize, total: usize| {
            let _ = on_progress.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
        };
        to_js(&lab.diagnose(&options, &self.pulse, &mut report).await.map_err(border::error)?)
    }

    /// The model as it is now, as a file: "safetensors" or "gguf".
    #[wasm_bindgen(js_name = exportModel)]
    pub async fn export_model(&self, format: String) -> JsResult<js_sys::Uint8Array> {
        let mut lab = self.begin()?;
        Ok(bytes_out(&lab.export(&format).await.map_err(border::error)?))
    }

    /// A checkpoint of the run in progress.
    #[wasm_bindgen(js_name = saveRun)]
    pub async fn save_run(&self) -> JsResult<js_sys::Uint8Array> {
        let mut lab = self.begin()?;
        Ok(bytes_out(&lab.save_run().await.map_err(border::error)?))
    }

    /// Goes on where a checkpoint left off: `{ config, step }`.
    #[wasm_bindgen(js_name = resumeRun)]
    pub async fn resume_run(&self, bytes: Vec<u8>) -> JsResult<JsValue> {
        let mut lab = self.begin()?;
        let (config, step) = lab.resume_run(&bytes).await.map_err(border::error)?;
        to_js(&json!({ "config": config, "step": step }))
    }
}
