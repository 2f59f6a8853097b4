//! What a step left on the device, read back as decode's step.
//!
//! Not here: what the device is told (`chain.rs`), who wrote the record (`shaders/shared/step.wgsl`).

use super::capacity::SHOWN;
use crate::engine::chain::{Blending, RowRecord, Sampling, StepRecord, Thinking};
use crate::error::{Error, Result};
use crate::math::gumbel::{clamp_noise, gumbel, mixture};
use crate::math::noises::{Noise, sample_mixture};
use crate::math::softmax::entropy;
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
        Thinking::Tokens => drawn(entries, sampling.truncation.temperature == 0.0, key, index),
        Thinking::Blend(blending) => blend(entries, &blending, key, index),
        Thinking::Draws(drawing) => draws(entries, drawing.weighted),
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
    let wide: Vec<f64> = entries.stored.iter().map(|y| f64::from(*y)).collect();
    let (noise, weights): (Vec<f64>, Vec<f64>) = match blending.noise {
        Noise::Gumbel => {
            let drawn = gumbels(&entries.candidates, key, index);
            let noise = drawn.map(|noise| if blending.clamp { clamp_noise(noise) } else { noise });
            (noise.collect(), mixture(&wide, blending.gumbel_temperature))
        }
        Noise::Dirichlet | Noise::Gaussian => {
            // The log is of probability + epsilon, and far below where there is neither.
            let prob = |log_prob: &f32| f64::from(*log_prob).exp() - blending.log_epsilon;
            let noise = wide.iter().zip(&entries.log_probs).map(|(x, log_prob)| x - prob(log_prob));
            (noise.collect(), sample_mixture(&wide))
        }
    };
    let weights: Vec<f32> = weights.into_iter().map(|w| w as f32).collect();
    StepRecord {
        noise: noise.into_iter().map(|noise| noise as f32).collect(),
        mixture_entropy: nats(&weights),
        mixture: weights,
        log_probs: entries.log_probs,
        perturbed: entries.stored,
        candidates: entries.candidates,
        ..StepRecord::default()
    }
}

fn draws(entries: Entries, weighted: bool) -> StepRecord {
    let masses: Vec<f64> =
        entries.log_probs.iter().map(|lp| if weighted { f64::from(*lp).exp() } else { 1.0 }).collect();
    let total: f64 = masses.iter().sum();
    let weights: Vec<f32> = masses.into_iter().map(|mass| (mass / total) as f32).collect();
    let mut tokens = std::collections::BTreeMap::<u32, f32>::new(); // draws of the same token are one in the input
    entries.candidates.iter().zip(&weights).for_each(|(id, weight)| *tokens.entry(*id).or_default() += weight);
    StepRecord {
        mixture_entropy: nats(&tokens.into_values().collect::<Vec<_>>()),
        mixture: weights,
        log_probs: entries.log_probs,
        candidates: entries.candidates,
        ..StepRecord::default()
    }
}

fn average(entries: Entries, mixture_entropy: f32) -> StepRecord {
    let least = 1e-30_f64.ln() as f32; // as decode's vector_step
    StepRecord {
        mixture: entries.log_probs.iter().map(|lp| f64::from(*lp).exp() as f32).collect(),
        log_probs: entries.log_probs.iter().map(|lp| lp.max(least)).collect(),
        candidates: entries.candidates,
        mixture_entropy,
        ..StepRecord::default()
    }
}

/// Entropy of the weights of a blend; Gaussian ones may be negative.
fn nats(weights: &[f32]) -> f32 {
    entropy(&weights.iter().map(|w| f64::from(w.max(0.0))).collect::<Vec<_>>()) as f32
}
