//! Which settings are refused: values out of range, and keys that contradict each other, each with what to change.
//!
//! Not here: unknown keys and presets (`preset.rs`).

use super::config::{Objective, TrainConfig};
use crate::decode::policy::{Policy, in_range};
use crate::error::{Error, Result};
use crate::math::advantage::{Baseline, ScaleRewards};
use crate::math::aggregation::LossType;
use crate::math::noises::Noise;
use crate::math::objective::{SamplingLevel, Surrogate};
use crate::tasks::Task;

/// Ends in `bad-input` with `text` if it applies.
fn refuse(applies: bool, text: impl FnOnce() -> String) -> Result<()> {
    if applies { Err(Error::bad_input(text())) } else { Ok(()) }
}

impl TrainConfig {
    /// # Errors
    /// `bad-input` naming the key, its range and, for contradictions, what to change.
    pub fn validate(&self, vocabulary: usize) -> Result<()> {
        self.validate_for(self.task()?.as_ref(), vocabulary)
    }

    /// As [`TrainConfig::validate`], for a task at hand, which may be one that only its lab knows.
    ///
    /// # Errors
    /// As there.
    pub fn validate_for(&self, task: &dyn Task, vocabulary: usize) -> Result<()> {
        self.counts_in_range()?;
        self.numbers_in_range()?;
        self.groups_make_sense()?;
        self.keys_fit_the_objective()?;
        let policy = self.policy();
        policy.validate(vocabulary)?;
        self.sampling_can_be_learned_from(&policy)?;
        self.terms_fit_together()?;
        let length = self.max_length(task);
        in_range("max_completion_length", length as f64, 1.0, 4096.0)?;
        let cache = self.soft_punish_cache;
        refuse(cache >= length, || {
            format!(
                "`soft_punish_cache` ({cache}) must be below `max_completion_length` ({length}), or every completion is \
                 punished; DAPO takes a fifth of it"
            )
        })?;
        let pause = self.pause_length.unwrap_or(0);
        refuse(pause + 1 >= length, || {
            format!(
                "`pause_length` ({pause}) and `</think>` leave no room for an answer in `max_completion_length` ({length}); \
                 shorten the one or lengthen the other"
            )
        })?;
        let thought = self.max_thought_length.unwrap_or(0);
        refuse(thought > length, || {
            format!("`max_thought_length` ({thought}) must not exceed `max_completion_length` ({length})")
        })
    }

    fn counts_in_range(&self) -> Result<()> {
        let counts = [
            ("max_steps", self.max_steps, 1, 1_000_000),
            ("num_generations", self.num_generations, 1, 1024),
            ("generation_batch_size", self.generation_batch_size, 1, 65_536),
            ("steps_per_generation", self.steps_per_generation, 1, 64),
            ("num_iterations", self.num_iterations, 1, 64),
            ("per_device_train_batch_size", self.per_device_train_batch_size.unwrap_or(1), 1, 65_536),
            ("max_num_gen_batches", self.max_num_gen_batches, 1, 1000),
            ("ref_model_sync_steps", self.ref_model_sync_steps, 1, 1_000_000),
            ("eval_questions", self.eval_questions, 1, 65_536),
            ("eval_samples", self.eval_samples, 1, 1024),
        ];
        let outside = counts.iter().find(|(_, value, least, most)| !(least..=most).contains(&value));
        match outside {
            None => Ok(()),
            Some((key, value, least, most)) => {
                Err(Error::bad_input(format!("`{key}` must be {least} to {most}; got {value}")))
            }
        }
    }

    fn numbers_in_range(&self) -> Result<()> {
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
        in_range("ref_model_mixup_alpha", self.ref_model_mixup_alpha, 1e-6, 1.0)?;
        in_range("entropy_coef", self.entropy_coef, 0.0, 10.0)?;
        in_range("format_reward", self.format_reward, 0.0, 1.0)?;
        in_range("collapse_reward_drop", self.collapse_reward_drop, 0.01, 1.0)?;
        in_range("collapse_entropy_share", self.collapse_entropy_share, 0.0, 1.0)?;
        in_range("collapse_kl", self.collapse_kl, 0.0, 1e6)
    }

    fn groups_make_sense(&self) -> Result<()> {
        let (size, batch) = (self.num_generations, self.generation_batch_size);
        refuse(!batch.is_multiple_of(size), || {
            format!("`generation_batch_size` ({batch}) must be a multiple of `num_generations` ({size})")
        })?;
        let (parts, groups) = (self.steps_per_generation, batch / size);
        refuse(parts > groups, || {
            format!(
                "`steps_per_generation` ({parts}) must not exceed the questions of a step ({groups}): groups are not split"
            )
        })?;
        let alone = size == 1;
        refuse(alone && self.baseline != Baseline::None, || {
            "`num_generations` 1 leaves nothing to compare a completion with; use at least 2, or `baseline` \"none\""
                .into()
        })?;
        refuse(alone && self.scale_rewards == ScaleRewards::Group, || {
            "`num_generations` 1 has no standard deviation; use at least 2, or `scale_rewards` \"batch\" or \"none\""
                .into()
        })?;
        refuse(alone && self.dynamic_sampling, || {
            "`dynamic_sampling` waits for groups whose rewards differ, and with `num_generations` 1 none ever do; use at \
             least 2, or switch it off"
                .into()
        })
    }

