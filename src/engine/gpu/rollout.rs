//! Whole rollouts on the device: prompts, then chains of steps without a word from the host, one read-back a chunk.
//!
//! Not here: what a step decides (`shaders/soft_step.wgsl`), what its record means (`chain.rs`).

use super::calls::{PromptPass, prompt_calls, step_calls};
use super::capacity::{Capacity, MAX_GROUPS};
use super::chain::{ChainRequest, RowRecord};
use super::params::SoftStep;
use super::program::Task;
use super::recorder::Recorder;
use super::slots::Slot;
use super::{GpuEngine, chain};
use crate::engine::check::check_ids;
use crate::engine::{Pulse, StepListener};
use crate::error::{Error, Result};

/// Most steps between two read-backs: a cancel waits for one chunk.
const MAX_CHUNK: usize = 64;

impl GpuEngine {
    /// Rolls out every prompt once for each of its keys. The same keys give the same rollouts as on the CPU engine, up to rounding.
    pub(super) async fn chain(
        &mut self,
        request: &ChainRequest<'_>,
        pulse: &Pulse,
        on_step: &mut StepListener<'_>,
    ) -> Result<Vec<RowRecord>> {
        let ChainRequest { prompts, keys, sampling, chunk, ending } = *request;
        sampling.validate()?;
        if prompts.is_empty() || keys.is_empty() || !keys.len().is_multiple_of(prompts.len()) {
            let (p, k) = (prompts.len(), keys.len());
            return Err(Error::bad_input(format!(
                "a rollout needs the same number of keys for each prompt; got {k} for {p}"
            )));
        }
        pulse.beat().await?;
        let chunk = chunk.clamp(1, MAX_CHUNK).min(sampling.max_steps.max(1));
        self.make_room(&chain::need(sampling, chunk)).await?;
        self.start(prompts, keys.len() / prompts.len(), sampling.max_steps, pulse).await?;
        let mut words: Vec<u32> = keys.iter().flat_map(|key| key.0).collect();
        words.extend_from_slice(ending.fed()); // in pairs, behind the keys
        self.gpu.write(self.workspace.buffer(Slot::RowKeys)?, 0, bytemuck::cast_slice(&words));
        let fed = ending.fed().len() as u32;
        let calls = |engine: &Self, need: &Capacity| {
            let step = SoftStep { fed, ..chain::params(sampling, &engine.config, need, keys.len()) };
            step_calls(&engine.forward, &step, chain::averaging_of(sampling))
        };
        let chunk = self.steps_of_portion(&calls(self, &chain::need(sampling, chunk)), chunk);
        let need = chain::need(sampling, chunk);
        let (width, calls) = (need.record_width(&self.config), calls(self, &need));
        let mut rows = vec![RowRecord::default(); keys.len()];
        let mut done = 0;
        while done < sampling.max_steps && rows.iter().any(|row| !row.finished) {
            pulse.beat().await?;
            let steps = chunk.min(sampling.max_steps - done);
            let words = self.chunk(&calls, steps, chunk * keys.len() * width).await?;
            // A chunk begins at slot 0: every one before it was full.
            for slot in words.chunks_exact(keys.len() * width) {
                for (index, ((words, key), row)) in slot.chunks_exact(width).zip(keys).zip(&mut rows).enumerate() {
                    if let Some(step) = chain::read(sampling, words, *key, row)? {
                        on_step(index, step);
                    }
                }
            }
            done += steps;
        }
        Ok(rows)
    }

    /// Runs `steps` steps in one submit and reads their record, `words` long.
    async fn chunk(&mut self, calls: &[super::program::Call], steps: usize, words: usize) -> Result<Vec<u32>> {
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Step, calls).await?;
        let (record, staging) = (self.workspace.buffer(Slot::Record)?, self.workspace.staging()?);
        let bytes = 4 * words as u64;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.clear(record, Some(bytes));
        recorder.run(program, steps);
        recorder.copy(record, staging, bytes);
        recorder.submit();
        Ok(bytemuck::pod_collect_to_vec(&self.gpu.read(staging, bytes).await?))
    }

    /// Fills caches, states and logits for a rollout.
    pub(super) async fn start(
        &mut self,
        prompts: &[Vec<u32>],
        repeats: usize,
        room: usize,
        pulse: &Pulse,
    ) -> Result<()> {
        let (rows, time) = (prompts.len() * repeats, prompts.iter().map(Vec::len).max().unwrap_or(0));
        if rows == 0 || prompts.iter().any(Vec::is_empty) {
            return Err(Error::bad_input("a rollout needs at least one prompt, each of at least one token"));
        }
        let (positions, most) = (time + room, self.config.max_position_embeddings);
        if rows > MAX_GROUPS || positions > most {
            return Err(Error::bad_input(format!(
                "{rows} rollouts of {positions} positions do not fit: at most {MAX_GROUPS} run side by side, and the model has \
                 {most} positions; ask for fewer or shorter ones"
            )));
        }
        check_ids(&self.config, prompts.iter().flatten())?;
        let need = Capacity { rows, context: positions, ..Capacity::default() };
        self.make_room(&need).await?;
        self.alive.clear();
        let together = (self.capacity.tokens / time).min(prompts.len()); // prompts of one pass
        for (index, group) in prompts.chunks(together).enumerate() {
            let pass = PromptPass { prompts: group.len(), time, repeats, first: index * together * repeats };
            let pad = |prompt: &[u32]| [prompt, &vec![0; time - prompt.len()]].concat();
            let ids: Vec<u32> = group.iter().flat_map(|prompt| pad(prompt)).collect();
            let last =
                |(p, prompt): (usize, &Vec<u32>)| std::iter::repeat_n((p * time + prompt.len() - 1) as u32, repeats);
            let wanted: Vec<u32> = group.iter().enumerate().flat_map(last).collect();
            self.gpu.write(self.workspace.buffer(Slot::Ids)?, 0, bytemuck::cast_slice(&ids));
            let shares = vec![1.0_f32; ids.len()];
            self.gpu.write(self.workspace.buffer(Slot::Shares)?, 0, bytemuck::cast_slice(&shares));
            self.gpu.write(self.workspace.buffer(Slot::Rows)?, 0, bytemuck::cast_slice(&wanted));
            self.run_in_portions(Task::Prompts, &prompt_calls(&self.forward, pass), pulse).await?;
        }
        let state: Vec<u32> =
            prompts.iter().flat_map(|prompt| [prompt.len() as u32, 0, 0, 0].repeat(repeats)).collect();
        self.gpu.write(self.workspace.buffer(Slot::State)?, 0, bytemuck::cast_slice(&state));
        let calls = self.forward.head(Slot::Weights, Slot::Last, rows);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Head, &calls).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.submit();
        Ok(())
    }
}
