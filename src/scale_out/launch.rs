//! The settings of a run under verl's names, as the command that continues it, and what verl has no name for.
//!
//! Not here: the files the command names (`mod.rs`), how completions are drawn (`rollout.rs`). Every key is one of
//! `verl-0.4.x/verl/trainer/config/ppo_trainer.yaml` in SofT-GRPO's repository; `+` marks those that only its rollout reads. None is made
//! up: what has no key becomes a note.

use super::Facts;
use crate::decode::policy::Policy;
use crate::error::{Error, Result};
use crate::math::advantage::{Baseline, ScaleRewards};
use crate::math::aggregation::LossType;
use crate::math::kl::KlEstimator;
use crate::math::objective::{SamplingLevel, Surrogate};
use crate::train::config::{Objective, TrainConfig};

/// What a dual clip that is switched off becomes: verl always has one, and no ratio reaches this.
const NO_DUAL_CLIP: f64 = 1e6;
/// `lab train` keeps a checkpoint this often too.
const SAVE_STEPS: usize = 10;
pub(super) const ROLLOUT: &str = "actor_rollout_ref.rollout";
const ACTOR: &str = "actor_rollout_ref.actor";

/// The command and what it leaves out.
pub struct Launch {
    soft: bool,
    arguments: Vec<String>,
    /// Whole sentences.
    pub notes: Vec<String>,
}

impl Launch {
    /// # Errors
    /// `bad-input` for an objective, a baseline or a control that the published code does not have.
    pub fn of(config: &TrainConfig, facts: &Facts) -> Result<Self> {
        let soft = match config.objective {
            Objective::SoftGrpo => true,
            Objective::Grpo => false,
            Objective::SoftTokens | Objective::Multiplex => {
                return Err(Error::bad_input(
                    "objective: SofT-GRPO's published code trains soft_grpo, and verl itself grpo; soft_tokens and multiplex have \
                     code of their own. Choose another preset, such as softgrpo-code or grpo",
                ));
            }
        };
        if config.pause_length.unwrap_or(0) > 0 {
            return Err(Error::bad_input(
                "pause_length: verl's models think; it cannot put pause tokens in the place of a thought. Set it to 0",
            ));
        }
        let mut launch = Self { soft, arguments: Vec::new(), notes: Vec::new() };
        launch.advantages(config)?;
        launch.data(config, facts);
        launch.loss(config);
        launch.optimizer(config);
        launch.rollout(config);
        launch.rest(config, facts);
        launch.left_out(config);
        Ok(launch)
    }

    pub(super) fn set(&mut self, key: impl AsRef<str>, value: impl ToString) {
        self.arguments.push(format!("{}={}", key.as_ref(), value.to_string()));
    }

    /// Notes what a setting away from its usual value loses.
    pub(super) fn unless(&mut self, usual: bool, note: &str) {
        if !usual {
            self.notes.push(note.to_owned());
        }
    }

    fn advantages(&mut self, config: &TrainConfig) -> Result<()> {
        let estimator = match config.baseline {
            Baseline::GroupMean => "grpo",
            Baseline::LeaveOneOut => "rloo",
            Baseline::None => {
                return Err(Error::bad_input(
                    "baseline: verl 0.4 has no advantage without a baseline; choose group_mean or leave_one_out",
                ));
            }
        };
        self.set("algorithm.adv_estimator", estimator);
        self.set("algorithm.norm_adv_by_std_in_grpo", python(config.scale_rewards == ScaleRewards::Group));
        self.unless(
            config.scale_rewards != ScaleRewards::Batch,
            "scale_rewards \"batch\": verl 0.4 divides by the group's deviation or by nothing; here by nothing.",
        );
        self.set("algorithm.use_kl_in_reward", python(config.use_kl_in_reward));
        if config.use_kl_in_reward {
            self.set("algorithm.kl_ctrl.kl_coef", config.beta);
        }
        Ok(())
    }

    fn data(&mut self, config: &TrainConfig, facts: &Facts) {
        let questions = config.generation_batch_size / config.num_generations;
        self.set("data.train_files", "$HERE/data/train.parquet");
        let ood = if facts.has_ood { ",$HERE/data/ood.parquet" } else { "" };
        self.set("data.val_files", format!("[$HERE/data/test.parquet{ood}]"));
        self.set("data.train_batch_size", questions);
        self.set("data.max_prompt_length", facts.longest_prompt);
        self.set("data.max_response_length", facts.longest_completion);
        self.set("data.filter_overlong_prompts", "True");
        self.set("data.shuffle", "False"); // the order in which the lab asks
        self.set("actor_rollout_ref.model.path", "$HERE/model");
        self.set("actor_rollout_ref.model.use_remove_padding", "True"); // without it the code ignores soft inputs
        self.set("actor_rollout_ref.model.enable_gradient_checkpointing", "False");
        self.set("custom_reward_function.path", "$HERE/reward.py");
        self.set("custom_reward_function.name", "compute_score");
    }

