//! The adapter of a language model through the door: what learning it takes, out as Hugging Face PEFT's two files, and back.
//!
//! Not here: training it, which is [`Lab::train_step`] for all models.

use js_sys::{Object, Reflect};
use serde_json::json;
use wasm_bindgen::prelude::*;

use super::border::{self, from_js, to_js};
use super::{JsResult, Lab, bytes_out};
use crate::train::config::TrainConfig;
use crate::weights::peft;

#[wasm_bindgen]
#[allow(clippy::await_holding_refcell_ref, reason = "as in `mod.rs`")]
impl Lab {
    /// The adapter that a language model has: `{ config: string, weights: Uint8Array }`, the contents of `adapter_config.json` and
    /// `adapter_model.safetensors`.
    #[wasm_bindgen(js_name = exportAdapter)]
    pub async fn export_adapter(&self) -> JsResult<Object> {
        let files = self.begin()?.adapter_files().await.map_err(border::error)?;
        let content = |name: &str| files.get(name).map(Vec::as_slice).unwrap_or_default();
        let found = Object::new();
        let about = String::from_utf8_lossy(content(peft::CONFIG_FILE));
        Reflect::set(&found, &"config".into(), &about.as_ref().into())?;
        Reflect::set(&found, &"weights".into(), &bytes_out(content(peft::WEIGHTS_FILE)))?;
        Ok(found)
    }

    /// What a run by these settings will take of memory beside what thinking takes, on the engine that is open: a `LearningPlan` and its
    /// `total`, bytes; null for a small model, which learns as a whole.
    #[wasm_bindgen(js_name = learningPlan)]
    pub fn learning_plan(&self, config: JsValue) -> JsResult<JsValue> {
        let config: TrainConfig = from_js(config)?;
        let Some(plan) = self.begin()?.learning_plan(&config).map_err(border::error)? else { return Ok(JsValue::NULL) };
        let mut value = serde_json::to_value(&plan).map_err(border::serde_error)?;
        value["total"] = json!(plan.total());
        to_js(&value)
    }

    /// Puts an adapter beside the weights of the language model that is loaded; one that was there is replaced, a run in progress ends.
    #[wasm_bindgen(js_name = loadAdapter)]
    pub async fn load_adapter(&self, config: String, weights: Vec<u8>) -> JsResult<()> {
        self.begin()?.load_adapter(&config, &weights).await.map_err(border::error)
    }
}
