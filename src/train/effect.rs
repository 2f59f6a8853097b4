//! What the settings amount to: the way to think, how actions are scored, the loss, the optimizer.
//!
//! Not here: the settings (`config.rs`), which are refused (`check.rs`).

use super::config::{Objective, Reduction, TrainConfig};
use crate::decode::policy::{
    AnswerSettings, DiscreteSettings, MultiplexSettings, Policy, SoftSettings, SoftTokensSettings,
};
use crate::engine::{OptimizerConfig, Scoring, VectorScoring};
use crate::error::Result;
use crate::math::gumbel::{DensityForm, MASK_LOG_PROB};
use crate::math::noises::Noise;
use crate::math::objective::Objective as Loss;
use crate::math::surrogate::Clip;
use crate::math::truncation::Truncation;
use crate::tasks::{Split, Task, task};

/// τ with which the published code rebuilds the inputs of its control noises. Source: the ablation scripts of SofT-GRPO.
const REBUILD_TEMPERATURE: f64 = 1.0;

impl TrainConfig {
    /// # Errors
    /// `bad-input` for an unknown task or difficulty.
    pub fn task(&self) -> Result<Box<dyn Task>> {
        task(&self.task, self.difficulty)
    }

    /// Longest completion, tokens.
    #[must_use]
    pub fn max_length(&self, task: &dyn Task) -> usize {
        self.max_completion_length.unwrap_or_else(|| task.max_completion_length(Split::Train))
    }

    /// How the objective decodes, while training and in its evaluations.
    #[must_use]
    pub fn policy(&self) -> Policy {
        let max_thought_length = self.max_thought_length.unwrap_or(0);
        match self.objective {
            Objective::Grpo => {
                let d = DiscreteSettings::default();
                let Truncation { temperature, top_k, top_p, min_p } = self.thought(d.temperature, d.top_k, d.top_p);
                let answer = self.answer(temperature, top_k, top_p, min_p);
                let pause_length = self.pause_length.unwrap_or(d.pause_length);
                Policy::Discrete(DiscreteSettings {
                    temperature,
                    top_k,
                    top_p,
                    min_p,
                    max_thought_length,
                    pause_length,
                    answer,
                })
            }
            Objective::SoftGrpo => {
                let d = SoftSettings::default();
                let Truncation { temperature, top_k, top_p, min_p } = self.thought(d.temperature, d.top_k, d.top_p);
                Policy::Soft(SoftSettings {
                    temperature,
                    top_k,
                    top_p,
                    min_p,
                    soft_top_k: self.soft_top_k.unwrap_or(d.soft_top_k),
                    noise: self.noise.unwrap_or(d.noise),
                    gumbel_temperature: self.gumbel_temperature.unwrap_or(d.gumbel_temperature),
                    noise_clamp: self.noise_clamp.unwrap_or(d.noise_clamp),
                    log_epsilon: self.log_epsilon.unwrap_or(d.log_epsilon),
                    max_thought_length,
                    answer: self.answer(temperature, top_k, top_p, min_p),
                    ..d // the density is that of unit noise and α 1
                })
            }
            Objective::SoftTokens => {
                let d = SoftTokensSettings::default();
                Policy::SoftTokens(SoftTokensSettings {
                    temperature: self.temperature.unwrap_or(d.temperature),
                    embedding_noise: self.embedding_noise.unwrap_or(d.embedding_noise),
                    max_thought_length,
                    answer: self.answer(1.0, 0, 1.0, 0.0),
                })
            }
            Objective::Multiplex => {
                let d = MultiplexSettings::default();
                let Truncation { temperature, top_k, top_p, min_p } = self.thought(d.temperature, d.top_k, d.top_p);
                Policy::Multiplex(MultiplexSettings {
                    temperature,
                    top_k,
                    top_p,
                    min_p,
                    multiplex_width: self.multiplex_width.unwrap_or(d.multiplex_width),
                    weighted: self.multiplex_weighted.unwrap_or(d.weighted),
                    max_thought_length,
                    answer: self.answer(temperature, top_k, top_p, min_p),
                })
            }
        }
    }

    fn thought(&self, temperature: f64, top_k: usize, top_p: f64) -> Truncation {
        Truncation {
            temperature: self.temperature.unwrap_or(temperature),
            top_k: self.top_k.unwrap_or(top_k),
            top_p: self.top_p.unwrap_or(top_p),
            min_p: self.min_p.unwrap_or(0.0),
        }
    }

