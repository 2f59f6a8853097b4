// The whole wire between page and worker, as types. No behaviour: if it is not written here, in experiment.ts or train-config.ts, it
// does not cross.
//
// Every request carries an id and ends in exactly one of done, failed, cancelled. Names inside configurations and numbers
// (`learning_rate`, `pass_at_k`) are those of the method and of TRL and keep their case; the rest is camelCase.

import type { ExperimentEnd, ExperimentEvent, ExperimentOptions, SavedExperiment, Split } from "./experiment.js";
import type { LanguagePlan, LanguageRequest, LearningPlan } from "./language-protocol.js";
import type { SemanticArms, SemanticEnd, SemanticEvent, SemanticRunOptions } from "./semantic-protocol.js";
import type { Noise, TrainConfig } from "./train-config.js";

export type { Noise, Objective, TrainConfig } from "./train-config.js";

// ---------------------------------------------------------------- what the lab speaks of

export type EngineChoice = "auto" | "cpu" | "gpu";

/** What computes, and why. */
export interface EngineInfo {
  kind: "cpu" | "gpu";
  /** For people. */
  name: string;
  /** The GPU's name, where there is one. */
  adapter?: string;
  /** The GPU is imitated by the processor. */
  software?: boolean;
  /** Why this engine, in one sentence. */
  reason: string;
  /** Milliseconds a training step would take on each, estimated from about 50 ms of measuring. */
  measured?: { cpu_ms: number; gpu_ms: number };
  /** What a GPU engine leaves to the processor, and why: one sentence each. */
  on_cpu: string[];
}

export interface TaskInfo {
  name: string;
  title: string;
  description: string;
  /** Smallest and largest difficulty the generator accepts, both included. */
  difficulties: [number, number];
  default_difficulty: number;
  /** How many answers a guesser chooses from at the default difficulty. */
  guess_space: number;
  example: string;
  max_completion_length: number;
  /** The kinds of questions there are; own questions may have none out of distribution. */
  splits: Split[];
}

/** What counts as right for own questions: the same characters, the same number, or what a function's source says. */
export type OwnGrader = "exact" | "numeric" | { source: string };

export interface OwnQuestions {
  /** Small letters, digits and _. */
  name: string;
  /** One JSON object a line: `{"question": "2+2=", "answer": "4"}`, and perhaps `"split"`. */
  jsonl: string;
  grader: OwnGrader;
}

export interface ModelInfo {
  parameters: number;
  layers: number;
  hidden_size: number;
  vocab_size: number;
  /** The task the model was warmed up on, where its file says so. */
  task?: string;
  format: string;
  metadata: Record<string, unknown>;
  tokens: string[];
  /** What can be asked of it: of a language model the tasks told in words too, first. */
  tasks: TaskInfo[];
  /** What computes with it. Under "auto" it is chosen when the model is loaded. */
  engine: EngineInfo;
}

// Ways to think. Settings left out take their paper's defaults; `max_thought_length` 0 is no limit of its own.

/** How tokens are drawn: temperature 0 takes the likeliest, `top_k` 0 keeps all. */
export interface Drawing {
  /** Logits are divided by this; 0 takes the likeliest token. */
  temperature?: number;
  /** Keep so many tokens; 0 keeps all. */
  top_k?: number;
  /** Keep the smallest set with at least this mass. */
  top_p?: number;
  /** Drop tokens below this share of the likeliest one. */
  min_p?: number;
}
interface Thinking {
  /** Longest thought in tokens, `</think>` included; 0 for no limit of its own. */
  max_thought_length?: number;
  /** How the answer is drawn; null: as the thought, or (soft tokens) from the model's own distribution. */
  answer?: Drawing | null;
}
export interface DiscretePolicy extends Drawing, Thinking {
  kind: "discrete";
  /** The thought is so many `<pad>` tokens and `</think>`, whatever the model says; 0: it thinks. */
  pause_length?: number;
}
export interface SoftPolicy extends Drawing, Thinking {
  kind: "soft";
  /** Entries of a blend. */
  soft_top_k?: number;
  /** Gumbel noise on log-probabilities, or a control noise on probabilities. */
  noise?: Noise;
  /** τ of the softmax over perturbed values; small is nearly one token. Gumbel only. */
  gumbel_temperature?: number;
  /** Multiplies Gumbel noise; 0 is deterministic. */
  noise_scale?: number;
  /** Clamp Gumbel noise to [−1.5, 3], as the published code of SofT-GRPO. */
  noise_clamp?: boolean;
  /** Added to probabilities before the logarithm; at 0, candidates that top-p or min-p cut take no part at all. */
  log_epsilon?: number;
  /** Dirichlet: probabilities times this are the shapes; large stays close to them. */
  dirichlet_alpha?: number;
  /** Dirichlet: draw for all kept tokens and then take the largest, instead of drawing for the likeliest. */
  noise_before_top_k?: boolean;
  /** Nats: a step less undecided than this is certain … */
  cold_stop_entropy?: number;
  /** … and so many of them in a row end the thought; 0 never. */
  cold_stop_length?: number;
}
export interface SoftTokensPolicy extends Thinking {
  kind: "soft_tokens";
  /** Logits are divided by this before they become the weights of the average: small is nearly one token. */
  temperature?: number;
  /** Deviation of the noise on the mean embedding, as a share of the embeddings' root mean square. */
  embedding_noise?: number;
}
export interface MultiplexPolicy extends Drawing, Thinking {
  kind: "multiplex";
  /** Draws of a step. */
  multiplex_width?: number;
  /** Weigh draws by their probability instead of equally. */
  weighted?: boolean;
}
export type PolicySettings = DiscretePolicy | SoftPolicy | SoftTokensPolicy | MultiplexPolicy;
/** The name of a preset, settings of a kind, or a preset with own keys in the place of its own. */
export type Policy = string | PolicySettings | { preset: string; [key: string]: unknown };

