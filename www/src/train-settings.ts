// The settings of a run that the page's form offers: which objective has which, and what may be filled in. No words, no DOM.
//
// All keys of the engine's training configuration are here but those that other controls set (task, difficulty, method, steps) and an
// adapter's, which a language model has.

import type { Objective } from "soft-thinking-lab";

/** What people change most, in this order. */
const FIRST = [
  "learning_rate",
  "num_generations",
  "generation_batch_size",
  "beta",
  "epsilon",
  "temperature",
  "gumbel_temperature",
  "embedding_noise",
  "multiplex_width",
  "pause_length",
  "max_completion_length",
  "eval_steps",
  "seed",
] as const;

const REST = {
  sampling: [
    "top_k",
    "top_p",
    "min_p",
    "answer_temperature",
    "answer_top_k",
    "answer_top_p",
    "answer_min_p",
    "max_thought_length",
    "soft_top_k",
    "noise",
    "noise_clamp",
    "log_epsilon",
    "density_reduction",
    "density_mask",
    "published_rebuild",
    "embedding_gradient",
    "multiplex_weighted",
    "input_gradient",
  ],
  reward: [
    "baseline",
    "scale_rewards",
    "format_reward",
    "soft_punish_cache",
    "mask_truncated_completions",
    "dynamic_sampling",
    "max_num_gen_batches",
  ],
  loss: [
    "loss_type",
    "surrogate",
    "importance_sampling_level",
    "epsilon_high",
    "dual_clip",
    "entropy_coef",
    "kl_estimator",
    "use_kl_in_reward",
    "sync_ref_model",
    "ref_model_mixup_alpha",
    "ref_model_sync_steps",
  ],
  optimiser: [
    "steps_per_generation",
    "num_iterations",
    "per_device_train_batch_size",
    "adam_beta1",
    "adam_beta2",
    "adam_epsilon",
    "weight_decay",
    "max_grad_norm",
  ],
  watching: [
    "eval_questions",
    "eval_samples",
    "collapse_watch",
    "collapse_reward_drop",
    "collapse_entropy_share",
    "collapse_kl",
  ],
} as const;
export type SettingGroup = keyof typeof REST;
export const SETTING_GROUPS = Object.keys(REST) as SettingGroup[];

/** Settings that only these objectives have; the others refuse them. */
const NEEDS_OBJECTIVE: Readonly<Record<string, readonly Objective[]>> = {
  pause_length: ["grpo"],
  top_k: ["grpo", "soft_grpo", "multiplex"],
  top_p: ["grpo", "soft_grpo", "multiplex"],
  min_p: ["grpo", "soft_grpo", "multiplex"],
  soft_top_k: ["soft_grpo"],
  noise: ["soft_grpo"],
  gumbel_temperature: ["soft_grpo"],
  noise_clamp: ["soft_grpo"],
  log_epsilon: ["soft_grpo"],
  density_reduction: ["soft_grpo"],
  density_mask: ["soft_grpo"],
  published_rebuild: ["soft_grpo"],
  embedding_noise: ["soft_tokens"],
  embedding_gradient: ["soft_tokens"],
  multiplex_width: ["multiplex"],
  multiplex_weighted: ["multiplex"],
};

const TRUTH = ["true", "false"] as const;
/** Settings that are one of a few words; all others are numbers. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  noise: ["gumbel", "dirichlet", "gaussian"],
  density_reduction: ["mean", "sum"],
  baseline: ["group_mean", "leave_one_out", "none"],
  scale_rewards: ["group", "batch", "none"],
  loss_type: ["grpo", "bnpo", "dapo", "dr_grpo"],
  surrogate: ["clipped", "score_function"],
  importance_sampling_level: ["token", "sequence"],
  kl_estimator: ["k1", "k2", "k3"],
  noise_clamp: TRUTH,
  density_mask: TRUTH,
  published_rebuild: TRUTH,
  embedding_gradient: TRUTH,
  multiplex_weighted: TRUTH,
  input_gradient: TRUTH,
  mask_truncated_completions: TRUTH,
  dynamic_sampling: TRUTH,
  use_kl_in_reward: TRUTH,
  sync_ref_model: TRUTH,
  collapse_watch: TRUTH,
};

function has(objective: Objective): (key: string) => boolean {
  return (key) => NEEDS_OBJECTIVE[key]?.includes(objective) ?? true;
}

/** Settings offered at once; the engine knows their defaults and ranges, and says so when one is out of range. */
export function firstSettings(objective: Objective): string[] {
  return FIRST.filter(has(objective));
}

/** Those behind a fold. */
export function restSettings(objective: Objective, group: SettingGroup): string[] {
  return REST[group].filter(has(objective));
}

/** All that an objective has. */
export function trainSettings(objective: Objective): string[] {
  return [...firstSettings(objective), ...SETTING_GROUPS.flatMap((group) => restSettings(objective, group))];
}

/** Whatever the objective. */
export function allTrainSettings(): readonly string[] {
  return [...FIRST, ...SETTING_GROUPS.flatMap((group) => REST[group])];
}
