//! The second lab through the door: its arms, and one run, epoch by epoch.
//!
//! Not here: what a run does (`semantic_id/`), the worker that holds it (`web/`).

use std::cell::{RefCell, RefMut};

use js_sys::Function;
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;

use super::JsResult;
use super::border::{self, from_js, to_js};
use super::turn::yielding_pulse;
use crate::engine::Pulse;
use crate::error::Error;
use crate::semantic_id::{ARMS, Catalogue, CatalogueConfig, Fold, SemanticConfig, SemanticRun};

/// The arms there are and what can be set: `{ arms: [{ name, text, settings }], catalogue }`.
#[wasm_bindgen(js_name = semanticArms)]
pub fn semantic_arms() -> JsResult<JsValue> {
    let arm = |(name, text): &(&str, &str)| -> crate::error::Result<Value> {
        Ok(json!({ "name": name, "text": text, "settings": SemanticConfig::arm(name)? }))
    };
    let arms = ARMS.iter().map(arm).collect::<crate::error::Result<Vec<_>>>().map_err(border::error)?;
    to_js(&json!({ "arms": arms, "catalogue": CatalogueConfig::default() }))
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    arm: String,
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    catalogue: CatalogueConfig,
    /// Own data, as `Catalogue::from_csv` reads it.
    #[serde(default)]
    csv: Option<Csv>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Csv {
    items: String,
    interactions: String,
}

/// One run. Async methods may be pending one at a time; [`SemanticLab::cancel`] ends the pending one, and the run can go on after it.
#[wasm_bindgen]
pub struct SemanticLab {
    run: RefCell<SemanticRun>,
    pulse: Pulse,
}

#[wasm_bindgen]
#[allow(clippy::await_holding_refcell_ref, reason = "as in `mod.rs`")]
impl SemanticLab {
    /// `{ arm, settings?, catalogue? | csv?: { items, interactions } }`: makes catalogue, code-books and recommender.
    pub fn start(options: JsValue) -> JsResult<SemanticLab> {
        let Options { arm, settings, catalogue, csv } = from_js(options)?;
        let config = SemanticConfig::read(&arm, &settings).map_err(border::error)?;
        let catalogue = match csv {
            Some(Csv { items, interactions }) => Catalogue::from_csv(&items, &interactions),
            None => Catalogue::synthetic(&catalogue),
        };
        let run = catalogue.and_then(|catalogue| SemanticRun::start(catalogue, config)).map_err(border::error)?;
        Ok(Self { run: RefCell::new(run), pulse: yielding_pulse() })
    }

    /// Makes the pending method reject with code `cancelled`.
    pub fn cancel(&self) {
        self.pulse.flag().store(true, std::sync::atomic::Ordering::Relaxed);
    }

    fn begin(&self) -> JsResult<RefMut<'_, SemanticRun>> {
        let run = self.run.try_borrow_mut().map_err(|_| {
            border::error(Error::NotReady("the run is busy; wait for the pending operation or cancel it".into()))
        })?;
        self.pulse.reset();
        Ok(run)
    }

    /// The whole settings of the run.
    pub fn config(&self) -> JsResult<JsValue> {
        to_js(self.begin()?.config())
    }

    /// What computes the updates, for people; opened by `first`.
    pub async fn engine(&self) -> JsResult<String> {
        let mut run = self.begin()?;
        run.open().await.map_err(border::error)
    }

    /// What stays as it is: items as points, names.
    pub fn scene(&self) -> JsResult<JsValue> {
        to_js(&self.begin()?.scene())
    }

    /// What changes from epoch to epoch: the codes of every item, the codewords.
    pub fn snapshot(&self) -> JsResult<JsValue> {
        to_js(&self.begin()?.snapshot())
    }

    /// Where things stand before the first epoch, measured as an epoch is.
    pub async fn first(&self) -> JsResult<JsValue> {
        let mut run = self.begin()?;
        to_js(&run.first(&self.pulse).await.map_err(border::error)?)
    }

    /// One epoch and what it is measured by; `on_update(done, total)`.
    pub async fn epoch(&self, on_update: Function) -> JsResult<JsValue> {
        let mut run = self.begin()?;
        let mut report = |done: usize, total: usize| {
            let _ = on_update.call2(&JsValue::NULL, &(done as f64).into(), &(total as f64).into());
        };
        to_js(&run.epoch(&self.pulse, &mut report).await.map_err(border::error)?)
    }

    /// Whether all epochs are done.
    pub fn finished(&self) -> JsResult<bool> {
        Ok(self.begin()?.finished())
    }

    /// Ranks the last item of every user.
    pub async fn test(&self) -> JsResult<JsValue> {
        let run = self.begin()?;
        to_js(&run.evaluate(Fold::Test, 0, &self.pulse).await.map_err(border::error)?)
    }
}
