// A brought model's learning without a page: what is sent, what was dropped, an adapter without effect.

import { expect, test } from "vitest";

import { withoutEffect } from "../src/bring/adapter-files.ts";
import { USUAL_CHOICES, configOf, groupsIn, tokensOf } from "../src/bring/learn-state.ts";
import { pick } from "../src/bring/picking.ts";

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
