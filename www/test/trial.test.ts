import type { ExperimentPlan, RunRecord, Summary } from "soft-thinking-lab";
import { expect, test } from "vitest";

import type { ArmSummary, TaskSummary } from "../src/experiment.ts";
import { passHere, passOver, placesOf, rewardOver } from "../src/overlay.ts";
import { initialTrial, reduced, timeLeft, usualArms } from "../src/trial-state.ts";
import type { TrialState } from "../src/trial-state.ts";

const PLAN: ExperimentPlan = {
  name: "main",
  title: "Main",
  tasks: [
    { task: "chain_sum", model: "../../models/nano-chain_sum.gguf", known: ["reach"] },
    { task: "reach", model: "nano-reach.gguf" },
  ],
  seeds: [1, 2, 3],
  train: { max_steps: 60, learning_rate: 0.0003 },
  evaluate: { questions: 512, samples: 32, k: [1, 32], splits: ["held_out", "ood"], every: 10, modes: ["soft"] },
  arms: [
    { name: "base", title: "Untrained", policy: "discrete" },
    { name: "multiplex", title: "Multiplex", train: { preset: "multiplex" } },
    { name: "softgrpo-code", title: "SofT-GRPO", train: { preset: "softgrpo-code" } },
    { name: "grpo", title: "GRPO", train: { preset: "grpo" } },
  ],
};

test("a reduced plan keeps steps and settings and leaves out what takes long", () => {
  const small = reduced(PLAN, "chain_sum", ["grpo", "base"], 7);
  expect(small.tasks).toEqual([{ task: "chain_sum", model: "nano-chain_sum.gguf", known: [] }]);
  expect(small.arms.map(({ name }) => name)).toEqual(["grpo", "base"]);
  expect(small).toMatchObject({ name: "main", seeds: [7], train: PLAN.train });
  expect(small.evaluate).toEqual({
    questions: 128,
    samples: 32,
    k: [1, 32],
    splits: ["held_out"],
    every: 0,
    modes: [],
  });
  const few = reduced({ ...PLAN, evaluate: { questions: 64, samples: 8 } }, "reach", ["grpo"], 1);
  expect(few.evaluate?.questions).toBe(64);
});

test("GRPO and SofT-GRPO are the usual two, where they are", () => {
  expect(usualArms(PLAN)).toEqual(["grpo", "softgrpo-code"]);
  expect(usualArms({ ...PLAN, arms: PLAN.arms.slice(0, 3) })).toEqual(["softgrpo-code", "multiplex"]);
  expect(usualArms({ ...PLAN, arms: PLAN.arms.slice(0, 2) })).toBeUndefined();
});

function trying(curve: number, phase: "train" | "evaluate", speed: TrialState["speed"]): TrialState {
  const current = {
    arm: "grpo",
    steps: 60,
    curve: Array.from({ length: curve }, () => ({})),
    phase,
    done: 8,
    total: 128,
  };
  const plan = reduced(PLAN, "chain_sum", ["grpo", "softgrpo-code"], 1);
  const going = {
    plan,
    task: "chain_sum",
    arms: ["grpo", "softgrpo-code"],
    seed: 1,
    records: [],
    summary: null,
    current,
  };
  return { ...initialTrial(), phase: "running", going, speed };
}

test("time left comes from what was timed, and says what was not", () => {
  expect(timeLeft(initialTrial())).toBeUndefined();
  expect(timeLeft(trying(1, "train", { step: undefined, question: undefined }))).toBeUndefined();
  expect(timeLeft(trying(20, "train", { step: 0.5, question: undefined }))).toEqual({ seconds: 50, measuring: true });
  // Forty evaluated questions a second: 120 here and 128 of the other, whose sixty steps are still to come.
  const left = timeLeft(trying(60, "evaluate", { step: 0.5, question: 0.025 }));
  expect(left?.measuring).toBe(false);
  expect(left?.seconds).toBeCloseTo(30 + 248 * 0.025, 9);
});

const at = (k: number, mean: number, half = 0.05) => ({ k, mean, low: mean - half, high: mean + half });

function arm(name: string, passes: [number, number], steps: number): ArmSummary {
  const [one, many] = passes;
  return {
    arm: name,
    title: name,
    seeds: [1, 2],
    measured: [
      {
        step: steps,
        split: "held_out",
        mode: "own",
        pass_at_k: [at(1, one), at(32, many)],
        majority: 0,
        mean_length: 0,
        mean_thought_length: 0,
        mean_length_correct: null,
        entropy: 0,
        entropy_by_position: [],
        mixture_entropy: null,
        near_one_hot: null,
      },
    ],
    curve: Array.from({ length: steps }, (_, row) => ({
      step: row + 1,
      seconds: row,
      reward: 0.5,
      reward_low: 0.4,
      reward_high: 0.6,
      entropy: 0,
      length: 0,
    })),
    known: [],
    seconds_per_step: 1,
    collapses: 0,
  };
}

const GRPO = arm("grpo", [0.6, 0.9], 4);
const TASK: TaskSummary = {
  task: "chain_sum",
  difficulty: 2,
  guess_space: 100,
  guessing: [
    [1, 0.01],
    [32, 0.3],
  ],
  arms: [GRPO],
  contrasts: [],
  meetings: [],
};
const VIEW = { split: "held_out", mode: "own" };
const NAMES = { published: "published", here: "here" };

test("a run in progress lies over the published band at its own steps", () => {
  const curve: RunRecord["curve"] = [
    { step: 1, reward: 0.1 },
    { step: 2, reward: null },
    { step: 3, reward: 0.3 },
  ];
  const { x, lines, guessing } = rewardOver(TASK, GRPO, NAMES, curve);
  expect(x).toEqual([1, 2, 3, 4]);
  expect(lines.map(({ title, y }) => [title, y])).toEqual([
    ["published", [0.5, 0.5, 0.5, 0.5]],
    ["here", [0.1, null, 0.3, null]],
  ]);
  expect(lines[0]).toMatchObject({ low: [0.4, 0.4, 0.4, 0.4], high: [0.6, 0.6, 0.6, 0.6] });
  expect(lines[0]?.ink.dash).not.toEqual(lines[1]?.ink.dash);
  expect(guessing).toHaveLength(4);
});

test("inside or outside is told at both ends of pass@k, the interval's own ends included", () => {
  const places = (one: number, many: number) =>
    placesOf(TASK, GRPO, VIEW, [at(1, one), at(32, many)]).map(({ k, place }) => `${k} ${place}`);
  expect(places(0.6, 0.9)).toEqual(["1 inside", "32 inside"]);
  expect(places(0.55, 0.951)).toEqual(["1 inside", "32 above"]);
  expect(places(0.549, 0.85)).toEqual(["1 below", "32 inside"]);
  expect(placesOf(TASK, GRPO, { split: "ood", mode: "own" }, [at(1, 0.5)])).toEqual([]);
  const summary: Summary = { experiment: "main", title: "", runs: 1, runs_planned: 2, tasks: [TASK] };
  expect(passHere(summary, "grpo", VIEW)?.map(({ k }) => k)).toEqual([1, 32]);
  expect(passHere(summary, "base", VIEW)).toBeUndefined();
  expect(passHere(null, "grpo", VIEW)).toBeUndefined();
  expect(passOver(TASK, GRPO, NAMES, VIEW, [at(32, 0.7)]).lines[1]?.y).toEqual([null, 0.7]);
});
