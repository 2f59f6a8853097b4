import { expect, test } from "vitest";

import { readAddress, writeAddress } from "../src/address.ts";
import type { Addressed } from "../src/address.ts";
import { knownChoices } from "../src/known-choices.ts";
import { initialState } from "../src/state.ts";

const USUAL: Addressed = { ...initialState(), theme: "auto" };
const CHOSEN = {
  task: "reach",
  difficulty: 3,
  questionSeed: 12,
  typed: "7+8-2=&task=mix#x <b>",
  seed: 9,
  policy: "multiplex",
  policySettings: { multiplex_width: "5", weighted: "true" },
  method: { objective: "soft_grpo", preset: "dapo" },
  settings: { learning_rate: "3e-4", beta: ".01" },
  stepsWanted: 120,
  engineChoice: "gpu",
  modelAddress: "https://host.example/a/b.gguf?download=true",
  theme: "dark",
} as const satisfies Addressed;

test("every choice goes into the link and comes back as it was", () => {
  expect(readAddress(writeAddress(CHOSEN))).toEqual({ found: CHOSEN, ignored: [] });
  const endless = { ...CHOSEN, stepsWanted: undefined };
  const { found } = readAddress(writeAddress(endless));
  expect(found).toEqual(endless);
  expect("stepsWanted" in found).toBe(true);
});

test("what is as usual is left out", () => {
  expect(writeAddress(USUAL)).toBe("#task=chain_sum&question=7&seed=7");
});

test("what is not of its kind is left out and named, whatever it is", () => {
  const bad = [
    "task=<script>",
    "difficulty=",
    "question=1e9",
    "seed=-1",
    `ask=${"9".repeat(501)}`,
    "ask=a%0Ab",
    "policy=<b>",
    "policy.temperature=alert(1)",
    "policy.constructor=1",
    "method=%00",
    "train.learning_rate=0x10",
    "train.__proto__=1",
    "steps=0",
    "steps=forever",
    "engine=abacus",
    "theme=neon",
  ];
  expect(readAddress(`#${bad.join("&")}`)).toEqual({ found: {}, ignored: bad });
});

test("what is somebody else's stays letter by letter, and is not complained of", () => {
  const others = "hide=train,results&embed=1&constructor=x&a%20b=%41";
  const { found, ignored } = readAddress(`#task=reach&${others}`);
  expect([found, ignored]).toEqual([{ task: "reach" }, []]);
  const written = writeAddress({ ...USUAL, ...found }, `#${others}&seed=3&task=old`);
  expect(written).toBe(`#task=reach&question=7&seed=7&${others}`);
  expect(writeAddress({ ...USUAL, ...found }, written)).toBe(written);
});

test("names that the engine does not have are left out and named", () => {
  const task = {
    name: "reach",
    title: "",
    description: "",
    difficulties: [1, 5] as [number, number],
    default_difficulty: 2,
    guess_space: 4,
    example: "",
    max_completion_length: 9,
    splits: [],
  };
  const presets = {
    policies: [{ name: "multiplex", text: "", policy: { kind: "multiplex" as const } }],
    methods: [{ name: "dapo", text: "", config: { objective: "grpo" } }],
  };
  const engine = { tasks: [task], presets: presets as unknown as ReturnType<typeof initialState>["presets"] };
  const { task: name, difficulty, policy, policySettings } = CHOSEN;
  const known = { task: name, difficulty, policy, policySettings };
  // A preset's objective is the engine's to say.
  const method = { objective: "grpo", preset: "dapo" };
  expect(knownChoices({ ...CHOSEN, ...engine })).toEqual({ ...known, method, ignored: [] });
  const nonsense = {
    task: "chess",
    difficulty: 9,
    policy: "luck",
    policySettings,
    method: { ...method, preset: "magic" },
  };
  const usual = { task: "reach", difficulty: undefined, policy: "soft", policySettings: {} };
  expect(knownChoices({ ...nonsense, method: { objective: "grpo", preset: "magic" }, ...engine })).toEqual({
    ...usual,
    method: { objective: "soft_grpo" },
    ignored: ["task=chess", "difficulty=9", "policy=luck", "method=magic"],
  });
});
