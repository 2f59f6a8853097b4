// Numbers of runs over a common axis of steps, and the pictures of a run's charts. No words of its own, no DOM.

import type { HistoryRow } from "soft-thinking-lab";

import type { Picture, PictureLine } from "./picture.ts";
import type { Laid } from "./tools-state.ts";
import type { Series } from "./view/chart.ts";

/** Every step that some run has, in order. */
export function stepsOf(runs: readonly (readonly HistoryRow[])[]): number[] {
  return [...new Set(runs.flatMap((rows) => rows.map(({ step }) => step)))].sort((a, b) => a - b);
}

/** A number of a run at each of these steps; null where it was not measured. */
export function valuesAt(steps: readonly number[], rows: readonly HistoryRow[], key: string): (number | null)[] {
  const known = new Map<number, number>();
  for (const row of rows) {
    const value = row[key];
    if (value !== undefined) known.set(row.step, value);
  }
  return steps.map((step) => known.get(step) ?? null);
}

export interface RunChart {
  title: string;
  xLabel: string;
  series: readonly (Series & { name: string })[];
  rows: readonly HistoryRow[];
  top: number | undefined;
  level: { name: string; value: number } | undefined;
  /** Earlier runs laid over it, each with its name. */
  over: readonly (Laid & { name: string })[];
}

const DASHED = [6, 4];
const DOTTED = [2, 4];

export function runPicture({ title, xLabel, series, rows, top, level, over }: RunChart): Picture {
  const x = stepsOf([rows, ...over.map(({ run }) => run.rows)]);
  const own = series.map(({ key, name, colour, style }): PictureLine => ({
    name,
    colour,
    dash: style === "dashed" ? DASHED : [],
    marks: style === "marks",
    y: valuesAt(x, rows, key),
  }));
  const others = over.flatMap(({ run, ink, name: whose }) =>
    series.map(({ key, name, style }): PictureLine => ({
      name: `${whose}: ${name}`,
      ...ink,
      marks: style === "marks",
      y: valuesAt(x, run.rows, key),
    })),
  );
  const flat = level === undefined ? [] : [{ ...LEVEL, name: level.name, y: x.map(() => level.value) }];
  const lines = [...(rows.length === 0 ? [] : own), ...others, ...flat];
  return { title, xLabel, yLabel: series[0]?.name ?? "", x, doublings: false, top, lines };
}
const LEVEL = { colour: "--base", dash: DOTTED, marks: false };
