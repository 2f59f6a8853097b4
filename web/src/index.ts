// What the package offers.

export { createLab, isResult, Lab } from "./client.js";
export type { Abortable, LabOptions, Watchable } from "./client.js";
export { LabError } from "./error.js";
export { probe } from "./probe.js";
export { Run } from "./run.js";
export type { TrainCallOptions } from "./run.js";
export type {
  AdapterLimits,
  AdapterReport,
  Capabilities,
  DiagnoseOptions,
  Diagnosis,
  DiscretePolicy,
  Drawing,
  EngineChoice,
  EngineInfo,
  EvaluateOptions,
  ExportFormat,
  HistoryRow,
  MethodPreset,
  Metrics,
  ModelInfo,
  MultiplexPolicy,
  Noise,
  Objective,
  Policy,
  PolicyPreset,
  PolicySettings,
  Presets,
  Progress,
  Question,
  QuestionOptions,
  Report,
  Sample,
  SampleStep,
  SavedRun,
  SoftPolicy,
  SoftTokensPolicy,
  TaskInfo,
  ThinkOptions,
  ThinkResult,
  ThinkStep,
  TrainConfig,
  TrainEnd,
  TrainEvent,
  TrainStart,
} from "./protocol.js";