/** A way to think that has a name. */
export interface PolicyPreset {
  name: string;
  /** What it is, in one sentence. */
  text: string;
  /** All its settings. */
  policy: PolicySettings;
}
/** A way to learn that has a name: `preset` of a training configuration. */
export interface MethodPreset {
  name: string;
  text: string;
  /** The settings it fixes; `objective` is always among them. */
  config: Record<string, unknown>;
}
export interface Presets {
  policies: PolicyPreset[];
  /** Empty where the engine knows its two objectives only. */
  methods: MethodPreset[];
}

export interface QuestionOptions {
  task: string;
  difficulty?: number;
  questionSeed: number;
  split?: Split;
}
export interface Question {
  prompt: string;
  answer: string;
}

export interface ThinkOptions {
  task: string;
  /** Default: the task's own. */
  difficulty?: number;
  /** The question's text; or leave it out and give `questionSeed`. */
  question?: string;
  questionSeed?: number;
  /** Which questions `questionSeed` counts; default "held_out". */
  split?: Split;
  /** Default "soft". */
  policy?: Policy;
  /** Longest completion in tokens; default: the task's own. */
  maxSteps?: number;
  /** Default: follows from the lab's. */
  seed?: number;
}

/**
 * One step of a thought. Arrays run over the candidates, largest mixture weight first; those of Multiplex over its draws, as drawn.
 * Of soft tokens, which blend the whole vocabulary, the heaviest few are shown: their weights need not add up to 1.
 */
export interface ThinkStep {
  step: number;
  phase: "think" | "answer";
  candidates: string[];
  candidate_ids: number[];
  /** Nats, renormalised over the candidates. */
  log_probs: number[];
  /** Gumbel(0, 1), clamped where the policy says so; of control noises sample minus probability. Empty where noise is on no candidate. */
  noise: number[];
  /** `log_probs + noise_scale * noise`: what SofT-GRPO stores and scores; of control noises the samples. Empty as `noise`. */
  perturbed: number[];
  /** `softmax(perturbed / gumbel_temperature)`, samples over their sum, or what the way to think has: the weights of the blend. */
  mixture: number[];
  /** Entropy of `mixture`, nats. */
  entropy: number;
  /** Entropy of the model's whole distribution, nats. */
  model_entropy: number;
  /** What a grader reads: the candidate of largest weight, the likeliest token of soft tokens, the first draw of Multiplex. */
  token: string;
  token_id: number;
  /** The blend is the next input, not the token alone. */
  soft: boolean;
  /** No choice of the model's that training could score: a stop rule ended the thought, or soft tokens' likeliest token did. */
  forced: boolean;
  /** The noise made another candidate the largest than the model alone would have; the first draw of Multiplex is not the likeliest. */
  winner_changed: boolean;
}

/** The last item of a thought. */
export interface ThinkResult {
  question: string;
  expected: string;
  /** What stood between the answer marks, or null where the model never got there. */
  answer: string | null;
  /** 0 to 1. */
  grade: number;
  /** What an honest grader says, where the grade is known to have a loophole; it is never a reward. */
  audit?: number;
  thought: string;
  text: string;
  /** All steps, those of the answer too. */
  steps: number;
  /** Mean over the thinking steps, nats. */
  mixture_entropy: number;
  finished: boolean;
}

