// What the second lab's page knows: choices, the rows of the runs it shows, own data, the published results. No words, no DOM.

import type {
  Capabilities,
  HistoryRow,
  SemanticArm,
  SemanticArmName,
  SemanticEnd,
  SemanticEpoch,
  SemanticEvent,
} from "soft-thinking-lab";

import { NONE } from "./choices.ts";
import type { Choices } from "./choices.ts";
import type { Published, PublishedRun } from "./results.ts";

export type Phase = "idle" | "running" | "paused";

/** One of the arms that run side by side. */
export interface Side {
  arm: SemanticArmName;
  rows: readonly HistoryRow[];
  last: SemanticEpoch | undefined;
  /** Share of its epochs that is done. */
  share: number;
  epochs: number;
  /** All settings of its run, once there is one. */
  config: SemanticArm["settings"] | undefined;
  end: SemanticEnd | undefined;
  /** What computes its updates, by its name, once there is a run. */
  engine?: string | undefined;
}

/** Own files, whether runs use them or not: that is a choice. */
export interface OwnData {
  items: string;
  interactions: string;
  /** One of the two is empty. */
  lacking: boolean;
}

/** A published run whose settings are those of the live part. */
export interface Loaded {
  name: string;
  seed: number;
  run: PublishedRun;
}

export interface PageState {
  choices: Choices;
  ignored: readonly string[];
  phase: Phase;
  /** There is something to see from a run. */
  ran: boolean;
  sides: readonly Side[];
  own: OwnData;
  loaded: Loaded | undefined;
  /** undefined: not read yet. */
  published: Published | null | undefined;
  problem: string | undefined;
  /** Of the published arms, those in the charts. */
  charted: readonly string[];
  announcement: string;
  /** What stands beside the choices: what the address asked for and is not here, what was not kept. */
  remark: string | undefined;
  /** What this browser has; undefined: not looked at yet. */
  capabilities: Capabilities | undefined;
  /** The GPU engine did not work: the code of the error. */
  gpuFailed: string | undefined;
}

export function armsOf({ arm, beside }: Choices): SemanticArmName[] {
  return beside === NONE || beside === arm ? [arm] : [arm, beside];
}

export function freshSides(choices: Choices): Side[] {
  return armsOf(choices).map((arm) => ({
    arm,
    rows: [],
    last: undefined,
    share: 0,
    epochs: 0,
    config: undefined,
    end: undefined,
  }));
}

export function initialState(choices: Choices, ignored: readonly string[]): PageState {
  return {
    choices,
    ignored,
    phase: "idle",
    ran: false,
    sides: freshSides(choices),
    own: { items: "", interactions: "", lacking: false },
    loaded: undefined,
    published: undefined,
    problem: undefined,
    charted: [],
    announcement: "",
    remark: undefined,
    capabilities: undefined,
    gpuFailed: undefined,
  };
}

/** A side after something happened in its run. */
export function afterEvent(side: Side, event: SemanticEvent): Side {
  if (event.type === "started") {
    const { config, epoch, engine } = event;
    return {
      ...side,
      rows: [rowOf(epoch)],
      last: epoch,
      share: 0,
      epochs: config.epochs,
      config,
      end: undefined,
      engine,
    };
  }
  if (event.type !== "epoch") return side;
  const { epoch } = event;
  return { ...side, rows: [...side.rows, rowOf(epoch)], last: epoch, share: epoch.epoch / Math.max(side.epochs, 1) };
}

/** The numbers of an epoch that are drawn or saved; those that were not measured are left out. */
export function rowOf(epoch: SemanticEpoch): HistoryRow {
  const row: HistoryRow = {
    step: epoch.epoch,
    sigma: epoch.sigma,
    temperature: epoch.temperature,
    unique_ids: epoch.conflicts.unique,
    most_on_one_id: epoch.conflicts.most,
  };
  for (const kind of ["nearest", "kept"] as const) {
    const levels = kind === "nearest" ? epoch.nearest : epoch.levels;
    levels.forEach(({ effective_codes, dead }, level) => {
      row[`${kind}_${level + 1}`] = effective_codes;
      row[`${kind}_dead_${level + 1}`] = dead;
    });
  }
  // Before the first epoch nothing was trained: these are 0 there, not measured.
  if (epoch.epoch > 0) {
    row.agreement = epoch.agreement;
    row.moved = epoch.drift;
    row.drift = epoch.drift_total;
    row.noisy = epoch.noisy;
    row.generation = epoch.generation;
    row.quantization = epoch.quantization;
    row.reconstruction = epoch.reconstruction;
  }
  if (epoch.validation !== null) {
    row.recall = epoch.validation.recall[1];
    row.ndcg = epoch.validation.ndcg[1];
  }
  return row;
}
