//! Gradients and updates on the device: forward with everything kept, the host's loss on the log densities, backward, AdamW.
//!
//! Two read-backs an update: the log densities, of which the host makes the loss (each formula stands once, in `math/`), and the
//! gradient's norm. Not here: the lists of dispatches (`calls/backward.rs`).

use super::GpuEngine;
use super::batch::Batch;
use super::calls::{LearnPass, backward_calls, optimizer_calls, train_calls};
use super::capacity::{Capacity, learn_limit};
use super::program::{Recorder, Task};
use super::score::room;
use super::slots::Slot;
use crate::engine::check::{check, runs};
use crate::engine::{LossGradient, OptimizerConfig, Pulse, Scoring, Sequence, UpdateReport};
use crate::error::Result;
use crate::model::params::count;

impl GpuEngine {
    /// Leaves the gradient of the whole batch in `Slot::Gradient`.
    async fn accumulate(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<()> {
        check(&self.config, batch)?;
        self.unpack().await?;
        let longest = batch.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
        self.forward.check_learnable(longest)?;
        let span = self.forward.span(longest);
        let runs = runs(batch, learn_limit(&self.config, span));
        let need = room(span, batch, &runs);
        self.make_room(&Capacity { learn: need.tokens, ..need }).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.clear(self.workspace.buffer(Slot::Gradient)?, None);
        recorder.submit();
        for run in runs {
            pulse.beat().await?;
            let first = run.start;
            self.pass(&batch[run], scoring, &mut |index, densities| loss(first + index, densities)).await?;
        }
        Ok(())
    }

    /// Adds the gradient of some sequences.
    async fn pass(&mut self, sequences: &[Sequence], scoring: &Scoring, loss: &mut LossGradient<'_>) -> Result<()> {
        let packed = Batch::pack(sequences)?;
        packed.upload(&self.gpu, &self.workspace)?;
        let pass = LearnPass { batch: packed.pass, candidates: packed.candidates, scoring: *scoring };
        let calls = train_calls(&self.forward, pass);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Train, &calls).await?;
        let (staging, bytes) = (self.workspace.staging()?, 8 * packed.pass.wanted as u64);
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.copy(self.workspace.buffer(Slot::Scores)?, staging, bytes);
        recorder.submit();
        let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(&self.gpu.read(staging, bytes).await?);
        let mut densities = numbers.chunks_exact(2).map(|pair| f64::from(pair[0]));
        let mut slopes: Vec<f32> = Vec::with_capacity(packed.pass.wanted);
        for (index, sequence) in sequences.iter().enumerate() {
            let own: Vec<f64> = densities.by_ref().take(sequence.actions.len()).collect();
            slopes.extend(loss(index, &own).densities.into_iter().map(|slope| slope as f32));
        }
        self.gpu.write(self.workspace.buffer(Slot::Slopes)?, 0, bytemuck::cast_slice(&slopes));
        if scoring.input_gradient {
            let (starts, entries) = packed.entries(self.config.vocab_size);
            self.gpu.write(self.workspace.buffer(Slot::Starts)?, 0, bytemuck::cast_slice(&starts));
            self.gpu.write(self.workspace.buffer(Slot::Entries)?, 0, bytemuck::cast_slice(&entries));
        }
        let calls = backward_calls(&self.forward, pass);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Backward, &calls).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.clear(self.workspace.buffer(Slot::DX)?, None);
        recorder.run(program, 1);
        recorder.submit();
        Ok(())
    }

    pub(super) async fn learn(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport> {
        self.accumulate(batch, scoring, loss, pulse).await?;
        let calls = optimizer_calls(&self.forward, optimizer, self.time + 1);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Optimize, &calls).await?;
        let staging = self.workspace.staging()?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.copy(self.workspace.buffer(Slot::Report)?, staging, 8);
        recorder.submit();
        let report: Vec<f32> = bytemuck::pod_collect_to_vec(&self.gpu.read(staging, 8).await?);
        let applied = report[1] != 0.0;
        self.time += usize::from(applied);
        Ok(UpdateReport { grad_norm: f64::from(report[0]), applied })
    }

    pub(super) async fn gradient_of(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        self.accumulate(batch, scoring, loss, pulse).await?;
        self.copy_out_f32(Slot::Gradient, count(&self.config)).await
    }
}
