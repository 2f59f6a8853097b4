// What the package offers.

export { createLab, isResult, Lab } from "./client.js";
export type {
  Abortable,
  ExperimentCallOptions,
  LabOptions,
  LanguageModelOptions,
  LoadOptions,
  OwnTask,
  Watchable,
} from "./lab-options.js";
export { LabError } from "./error.js";
export type {
  ArmSummary,
  AtK,
  Contrast,
  CurvePoint,
  Equal,
  EvaluationRecord,
  ExperimentEnd,
  ExperimentEvent,
  ExperimentOptions,
  ExperimentPlan,
  Interval,
  Known,
  Measured,
  Meeting,
  PlannedArm,
  PlannedEvaluation,
  PlannedTask,
  RunRecord,
  SavedExperiment,
  Split,
  Summary,
  TaskSummary,
} from "./experiment.js";
export type { LanguagePlan, LearningPlan, MemoryPlan } from "./language-protocol.js";
export { forgetModel, keptModels, openKeptModel } from "./model-shelf.js";
export type { KeptModel } from "./model-shelf.js";
export type { GraderFunction } from "./own-grader.js";
export { probe } from "./probe.js";
export { Run } from "./run.js";
export type { TrainCallOptions } from "./run.js";
export { createSemanticLab, SemanticLab, SemanticRun } from "./semantic.js";
export type { SemanticCallOptions, SemanticLabOptions } from "./semantic.js";
export type * from "./semantic-protocol.js";
export { isKept } from "./shelf.js";
export type {
  Adapter,
  AdapterLimits,
  AdapterReport,
  CacheChoice,
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
  OwnGrader,
  OwnQuestions,
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
  StepProgress,
  SavedRun,
  SoftPolicy,
  SoftTokensPolicy,
  StorageReport,
  TaskInfo,
  ThinkOptions,
  ThinkResult,
  ThinkStep,
  TrainConfig,
  TrainEnd,
  TrainEvent,
  TrainStart,
} from "./protocol.js";
