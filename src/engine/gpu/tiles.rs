//! Log densities where there is no room for the logits of all positions: a tile of positions at a time, and their gradients.
//!
//! Not here: the states that they are made of (`score.rs`, `learn_beside.rs`), the lists of dispatches (`calls/checkpointed.rs`).

use std::ops::Range;

use super::GpuEngine;
use super::batch::Batch;
use super::calls::{tile_backward_calls, tile_calls};
use super::program::{Call, Task};
use super::recorder::Recorder;
use super::slots::Slot;
use crate::engine::{Pulse, Scoring};
use crate::error::Result;
use crate::weights::plan::LOGITS_TILE;

/// The wanted positions of a batch, a tile at a time.
fn tiles(wanted: usize) -> impl Iterator<Item = Range<usize>> {
    (0..wanted).step_by(LOGITS_TILE).map(move |first| first..wanted.min(first + LOGITS_TILE))
}

fn work(calls: &[Call]) -> u64 {
    calls.iter().map(|call| call.work).sum()
}

impl GpuEngine {
    /// Log densities and entropy (N, S + 1) of all actions, under the policy in `weights`, from the last states in `Slot::X`. One read-back.
    ///
    /// # Errors
    /// `cancelled`; those of the device.
    pub(super) async fn tile_scores(
        &mut self,
        batch: &Batch,
        weights: Slot,
        scoring: &Scoring,
        pulse: &Pulse,
    ) -> Result<Vec<f32>> {
        let task = if weights == Slot::Reference { Task::TileReference } else { Task::Tile };
        let row = 4 * (batch.shape.scores + 1) as u64;
        let mut queued = 0;
        for tile in tiles(batch.pass.wanted) {
            let (first, rows) = (tile.start as u64, tile.len());
            let calls = tile_calls(&self.forward, weights, scoring, rows, batch.shape);
            pulse.tell(tile.start as f64 / batch.pass.wanted as f64);
            self.make_way(&mut queued, work(&calls), pulse).await?;
            batch.upload_tile(&self.gpu, &self.workspace, tile)?;
            let program = self.programs.ready(&self.gpu, &self.workspace, task, &calls).await?;
            let mut recorder = Recorder::new(&self.gpu);
            recorder.run(program, 1);
            let (scores, all) = (self.workspace.buffer(Slot::Scores)?, self.workspace.buffer(Slot::AllScores)?);
            recorder.copy_to(scores, all, row * first, row * rows as u64);
            recorder.submit();
        }
        self.copy_out_f32(Slot::AllScores, batch.pass.wanted * (batch.shape.scores + 1)).await
    }

    /// Adds to `Slot::DX` the gradient by the last states in `Slot::X`, from the slopes (N, S + 1) of all actions.
    ///
    /// # Errors
    /// As [`GpuEngine::tile_scores`].
    pub(super) async fn tile_gradients(
        &mut self,
        batch: &Batch,
        slopes: &[f32],
        scoring: &Scoring,
        pulse: &Pulse,
    ) -> Result<()> {
        let (row, mut queued) = (batch.shape.scores + 1, 0);
        for tile in tiles(batch.pass.wanted) {
            let own = &slopes[row * tile.start..row * tile.end];
            if own.iter().all(|slope| *slope == 0.0) {
                continue;
            }
            let calls = tile_backward_calls(&self.forward, scoring, tile.len(), batch.shape);
            pulse.tell(tile.start as f64 / batch.pass.wanted as f64);
            self.make_way(&mut queued, work(&calls), pulse).await?;
            batch.upload_tile(&self.gpu, &self.workspace, tile)?;
            self.gpu.write(self.workspace.buffer(Slot::Slopes)?, 0, bytemuck::cast_slice(own));
            let program = self.programs.ready(&self.gpu, &self.workspace, Task::TileBackward, &calls).await?;
            let mut recorder = Recorder::new(&self.gpu);
            recorder.run(program, 1);
            recorder.submit();
        }
        Ok(())
    }
}
