// The wasm module as the worker sees it. Types only: the module is built from the Rust crate's src/wasm.

import type {
  DiagnoseOptions,
  Diagnosis,
  EngineChoice,
  EngineInfo,
  EvaluateOptions,
  ExportFormat,
  Metrics,
  ModelInfo,
  Presets,
  Question,
  QuestionOptions,
  Report,
  Sample,
  TaskInfo,
  ThinkOptions,
  ThinkResult,
  ThinkStep,
  TrainConfig,
  TrainStart,
} from "./protocol.js";

/** Something that happened during a call that did not fail it. */
export interface Notice {
  kind: "recovered";
  message: string;
  /** The training step that is gone on from, where a run is going. */
  step?: number;
}

/** Why a run pauses itself. */
export interface Collapse {
  sign: "reward" | "entropy" | "kl";
  message: string;
  step: number;
  best_step: number;
}

/**
 * Methods throw or reject with an Error that has a `code`. One async method at a time; only `cancel` may be called meanwhile, and
 * `loseDevice`, which may refuse with `not-ready`.
 */
export interface DoorLab {
  /** `onProgress` is told of the pipelines as they compile. Under "auto" the engine is chosen here. */
  loadModel(bytes: Uint8Array, onProgress: (phase: "engine", done: number, total: number) => void): Promise<ModelInfo>;
  /** What computes now; null before a model is loaded. */
  engineInfo(): EngineInfo | null;
  /** What happened since the last time this was asked. */
  takeNotices(): Notice[];
  question(options: QuestionOptions): Question;
  think(options: ThinkOptions, onStep: (step: ThinkStep) => void): Promise<ThinkResult>;
  startTraining(config: TrainConfig): Promise<TrainStart>;
  /** One step; yields to the event loop inside, so that `cancel` can land. */
  trainStep(): Promise<Metrics>;
  samples(): Sample[];
  /** What the newest step did not do as usual, one sentence each: updates left out. */
  remarks(): string[];
  /** Why the run pauses, or null: `trainStep` is refused until one of the next two. */
  collapse(): Collapse | null;
  /** Goes on from where the run stands. */
  acknowledgeCollapse(): void;
  /** Goes on from the best moment that was kept; the steps done then. `not-ready` where none was, as after a reload. */
  restoreBest(): Promise<number>;
  evaluate(options: EvaluateOptions, onProgress: (done: number, total: number) => void): Promise<Report>;
  /** `onProgress` is told of the probes, where the engine tells. */
  diagnose(options: DiagnoseOptions, onProgress: (done: number, total: number) => void): Promise<Diagnosis>;
  exportModel(format: ExportFormat): Promise<Uint8Array<ArrayBuffer>>;
  saveRun(): Promise<Uint8Array<ArrayBuffer>>;
  resumeRun(bytes: Uint8Array): Promise<TrainStart>;
  cancel(): void;
  /** Destroys the GPU device, for tests; nothing where there is none. */
  loseDevice(): void;
  free(): void;
}

export interface Door {
  default(module: { module_or_path: Response | Promise<Response> | URL }): Promise<unknown>;
  version(): string;
  tasks(): TaskInfo[];
  metricDefinitions(): Record<string, string>;
  presets(): Presets;
  /** `open` rejects with `no-webgpu` or `no-adapter` where a GPU is asked for and there is none. */
  Lab: { open(options: { engine: EngineChoice; seed?: number }): Promise<DoorLab> };
}
