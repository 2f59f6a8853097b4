//! Whole passes: prompts, decode steps, scored batches.
//!
//! Not here: the layers (`forward.rs`), the pass that keeps what the backward needs (`backward.rs`).

use super::forward::{Fill, Forward, Rows, Shape};
use super::product::Store;
use crate::engine::chain::Averaging;
use crate::engine::gpu::capacity::SHOWN;
use crate::engine::gpu::kernels::Kernel;
use crate::engine::gpu::params::{AddVectors, SoftStep, VectorNoise};
use crate::engine::gpu::program::Call;
use crate::engine::gpu::record::entries_end;
use crate::engine::gpu::slots::Slot;

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
    let mut calls = forward.embed(Slot::Weights, shape.rows, 1);
    calls.extend(forward.blocks(Slot::Weights, Rows::Sequences(shape, fill)));
    let gather = Some((Slot::Last, first));
    calls.push(forward.rms_norm(Slot::Weights, forward.tensors.norm, prompts * repeats, gather));
    calls
}

/// From inputs to the next logits: blends of `width` entries, and vectors where there are any.
#[must_use]
pub fn decode_calls(forward: &Forward, rows: usize, width: usize, vectors: bool) -> Vec<Call> {
    let mut calls = forward.embed(Slot::Weights, rows, width);
    calls.extend(vectors.then(|| forward.add_rows([Slot::Added, Slot::X], rows)));
    calls.extend(to_logits(forward, rows));
    calls
}

/// From `Slot::X` of the newest positions to their logits.
fn to_logits(forward: &Forward, rows: usize) -> Vec<Call> {
    let mut calls = forward.blocks(Slot::Weights, Rows::New(rows));
    calls.push(forward.rms_norm(Slot::Weights, forward.tensors.norm, rows, None));
    calls.extend(forward.head(Slot::Weights, Slot::Hidden, rows));
    calls
}

/// The calls of one step of a chain: from logits to the next logits. `averaging` where thoughts are vectors.
#[must_use]
pub fn step_calls(forward: &Forward, step: &SoftStep, averaging: Option<&Averaging>) -> Vec<Call> {
    let (rows, width) = (step.rows as usize, step.blend_width as usize);
    let mut calls = forward.soft_step(step);
    calls.extend(forward.embed(Slot::Weights, rows, width));
    if let Some(averaging) = averaging {
        // A row whose input is a vector has no weight on any token.
        let (marks, to) = ((Slot::Shares, width, 0.0_f32.to_bits()), (Slot::X, Store::Add));
        calls.extend(forward.mean_embeddings(Slot::Weights, averaging.temperature, rows, marks, to));
        calls.push(forward.vector_noise(step, averaging));
    }
    calls.extend(to_logits(forward, rows));
    calls
}

impl Forward {
    /// Rows of the residual stream (M, D) added to those of another slot.
    pub(super) fn add_rows(&self, [from, to]: [Slot; 2], rows: usize) -> Call {
        let width = self.config.hidden_size;
        let params = AddVectors { width: width as u32, rows: rows as u32 };
        Call::new(Kernel::AddVectors, &[from, to], &params, [width.div_ceil(64), rows])
            .with_work(rows * width, 3 * rows * width)
    }

    /// X (B, D) += noise in the rows whose input is a vector, which is recorded.
    fn vector_noise(&self, step: &SoftStep, averaging: &Averaging) -> Call {
        let dim = self.config.hidden_size;
        let params = VectorNoise {
            rows: step.rows,
            dim: dim as u32,
            deviation: averaging.deviation as f32,
            slots: step.slots,
            record_width: step.record_width,
            record_offset: entries_end(SHOWN) as u32,
        };
        let buffers = [Slot::Shares, Slot::RowKeys, Slot::State, Slot::X, Slot::Record];
        let rows = step.rows as usize;
        Call::new(Kernel::VectorNoise, &buffers, &params, [dim.div_ceil(64), rows])
            .with_work(200 * rows * dim, 3 * rows * dim)
    }

    /// The inputs of whole sequences → X (M, D).
    pub(super) fn inputs(&self, weights: Slot, pass: BatchPass) -> Vec<Call> {
        let rows = pass.sequences * pass.time;
        let mut calls = self.embed(weights, rows, pass.width);
        calls.extend(pass.vectors.then(|| self.add_rows([Slot::Added, Slot::X], rows)));
        calls
    }
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
    /// Whether inputs may be vectors.
    pub vectors: bool,
}

/// From blends to the logits of the wanted positions.
#[must_use]
pub fn batch_calls(forward: &Forward, weights: Slot, pass: BatchPass) -> Vec<Call> {
    let mut calls = hidden_calls(forward, weights, pass);
    calls.extend(wanted_calls(forward, weights, pass.wanted));
    calls
}

/// From blends to `Slot::X` of all positions.
#[must_use]
pub fn hidden_calls(forward: &Forward, weights: Slot, pass: BatchPass) -> Vec<Call> {
    let BatchPass { sequences, time, .. } = pass;
    let mut calls = forward.inputs(weights, pass);
    calls.extend(forward.blocks(weights, Rows::Sequences(Shape { rows: sequences * time, time }, None)));
    calls
}

/// From `Slot::X` to the logits of the positions that `Slot::Rows` names.
#[must_use]
pub fn wanted_calls(forward: &Forward, weights: Slot, wanted: usize) -> Vec<Call> {
    let mut calls = vec![forward.rms_norm(weights, forward.tensors.norm, wanted, Some((Slot::Hidden, 0)))];
    calls.extend(forward.head(weights, Slot::Hidden, wanted));
    calls
}
