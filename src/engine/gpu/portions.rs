//! Long lists of dispatches in portions, between which the host waits for the device: a cancel waits for one portion, and the device's
//! queue never holds minutes of work.
//!
//! Not here: submits short enough for a watchdog (`program.rs`), of which a portion has several.

use super::GpuEngine;
use super::program::{Call, Task};
use super::recorder::Recorder;
use super::slots::Slot;
use crate::engine::Pulse;
use crate::error::Result;

/// Submits of one portion: under a second on the slowest adapters, and on a GPU more than most lists have.
const SUBMITS: u64 = 4;

impl GpuEngine {
    /// Runs a list once. What its last portion did is awaited by whoever reads next.
    ///
    /// # Errors
    /// `cancelled`; those of the device.
    pub(super) async fn run_in_portions(&mut self, task: Task, calls: &[Call], pulse: &Pulse) -> Result<()> {
        self.programs.ready(&self.gpu, &self.workspace, task, calls).await?;
        let program = self.programs.made(task)?;
        let mut first = 0;
        while first < program.len() {
            pulse.at(first as f64 / program.len() as f64).await?;
            let end = program.portion(first, self.portion());
            let mut recorder = Recorder::new(&self.gpu);
            recorder.run_part(program, first..end);
            recorder.submit();
            if end < program.len() {
                self.settle().await?;
            }
            first = end;
        }
        Ok(())
    }

    /// Waits where more than a portion is queued: `queued` operations, of which the next `more` will be part.
    ///
    /// # Errors
    /// `cancelled`; those of the device.
    pub(super) async fn make_way(&self, queued: &mut u64, more: u64, pulse: &Pulse) -> Result<()> {
        pulse.beat().await?;
        *queued += more;
        if *queued > self.portion() {
            self.settle().await?;
            pulse.beat().await?;
            *queued = more;
        }
        Ok(())
    }

    /// Operations that a cancel may wait for.
    fn portion(&self) -> u64 {
        SUBMITS * self.gpu.work_per_submit()
    }

    /// Steps of these calls that a cancel may wait for, at most `most`.
    pub(super) fn steps_of_portion(&self, calls: &[Call], most: usize) -> usize {
        let step = calls.iter().map(|call| call.work).sum::<u64>().max(1);
        most.min((self.portion() / step) as usize).max(1)
    }

    /// Waits until everything submitted is done.
    async fn settle(&self) -> Result<()> {
        self.copy_out(Slot::State, 1).await.map(|_| ())
    }
}
