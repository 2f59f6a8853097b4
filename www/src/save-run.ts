// Runs and tries as files: numbers as CSV, everything as JSON. All values of the CSV are numbers, so nothing needs quoting.

import type { HistoryRow, Sample } from "soft-thinking-lab";

import { csv } from "./format.ts";
import { saveFile } from "./save-file.ts";
import { fileName } from "./save-picture.ts";
import type { KeptRun } from "./tools-state.ts";

/** The order people look at first; what is not named follows. */
const FIRST = ["step", "reward", "val/pass@1", "entropy", "kl", "completions/mean_thought_length"];

export function keysOf(rows: readonly HistoryRow[]): string[] {
  const all = new Set(rows.flatMap((row) => Object.keys(row)));
  const rest = [...all].filter((key) => !FIRST.includes(key)).sort();
  return [...FIRST.filter((key) => all.has(key)), ...rest];
}

export function saveRunCsv({ rows }: Pick<KeptRun, "rows">, name: string): void {
  save(`${fileName(name)}.csv`, csv(rows, keysOf(rows)), "text/csv");
}

type Recorded = Omit<KeptRun, "id" | "number" | "settings" | "arm" | "stepsWanted" | "trainedBefore"> & {
  trainedBefore?: number;
};

/** A run as others can read it: what it was, every setting, every number. */
export function runRecord(run: Recorded): Record<string, unknown> {
  const { name, task, method, steps, end, endedAt, engine, model, trainedBefore, config, rows } = run;
  const ended_at = new Date(endedAt).toISOString();
  return {
    name,
    task,
    method,
    steps,
    end,
    ended_at,
    engine,
    model,
    trained_before: trainedBefore,
    config,
    metrics: rows,
  };
}

export function saveRunJson(run: Recorded, name: string): void {
  save(`${fileName(name)}.json`, `${JSON.stringify(runRecord({ ...run, name }), null, 1)}\n`, "application/json");
}

export function saveSamples(
  step: number,
  config: Record<string, unknown> | undefined,
  samples: readonly Sample[],
): void {
  const text = JSON.stringify({ step, config: config ?? null, samples }, null, 1);
  save(`samples-step-${step}.json`, `${text}\n`, "application/json");
}

function save(name: string, text: string, type: string): void {
  saveFile(name, new Blob([text], { type }));
}
