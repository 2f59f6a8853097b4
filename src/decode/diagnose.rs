//! How soft are soft thoughts really? What readers of the papers look for: the weights of blends, whether a blend leads elsewhere than
//! its heaviest token alone, and how far sampled thoughts are from the greedy one.
//!
//! Not here: accuracy (`evaluate.rs`), gradients (`train/`).
//! Source of the measures: Wu et al. 2025, "LLMs are Single-threaded Reasoners", arXiv 2508.03440, §3 (the greedy pitfall).

use serde::Serialize;

use super::policy::Policy;
use super::rollout::{CHUNK, Request, Rollout, rollout};
use super::settings::DiscreteSettings;
use super::step::{Phase, Step};
use crate::engine::blend::merged;
use crate::engine::{Blends, Engine, Pulse};
use crate::error::Result;
use crate::math::divergence::{edit_distance, js_divergence};
use crate::math::softmax::softmax;

/// Bins of a histogram.
pub const BINS: usize = 20;

/// What a diagnosis found. Shares and means are over soft steps unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diagnosis {
    pub rollouts: usize,
    pub soft_steps: usize,
    /// Entropy of the weights, nats.
    pub mixture_entropy: f64,
    /// e to the power of that entropy: how many tokens a blend amounts to.
    pub effective_tokens: f64,
    /// Share of steps whose largest weight exceeds 0.95.
    pub near_one_hot: f64,
    /// Shares of steps by their largest weight: [`BINS`] bins from 0 to 1.
    pub max_weight: Vec<f64>,
    /// Steps of at least two tokens whose next distribution was compared.
    pub probes: usize,
    /// Jensen-Shannon divergence (nats, at most ln 2) of the next distribution after the blend from that after its heaviest token alone.
    pub js_top_1: Option<f64>,
    /// The same from that after its second heaviest token alone.
    pub js_top_2: Option<f64>,
    /// Shares of probes by either divergence: [`BINS`] bins from 0 to ln 2.
    pub js_top_1_bins: Vec<f64>,
    pub js_top_2_bins: Vec<f64>,
    /// Edits between a thought's tokens and those of the greedy thought, over the longer one's length; mean over rollouts.
    pub edit_distance_to_greedy: f64,
}

/// Rolls out `request`, and what its steps were like. `probes`: how many soft steps to try with single tokens in their place, three
/// forward passes each; `on_progress` hears (probes done, probes in all).
///
/// # Errors
/// The engine's, and `cancelled`.
pub async fn diagnose<E: Engine>(
    engine: &mut E,
    request: &Request<'_>,
    probes: usize,
    pulse: &Pulse,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Diagnosis> {
    let rollouts = rollout(engine, request, pulse, &mut |_, _| ()).await?;
    let likeliest = Policy::Discrete(DiscreteSettings { temperature: 0.0, ..DiscreteSettings::default() });
    let greedy = Request { policy: &likeliest, samples: 1, chunk: CHUNK, ..request.clone() };
    let greedy = rollout_tokens(&rollout(engine, &greedy, pulse, &mut |_, _| ()).await?);
    let own = rollout_tokens(&rollouts);
    let distances = own.iter().enumerate().map(|(row, tokens)| {
        let other = &greedy[row / request.samples];
        edit_distance(tokens, other) as f64 / tokens.len().max(other.len()).max(1) as f64
    });
    let mut found = of_steps(rollouts.iter().flat_map(|r| &r.steps).filter(|s| s.soft));
    found.rollouts = rollouts.len();
    found.edit_distance_to_greedy = distances.sum::<f64>() / own.len().max(1) as f64;
    probe(engine, &rollouts, probes, pulse, on_progress, &mut found).await?;
    Ok(found)
}

/// The tokens of each thought.
fn rollout_tokens(rollouts: &[Rollout]) -> Vec<Vec<u32>> {
    let thought = |r: &Rollout| r.steps.iter().filter(|s| s.phase() == Phase::Think).map(|s| s.token).collect();
    rollouts.iter().map(thought).collect()
}

/// What can be read off the record alone.
#[must_use]
pub fn of_steps<'a>(steps: impl Iterator<Item = &'a Step>) -> Diagnosis {
    let mut found = Diagnosis { max_weight: vec![0.0; BINS], ..Diagnosis::default() };
    for step in steps {
        let top = f64::from(top_two(step).first().map_or(1.0, |(_, weight)| *weight));
        found.soft_steps += 1;
        found.mixture_entropy += f64::from(step.mixture_entropy);
        found.effective_tokens += f64::from(step.mixture_entropy).exp();
        found.near_one_hot += f64::from(u8::from(top > 0.95));
        found.max_weight[bin(top)] += 1.0;
    }
    let count = found.soft_steps.max(1) as f64;
    found.mixture_entropy /= count;
    found.effective_tokens /= count;
    found.near_one_hot /= count;
    found.max_weight.iter_mut().for_each(|share| *share /= count);
    found
}

