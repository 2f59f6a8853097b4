//! The settings of a training run: TRL's names and defaults where the thing is the same, the method's own elsewhere.
//!
//! Not here: the settings of decoding outside training (`decode/policy.rs`).
//! Differs from TRL on purpose: `learning_rate` (1e-6 suits billions of parameters, not 10⁵), `beta`, `steps_per_generation`,
//! `weight_decay` (the values of SofT-GRPO, table 8, for both objectives).

use serde::{Deserialize, Serialize};

use crate::decode::policy::{DiscreteSettings, Policy, SoftSettings, in_range};
use crate::engine::{OptimizerConfig, Scoring};
use crate::error::{Error, Result};
use crate::math::advantage::ScaleRewards;
use crate::math::aggregation::LossType;
use crate::math::kl::KlEstimator;
use crate::math::objective::Objective as Loss;
use crate::math::surrogate::Clip;
use crate::tasks::{Task, task};

/// What is optimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Group-relative policy optimisation of ordinary tokens.
    Grpo,
    /// The same on soft thoughts, by the density of their Gumbel noise.
    SoftGrpo,
}

/// All settings of a run. Unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainConfig {
    pub task: String,
    /// The task's own default when absent.
    pub difficulty: Option<u32>,
    pub objective: Objective,
    /// Training steps; each is one rollout phase and `steps_per_generation · num_iterations` updates.
    pub max_steps: usize,
    pub seed: u64,
    /// Completions per question, G.
    pub num_generations: usize,
    /// Completions per training step; a multiple of `num_generations`.
    pub generation_batch_size: usize,
    /// Mini-batches (updates) a training step's completions are split into.
    pub steps_per_generation: usize,
    /// Passes over them.
    pub num_iterations: usize,
    /// Longest completion in tokens; the task's own default when absent.
    pub max_completion_length: Option<usize>,
    /// Sampling; absent keys take the objective's defaults (soft: T 1, top_k 5, top_p .95; discrete: T 1, no truncation).
    pub temperature: Option<f64>,
    pub top_k: Option<usize>,
    pub top_p: Option<f64>,
    pub min_p: Option<f64>,
    /// Soft thinking only.
    pub soft_top_k: Option<usize>,
    pub gumbel_temperature: Option<f64>,
    pub learning_rate: f64,
    pub adam_beta1: f64,
    pub adam_beta2: f64,
    pub adam_epsilon: f64,
    pub weight_decay: f64,
    pub max_grad_norm: f64,
    /// Clip range of the ratio, below and (unless `epsilon_high` is given) above 1.
    pub epsilon: f64,
    pub epsilon_high: Option<f64>,
    /// Dual clip: bounds the loss of negative advantages at this multiple; absent switches it off.
    pub dual_clip: Option<f64>,
    /// Weight of the KL term; 0 needs no reference model.
    pub beta: f64,
    pub kl_estimator: KlEstimator,
    pub scale_rewards: ScaleRewards,
    pub loss_type: LossType,
    /// Completions that were cut off do not count.
    pub mask_truncated_completions: bool,
    /// Held-out evaluation every this many steps; 0 never.
    pub eval_steps: usize,
    pub eval_questions: usize,
    pub eval_samples: usize,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            task: "chain_sum".into(),
            difficulty: None,
            objective: Objective::SoftGrpo,
            max_steps: 60,
            seed: 0,
            num_generations: 8,
            generation_batch_size: 64,
            steps_per_generation: 2,
            num_iterations: 1,
            max_completion_length: None,
            temperature: None,
            top_k: None,
            top_p: None,
            min_p: None,
            soft_top_k: None,
            gumbel_temperature: None,
            learning_rate: 2e-4,
            adam_beta1: 0.9,
            adam_beta2: 0.999,
            adam_epsilon: 1e-8,
            weight_decay: 0.01,
            max_grad_norm: 1.0,
            epsilon: 0.2,
            epsilon_high: None,
            dual_clip: Some(3.0),
            beta: 0.001,
            kl_estimator: KlEstimator::K3,
            scale_rewards: ScaleRewards::Group,
            loss_type: LossType::Dapo,
            mask_truncated_completions: false,
            eval_steps: 10,
            eval_questions: 64,
            eval_samples: 4,
        }
    }
}

