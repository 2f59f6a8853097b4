// The files that `lab experiment` writes, as the page reads them: a summary, the records of single runs, and the list of what there is.
// Not here: what is made of them (findings.ts).

import type { Method } from "./methods.ts";

/** One entry of results/index.json; the addresses are seen from there. */
export interface Listed {
  name: string;
  title: string;
  /** The summary's file. */
  summary: string;
  /** The folder of runs, TASK/ARM-SEED.json below it. */
  runs: string;
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
/** "held_out", "train" or another kind of questions. */
export type Split = string;

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

/** What the page reads of a run's record. */
export interface RunRecord {
  task: string;
  difficulty: number;
  arm: string;
  seed: number;
  model: string;
  /** Every setting in effect; null for an arm that does not train. */
  config: Record<string, unknown> | null;
  policy: Record<string, unknown>;
  evaluate: Record<string, unknown>;
  engine: string;
  version: string;
  collapse: string | null;
  train_seconds: number;
}

/** A run of an experiment, as something to do again in this tab. */
export interface Arm {
  title: string;
  task: string;
  difficulty: number;
  seed: number;
  steps: number;
  method: Method;
  /** Its settings, without what the page chooses itself: the task, the steps and how often to measure on the way. */
  config: Record<string, unknown>;
  /** The name of the model's file it began with. */
  model: string;
}

/** Whether this is a list of experiments. */
export function isIndex(value: unknown): value is Listed[] {
  const text = (one: unknown, key: string) => typeof (one as Record<string, unknown>)[key] === "string";
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one === "object" && one !== null && text(one, "summary") && text(one, "runs"))
  );
}

export function isSummary(value: unknown): value is Summary {
  return typeof value === "object" && value !== null && Array.isArray((value as Partial<Summary>).tasks);
}

export function isRun(value: unknown): value is RunRecord {
  return typeof value === "object" && value !== null && typeof (value as Partial<RunRecord>).arm === "string";
}
