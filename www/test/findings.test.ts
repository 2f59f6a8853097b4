import { expect, test } from "vitest";

import type { ArmSummary, Contrast, Measured, RunRecord, TaskSummary } from "../src/experiment.ts";
import { isIndex, isSummary } from "../src/experiment.ts";
import {
  armOfRun,
  contrastsOf,
  curveLines,
  endsOf,
  finalOf,
  forgettingOf,
  hiddenAtFirst,
  inksOf,
  meetingsOf,
  modesOf,
  passLines,
  positionLines,
  reachOf,
  shownArms,
  sparse,
  splitsOf,
  verdictOf,
} from "../src/findings.ts";
import { Store, armInEffect } from "../src/state.ts";

function measured(step: number, mode: string, pass: number, split = "held_out"): Measured {
  const at = (k: number, mean: number) => ({ k, mean, low: mean - 0.1, high: mean + 0.1 });
  return {
    step,
    split,
    mode,
    pass_at_k: [at(1, pass), at(32, 0.9)],
    majority: 0.5,
    mean_length: 11,
    mean_thought_length: 7,
    mean_length_correct: null,
    entropy: 0.3,
    entropy_by_position: mode === "own" ? [0.5, 0.4] : [0.5, 0.4, 0.3],
    mixture_entropy: null,
    near_one_hot: null,
  };
}

function arm(name: string, steps: number, own: Measured[], seeds = [1, 2]): ArmSummary {
  return {
    arm: name,
    title: name.toUpperCase(),
    seeds,
    measured: own,
    curve: Array.from({ length: steps }, (_, row) => ({
      step: row + 1,
      seconds: row,
      reward: 0.1 * row,
      reward_low: 0.05 * row,
      reward_high: row === 0 ? null : 0.2 * row,
      entropy: 0.3,
      length: 11,
    })),
    known: [],
    seconds_per_step: steps === 0 ? null : 0.5,
    collapses: 0,
  };
}

function contrast(a: string, b: string, low: number, high: number, split = "held_out"): Contrast {
  return { a, b, split, k: 1, mean: (low + high) / 2, low, high };
}

const TASK: TaskSummary = {
  task: "chain_sum",
  difficulty: 2,
  guess_space: 146.8,
  guessing: [
    [1, 0.007],
    [32, 0.2],
  ],
  arms: [
    arm("base", 0, [measured(0, "own", 0.3)]),
    arm("grpo", 3, [measured(2, "own", 0.5), measured(3, "own", 0.6), measured(3, "hard-greedy", 0.7)]),
    arm("soft", 2, [measured(2, "own", 0.4), measured(2, "own", 0.2, "ood")]),
  ],
  contrasts: [
    contrast("grpo", "base", 0.2, 0.4),
    contrast("soft", "base", -0.1, 0.3),
    contrast("soft", "base", -0.3, -0.1, "ood"),
    contrast("base", "grpo", -0.4, -0.2),
    contrast("soft", "grpo", -0.4, -0.1),
  ],
  meetings: [{ equal: "compute", value: 12, arm: "grpo", step: 2, pass_at_k: [] }],
};
const HELD_OUT = { split: "held_out", mode: "own" };

test("the last evaluation counts, of the questions and the thinking that are looked at", () => {
  const grpo = TASK.arms[1];
  if (grpo === undefined) throw new Error("the fixture has three arms");
  expect(finalOf(grpo, HELD_OUT)?.step).toBe(3);
  expect(finalOf(grpo, { ...HELD_OUT, mode: "hard-greedy" })?.pass_at_k[0]?.mean).toBe(0.7);
  expect(finalOf(grpo, { ...HELD_OUT, split: "ood" })).toBeUndefined();
  expect(splitsOf(TASK)).toEqual(["held_out", "ood"]);
  expect(modesOf(TASK)).toEqual(["own", "hard-greedy"]);
  expect(endsOf(TASK)).toEqual([1, 32]);
});

