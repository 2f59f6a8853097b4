import type { MethodPreset, PolicyPreset } from "soft-thinking-lab";
import { expect, test } from "vitest";

import { methodOf, thinkingOf } from "../src/methods.ts";
import { trainSettings } from "../src/train-settings.ts";
import { endingOf, groupOf, partsOf, policyOf, settingsOf, wayNamed } from "../src/ways.ts";

const POLICIES: PolicyPreset[] = [
  {
    name: "soft",
    text: "",
    policy: { kind: "soft", temperature: 1, noise: "gumbel", gumbel_temperature: 0.1, dirichlet_alpha: 1 },
  },
  {
    name: "softgrpo-dirichlet",
    text: "",
    policy: { kind: "soft", temperature: 1, noise: "dirichlet", dirichlet_alpha: 1, gumbel_temperature: 1 },
  },
  { name: "discrete", text: "", policy: { kind: "discrete", temperature: 1 } },
  { name: "multiplex", text: "", policy: { kind: "multiplex", multiplex_width: 3, weighted: false } },
  { name: "fuzzy-sample", text: "", policy: { kind: "soft_tokens", embedding_noise: 0.33 } },
  { name: "pause", text: "", policy: { kind: "discrete", pause_length: 12 } },
];

test("the six inference modes stand together, the others by kind", () => {
  expect(POLICIES.map(groupOf)).toEqual(["soft", "soft", "discrete", "multiplex", "inference", "discrete"]);
});

test("only settings that mean something can be changed, with the preset's values", () => {
  const thought = (key: string) => !key.startsWith("answer.");
  const keys = POLICIES.map(({ policy }) => settingsOf(policy).map(({ key }) => key)).map((all) => all.filter(thought));
  expect(keys[0]).toEqual(["temperature", "noise", "gumbel_temperature"]);
  expect(keys[1]).toEqual(["temperature", "noise", "dirichlet_alpha"]);
  expect(keys[5]).toEqual(["pause_length"]);
  // Another noise has other settings.
  const [soft] = POLICIES;
  if (soft === undefined) throw new Error("the fixture has policies");
  const other = settingsOf(soft.policy, { noise: "dirichlet" }).map(({ key }) => key);
  expect(other).toContain("dirichlet_alpha");
  expect(other).not.toContain("gumbel_temperature");
  expect(keys[3]).toEqual(["multiplex_width", "weighted"]);
});

test("what was changed is sent with the preset's name, what was not is not", () => {
  expect(policyOf("multiplex", {})).toBe("multiplex");
  expect(policyOf("multiplex", { multiplex_width: " 5 ", weighted: "true", top_p: "" })).toEqual({
    preset: "multiplex",
    multiplex_width: 5,
    weighted: true,
  });
  // For the engine to refuse by name.
  expect(policyOf("soft", { temperature: "warm" })).toEqual({ preset: "soft", temperature: "warm" });
  expect(wayNamed("multiplex", POLICIES, { multiplex_width: "5" }).settings).toMatchObject({ multiplex_width: 5 });
  expect(wayNamed("gone", POLICIES, {}).name).toBe("soft");
});

test("the answer is drawn as the thought unless it is said, and goes as one piece", () => {
  const value = (place: number, key: string) => {
    const policy = POLICIES[place]?.policy ?? { kind: "discrete" };
    return settingsOf(policy).find((one) => one.key === key)?.value;
  };
  expect(value(2, "answer.temperature")).toBe(1);
  expect(value(4, "answer.top_p")).toBe(1);
  const policy = { kind: "discrete", temperature: 0.6, top_k: 30, top_p: 0.95, min_p: 0 } as const;
  expect(policyOf("softgrpo-baseline", { "answer.temperature": "0", top_k: "9" }, policy)).toEqual({
    preset: "softgrpo-baseline",
    top_k: 9,
    answer: { temperature: 0, top_k: 9, top_p: 0.95, min_p: 0 },
  });
  const changed = { "answer.top_k": "4" };
  expect(wayNamed("discrete", POLICIES, changed).settings).toMatchObject({ answer: { top_k: 4, temperature: 1 } });
});

test("draws of the same token weigh together, heaviest first; the rest of a vocabulary stays out", () => {
  const third = 1 / 3;
  const parts = partsOf({ candidates: ["6", "5", "5"], mixture: [third, third, third] });
  expect(parts).toEqual([
    { text: "5", weight: 2 * third },
    { text: "6", weight: third },
  ]);
  expect(partsOf({ candidates: ["1"], mixture: [0.4] })).toEqual([{ text: "1", weight: 0.4 }]);
});

test("why a thought was ended: its length, Cold Stop, or soft tokens' likeliest token", () => {
  const mark = { step: 9, candidates: ["</think>"] };
  const cold = { kind: "soft", cold_stop_length: 4, cold_stop_entropy: 0.01, max_thought_length: 32 } as const;
  expect(endingOf({ name: "", settings: cold }, mark)).toEqual({ why: "cold", steps: 4, entropy: 0.01 });
  expect(endingOf({ name: "", settings: cold }, { ...mark, step: 31 })).toEqual({ why: "length", steps: 32 });
  const vector = { name: "", settings: { kind: "soft_tokens", max_thought_length: 10 } } as const;
  expect(endingOf(vector, { step: 9, candidates: ["</think>", "7"] })).toEqual({ why: "shadow" });
  expect(endingOf(vector, mark)).toEqual({ why: "length", steps: 10 });
});

test("a method is measured in its own way to think", () => {
  const method = (name: string, objective: string): MethodPreset => ({ name, text: "", config: { objective } });
  const wayName = (one: MethodPreset) => thinkingOf(methodOf(one), POLICIES).name;
  expect(wayName(method("softgrpo-dirichlet", "soft_grpo"))).toBe("softgrpo-dirichlet");
  expect(wayName(method("softgrpo-code", "soft_grpo"))).toBe("soft");
  expect(wayName(method("gspo", "grpo"))).toBe("discrete");
  expect(wayName(method("pause", "grpo"))).toBe("pause");
  expect(wayName(method("multiplex", "multiplex"))).toBe("multiplex");
  expect(trainSettings("grpo")).not.toContain("gumbel_temperature");
  expect(trainSettings("multiplex")).toContain("multiplex_width");
  expect(trainSettings("grpo")).toContain("pause_length");
  expect(trainSettings("soft_grpo")).not.toContain("pause_length");
  const all = trainSettings("soft_grpo");
  expect(new Set(all).size).toBe(all.length);
});