    /// Absent when no key says anything else than the thought does.
    fn answer(&self, temperature: f64, top_k: usize, top_p: f64, min_p: f64) -> Option<AnswerSettings> {
        let like_the_thought = AnswerSettings { temperature, top_k, top_p, min_p };
        let answer = AnswerSettings {
            temperature: self.answer_temperature.unwrap_or(temperature),
            top_k: self.answer_top_k.unwrap_or(top_k),
            top_p: self.answer_top_p.unwrap_or(top_p),
            min_p: self.answer_min_p.unwrap_or(min_p),
        };
        (answer != like_the_thought).then_some(answer)
    }

    /// τ of a softmax that rebuilds the blends of control noises as the published code does; absent: inputs are what was fed.
    #[must_use]
    pub fn rebuild_temperature(&self) -> Option<f64> {
        self.published_rebuild.then(|| self.gumbel_temperature.unwrap_or(REBUILD_TEMPERATURE))
    }

    /// How actions are scored. `deviation`: σ of the noise on embeddings, where there is some (`decode::rollout::embedding_of`).
    #[must_use]
    pub fn scoring(&self, deviation: f64) -> Scoring {
        let policy = self.policy();
        let (temperature, vectors) = match policy {
            Policy::SoftTokens(soft) => {
                let embedding_gradient = self.embedding_gradient.unwrap_or(true);
                let vectors = VectorScoring { temperature: soft.temperature, deviation, embedding_gradient };
                (policy.answer().temperature, Some(vectors))
            }
            _ => (policy.truncation().temperature, None),
        };
        Scoring {
            temperature,
            noise: self.noise.unwrap_or(Noise::Gumbel),
            density: self.density(),
            vectors,
            input_gradient: self.input_gradient,
        }
    }

    /// The form of the Gumbel density.
    #[must_use]
    pub fn density(&self) -> DensityForm {
        let code = DensityForm::code();
        DensityForm {
            clamp: self.noise_clamp.unwrap_or(code.clamp),
            mask: self.density_mask.unwrap_or(true).then_some(MASK_LOG_PROB),
            mean: self.density_reduction.unwrap_or(Reduction::Mean) == Reduction::Mean,
            log_epsilon: self.log_epsilon.unwrap_or(code.log_epsilon),
        }
    }

    #[must_use]
    pub fn clip(&self) -> Clip {
        Clip { low: self.epsilon, high: self.epsilon_high.unwrap_or(self.epsilon), dual: self.dual_clip }
    }

    /// The loss of one sequence. Where the divergence is part of the reward it is no part of the loss.
    #[must_use]
    pub fn loss(&self) -> Loss {
        Loss {
            surrogate: self.surrogate,
            level: self.importance_sampling_level,
            clip: self.clip(),
            beta: if self.use_kl_in_reward { 0.0 } else { self.beta },
            kl_estimator: self.kl_estimator,
            entropy_coef: self.entropy_coef,
        }
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

    /// Writes what is in effect into every absent key that has a meaning here, so that a stored configuration says all.
    pub fn fill(&mut self, task: &dyn Task) {
        let policy = self.policy();
        self.difficulty = Some(task.difficulty());
        self.max_completion_length = Some(self.max_length(task));
        self.epsilon_high = Some(self.clip().high);
        let (thought, answer) = (policy.truncation(), policy.answer());
        self.temperature = Some(thought.temperature);
        if !matches!(policy, Policy::SoftTokens(_)) {
            (self.top_k, self.top_p, self.min_p) = (Some(thought.top_k), Some(thought.top_p), Some(thought.min_p));
        }
        self.answer_temperature = Some(answer.temperature);
        (self.answer_top_k, self.answer_top_p, self.answer_min_p) =
            (Some(answer.top_k), Some(answer.top_p), Some(answer.min_p));
        match policy {
            Policy::Discrete(d) => self.pause_length = Some(d.pause_length),
            Policy::Soft(s) => {
                (self.soft_top_k, self.noise) = (Some(s.soft_top_k), Some(s.noise));
                if s.noise == Noise::Gumbel {
                    let form = self.density();
                    self.gumbel_temperature = Some(s.gumbel_temperature);
                    (self.noise_clamp, self.log_epsilon) = (Some(s.noise_clamp), Some(s.log_epsilon));
                    self.density_mask = Some(form.mask.is_some());
                    self.density_reduction = Some(if form.mean { Reduction::Mean } else { Reduction::Sum });
                }
            }
            Policy::SoftTokens(s) => {
                self.temperature = Some(s.temperature);
                self.embedding_noise = Some(s.embedding_noise);
                self.embedding_gradient = Some(self.embedding_gradient.unwrap_or(true));
            }
            Policy::Multiplex(m) => {
                (self.multiplex_width, self.multiplex_weighted) = (Some(m.multiplex_width), Some(m.weighted));
            }
        }
    }
}