/** What a run starts with: the configuration in effect, defaults filled in. */
export interface TrainStart {
  config: Record<string, unknown>;
  /** Steps already done: 0 unless the run was resumed. */
  step: number;
  /** Held-out accuracy before the first step, where the configuration asks for evaluations. */
  "val/pass@1"?: number;
  "val/pass@k"?: number;
}

/** The numbers of one training step. Keys are those of TRL, grouped by `/`; a number that was not measured is absent. */
export interface Metrics {
  step: number;
  reward: number;
  reward_std: number;
  frac_reward_zero_std: number;
  entropy: number;
  /** Absent without a KL term. */
  kl?: number;
  grad_norm: number;
  learning_rate: number;
  /** Updates left out, since their gradient was not finite. */
  skipped_updates?: number;
  /** Seconds. */
  step_time: number;
  [key: string]: number | undefined;
}

/** What is kept of a run for its charts: one row a step, and one for the start with what was measured there. */
export interface HistoryRow {
  step: number;
  [key: string]: number | undefined;
}

export interface SampleStep {
  token: string;
  phase: "think" | "answer";
  mixture: number[];
  candidates: string[];
  noise: number[];
  entropy: number;
}

/** One rollout of the newest training step. */
export interface Sample {
  question: string;
  expected: string;
  answer: string | null;
  reward: number;
  /** What an honest grader says, where the grade is known to have a loophole. */
  audit?: number;
  advantage: number;
  text: string;
  steps: SampleStep[];
}

export interface EvaluateOptions {
  task: string;
  /** Default: the task's own. */
  difficulty?: number;
  /** Default "soft". */
  policy?: Policy;
  /** Which questions; default "held_out". */
  split?: Split;
  /** How many; default 64. */
  questions?: number;
  /** Questions are counted from this one; default 0. */
  firstQuestion?: number;
  /** Samples a question; default 32. */
  samples?: number;
  /** The k of pass@k, none above `samples`; default 1, 8 and 32. */
  k?: number[];
  /** Default: follows from the lab's. */
  seed?: number;
  /** Longest completion in tokens; default: the task's own. */
  maxSteps?: number;
}

export interface Report {
  pass_at_k: { k: number; value: number }[];
  pass_at_1: number;
  /** Mean of what an honest grader says, where the grade is known to have a loophole. */
  audit?: number;
  majority: number;
  mean_length: number;
  mean_thought_length: number;
  /** Of the right answers; null where none is right. */
  mean_length_correct: number | null;
  /** Share of completions that ended by themselves. */
  finished: number;
  /** Null for discrete thinking. */
  mixture_entropy: number | null;
  /** Share of soft steps with more than .95 on one token; null for discrete thinking. */
  near_one_hot: number | null;
  entropy: number;
  /** What uniform guessing would score. */
  guessing: { k: number; value: number }[];
  questions: number;
  samples: number;
}

export interface DiagnoseOptions {
  task: string;
  /** Default: the task's own. */
  difficulty?: number;
  /** Default "soft". */
  policy?: Policy;
  /** Held-out questions; default 16. */
  questions?: number;
  /** Samples a question; default 4. */
  samples?: number;
  /** Soft steps in whose place single tokens are tried; default 64. */
  probes?: number;
  /** Default: follows from the lab's. */
  seed?: number;
  /** Longest completion in tokens; default: the task's own. */
  maxSteps?: number;
}

/** What the thoughts of a policy were like, whatever their answers. Shares and means are over soft steps unless said otherwise. */
export interface Diagnosis {
  rollouts: number;
  soft_steps: number;
  /** Nats. */
  mixture_entropy: number;
  /** e to the power of that entropy, meant over steps: how many tokens a blend amounts to. */
  effective_tokens: number;
  /** Share of steps whose largest weight exceeds .95. */
  near_one_hot: number;
  /** Shares of steps by their largest weight, in equal bins from 0 to 1. */
  max_weight: number[];
  /** Steps whose next distribution was compared. */
  probes: number;
  /** Jensen-Shannon divergence, nats, of what follows the blend from what follows its heaviest token alone; null without probes. */
  js_top_1: number | null;
  /** The same for its second heaviest token. */
  js_top_2: number | null;
  /** Shares of probes by either divergence, in equal bins from 0 to ln 2. */
  js_top_1_bins: number[];
  js_top_2_bins: number[];
  /** Edits between a thought's tokens and the greedy thought's, over the longer one's length; mean over rollouts. */
  edit_distance_to_greedy: number;
}