/// The bin of a number between 0 and 1; Gaussian weights may lie outside.
fn bin(value: f64) -> usize {
    ((value * BINS as f64) as usize).min(BINS - 1)
}

/// The two heaviest tokens of a blend with their weights; draws of the same token count together.
fn top_two(step: &Step) -> Vec<(u32, f32)> {
    let mut ids = step.candidates.clone();
    ids.sort_unstable();
    ids.dedup();
    let weights = merged(&step.candidates, &step.mixture); // in the order of ids
    let mut pairs: Vec<(u32, f32)> = ids.into_iter().zip(weights).collect();
    pairs.sort_by(|a, b| b.1.total_cmp(&a.1));
    pairs.truncate(2);
    pairs
}

/// Tries single tokens in the place of blends, at soft steps spread evenly over all rollouts.
async fn probe<E: Engine>(
    engine: &mut E,
    rollouts: &[Rollout],
    probes: usize,
    pulse: &Pulse,
    on_progress: &mut dyn FnMut(usize, usize),
    found: &mut Diagnosis,
) -> Result<()> {
    let places = rollouts.iter().enumerate().flat_map(|(row, r)| {
        let last = r.steps.len().saturating_sub(1); // the last step is not fed
        let two = |s: &Step| s.soft && top_two(s).len() == 2; // draws that all agree are one token
        r.steps.iter().take(last).enumerate().filter(move |(_, s)| two(s)).map(move |(at, _)| (row, at))
    });
    let places: Vec<(usize, usize)> = places.collect();
    let count = probes.min(places.len());
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for index in 0..count {
        pulse.beat().await?;
        let (row, at) = places[index * places.len() / count];
        let step = &rollouts[row].steps[at];
        let inputs = rollouts[row].sequence().inputs;
        let fed = rollouts[row].prompt.len() + at;
        let mut next = [Vec::new(), Vec::new(), Vec::new()];
        let top = top_two(step);
        next[0] = next_distribution(engine, &inputs, fed, None).await?;
        for (place, (id, _)) in top.iter().enumerate() {
            next[place + 1] = next_distribution(engine, &inputs, fed, Some(*id)).await?;
        }
        first.push(js_divergence(&next[0], &next[1]));
        second.push(js_divergence(&next[0], &next[2]));
        on_progress(index + 1, count);
    }
    let mean = |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let bins = |values: &[f64]| {
        let mut bins = vec![0.0; BINS];
        values.iter().for_each(|js| bins[bin(js / std::f64::consts::LN_2)] += 1.0 / values.len() as f64);
        bins
    };
    found.probes = count;
    (found.js_top_1, found.js_top_2) = (mean(&first), mean(&second));
    (found.js_top_1_bins, found.js_top_2_bins) = (bins(&first), bins(&second));
    Ok(())
}

/// The distribution (V) after the inputs up to and including row `last`, that row as it was fed or a token in its place.
async fn next_distribution<E: Engine>(
    engine: &mut E,
    inputs: &Blends,
    last: usize,
    token: Option<u32>,
) -> Result<Vec<f64>> {
    let kept = if token.is_some() { last } else { last + 1 };
    let mut prefix = Blends {
        width: inputs.width,
        dim: inputs.dim,
        ids: inputs.ids[..kept * inputs.width].to_vec(),
        weights: inputs.weights[..kept * inputs.width].to_vec(),
        vectors: inputs.vectors[..kept * inputs.dim].to_vec(),
    };
    token.into_iter().for_each(|id| prefix.push_token(id));
    let vocabulary = engine.config().vocab_size;
    let logits = engine.logits(&prefix).await?;
    let own = &logits[logits.len() - vocabulary..];
    Ok(softmax(&own.iter().map(|z| f64::from(*z)).collect::<Vec<_>>()))
}
