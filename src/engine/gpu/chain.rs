//! What a chain of decode steps is asked for and the record it leaves: plain data, the same as decode's rollouts hold.
//!
//! Not here: the steps themselves (`rollout.rs`, `shaders/soft_step.wgsl`).

use super::params::SoftStep;
use super::workspace::{Capacity, SHOWN};
use crate::error::{Error, Result};
use crate::math::gumbel::{LOG_EPSILON, NOISE_MAX, NOISE_MIN, clamp_noise, gumbel, mixture};
use crate::math::threefry::Key;
use crate::math::truncation::Truncation;
use crate::model::config::ModelConfig;

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

const ANSWERING: u32 = 1;
const FINISHED: u32 = 2;
const SOFT: u32 = 4;
const WINNER_CHANGED: u32 = 8;

impl Sampling {
    /// # Errors
    /// `bad-input` naming the setting, its range and what came.
    pub fn validate(&self, capacity: &Capacity) -> Result<()> {
        self.truncation.validate()?;
        let Some(blending) = &self.blending else { return Ok(()) };
        let Blending { candidates, gumbel_temperature, noise_scale } = *blending;
        if !(1..=capacity.candidates).contains(&candidates) {
            let most = capacity.candidates;
            return Err(Error::bad_input(format!(
                "a blend of 1 to {most} candidates fits the engine; got {candidates}"
            )));
        }
        if !(self.truncation.temperature > 0.0 && gumbel_temperature > 0.0 && noise_scale >= 0.0) {
            return Err(Error::bad_input(format!(
                "soft thinking needs temperatures above 0 and a noise scale of at least 0; got {}, {gumbel_temperature} and {noise_scale}",
                self.truncation.temperature
            )));
        }
        Ok(())
    }

    /// What `shaders/soft_step.wgsl` is told about a batch of `rows`. Temperature 0 becomes the likeliest token without noise, as decode's draw.
    #[must_use]
    pub fn params(&self, config: &ModelConfig, capacity: &Capacity, rows: usize) -> SoftStep {
        let greedy = self.truncation.temperature == 0.0;
        let all = Truncation { temperature: 1.0, top_k: 1, top_p: 1.0, min_p: 0.0 };
        let Truncation { temperature, top_k, top_p, min_p } = if greedy { all } else { self.truncation };
        let vocabulary = config.vocab_size;
        let pool = if top_k == 0 { vocabulary } else { top_k.min(vocabulary) };
        let blending = self.blending.unwrap_or(Blending { candidates: 1, gumbel_temperature: 1.0, noise_scale: 0.0 });
        SoftStep {
            rows: rows as u32,
            vocabulary: vocabulary as u32,
            candidates: blending.candidates as u32,
            shown: SHOWN as u32,
            soft: u32::from(self.blending.is_some()),
            pool: pool as u32,
            temperature: temperature as f32,
            top_p: top_p as f32,
            min_p: min_p as f32,
            gumbel_temperature: blending.gumbel_temperature as f32,
            noise_scale: blending.noise_scale as f32,
            discrete_noise: if greedy { 0.0 } else { 1.0 },
            log_epsilon: LOG_EPSILON as f32,
            noise_min: NOISE_MIN as f32,
            noise_max: NOISE_MAX as f32,
            end_think: self.end_think,
            end_answer: self.end_answer,
            max_steps: self.max_steps as u32,
            slots: capacity.chunk as u32,
            blend_width: blending.candidates as u32,
            record_width: capacity.record_width() as u32,
        }
    }

    /// Adds the step of one record (see [`Capacity::record_width`]) to its row; an empty record is a row that rested.
    ///
    /// # Errors
    /// `not-finite` when the model's logits were not numbers.
    pub fn read(&self, words: &[u32], key: Key, row: &mut RowRecord) -> Result<()> {
        let [after, token, flags, entropy, entries @ ..] = words else { return Ok(()) };
        if *after == 0 {
            return Ok(());
        }
        let (step, count) = (row.steps.len() as u32, (flags >> 8) as usize);
        let model_entropy = f32::from_bits(*entropy);
        if *after != step + 1 || count == 0 || !model_entropy.is_finite() {
            return Err(Error::NotFinite(format!("step {step} of a rollout has logits that are not numbers")));
        }
        let pairs = entries.chunks_exact(2).take(count);
        let candidates: Vec<u32> = pairs.clone().map(|pair| pair[0]).collect();
        let perturbed: Vec<f32> = pairs.map(|pair| f32::from_bits(pair[1])).collect();
        let soft_step = self.blending.filter(|_| flags & ANSWERING == 0);
        let noise: Vec<f64> = candidates.iter().map(|id| gumbel(key.uniform(step, *id))).collect();
        let (noise, scale): (Vec<f64>, f64) = match &soft_step {
            Some(blending) => (noise.into_iter().map(clamp_noise).collect(), blending.noise_scale),
            None if self.truncation.temperature == 0.0 => (vec![0.0; count], 1.0),
            None => (noise, 1.0),
        };
        let weights = match &soft_step {
            Some(blending) => {
                let wide: Vec<f64> = perturbed.iter().map(|y| f64::from(*y)).collect();
                mixture(&wide, blending.gumbel_temperature)
            }
            None => (0..count).map(|place| if place == 0 { 1.0 } else { 0.0 }).collect(),
        };
        row.steps.push(StepRecord {
            answering: flags & ANSWERING != 0,
            token: *token,
            soft: flags & SOFT != 0,
            log_probs: perturbed.iter().zip(&noise).map(|(y, n)| (f64::from(*y) - scale * n) as f32).collect(),
            noise: noise.iter().map(|n| *n as f32).collect(),
            mixture: weights.into_iter().map(|w| w as f32).collect(),
            candidates,
            perturbed,
            winner_changed: flags & WINNER_CHANGED != 0,
            model_entropy,
        });
        row.finished = flags & FINISHED != 0;
        Ok(())
    }
}