    fn loss(&mut self, config: &TrainConfig) {
        let aggregation = match config.loss_type {
            LossType::Grpo => "seq-mean-token-mean",
            LossType::Bnpo | LossType::Dapo => "token-mean",
            LossType::DrGrpo => "seq-mean-token-sum-norm",
            LossType::SeqMeanTokenSum => "seq-mean-token-sum",
        };
        self.set(format!("{ACTOR}.loss_agg_mode"), aggregation);
        self.unless(
            config.loss_type != LossType::DrGrpo,
            "loss_type \"dr_grpo\": verl 0.4 does not divide this sum by the number of sequences; scale the learning rate.",
        );
        let questions = config.generation_batch_size / config.num_generations;
        let mini = questions.div_ceil(config.steps_per_generation);
        let sequences = mini * config.num_generations;
        let micro = match config.per_device_train_batch_size {
            Some(size) => size.min(sequences).to_string(),
            None => format!("$(({sequences} / GPUS))"), // a mini-batch at once
        };
        self.set(format!("{ACTOR}.ppo_mini_batch_size"), mini);
        self.set(format!("{ACTOR}.ppo_micro_batch_size_per_gpu"), &micro);
        self.set(format!("{ROLLOUT}.log_prob_micro_batch_size_per_gpu"), &micro);
        self.set("actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu", &micro);
        self.set(format!("{ACTOR}.ppo_epochs"), config.num_iterations);
        self.set(format!("{ACTOR}.clip_ratio"), config.epsilon);
        self.set(format!("{ACTOR}.clip_ratio_low"), config.epsilon);
        self.set(format!("{ACTOR}.clip_ratio_high"), config.epsilon_high.unwrap_or(config.epsilon));
        self.set(format!("{ACTOR}.clip_ratio_c"), config.dual_clip.unwrap_or(NO_DUAL_CLIP));
        let in_loss = config.beta > 0.0 && !config.use_kl_in_reward;
        self.set(format!("{ACTOR}.use_kl_loss"), python(in_loss));
        if in_loss {
            let kind = match config.kl_estimator {
                KlEstimator::K1 => "kl",
                KlEstimator::K2 => "mse",
                KlEstimator::K3 => "low_var_kl",
            };
            self.set(format!("{ACTOR}.kl_loss_coef"), config.beta);
            self.set(format!("{ACTOR}.kl_loss_type"), kind);
        }
        self.set(format!("{ACTOR}.entropy_coeff"), config.entropy_coef);
        let one_update = config.steps_per_generation == 1 && config.num_iterations == 1;
        self.unless(
            config.surrogate == Surrogate::Clipped || one_update,
            "surrogate \"score_function\": verl's clipped ratio has the same gradient only where there is one update a step.",
        );
        self.unless(
            config.importance_sampling_level == SamplingLevel::Token,
            "importance_sampling_level \"sequence\": verl 0.4 has the ratio of tokens only; this is not GSPO.",
        );
    }

    fn optimizer(&mut self, config: &TrainConfig) {
        self.set(format!("{ACTOR}.optim.lr"), config.learning_rate);
        self.set(format!("{ACTOR}.optim.weight_decay"), config.weight_decay);
        self.set(format!("{ACTOR}.grad_clip"), config.max_grad_norm);
        let usual = (config.adam_beta1, config.adam_beta2, config.adam_epsilon) == (0.9, 0.999, 1e-8);
        self.unless(usual, "adam_beta1, adam_beta2, adam_epsilon: verl takes 0.9, 0.999 and 1e-8.");
        self.notes.push(format!(
            "learning_rate {}: the lab's, for a model of this size. For billions of parameters the published scripts take 1e-6.",
            config.learning_rate
        ));
    }

