//! A way to think: its settings checked for sense, and the plan of steps they amount to.
//!
//! Not here: the settings (`settings.rs`), their names and how they are read (`preset.rs`), what is done with them (`step.rs`).

use serde::Serialize;

pub use super::settings::{AnswerSettings, DiscreteSettings, MultiplexSettings, SoftSettings, SoftTokensSettings};
use crate::engine::chain::{Averaging, Drawing, Pausing, Sampling, StopRule, Thinking};
use crate::error::{Error, Result};
use crate::math::noises::Noise;
use crate::math::truncation::Truncation;
use crate::text::Marks;

/// A way to think. In JSON: the name of a preset, an object whose `kind` is one of these, or an object with `preset` and own keys.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Policy {
    Discrete(DiscreteSettings),
    Soft(SoftSettings),
    SoftTokens(SoftTokensSettings),
    Multiplex(MultiplexSettings),
}

impl Policy {
    /// # Errors
    /// `bad-input` naming the key, its range and what came.
    pub fn validate(&self, vocabulary: usize) -> Result<()> {
        let greedy_is_fine = matches!(self, Self::Discrete(_));
        truncation_in_range("", &self.truncation(), if greedy_is_fine { 0.0 } else { 0.01 }, vocabulary)?;
        truncation_in_range("answer.", &self.answer(), 0.0, vocabulary)?;
        match self {
            Self::Discrete(d) => in_range("pause_length", d.pause_length as f64, 0.0, 4096.0),
            Self::Soft(s) => {
                in_range("gumbel_temperature", s.gumbel_temperature, 1e-4, 100.0)?;
                in_range("noise_scale", s.noise_scale, 0.0, 10.0)?;
                in_range("log_epsilon", s.log_epsilon, 0.0, 0.1)?;
                in_range("dirichlet_alpha", s.dirichlet_alpha, 1e-3, 1e6)?;
                in_range("cold_stop_entropy", s.cold_stop_entropy, 0.0, 100.0)?;
                if s.noise_before_top_k && s.noise != Noise::Dirichlet {
                    return Err(Error::bad_input("`noise_before_top_k` needs `noise` \"dirichlet\""));
                }
                count_in_range("soft_top_k", s.soft_top_k, 2, vocabulary.min(64), "use the discrete policy")
            }
            Self::SoftTokens(s) => {
                in_range("temperature", s.temperature, 1e-6, 100.0)?;
                in_range("embedding_noise", s.embedding_noise, 0.0, 100.0)
            }
            Self::Multiplex(s) => {
                count_in_range("multiplex_width", s.multiplex_width, 1, 16, "use the discrete policy")
            }
        }
    }

    /// How thoughts are truncated before they are drawn or blended; soft tokens are not.
    #[must_use]
    pub fn truncation(&self) -> Truncation {
        let (temperature, top_k, top_p, min_p) = match self {
            Self::Discrete(d) => (d.temperature, d.top_k, d.top_p, d.min_p),
            Self::Soft(s) => (s.temperature, s.top_k, s.top_p, s.min_p),
            Self::Multiplex(m) => (m.temperature, m.top_k, m.top_p, m.min_p),
            Self::SoftTokens(_) => return Truncation::NONE,
        };
        Truncation { temperature, top_k, top_p, min_p }
    }

    /// How answers are drawn.
    #[must_use]
    pub fn answer(&self) -> Truncation {
        let answer = match self {
            Self::Discrete(d) => d.answer,
            Self::Soft(s) => s.answer,
            Self::Multiplex(m) => m.answer,
            Self::SoftTokens(s) => s.answer,
        };
        let own = |a: AnswerSettings| {
            let AnswerSettings { temperature, top_k, top_p, min_p } = a;
            Truncation { temperature, top_k, top_p, min_p }
        };
        answer.map_or(self.truncation(), own)
    }

    /// Whether the inputs of a thought are anything but tokens.
    #[must_use]
    pub fn is_soft(&self) -> bool {
        !matches!(self, Self::Discrete(_))
    }

    /// γ, where the noise is on the embedding.
    #[must_use]
    pub fn embedding_noise(&self) -> Option<f64> {
        match self {
            Self::SoftTokens(s) => Some(s.embedding_noise),
            _ => None,
        }
    }

    /// The plan of a chain of steps. `deviation`: σ, in the unit of the embedding, where the noise is on it.
    #[must_use]
    pub fn sampling(&self, marks: Marks, max_steps: usize, deviation: f64) -> Sampling {
        let limit = |max_thought| StopRule { max_thought, ..StopRule::default() };
        let (thinking, stop) = match self {
            Self::Discrete(d) if d.pause_length > 0 => {
                let pausing = Pausing { length: d.pause_length, token: marks.pad };
                (Thinking::Pause(pausing), limit(d.max_thought_length))
            }
            Self::Discrete(d) => (Thinking::Tokens, limit(d.max_thought_length)),
            Self::Multiplex(m) => {
                let drawing = Drawing { draws: m.multiplex_width, weighted: m.weighted };
                (Thinking::Draws(drawing), limit(m.max_thought_length))
            }
            Self::SoftTokens(s) => {
                let averaging = Averaging { temperature: s.temperature, deviation };
                (Thinking::Vector(averaging), limit(s.max_thought_length))
            }
            Self::Soft(s) => (Thinking::Blend(s.blending()), s.stop()),
        };
        Sampling {
            truncation: self.truncation(),
            answer: self.answer(),
            thinking,
            stop,
            end_think: marks.end_think,
            end_answer: marks.end_answer,
            max_steps,
        }
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

fn count_in_range(key: &str, value: usize, least: usize, most: usize, else_: &str) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::bad_input(format!("`{key}` must be {least} to {most}; got {value}. For one token a step {else_}")))
}

fn truncation_in_range(prefix: &str, t: &Truncation, least: f64, vocabulary: usize) -> Result<()> {
    in_range(&format!("{prefix}temperature"), t.temperature, least, 100.0)?;
    in_range(&format!("{prefix}top_p"), t.top_p, 1e-3, 1.0)?;
    in_range(&format!("{prefix}min_p"), t.min_p, 0.0, 1.0)?;
    if t.top_k <= vocabulary {
        return Ok(());
    }
    let top_k = t.top_k;
    Err(Error::bad_input(format!("`{prefix}top_k` must be 0 (all) to {vocabulary}, the vocabulary; got {top_k}")))
}
