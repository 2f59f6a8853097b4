//! What decode and train call: one trait, and the plain data that crosses it. Shapes use the legend of `model/config.rs`.
//!
//! Not here: how a next input is chosen (`decode/`), what a loss is made of (`math/`, `train/`), the transformer (`cpu/`, `gpu/`).

mod any;
pub mod blend;
pub mod chain;
mod check;
pub mod choose;
pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod language;
pub mod packed;
mod pulse;
mod report;
mod sequence;

pub use any::AnyEngine;
pub use pulse::{Progress, ProgressListener, Pulse, Stage, Yielder};
pub use report::Report;
pub use sequence::{Action, Blends, Scores, Scoring, Sequence, Slopes, VectorScoring};

use self::chain::{ChainRequest, RowRecord, StepRecord};
use crate::error::Result;
use crate::model::config::ModelConfig;

/// The loss, seen from an engine: given a sequence's log densities it returns the loss's slopes.
/// Called once per sequence, in order of completion; it may keep its own sums.
pub type LossGradient<'a> = dyn FnMut(usize, &[f64]) -> Slopes + 'a;

/// Hears of each step of a chain: the row, and what was done there.
pub type StepListener<'a> = dyn FnMut(usize, &StepRecord) + 'a;

/// AdamW with clipping by the global norm.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OptimizerConfig {
    pub learning_rate: f64,
    pub beta1: f64,
    pub beta2: f64,
    pub epsilon: f64,
    pub weight_decay: f64,
    /// The gradient is scaled down to this global L2 norm; 0 switches clipping off.
    pub max_grad_norm: f64,
}

/// What came of one update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpdateReport {
    /// Global L2 norm of the gradient before clipping.
    pub grad_norm: f64,
    /// False when the norm was not finite: the parameters were left as they were.
    pub applied: bool,
}

/// The optimizer's memory, for checkpoints: flat, in the order of `model::params::layout`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptimizerState {
    /// Updates done.
    pub time: usize,
    pub moment_1: Vec<f32>,
    pub moment_2: Vec<f32>,
}

/// Which parameters answer a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    Current,
    /// The frozen copy made by [`Engine::set_reference`].
    Reference,
}

/// A transformer that can decode, score and learn. Async because a browser's GPU is.
#[allow(async_fn_in_trait, reason = "used through generics and one enum only; no caller needs the futures to be Send")]
pub trait Engine {
    /// For people: "CPU (Burn flex)".
    fn name(&self) -> String;

    fn config(&self) -> &ModelConfig;

    /// All parameters, flat, in the order of `model::params::layout`.
    async fn read_params(&self) -> Result<Vec<f32>>;

    /// Replaces all parameters; the optimizer's memory is kept.
    ///
    /// # Errors
    /// `bad-input` when the length is wrong.
    async fn write_params(&mut self, params: &[f32]) -> Result<()>;

    /// Freezes a copy of `params` (or of the current parameters) as the reference policy.
    async fn set_reference(&mut self, params: Option<&[f32]>) -> Result<()>;

    async fn optimizer_state(&self) -> Result<OptimizerState>;

    async fn set_optimizer_state(&mut self, state: OptimizerState) -> Result<()>;

    /// Starts B = prompts × repeats rows (each prompt `repeats` times in a row) that will grow by at most
    /// `room` positions, and returns the next-token logits (B, V). Looks for a cancel on the way where prompts take long.
    ///
    /// # Errors
    /// `bad-input` for an empty prompt, an id outside the vocabulary or too many positions; `cancelled`.
    async fn read_prompts(
        &mut self,
        prompts: &[Vec<u32>],
        repeats: usize,
        room: usize,
        pulse: &Pulse,
    ) -> Result<Vec<f32>>;

    /// [`Engine::read_prompts`] that nothing cancels.
    ///
    /// # Errors
    /// As there.
    async fn prefill(&mut self, prompts: &[Vec<u32>], repeats: usize, room: usize) -> Result<Vec<f32>> {
        self.read_prompts(prompts, repeats, room, &Pulse::default()).await
    }

    /// Appends one input to each living row and returns the next-token logits (B, V).
    async fn decode(&mut self, inputs: &Blends) -> Result<Vec<f32>>;

    /// Lets go of all rows but `rows` (ascending indices into the living ones).
    async fn keep_rows(&mut self, rows: &[usize]) -> Result<()>;

    /// Rolls out whole completions where the engine can do so without the host; `None` where it cannot, and the caller
    /// decodes step by step. `on_step` hears of every step, a chunk at a time.
    ///
    /// # Errors
    /// As [`Engine::prefill`]; `not-finite` when a logit is not a number; `cancelled`.
    async fn run_chain(
        &mut self,
        request: &ChainRequest<'_>,
        pulse: &Pulse,
        on_step: &mut StepListener<'_>,
    ) -> Result<Option<Vec<RowRecord>>>;

    /// Log densities of all actions, without gradients.
    async fn score(&mut self, batch: &[Sequence], scoring: &Scoring, weights: Weights, pulse: &Pulse)
    -> Result<Scores>;

    /// One optimizer step on the gradients that `loss` returns. On an error or a cancel nothing has changed.
    async fn update(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        optimizer: &OptimizerConfig,
        pulse: &Pulse,
    ) -> Result<UpdateReport>;

    /// The gradient that [`Engine::update`] would clip and apply, flat; for `lab verify` and tests.
    async fn gradient(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        loss: &mut LossGradient<'_>,
        pulse: &Pulse,
    ) -> Result<Vec<f32>>;

    /// Logits (T, V) of one sequence of inputs; for `lab verify` and tests.
    async fn logits(&mut self, inputs: &Blends) -> Result<Vec<f32>>;
}
