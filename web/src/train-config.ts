// Every key of a training configuration, as types. The engine (src/train/config.rs) fills in what is left out and refuses what is
// unknown, out of range or contradictory; tests/page/docs.test.mjs holds these keys against the engine's own. The site's
// configuration reference is made from this file.

/** What an action of training is: a blend's noise, a token, a vector's noise, several draws. */
export type Objective = "soft_grpo" | "grpo" | "soft_tokens" | "multiplex";
/** What perturbs a blend. "dirichlet" and "gaussian" are the controls of SofT-GRPO's paper. */
export type Noise = "gumbel" | "dirichlet" | "gaussian";

/** What is learned from, and for how long. */
export interface RunKeys {
  task: string;
  /** The name of a method, whose settings come before the defaults; own keys come before both. */
  preset?: string | null;
  objective?: Objective;
  /** null: the task's own default. */
  difficulty?: number | null;
  /** Training steps; each is one rollout phase and `steps_per_generation · num_iterations` updates. */
  max_steps?: number;
  /** The same seed, model and settings give the same run. */
  seed?: number;
  /** Completions per question: the size of a group, G. */
  num_generations?: number;
  /** Completions per training step; a multiple of `num_generations`. */
  generation_batch_size?: number;
  /** Mini-batches (updates) a training step's completions are split into. */
  steps_per_generation?: number;
  /** Passes over them. */
  num_iterations?: number;
  /** Completions of a micro-batch, whose token mean `loss_type` "bnpo" takes; null: the whole mini-batch. */
  per_device_train_batch_size?: number | null;
}

/** How completions are drawn while training. null: the objective's own default. */
export interface DecodingKeys {
  /** Longest completion in tokens; null: the task's own default. */
  max_completion_length?: number | null;
  /** Longest thought in tokens, `</think>` included; null: as long as the completion. */
  max_thought_length?: number | null;
  /** grpo: the thought is so many pause tokens instead of the model's own; 0 or null: it thinks. */
  pause_length?: number | null;
  /** Of thoughts. Log densities are taken at this temperature, of the whole distribution: truncation is part of the rollout only. */
  temperature?: number | null;
  /** Keep so many tokens; 0 keeps all. */
  top_k?: number | null;
  /** Keep the smallest set with at least this mass. */
  top_p?: number | null;
  /** Drop tokens below this share of the likeliest one. */
  min_p?: number | null;
  /** Of answers; null: as for thoughts (soft_tokens: 1). */
  answer_temperature?: number | null;
  /** Of answers; null: as for thoughts (soft_tokens: all). */
  answer_top_k?: number | null;
  /** Of answers; null: as for thoughts (soft_tokens: 1). */
  answer_top_p?: number | null;
  /** Of answers; null: as for thoughts (soft_tokens: 0). */
  answer_min_p?: number | null;
}

/** What belongs to soft thoughts. null: the objective's own default; a key of another objective is refused. */
export interface SoftKeys {
  /** soft_grpo: K, candidates of a blend. */
  soft_top_k?: number | null;
  /** soft_grpo: what perturbs a blend. "dirichlet" and "gaussian" are the paper's controls. */
  noise?: Noise | null;
  /** soft_grpo: τ of the softmax over perturbed log-probabilities. */
  gumbel_temperature?: number | null;
  /** soft_grpo: clamp Gumbel noise to [−1.5, 3], when it is drawn and when its density is taken. In the code, not in the paper. */
  noise_clamp?: boolean | null;
  /**
   * soft_grpo: added to probabilities before the logarithm. 1e-6 in the code: candidates that top-p cut stay in the action with noise
   * near −14. 0 as in the paper: they are left out of it.
   */
  log_epsilon?: number | null;
  /** soft_grpo: the density of a step is the mean over counted candidates (code) or the sum (paper). */
  density_reduction?: "mean" | "sum" | null;
  /** soft_grpo: count only candidates with q > 4.98 % (code) or all (paper). */
  density_mask?: boolean | null;
  /**
   * soft_grpo with a control noise: rebuild inputs as softmax(action / τ), as the published code does, though its rollouts fed
   * action / Σ action: training then scores other inputs than were fed.
   */
  published_rebuild?: boolean;
  /** Gradients reach the embedding table through the inputs. Off in SofT-GRPO's code, which detaches them. */
  input_gradient?: boolean;
  /** soft_tokens: γ, deviation of the noise as a share of the embeddings' root mean square. */
  embedding_noise?: number | null;
  /** soft_tokens: the gradient of the density reaches the embedding table through the mean embedding. */
  embedding_gradient?: boolean | null;
  /** multiplex: K, draws of a step. */
  multiplex_width?: number | null;
  /** multiplex: weigh draws by their probability instead of equally. */
  multiplex_weighted?: boolean | null;
}

