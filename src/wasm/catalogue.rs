//! What a page can offer without a model: tasks, named ways to think and to learn, and what the numbers mean.
//!
//! Not here: anything that computes (`mod.rs`).

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::JsResult;
use super::border::{self, to_js};
use crate::decode::preset;
use crate::tasks;
use crate::train::config::TrainConfig;
use crate::train::metrics::DEFINITIONS;

/// The tasks there are, for a page to offer.
#[wasm_bindgen]
pub fn tasks() -> JsResult<JsValue> {
    let describe = |info: tasks::TaskInfo| -> crate::error::Result<Value> {
        Ok(json!({
            "name": info.name,
            "title": info.title,
            "description": info.describe,
            "difficulties": [info.difficulty.min, info.difficulty.max],
            "default_difficulty": info.difficulty.default,
            "guess_space": info.guess_space,
            "example": info.example,
            "max_completion_length": tasks::task(&info.name, None)?.max_completion_length(tasks::Split::Train),
        }))
    };
    let all = tasks::list().and_then(|list| list.into_iter().map(describe).collect::<crate::error::Result<Vec<_>>>());
    to_js(&all.map_err(border::error)?)
}

/// What has a name: `{ policies: [{ name, text, policy }], methods: [{ name, text, config }] }`, ways to think and to learn.
#[wasm_bindgen]
pub fn presets() -> JsResult<JsValue> {
    let policy = |(name, text): &(&str, &str)| json!({ "name": name, "text": text, "policy": preset::preset(name) });
    let method = |(name, text): &(&str, &str)| -> crate::error::Result<Value> {
        let own = serde_json::Map::from_iter([("preset".to_owned(), json!(name))]);
        Ok(json!({ "name": name, "text": text, "config": TrainConfig::read(own)? }))
    };
    let methods: crate::error::Result<Vec<Value>> = crate::train::preset::PRESETS.iter().map(method).collect();
    to_js(&json!({
        "policies": preset::PRESETS.iter().map(policy).collect::<Vec<_>>(),
        "methods": methods.map_err(border::error)?,
    }))
}

/// What each metric means: `{key: definition}`.
#[wasm_bindgen(js_name = metricDefinitions)]
pub fn metric_definitions() -> JsResult<JsValue> {
    to_js(&DEFINITIONS.iter().map(|(key, text)| ((*key).to_string(), json!(text))).collect::<serde_json::Map<_, _>>())
}
