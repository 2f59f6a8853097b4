// The unit of each number of a training step. Its definition is the engine's; a key missing here, or too many, stops the build.

const TOKENS = "tokens";
const SHARE = "share, 0 to 1";
const NATS = "nats";

export const UNITS: Record<string, string> = {
  step: "steps",
  reward: "reward",
  reward_std: "reward",
  frac_reward_zero_std: SHARE,
  "rewards/grade/mean": "grade, 0 to 1",
  "audit/mean": "grade, 0 to 1",
  num_gen_batches: "batches",
  entropy: NATS,
  kl: "nats per token",
  policy_loss: "no unit",
  "clip_ratio/region_mean": SHARE,
  "clip_ratio/low_mean": SHARE,
  "clip_ratio/high_mean": SHARE,
  grad_norm: "length of the gradient",
  "grad_norm/thought": "length of the gradient",
  "grad_norm/answer": "length of the gradient",
  skipped_updates: "updates",
  learning_rate: "step size",
  "completions/mean_length": TOKENS,
  "completions/min_length": TOKENS,
  "completions/max_length": TOKENS,
  "completions/mean_thought_length": TOKENS,
  "completions/clipped_ratio": SHARE,
  "soft/mixture_entropy": NATS,
  "soft/top1_weight": "weight, 0 to 1",
  "soft/effective_tokens": TOKENS,
  "soft/near_one_hot": SHARE,
  "val/pass@1": SHARE,
  "val/pass@k": "probability",
  num_tokens: TOKENS,
  step_time: "seconds",
};
