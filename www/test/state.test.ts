import type { ThinkStep } from "soft-thinking-lab";
import { expect, test } from "vitest";

import { Store, mostDivided, sharpSteps } from "../src/state.ts";

function step(phase: ThinkStep["phase"], top: number, entropy: number): ThinkStep {
  return {
    step: 0,
    phase,
    candidates: ["a", "b"],
    candidate_ids: [0, 1],
    log_probs: [-0.1, -2],
    noise: [0, 0],
    perturbed: [-0.1, -2],
    mixture: [top, 1 - top],
    entropy,
    model_entropy: 0,
    token: "a",
    token_id: 0,
    soft: phase === "think",
    forced: false,
    winner_changed: false,
  };
}

test("only blends are counted: the answer's single tokens would make every thought look sharp", () => {
  const thought = { steps: [step("think", 0.99, 0.05), step("think", 0.6, 0.67), step("answer", 1, 0)] };
  expect(sharpSteps(thought)).toEqual({ sharp: 1, all: 2 });
});

test("the step opened first is the most divided blend, whatever the answer's entropy", () => {
  expect(mostDivided({ steps: [step("think", 0.99, 0.05), step("think", 0.6, 0.67), step("answer", 1, 2)] })).toBe(1);
  expect(mostDivided({ steps: [] })).toBe(0);
});

test("a change is told to every listener, once", () => {
  const store = new Store();
  let heard = 0;
  store.listen(() => (heard += 1));
  store.changeRun({ step: 3 });
  expect(heard).toBe(1);
  expect(store.state.run.step).toBe(3);
});
