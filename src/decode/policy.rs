//! How to think: the settings of discrete and soft decoding, with the defaults of the paper, checked for sense.
//!
//! Not here: what is done with them (`discrete.rs`, `soft.rs`).

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::math::truncation::Truncation;

/// Ordinary sampling of one token at a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DiscreteSettings {
    /// Logits are divided by this; 0 takes the most likely token.
    pub temperature: f64,
    /// Keep this many tokens; 0 keeps all.
    pub top_k: usize,
    /// Keep the smallest set with at least this mass.
    pub top_p: f64,
    /// Drop tokens below this share of the most likely one.
    pub min_p: f64,
}

impl Default for DiscreteSettings {
    /// The discrete baseline's training settings: the model's own distribution (softgrpo: T 1, top_p 1, top_k −1).
    fn default() -> Self {
        Self { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0 }
    }
}

/// Soft thinking with Gumbel noise, then a discrete answer drawn with the same temperature and truncation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SoftSettings {
    pub temperature: f64,
    pub top_k: usize,
    pub top_p: f64,
    pub min_p: f64,
    /// K: entries of a blend.
    pub soft_top_k: usize,
    /// τ: temperature of the softmax over perturbed values; small is nearly one-hot.
    pub gumbel_temperature: f64,
    /// Multiplies the noise; 0 is deterministic. The log density assumes 1.
    pub noise_scale: f64,
}

impl Default for SoftSettings {
    /// The paper's settings (SofT-GRPO, table 8).
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_k: 5,
            top_p: 0.95,
            min_p: 0.0,
            soft_top_k: 5,
            gumbel_temperature: 0.1,
            noise_scale: 1.0,
        }
    }
}

/// A way to think. In JSON: `"soft"`, `"discrete"`, or an object whose `kind` is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Policy {
    Discrete(DiscreteSettings),
    Soft(SoftSettings),
}

impl Policy {
    /// # Errors
    /// `bad-input` naming the key, its range and what came.
    pub fn validate(&self, vocabulary: usize) -> Result<()> {
        let t = self.truncation();
        let greedy_is_fine = matches!(self, Self::Discrete(_));
        let least = if greedy_is_fine { 0.0 } else { 0.01 };
        in_range("temperature", t.temperature, least, 100.0)?;
        in_range("top_p", t.top_p, 1e-3, 1.0)?;
        in_range("min_p", t.min_p, 0.0, 1.0)?;
        if t.top_k > vocabulary {
            return Err(Error::bad_input(format!(
                "`top_k` must be 0 (all) to {vocabulary}, the vocabulary; got {}",
                t.top_k
            )));
        }
        if let Self::Soft(s) = self {
            in_range("gumbel_temperature", s.gumbel_temperature, 1e-4, 100.0)?;
            in_range("noise_scale", s.noise_scale, 0.0, 10.0)?;
            if !(2..=vocabulary.min(64)).contains(&s.soft_top_k) {
                let most = vocabulary.min(64);
                return Err(Error::bad_input(format!(
                    "`soft_top_k` must be 2 to {most}; got {}. For one token a step use the discrete policy",
                    s.soft_top_k
                )));
            }
        }
        Ok(())
    }

    /// The part both kinds share.
    #[must_use]
    pub fn truncation(&self) -> Truncation {
        let (temperature, top_k, top_p, min_p) = match self {
            Self::Discrete(d) => (d.temperature, d.top_k, d.top_p, d.min_p),
            Self::Soft(s) => (s.temperature, s.top_k, s.top_p, s.min_p),
        };
        Truncation { temperature, top_k, top_p, min_p }
    }

    /// Whether thoughts are blends.
    #[must_use]
    pub fn is_soft(&self) -> bool {
        matches!(self, Self::Soft(_))
    }
}

/// # Errors
/// `bad-input` naming `key` and its range; NaN is outside every range.
pub fn in_range(key: &str, value: f64, least: f64, most: f64) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::bad_input(format!("`{key}` must be {least} to {most}; got {value}")))
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        from_value(value).map_err(D::Error::custom)
    }
}

fn from_value(value: Value) -> std::result::Result<Policy, String> {
    let (kind, settings) = match value {
        Value::String(kind) => (kind, Value::Object(serde_json::Map::new())),
        Value::Object(mut object) => match object.remove("kind") {
            Some(Value::String(kind)) => (kind, Value::Object(object)),
            _ => return Err("a policy object needs `kind`: \"soft\" or \"discrete\"".into()),
        },
        other => return Err(format!("a policy is \"soft\", \"discrete\" or an object with `kind`; got {other}")),
    };
    fn parse<T: DeserializeOwned>(kind: &str, settings: Value) -> std::result::Result<T, String> {
        serde_json::from_value(settings).map_err(|e| format!("policy \"{kind}\": {e}"))
    }
    match kind.as_str() {
        "soft" => Ok(Policy::Soft(parse("soft", settings)?)),
        "discrete" => Ok(Policy::Discrete(parse("discrete", settings)?)),
        other => Err(format!("unknown policy \"{other}\"; known are \"soft\" and \"discrete\"")),
    }
}
