// A small made-up experiment, in the shape that `lab experiment` writes. Its numbers mean nothing. Not here: any judgement.

const KS = [1, 2, 4, 8, 16, 32];
const STEPS = 24;

/** @param {number} mean @param {number} [half] */
const around = (mean, half = 0.05) => ({ mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) });

/** @param {number} step @param {number} pass @param {string} mode @param {string} [split] */
function measured(step, pass, mode, split = "held_out") {
  const entropies = Array.from({ length: 12 }, (_, place) => 0.6 * Math.exp(-place / 4));
  return {
    step,
    split,
    mode,
    pass_at_k: KS.map((k) => ({ k, ...around(1 - (1 - pass) ** Math.sqrt(k)) })),
    majority: pass + 0.1,
    mean_length: 11 + pass,
    mean_thought_length: 7,
    mean_length_correct: null,
    entropy: 0.3 * (1 - pass),
    entropy_by_position: entropies,
    mixture_entropy: mode === "own" ? 0.04 : null,
    near_one_hot: mode === "own" ? 0.93 : null,
  };
}

/** @param {string} arm @param {string} title @param {number} pass @param {boolean} [trained] */
function armOf(arm, title, pass, trained = true) {
  const curve = Array.from({ length: trained ? STEPS : 0 }, (_, row) => {
    const reward = 0.3 + ((pass - 0.3) * row) / STEPS;
    // NaN is null in JSON.
    const entropy = row === 3 ? null : 0.4 - 0.01 * row;
    return {
      step: row + 1,
      seconds: row / 2,
      reward,
      reward_low: reward - 0.06,
      reward_high: reward + 0.04,
      entropy,
      length: 11,
    };
  });
  const step = trained ? STEPS : 0;
  return {
    arm,
    title,
    seeds: [1, 2],
    measured: [
      ...(trained ? [measured(STEPS / 2, pass - 0.1, "own")] : []),
      measured(step, pass, "own"),
      measured(step, pass + 0.05, "hard-greedy"),
    ],
    curve,
    known: [
      {
        task: "reach",
        before: 1.5,
        after: trained ? { mean: 1.9, low: 1.8, high: 2 } : { mean: 1.5, low: 1.5, high: 1.5 },
      },
    ],
    seconds_per_step: trained ? 0.5 : null,
    collapses: 0,
  };
}

/** @param {string} a @param {string} b @param {number} k @param {number} mean @param {number} half */
const contrast = (a, b, k, mean, half) => ({ a, b, split: "held_out", k, mean, low: mean - half, high: mean + half });

/** @param {string} task @param {number} difficulty */
function taskOf(task, difficulty) {
  return {
    task,
    difficulty,
    guess_space: 147,
    guessing: KS.map((k) => [k, 1 - (1 - 1 / 147) ** k]),
    arms: [
      armOf("base", "Untrained", 0.33, false),
      armOf("grpo", "GRPO", 0.64),
      armOf("softgrpo-code", "SofT-GRPO (code)", 0.62),
      armOf("multiplex", "Multiplex", 0.5),
    ],
    contrasts: [
      contrast("grpo", "base", 1, 0.31, 0.05),
      contrast("grpo", "base", 32, -0.01, 0.03),
      contrast("softgrpo-code", "base", 1, 0.29, 0.05),
      contrast("softgrpo-code", "base", 32, -0.06, 0.03),
      contrast("base", "grpo", 1, -0.31, 0.05),
      contrast("softgrpo-code", "grpo", 1, -0.02, 0.05),
    ],
    meetings: [
      { equal: "compute", value: 11.5, arm: "grpo", step: 24, pass_at_k: KS.map((k) => ({ k, ...around(0.6) })) },
      { equal: "reward", value: 0.48, arm: "grpo", step: 12, pass_at_k: KS.map((k) => ({ k, ...around(0.5) })) },
    ],
  };
}

export const INDEX = [
  { name: "trial", title: "A trial", summary: "trial/summary.json", runs: "trial/runs/", plan: "trial/plan.json" },
];