export type ExportFormat = "safetensors" | "gguf";

/** What a language model has learned beside its frozen weights: the two files of Hugging Face PEFT. */
export interface Adapter {
  /** adapter_config.json. */
  config: string;
  /** adapter_model.safetensors. */
  weights: Uint8Array<ArrayBuffer>;
}

/** What is known of a run that was saved in this browser. */
export interface SavedRun {
  /** Another tab of this browser is doing this run now: here it can be neither resumed nor forgotten. */
  elsewhere?: boolean;
  task: string;
  step: number;
  /** Milliseconds since 1970. */
  savedAt: number;
  config: Record<string, unknown>;
  /** The run's numbers so far, oldest first. */
  history: HistoryRow[];
}

/** Where a file of known `integrity` is kept: in the origin's private file system, or nowhere. */
export type CacheChoice = "opfs" | "none";

export interface Progress {
  /**
   * Where things are: `engine` (bytes of the engine), `model` (bytes of the weights), `read`, `prepare` (all
   * of a language model is read), `compile` (pipelines of the GPU engine),
   * `evaluate` (questions), `diagnose` (probes). Two are no progress but notices, and `text` says what they mean: `recovered` (the GPU
   * was lost and came back), `notice` (something needs nothing done, as a file that could not be kept).
   */
  phase: string;
  /** Bytes or pieces, as `text` says. */
  loaded: number;
  /** 0 where it is not known. */
  total: number;
  text: string;
}

/** The GPU as the browser names it; much of it may be empty, browsers hide what could identify people. */
export interface AdapterReport {
  vendor: string;
  architecture: string;
  description: string;
  /** Imitated by the processor: the browser says so, or its name does (SwiftShader, llvmpipe, lavapipe). */
  fallback: boolean;
}

export interface AdapterLimits {
  /** Bytes. */
  maxBufferSize: number;
  /** Bytes. */
  maxStorageBufferBindingSize: number;
  /** Bytes. */
  maxComputeWorkgroupStorageSize: number;
  maxComputeInvocationsPerWorkgroup: number;
  maxStorageBuffersPerShaderStage: number;
}

/** What this browser keeps for the page's origin. */
export interface StorageReport {
  /** Files can be kept, so that a later visit fetches nothing. */
  usable: boolean;
  /** Why not, in one sentence; empty where they can. */
  reason: string;
  /** Bytes; absent where the browser does not say. */
  used?: number;
  quota?: number;
  /** The browser does not clear it when room gets scarce. */
  persisted: boolean;
}

/** What `probe()` found. */
export interface Capabilities {
  wasmSimd: boolean;
  /** The browser gave an adapter, so that the GPU engine can be tried. */
  webgpu: boolean;
  /** Why there is no WebGPU, in one sentence; empty where there is. */
  webgpuReason: string;
  adapter: AdapterReport | null;
  /** Shaders may use 16-bit floats. The lab does without. */
  f16: boolean;
  limits: AdapterLimits | null;
  secureContext: boolean;
  cores: number;
  storage: StorageReport;
  /** What opening a lab fetches: bytes of the engine, and whether this browser keeps them already. */
  engine: { bytes: number; kept: boolean };
  /** Sentences a person can act on, the most useful first; empty where all is well. */
  advice: string[];
}

// ---------------------------------------------------------------- the wire

