// What a fake engine answers: one of each kind. Not here: when.

import type { EvaluationRecord, RunRecord } from "../src/experiment.js";
import type { Diagnosis, EngineInfo, Metrics, Report, Sample, ThinkResult, ThinkStep } from "../src/protocol.js";

export const STEP: ThinkStep = {
  step: 0,
  phase: "think",
  candidates: ["7", "5"],
  candidate_ids: [7, 5],
  log_probs: [-0.1, -2.4],
  noise: [0.3, 1.1],
  perturbed: [0.2, -1.3],
  mixture: [0.99, 0.01],
  entropy: 0.05,
  model_entropy: 0.3,
  token: "7",
  token_id: 7,
  soft: true,
  forced: false,
  winner_changed: false,
};

export const RESULT: ThinkResult = {
  question: "3+4=",
  expected: "7",
  answer: "7",
  grade: 1,
  thought: "7",
  text: "<think>7</think><answer>7</answer>",
  steps: 2,
  mixture_entropy: 0.05,
  finished: true,
};

export const CPU: EngineInfo = { kind: "cpu", name: "CPU (fake)", reason: "the CPU was asked for.", on_cpu: [] };
export const GPU: EngineInfo = {
  kind: "gpu",
  name: "GPU (fake)",
  adapter: "Fake Adapter",
  software: true,
  reason: "It was measured to be faster.",
  measured: { cpu_ms: 40, gpu_ms: 10 },
  on_cpu: [],
};

export const TASK = {
  name: "mine",
  title: "mine",
  description: "Own questions.",
  difficulties: [1, 1] as [number, number],
  default_difficulty: 1,
  guess_space: 2,
  example: "3+4=",
  max_completion_length: 9,
  splits: ["train", "held_out"],
};

export const EVALUATION: EvaluationRecord = { step: 25, split: "held_out", mode: "own", samples: 2, correct: [1, 2] };

export const RECORD: RunRecord = {
  format: 1,
  experiment: "trial",
  task: "chain_sum",
  difficulty: 2,
  arm: "",
  seed: 1,
  model: "nano.gguf",
  config: null,
  policy: {},
  evaluate: {},
  engine: "fake",
  version: "0",
  guess_space: 9,
  curve: [],
  evaluations: [],
  known: [],
  collapse: null,
  train_seconds: 0,
};

export const SAMPLE: Sample = {
  question: "",
  expected: "",
  answer: null,
  reward: 0,
  advantage: 0,
  text: "",
  steps: [],
};

export const REPORT: Report = {
  pass_at_k: [{ k: 1, value: 0.5 }],
  pass_at_1: 0.5,
  majority: 0.5,
  mean_length: 3,
  mean_thought_length: 1,
  mean_length_correct: 3,
  finished: 1,
  near_one_hot: 0.9,
  mixture_entropy: 0.1,
  entropy: 0.2,
  guessing: [{ k: 1, value: 0.01 }],
  questions: 2,
  samples: 2,
};

export const DIAGNOSIS: Diagnosis = {
  rollouts: 2,
  soft_steps: 2,
  mixture_entropy: 0.1,
  effective_tokens: 1.1,
  near_one_hot: 0.5,
  max_weight: [0, 1],
  probes: 2,
  js_top_1: 0.01,
  js_top_2: 0.6,
  js_top_1_bins: [1, 0],
  js_top_2_bins: [0, 1],
  edit_distance_to_greedy: 0.2,
};

export function metrics(step: number): Metrics {
  return {
    step,
    reward: 0.5,
    reward_std: 0.1,
    frac_reward_zero_std: 0,
    entropy: 0.4,
    kl: 0.01,
    grad_norm: 1,
    learning_rate: 3e-4,
    step_time: 0.1,
  };
}

/** Needs twice its file. */
export function languagePlan(file: number, context: number, memory: number) {
  const parts = { weights: 2 * file, cache: 0, scratch: 0, vocabulary: 0, largestTensor: 1, largestTensorName: "x" };
  return {
    engine: "cpu" as const,
    family: "llama",
    parameters: 1,
    layers: 1,
    hiddenSize: 1,
    vocabSize: 1,
    maxPositions: 64,
    chatTemplate: true,
    memory: { file, ...parts, context, rows: 1 },
    total: 2 * file,
    ...(2 * file > memory ? { refused: `this model needs ${2 * file} bytes and ${memory} are there` } : {}),
  };
}
