// The wasm module as the worker sees it. Types only: the module is built from the Rust crate's src/wasm.

import type { ExperimentPlan, RunRecord, Summary } from "./experiment.js";
import type { LanguagePlan, LearningPlan } from "./language-protocol.js";
import type { GraderFunction } from "./own-grader.js";
import type {
  Adapter,
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
  StepProgress,
  TaskInfo,
  ThinkOptions,
  ThinkResult,
  ThinkStep,
  TrainConfig,
  TrainStart,
} from "./protocol.js";
import type {
  SemanticArm,
  SemanticArms,
  SemanticEpoch,
  SemanticRanking,
  SemanticRunOptions,
  SemanticScene,
  SemanticSnapshot,
} from "./semantic-protocol.js";
import type { Source } from "./source.js";

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

/** Which run of a plan. */
export interface ArmOptions {
  plan: ExperimentPlan;
  task: string;
  arm: string;
  seed: number;
}

/** What a piece of a run of an experiment was. */
export type ArmStep =
  | { did: "started"; config: Record<string, unknown> }
  | { did: "trained"; metrics: Record<string, number | null> }
  | { did: "measured" }
  | { did: "done" };

/**
 * Methods throw or reject with an Error that has a `code`. One async method at a time; only `cancel` may be called meanwhile, and
 * `loseDevice`, which may refuse with `not-ready`.
 */
export interface DoorLab {
  /** `onProgress` is told of the pipelines as they compile. Under "auto" the engine is chosen here. */
  loadModel(bytes: Uint8Array, onProgress: (phase: "engine", done: number, total: number) => void): Promise<ModelInfo>;
  /** Under "auto" a GPU is looked for; nothing large is read. */
  planLanguageModel(
    file: DoorLanguageFile,
    context: number,
    memory: number,
  ): Promise<Omit<LanguagePlan, "available" | "toFetch" | "kept">>;
  /** Asks the source for ranges, one after the other. `render` is called by each thought from then on. */
  loadLanguageModel(
    file: DoorLanguageFile,
    source: Source,
    options: DoorLanguageOptions,
    render: RenderTemplate,
  ): Promise<ModelInfo>;
  /** What computes now; null before a model is loaded. */
  engineInfo(): EngineInfo | null;
  /** What happened since the last time this was asked. */
  takeNotices(): Notice[];
  question(options: QuestionOptions): Question;
  addTask(name: string, jsonl: string, grader: "exact" | "numeric" | GraderFunction): TaskInfo;
  think(options: ThinkOptions, onStep: (step: ThinkStep) => void): Promise<ThinkResult>;
  startTraining(config: TrainConfig): Promise<TrainStart>;
  /** One step; yields to the event loop inside, so that `cancel` can land. `onProgress` is called where it takes long. */
  trainStep(onProgress: (progress: StepProgress) => void): Promise<Metrics>;
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
  /** Of the model that is loaded; null where it learns as a whole. */
  learningPlan(config: TrainConfig): LearningPlan | null;
  exportAdapter(): Promise<Adapter>;
  loadAdapter(config: string, weights: Uint8Array): Promise<void>;
  saveRun(): Promise<Uint8Array<ArrayBuffer>>;
  resumeRun(bytes: Uint8Array): Promise<TrainStart>;
  /** Makes ready for a run of an experiment, from the model as it is now; `steps` of training. */
  startArm(options: ArmOptions): { steps: number };
  /** From the record so far and the checkpoint of the same moment; without one the model must be loaded. */
  resumeArm(options: ArmOptions, record: RunRecord, checkpoint?: Uint8Array): Promise<{ steps: number }>;
  armStep(onProgress: (phase: "train" | "evaluate", done: number, total: number) => void): Promise<ArmStep>;
  armRecord(): RunRecord;
  cancel(): void;
  /** Destroys the GPU device, for tests; nothing where there is none. */
  loseDevice(): void;
  free(): void;
}

/** The small files of a Hugging Face folder. */
export interface FolderTexts {
  config: string;
  tokenizer: string;
  /** tokenizer_config.json. */
  settings?: string;
  /** chat_template.jinja. */
  template?: string;
}

/** The beginning of a language model's file, read. `loadLanguageModel` uses it up. */
export interface DoorLanguageFile {
  free(): void;
}
export interface DoorLanguageOptions {
  context: number;
  memory: number;
  chatTemplate?: string | undefined;
  instruction?: string | undefined;
  wholeMark?: boolean | undefined;
  bridge?: string | undefined;
}
/** (template, question, mark of the beginning, mark of the end) → the prompt. */
export type RenderTemplate = (template: string, question: string, begin: string, end: string) => string;

/** One run of the second lab; one async method at a time, `cancel` meanwhile. */
export interface DoorSemanticLab {
  /** Opens what the setting `engine` asks for; its name, for people. */
  engine(): Promise<string>;
  config(): SemanticArm["settings"];
  scene(): SemanticScene;
  snapshot(): SemanticSnapshot;
  first(): Promise<SemanticEpoch>;
  /** Yields to the event loop inside. After a cancel the next call goes on with the same epoch. */
  epoch(onUpdate: (done: number, total: number) => void): Promise<SemanticEpoch>;
  finished(): boolean;
  test(): Promise<SemanticRanking>;
  cancel(): void;
  free(): void;
}

export interface Door {
  default(module: { module_or_path: Response | Promise<Response> | URL }): Promise<unknown>;
  version(): string;
  tasks(): TaskInfo[];
  metricDefinitions(): Record<string, string>;
  presets(): Presets;
  /** The tables of a plan's records. */
  summarise(plan: ExperimentPlan, records: RunRecord[]): Summary;
  semanticArms(): SemanticArms;
  /** Null for a file of another kind. */
  LanguageFile: {
    open(source: Source): Promise<DoorLanguageFile | null>;
    openFolder(texts: FolderTexts, lengths: Float64Array, source: Source): Promise<DoorLanguageFile>;
  };
  /** Not the module's: what renders chat templates, fetched when it is needed. */
  templates(): Promise<RenderTemplate>;
  SemanticLab: { start(options: SemanticRunOptions): DoorSemanticLab };
  /** `open` rejects with `no-webgpu` or `no-adapter` where a GPU is asked for and there is none. */
  Lab: { open(options: { engine: EngineChoice; seed?: number }): Promise<DoorLab> };
}
