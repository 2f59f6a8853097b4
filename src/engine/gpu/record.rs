//! What a step left on the device, read back as decode's step.
//!
//! Not here: what the device is told (`chain.rs`), who wrote the record (`shaders/shared/step.wgsl`).

use super::capacity::SHOWN;
use crate::engine::blend::{LEAST_SHOWN, merged, mixture_entropy};
use crate::engine::chain::{Blending, Drawing, RowRecord, Sampling, StepRecord, Thinking};
use crate::error::{Error, Result};
use crate::math::gumbel::{clamp_noise, gumbel};
use crate::math::noises::Noise;
use crate::math::threefry::Key;

const ANSWERING: u32 = 1;
const FINISHED: u32 = 2;
const SOFT: u32 = 4;
const WINNER_CHANGED: u32 = 8;
const FORCED: u32 = 16;

/// Words before the entries: step, token, flags, entropy of the model and of a vector's weights.
const HEAD: usize = 5;
/// Words of an entry: id, what is stored, log probability.
const ENTRY: usize = 3;

/// Words of a record up to the end of `count` entries.
#[must_use]
pub const fn entries_end(count: usize) -> usize {
    HEAD + ENTRY * count
}

/// The entries of a record.
struct Entries {
    candidates: Vec<u32>,
    stored: Vec<f32>,
    log_probs: Vec<f32>,
}

impl Entries {
    fn read(words: &[u32], count: usize) -> Self {
        let entries = words.chunks_exact(ENTRY).take(count);
        Self {
            candidates: entries.clone().map(|entry| entry[0]).collect(),
            stored: entries.clone().map(|entry| f32::from_bits(entry[1])).collect(),
            log_probs: entries.map(|entry| f32::from_bits(entry[2])).collect(),
        }
    }
}

/// Adds the step of one record to its row; an empty record is a row that rested.
///
/// # Errors
/// `not-finite` when the model's logits were not numbers.
pub fn read<'a>(
    sampling: &Sampling,
    words: &[u32],
    key: Key,
    row: &'a mut RowRecord,
) -> Result<Option<&'a StepRecord>> {
    let [after, token, flags, model_entropy, average_entropy, entries @ ..] = words else { return Ok(None) };
    if *after == 0 {
        return Ok(None);
    }
    let (index, count) = (row.steps.len() as u32, (flags >> 8) as usize);
    let model_entropy = f32::from_bits(*model_entropy);
    if *after != index + 1 || count == 0 || !model_entropy.is_finite() {
        return Err(Error::NotFinite(format!("step {index} of a rollout has logits that are not numbers")));
    }
    row.finished = flags & FINISHED != 0;
    let answering = flags & ANSWERING != 0;
    let entries = Entries::read(entries, count);
    let mut step = match sampling.thinking {
        _ if flags & FORCED != 0 => StepRecord::forced(*token, model_entropy),
        _ if answering => drawn(entries, sampling.answer.temperature == 0.0, key, index),
        Thinking::Tokens | Thinking::Pause(_) => drawn(entries, sampling.truncation.temperature == 0.0, key, index),
        Thinking::Blend(blending) => blend(entries, &blending, key, index),
        Thinking::Draws(drawing) => draws(entries, &drawing),
        Thinking::Vector(_) => {
            let step = average(entries, f32::from_bits(*average_entropy));
            let vector = words.iter().skip(entries_end(SHOWN)).map(|word| f32::from_bits(*word)).collect();
            // As decode has it: the likeliest token, where it ends the thought, is no choice with a probability.
            if flags & SOFT != 0 { StepRecord { vector, ..step } } else { StepRecord { forced: true, ..step } }
        }
    };
    step.token = *token;
    step.answering = answering;
    step.soft = flags & SOFT != 0;
    step.model_entropy = model_entropy;
    step.winner_changed = flags & WINNER_CHANGED != 0 && !step.forced;
    row.steps.push(step);
    Ok(row.steps.last())
}

/// The Gumbel noise of some tokens.
fn gumbels(ids: &[u32], key: Key, index: u32) -> impl Iterator<Item = f64> {
    ids.iter().map(move |id| gumbel(key.uniform(index, *id)))
}

fn drawn(entries: Entries, greedy: bool, key: Key, index: u32) -> StepRecord {
    let noise = gumbels(&entries.candidates, key, index).map(|noise| if greedy { 0.0 } else { noise as f32 });
    StepRecord {
        noise: noise.collect(),
        mixture: (0..entries.candidates.len()).map(|place| if place == 0 { 1.0 } else { 0.0 }).collect(),
        log_probs: entries.log_probs,
        perturbed: entries.stored,
        candidates: entries.candidates,
        ..StepRecord::default()
    }
}

fn blend(entries: Entries, blending: &Blending, key: Key, index: u32) -> StepRecord {
    let noise: Vec<f64> = match blending.noise {
        Noise::Gumbel => {
            let drawn = gumbels(&entries.candidates, key, index);
            drawn.map(|noise| if blending.clamp { clamp_noise(noise) } else { noise }).collect()
        }
        // A sample's distance from its probability; the log is of probability + epsilon, and far below where there is neither.
        Noise::Dirichlet | Noise::Gaussian => (entries.stored.iter().zip(&entries.log_probs))
            .map(|(x, log_prob)| f64::from(*x) - (f64::from(*log_prob).exp() - blending.log_epsilon))
            .collect(),
    };
    let weights = blending.weights(&entries.stored);
    StepRecord {
        noise: noise.into_iter().map(|noise| noise as f32).collect(),
        mixture_entropy: mixture_entropy(&weights),
        mixture: weights,
        log_probs: entries.log_probs,
        perturbed: entries.stored,
        candidates: entries.candidates,
        ..StepRecord::default()
    }
}

fn draws(entries: Entries, drawing: &Drawing) -> StepRecord {
    let weights = drawing.weights(&entries.log_probs.iter().map(|lp| f64::from(*lp).exp()).collect::<Vec<_>>());
    StepRecord {
        mixture_entropy: mixture_entropy(&merged(&entries.candidates, &weights)),
        mixture: weights,
        log_probs: entries.log_probs,
        candidates: entries.candidates,
        ..StepRecord::default()
    }
}

fn average(entries: Entries, mixture_entropy: f32) -> StepRecord {
    StepRecord {
        mixture: entries.log_probs.iter().map(|lp| lp.exp()).collect(),
        log_probs: entries.log_probs.iter().map(|lp| lp.max(LEAST_SHOWN.ln() as f32)).collect(),
        candidates: entries.candidates,
        mixture_entropy,
        ..StepRecord::default()
    }
}
