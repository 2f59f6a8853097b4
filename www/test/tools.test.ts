import type { Sample } from "soft-thinking-lab";
import { expect, test } from "vitest";

import { changesOf, differences } from "../src/config-diff.ts";
import { heightOf, svgOf } from "../src/picture.ts";
import type { Picture } from "../src/picture.ts";
import { SENTENCES, halfOf } from "../src/presets.ts";
import { continues, nameOf, newestFirst } from "../src/run-history.ts";
import { runPicture, stepsOf, valuesAt } from "../src/run-lines.ts";
import { ordered } from "../src/sample-order.ts";
import { keysOf, runRecord } from "../src/save-run.ts";
import { ticks } from "../src/ticks.ts";
import { initialTools, inkOfShown, laidOver } from "../src/tools-state.ts";
import type { KeptRun } from "../src/tools-state.ts";

function kept(id: string, part: Partial<KeptRun> = {}): KeptRun {
  return {
    id,
    number: 1,
    name: "",
    endedAt: 0,
    end: "finished",
    task: "chain_sum",
    method: { objective: "soft_grpo" },
    steps: 60,
    engine: "CPU",
    trainedBefore: 0,
    model: "nano-chain_sum.gguf",
    ownModel: false,
    config: { learning_rate: 0.1, difficulty: 2 },
    settings: {},
    arm: undefined,
    stepsWanted: 60,
    rows: [{ step: 1, reward: 0.5, grad_norm: 2 }],
    ...part,
  };
}

test("only differing settings are listed, missing ones among them", () => {
  const found = differences([
    { a: 1, b: [1, 2], c: null },
    { a: 2, b: [1, 2], c: null, d: "x" },
  ]);
  expect(found).toEqual([
    { key: "a", values: [1, 2] },
    { key: "d", values: [undefined, "x"] },
  ]);
  expect(differences([{ a: 1 }])).toEqual([]);
});

test("what was filled in as the method has it is no change", () => {
  expect(changesOf({ beta: 0, seed: 3 }, { beta: 0, seed: 0 })).toEqual([{ key: "seed", values: [0, 3] }]);
  expect(changesOf({ seed: 3 }, undefined)).toEqual([{ key: "seed", values: [undefined, 3] }]);
});

test("a run that went on takes the place of its beginning; another run with the same settings does not", () => {
  const start = kept("a", { steps: 1 });
  const on = kept("b", { steps: 9, rows: [...start.rows, { step: 9, reward: 1, grad_norm: 1 }] });
  expect(continues(on, start)).toBe(true);
  expect(continues(start, on)).toBe(false);
  expect(continues({ ...on, config: { learning_rate: 0.2 } }, start)).toBe(false);
  expect(continues(kept("c", { steps: 9, rows: [{ step: 1, reward: 0.4, grad_norm: 2 }] }), start)).toBe(false);
});

test("runs stand newest first, once each, and are called by their name or their number", () => {
  const [old, fresh] = [kept("a", { endedAt: 1 }), kept("b", { endedAt: 2 })];
  expect(newestFirst([old, fresh, old]).map(({ id }) => id)).toEqual(["b", "a"]);
  expect(nameOf(kept("a", { number: 3 }))).toBe("SofT-GRPO 3");
  expect(nameOf(kept("a", { name: "mine" }))).toBe("mine");
});

test("the run on the page is not laid over itself; inks keep their run when another is taken away", () => {
  const tools = { ...initialTools(), kept: [kept("a"), kept("b"), kept("c")], shown: ["c", "a"], current: "a" };
  expect(laidOver(tools).map(({ run }) => run.id)).toEqual(["c"]);
  expect(inkOfShown(tools, "c")?.dash).not.toEqual(inkOfShown(tools, "a")?.dash);
  expect(inkOfShown(tools, "b")).toBeUndefined();
});

test("rows of several runs share an axis; a step measured in two rows is one point", () => {
  const rows = [{ step: 0, reward: 0.1 }, { step: 2 }, { step: 2, reward: 0.4 }];
  expect(stepsOf([rows, [{ step: 1 }]])).toEqual([0, 1, 2]);
  expect(valuesAt([0, 1, 2], rows, "reward")).toEqual([0.1, null, 0.4]);
});