test("every pass@k curve has its band, and guessing stands beside them", () => {
  const { x, lines, guessing } = passLines(TASK, TASK.arms, HELD_OUT);
  expect(x).toEqual([1, 32]);
  expect(guessing).toEqual([0.007, 0.2]);
  expect(lines.map((line) => line.arm)).toEqual(["base", "grpo", "soft"]);
  expect(lines[1]).toMatchObject({ y: [0.6, 0.9], low: [0.5, 0.8], high: [0.7, 1] });
  // An arm that was not measured so is left out, not drawn at zero.
  expect(passLines(TASK, TASK.arms, { ...HELD_OUT, split: "ood" }).lines.map((line) => line.arm)).toEqual(["soft"]);
});

test("learning curves of unequal length share an axis; what was not measured is a gap", () => {
  const { x, lines, guessing } = curveLines(TASK, TASK.arms, "reward");
  expect(guessing).toEqual([0.007, 0.007, 0.007]);
  expect(x).toEqual([1, 2, 3]);
  expect(lines.map((line) => line.arm)).toEqual(["grpo", "soft"]);
  expect(lines[1]).toMatchObject({ y: [0, 0.1, null], high: [null, 0.2, null] });
  expect(curveLines(TASK, TASK.arms, "entropy").lines[0]?.low).toBeUndefined();
});

test("entropy by position is as long as the longest", () => {
  const { x, lines } = positionLines(TASK, TASK.arms, { ...HELD_OUT, mode: "hard-greedy" });
  expect(x).toEqual([1, 2, 3]);
  expect(lines).toHaveLength(1);
});

test("an arm looks the same whatever else is shown, and no two are drawn alike", () => {
  const inks = inksOf(TASK.arms);
  expect(inks.get("base")?.colour).toBe("--base");
  expect(inks.get("grpo")?.colour).toBe("--discrete");
  expect(new Set([...inks.values()].map((ink) => ink.colour + ink.dash.join())).size).toBe(3);
  expect(curveLines(TASK, shownArms(TASK, ["grpo"]), "reward").lines[0]?.ink).toEqual(inks.get("soft"));
  const many = inksOf(Array.from({ length: 12 }, (_, place) => arm(`way-${place}`, place % 2, [])));
  expect(new Set([...many.values()].map((ink) => ink.colour + ink.dash.join())).size).toBe(12);
});

test("where there are many arms the untrained model, GRPO and SofT-GRPO are shown at first", () => {
  expect(hiddenAtFirst(TASK.arms)).toEqual([]);
  const names = ["grpo", "softgrpo-code", "softgrpo-paper", "pause"];
  const many = [arm("base", 0, []), ...names.map((name) => arm(name, 2, []))];
  expect(hiddenAtFirst(many)).toEqual(["softgrpo-paper", "pause"]);
});

test("an interval that holds or touches zero says nothing", () => {
  const verdicts = [
    [0.1, 0.2],
    [-0.2, -0.1],
    [-0.1, 0.2],
    [0, 0.2],
    [-0.2, 0],
  ].map(([low = 0, high = 0]) => verdictOf({ mean: 0, low, high }));
  expect(verdicts).toEqual(["more", "less", "unclear", "unclear", "unclear"]);
});

test("differences are grouped by what they are against, each pair once", () => {
  const groups = contrastsOf(TASK, TASK.arms, "held_out");
  const said = groups.map(({ against, rows }) => [against.arm, rows.map((row) => row.arm.arm)]);
  expect(said).toEqual([
    ["base", ["grpo", "soft"]],
    ["grpo", ["soft"]],
  ]);
  // A hidden arm has no row, but others are still set against it.
  const fewer = contrastsOf(TASK, shownArms(TASK, ["grpo", "base"]), "held_out");
  expect(fewer.map(({ against, rows }) => [against.arm, rows.length])).toEqual([
    ["base", 1],
    ["grpo", 1],
  ]);
  expect(contrastsOf(TASK, TASK.arms, "ood").flatMap(({ rows }) => rows.map((row) => row.arm.arm))).toEqual(["soft"]);
  expect(reachOf(TASK.contrasts)).toBe(0.4);
});

