// The wasm module as the worker sees it. Types only: the module is built from the Rust crate's src/wasm.

import type {
  EngineChoice,
  EvaluateOptions,
  ExportFormat,
  Metrics,
  ModelInfo,
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

/** Methods throw or reject with an Error that has a `code`. One async method at a time; `cancel` may be called meanwhile. */
export interface DoorLab {
  loadModel(bytes: Uint8Array): Promise<ModelInfo>;
  question(options: QuestionOptions): Question;
  think(options: ThinkOptions, onStep: (step: ThinkStep) => void): Promise<ThinkResult>;
  engineName(): string;
  startTraining(config: TrainConfig): Promise<TrainStart>;
  /** One step; yields to the event loop inside, so that `cancel` can land. */
  trainStep(): Promise<Metrics>;
  samples(): Sample[];
  evaluate(options: EvaluateOptions, onProgress: (done: number, total: number) => void): Promise<Report>;
  exportModel(format: ExportFormat): Promise<Uint8Array<ArrayBuffer>>;
  saveRun(): Promise<Uint8Array<ArrayBuffer>>;
  resumeRun(bytes: Uint8Array): Promise<TrainStart>;
  cancel(): void;
  free(): void;
}

export interface Door {
  default(module: { module_or_path: Response | Promise<Response> | URL }): Promise<unknown>;
  version(): string;
  tasks(): TaskInfo[];
  metricDefinitions(): Record<string, string>;
  Lab: new (options: { engine: EngineChoice; seed?: number }) => DoorLab;
}
