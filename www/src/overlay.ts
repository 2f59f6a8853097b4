// A run of this tab laid over the published runs of its arm: lines of charts, and whether it lies inside the intervals. No words, no DOM.

import type { AtK, RunRecord, Summary } from "soft-thinking-lab";

import type { ArmSummary, TaskSummary } from "./experiment.ts";
import { atK, curveLines, endsOf, finalOf, passLines } from "./findings.ts";
import type { Ink, Plotted, View } from "./findings.ts";

/** The published runs' mean is dotted wherever a run of this tab is drawn over it. */
const PUBLISHED_DASH: readonly number[] = [3, 5];
const HERE: Ink = { colour: "--ink", dash: [] };

/** Names of the two lines. */
export interface Names {
  published: string;
  here: string;
}

function over(plotted: Plotted, names: Names, x: number[], y: (x: number) => number | null): Plotted {
  const all = [...new Set([...plotted.x, ...x])].sort((a, b) => a - b);
  const at = (values: (number | null)[] | undefined) => all.map((one) => values?.[plotted.x.indexOf(one)] ?? null);
  const lines = plotted.lines.map(({ low, high, ...line }) => ({
    ...line,
    title: names.published,
    ink: { ...line.ink, dash: PUBLISHED_DASH },
    y: at(line.y),
    ...(low === undefined || high === undefined ? {} : { low: at(low), high: at(high) }),
  }));
  const here = { arm: "here", title: names.here, ink: HERE, y: all.map(y) };
  const { guessing } = plotted;
  return { x: all, lines: [...lines, here], ...(guessing === undefined ? {} : { guessing: at(guessing) }) };
}

/** Reward by step: the published mean in its band, and this tab's run. */
export function rewardOver(task: TaskSummary, arm: ArmSummary, names: Names, curve: RunRecord["curve"]): Plotted {
  const rows = new Map(curve.map((row) => [Number(row.step), row.reward ?? null]));
  return over(curveLines(task, [arm], "reward"), names, [...rows.keys()], (step) => rows.get(step) ?? null);
}

/** pass@k: the published interval, and this tab's run. */
export function passOver(task: TaskSummary, arm: ArmSummary, names: Names, view: View, here: readonly AtK[]): Plotted {
  return over(passLines(task, [arm], view), names, [], (k) => atK(here, k)?.mean ?? null);
}

/** What this tab measured of an arm at the end. */
export function passHere(summary: Summary | null, arm: string, view: View): AtK[] | undefined {
  const found = summary?.tasks[0]?.arms.find((one) => one.arm === arm);
  return found === undefined ? undefined : finalOf(found, view)?.pass_at_k;
}

export interface Placed {
  k: number;
  here: number;
  published: AtK;
  /** Where it lies, seen from the published interval; its ends belong to it. */
  place: "inside" | "above" | "below";
}

/** At the smallest and at the largest k. */
export function placesOf(task: TaskSummary, arm: ArmSummary, view: View, here: readonly AtK[]): Placed[] {
  const published = finalOf(arm, view)?.pass_at_k;
  return endsOf(task).flatMap((k) => {
    const [one, other] = [atK(here, k), atK(published, k)];
    if (one === undefined || other === undefined) return [];
    const place = one.mean < other.low ? "below" : one.mean > other.high ? "above" : "inside";
    return [{ k, here: one.mean, published: other, place }];
  });
}
