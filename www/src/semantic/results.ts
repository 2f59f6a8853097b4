// The published experiment of the second lab as the page reads it: what site-files cut out of the summary and the runs. No words, no DOM.

import type { Interval, SemanticArmName, SemanticCatalogue, SemanticSettings } from "soft-thinking-lab";

import type { Ink, Line, Plotted } from "../findings.ts";
import { ARMS, INKS } from "./choices.ts";

export const FOLDER = "results/semantic-ids/";
/** Numbers of the end that the page shows, by the summary's names; columns in this order. */
export const COLUMNS = [
  "recall@10",
  "ndcg@10",
  "nearest_effective_last",
  "nearest_dead_last",
  "unique",
  "drift_total",
  "seconds",
] as const;
export const CURVES = ["nearest_effective_last", "validation_ndcg@10", "drift_total", "agreement", "sigma"] as const;
export type Curve = (typeof CURVES)[number];

/** Means over seeds, the smallest and the largest of them. */
export interface Band {
  epoch: number[];
  mean: number[];
  low: number[];
  high: number[];
}
export interface PublishedArm {
  /** In the experiment. */
  name: string;
  /** The arm its settings were made from. */
  arm: SemanticArmName;
  seeds: number[];
  numbers: Record<string, Interval>;
  curves: Partial<Record<Curve, Band>>;
}
export interface Published {
  title: string;
  runs: number;
  runs_planned: number;
  arms: PublishedArm[];
  contrasts: { a: string; b: string; number: string; value: Interval }[];
}
/** A run's file, as far as it is needed to do it again. */
export interface PublishedRun {
  config: Required<SemanticSettings> & { arm: SemanticArmName };
  catalogue: Required<SemanticCatalogue>;
  test: { recall: [number, number]; ndcg: [number, number] };
}

/** null: nothing is published. */
export async function readPublished(): Promise<Published | null> {
  return (await json("page.json")) as Published | null;
}

export async function readRun(name: string, seed: number): Promise<PublishedRun> {
  return (await json(`runs/${encodeURIComponent(name)}-${seed}.json`)) as PublishedRun;
}

async function json(path: string): Promise<unknown> {
  const answer = await fetch(new URL(FOLDER + path, document.baseURI));
  if (!answer.ok) throw new Error(`${FOLDER}${path}: ${answer.status}`);
  return await answer.json();
}

/** The lines of some arms; `titleOf` is what they are called. */
export function curveOf(arms: readonly PublishedArm[], key: Curve, titleOf: (arm: PublishedArm) => string): Plotted {
  const having = arms.flatMap((arm) => {
    const band = arm.curves[key];
    return band === undefined || band.epoch.length === 0 ? [] : [{ arm, band }];
  });
  const x = [...new Set(having.flatMap(({ band }) => band.epoch))].sort((a, b) => a - b);
  const lines = having.map(({ arm, band }): Line => {
    const at = new Map(band.epoch.map((epoch, place) => [epoch, place]));
    const of = (what: "mean" | "low" | "high") => x.map((epoch) => band[what][at.get(epoch) ?? -1] ?? null);
    return { arm: arm.name, title: titleOf(arm), ink: inkOf(arm), y: of("mean"), low: of("low"), high: of("high") };
  });
  return { x, lines };
}

/** `a` minus `b`, whichever way round it was written down. */
export function contrastOf({ contrasts }: Published, a: string, b: string, number: string): Interval | undefined {
  const found = contrasts.find((one) => one.number === number && one.a === a && one.b === b);
  if (found !== undefined) return found.value;
  const turned = contrasts.find((one) => one.number === number && one.a === b && one.b === a)?.value;
  return turned === undefined ? undefined : { mean: -turned.mean, low: -turned.high, high: -turned.low };
}

export type Verdict = "better" | "worse" | "unclear";
export function verdictOf({ low, high }: Interval): Verdict {
  return low > 0 ? "better" : high < 0 ? "worse" : "unclear";
}

/** Questions that the experiment answers: the first arm minus the second. */
export const QUESTIONS: readonly (readonly [string, string])[] = [
  ["dril", "straight-through"],
  ["dril", "frozen"],
  ["dril", "detached"],
  ["dril-frequency", "dril"],
  ["dril-uncertainty", "dril"],
  ["dril-both", "dril"],
  ["dril", "gaussian"],
  ["dril", "annealed"],
  ["no-gumbel", "dril"],
  ["dril-sampled", "dril"],
];
/** Whose code-books are told of in a sentence. */
export const FATES: readonly string[] = ["straight-through", "dril", "straight-through-fast", "dril-fast"];

/** What is in the charts until somebody chooses. */
export function shownAtFirst(arms: readonly PublishedArm[]): string[] {
  const few = ["frozen", "straight-through", "dril", "dril-frequency"];
  const found = arms.map(({ name }) => name).filter((name) => few.includes(name));
  return found.length > 0 ? found : arms.slice(0, few.length).map(({ name }) => name);
}

/** Arms of the experiment that are others with something changed. */
export const CONTROLS = [
  "no-gumbel",
  "dril-sampled",
  "straight-through-unbalanced",
  "dril-unbalanced",
  "frozen-unbalanced",
  "straight-through-fast",
  "dril-fast",
  "straight-through-fast-unbalanced",
  "dril-fast-unbalanced",
] as const;
export type Control = (typeof CONTROLS)[number];
/** In the colour of the arm it varies, with dashes of its own. */
const DASHES: Record<Control, number[]> = {
  "no-gumbel": [2, 5],
  "dril-sampled": [1, 4],
  "straight-through-unbalanced": [2, 6],
  "dril-unbalanced": [9, 3],
  "frozen-unbalanced": [9, 3],
  "straight-through-fast": [12, 3, 3, 3],
  "dril-fast": [12, 3, 3, 3],
  "straight-through-fast-unbalanced": [12, 3, 3, 3, 3, 3],
  "dril-fast-unbalanced": [12, 3, 3, 3, 3, 3],
};

export function inkOf({ name, arm }: Pick<PublishedArm, "name" | "arm">): Ink {
  const { colour, dash } = INKS[arm];
  return { colour, dash: isControl(name) ? DASHES[name] : dash };
}

export function isControl(name: string): name is Control {
  return CONTROLS.some((control) => control === name);
}

export function isArm(name: string): name is SemanticArmName {
  return ARMS.some((arm) => arm === name);
}

/** Every number with the ends of its interval, by its name in the summary. */
export function csvOf(arms: readonly PublishedArm[]): string {
  const head = COLUMNS.flatMap((key) => [key, `${key} low`, `${key} high`]);
  const rows = arms.map(({ name, numbers }) => [
    name,
    ...COLUMNS.flatMap((key): (number | string)[] => {
      const value = numbers[key];
      return value === undefined ? ["", "", ""] : [value.mean, value.low, value.high];
    }),
  ]);
  return [["arm", ...head], ...rows].map((row) => `${row.join(",")}\n`).join("");
}
