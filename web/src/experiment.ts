// Experiments as plain data: a plan, the record of a run, a summary, as `lab experiment` reads and writes them. Types only.

/** Settings of the method, by TRL's names. */
type Settings = Record<string, unknown>;

/** plan.json beside a summary: tasks, arms, seeds, one budget and one evaluation for all. Unknown keys are refused. */
export interface ExperimentPlan {
  name: string;
  title: string;
  tasks: PlannedTask[];
  seeds: number[];
  /** Settings of every arm that trains. */
  train?: Settings;
  evaluate?: PlannedEvaluation;
  arms: PlannedArm[];
}
export interface PlannedTask {
  task: string;
  difficulty?: number | null;
  /** The file every arm starts from, seen from the plan. The lab does not open it: load it first. */
  model: string;
  /** Tasks the model knew before: how well it still does is measured after the run. */
  known?: string[];
}
export interface PlannedEvaluation {
  questions?: number;
  samples?: number;
  k?: number[];
  /** With which questions a run ends. */
  splits?: Split[];
  /** Also while training, every this many steps; 0 for not. */
  every?: number;
  /** Further ways to think that the trained model is evaluated in. */
  modes?: string[];
  [key: string]: unknown;
}
export interface PlannedArm {
  name: string;
  title: string;
  /** Its own settings, over the plan's; absent or null: the model stays as it is. */
  train?: Settings | null;
  policy?: unknown;
}

/** "train", "held_out" or "ood": out of distribution. */
export type Split = string;

/** One evaluation of a run. */
export interface EvaluationRecord {
  step: number;
  split: Split;
  /** "own", or the name of a mode. */
  mode: string;
  samples: number;
  /** Right tries of each question. */
  correct: number[];
  [key: string]: unknown;
}

/** One run, as runs/TASK/ARM-SEED.json has it. */
export interface RunRecord {
  format: number;
  experiment: string;
  task: string;
  difficulty: number;
  arm: string;
  seed: number;
  model: string;
  /** Every setting in effect; null for an arm that does not train. */
  config: Settings | null;
  policy: Record<string, unknown>;
  evaluate: Record<string, unknown>;
  engine: string;
  version: string;
  guess_space: number;
  /** The metrics of every training step. */
  curve: Record<string, number | null>[];
  evaluations: EvaluationRecord[];
  known: { task: string; before: number; after: number }[];
  collapse: string | null;
  train_seconds: number;
}

/** A mean with its 95 % interval. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}
export interface AtK extends Interval {
  k: number;
}

export interface Measured {
  step: number;
  split: Split;
  /** "own", or the name of a mode. */
  mode: string;
  pass_at_k: AtK[];
  majority: number;
  mean_length: number;
  mean_thought_length: number;
  mean_length_correct: number | null;
  entropy: number;
  entropy_by_position: number[];
  mixture_entropy: number | null;
  near_one_hot: number | null;
}

/** One training step over all seeds; what was not finite is null. */
export interface CurvePoint {
  step: number;
  seconds: number | null;
  reward: number | null;
  reward_low: number | null;
  reward_high: number | null;
  entropy: number | null;
  length: number | null;
}

export interface Known {
  task: string;
  before: number;
  after: Interval;
}

export interface ArmSummary {
  arm: string;
  title: string;
  seeds: number[];
  measured: Measured[];
  curve: CurvePoint[];
  known: Known[];
  seconds_per_step: number | null;
  collapses: number;
}

/** Arm `a` minus arm `b`, both thinking as they were trained. */
export interface Contrast extends Interval {
  a: string;
  b: string;
  split: Split;
  k: number;
}

export type Equal = "compute" | "reward";
export interface Meeting {
  equal: Equal;
  value: number;
  arm: string;
  step: number;
  pass_at_k: AtK[];
}

export interface TaskSummary {
  task: string;
  difficulty: number;
  guess_space: number;
  guessing: [k: number, value: number][];
  arms: ArmSummary[];
  contrasts: Contrast[];
  meetings: Meeting[];
}

export interface Summary {
  experiment: string;
  title: string;
  runs: number;
  runs_planned: number;
  tasks: TaskSummary[];
}

// ---------------------------------------------------------------- doing one

/** Which runs of a plan to do, from the model that is loaded. */
export interface ExperimentOptions {
  plan: ExperimentPlan;
  /** One of the plan's tasks. */
  task: string;
  /** Names of arms, done in this order for each seed; default: all. */
  arms?: string[];
  /** Default: the plan's. */
  seeds?: number[];
}

export type ExperimentEvent =
  /** A run begins, or goes on with the record so far. `steps`: of the whole run; 0 for an arm that does not train. */
  | { type: "run"; arm: string; seed: number; steps: number; record: RunRecord | null }
  /** Training begins, with every setting in effect. */
  | { type: "started"; arm: string; seed: number; config: Settings }
  | { type: "step"; arm: string; seed: number; metrics: Record<string, number | null> }
  /** Questions done of an evaluation. */
  | { type: "evaluate"; arm: string; seed: number; done: number; total: number }
  /** The summary is of all runs that are done. */
  | { type: "finished"; arm: string; seed: number; record: RunRecord; summary: Summary }
  | { type: "checkpoint"; savedAt: number }
  /** The experiment goes on, but could not be kept. */
  | { type: "checkpoint-failed"; message: string }
  /** The GPU was lost and came back; steps may be taken again. */
  | { type: "recovered"; message: string };

export interface ExperimentEnd {
  records: RunRecord[];
  summary: Summary;
}

/** What is kept of an experiment in this browser. */
export interface SavedExperiment {
  plan: ExperimentPlan;
  task: string;
  arms: string[];
  seeds: number[];
  /** Milliseconds since 1970. */
  savedAt: number;
  /** Of the runs that are done. */
  records: RunRecord[];
  /** The run that was under way, as far as it was kept. */
  current: { arm: string; seed: number; steps: number; record: RunRecord } | null;
  /** Of the runs that are done; null before the first. */
  summary: Summary | null;
}
