//! Whole rollouts on the device: prompts, then chains of steps without a word from the host, one read-back a chunk.
//!
//! Not here: what a step decides (`shaders/soft_step.wgsl`), what its record means (`chain.rs`).

use super::GpuEngine;
use super::chain::{RowRecord, Sampling};
use super::forward::{Fill, Forward, Shape};
use super::params::SoftStep;
use super::program::Call;
use super::workspace::Slot;
use crate::engine::Pulse;
use crate::error::{Error, Result};
use crate::math::threefry::Key;

/// Prompts of one forward pass, padded on the right, where causality hides the padding.
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
    let rows = prompts * time;
    let fill = Some(Fill { first, rows: prompts * repeats, repeats });
    let mut calls = vec![forward.embed(Slot::Weights, rows, 1)];
    calls.extend(forward.blocks(Slot::Weights, Shape::Causal { rows, time, fill }));
    calls.push(forward.last_norm_of(Slot::Weights, prompts * repeats, Slot::Last, first));
    calls
}

/// The calls of one decode step: from logits to the next logits.
#[must_use]
pub fn step_calls(forward: &Forward, step: &SoftStep) -> Vec<Call> {
    let rows = step.rows as usize;
    let mut calls = vec![forward.soft_step(step)];
    calls.push(forward.embed(Slot::Weights, rows, step.blend_width as usize));
    calls.extend(forward.blocks(Slot::Weights, Shape::Decode { rows }));
    calls.push(forward.last_norm(Slot::Weights, rows));
    calls.push(forward.head(Slot::Weights, Slot::Hidden, rows));
    calls
}

impl GpuEngine {
    /// Runs the prompts, each `repeats` times in a row, and returns the next-token logits (B, V); `room` more positions
    /// must fit each rollout.
    ///
    /// # Errors
    /// `bad-input` for empty prompts, ids outside the vocabulary or more rows or positions than the capacity has.
    pub async fn prefill(&mut self, prompts: &[Vec<u32>], repeats: usize, room: usize) -> Result<Vec<f32>> {
        self.start(prompts, repeats, room)?;
        let words = prompts.len() * repeats * self.config.vocab_size;
        let bytes = self.copy_out(Slot::Logits, words).await?;
        Ok(bytemuck::pod_collect_to_vec(&bytes))
    }

    /// Rolls out every prompt once for each of its keys. `keys` is row-major (prompts, repeats); row r draws the noise of
    /// `keys[r]`. The same keys give the same rollouts as on the CPU engine, up to rounding.
    ///
    /// # Errors
    /// As [`GpuEngine::prefill`]; `cancelled`; `not-finite` when a logit is not a number.
    pub async fn run_chain(
        &mut self,
        prompts: &[Vec<u32>],
        keys: &[Key],
        sampling: &Sampling,
        pulse: &Pulse,
    ) -> Result<Vec<RowRecord>> {
        sampling.validate(&self.capacity)?;
        if prompts.is_empty() || keys.is_empty() || !keys.len().is_multiple_of(prompts.len()) {
            let (p, k) = (prompts.len(), keys.len());
            return Err(Error::bad_input(format!(
                "a rollout needs the same number of keys for each prompt; got {k} for {p}"
            )));
        }
        pulse.beat().await?;
        self.start(prompts, keys.len() / prompts.len(), sampling.max_steps)?;
        let words: Vec<u32> = keys.iter().flat_map(|key| key.0).collect();
        self.gpu.write(self.workspace.buffer(Slot::RowKeys)?, 0, bytemuck::cast_slice(&words));
        let calls = step_calls(&self.forward, &sampling.params(&self.config, &self.capacity, keys.len()));
        self.programs.step.update(&self.gpu, &calls)?;
        let mut rows = vec![RowRecord::default(); keys.len()];
        let mut done = 0;
        while done < sampling.max_steps && rows.iter().any(|row| !row.finished) {
            pulse.beat().await?;
            let steps = self.capacity.chunk.min(sampling.max_steps - done);
            self.chunk(steps, sampling, keys, &mut rows).await?;
            done += steps;
        }
        Ok(rows)
    }

