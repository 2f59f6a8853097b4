//! How long each kernel of the programs that have run takes alone, and what that comes to per second.
//!
//! Not here: kernels with buffers of their own (`launch.rs`), whole updates and rollouts (`lab/bench.rs`).

use serde::Serialize;

use super::GpuEngine;
use super::program::Task;
use super::slots::Slot;
use crate::engine::choose::Clock;
use crate::error::Result;

/// A kernel is repeated in one submit until it has this many operations, or [`MOST`] times.
const OPERATIONS: u64 = 200_000_000;
const MOST: u64 = 64;

/// One kernel with one grid in one program.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KernelTime {
    pub task: Task,
    pub kernel: &'static str,
    /// Workgroups along x and y.
    pub grid: [u32; 2],
    /// How often the program dispatches it.
    pub times: usize,
    /// Milliseconds of one dispatch.
    pub ms: f64,
    /// 1e9 arithmetic operations a second, by the estimate that submits are split by.
    pub gflops: f64,
    /// 1e9 bytes a second, each word counted once.
    pub gb_per_s: f64,
}

impl GpuEngine {
    /// Times every distinct dispatch of the chain, the training pass, the backward and the optimizer, as they last ran. Leaves the
    /// parameters unusable.
    ///
    /// # Errors
    /// Those of the device.
    pub async fn profile(&mut self, clock: Clock) -> Result<Vec<KernelTime>> {
        let mut found: Vec<KernelTime> = Vec::new();
        let idle = self.wait(clock).await?.min(self.wait(clock).await?);
        for task in [Task::Step, Task::Train, Task::Backward, Task::Optimize] {
            for entry in self.programs.entries(task) {
                let (kernel, grid) = (entry.kernel.spec().name, [entry.grid[0], entry.grid[1]]);
                if let Some(known) = found.iter_mut().find(|k| (k.task, k.kernel, k.grid) == (task, kernel, grid)) {
                    known.times += 1;
                    continue;
                }
                let repeats = (OPERATIONS / entry.work.max(1)).clamp(2, MOST);
                let mut best = f64::INFINITY;
                for _ in 0..2 {
                    entry.repeat(&self.gpu, repeats as usize);
                    best = best.min(self.wait(clock).await?);
                }
                let seconds = ((best - idle) / repeats as f64).max(1e-9);
                let (gflops, gb_per_s) = (entry.work as f64 / seconds / 1e9, 4.0 * entry.words as f64 / seconds / 1e9);
                found.push(KernelTime { task, kernel, grid, times: 1, ms: seconds * 1e3, gflops, gb_per_s });
            }
        }
        Ok(found)
    }

    /// Seconds until all that was submitted is done.
    async fn wait(&self, clock: Clock) -> Result<f64> {
        let begun = clock();
        self.copy_out(Slot::State, 4).await?;
        Ok(clock() - begun)
    }
}
