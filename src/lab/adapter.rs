//! The adapter of a language model: made ready for a run, taken out as Hugging Face PEFT's files, and brought back.
//!
//! Not here: the files (`weights/peft.rs`), how it learns (`engine/`).

use std::collections::BTreeMap;

use super::{Lab, Model};
use crate::engine::Engine as _;
use crate::error::{Error, Result};
use crate::tasks::Split;
use crate::train::config::TrainConfig;
use crate::weights::peft;
use crate::weights::plan::LearningPlan;

/// Questions by whose longest prompt a plan is made.
const PROMPTS: u64 = 32;

impl Lab {
    /// The adapter as `adapter_config.json` and `adapter_model.safetensors`, which PEFT loads.
    ///
    /// # Errors
    /// `not-ready` without a model, `bad-input` where it has no adapter.
    pub async fn adapter_files(&mut self) -> Result<BTreeMap<&'static str, Vec<u8>>> {
        let model = self.model()?;
        let lora = model.engine.lora().ok_or_else(no_adapter)?;
        let params = model.engine.read_params().await?;
        peft::write(model.engine.config(), lora, &params, model.metadata.get("general.name").map(String::as_str))
    }

    /// Puts an adapter from PEFT's two files beside the model's weights; one that was there is replaced, and a run in progress ends.
    ///
    /// # Errors
    /// `not-ready` without a model; `bad-weights` naming the key or tensor at fault; `bad-input` where the engine takes no adapter.
    pub async fn load_adapter(&mut self, about: &str, weights: &[u8]) -> Result<()> {
        let model = self.model()?;
        let (lora, params) = peft::read(model.engine.config(), about, weights)?;
        model.engine.adapt(lora, Some(params), 0).await?;
        (self.run, self.arm) = (None, None);
        Ok(())
    }

    /// What a run by these settings will take of memory beside what thinking takes; nothing for a small model, which learns as a whole.
    ///
    /// # Errors
    /// `not-ready` without a model; `bad-input` for settings of no adapter or an unknown task.
    pub fn learning_plan(&mut self, config: &TrainConfig) -> Result<Option<LearningPlan>> {
        let task = self.own.task(&config.task, config.difficulty)?;
        let model = self.model()?;
        if !model.engine.is_frozen() {
            return Ok(None);
        }
        let lora = config.lora(model.engine.lora())?;
        let mut longest = 0;
        for seed in 0..PROMPTS {
            longest = longest.max(model.tokenizer.prompt(&task.question(Split::Train, seed).prompt)?.len());
        }
        let length = (longest + config.max_length(task.as_ref())).min(model.engine.config().max_position_embeddings);
        Ok(Some(model.engine.learning_plan(&lora, config.generation_batch_size, length)))
    }
}

/// Before a run starts: gives a language model the adapter that the settings ask for, unless one of that shape is there, which goes on.
/// Of a small model, which learns as a whole, refuses such settings.
pub(super) async fn prepare(model: &mut Model, config: &mut TrainConfig) -> Result<()> {
    if model.engine.is_frozen() {
        let own = model.engine.lora().cloned();
        let lora = config.fill_lora(own.as_ref())?;
        if own.as_ref() != Some(&lora) {
            model.engine.adapt(lora, None, config.seed).await?;
        }
        return Ok(());
    }
    match config.names_adapter() {
        true => Err(Error::bad_input(
            "`lora_r`, `lora_alpha` and `lora_target_modules` are a language model's; this model learns as a whole: remove them",
        )),
        false => Ok(()),
    }
}

fn no_adapter() -> Error {
    Error::bad_input("this model has no adapter; train a language model, or load an adapter, first")
}
