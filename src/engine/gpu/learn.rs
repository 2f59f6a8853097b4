//! Gradients and updates on the device: forward with everything kept, the host's loss on the log densities, backward, AdamW.
//!
//! Two read-backs an update: the log densities, of which the host makes the loss (each formula stands once, in `math/`), and the
//! gradient's norm. Not here: the lists of dispatches (`calls/backward.rs`).

use super::GpuEngine;
use super::batch::Batch;
use super::calls::{ActionShape, LearnPass, backward_calls, optimizer_calls, train_calls};
use super::capacity::{Capacity, learn_limit};
use super::program::{Call, Task};
use super::recorder::Recorder;
use super::score::{room, unpack};
use super::slots::Slot;
use crate::engine::check::{check, runs};
use crate::engine::{LossGradient, OptimizerConfig, Pulse, Scoring, Sequence, Slopes, UpdateReport};
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
            pulse.at(run.start as f64 / batch.len() as f64).await?;
            let first = run.start;
            self.pass(&batch[run], scoring, &mut |index, densities| loss(first + index, densities)).await?;
        }
        Ok(())
    }

    /// Adds the gradient of some sequences.
    async fn pass(&mut self, sequences: &[Sequence], scoring: &Scoring, loss: &mut LossGradient<'_>) -> Result<()> {
        let packed = Batch::pack(sequences, scoring)?;
        packed.upload(&self.gpu, &self.workspace)?;
        let pass = LearnPass { batch: packed.pass, actions: packed.shape, scoring: *scoring };
        let calls = train_calls(&self.forward, pass);
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Train, &calls).await?;
        let (staging, bytes) = (self.workspace.staging()?, 4 * (packed.pass.wanted * (packed.shape.scores + 1)) as u64);
        let mut recorder = Recorder::new(&self.gpu);
        recorder.run(program, 1);
        recorder.copy(self.workspace.buffer(Slot::Scores)?, staging, bytes);
        recorder.submit();
        let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(&self.gpu.read(staging, bytes).await?);
        let Some(slopes) = slopes(&numbers, sequences, packed.shape, loss) else { return Ok(()) };
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
        self.optimize(&optimizer_calls(&self.forward, optimizer, self.time + 1)).await
    }

    /// Runs the optimizer's list and reads what came of it.
    pub(super) async fn optimize(&mut self, calls: &[Call]) -> Result<UpdateReport> {
        let program = self.programs.ready(&self.gpu, &self.workspace, Task::Optimize, calls).await?;
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

/// The loss's slopes by the log densities read back, as the kernels read them; `None` where nothing pulls and the gradient is 0.
pub(super) fn slopes(
    numbers: &[f32],
    sequences: &[Sequence],
    shape: ActionShape,
    loss: &mut LossGradient<'_>,
) -> Option<Vec<f32>> {
    let (mut packed, mut index, mut pull) = (Vec::with_capacity(numbers.len()), 0, false);
    unpack(numbers, sequences, shape, &mut |densities, _| {
        let own = loss(index, &densities);
        pull |= !own.are_zero();
        pack_slopes(&sequences[index], &own, shape, &mut packed);
        index += 1;
    });
    pull.then_some(packed)
}

/// Appends the slopes of one sequence as the kernels read them, S + 1 numbers an action.
fn pack_slopes(sequence: &Sequence, own: &Slopes, shape: ActionShape, packed: &mut Vec<f32>) {
    let mut densities = own.densities.iter().copied();
    for (index, action) in sequence.actions.iter().enumerate() {
        let end = packed.len() + shape.scores;
        packed.extend(densities.by_ref().take(action.scores()).map(|slope| slope as f32));
        packed.resize(end, 0.0);
        packed.push(own.entropies.get(index).copied().unwrap_or(0.0) as f32);
    }
}