/** AdamW, and what it moves in a language model, whose weights are frozen: an adapter. The lora keys are refused for other models. */
export interface OptimizerKeys {
  /** Rank of the adapter; null: 8. */
  lora_r?: number | null;
  /** The adapter counts this over its rank times; null: twice the rank. */
  lora_alpha?: number | null;
  /** Which matrices have an adapter; null: all seven of a layer. */
  lora_target_modules?: ("q_proj" | "k_proj" | "v_proj" | "o_proj" | "gate_proj" | "up_proj" | "down_proj")[] | null;
  /** Constant. TRL's 1e-6 suits billions of parameters, not 10⁵. */
  learning_rate?: number;
  adam_beta1?: number;
  adam_beta2?: number;
  adam_epsilon?: number;
  weight_decay?: number;
  /** A gradient longer than this (L2, all parameters) is scaled down to it. */
  max_grad_norm?: number;
}

/** What is minimised. */
export interface LossKeys {
  /** "clipped": PPO's, on ratios of new to old density. "score_function": no ratio, no clip (REINFORCE). */
  surrogate?: "clipped" | "score_function";
  /** What the clipped ratio is of: each log density, or their mean over the completion (GSPO). */
  importance_sampling_level?: "token" | "sequence";
  /** Clip range of the ratio, below 1, and above it unless `epsilon_high` is given. */
  epsilon?: number;
  /** Clip range above 1; null: `epsilon`. */
  epsilon_high?: number | null;
  /** Bounds the loss of negative advantages at this multiple; null switches it off. */
  dual_clip?: number | null;
  /** Weight of the KL term; 0 needs no reference model. */
  beta?: number;
  /** k1: log π − log ref. k2: half its square. k3: e^Δ − Δ − 1 with Δ = log ref − log π, never negative. */
  kl_estimator?: "k1" | "k2" | "k3";
  /** Subtract beta · Σ (log π − log ref) from the reward before advantages, without a gradient, instead of a term of the loss. */
  use_kl_in_reward?: boolean;
  /** The reference follows the policy: every `ref_model_sync_steps` training steps ref ← α · policy + (1 − α) · ref. */
  sync_ref_model?: boolean;
  /** That α. */
  ref_model_mixup_alpha?: number;
  ref_model_sync_steps?: number;
  /** Weight of the entropy bonus. */
  entropy_coef?: number;
  /** What a reward is compared with: the mean of its group, of the others of its group (RLOO), or nothing. */
  baseline?: "group_mean" | "leave_one_out" | "none";
  /** What the difference is divided by: the deviation of the group, of the whole batch, or nothing (Dr. GRPO). */
  scale_rewards?: "group" | "batch" | "none";
  /**
   * How token losses become one number. "grpo": mean over sequences of their token mean. "bnpo": token mean of each micro-batch.
   * "dapo": token mean of the whole update. "dr_grpo": sum over tokens, over sequences times the longest possible completion.
   * "seq_mean_token_sum": mean over sequences of their sum.
   */
  loss_type?: "grpo" | "bnpo" | "dapo" | "dr_grpo" | "seq_mean_token_sum";
}

/** Which completions count, and for how much. */
export interface RewardKeys {
  /** Completions that were cut off do not count. */
  mask_truncated_completions?: boolean;
  /** Soft overlong punishment (DAPO): over the last so many tokens before `max_completion_length` the reward falls by 1; 0 for none. */
  soft_punish_cache?: number;
  /** The least reward of a well-formed answer, right or wrong. */
  format_reward?: number;
  /** Ask further questions until the batch is full of groups whose rewards differ (DAPO). */
  dynamic_sampling?: boolean;
  /** Batches of questions a step may ask for that, the first included. */
  max_num_gen_batches?: number;
}

/** What is watched during a run. */
export interface WatchKeys {
  /** Pause the run when it shows a sign of collapse. */
  collapse_watch?: boolean;
  /** The sign: the smoothed reward has lost this share of its best, and 0.1 at least. */
  collapse_reward_drop?: number;
  /** The sign: the smoothed entropy is below this share of its start, while rewards are below 0.9. */
  collapse_entropy_share?: number;
  /** The sign: the smoothed `kl` (nats per log density) exceeds this. */
  collapse_kl?: number;
  /** Held-out evaluation every so many steps; 0 never. */
  eval_steps?: number;
  /** Held-out questions of such an evaluation. */
  eval_questions?: number;
  /** Samples a question. */
  eval_samples?: number;
}

/**
 * TRL's names and defaults; unknown keys and values out of range end in `bad-input` naming key and range. Settings often come from a
 * file or a form, so that others pass the types: the engine judges them by name.
 */
export type TrainConfig = RunKeys &
  DecodingKeys &
  SoftKeys &
  OptimizerKeys &
  LossKeys &
  RewardKeys &
  WatchKeys &
  Record<string, unknown>;
