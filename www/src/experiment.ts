// The files that `lab experiment` writes, as the page reads them: a summary, the records of single runs, and the list of what there is.
// Not here: what is made of them (findings.ts).

import type { ExperimentPlan, RunRecord, Summary } from "soft-thinking-lab";

import type { Method } from "./methods.ts";

export type {
  ArmSummary,
  AtK,
  Contrast,
  CurvePoint,
  Equal,
  Interval,
  Known,
  Measured,
  Meeting,
  RunRecord,
  Split,
  Summary,
  TaskSummary,
} from "soft-thinking-lab";

/** One entry of results/index.json; the addresses are seen from there. */
export interface Listed {
  name: string;
  title: string;
  /** The summary's file. */
  summary: string;
  /** The folder of runs, TASK/ARM-SEED.json below it. */
  runs: string;
  /** The plan's file, where the same runs can be done in this tab. */
  plan?: string | undefined;
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

export function isPlan(value: unknown): value is ExperimentPlan {
  const { tasks, arms, seeds } = Object(value) as Partial<ExperimentPlan>;
  return [tasks, arms, seeds].every((one) => Array.isArray(one));
}
