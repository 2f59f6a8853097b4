//! Log densities of actions over whole sequences, and logits, without gradients.
//!
//! Not here: the formulas (`shaders/log_density.wgsl`).

use super::GpuEngine;
use super::batch::{Batch, width};
use super::calls::{ActionShape, Frozen, batch_calls, density_calls, hidden_calls, wanted_calls};
use super::capacity::{Capacity, MAX_GROUPS, beside_limit, is_large};
use super::program::Task;
use super::recorder::Recorder;
use super::slots::Slot;
use crate::engine::check::{check, no_reference, no_vectors, runs};
use crate::engine::{Action, Blends, Pulse, Scores, Scoring, Sequence, Weights};
use crate::error::Result;
use crate::weights::plan::LOGITS_TILE;

/// Positions of one pass of scoring: more make more passes.
const SCORE_TOKENS: usize = if cfg!(target_family = "wasm") { 8192 } else { 32_768 };

/// Room for the padded sequences of every run, whose attention takes `span`.
pub fn room(span: usize, batch: &[Sequence], runs: &[std::ops::Range<usize>]) -> Capacity {
    let longest = |sequences: &[Sequence]| sequences.iter().map(|s| s.inputs.rows()).max().unwrap_or(1);
    let tokens = runs.iter().map(|run| longest(&batch[run.clone()]) * run.len()).max().unwrap_or(1);
    let widths = batch.iter().flat_map(|s| s.actions.iter().map(width).chain([s.inputs.width]));
    let vectors = batch.iter().any(|s| s.inputs.dim > 0) || has_vectors(batch);
    Capacity { tokens, candidates: widths.max().unwrap_or(1), vectors, span, ..Capacity::default() }
}

/// Whether some actions are vectors.
pub fn has_vectors(batch: &[Sequence]) -> bool {
    batch.iter().flat_map(|s| &s.actions).any(|action| matches!(action, Action::Vector(_)))
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
        let (slot, task) = self.policy(weights)?;
        let (in_tiles, longest) = (self.in_tiles(), batch.iter().map(|s| s.inputs.rows()).max().unwrap_or(0));
        if has_vectors(batch) {
            if in_tiles {
                return Err(no_vectors());
            }
            self.unpack().await?; // their mean embedding is a product with the flat table
        }
        let span = self.forward.span(longest);
        let limit = match in_tiles {
            true => beside_limit(&self.config, span, self.beside_room, self.gpu.largest()),
            false => SCORE_TOKENS.max(self.capacity.tokens).min(MAX_GROUPS),
        };
        let runs = runs(batch, limit);
        let need = room(span, batch, &runs);
        self.make_room(&Capacity { tile: if in_tiles { LOGITS_TILE } else { 0 }, ..need }).await?;
        let mut scores = Scores::default();
        for run in runs {
            let pulse = pulse.share(&run, batch.len());
            pulse.at(0.0).await?;
            let sequences = &batch[run];
            let packed = Batch::pack(sequences, scoring)?;
            let numbers = match in_tiles {
                true => self.scores_in_tiles(&packed, (slot, task), scoring, &pulse).await?,
                false => self.scores_at_once(&packed, (slot, task), scoring).await?,
            };
            unpack(&numbers, sequences, packed.shape, &mut |densities, entropies| {
                scores.log_densities.push(densities);
                scores.entropies.push(entropies);
            });
        }
        Ok(scores)
    }

    /// Whether there is no room for the logits of all positions, or none is made: beside frozen weights.
    fn in_tiles(&self) -> bool {
        is_large(&self.config) || self.is_frozen()
    }

    /// Log densities and entropy (N, S + 1) of all actions.
    async fn scores_at_once(
        &mut self,
        packed: &Batch,
        (slot, task): (Slot, Task),
        scoring: &Scoring,
    ) -> Result<Vec<f32>> {
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
        Ok(bytemuck::pod_collect_to_vec(&self.gpu.read(staging, bytes).await?))
    }

    /// The same, a tile of positions at a time.
    async fn scores_in_tiles(
        &mut self,
        packed: &Batch,
        (slot, task): (Slot, Task),
        scoring: &Scoring,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        packed.upload_inputs(&self.gpu, &self.workspace)?;
        let calls = hidden_calls(&self.forward, slot, packed.pass);
        self.run_in_portions(task, &calls, &pulse.part(0.0, 0.85)).await?; // about
        self.tile_scores(packed, slot, scoring, &pulse.part(0.85, 1.0)).await
    }

    fn policy(&self, weights: Weights) -> Result<(Slot, Task)> {
        let frozen = match self.is_frozen() {
            true => self.forward.adapter().is_some_and(|beside| beside.reference != Frozen::Missing),
            false => self.workspace.buffer(Slot::Reference).is_ok(),
        };
        match weights {
            Weights::Current => Ok((Slot::Weights, Task::Score)),
            Weights::Reference if frozen => Ok((Slot::Reference, Task::Reference)),
            Weights::Reference => Err(no_reference()),
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
