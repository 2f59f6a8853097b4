//! Log densities of actions over whole sequences, and logits, without gradients.
//!
//! Not here: the formulas (`shaders/log_density.wgsl`).

use super::GpuEngine;
use super::batch::{Batch, width};
use super::calls::{ActionShape, batch_calls, density_calls, hidden_calls, wanted_calls};
use super::capacity::{Capacity, MAX_GROUPS, MAX_VOCABULARY, is_large};
use super::program::{Recorder, Task};
use super::slots::Slot;
use crate::engine::check::{check, runs};
use crate::engine::{Action, Blends, Pulse, Scores, Scoring, Sequence, Weights};
use crate::error::{Error, Result};

/// Positions of one pass of scoring: more make more passes.
const SCORE_TOKENS: usize = if cfg!(target_family = "wasm") { 8192 } else { 32_768 };

/// Room for the padded sequences of every run, whose attention takes `span`.
pub fn room(span: usize, batch: &[Sequence], runs: &[std::ops::Range<usize>]) -> Capacity {
    let longest = |sequences: &[Sequence]| sequences.iter().map(|s| s.inputs.rows()).max().unwrap_or(1);
    let tokens = runs.iter().map(|run| longest(&batch[run.clone()]) * run.len()).max().unwrap_or(1);
    let widths = batch.iter().flat_map(|s| s.actions.iter().map(width).chain([s.inputs.width]));
    let is_vector = |action: &Action| matches!(action, Action::Vector(_));
    let vectors = batch.iter().any(|s| s.inputs.dim > 0 || s.actions.iter().any(is_vector));
    Capacity { tokens, candidates: widths.max().unwrap_or(1), vectors, span, ..Capacity::default() }
}

/// The log densities (nats) and entropies that the device left (N, S + 1), sequence by sequence.
pub fn unpack(numbers: &[f32], sequences: &[Sequence], shape: ActionShape, each: &mut dyn FnMut(Vec<f64>, Vec<f64>)) {
    let mut rows = numbers.chunks_exact(shape.scores + 1);
    for sequence in sequences {
        let (mut densities, mut entropies) = (Vec::new(), Vec::new());
        for (action, row) in sequence.actions.iter().zip(rows.by_ref()) {
            let own = if *action == Action::Forced { &[0.0] } else { &row[..action.scores()] };
            densities.extend(own.iter().map(|density| f64::from(*density)));
            entropies.push(f64::from(row[shape.scores]));
        }
        each(densities, entropies);
    }
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
        if is_large(&self.config) {
            let found = self.config.vocab_size;
            return Err(Error::bad_input(format!(
                "the GPU engine scores vocabularies of up to {MAX_VOCABULARY} tokens; got {found}"
            )));
        }
        let (slot, task) = self.policy(weights)?;
        if batch.iter().flat_map(|s| &s.actions).any(|action| matches!(action, Action::Vector(_))) {
            self.unpack().await?; // their mean embedding is a product with the flat table
        }
        let limit = SCORE_TOKENS.max(self.capacity.tokens).min(MAX_GROUPS);
        let runs = runs(batch, limit);
        let longest = batch.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
        self.make_room(&room(self.forward.span(longest), batch, &runs)).await?;
        let mut scores = Scores::default();
        for run in runs {
            pulse.beat().await?;
            let sequences = &batch[run];
            let packed = Batch::pack(sequences, scoring)?;
            packed.upload(&self.gpu, &self.workspace)?;
            let mut calls = batch_calls(&self.forward, slot, packed.pass);
            calls.extend(density_calls(&self.forward, slot, scoring, packed.pass.wanted, packed.shape));
            let program = self.programs.ready(&self.gpu, &self.workspace, task, &calls).await?;
            let bytes = 4 * (packed.pass.wanted * (packed.shape.scores + 1)) as u64;
            let staging = self.workspace.staging()?;
            let mut recorder = Recorder::new(&self.gpu);
            recorder.run(program, 1);
            recorder.copy(self.workspace.buffer(Slot::Scores)?, staging, bytes);
            recorder.submit();
            let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(&self.gpu.read(staging, bytes).await?);
            unpack(&numbers, sequences, packed.shape, &mut |densities, entropies| {
                scores.log_densities.push(densities);
                scores.entropies.push(entropies);
            });
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
        let sequence = Sequence { inputs: inputs.clone(), first: 0, actions: vec![Action::Token(0)] };
        let batch = [sequence];
        check(&self.config, &batch)?;
        self.make_room(&room(self.forward.span(inputs.rows()), &batch, std::slice::from_ref(&(0..1)))).await?;
        let packed = Batch::of_inputs(inputs);
        packed.upload(&self.gpu, &self.workspace)?;
        if is_large(&self.config) {
            return self.logits_in_stretches(&packed).await;
        }
        let calls = batch_calls(&self.forward, Slot::Weights, packed.pass);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Batch, &calls).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.submit();
        self.copy_out_f32(Slot::Logits, packed.pass.wanted * self.config.vocab_size).await
    }

    /// Large vocabularies have room for the logits of as many positions as there are rows.
    async fn logits_in_stretches(&mut self, batch: &Batch) -> Result<Vec<f32>> {
        let calls = hidden_calls(&self.forward, Slot::Weights, batch.pass);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Batch, &calls).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.submit();
        let positions: Vec<u32> = (0..batch.pass.wanted as u32).collect();
        let mut logits = Vec::new();
        for stretch in positions.chunks(self.capacity.rows) {
            self.gpu.write(self.workspace.buffer(Slot::Rows)?, 0, bytemuck::cast_slice(stretch));
            let calls = wanted_calls(&self.forward, Slot::Weights, stretch.len());
            let program = self.programs.ready(&self.gpu, &self.workspace, Task::Stretch, &calls).await?;
            let mut recorder = Recorder::new(&self.gpu);
            recorder.run(program, 1);
            recorder.submit();
            logits.extend(self.copy_out_f32(Slot::Logits, stretch.len() * self.config.vocab_size).await?);
        }
        Ok(logits)
    }
}
