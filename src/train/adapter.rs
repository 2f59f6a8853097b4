//! Settings of a run on a language model, whose own weights are frozen: the adapter that learns beside them.
//!
//! Not here: what an adapter is (`model/lora.rs`), which other settings are refused (`check.rs`).

use super::config::{Objective, TrainConfig};
use crate::error::{Error, Result};
use crate::model::lora::LoraConfig;

impl TrainConfig {
    /// Whether a key speaks of an adapter.
    #[must_use]
    pub fn names_adapter(&self) -> bool {
        self.lora_r.is_some() || self.lora_alpha.is_some() || self.lora_target_modules.is_some()
    }

    /// The shape of the adapter: absent keys are those of `own`, the adapter that is there, or the defaults (rank 8, alpha twice the rank,
    /// all matrices).
    ///
    /// # Errors
    /// `bad-input` naming the key.
    pub fn lora(&self, own: Option<&LoraConfig>) -> Result<LoraConfig> {
        let r = self.lora_r.or(own.map(|own| own.r)).unwrap_or(LoraConfig::default().r);
        let alpha = self.lora_alpha.or(own.map(|own| own.lora_alpha)).unwrap_or(2.0 * r as f64);
        let targets = self.lora_target_modules.clone().or(own.map(|own| own.target_modules.clone()));
        LoraConfig::new(r, alpha, targets.unwrap_or_else(|| LoraConfig::default().target_modules))
    }

    /// As [`TrainConfig::lora`], for a run on a language model: writes it into the absent keys.
    ///
    /// # Errors
    /// `bad-input` naming the key, also one that asks for what frozen weights cannot do.
    pub fn fill_lora(&mut self, own: Option<&LoraConfig>) -> Result<LoraConfig> {
        if self.objective == Objective::SoftTokens {
            return Err(Error::bad_input(
                "`objective` \"soft_tokens\" needs the embedding table unpacked, which a language model's is not; use \
                 \"soft_grpo\", \"grpo\" or \"multiplex\"",
            ));
        }
        if self.input_gradient {
            let text = "`input_gradient` reaches the embedding table, which is frozen beside an adapter; switch it off";
            return Err(Error::bad_input(text));
        }
        let lora = self.lora(own)?;
        self.lora_r = Some(lora.r);
        self.lora_alpha = Some(lora.lora_alpha);
        self.lora_target_modules = Some(lora.target_modules.clone());
        Ok(lora)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lora::Target;

    #[test]
    fn absent_keys_are_filled_and_contradictions_refused() {
        let read = |json: serde_json::Value| TrainConfig::read(json.as_object().unwrap().clone());
        let mut config = read(serde_json::json!({ "lora_r": 4 })).unwrap();
        assert!(config.names_adapter() && !TrainConfig::default().names_adapter());
        let lora = config.fill_lora(None).unwrap();
        assert_eq!((lora.r, lora.lora_alpha, lora.target_modules.len()), (4, 8.0, 7));
        assert_eq!(config.lora_target_modules, Some(Target::ALL.to_vec()));
        let own = LoraConfig::new(2, 3.0, vec![Target::QProj]).unwrap();
        assert_eq!(TrainConfig::default().fill_lora(Some(&own)).unwrap(), own);
        let bad = |json| read(json).and_then(|mut config| config.fill_lora(None)).unwrap_err().to_string();
        assert!(bad(serde_json::json!({ "lora_r": 0 })).contains("`lora_r`"));
        assert!(bad(serde_json::json!({ "lora_target_modules": ["head"] })).contains("q_proj"));
        assert!(bad(serde_json::json!({ "objective": "soft_tokens" })).contains("soft_tokens"));
        assert!(bad(serde_json::json!({ "input_gradient": true })).contains("input_gradient"));
    }
}