/** A plan that takes seconds: what `lab experiment` would have written beside the summary. */
export const PLAN = {
  name: "trial",
  title: "Does this panel work?",
  tasks: [
    { task: "chain_sum", difficulty: null, model: "../../www/models/nano-chain_sum.gguf", known: ["reach"] },
    { task: "number_sorting", difficulty: null, model: "../../www/models/nano-number_sorting.gguf", known: [] },
  ],
  seeds: [1, 2],
  train: { max_steps: STEPS, learning_rate: 0.0003 },
  evaluate: {
    questions: 16,
    samples: 32,
    k: KS,
    splits: ["held_out", "ood"],
    every: 10,
    modes: ["hard-greedy"],
    known_questions: 64,
  },
  arms: [
    { name: "base", title: "Untrained", train: null, policy: "discrete" },
    { name: "grpo", title: "GRPO", train: { preset: "grpo" }, policy: null },
    { name: "softgrpo-code", title: "SofT-GRPO (code)", train: { preset: "softgrpo-code" }, policy: null },
    { name: "multiplex", title: "Multiplex", train: { preset: "multiplex" }, policy: null },
  ],
};

export const SUMMARY = {
  experiment: "trial",
  title: "Does this panel work?",
  runs: 15,
  runs_planned: 16,
  tasks: [taskOf("chain_sum", 2), taskOf("number_sorting", 4)],
};

/** A run's record: of settings the engine takes, with two steps, so that it can be done again. */
export const RUN = {
  format: 1,
  experiment: "trial",
  task: "number_sorting",
  difficulty: 4,
  arm: "softgrpo-code",
  seed: 2,
  model: "../models/nano-number_sorting.gguf",
  config: JSON.parse(
    '{"adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"answer_min_p":0.0,"answer_temperature":1.0,"answer_top_k":5,"answer_top_p":0.95,"baseline":"group_mean","beta":0.001,"collapse_entropy_share":0.02,"collapse_kl":5.0,"collapse_reward_drop":0.5,"collapse_watch":true,"density_mask":true,"density_reduction":"mean","difficulty":4,"dual_clip":3.0,"dynamic_sampling":false,"embedding_gradient":null,"embedding_noise":null,"entropy_coef":0.0,"epsilon":0.2,"epsilon_high":0.2,"eval_questions":64,"eval_samples":4,"eval_steps":0,"format_reward":0.0,"generation_batch_size":32,"gumbel_temperature":0.1,"importance_sampling_level":"token","input_gradient":false,"kl_estimator":"k3","learning_rate":0.0003,"log_epsilon":1e-6,"loss_type":"bnpo","mask_truncated_completions":false,"max_completion_length":32,"max_grad_norm":1.0,"max_num_gen_batches":10,"max_steps":2,"max_thought_length":null,"min_p":0.0,"multiplex_weighted":null,"multiplex_width":null,"noise":"gumbel","noise_clamp":true,"num_generations":8,"num_iterations":1,"objective":"soft_grpo","per_device_train_batch_size":2,"preset":"softgrpo-code","published_rebuild":false,"ref_model_mixup_alpha":0.6,"ref_model_sync_steps":512,"scale_rewards":"group","seed":2,"soft_punish_cache":0,"soft_top_k":5,"steps_per_generation":2,"surrogate":"clipped","sync_ref_model":false,"task":"number_sorting","temperature":1.0,"top_k":5,"top_p":0.95,"use_kl_in_reward":false,"weight_decay":0.01}',
  ),
  policy: { kind: "soft", noise: "gumbel" },
  evaluate: { questions: 32, samples: 32 },
  engine: "CPU (Burn flex)",
  version: "0.1.0",
  guess_space: 147,
  curve: [],
  evaluations: [],
  known: [],
  collapse: null,
  train_seconds: 12.5,
};

/**
 * Answers what the panel asks for, and nothing else below results/.
 * @param {import("playwright-core").BrowserContext} context
 * @returns {Promise<string[]>} what was asked for, in order
 */
export async function serveResults(context) {
  /** @type {string[]} */
  const asked = [];
  /** @type {Record<string, unknown>} */
  const files = {
    "index.json": INDEX,
    "trial/summary.json": SUMMARY,
    "trial/plan.json": PLAN,
    "trial/runs/number_sorting/softgrpo-code-2.json": RUN,
  };
  await context.route("**/results/**", async (route) => {
    const path = new URL(route.request().url()).pathname.replace(/^.*\/results\//, "");
    asked.push(path);
    const file = files[path];
    await (file === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ json: file }));
  });
  return asked;
}
