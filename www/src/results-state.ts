// What the page knows of the experiments' results, and what of it the visitor looks at. No DOM, no lab.

import type { ExperimentPlan } from "soft-thinking-lab";

import type { Listed, RunRecord, Split, Summary, TaskSummary } from "./experiment.ts";
import { OWN } from "./findings.ts";

export interface ResultsState {
  /** undefined: not asked for yet. */
  index: Listed[] | undefined;
  loading: boolean;
  /** Why there is nothing to see. */
  problem: string | undefined;
  chosen: Listed | undefined;
  summary: Summary | undefined;
  /** What the experiment consists of, where that is published too. */
  plan: ExperimentPlan | undefined;
  /** The fold is open. */
  shown: boolean;
  task: string;
  hidden: readonly string[];
  split: Split;
  mode: string;
  /** The run that is open. */
  run: OpenRun | undefined;
}

export interface OpenRun {
  arm: string;
  seed: number;
  address: string;
  record: RunRecord | undefined;
  problem: string | undefined;
}

export function initialResults(): ResultsState {
  return {
    index: undefined,
    loading: false,
    problem: undefined,
    chosen: undefined,
    summary: undefined,
    plan: undefined,
    shown: false,
    task: "",
    hidden: [],
    split: "held_out",
    mode: OWN,
    run: undefined,
  };
}

export function chosenTask({ summary, task }: ResultsState): TaskSummary | undefined {
  return summary?.tasks.find((one) => one.task === task) ?? summary?.tasks[0];
}