impl TrainConfig {
    /// # Errors
    /// `bad-input` naming the key, its range and, for contradictions, what to change.
    pub fn validate(&self, vocabulary: usize) -> Result<()> {
        let counts = [
            ("max_steps", self.max_steps, 1, 1_000_000),
            ("num_generations", self.num_generations, 2, 1024),
            ("generation_batch_size", self.generation_batch_size, 2, 65_536),
            ("steps_per_generation", self.steps_per_generation, 1, 64),
            ("num_iterations", self.num_iterations, 1, 64),
            ("eval_questions", self.eval_questions, 1, 65_536),
            ("eval_samples", self.eval_samples, 1, 1024),
        ];
        for (key, value, least, most) in counts {
            if !(least..=most).contains(&value) {
                return Err(Error::bad_input(format!("`{key}` must be {least} to {most}; got {value}")));
            }
        }
        if !self.generation_batch_size.is_multiple_of(self.num_generations) {
            return Err(Error::bad_input(format!(
                "`generation_batch_size` ({}) must be a multiple of `num_generations` ({})",
                self.generation_batch_size, self.num_generations
            )));
        }
        let groups = self.generation_batch_size / self.num_generations;
        if self.steps_per_generation > groups {
            return Err(Error::bad_input(format!(
                "`steps_per_generation` ({}) must not exceed the questions of a step ({groups}): groups are not split",
                self.steps_per_generation
            )));
        }
        in_range("learning_rate", self.learning_rate, 0.0, 1.0)?;
        in_range("adam_beta1", self.adam_beta1, 0.0, 0.9999)?;
        in_range("adam_beta2", self.adam_beta2, 0.0, 0.999_999)?;
        in_range("adam_epsilon", self.adam_epsilon, 1e-12, 1.0)?;
        in_range("weight_decay", self.weight_decay, 0.0, 10.0)?;
        in_range("max_grad_norm", self.max_grad_norm, 0.0, 1e6)?;
        in_range("epsilon", self.epsilon, 0.0, 1.0)?;
        in_range("epsilon_high", self.epsilon_high.unwrap_or(self.epsilon), 0.0, 100.0)?;
        in_range("dual_clip", self.dual_clip.unwrap_or(3.0), 1.0, 1e6)?;
        in_range("beta", self.beta, 0.0, 100.0)?;
        self.refuse_soft_keys()?;
        self.policy().validate(vocabulary)?;
        if self.policy().truncation().temperature == 0.0 {
            return Err(Error::bad_input("`temperature` 0 makes all completions of a group equal; use at least 0.01"));
        }
        let task = self.task()?;
        in_range("max_completion_length", self.max_length(task.as_ref()) as f64, 1.0, 4096.0)
    }

    fn refuse_soft_keys(&self) -> Result<()> {
        let given =
            [("soft_top_k", self.soft_top_k.is_some()), ("gumbel_temperature", self.gumbel_temperature.is_some())];
        match given.iter().find(|(_, given)| *given) {
            Some((key, _)) if self.objective == Objective::Grpo => Err(Error::bad_input(format!(
                "`{key}` has no meaning for objective \"grpo\"; remove it or use \"soft_grpo\""
            ))),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// `bad-input` for an unknown task or difficulty.
    pub fn task(&self) -> Result<Box<dyn Task>> {
        task(&self.task, self.difficulty)
    }

    /// How the objective decodes, while training and in its evaluations.
    #[must_use]
    pub fn policy(&self) -> Policy {
        match self.objective {
            Objective::Grpo => {
                let d = DiscreteSettings::default();
                Policy::Discrete(DiscreteSettings {
                    temperature: self.temperature.unwrap_or(d.temperature),
                    top_k: self.top_k.unwrap_or(d.top_k),
                    top_p: self.top_p.unwrap_or(d.top_p),
                    min_p: self.min_p.unwrap_or(d.min_p),
                    ..d
                })
            }
            Objective::SoftGrpo => {
                let d = SoftSettings::default();
                Policy::Soft(SoftSettings {
                    temperature: self.temperature.unwrap_or(d.temperature),
                    top_k: self.top_k.unwrap_or(d.top_k),
                    top_p: self.top_p.unwrap_or(d.top_p),
                    min_p: self.min_p.unwrap_or(d.min_p),
                    soft_top_k: self.soft_top_k.unwrap_or(d.soft_top_k),
                    gumbel_temperature: self.gumbel_temperature.unwrap_or(d.gumbel_temperature),
                    ..d // the density is that of unit noise
                })
            }
        }
    }

    /// τ of the blends that training rebuilds.
    #[must_use]
    pub fn gumbel_temperature(&self) -> f64 {
        self.gumbel_temperature.unwrap_or(SoftSettings::default().gumbel_temperature)
    }

    /// How actions are scored. Gradients never reach the embedding table through the inputs, as in the published code.
    #[must_use]
    pub fn scoring(&self) -> Scoring {
        let temperature = self.policy().truncation().temperature;
        Scoring { temperature, ..Scoring::code() }
    }

    #[must_use]
    pub fn clip(&self) -> Clip {
        Clip { low: self.epsilon, high: self.epsilon_high.unwrap_or(self.epsilon), dual: self.dual_clip }
    }

    /// The loss of one sequence.
    #[must_use]
    pub fn loss(&self) -> Loss {
        Loss { clip: self.clip(), beta: self.beta, kl_estimator: self.kl_estimator, ..Loss::default() }
    }

    #[must_use]
    pub fn optimizer(&self) -> OptimizerConfig {
        OptimizerConfig {
            learning_rate: self.learning_rate,
            beta1: self.adam_beta1,
            beta2: self.adam_beta2,
            epsilon: self.adam_epsilon,
            weight_decay: self.weight_decay,
            max_grad_norm: self.max_grad_norm,
        }
    }

    /// Longest completion, tokens.
    #[must_use]
    pub fn max_length(&self, task: &dyn Task) -> usize {
        self.max_completion_length.unwrap_or_else(|| task.max_completion_length())
    }
}
