//! What a chain of decode steps is asked for and the record it leaves: plain data, the same as decode's rollouts hold.
//!
//! Not here: who runs the steps (`gpu/rollout.rs`, `decode/rollout.rs`).

use crate::error::{Error, Result};
use crate::math::threefry::Key;
use crate::math::truncation::Truncation;

/// What to roll out: every prompt once for each of its keys.
#[derive(Clone, Copy, Debug)]
pub struct ChainRequest<'a> {
    /// Token ids of the prompts.
    pub prompts: &'a [Vec<u32>],
    /// Row-major (prompts, repeats); row r draws the noise of `keys[r]`.
    pub keys: &'a [Key],
    pub sampling: &'a Sampling,
    /// Steps between two reports, at most: few for a listener, many for speed.
    pub chunk: usize,
}

/// The part of soft thinking that discrete sampling lacks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blending {
    /// K: entries of a blend.
    pub candidates: usize,
    /// Temperature of the softmax over perturbed values.
    pub gumbel_temperature: f64,
    /// Multiplies the noise.
    pub noise_scale: f64,
}

/// How a chain of steps chooses its next inputs and when it stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    pub truncation: Truncation,
    /// Thoughts are blends; without it they are tokens.
    pub blending: Option<Blending>,
    /// The token after which the answer is drawn, discretely.
    pub end_think: u32,
    /// The token that ends a row.
    pub end_answer: u32,
    /// Longest completion, tokens.
    pub max_steps: usize,
}

/// One step of one row, in the terms of decode's `Step` and `SoftStep`.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// Whether it came after `end_think`.
    pub answering: bool,
    /// The token: drawn, or the projection of the blend.
    pub token: u32,
    /// Whether the next input is the blend (true) or the token alone.
    pub soft: bool,
    /// Descending by weight; of a discrete step the drawn token, then the likeliest others.
    pub candidates: Vec<u32>,
    /// Log-probabilities of the candidates, nats.
    pub log_probs: Vec<f32>,
    /// Their Gumbel noise.
    pub noise: Vec<f32>,
    /// log_probs + noise_scale · noise: what the device stored.
    pub perturbed: Vec<f32>,
    /// The weights of the next input.
    pub mixture: Vec<f32>,
    /// Whether the noise made another candidate win than the likeliest one.
    pub winner_changed: bool,
    /// Entropy (nats) of the model's untruncated distribution at temperature 1.
    pub model_entropy: f32,
}

/// All steps of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowRecord {
    pub steps: Vec<StepRecord>,
    /// Whether `end_answer` came within `max_steps`.
    pub finished: bool,
}

impl Sampling {
    /// # Errors
    /// `bad-input` naming the setting, its range and what came.
    pub fn validate(&self) -> Result<()> {
        self.truncation.validate()?;
        let Some(blending) = &self.blending else { return Ok(()) };
        let Blending { candidates, gumbel_temperature, noise_scale } = *blending;
        if candidates == 0 {
            return Err(Error::bad_input("a blend needs at least 1 candidate; got 0"));
        }
        if !(self.truncation.temperature > 0.0 && gumbel_temperature > 0.0 && noise_scale >= 0.0) {
            return Err(Error::bad_input(format!(
                "soft thinking needs temperatures above 0 and a noise scale of at least 0; got {}, {gumbel_temperature} and {noise_scale}",
                self.truncation.temperature
            )));
        }
        Ok(())
    }
}
