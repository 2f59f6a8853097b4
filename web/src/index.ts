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
  DiscretePolicy,
  EngineChoice,
  EngineInfo,
  EvaluateOptions,
  ExportFormat,
  HistoryRow,
  Metrics,
  ModelInfo,
  Objective,
  Policy,
  Progress,
  Question,
  QuestionOptions,
  Report,
  Sample,
  SampleStep,
  SavedRun,
  SoftPolicy,
  TaskInfo,
  ThinkOptions,
  ThinkResult,
  ThinkStep,
  TrainConfig,
  TrainEnd,
  TrainEvent,
  TrainStart,
} from "./protocol.js";
