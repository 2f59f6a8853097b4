// What the second lab's page needs of its experiment, cut out of the summary and the runs when the site is built: a twentieth of it, with
// bands that only the runs know. Not here: the experiment, and what the page makes of this.

import { existsSync, readFileSync } from "node:fs";

/** Where it lies in the site; it is always there, `null` where nothing is published. */
export const SEMANTIC_PAGE = "results/semantic-ids/page.json";
const SUMMARY = "results/semantic-ids/summary.json";
const CURVES = ["nearest_effective_last", "validation_ndcg@10", "drift_total", "agreement", "sigma"];
const NUMBERS = [
  "recall@10",
  "ndcg@10",
  "nearest_effective_last",
  "nearest_dead_last",
  "unique",
  "drift_total",
  "seconds",
];

interface Summary {
  title: string;
  runs: number;
  runs_planned: number;
  arms: { arm: string; seeds: number[]; numbers: Record<string, unknown> }[];
  contrasts: { number: string }[];
}
interface Level {
  effective_codes: number;
}
interface Epoch {
  epoch: number;
  nearest: Level[];
  drift_total: number;
  agreement: number;
  sigma: number;
  validation: { ndcg: number[] } | null;
}
interface Run {
  config: { arm: string };
  epochs: Epoch[];
}

/** `found`: address in the site → file on disk. */
export function semanticPage(found: ReadonlyMap<string, string>): string {
  const file = found.get(SUMMARY);
  if (file === undefined || !existsSync(file)) return "null";
  const summary = JSON.parse(readFileSync(file, "utf8")) as Summary;
  const runOf = (arm: string, seed: number): Run => {
    const path = `results/semantic-ids/runs/${arm}-${seed}.json`;
    const run = found.get(path);
    if (run === undefined) throw new Error(`${SUMMARY} tells of ${path}, which is not there`);
    return JSON.parse(readFileSync(run, "utf8")) as Run;
  };
  const arms = summary.arms.map(({ arm, seeds, numbers }) => {
    const runs = seeds.map((seed) => runOf(arm, seed));
    return {
      name: arm,
      arm: runs[0]?.config.arm ?? arm,
      seeds,
      numbers: Object.fromEntries(NUMBERS.flatMap((key) => (key in numbers ? [[key, numbers[key]]] : []))),
      curves: Object.fromEntries(CURVES.map((key) => [key, band(runs, key)])),
    };
  });
  const { title, runs, runs_planned, contrasts } = summary;
  const page = { title, runs, runs_planned, arms, contrasts: contrasts.filter(({ number }) => number === "ndcg@10") };
  return JSON.stringify(page, (_key, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value,
  );
}

function valueOf(epoch: Epoch, key: string): number | undefined {
  // Before the first epoch nothing was trained: losses and shares are 0 there, not measured.
  if (key === "nearest_effective_last") return epoch.nearest.at(-1)?.effective_codes;
  if (key === "validation_ndcg@10") return epoch.validation?.ndcg[1];
  return epoch.epoch === 0 ? undefined : epoch[key as "drift_total" | "agreement" | "sigma"];
}

/** Epochs that every run has. */
function band(runs: readonly Run[], key: string) {
  const rows = (runs[0]?.epochs ?? []).flatMap(({ epoch }) => {
    const values = runs.flatMap((run) => {
      const at = run.epochs.find((one) => one.epoch === epoch);
      return at === undefined ? [] : (valueOf(at, key) ?? []);
    });
    if (values.length < runs.length) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [{ epoch, mean, low: Math.min(...values), high: Math.max(...values) }];
  });
  const of = (what: "epoch" | "mean" | "low" | "high") => rows.map((row) => row[what]);
  return { epoch: of("epoch"), mean: of("mean"), low: of("low"), high: of("high") };
}
