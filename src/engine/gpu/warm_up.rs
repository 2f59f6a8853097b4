//! Before the first use: compiling kernels behind a progress phase, and how fast an adapter multiplies.
//!
//! Not here: single kernels for tests (`launch.rs`).

use super::calls::{
    Forward, LearnPass, PromptPass, backward_calls, batch_calls, decode_calls, optimizer_calls, prompt_calls,
    step_calls, train_calls,
};
use super::capacity::is_large;
use super::chain;
use super::device::Gpu;
use super::kernels::Kernel;
use super::launch::Prepared;
use super::params::Matmul;
use super::program::Call;
use super::slots::Slot;
use super::{Capacity, GpuEngine};
use crate::engine::choose::{Clock, CompileListener};
use crate::engine::{OptimizerConfig, Scoring};
use crate::error::Result;
use crate::math::truncation::Truncation;
use crate::model::config::ModelConfig;

/// Rows and columns of the product that is timed.
const ROWS: usize = 256;
/// Products in one submit.
const TIMES: usize = 8;

impl GpuEngine {
    /// Compiles every kernel that rollouts, scores and updates of this model will use, but for those of vectors, which wait for their first use; `on_compile` hears how many of how many.
    ///
    /// # Errors
    /// `device-lost` with the driver's words.
    pub async fn compile(&mut self, on_compile: &mut CompileListener<'_>) -> Result<()> {
        let kernels = kernels(&self.config, &self.forward);
        for (done, kernel) in kernels.iter().enumerate() {
            on_compile(done, kernels.len());
            self.gpu.compile(*kernel).await?;
        }
        on_compile(kernels.len(), kernels.len());
        Ok(())
    }
}

/// What the lists of dispatches name, each once.
fn kernels(config: &ModelConfig, forward: &Forward) -> Vec<Kernel> {
    let sampling = chain::Sampling {
        truncation: Truncation::NONE,
        answer: Truncation::NONE,
        thinking: chain::Thinking::Tokens,
        stop: chain::StopRule::default(),
        end_think: 0,
        end_answer: 0,
        max_steps: 1,
    };
    let scoring = Scoring { input_gradient: true, ..Scoring::code() };
    let optimizer = OptimizerConfig {
        learning_rate: 0.0,
        beta1: 0.9,
        beta2: 0.9,
        epsilon: 1.0,
        weight_decay: 0.0,
        max_grad_norm: 0.0,
    };
    let one = super::calls::BatchPass { sequences: 1, time: 1, width: 1, wanted: 1, vectors: false };
    let actions = super::calls::ActionShape { width: 1, scores: 1, vectors: false };
    let pass = LearnPass { batch: one, actions, scoring };
    let mut calls: Vec<Call> = prompt_calls(forward, PromptPass { prompts: 1, time: 1, repeats: 1, first: 0 });
    calls.extend(step_calls(forward, &chain::params(&sampling, config, &Capacity::default(), 1), None));
    calls.extend(decode_calls(forward, 1, 1, false));
    calls.extend(batch_calls(forward, Slot::Weights, one));
    if forward.plan().is_none() && !is_large(config) {
        calls.extend(train_calls(forward, pass));
        calls.extend(backward_calls(forward, pass));
        calls.extend(optimizer_calls(forward, &optimizer, 1));
    }
    let mut kernels = Vec::new();
    for call in calls {
        if !kernels.contains(&call.kernel) {
            kernels.push(call.kernel);
        }
    }
    kernels
}

impl Gpu {
    /// Arithmetic operations a second of products (256, D) · (D, D), submits and waiting included: the better of two runs.
    ///
    /// # Errors
    /// Those of the device.
    pub async fn product_rate(&self, width: usize, clock: Clock) -> Result<f64> {
        let width = width.next_multiple_of(4);
        let params = Matmul {
            rows: ROWS as u32,
            columns: width as u32,
            inner: width as u32,
            weight_offset: 0,
            bias_offset: 0,
            has_bias: 0,
            add: 0,
        };
        let (kernel, height) = if self.is_software() { (Kernel::Matmul, 32) } else { (Kernel::MatmulTiled, 64) };
        let grid = [width.div_ceil(64) as u32, ROWS.div_ceil(height) as u32, 1];
        let (a, w) = (vec![0u32; ROWS * width], vec![0u32; width * width]);
        let prepared = Prepared::new(self, kernel, &[&a, &w, &a], bytemuck::bytes_of(&params)).await?;
        prepared.run(self, grid, 1);
        prepared.wait(self).await?;
        let mut best = f64::INFINITY;
        for _ in 0..2 {
            let begun = clock();
            prepared.run(self, grid, TIMES);
            prepared.wait(self).await?;
            best = best.min(clock() - begun);
        }
        Ok((2 * ROWS * width * width * TIMES) as f64 / best.max(1e-6))
    }
}