test("marks of an axis are round, whole where they count, and end where the axis ends", () => {
  expect(ticks(0, 1, 6, false)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(0, 0.33, 6, false)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(ticks(1, 4, 8, true)).toEqual([1, 2, 3, 4]);
  expect(ticks(0, 1000, 8, true)).toEqual([0, 200, 400, 600, 800, 1000]);
});

const PICTURE: Picture = {
  title: "a < b & c",
  xLabel: "step",
  yLabel: "reward",
  x: [1, 2, 4],
  doublings: true,
  top: 1,
  lines: [
    { name: "one", colour: "--soft", dash: [], marks: true, y: [0, 0.5, 1], low: [0, 0.4, 0.9], high: [0, 0.6, 1] },
    { name: "two", colour: "--discrete", dash: [6, 4], marks: false, y: [0.2, null, 0.4] },
  ],
  guessing: { name: "guessing", y: [0.1, 0.2, 0.3] },
};

test("a picture has title, axes, legend and every measured point, told apart by dashes", () => {
  const svg = svgOf(PICTURE, (variable) => variable.replace("--", "#"));
  expect(svg).toContain("<title>a &lt; b &amp; c</title>");
  for (const words of ["step", "reward", "one", "two", "guessing"]) expect(svg).toContain(`>${words}</text>`);
  // One mark in the legend and three in the chart; the dashed line joins across the gap.
  expect(svg.match(/<circle/g)).toHaveLength(4);
  expect(svg.match(/stroke-dasharray="6 4"/g)).toHaveLength(2);
  const top = heightOf(PICTURE) - 56 - 300;
  expect(svg).toContain(`M64.0 ${top + 300}.0L380.0 ${top + 150}.0L696.0 ${top}.0`);
  expect(svg).toContain(`M64.0 ${top + 240}.0L696.0 ${top + 180}.0`);
  // Three doublings, equally far apart.
  for (const x of [64, 380, 696]) expect(svg).toContain(`<text x="${x}" y="${top + 320}"`);
});

test("a long legend wraps, and the picture grows with it", () => {
  const many = {
    ...PICTURE,
    lines: Array.from({ length: 9 }, (_, n) => ({ ...PICTURE.lines[0], name: `a long name ${n}` })),
  };
  expect(heightOf(many as Picture)).toBeGreaterThan(heightOf(PICTURE));
});

test("a run's picture names the runs laid over it", () => {
  const series = [{ key: "reward", name: "reward", colour: "--soft", style: "line" as const }];
  const ink = { colour: "--good", dash: [8, 4] };
  const over = [{ run: kept("b", { rows: [{ step: 3, reward: 0.3 }] }), ink, name: "mine" }];
  const chart = {
    title: "Reward",
    xLabel: "step",
    series,
    rows: [{ step: 1, reward: 0.5 }],
    top: 1,
    level: undefined,
    over,
  };
  const { x, lines } = runPicture(chart);
  expect(x).toEqual([1, 3]);
  expect(lines.map(({ name, y }) => [name, ...y])).toEqual([
    ["reward", 0.5, null],
    ["mine: reward", null, 0.3],
  ]);
  expect(runPicture({ ...chart, rows: [] }).lines).toHaveLength(1);
});

test("files have every number, in a fixed order, and the whole configuration", () => {
  const rows = [
    { step: 1, zeta: 1, reward: 0 },
    { step: 2, "val/pass@1": 1, alpha: 2 },
  ];
  expect(keysOf(rows)).toEqual(["step", "reward", "val/pass@1", "alpha", "zeta"]);
  const record = runRecord(kept("a", { rows, endedAt: 0 }));
  expect(record).toMatchObject({ config: { learning_rate: 0.1 }, metrics: rows, ended_at: "1970-01-01T00:00:00.000Z" });
  expect(record).not.toHaveProperty("settings");
});

test("the other half of a comparison is a whole, plain run from the shipped model", () => {
  expect(halfOf([kept("a")], 2)?.id).toBe("a");
  const others: Partial<KeptRun>[] = [
    { end: "stopped" },
    { steps: 30 },
    { trainedBefore: 60 },
    { settings: { seed: "1" } },
    { method: { objective: "grpo" } },
    { method: { objective: "soft_grpo", preset: "softgrpo-code" } },
    { model: "mine.gguf" },
    { config: { difficulty: 3 } },
  ];
  expect(others.map((part) => halfOf([kept("a", part)], 2))).toEqual(others.map(() => undefined));
  expect(new Set(SENTENCES.map(({ name }) => name)).size).toBe(SENTENCES.length);
});

test("tries that earned the same keep their order", () => {
  const sample = (question: string, reward: number) => ({ question, reward }) as Sample;
  const all = [sample("a", 0), sample("b", 1), sample("c", 0.5), sample("d", 1)];
  const names = (order: "asked" | "most" | "least") =>
    ordered(all, order)
      .map(({ question }) => question)
      .join("");
  expect([names("asked"), names("most"), names("least")]).toEqual(["abcd", "bdca", "acbd"]);
});
