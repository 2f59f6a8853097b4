// What the page knows of earlier runs and of how the newest tries are shown. No DOM, no lab.

import type { HistoryRow } from "soft-thinking-lab";

import type { Arm } from "./experiment.ts";
import type { Ink } from "./findings.ts";
import type { Method } from "./methods.ts";

/** A run that ended, with all that is needed to look at it and to do it again. */
export interface KeptRun {
  id: string;
  /** Counted in this browser, so that two runs of a method are told apart. */
  number: number;
  /** The visitor's own name for it; "" for the usual one. */
  name: string;
  endedAt: number;
  end: "finished" | "stopped";
  task: string;
  method: Method;
  steps: number;
  engine: string;
  /** Steps the model had been trained for when the run began. */
  trainedBefore: number;
  /** The model's file, and whether it was one that the visitor brought. */
  model: string;
  ownModel: boolean;
  /** Every setting in effect. */
  config: Record<string, unknown>;
  /** What the form had: the settings that were changed, the run of an experiment it was set up like, the steps wanted. */
  settings: Record<string, string>;
  arm: Arm | undefined;
  stepsWanted: number | undefined;
  rows: HistoryRow[];
}

export type SampleOrder = "asked" | "most" | "least";

export interface ToolsState {
  /** Newest first; undefined until the browser's storage has answered. */
  kept: readonly KeptRun[] | undefined;
  /** Those laid over the charts, in the order they were chosen. */
  shown: readonly string[];
  /** The kept run that is the one on the page. */
  current: string | undefined;
  renaming: string | undefined;
  /** Why nothing is kept over a reload. */
  problem: string | undefined;
  samplesAsTable: boolean;
  sampleOrder: SampleOrder;
  /** The sentence that the page was set up by, and what it says to do. */
  said: { name: string; words: string } | undefined;
}

export function initialTools(): ToolsState {
  return {
    kept: undefined,
    shown: [],
    current: undefined,
    renaming: undefined,
    problem: undefined,
    samplesAsTable: false,
    sampleOrder: "asked",
    said: undefined,
  };
}

/** How runs that are laid over are drawn, in the order they were chosen: told by their dashes as well as by their colour. */
const INKS: readonly Ink[] = [
  { colour: "--good", dash: [8, 4] },
  { colour: "--arm-purple", dash: [2, 3] },
  { colour: "--attention", dash: [10, 3, 2, 3] },
  { colour: "--arm-brown", dash: [14, 5] },
  { colour: "--arm-sky", dash: [4, 2] },
];
export const SHOWN_MAX = INKS.length;

/** The ink of a run that is laid over. */
export function inkOfShown({ shown }: ToolsState, id: string): Ink | undefined {
  return INKS[shown.indexOf(id)];
}

export interface Laid {
  run: KeptRun;
  ink: Ink;
}

/** The runs laid over the one on the page, which is drawn already. */
export function laidOver(tools: ToolsState): Laid[] {
  const { kept = [], shown, current } = tools;
  return shown.flatMap((id) => {
    const run = kept.find((one) => one.id === id);
    const ink = inkOfShown(tools, id);
    return run === undefined || ink === undefined || id === current ? [] : [{ run, ink }];
  });
}

/** The newest value of a number in some rows. */
export function lastOf(rows: readonly HistoryRow[], key: string): number | undefined {
  return rows.findLast((row) => row[key] !== undefined)?.[key];
}
