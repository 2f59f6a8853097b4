// A door and a store that do nothing but keep time: what the desk does with them is what is tested.

import type { ArmOptions, ArmStep, Collapse, Door, DoorLab, DoorSemanticLab, Notice } from "../src/door.js";
import type { EvaluationRecord, RunRecord } from "../src/experiment.js";
import type { GraderFunction } from "../src/own-grader.js";
import type { EngineChoice, EngineInfo, Metrics, ThinkResult, ThinkStep } from "../src/protocol.js";
import type { Store, StoredExperiment, StoredRun, Stores } from "../src/run-store.js";
import type { SemanticEpoch, SemanticRunOptions } from "../src/semantic-protocol.js";
import type { Shelf } from "../src/shelf.js";

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

const TASK = {
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

const EVALUATION: EvaluationRecord = { step: 25, split: "held_out", mode: "own", samples: 2, correct: [1, 2] };

const RECORD: RunRecord = {
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

class CodedError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export class FakeLab implements DoorLab {
  stepMs = 1;
  openMs = 1;
  trained = 0;
  stepsMax: number | undefined;
  running = 0;
  runningMax = 0;
  crash = false;
  /** What is asked for, then what computes. */
  choice: EngineChoice = "cpu";
  engine: EngineInfo | null = null;
  /** Losses that are recovered from; the next one is final. */
  recoveries = 1;
  hasGpu = true;
  freed = false;
  /** After this step the run shows a sign of collapse, once. */
  collapseAt = Infinity;
  keepsBest = true;
  asked: string[] = [];
  armRun: RunRecord = RECORD;
  armSteps = 0;
  #collapse: Collapse | null = null;
  #lost = false;
  #notices: Notice[] = [];
  #reject: ((error: Error) => void) | undefined;

  async #work<T>(ms: number, value: () => T): Promise<T> {
    if (this.crash) throw new WebAssembly.RuntimeError("unreachable");
    this.running += 1;
    this.runningMax = Math.max(this.runningMax, this.running);
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        this.#reject = (error) => {
          clearTimeout(timer);
          reject(error);
        };
      });
      this.#recover();
      return value();
    } finally {
      this.#reject = undefined;
      this.running -= 1;
    }
  }

  #recover() {
    if (!this.#lost) return;
    this.#lost = false;
    if (this.recoveries === 0) throw new CodedError("device-lost", "the GPU was lost twice: use the CPU engine");
    this.recoveries -= 1;
    // Back to the last good state, as the engine does.
    const step = this.trained > 0 ? { step: (this.trained -= this.trained % 10) } : {};
    this.#notices.push({ kind: "recovered", message: "The GPU was lost and came back.", ...step });
  }

  async loadModel(bytes: Uint8Array, onProgress: (phase: "engine", done: number, total: number) => void) {
    return await this.#work(this.stepMs, () => {
      if (bytes[0] !== 1) throw new CodedError("bad-weights", "magic: expected 1");
      this.engine = this.choice === "cpu" ? CPU : GPU;
      if (this.engine.kind === "gpu") for (let done = 1; done <= 3; done += 1) onProgress("engine", done, 3);
      return {
        parameters: 1,
        layers: 1,
        hidden_size: 1,
        vocab_size: 1,
        format: "gguf",
        metadata: {},
        tokens: ["7"],
        engine: this.engine,
      };
    });
  }
  engineInfo() {
    return this.engine;
  }
  takeNotices() {
    return this.#notices.splice(0);
  }
  loseDevice() {
    this.#lost = true;
  }
  question() {
    return { prompt: "3+4=", answer: "7" };
  }
  async think(_options: unknown, onStep: (step: ThinkStep) => void) {
    for (let step = 0; step < 2; step += 1) {
      await this.#work(this.stepMs, () => undefined);
      onStep({ ...STEP, step });
    }
    return RESULT;
  }
  startTraining(config: Record<string, unknown>) {
    if ("lerning_rate" in config) throw new CodedError("bad-input", "lerning_rate: unknown key");
    const stepsMax = this.stepsMax ? { max_steps: this.stepsMax } : {};
    return Promise.resolve({ config: { ...config, num_generations: 2, ...stepsMax }, step: 0 });
  }
  trainStep() {
    return this.#work(this.stepMs, () => {
      this.trained += 1;
      if (this.trained === this.collapseAt) {
        this.#collapse = { sign: "reward", message: "The reward fell.", step: this.trained, best_step: 2 };
        this.collapseAt = Infinity;
      }
      return metrics(this.trained);
    });
  }
  remarks() {
    return [`step ${this.trained}`];
  }
  collapse() {
    return this.#collapse;
  }
  acknowledgeCollapse() {
    this.asked.push("acknowledge");
    this.#collapse = null;
  }
  restoreBest() {
    this.asked.push("restore");
    if (!this.keepsBest) return Promise.reject(new CodedError("not-ready", "no best moment was kept"));
    this.trained = this.#collapse?.best_step ?? 0;
    this.#collapse = null;
    return Promise.resolve(this.trained);
  }
  samples() {
    const sample = {
      question: "",
      expected: "",
      answer: null,
      reward: 0,
      advantage: 0,
      text: "",
      steps: [],
    };
    return [sample, sample, sample];
  }
  evaluate(_options: unknown, onProgress: (done: number, total: number) => void) {
    onProgress(1, 2);
    return this.#work(this.stepMs, () => ({
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
    }));
  }
  diagnose(_options: unknown, onProgress: (done: number, total: number) => void) {
    onProgress(1, 2);
    return this.#work(this.stepMs, () => ({
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
    }));
  }
  addTask(name: string, jsonl: string, grader: "exact" | "numeric" | GraderFunction) {
    for (const [place, line] of jsonl.split("\n").entries()) {
      const { question, answer } = JSON.parse(line) as { question: string; answer: string };
      if (typeof grader === "string") continue;
      let grade = NaN;
      try {
        grade = grader(question, answer, answer);
      } catch {
        // As the engine: what throws gives no number.
      }
      if (!(grade >= 0 && grade <= 1)) throw new CodedError("bad-input", `line ${place + 1}: it gives ${grade}`);
    }
    return { ...TASK, name };
  }
  startArm({ plan, task, arm, seed }: ArmOptions) {
    const planned = plan.arms.find(({ name }) => name === arm);
    if (planned === undefined) throw new CodedError("bad-input", `arm: no ${arm}`);
    this.armSteps = planned.train ? 25 : 0;
    this.trained = 0;
    this.armRun = { ...RECORD, task, arm, seed, curve: [], evaluations: [] };
    return { steps: this.armSteps };
  }
  async resumeArm(options: ArmOptions, record: RunRecord, checkpoint?: Uint8Array) {
    const { steps } = this.startArm(options);
    if (checkpoint !== undefined) await this.resumeRun(checkpoint);
    this.armRun = structuredClone(record);
    return { steps };
  }
  async armStep(onProgress: (phase: "train" | "evaluate", done: number, total: number) => void): Promise<ArmStep> {
    const { armRun, armSteps } = this;
    if (armSteps > 0 && armRun.config === null) {
      armRun.config = { max_steps: armSteps };
      return { did: "started", config: armRun.config };
    }
    if (this.trained < armSteps) {
      const row = (await this.trainStep()) as Record<string, number>;
      armRun.curve.push(row);
      return { did: "trained", metrics: row };
    }
    if (armRun.evaluations.length > 0) return { did: "done" };
    await this.#work(this.stepMs, () => {
      onProgress("evaluate", 2, 2);
    });
    armRun.evaluations.push(EVALUATION);
    return { did: "measured" };
  }
  armRecord() {
    return structuredClone(this.armRun);
  }
  exportModel() {
    return Promise.resolve(new Uint8Array([1, 2, 3]));
  }
  saveRun() {
    return Promise.resolve(new Uint8Array([this.trained]));
  }
  resumeRun(bytes: Uint8Array) {
    this.trained = bytes[0] ?? 0;
    return Promise.resolve({
      config: { task: "chain_sum", num_generations: 2, max_steps: 25 },
      step: this.trained,
    });
  }
  cancel() {
    this.#reject?.(new CodedError("cancelled", "cancelled"));
  }
  free() {
    this.freed = true;
    this.cancel();
  }
}

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

