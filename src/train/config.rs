//! The settings of a training run: TRL's names and defaults where the thing is the same, the method's own elsewhere.
//!
//! Not here: how they are read (`preset.rs`), which are refused (`check.rs`), what they amount to (`effect.rs`).
//! Differs from TRL on purpose: `learning_rate` (1e-6 suits billions of parameters, not 10⁵), `beta`, `steps_per_generation`,
//! `dual_clip`, `weight_decay` (the values of SofT-GRPO, table 8, for all objectives).

use serde::{Deserialize, Serialize};

use crate::math::advantage::{Baseline, ScaleRewards};
use crate::math::aggregation::LossType;
use crate::math::kl::KlEstimator;
use crate::math::noises::Noise;
use crate::math::objective::{SamplingLevel, Surrogate};
use crate::model::lora::Target;

/// What an action is, and so what is optimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Group-relative policy optimisation of ordinary tokens.
    Grpo,
    /// The same on soft thoughts, by the density of their noise.
    SoftGrpo,
    /// The mean embedding with Gaussian noise, by the density of that noise.
    SoftTokens,
    /// Several tokens drawn independently at each step of a thought, by the probability of each.
    Multiplex,
}

/// How the terms of the candidates of a soft step become one density.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    Mean,
    Sum,
}

/// All settings of a run. Read from JSON it may name a `preset`, whose keys come before the defaults; unknown keys are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
pub struct TrainConfig {
    /// The paper whose settings the others were laid over; see [`super::preset::PRESETS`].
    pub preset: Option<String>,
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
    /// Completions of a micro-batch, whose token mean `loss_type` "bnpo" takes; the whole mini-batch when absent.
    pub per_device_train_batch_size: Option<usize>,
    /// Longest completion in tokens; the task's own default when absent.
    pub max_completion_length: Option<usize>,
    /// Longest thought in tokens, `</think>` included; as long as the completion when absent.
    pub max_thought_length: Option<usize>,
    /// grpo: the thought is so many pause tokens instead of the model's own; 0 or absent: it thinks.
    pub pause_length: Option<usize>,
    /// Sampling of thoughts; absent keys take the objective's defaults. Log densities are taken at this temperature (soft_tokens: that of
    /// the answer), of the whole distribution: truncation is part of the rollout only.
    pub temperature: Option<f64>,
    pub top_k: Option<usize>,
    pub top_p: Option<f64>,
    pub min_p: Option<f64>,
    /// Sampling of answers; absent keys are as for thoughts (soft_tokens: temperature 1, no truncation).
    pub answer_temperature: Option<f64>,
    pub answer_top_k: Option<usize>,
    pub answer_top_p: Option<f64>,
    pub answer_min_p: Option<f64>,
    /// soft_grpo: K, candidates of a blend.
    pub soft_top_k: Option<usize>,
    /// soft_grpo: what perturbs a blend. "dirichlet" and "gaussian" are the paper's controls.
    pub noise: Option<Noise>,
    /// soft_grpo: τ of the softmax over perturbed log-probabilities.
    pub gumbel_temperature: Option<f64>,
    /// soft_grpo: clamp Gumbel noise to [−1.5, 3], when it is drawn and when its density is taken. In the code, not in the paper.
    pub noise_clamp: Option<bool>,
    /// soft_grpo: added to probabilities before the logarithm. 1e-6 in the code: candidates that top-p cut stay in the action with noise
    /// near −14. 0 as in the paper: they are left out of it.
    pub log_epsilon: Option<f64>,
    /// soft_grpo: the density of a step is the mean over counted candidates (code) or the sum (paper).
    pub density_reduction: Option<Reduction>,
    /// soft_grpo: count only candidates with q > 4.98 % (code) or all (paper).
    pub density_mask: Option<bool>,
    /// soft_grpo with a control noise: rebuild inputs as softmax(action / τ), as the published code does, though its rollouts fed
    /// action / Σ action: training then scores other inputs than were fed.
    pub published_rebuild: bool,
    /// Gradients reach the embedding table through the inputs. Off in SofT-GRPO's code, which detaches them.
    pub input_gradient: bool,
    /// soft_tokens: γ, deviation of the noise as a share of the embeddings' root mean square.
    pub embedding_noise: Option<f64>,
    /// soft_tokens: the gradient of the density reaches the embedding table through the mean embedding.
    pub embedding_gradient: Option<bool>,
    /// multiplex: K, draws of a step.
    pub multiplex_width: Option<usize>,
    /// multiplex: weigh draws by their probability instead of equally.
    pub multiplex_weighted: Option<bool>,
    /// Language models: rank of the adapter that learns in the place of the weights, 8 when absent.
    pub lora_r: Option<usize>,
    /// Language models: the adapter counts this over its rank times; twice the rank when absent.
    pub lora_alpha: Option<f64>,
    /// Language models: which matrices have an adapter; all seven of a layer when absent.
    pub lora_target_modules: Option<Vec<Target>>,
    pub learning_rate: f64,
    pub adam_beta1: f64,
    pub adam_beta2: f64,
    pub adam_epsilon: f64,
    pub weight_decay: f64,
    pub max_grad_norm: f64,
    pub surrogate: Surrogate,
    /// What the clipped ratio is of: each log density, or their mean over the completion (GSPO).
    pub importance_sampling_level: SamplingLevel,
    /// Clip range of the ratio, below and (unless `epsilon_high` is given) above 1.
    pub epsilon: f64,
    pub epsilon_high: Option<f64>,
    /// Dual clip: bounds the loss of negative advantages at this multiple; absent switches it off.
    pub dual_clip: Option<f64>,
    /// Weight of the KL term; 0 needs no reference model.
    pub beta: f64,
    pub kl_estimator: KlEstimator,
    /// Subtract beta · Σ_t (log π − log ref) from the reward before advantages, without a gradient, instead of a term of the loss.
    pub use_kl_in_reward: bool,
    /// The reference follows the policy: every `ref_model_sync_steps` training steps ref ← α · policy + (1 − α) · ref.
    pub sync_ref_model: bool,
    /// α.
    pub ref_model_mixup_alpha: f64,
    pub ref_model_sync_steps: usize,
    /// Weight of the entropy bonus.
    pub entropy_coef: f64,
    pub baseline: Baseline,
    pub scale_rewards: ScaleRewards,
    pub loss_type: LossType,
    /// Completions that were cut off do not count.
    pub mask_truncated_completions: bool,
    /// Soft overlong punishment (DAPO): over the last so many tokens before `max_completion_length` the reward falls by 1; 0 for none.
    pub soft_punish_cache: usize,
    /// The least reward of a well-formed answer, right or wrong.
    pub format_reward: f64,
    /// Ask further questions until the batch is full of groups whose rewards differ (DAPO).
    pub dynamic_sampling: bool,
    /// Batches of questions a step may ask for that, the first included.
    pub max_num_gen_batches: usize,
    /// Pause the run when it shows a sign of collapse.
    pub collapse_watch: bool,
    /// The sign: the smoothed reward has lost this share of its best, and 0.1 at least.
    pub collapse_reward_drop: f64,
    /// The sign: the smoothed entropy is below this share of its start, while rewards are below 0.9.
    pub collapse_entropy_share: f64,
    /// The sign: the smoothed `kl` (nats per log density) exceeds this.
    pub collapse_kl: f64,
    /// Held-out evaluation every this many steps; 0 never.
    pub eval_steps: usize,
    pub eval_questions: usize,
    pub eval_samples: usize,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            preset: None,
            task: "chain_sum".into(),
            difficulty: None,
            objective: Objective::SoftGrpo,
            max_steps: 60,
            seed: 0,
            num_generations: 8,
            generation_batch_size: 64,
            steps_per_generation: 2,
            num_iterations: 1,
            per_device_train_batch_size: None,
            max_completion_length: None,
            max_thought_length: None,
            pause_length: None,
            temperature: None,
            top_k: None,
            top_p: None,
            min_p: None,
            answer_temperature: None,
            answer_top_k: None,
            answer_top_p: None,
            answer_min_p: None,
            soft_top_k: None,
            noise: None,
            gumbel_temperature: None,
            noise_clamp: None,
            log_epsilon: None,
            density_reduction: None,
            density_mask: None,
            published_rebuild: false,
            input_gradient: false,
            embedding_noise: None,
            embedding_gradient: None,
            multiplex_width: None,
            multiplex_weighted: None,
            lora_r: None,
            lora_alpha: None,
            lora_target_modules: None,
            learning_rate: 2e-4,
            adam_beta1: 0.9,
            adam_beta2: 0.999,
            adam_epsilon: 1e-8,
            weight_decay: 0.01,
            max_grad_norm: 1.0,
            surrogate: Surrogate::Clipped,
            importance_sampling_level: SamplingLevel::Token,
            epsilon: 0.2,
            epsilon_high: None,
            dual_clip: Some(3.0),
            beta: 0.001,
            kl_estimator: KlEstimator::K3,
            use_kl_in_reward: false,
            sync_ref_model: false,
            ref_model_mixup_alpha: 0.6,
            ref_model_sync_steps: 512,
            entropy_coef: 0.0,
            baseline: Baseline::GroupMean,
            scale_rewards: ScaleRewards::Group,
            loss_type: LossType::Dapo,
            mask_truncated_completions: false,
            soft_punish_cache: 0,
            format_reward: 0.0,
            dynamic_sampling: false,
            max_num_gen_batches: 10,
            collapse_watch: true,
            collapse_reward_drop: 0.5,
            collapse_entropy_share: 0.02,
            collapse_kl: 5.0,
            eval_steps: 10,
            eval_questions: 64,
            eval_samples: 4,
        }
    }
}
