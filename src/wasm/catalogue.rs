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

/// The tasks of small models, for a page to offer; what is loaded says what can be asked of it.
#[wasm_bindgen]
pub fn tasks() -> JsResult<JsValue> {
    to_js(&tasks_of(false)?)
}

/// Those that can be asked of a model: of a language model more.
pub(super) fn tasks_of(language: bool) -> JsResult<Value> {
    let found = if language { tasks::list_with_words() } else { tasks::list() };
    Ok(found.map_err(border::error)?.iter().map(of_task).collect())
}

/// A task as a page offers it.
pub(super) fn of_task(info: &tasks::TaskInfo) -> Value {
    json!({
        "name": info.name,
        "title": info.title,
        "description": info.describe,
        "difficulties": [info.difficulty.min, info.difficulty.max],
        "default_difficulty": info.difficulty.default,
        "guess_space": info.guess_space,
        "example": info.example,
        "max_completion_length": info.max_completion_length,
        "splits": info.splits,
    })
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