const SEMANTIC_CATALOGUE = {
  items: 2,
  users: 1,
  clusters: 1,
  dim: 1,
  content_noise: 0.5,
  axis_radius: 0,
  history: [6, 14] as [number, number],
  stay: 0.85,
  stride: 0.12,
  wander: 0.05,
  seed: 0,
};
const RANKING = { recall: [0.5, 1] as [number, number], ndcg: [0.4, 0.5] as [number, number], users: 2 };

/** Three epochs of nothing; `epoch` takes a moment and hears `cancel`, as the engine's does. */
export class FakeSemanticLab implements DoorSemanticLab {
  freed = false;
  #epochs = 0;
  #reject: ((error: Error) => void) | undefined;

  constructor({ arm }: SemanticRunOptions) {
    if (arm !== "dril") throw new CodedError("bad-input", `arm: expected dril, got ${arm}`);
  }
  config() {
    return { arm: "dril", epochs: 3 } as unknown as ReturnType<DoorSemanticLab["config"]>;
  }
  scene() {
    return {
      items: 2,
      users: 1,
      levels: 1,
      codes: 2,
      parameters: 9,
      names: [],
      points: [],
      clusters: null,
      places: null,
    };
  }
  snapshot() {
    return { epoch: this.#epochs, ids: [0, 1], suffix: [0, 0], nearest: [0, 1], words: [] };
  }
  #measured(): SemanticEpoch {
    return {
      epoch: this.#epochs,
      generation: 1,
      quantization: 1,
      reconstruction: 1,
      levels: [],
      nearest: [],
      conflicts: { unique: 1, most: 1 },
      drift: 0,
      drift_total: 0,
      agreement: 1,
      assignment_entropy: 0,
      sigma: 1,
      temperature: 2,
      noisy: 1,
      validation: null,
    };
  }
  first() {
    return Promise.resolve(this.#measured());
  }
  async epoch(onUpdate: (done: number, total: number) => void) {
    await new Promise((resolve, reject) => {
      this.#reject = reject;
      setTimeout(resolve, 5);
    });
    onUpdate(1, 1);
    this.#epochs += 1;
    return this.#measured();
  }
  finished() {
    return this.#epochs >= 3;
  }
  test() {
    return Promise.resolve(RANKING);
  }
  cancel() {
    this.#reject?.(new CodedError("cancelled", "cancelled"));
  }
  free() {
    this.freed = true;
  }
}

export function fakeDoor(lab: FakeLab): Door {
  return {
    default: () => Promise.resolve(),
    version: () => "0.1.0",
    tasks: () => [],
    metricDefinitions: () => ({ reward: "Mean grade." }),
    summarise: (plan, records) => ({
      experiment: plan.name,
      title: plan.title,
      runs: records.length,
      runs_planned: plan.arms.length,
      tasks: [],
    }),
    presets: () => ({
      policies: [{ name: "greedy", text: "The likeliest.", policy: { kind: "discrete" } }],
      methods: [],
    }),
    semanticArms: () => ({ arms: [], catalogue: SEMANTIC_CATALOGUE }),
    SemanticLab: { start: (options) => new FakeSemanticLab(options) },
    Lab: {
      open: async ({ engine }) => {
        await new Promise((resolve) => setTimeout(resolve, lab.openMs));
        if (engine === "gpu" && !lab.hasGpu) throw new CodedError("no-adapter", "the browser offers no GPU: use cpu");
        lab.choice = engine;
        return lab;
      },
    },
  };
}

class Memory<T> implements Store<T> {
  saved: T | undefined;
  load() {
    return Promise.resolve(this.saved);
  }
  save(value: T) {
    this.saved = structuredClone(value);
    return Promise.resolve();
  }
  clear() {
    this.saved = undefined;
    return Promise.resolve();
  }
  /** Another tab has it. */
  elsewhere = false;
  claims = 0;
  claim() {
    if (this.elsewhere) return Promise.resolve(undefined);
    this.claims += 1;
    return Promise.resolve({ release: () => (this.claims -= 1) });
  }
  isClaimed() {
    return Promise.resolve(this.elsewhere);
  }
}

class RunMemory extends Memory<StoredRun> {
  saves: number[] = [];
  override save(run: StoredRun) {
    this.saves.push(run.step);
    return super.save(run);
  }
}

/** Keeps files as they come. */
export class ShelfInMemory implements Shelf {
  kept = new Map<string, Uint8Array<ArrayBuffer>>();
  take(integrity: string) {
    return Promise.resolve(this.kept.get(integrity));
  }
  put(integrity: string, bytes: Uint8Array<ArrayBuffer>) {
    this.kept.set(integrity, bytes);
    return Promise.resolve();
  }
}

export class MemoryStores implements Stores {
  run = new RunMemory();
  experiment = new Memory<StoredExperiment>();
  files = new ShelfInMemory();
}