/** One row a request: what is sent, what comes while it runs, what comes when it is done. */
export interface Wire {
  open: { send: OpenOptions; event: Progress; done: OpenAnswer };
  load: { send: LoadRequest; event: Progress; done: ModelInfo };
  /** After `plan` it waits for `confirm`. */
  "load-language": { send: LanguageRequest; event: Progress | { plan: LanguagePlan }; done: ModelInfo };
  engine: { send: null; event: Progress; done: EngineInfo | null };
  question: { send: QuestionOptions; event: Progress; done: Question };
  think: { send: ThinkOptions; event: ThinkStep | Progress; done: ThinkResult };
  train: { send: TrainConfig; event: TrainEvent; done: TrainEnd };
  resume: { send: null; event: TrainEvent; done: TrainEnd };
  evaluate: { send: EvaluateOptions; event: Progress; done: Report };
  diagnose: { send: DiagnoseOptions; event: Progress; done: Diagnosis };
  experiment: { send: ExperimentOptions; event: ExperimentEvent; done: ExperimentEnd };
  "resume-experiment": { send: null; event: ExperimentEvent; done: ExperimentEnd };
  "saved-experiment": { send: null; event: never; done: SavedExperiment | null };
  "forget-experiment": { send: null; event: never; done: null };
  "add-task": { send: OwnQuestions; event: Progress; done: TaskInfo };
  export: { send: { format: ExportFormat }; event: Progress; done: Uint8Array<ArrayBuffer> };
  /** Null for a small model, which learns as a whole. */
  "learning-plan": { send: TrainConfig; event: Progress; done: LearningPlan | null };
  "export-adapter": { send: null; event: Progress; done: Adapter };
  "load-adapter": { send: Adapter; event: Progress; done: null };
  /** The second lab: what there is, then a run. Needs no `open`. */
  "semantic-open": { send: null; event: Progress; done: SemanticArms };
  "semantic-run": { send: SemanticRunOptions; event: SemanticEvent; done: SemanticEnd };
  saved: { send: null; event: never; done: SavedRun | null };
  forget: { send: null; event: never; done: null };
  /** For tests: what a driver's crash would do. Falls into what is running, where the engine allows it. */
  "lose-device": { send: null; event: never; done: null };
}
export type Kind = keyof Wire;

export interface LoadRequest {
  source: string | File | ArrayBuffer;
  integrity?: string;
  cache?: CacheChoice;
}

export interface OpenOptions {
  engine: EngineChoice;
  seed?: number;
  /** Default true: runs are saved in this browser. */
  keepRuns?: boolean;
}
export interface OpenAnswer {
  version: string;
  /** Those of small models. */
  tasks: TaskInfo[];
  /** What each number of a training step means, by its key. */
  metricDefinitions: Record<string, string>;
  presets: Presets;
}

/** How far a training step is. */
export interface StepProgress {
  /**
   * `think`: completions are made, `done` tokens of `total` at most; `score`: their log densities are taken, `learn`: gradients and
   * updates, both counted in completions, once for each policy or iteration; `measure`: held-out questions, counted in thirds.
   */
  phase: "think" | "score" | "learn" | "measure";
  /** Not whole where completions go side by side: then as many as the work done so far amounts to, about. */
  done: number;
  total: number;
}

export type TrainEvent =
  | { type: "started"; start: TrainStart }
  /** Within the step that will be number `step`, where one takes long: at each new phase, else five times a second at most. */
  | ({ type: "progress"; step: number } & StepProgress)
  /** `samples`: all of the step's rollouts, group after group of `num_generations`. `remarks`: what the step did not do as usual. */
  | { type: "metrics"; metrics: Metrics; samples: Sample[]; remarks: string[] }
  | { type: "paused"; step: number }
  | { type: "resumed"; step: number }
  /** The run shows a sign of collapse and waits: for `resume`, `returnToBest` or `stop`. No `bestStep`: there is no way back. */
  | { type: "collapsed"; step: number; sign: "reward" | "entropy" | "kl"; message: string; bestStep?: number }
  /** The run went back to its best moment, as asked; the steps after `step` are gone. */
  | { type: "returned"; step: number }
  /** The GPU was lost and came back; the run goes on from `step`, and takes the steps after it again. */
  | { type: "recovered"; step: number; message: string }
  | { type: "checkpoint"; step: number; savedAt: number }
  /** Training goes on, but this checkpoint could not be kept. */
  | { type: "checkpoint-failed"; step: number; message: string };

export interface TrainEnd {
  step: number;
  /** `finished`: all of `max_steps`; `stopped`: asked to. */
  reason: "finished" | "stopped";
}

export interface Failure {
  code: string;
  message: string;
}

/** `return-to-best` is for a run that collapsed, `confirm` for a plan; nothing to any other. */
export type ControlAction = "pause" | "resume" | "stop" | "return-to-best" | "confirm";

export type Request = { [K in Kind]: { type: "request"; id: number; kind: K; body: Wire[K]["send"] } }[Kind];
export type ToWorker =
  Request | { type: "cancel"; id: number } | { type: "control"; id: number; action: ControlAction };

/** What goes to the worker before anything else: the lock that it is to hold as long as it lives. */
export interface HoldLock {
  type: "hold";
  lock: string;
}
/** That it holds it now. */
export interface LockHeld {
  type: "held";
  lock: string;
}

export type FromWorker =
  | { type: "event"; id: number; body: Wire[Kind]["event"] }
  | { type: "done"; id: number; body: Wire[Kind]["done"] }
  | { type: "failed"; id: number; failure: Failure }
  | { type: "cancelled"; id: number };
