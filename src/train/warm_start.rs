//! Supervised learning of worked chains, so that reinforcement has something to do.
//!
//! A careless teacher's chains slip with a set probability; the model that imitates them knows how, and errs in many
//! ways. Not here: the chains (`tasks/`), reinforcement (`grpo.rs`, `soft_grpo.rs`).

use serde::{Deserialize, Serialize};

use crate::decode::policy::in_range;
use crate::engine::{Action, Blends, Engine, OptimizerConfig, Pulse, Scoring, Sequence, Slopes, Weights};
use crate::error::{Error, Result};
use crate::math::threefry::Key;
use crate::tasks::{Split, Task};
use crate::text::Tokenizer;

/// Settings of a warm start; names as Hugging Face's trainer has them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WarmStartConfig {
    /// Updates.
    pub max_steps: usize,
    /// Worked chains per update.
    pub batch_size: usize,
    /// Peak step size: linear warm-up, then a cosine down to a tenth.
    pub learning_rate: f64,
    pub warmup_steps: usize,
    pub weight_decay: f64,
    pub max_grad_norm: f64,
    /// Chance that a worked step slips.
    pub slip: f64,
    /// The first this many updates the teacher does not slip: skill first, then carelessness.
    pub careful_steps: usize,
    pub seed: u64,
}

impl Default for WarmStartConfig {
    fn default() -> Self {
        Self {
            max_steps: 4000,
            batch_size: 64,
            learning_rate: 3e-3,
            warmup_steps: 100,
            weight_decay: 0.01,
            max_grad_norm: 1.0,
            slip: 0.35,
            careful_steps: 3000,
            seed: 0,
        }
    }
}

impl WarmStartConfig {
    /// # Errors
    /// `bad-input` naming the key and its range.
    pub fn validate(&self) -> Result<()> {
        in_range("max_steps", self.max_steps as f64, 1.0, 1e7)?;
        in_range("batch_size", self.batch_size as f64, 1.0, 4096.0)?;
        in_range("learning_rate", self.learning_rate, 0.0, 1.0)?;
        in_range("weight_decay", self.weight_decay, 0.0, 10.0)?;
        in_range("max_grad_norm", self.max_grad_norm, 0.0, 1e6)?;
        in_range("slip", self.slip, 0.0, 1.0)
    }

    /// The step size of update `step` (from 0).
    #[must_use]
    pub fn learning_rate_at(&self, step: usize) -> f64 {
        if step < self.warmup_steps {
            return self.learning_rate * (step + 1) as f64 / self.warmup_steps as f64;
        }
        let rest = (self.max_steps - self.warmup_steps.min(self.max_steps)).max(1) as f64;
        let progress = ((step - self.warmup_steps) as f64 / rest).min(1.0);
        self.learning_rate * (0.1 + 0.9 * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos()))
    }
}

/// One update on the chains of update number `step`; returns the mean negative log-likelihood (nats per token).
///
/// # Errors
/// `not-finite` when the gradient is; the engine's; `cancelled`.
pub async fn warm_start_step<E: Engine>(
    engine: &mut E,
    tokenizer: &Tokenizer,
    task: &dyn Task,
    config: &WarmStartConfig,
    step: usize,
    pulse: &Pulse,
) -> Result<f64> {
    let Key([high, low]) = Key::from_seed(config.seed).derive(step as u32);
    let first = u64::from(high) << 32 | u64::from(low);
    let slip = if step < config.careful_steps { 0.0 } else { config.slip };
    let batch = (0..config.batch_size)
        .map(|i| worked_sequence(tokenizer, task, Split::Train, slip, first.wrapping_add(i as u64)))
        .collect::<Result<Vec<_>>>()?;
    let tokens = batch.iter().map(|s| s.actions.len()).sum::<usize>() as f64;
    let mut nats = 0.0;
    let mut loss = |_: usize, log_probs: &[f64]| -> Slopes {
        nats -= log_probs.iter().sum::<f64>() / tokens;
        vec![-1.0 / tokens; log_probs.len()].into()
    };
    let scoring = Scoring { input_gradient: true, ..Scoring::code() };
    let optimizer = OptimizerConfig {
        learning_rate: config.learning_rate_at(step),
        beta1: 0.9,
        beta2: 0.99,
        epsilon: 1e-8,
        weight_decay: config.weight_decay,
        max_grad_norm: config.max_grad_norm,
    };
    let report = engine.update(&batch, &scoring, &mut loss, &optimizer, pulse).await?;
    if report.applied && nats.is_finite() {
        return Ok(nats);
    }
    Err(Error::NotFinite(format!("update {step}: the loss or its gradient is not finite; lower `learning_rate`")))
}

/// Mean negative log-likelihood (nats per token) of careful worked chains of held-out questions: how well the model knows a task.
/// Rises where something else was learned at its cost.
///
/// # Errors
/// The engine's; `cancelled`.
pub async fn chain_nats<E: Engine>(
    engine: &mut E,
    tokenizer: &Tokenizer,
    task: &dyn Task,
    questions: usize,
    pulse: &Pulse,
) -> Result<f64> {
    let batch = (0..questions as u64)
        .map(|seed| worked_sequence(tokenizer, task, Split::HeldOut, 0.0, seed))
        .collect::<Result<Vec<_>>>()?;
    let scores = engine.score(&batch, &Scoring::code(), Weights::Current, pulse).await?;
    let tokens = batch.iter().map(|s| s.actions.len()).sum::<usize>().max(1) as f64;
    Ok(-scores.log_densities.iter().flatten().sum::<f64>() / tokens)
}

/// `question <think> thought </think> <answer> answer </answer>`, scored from the first token of the thought on.
fn worked_sequence(tokenizer: &Tokenizer, task: &dyn Task, split: Split, slip: f64, seed: u64) -> Result<Sequence> {
    let question = task.question(split, seed);
    let chain = task.chain(&question, slip, seed);
    let prompt = tokenizer.prompt(&question.prompt)?;
    let marks = tokenizer.marks();
    let mut completion = tokenizer.encode_plain(&chain.thought)?;
    completion.extend([marks.end_think, marks.answer]);
    completion.extend(tokenizer.encode_plain(&chain.answer)?);
    completion.push(marks.end_answer);
    let mut inputs = Blends::new(1);
    prompt.iter().chain(&completion[..completion.len() - 1]).for_each(|id| inputs.push_token(*id));
    let actions = completion.into_iter().map(Action::Token).collect();
    Ok(Sequence { inputs, first: prompt.len() - 1, actions })
}