test("forgetting is more nats; one seed has no interval to judge by", () => {
  const known = (seeds: number[], before: number, low: number, high: number) => ({
    ...arm("soft", 2, [], seeds),
    known: [{ task: "reach", before, after: { mean: (low + high) / 2, low, high } }],
  });
  const verdicts = [
    known([1, 2], 1, 1.2, 1.4),
    known([1, 2], 1, 0.8, 0.9),
    known([1, 2], 1, 0.9, 1.4),
    known([1], 1, 1.3, 1.3),
    known([1, 2], 1, 1, 1),
  ].map((one) => forgettingOf([one])[0]?.verdict);
  expect(verdicts).toEqual(["more", "less", "unclear", "one-seed", "same"]);
});

test("an arm without a meeting is listed as such; the untrained model has none", () => {
  const found = meetingsOf(TASK, TASK.arms, "compute");
  expect(found?.value).toBe(12);
  expect(found?.rows.map((row) => [row.arm.arm, row.meeting?.step])).toEqual([
    ["grpo", 2],
    ["soft", undefined],
  ]);
  expect(meetingsOf(TASK, TASK.arms, "reward")).toBeUndefined();
});

test("a long curve's table keeps its first and last rows", () => {
  expect(sparse(3, 13)).toEqual([0, 1, 2]);
  const rows = sparse(300, 13);
  expect([rows.length, rows[0], rows.at(-1)]).toEqual([13, 0, 299]);
  expect(new Set(rows).size).toBe(13);
});

const RUN: RunRecord = {
  format: 1,
  experiment: "trial",
  guess_space: 147,
  curve: [],
  evaluations: [],
  known: [],
  task: "chain_sum",
  difficulty: 2,
  arm: "soft",
  seed: 4,
  model: "/somewhere/nano-chain_sum.gguf",
  config: {
    preset: "softgrpo-code",
    objective: "soft_grpo",
    task: "chain_sum",
    difficulty: 2,
    max_steps: 200,
    eval_steps: 0,
    seed: 4,
    learning_rate: 0.0002,
    embedding_noise: null,
  },
  policy: {},
  evaluate: {},
  engine: "CPU",
  version: "0.1.0",
  collapse: null,
  train_seconds: 100,
};

test("a run to do again brings all its settings but what the page chooses", () => {
  const again = armOfRun(RUN, "SofT-GRPO");
  expect(again).toMatchObject({ task: "chain_sum", difficulty: 2, seed: 4, steps: 200, model: "nano-chain_sum.gguf" });
  expect(again?.method).toEqual({ objective: "soft_grpo", preset: "softgrpo-code" });
  expect(Object.keys(again?.config ?? {}).sort()).toEqual([
    "embedding_noise",
    "learning_rate",
    "objective",
    "preset",
    "seed",
  ]);
  expect(armOfRun({ ...RUN, config: null }, "Untrained")).toBeUndefined();
});

test("its settings hold only while task, difficulty and method are its own", () => {
  const found = armOfRun(RUN, "SofT-GRPO");
  if (found === undefined) throw new Error("the run trains");
  const store = new Store();
  store.change({ arm: found, task: "chain_sum", difficulty: 2, method: found.method });
  expect(armInEffect(store.state)).toBe(found);
  for (const other of [{ task: "reach" }, { difficulty: 3 }, { method: { objective: "grpo" as const } }]) {
    expect(armInEffect({ ...store.state, ...other })).toBeUndefined();
  }
});

test("what is no list and no summary is not taken for one", () => {
  expect(isIndex([])).toBe(true);
  expect(isIndex([{ name: "a", title: "A", summary: "a/summary.json", runs: "a/runs/" }])).toBe(true);
  for (const wrong of [{}, [null], [{ name: "a" }], undefined]) expect(isIndex(wrong)).toBe(false);
  expect([isSummary({ tasks: [] }), isSummary([]), isSummary(undefined), isSummary(null)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
