// A brought model's learning without a page: what it takes beforehand, what is sent, what was dropped, an adapter without effect.

import { expect, test } from "vitest";
import type { LanguagePlan } from "soft-thinking-lab";

import { withoutEffect } from "../src/bring/adapter-files.ts";
import { TARGETS, adapterSize, learningBytes, shapeOf } from "../src/bring/learn-plan.ts";
import { USUAL_CHOICES, configOf, groupsIn, tokensOf } from "../src/bring/learn-state.ts";
import { pick } from "../src/bring/picking.ts";

/** As `lab plan` tells it of SmolLM2-135M-Instruct.Q4_1. */
const SMOLLM2 = {
  engine: "cpu",
  layers: 30,
  hiddenSize: 576,
  vocabSize: 49_152,
  memory: { cache: 47_185_920, scratch: 1_720_320, rows: 1, context: 1024 },
} as LanguagePlan;

test("what learning takes is what the engine's own plan says, for somewhat longer questions", () => {
  const shape = shapeOf(SMOLLM2);
  expect(shape).toEqual({ width: 576, keys: 192, inner: 1536 });
  if (shape === undefined) throw new Error("unreachable");
  // `lab train` of that file with rank 8 and 4 tries of 48 tokens: adapter 68,382,720, passes 82,343,040 and logits 8,257,536 bytes.
  const learned = { rank: 8, targets: TARGETS, sequences: 4, tokens: 48 };
  expect(7 * 4 * adapterSize(shape, 30, learned)).toBe(68_382_720);
  const bytes = learningBytes(SMOLLM2, learned) ?? 0;
  expect(bytes).toBeGreaterThan(68_382_720 + 82_343_040 + 8_257_536);
  expect(bytes).toBeLessThan(1.25 * (68_382_720 + 82_343_040 + 8_257_536));
  // However much is asked for, a tab's passes stay in their room; one matrix learns less than seven.
  const much = learningBytes(SMOLLM2, { ...learned, sequences: 64, tokens: 192 }) ?? 0;
  expect(much).toBeLessThan(68_382_720 + 256 * 2 ** 20 + 8_257_536 + 1);
  expect(adapterSize(shape, 30, { ...learned, targets: ["q_proj"] })).toBe(30 * 8 * 2 * 576);
  expect(learningBytes({ ...SMOLLM2, engine: "gpu" }, learned)).toBeUndefined();
});

test("what is chosen is sent by the engine's names, and what is empty is left to it", () => {
  const sent = configOf(USUAL_CHOICES, 2);
  expect(sent).toMatchObject({ task: "word_problems", difficulty: 2, objective: "soft_grpo", lora_r: 8 });
  expect(sent).toMatchObject({ max_completion_length: 48, max_thought_length: 24, generation_batch_size: 4 });
  expect("lora_alpha" in sent).toBe(false);
  expect("difficulty" in configOf({ ...USUAL_CHOICES, task: "chain_sum" }, 2)).toBe(false);
  // What is no number goes to whoever refuses it by name.
  expect(configOf({ ...USUAL_CHOICES, rate: "0,01", rank: "four" }, 1)).toMatchObject({
    learning_rate: 0.01,
    lora_r: "four",
  });
  expect(configOf({ ...USUAL_CHOICES, questions: "3" }, 1)).toMatchObject({ generation_batch_size: 12 });
  expect(tokensOf({ ...USUAL_CHOICES, questions: "3" })).toBe(3 * 4 * 48);
  const samples = Array.from({ length: 6 }, (_, at) => ({ at })) as never[];
  expect(groupsIn({ step: 1, samples, group: 3 }).map((group) => group.length)).toEqual([3, 3]);
});

/** Files at these places. */
function placed(...paths: string[]) {
  return paths.map((path) => ({ file: new File([], path.split("/").at(-1) ?? ""), path }));
}

test("what is dropped is a file, one folder's files, or an adapter's two", () => {
  expect(pick(placed("a/b.GGUF", "a/config.json"))).toMatchObject({ kind: "file", file: { name: "b.GGUF" } });
  const model = pick(placed("m/onnx/config.json", "m/config.json", "m/x.safetensors", "m/onnx/x.safetensors"));
  expect(model).toMatchObject({ kind: "folder", name: "m" });
  expect(model.kind === "folder" && model.files.map(({ name }) => name)).toEqual(["config.json", "x.safetensors"]);
  const adapter = ["adapter_config.json", "adapter_model.safetensors"] as const;
  expect(pick(placed(`a/${adapter[0]}`, `a/${adapter[1]}`, "a/README.md"))).toMatchObject({ kind: "adapter" });
  expect(pick(placed(adapter[0]))).toEqual({ kind: "half", missing: adapter[1] });
  expect(pick(placed(adapter[1]))).toEqual({ kind: "half", missing: adapter[0] });
  expect(pick(placed("some.bin"))).toMatchObject({ kind: "file" });
  expect(pick(placed("m/a.txt", "m/b.txt"))).toMatchObject({ kind: "folder", name: "m" });
  expect(pick([])).toEqual({ kind: "nothing" });
});

test("without effect an adapter's B is 0, its A as it was, and the adapter itself is left alone", () => {
  const header = JSON.stringify({
    "base_model.model.layers.0.q_proj.lora_A.weight": { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
    "base_model.model.layers.0.q_proj.lora_B.weight": { dtype: "F32", shape: [2, 1], data_offsets: [8, 16] },
  });
  const text = new TextEncoder().encode(header);
  const weights = new Uint8Array(8 + text.length + 16).fill(7);
  new DataView(weights.buffer).setBigUint64(0, BigInt(text.length), true);
  weights.set(text, 8);
  const before = weights.slice();
  const off = withoutEffect({ config: "{}", weights }).weights;
  expect(weights).toEqual(before);
  expect([...off.slice(-16)]).toEqual([...Array<number>(8).fill(7), ...Array<number>(8).fill(0)]);
  expect(off.slice(0, -16)).toEqual(before.slice(0, -16));
});
