// Language models between client and desk: the plan, the page's word, refusals, the prompt. The engine is a fake, the interpreter of
// templates the real one. Files: language-file.test.ts.

import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { LanguagePlan } from "../src/language-protocol.js";
import { memoryHere } from "../src/memory-here.js";
import type { Progress } from "../src/protocol.js";
import { renderTemplate } from "../src/templates.js";
import { MODEL, THINK, drain, open, rejectsWith } from "./fake-port.js";

const BYTES = new Uint8Array(120_000).map((_, index) => (index < 4 ? ("GGUF".codePointAt(index) ?? 0) : index % 251));
const FILE = () => new File([BYTES], "m.gguf");

test("a model is loaded once its plan was agreed to, and never before", async () => {
  const { fake, lab } = await open();
  const seen: Progress[] = [];
  const plans: LanguagePlan[] = [];
  const model = await lab.loadLanguageModel(FILE(), {
    memory: 1 << 20,
    context: 32,
    onProgress: (progress) => seen.push(progress),
    onPlan: async (plan) => {
      plans.push(plan);
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(fake.language).toBeUndefined();
      return true;
    },
  });
  expect(plans).toMatchObject([
    { total: 240_000, available: 1 << 20, toFetch: 0, kept: false, memory: { context: 32 } },
  ]);
  expect(lab.engine).toEqual(model.engine);
  expect(Buffer.from(fake.languageBytes).equals(BYTES)).toBe(true);
  expect(fake.prompt).toBe("2+2?");
  const reads = seen.filter(({ phase }) => phase === "read").map(({ loaded }) => loaded);
  expect(reads.at(-1)).toBeGreaterThan(0);
  // Behind the last tensor there is nothing to read.
  expect(reads.at(-1)).toBeLessThan(BYTES.length);
  expect(seen.at(-1)).toMatchObject({ phase: "prepare" });
});

test("a language model has tasks of its own, and says what learning takes; a small model has neither", async () => {
  const { lab } = await open();
  await lab.loadModel(MODEL());
  expect(lab.tasks.map(({ name }) => name)).toEqual(["mine"]);
  expect(await lab.learningPlan({ task: "chain_sum" })).toBeNull();
  await lab.loadLanguageModel(FILE(), { memory: 1 << 20 });
  expect(lab.tasks.map(({ name }) => name)).toEqual(["word_problems", "mine"]);
  expect(await lab.learningPlan({ task: "word_problems" })).toMatchObject({ total: 22, positions: 7 });
  await rejectsWith(lab.learningPlan({ task: "word_problems", lora_r: 0 }), "bad-input");
});

test("a Hugging Face folder is its small texts and its weights one after the other", async () => {
  const { fake, lab } = await open();
  const files = [
    new File([BYTES.subarray(70_000)], "model-00002-of-00002.safetensors"),
    new File(["{}"], "config.json"),
    new File([BYTES.subarray(0, 70_000)], "model-00001-of-00002.safetensors"),
    new File(["words"], "tokenizer.json"),
    new File(["settings"], "tokenizer_config.json"),
    new File(["not read"], "README.md"),
  ];
  await lab.loadLanguageModel(files, { memory: 1 << 20 });
  expect(fake.folder).toEqual({
    texts: { config: "{}", tokenizer: "words", settings: "settings" },
    lengths: [70_000, 50_000],
  });
  expect(Buffer.from(fake.languageBytes).equals(BYTES)).toBe(true);
  await rejectsWith(lab.loadLanguageModel(files.slice(0, 3)), "bad-weights");
  await rejectsWith(lab.loadLanguageModel([files[1], files[3]] as File[]), "bad-weights");
  await rejectsWith(lab.loadLanguageModel(files, { integrity: `sha256-${"A".repeat(43)}=` }), "bad-input");
});

test("an adapter goes out as two files and comes back", async () => {
  const { fake, lab } = await open();
  const adapter = await lab.exportAdapter();
  expect(adapter).toEqual({ config: "{}", weights: new Uint8Array([4]) });
  await lab.loadAdapter(adapter);
  expect(fake.adapter).toEqual({ config: "{}", weights: [4] });
});

test("a plan that is declined, or whose listener throws, leaves nothing behind, and the lab goes on", async () => {
  const { fake, lab } = await open();
  await rejectsWith(lab.loadLanguageModel(FILE(), { onPlan: () => false }), "cancelled");
  const thrown = lab.loadLanguageModel(FILE(), {
    onPlan: () => {
      throw new Error("the listener's own");
    },
  });
  await expect(thrown).rejects.toThrow("the listener's own");
  const late = new AbortController();
  const waiting = lab.loadLanguageModel(FILE(), {
    signal: late.signal,
    onPlan: () => {
      setTimeout(() => {
        late.abort();
      }, 10);
      return new Promise(() => undefined);
    },
  });
  await rejectsWith(waiting, "cancelled");
  await expect.poll(() => fake.files).toBe(0);
  expect(await drain(lab.think(THINK))).toBe(3);
});

test("what cannot fit is refused with its numbers, after its plan was told", async () => {
  const { fake, lab } = await open();
  const plans: LanguagePlan[] = [];
  const refused = lab.loadLanguageModel(FILE(), {
    memory: 1000,
    onPlan: (plan) => {
      plans.push(plan);
      return true;
    },
  });
  await rejectsWith(refused, "out-of-memory");
  await expect(refused).rejects.toThrow("240000 bytes");
  expect(plans[0]?.refused).toContain("240000 bytes");
  expect([fake.files, fake.language]).toEqual([0, undefined]);
});

test("a file of another kind is refused by its name", async () => {
  const { lab } = await open();
  await rejectsWith(lab.loadLanguageModel(new File(["PK something"], "m.zip")), "bad-weights");
});

test("templates say what Hugging Face's tokenizer says, and what is wrong with them", () => {
  const golden = JSON.parse(
    readFileSync(new URL("../../tests/golden/smollm2_tokens.json", import.meta.url), "utf8"),
  ) as {
    question: string;
    prompt: string;
  };
  const INSTRUCTION = " Let's think step by step and output the final answer within \\boxed{}.";
  const asked = golden.question + (golden.prompt.includes(INSTRUCTION) ? INSTRUCTION : "");
  expect(renderTemplate(SMOLLM2, asked, "<|im_start|>", "<|im_end|>")).toBe(golden.prompt);
  // As in src/text/template.rs.
  const chat = `{% for message in messages %}{{ '<|' + message['role'] + '|>' + message.content }}{% endfor %}
                {% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}`;
  expect(renderTemplate(chat, "2+2?", "", "")).toBe("<|user|>2+2?<|assistant|>");
  const stripped = "{{ bos_token }}{% set x = messages[0].content.strip() %}{{ 'a|b'.split('|')[-1] }}{{ x }}";
  expect(renderTemplate(stripped, " why ", "<s>", "")).toBe("<s>bwhy");
  for (const bad of ["{% for %}", "{{ raise_exception('only tools') }}"]) {
    expect(() => renderTemplate(bad, "2+2?", "", "")).toThrow();
  }
});

test("the memory of a tab is half of the machine's as far as it is known, and no more than its heap can hold", () => {
  expect(memoryHere({ deviceMemory: 2 })).toBe(1 << 30);
  expect(memoryHere({ deviceMemory: 8 })).toBe(4 * 2 ** 30 - (256 << 20));
  expect(memoryHere({})).toBe(2 * 2 ** 30);
});

/** `tokenizer.chat_template` of SmolLM2-135M-Instruct's file. */
const SMOLLM2 =
  "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
