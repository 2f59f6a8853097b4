//! A chain of steps between the host's words and the device's: parameters of the step shader, records read back.
//!
//! Not here: the plain data (`engine/chain.rs`), the steps themselves (`rollout.rs`, `shaders/soft_step.wgsl`).

use super::capacity::{Capacity, SHOWN};
use super::params::SoftStep;
pub use crate::engine::chain::{Blending, ChainRequest, RowRecord, Sampling, StepRecord, StopRule, Thinking};
use crate::error::{Error, Result};
use crate::math::gumbel::{LOG_EPSILON, NOISE_MAX, NOISE_MIN, clamp_noise, gumbel, mixture};
use crate::math::threefry::Key;
use crate::math::truncation::Truncation;
use crate::model::config::ModelConfig;

const ANSWERING: u32 = 1;
const FINISHED: u32 = 2;
const SOFT: u32 = 4;
const WINNER_CHANGED: u32 = 8;

/// What `shaders/soft_step.wgsl` is told about a batch of `rows`. Temperature 0 becomes the likeliest token without noise, as decode's draw.
#[must_use]
pub fn params(sampling: &Sampling, config: &ModelConfig, capacity: &Capacity, rows: usize) -> SoftStep {
    let greedy = sampling.truncation.temperature == 0.0;
    let all = Truncation { temperature: 1.0, top_k: 1, top_p: 1.0, min_p: 0.0 };
    let Truncation { temperature, top_k, top_p, min_p } = if greedy { all } else { sampling.truncation };
    let vocabulary = config.vocab_size;
    let pool = if top_k == 0 { vocabulary } else { top_k.min(vocabulary) };
    let soft = blending_of(sampling);
    let blending = soft.unwrap_or(Blending::soft_grpo(1));
    SoftStep {
        rows: rows as u32,
        vocabulary: vocabulary as u32,
        candidates: blending.candidates as u32,
        shown: SHOWN as u32,
        soft: u32::from(soft.is_some()),
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
        end_think: sampling.end_think,
        end_answer: sampling.end_answer,
        max_steps: sampling.max_steps as u32,
        slots: capacity.chunk as u32,
        blend_width: blending.candidates as u32,
        record_width: capacity.record_width() as u32,
    }
}

/// Whether `shaders/soft_step.wgsl` can take these steps.
pub fn supported(sampling: &Sampling) -> bool {
    let plain = sampling.stop == StopRule::default() && sampling.answer == sampling.truncation;
    let known = match sampling.thinking {
        Thinking::Tokens => true,
        Thinking::Blend(b) => {
            b == Blending {
                gumbel_temperature: b.gumbel_temperature,
                noise_scale: b.noise_scale,
                ..Blending::soft_grpo(b.candidates)
            }
        }
        Thinking::Draws(_) | Thinking::Vector(_) => false,
    };
    plain && known
}

fn blending_of(sampling: &Sampling) -> Option<Blending> {
    match sampling.thinking {
        Thinking::Blend(blending) => Some(blending),
        _ => None,
    }
}

/// Adds the step of one record (see [`Capacity::record_width`]) to its row; an empty record is a row that rested.
///
/// # Errors
/// `not-finite` when the model's logits were not numbers.
pub fn read<'a>(
    sampling: &Sampling,
    words: &[u32],
    key: Key,
    row: &'a mut RowRecord,
) -> Result<Option<&'a StepRecord>> {
    let [after, token, flags, entropy, entries @ ..] = words else { return Ok(None) };
    if *after == 0 {
        return Ok(None);
    }
    let (step, count) = (row.steps.len() as u32, (flags >> 8) as usize);
    let model_entropy = f32::from_bits(*entropy);
    if *after != step + 1 || count == 0 || !model_entropy.is_finite() {
        return Err(Error::NotFinite(format!("step {step} of a rollout has logits that are not numbers")));
    }
    let pairs = entries.chunks_exact(2).take(count);
    let candidates: Vec<u32> = pairs.clone().map(|pair| pair[0]).collect();
    let perturbed: Vec<f32> = pairs.map(|pair| f32::from_bits(pair[1])).collect();
    let soft_step = blending_of(sampling).filter(|_| flags & ANSWERING == 0);
    let noise: Vec<f64> = candidates.iter().map(|id| gumbel(key.uniform(step, *id))).collect();
    let (noise, scale): (Vec<f64>, f64) = match &soft_step {
        Some(blending) => (noise.into_iter().map(clamp_noise).collect(), blending.noise_scale),
        None if sampling.truncation.temperature == 0.0 => (vec![0.0; count], 1.0),
        None => (noise, 1.0),
    };
    let weights: Vec<f32> = match &soft_step {
        Some(blending) => {
            let wide: Vec<f64> = perturbed.iter().map(|y| f64::from(*y)).collect();
            mixture(&wide, blending.gumbel_temperature).into_iter().map(|w| w as f32).collect()
        }
        None => (0..count).map(|place| if place == 0 { 1.0 } else { 0.0 }).collect(),
    };
    let wide: Vec<f64> = weights.iter().map(|w| f64::from(*w)).collect();
    row.steps.push(StepRecord {
        answering: flags & ANSWERING != 0,
        token: *token,
        soft: flags & SOFT != 0,
        log_probs: perturbed.iter().zip(&noise).map(|(y, n)| (f64::from(*y) - scale * n) as f32).collect(),
        noise: noise.iter().map(|n| *n as f32).collect(),
        mixture_entropy: crate::math::softmax::entropy(&wide) as f32,
        mixture: weights,
        candidates,
        perturbed,
        winner_changed: flags & WINNER_CHANGED != 0,
        model_entropy,
        ..StepRecord::default()
    });
    row.finished = flags & FINISHED != 0;
    Ok(row.steps.last())
}