    fn rest(&mut self, config: &TrainConfig, facts: &Facts) {
        self.set(format!("{ROLLOUT}.name"), "sglang");
        self.set(format!("{ROLLOUT}.n"), config.num_generations);
        self.set(format!("{ROLLOUT}.tensor_model_parallel_size"), 1);
        self.set(format!("{ROLLOUT}.max_model_len"), facts.longest_prompt + facts.longest_completion);
        self.set(format!("{ROLLOUT}.gpu_memory_utilization"), 0.6);
        self.set(format!("{ROLLOUT}.val_kwargs.do_sample"), "True");
        self.set(format!("{ROLLOUT}.val_kwargs.n"), config.eval_samples);
        let cut = config.policy().truncation();
        let soft_top_k = match config.policy() {
            Policy::Soft(soft) if soft.top_k == 0 => soft.soft_top_k,
            _ => cut.top_k,
        };
        self.sampling("val_kwargs.", cut.temperature, cut.top_p, soft_top_k);
        if self.soft {
            self.set("actor_rollout_ref.ref.strategy", "fsdp2"); // as published
        }
        self.set(format!("{ACTOR}.checkpoint.contents"), "['model','optimizer','extra','hf_model']");
        let steps_of_an_epoch = (facts.train_rows / (config.generation_batch_size / config.num_generations)).max(1);
        self.set("trainer.total_training_steps", config.max_steps);
        self.set("trainer.total_epochs", config.max_steps.div_ceil(steps_of_an_epoch));
        let every = if config.eval_steps == 0 { "-1".to_owned() } else { config.eval_steps.to_string() };
        self.set("trainer.test_freq", every);
        self.set("trainer.val_before_train", "True");
        self.set("trainer.save_freq", SAVE_STEPS);
        self.set("trainer.critic_warmup", 0);
        self.set("trainer.logger", "['console','tensorboard']");
        self.set("trainer.project_name", "soft-thinking-lab");
        self.set(
            "trainer.experiment_name",
            format!("{}-{}", config.task, if self.soft { "soft_grpo" } else { "grpo" }),
        );
        self.set("trainer.n_gpus_per_node", "$GPUS");
        self.set("trainer.nnodes", 1);
        self.set("trainer.default_local_dir", "$HERE/checkpoints");
    }

    /// Settings of the lab that verl 0.4 has no key for.
    fn left_out(&mut self, config: &TrainConfig) {
        self.notes
            .push(format!("seed {}: verl 0.4 has none for noise; the order of questions is the lab's.", config.seed));
        self.unless(
            config.max_thought_length.is_none(),
            "max_thought_length: no counterpart; thoughts end by themselves.",
        );
        self.unless(!config.sync_ref_model, "sync_ref_model: no counterpart; the reference stays where it starts.");
        self.unless(!config.mask_truncated_completions, "mask_truncated_completions: no counterpart; they earn 0.");
        self.unless(
            config.soft_punish_cache == 0,
            "soft_punish_cache: verl has it in recipe/dapo only; reward.py has not.",
        );
        self.unless(
            !config.dynamic_sampling,
            "dynamic_sampling: verl has it in recipe/dapo only (algorithm.filter_groups).",
        );
        self.unless(config.format_reward == 0.0, "format_reward: reward.py grants it, in training only.");
        let kind = if config.use_kl_in_reward { config.kl_estimator == KlEstimator::K1 } else { true };
        self.unless(kind, "kl_estimator: in rewards verl takes k1.");
        self.unless(
            !config.collapse_watch,
            "collapse_*: no counterpart; watch actor/entropy_loss, critic/rewards/mean and actor/kl_loss.",
        );
    }

    /// What to run it with, for people.
    pub fn code(&self) -> &'static str {
        if self.soft {
            "SofT-GRPO's published code, <https://github.com/zz1358m/SofT-GRPO-master> (read at 2b9d8ec): its `verl-0.4.x` and its sglang \
             0.4.6.post1 in `Soft-Thinking+noise+loss-main/sglang_soft_thinking_pkg`, with torch 2.6.0, transformers 4.51.1 and \
             flash_attn 2.7.3 (without flash-attn it silently trains on discrete log-probabilities)"
        } else {
            "verl 0.4.0 itself, <https://github.com/volcengine/verl>, branch `v0.4.x`, with sglang. SofT-GRPO's fork of it cannot: with \
             `enable_soft_thinking=False` its sglang returns no candidates, which its rollout insists on"
        }
    }

    pub fn script(&self, config: &TrainConfig) -> String {
        let name = config.preset.as_deref().map_or(String::new(), |preset| format!(" with the preset {preset}"));
        let mut text = format!(
            "#!/usr/bin/env bash\n# Continues a run of the Soft Thinking Lab on {}{name}; see README.md beside it.\n#\n\
             # Settings of the lab that read differently here:\n",
            config.task
        );
        for note in &self.notes {
            text += &format!("# - {note}\n");
        }
        text += "#\n# GPUS says how many GPUs there are; more arguments overrule those below.\nset -euo pipefail\n\
                 HERE=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" && pwd)\"\nGPUS=\"${GPUS:-1}\"\n\
                 export SGL_DISABLE_TP_MEMORY_INBALANCE_CHECK=True HYDRA_FULL_ERROR=1 PYTHONUNBUFFERED=1\n\
                 exec python3 -m verl.trainer.main_ppo \\\n";
        for argument in &self.arguments {
            text += &format!("  \"{argument}\" \\\n");
        }
        text + "  \"$@\"\n"
    }
}

pub(super) fn python(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}
