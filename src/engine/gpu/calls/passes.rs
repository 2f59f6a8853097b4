//! Whole passes: prompts, decode steps, scored batches.
//!
//! Not here: the layers (`forward.rs`), the pass that keeps what the backward needs (`backward.rs`).

use super::NO_MASK;
use super::forward::{Fill, Forward, Rows, Shape};
use crate::engine::Scoring;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{LogDensity, SoftStep};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;
use crate::math::gumbel::{NOISE_MAX, NOISE_MIN};

/// Prompts of one forward pass.
#[derive(Clone, Copy, Debug, Default)]
pub struct PromptPass {
    /// Prompts of this pass.
    pub prompts: usize,
    /// T: the longest prompt of the rollout.
    pub time: usize,
    /// Rollouts of each prompt.
    pub repeats: usize,
    /// The first rollout of this pass.
    pub first: usize,
}

/// The calls of one pass over prompts; the last states of their rollouts gather in `Slot::Last`.
#[must_use]
pub fn prompt_calls(forward: &Forward, pass: PromptPass) -> Vec<Call> {
    let PromptPass { prompts, time, repeats, first } = pass;
    let shape = Shape { rows: prompts * time, time };
    let fill = Some(Fill { first, rows: prompts * repeats, repeats });
    let mut calls = vec![forward.embed(Slot::Weights, shape.rows, 1)];
    calls.extend(forward.blocks(Slot::Weights, Rows::Sequences(shape, fill)));
    let gather = Some((Slot::Last, first));
    calls.push(forward.rms_norm(Slot::Weights, forward.tensors.norm, prompts * repeats, gather));
    calls
}

/// From blends of `width` entries to the next logits.
#[must_use]
pub fn decode_calls(forward: &Forward, rows: usize, width: usize) -> Vec<Call> {
    let mut calls = vec![forward.embed(Slot::Weights, rows, width)];
    calls.extend(forward.blocks(Slot::Weights, Rows::New(rows)));
    calls.push(forward.rms_norm(Slot::Weights, forward.tensors.norm, rows, None));
    calls.push(forward.head(Slot::Weights, Slot::Hidden, rows));
    calls
}

/// The calls of one step of a chain: from logits to the next logits.
#[must_use]
pub fn step_calls(forward: &Forward, step: &SoftStep) -> Vec<Call> {
    let mut calls = vec![forward.soft_step(step)];
    calls.extend(decode_calls(forward, step.rows as usize, step.blend_width as usize));
    calls
}

/// The sizes of one forward pass over padded sequences.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchPass {
    /// Sequences.
    pub sequences: usize,
    /// T: the longest of them.
    pub time: usize,
    /// Entries of their blends.
    pub width: usize,
    /// Positions whose distributions are wanted.
    pub wanted: usize,
}

/// From blends to the logits of the wanted positions.
#[must_use]
pub fn batch_calls(forward: &Forward, weights: Slot, pass: BatchPass) -> Vec<Call> {
    let BatchPass { sequences, time, width, wanted } = pass;
    let shape = Shape { rows: sequences * time, time };
    let mut calls = vec![forward.embed(weights, shape.rows, width)];
    calls.extend(forward.blocks(weights, Rows::Sequences(shape, None)));
    calls.push(forward.rms_norm(weights, forward.tensors.norm, wanted, Some((Slot::Hidden, 0))));
    calls.push(forward.head(weights, Slot::Hidden, wanted));
    calls
}

/// From logits to log densities; soft actions have `candidates` candidates.
#[must_use]
pub fn density_call(forward: &Forward, scoring: &Scoring, actions: usize, candidates: usize) -> Call {
    let vocabulary = forward.config.vocab_size;
    let params = LogDensity {
        actions: actions as u32,
        vocabulary: vocabulary as u32,
        candidates: candidates as u32,
        temperature: scoring.temperature as f32,
        clamp_noise: u32::from(scoring.density.clamp),
        noise_min: NOISE_MIN as f32,
        noise_max: NOISE_MAX as f32,
        mask: scoring.density.mask.map_or(NO_MASK, |mask| mask as f32),
        mean: u32::from(scoring.density.mean),
        log_epsilon: scoring.density.log_epsilon as f32,
    };
    let buffers = [Slot::Logits, Slot::Actions, Slot::Perturbed, Slot::Scores];
    let call = if forward.plain {
        Call::new(Kernel::LogDensityPlain, &buffers, &params, [actions.div_ceil(16), 1])
    } else {
        Call::new(Kernel::LogDensity, &buffers, &params, [actions, 1])
    };
    call.with_work(10 * actions * vocabulary, actions * vocabulary)
}
