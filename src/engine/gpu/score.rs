//! Log densities of actions over whole sequences, and logits, without gradients.
//!
//! Not here: the formulas (`shaders/log_density.wgsl`).

use super::GpuEngine;
use super::batch::Batch;
use super::calls::{batch_calls, density_call};
use super::capacity::{Capacity, MAX_GROUPS};
use super::program::{Recorder, Task};
use super::slots::Slot;
use crate::engine::check::{check, runs};
use crate::engine::{Blends, Pulse, Scores, Scoring, Sequence, Weights};
use crate::error::{Error, Result};

/// Positions of one pass of scoring: more make more passes.
const SCORE_TOKENS: usize = if cfg!(target_family = "wasm") { 8192 } else { 32_768 };

/// Room for the padded sequences of every run, whose attention takes `span`.
pub fn room(span: usize, batch: &[Sequence], runs: &[std::ops::Range<usize>]) -> Capacity {
    let longest = |sequences: &[Sequence]| sequences.iter().map(|s| s.inputs.rows()).max().unwrap_or(1);
    let tokens = runs.iter().map(|run| longest(&batch[run.clone()]) * run.len()).max().unwrap_or(1);
    let widths = batch.iter().flat_map(|s| {
        let soft = s.actions.iter().map(|action| match action {
            crate::engine::Action::Soft { candidates, .. } => candidates.len(),
            _ => 1,
        });
        soft.chain([s.inputs.width])
    });
    Capacity { tokens, candidates: widths.max().unwrap_or(1), span, ..Capacity::default() }
}

impl GpuEngine {
    pub(super) async fn score_batch(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        weights: Weights,
        pulse: &Pulse,
    ) -> Result<Scores> {
        check(&self.config, batch)?;
        let (slot, task) = self.policy(weights)?;
        let limit = SCORE_TOKENS.max(self.capacity.tokens).min(MAX_GROUPS);
        let runs = runs(batch, limit);
        let longest = batch.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
        self.make_room(&room(self.forward.span(longest), batch, &runs)).await?;
        let mut scores = Scores::default();
        for run in runs {
            pulse.beat().await?;
            let sequences = &batch[run];
            let packed = Batch::pack(sequences)?;
            packed.upload(&self.gpu, &self.workspace)?;
            let mut calls = batch_calls(&self.forward, slot, packed.pass);
            calls.push(density_call(&self.forward, scoring, packed.pass.wanted, packed.candidates));
            let program = self.programs.ready(&self.gpu, &self.workspace, task, &calls).await?;
            let bytes = 8 * packed.pass.wanted as u64;
            let staging = self.workspace.staging()?;
            let mut recorder = Recorder::new(&self.gpu);
            recorder.run(program, 1);
            recorder.copy(self.workspace.buffer(Slot::Scores)?, staging, bytes);
            recorder.submit();
            let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(&self.gpu.read(staging, bytes).await?);
            let mut pairs = numbers.chunks_exact(2).map(|pair| (f64::from(pair[0]), f64::from(pair[1])));
            for sequence in sequences {
                let (densities, entropies) = pairs.by_ref().take(sequence.actions.len()).unzip();
                scores.log_densities.push(densities);
                scores.entropies.push(entropies);
            }
        }
        Ok(scores)
    }

    fn policy(&self, weights: Weights) -> Result<(Slot, Task)> {
        match weights {
            Weights::Current => Ok((Slot::Weights, Task::Score)),
            Weights::Reference if self.workspace.buffer(Slot::Reference).is_ok() => {
                Ok((Slot::Reference, Task::Reference))
            }
            Weights::Reference => {
                Err(Error::NotReady("no reference policy was frozen; call set_reference before training starts".into()))
            }
        }
    }

    pub(super) async fn logits_of(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        let sequence = Sequence { inputs: inputs.clone(), first: 0, actions: vec![crate::engine::Action::Token(0)] };
        let batch = [sequence];
        check(&self.config, &batch)?;
        self.make_room(&room(self.forward.span(inputs.rows()), &batch, std::slice::from_ref(&(0..1)))).await?;
        let packed = Batch::of_inputs(inputs);
        packed.upload(&self.gpu, &self.workspace)?;
        let calls = batch_calls(&self.forward, Slot::Weights, packed.pass);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Batch, &calls).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.submit();
        self.copy_out_f32(Slot::Logits, packed.pass.wanted * self.config.vocab_size).await
    }
}