    /// Runs `steps` steps in one submit and reads their record.
    async fn chunk(&mut self, steps: usize, sampling: &Sampling, keys: &[Key], rows: &mut [RowRecord]) -> Result<()> {
        let record = self.workspace.buffer(Slot::Record)?;
        let width = self.capacity.record_width();
        let bytes = (self.capacity.chunk * keys.len() * width * 4) as u64;
        let mut encoder = self.gpu.encoder();
        encoder.clear_buffer(record.raw(), 0, Some(bytes));
        self.programs.step.record(&self.gpu, &mut encoder, steps);
        encoder.copy_buffer_to_buffer(record.raw(), 0, self.workspace.staging().raw(), 0, bytes);
        self.gpu.submit(encoder);
        let bytes = self.gpu.read(self.workspace.staging(), bytes).await?;
        let words: Vec<u32> = bytemuck::pod_collect_to_vec(&bytes);
        // A chunk begins at slot 0: every one before it was full.
        for slot in words.chunks_exact(keys.len() * width) {
            for ((words, key), row) in slot.chunks_exact(width).zip(keys).zip(&mut *rows) {
                sampling.read(words, *key, row)?;
            }
        }
        Ok(())
    }

    /// Fills caches, states and logits for a rollout.
    fn start(&mut self, prompts: &[Vec<u32>], repeats: usize, room: usize) -> Result<()> {
        let (rows, time) = (prompts.len() * repeats, prompts.iter().map(Vec::len).max().unwrap_or(0));
        self.check_prompts(prompts, rows, time + room)?;
        let together = (self.capacity.tokens / time).min(prompts.len()); // prompts of one pass
        for (index, group) in prompts.chunks(together).enumerate() {
            let pass = PromptPass { prompts: group.len(), time, repeats, first: index * together * repeats };
            let pad =
                |prompt: &Vec<u32>| prompt.iter().copied().chain(std::iter::repeat_n(0, time - prompt.len())).collect();
            let ids: Vec<u32> = group.iter().flat_map(|prompt| -> Vec<u32> { pad(prompt) }).collect();
            let last =
                |(p, prompt): (usize, &Vec<u32>)| std::iter::repeat_n((p * time + prompt.len() - 1) as u32, repeats);
            let wanted: Vec<u32> = group.iter().enumerate().flat_map(last).collect();
            self.gpu.write(self.workspace.buffer(Slot::Ids)?, 0, bytemuck::cast_slice(&ids));
            let shares = vec![1.0_f32; ids.len()];
            self.gpu.write(self.workspace.buffer(Slot::Shares)?, 0, bytemuck::cast_slice(&shares));
            self.gpu.write(self.workspace.buffer(Slot::Rows)?, 0, bytemuck::cast_slice(&wanted));
            self.programs.prompts.update(&self.gpu, &prompt_calls(&self.forward, pass))?;
            let mut encoder = self.gpu.encoder();
            self.programs.prompts.record(&self.gpu, &mut encoder, 1);
            self.gpu.submit(encoder);
        }
        let state: Vec<u32> =
            prompts.iter().flat_map(|prompt| [prompt.len() as u32, 0, 0, 0].repeat(repeats)).collect();
        self.gpu.write(self.workspace.buffer(Slot::State)?, 0, bytemuck::cast_slice(&state));
        self.programs.head.update(&self.gpu, &[self.forward.head(Slot::Weights, Slot::Last, rows)])?;
        let mut encoder = self.gpu.encoder();
        self.programs.head.record(&self.gpu, &mut encoder, 1);
        self.gpu.submit(encoder);
        Ok(())
    }

    fn check_prompts(&self, prompts: &[Vec<u32>], rows: usize, positions: usize) -> Result<()> {
        if rows == 0 || prompts.iter().any(Vec::is_empty) {
            return Err(Error::bad_input("a rollout needs at least one prompt, each of at least one token"));
        }
        let capacity = &self.capacity;
        if rows > capacity.rows || positions > capacity.context {
            return Err(Error::bad_input(format!(
                "{rows} rollouts of {positions} positions do not fit the {} of {} that the GPU engine was made for",
                capacity.rows, capacity.context
            )));
        }
        super::score::check_ids(&self.config, prompts.iter().flatten())
    }
}
