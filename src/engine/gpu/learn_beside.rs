//! Gradients and updates of an adapter beside frozen weights: forward to the last states, log densities a tile at a time, the host's loss
//! on them, back through the tiles and the layers, AdamW.
//!
//! Not here: models that learn as a whole (`learn.rs`), the lists of dispatches (`calls/checkpointed.rs`).

use super::GpuEngine;
use super::batch::Batch;
use super::calls::{Optimized, checkpoint_backward_calls, checkpoint_calls, optimize_calls};
use super::capacity::{Capacity, beside_limit};
use super::learn::slopes;
use super::program::Task;
use super::recorder::Recorder;
use super::score::{has_vectors, room};
use super::slots::Slot;
use crate::engine::check::{check, check_frozen, no_vectors, runs};
use crate::engine::{LossGradient, OptimizerConfig, Pulse, Scoring, Sequence, UpdateReport};
use crate::error::Result;
use crate::weights::plan::LOGITS_TILE;

/// Shares of a pass, about: when its forward is through, then its log densities, then their gradients.
const FORWARD: f64 = 0.2;
const SCORED: f64 = 0.25;
const BACKWARD: f64 = 0.35;

impl GpuEngine {
    /// Leaves the adapter's gradient of the whole batch in `Slot::AdapterGradient`.
    async fn accumulate_beside(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<()> {
        check(&self.config, batch)?;
        check_frozen(scoring)?;
        self.adapter()?;
        if has_vectors(batch) {
            return Err(no_vectors());
        }
        let longest = batch.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
        self.forward.check_learnable(longest)?;
        let span = self.forward.span(longest);
        let runs = runs(batch, beside_limit(&self.config, span, self.beside_room, self.gpu.largest()));
        let need = room(span, batch, &runs);
        self.make_room(&Capacity { beside: need.tokens, tile: LOGITS_TILE, ..need }).await?;
        let mut recorder = Recorder::new(&self.gpu);
        recorder.clear(self.workspace.buffer(Slot::AdapterGradient)?, None);
        recorder.submit();
        for run in runs {
            let (first, pulse) = (run.start, pulse.share(&run, batch.len()));
            self.pass_beside(&batch[run], scoring, &mut |index, densities| loss(first + index, densities), &pulse)
                .await?;
        }
        Ok(())
    }

    /// Adds the gradient of some sequences.
    async fn pass_beside(
        &mut self,
        sequences: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<()> {
        let packed = Batch::pack(sequences, scoring)?;
        packed.upload_inputs(&self.gpu, &self.workspace)?;
        let calls = checkpoint_calls(&self.forward, packed.pass);
        let mut recorder = Recorder::new(&self.gpu);
        recorder.clear(self.workspace.buffer(Slot::Input(0))?, None);
        recorder.submit();
        self.run_in_portions(Task::Train, &calls, &pulse.part(0.0, FORWARD)).await?;
        let numbers = self.tile_scores(&packed, Slot::Weights, scoring, &pulse.part(FORWARD, SCORED)).await?;
        let Some(slopes) = slopes(&numbers, sequences, packed.shape, loss) else { return Ok(()) };
        let mut recorder = Recorder::new(&self.gpu);
        recorder.clear(self.workspace.buffer(Slot::DX)?, None);
        recorder.submit();
        self.tile_gradients(&packed, &slopes, scoring, &pulse.part(SCORED, BACKWARD)).await?;
        let calls = checkpoint_backward_calls(&self.forward, packed.pass);
        self.run_in_portions(Task::Backward, &calls, &pulse.part(BACKWARD, 1.0)).await
    }

    pub(super) async fn learn_beside(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport> {
        self.accumulate_beside(batch, scoring, loss, pulse).await?;
        let adapter = Optimized {
            weights: Slot::Adapter,
            gradient: Slot::AdapterGradient,
            moment1: Slot::Moment1,
            moment2: Slot::Moment2,
            partial: Slot::Partial,
            report: Slot::Report,
            fours: self.adapter_count()?.div_ceil(4),
        };
        let report = self.optimize(&optimize_calls(&adapter, optimizer, self.time + 1)).await?;
        self.adapter_off &= !report.applied;
        Ok(report)
    }

    pub(super) async fn gradient_beside(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        self.accumulate_beside(batch, scoring, loss, pulse).await?;
        self.copy_out_f32(Slot::AdapterGradient, self.adapter_count()?).await
    }
}