    fn keys_fit_the_objective(&self) -> Result<()> {
        use Objective::{Grpo, Multiplex, SoftGrpo, SoftTokens};
        let given: [(&str, bool, &[Objective]); 16] = [
            ("pause_length", self.pause_length.is_some(), &[Grpo]),
            ("top_k", self.top_k.is_some(), &[Grpo, SoftGrpo, Multiplex]),
            ("top_p", self.top_p.is_some(), &[Grpo, SoftGrpo, Multiplex]),
            ("min_p", self.min_p.is_some(), &[Grpo, SoftGrpo, Multiplex]),
            ("soft_top_k", self.soft_top_k.is_some(), &[SoftGrpo]),
            ("noise", self.noise.is_some(), &[SoftGrpo]),
            ("gumbel_temperature", self.gumbel_temperature.is_some(), &[SoftGrpo]),
            ("noise_clamp", self.noise_clamp.is_some(), &[SoftGrpo]),
            ("log_epsilon", self.log_epsilon.is_some(), &[SoftGrpo]),
            ("density_reduction", self.density_reduction.is_some(), &[SoftGrpo]),
            ("density_mask", self.density_mask.is_some(), &[SoftGrpo]),
            ("published_rebuild", self.published_rebuild, &[SoftGrpo]),
            ("embedding_noise", self.embedding_noise.is_some(), &[SoftTokens]),
            ("embedding_gradient", self.embedding_gradient.is_some(), &[SoftTokens]),
            ("multiplex_width", self.multiplex_width.is_some(), &[Multiplex]),
            ("multiplex_weighted", self.multiplex_weighted.is_some(), &[Multiplex]),
        ];
        let name = |objective: &Objective| match objective {
            Grpo => "\"grpo\"",
            SoftGrpo => "\"soft_grpo\"",
            SoftTokens => "\"soft_tokens\"",
            Multiplex => "\"multiplex\"",
        };
        let wrong = given.iter().find(|(_, given, of)| *given && !of.contains(&self.objective));
        if let Some((key, _, of)) = wrong {
            let (own, others) = (name(&self.objective), of.iter().map(name).collect::<Vec<_>>().join(" or "));
            return Err(Error::bad_input(format!(
                "`{key}` has no meaning for objective {own}; remove it or use {others}"
            )));
        }
        let control = self.noise.is_some_and(|noise| noise != Noise::Gumbel);
        refuse(self.published_rebuild && !control, || {
            "`published_rebuild` changes nothing for Gumbel noise; set `noise` to \"dirichlet\" or \"gaussian\", or remove it"
                .into()
        })?;
        let gumbel_only = [
            ("gumbel_temperature", self.gumbel_temperature.is_some() && !self.published_rebuild),
            ("noise_clamp", self.noise_clamp.is_some()),
            ("log_epsilon", self.log_epsilon.is_some()),
            ("density_reduction", self.density_reduction.is_some()),
            ("density_mask", self.density_mask.is_some()),
        ];
        match gumbel_only.iter().find(|(_, given)| *given) {
            Some((key, _)) if control => Err(Error::bad_input(format!(
                "`{key}` belongs to Gumbel noise; remove it (null) or set `noise` to \"gumbel\""
            ))),
            _ => Ok(()),
        }
    }

    fn sampling_can_be_learned_from(&self, policy: &Policy) -> Result<()> {
        refuse(policy.truncation().temperature == 0.0, || {
            "`temperature` 0 makes all completions of a group equal; use at least 0.01".into()
        })?;
        refuse(policy.answer().temperature == 0.0, || {
            "`answer_temperature` 0 takes the likeliest token, which is no draw to learn from; use at least 0.01".into()
        })?;
        match policy {
            Policy::SoftTokens(s) => refuse(s.embedding_noise == 0.0, || {
                "`embedding_noise` 0 leaves nothing whose density could be learned from; the paper has 0.33".into()
            }),
            Policy::Soft(s) if s.noise == Noise::Gumbel => {
                let cuts = s.top_p < 1.0 || s.min_p > 0.0 || (1..s.soft_top_k).contains(&s.top_k);
                let form = self.density();
                refuse(cuts && form.log_epsilon > 0.0 && !form.clamp && form.mask.is_none(), || {
                    "with `log_epsilon` above 0, candidates that truncation cut come back with noise near −14, whose unclamped \
                     density explodes; set `log_epsilon` to 0, or `noise_clamp` or `density_mask` to true, or `top_p` to 1 and \
                     `min_p` to 0"
                        .into()
                })
            }
            _ => Ok(()),
        }
    }

    fn terms_fit_together(&self) -> Result<()> {
        let score = self.surrogate == Surrogate::ScoreFunction;
        refuse(score && self.dual_clip.is_some(), || {
            "`dual_clip` bounds a ratio, and `surrogate` \"score_function\" has none; set `dual_clip` to null".into()
        })?;
        refuse(score && self.importance_sampling_level == SamplingLevel::Sequence, || {
            "`importance_sampling_level` \"sequence\" is that of a ratio, and `surrogate` \"score_function\" has none; use \
             `surrogate` \"clipped\""
                .into()
        })?;
        let (low, high) = (self.epsilon, self.clip().high);
        refuse(high < low, || {
            format!(
                "`epsilon_high` ({high}) must be at least `epsilon` ({low}); raise it, or set it to null to take `epsilon`"
            )
        })?;
        refuse(self.sync_ref_model && self.beta == 0.0, || {
            "`sync_ref_model` moves a reference that `beta` 0 never looks at; give `beta` a value or switch it off"
                .into()
        })?;
        refuse(self.use_kl_in_reward && self.beta == 0.0, || {
            "`use_kl_in_reward` subtracts beta · KL, which `beta` 0 makes nothing; give `beta` a value (RLOO has 0.05) or \
             switch it off"
                .into()
        })?;
        refuse(self.per_device_train_batch_size.is_some() && self.loss_type != LossType::Bnpo, || {
            "`per_device_train_batch_size` matters to `loss_type` \"bnpo\" only, whose micro-batches it sizes; remove it (null)"
                .into()
        })
    }
}
