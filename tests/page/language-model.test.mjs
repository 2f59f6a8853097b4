// Language models in a browser, through the package alone: a tiny one always, SmolLM2-135M-Instruct where its file is (LAB_SMOLLM2, or
// ~/.cache/soft-thinking-lab/models). Not here: the package's parts for themselves (web/test/).

import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, watchedPage } from "./browser.mjs";
import { MEMORY_FLAGS, memoryProbe } from "./memory.mjs";
import { serveFolder } from "./static-site.mjs";
import { tinyGguf } from "./tiny-gguf.mjs";

const NAME = "SmolLM2-135M-Instruct.Q4_1.gguf";
const smollm2 = process.env.LAB_SMOLLM2 ?? join(homedir(), ".cache/soft-thinking-lab/models", NAME);
const MIB = 1 << 20;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveFolder>>} */
let host;
const root = mkdtempSync(join(tmpdir(), "language-model-"));

before(async () => {
  const dist = fileURLToPath(new URL("../../web/dist/", import.meta.url));
  for (const name of readdirSync(dist)) if (/\.(js|wasm)$/.test(name)) copyFileSync(join(dist, name), join(root, name));
  writeFileSync(join(root, "index.html"), "<!doctype html><title>lab</title>");
  writeFileSync(join(root, "tiny.gguf"), tinyGguf());
  writeFileSync(join(root, "long.gguf"), tinyGguf(2048));
  writeFileSync(join(root, "half.gguf"), tinyGguf().subarray(0, 40_000));
  if (existsSync(smollm2)) symlinkSync(smollm2, join(root, "smollm2.gguf"));
  [browser, host] = await Promise.all([launch(MEMORY_FLAGS), serveFolder({ root })]);
});
after(async () => {
  await browser?.close();
  await host?.stop();
  rmSync(root, { recursive: true, force: true });
});

/**
 * Loads, unless there is no source, and thinks inside the page; plain data comes back.
 * @param {import("playwright-core").Page} page
 * @param {{ source?: string, options?: object, thoughts?: object[] }} wanted
 */
async function run(page, wanted) {
  return await page.evaluate(async ({ source, options = {}, thoughts = [] }) => {
    const address = /** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href);
    const { createLab, isResult } = await import(address);
    const global = /** @type {any} */ (globalThis);
    const lab = (global.lab ??= await createLab({ engine: "cpu", seed: 1 }));
    const began = performance.now();
    let plan;
    const phases = new Set();
    const onPlan = (/** @type {any} */ told) => void (plan = told);
    const onProgress = (/** @type {any} */ { phase }) => phases.add(phase);
    const loading = source === undefined ? null : lab.loadLanguageModel(source, { ...options, onPlan, onProgress });
    const failure = await loading?.then(
      () => null,
      (/** @type {any} */ { code, message }) => ({ code, message }),
    );
    const loadMs = performance.now() - began;
    const done = [];
    for (const thought of failure ? [] : thoughts) {
      const steps = [];
      const start = performance.now();
      let firstMs = 0;
      let result;
      for await (const item of lab.think({ task: "word_problems", ...thought })) {
        if (isResult(item)) result = item;
        else {
          if (steps.length === 0) firstMs = performance.now() - start;
          steps.push({ candidates: item.candidates, mixture: item.mixture, soft: item.soft, token: item.token });
        }
      }
      done.push({ steps, result, firstMs, ms: performance.now() - start });
    }
    return { plan: /** @type {any} */ (plan), phases: [...phases], failure: failure ?? null, loadMs, done };
  }, wanted);
}

const SOFT = { question: "why?", policy: { preset: "soft", max_thought_length: 8 }, maxSteps: 12 };
const ORDER = ["think", "score", "learn"];
const TINY = { instruction: "", bridge: " so " };

test("a file from an address thinks softly and discretely, in words, and is kept for the next time", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(host.url);
  const first = await run(page, {
    source: "tiny.gguf",
    options: TINY,
    thoughts: [SOFT, { ...SOFT, policy: "discrete" }, SOFT],
  });
  assert.equal(first.failure, null, JSON.stringify(first.failure));
  assert.equal(first.plan.name, "tiny");
  assert.equal(first.plan.toFetch, first.plan.memory.file);
  assert.ok(first.phases.includes("model") && first.phases.includes("read"), String(first.phases));
  const [soft, discrete, again] = first.done;
  const thought = soft.steps.filter((/** @type {any} */ step) => step.soft);
  assert.ok(thought.length > 0 && thought.every((/** @type {any} */ step) => step.candidates.length === 5));
  for (const { mixture } of thought) {
    const sum = mixture.reduce((/** @type {number} */ all, /** @type {number} */ weight) => all + weight, 0);
    assert.ok(Math.abs(sum - 1) <= 1e-5, `weights of a blend add up to ${sum}, in f32`);
  }
  assert.ok(discrete.steps.every((/** @type {any} */ step) => !step.soft));
  assert.deepEqual(again.steps, soft.steps);

  const asked = host.asked.filter(({ path }) => path === "tiny.gguf").length;
  const second = await run(page, { source: "tiny.gguf", options: TINY, thoughts: [SOFT] });
  assert.equal(second.plan.toFetch, 0);
  // Asked whether it is the same file, no more.
  assert.equal(host.asked.filter(({ path }) => path === "tiny.gguf").length, asked + 1);
  assert.deepEqual(second.done[0].steps, soft.steps);
  await context.close();
});

test("files that lie or do not fit are refused with a code, and a thought can be cancelled", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(host.url);
  const half = await run(page, { source: "half.gguf" });
  assert.equal(half.failure?.code, "bad-weights");
  const large = await run(page, { source: "tiny.gguf", options: { ...TINY, memory: 1000 } });
  assert.equal(large.failure?.code, "out-of-memory");
  assert.match(large.failure?.message ?? "", /MiB/);
  assert.ok(large.plan.refused.length > 0);
  const bad = await run(page, { source: "tiny.gguf", options: { ...TINY, chatTemplate: "{% for %}" } });
  assert.equal(bad.failure, null);
  const codes = await page.evaluate(async () => {
    const { lab } = /** @type {any} */ (globalThis);
    const code = (/** @type {any} */ error) => error.code;
    const drain = async (/** @type {any} */ items) => {
      for await (const item of items) if (item === undefined) return "";
      return "done";
    };
    const asked = { task: "word_problems", question: "why?" };
    const template = await drain(lab.think(asked)).catch(code);
    await lab.loadLanguageModel("tiny.gguf", { instruction: "", bridge: " so " });
    const abort = new AbortController();
    const long = { preset: "discrete", max_thought_length: 900 };
    const thought = lab.think({ ...asked, policy: long, maxSteps: 900, signal: abort.signal });
    // Asked for and taken back at once: a tiny model is through with all its steps before it could be stopped in between.
    const first = thought.next();
    abort.abort();
    const cancelled = await first.then(() => drain(thought)).catch(code);
    return { template, cancelled, adapter: await lab.exportAdapter().catch(code) };
  });
  assert.deepEqual(codes, { template: "bad-input", cancelled: "cancelled", adapter: "bad-input" });
  await context.close();
});

test("an adapter learns beside the weights, goes out as PEFT's files, and comes back as it was", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(host.url);
  const loaded = await run(page, { source: "tiny.gguf", options: TINY, thoughts: [SOFT] });
  assert.equal(loaded.failure, null);
  const found = await page.evaluate(async (soft) => {
    const { lab } = /** @type {any} */ (globalThis);
    const { isResult } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
    const think = async () => {
      const steps = [];
      for await (const item of lab.think({ task: "word_problems", ...soft })) {
        if (!isResult(item)) steps.push({ candidates: item.candidates, mixture: item.mixture });
      }
      return JSON.stringify(steps);
    };
    const gradients = [];
    // Random words earn nothing by their answers; lengths differ, so a punishment of them does.
    const settings = { task: "word_problems", objective: "soft_grpo", max_steps: 3, eval_steps: 0, num_generations: 4 };
    const sizes = { generation_batch_size: 4, steps_per_generation: 1, max_completion_length: 24, learning_rate: 0.01 };
    for await (const step of lab.train({ ...settings, ...sizes, lora_r: 4, soft_punish_cache: 20 })) {
      gradients.push(step.grad_norm);
    }
    const learned = await think();
    const adapter = await lab.exportAdapter();
    await lab.loadLanguageModel("tiny.gguf", { instruction: "", bridge: " so " });
    const fresh = await think();
    await lab.loadAdapter(adapter);
    const config = JSON.parse(adapter.config);
    return { gradients, learned, fresh, back: await think(), config, bytes: adapter.weights.length };
  }, SOFT);
  assert.equal(found.gradients.length, 3);
  assert.ok(
    found.gradients.every((/** @type {number} */ norm) => Number.isFinite(norm)),
    String(found.gradients),
  );
  assert.equal(found.config.peft_type, "LORA");
  assert.equal(found.config.r, 4);
  assert.ok(found.bytes > 1000);
  assert.equal(found.back, found.learned);
  assert.notEqual(found.fresh, found.learned, `gradients ${String(found.gradients)}`);
  await context.close();
});

test(
  "a long step tells what it does, ends where it is stopped, and leaves the adapter as it was",
  { timeout: 300_000 },
  async (t) => {
    const { page, context } = await watchedPage(browser);
    await page.goto(host.url);
    assert.equal((await run(page, { source: "tiny.gguf", options: TINY })).failure, null);
    const found = await page.evaluate(async () => {
      const { lab } = /** @type {any} */ (globalThis);
      const word = lab.tasks[0];
      const long = { task: "word_problems", objective: "soft_grpo", eval_steps: 0, beta: 0.01, lora_r: 4, seed: 5 };
      // Made for as many tokens as a step of a second or more has, also on a quick machine.
      const sizes = {
        num_generations: 16,
        generation_batch_size: 64,
        steps_per_generation: 1,
        max_completion_length: 320,
      };
      // Steps so small that the next one thinks as long.
      const settings = { ...long, ...sizes, learning_rate: 1e-5, soft_punish_cache: 300 };
      const plan = await lab.learningPlan(settings);
      const weights = async () => String((await lab.exportAdapter()).weights);
      /** @type {any[]} */
      const told = [];
      const once = lab.train(
        { ...settings, max_steps: 1 },
        { onEvent: (/** @type {any} */ event) => told.push(event) },
      );
      const began = performance.now();
      await once.finished;
      const wholeMs = performance.now() - began;
      const learned = await weights();
      // Stopped in each phase of its first step, a run leaves the adapter it began with.
      const stops = [];
      for (const phase of ["think", "score", "learn"]) {
        let asked = 0;
        const run = lab.train(
          { ...settings, max_steps: 2 },
          {
            onEvent: (/** @type {any} */ event) => {
              if (asked > 0 || event.type !== "progress" || event.phase !== phase) return;
              asked = performance.now();
              run.stop();
            },
          },
        );
        const end = await run.finished;
        stops.push({ phase, end, ms: performance.now() - asked, same: (await weights()) === learned });
      }
      return { told, wholeMs, stops, word, plan };
    });
    assert.equal(found.word.name, "word_problems");
    assert.deepEqual(found.word.difficulties, [0, 2]);
    const { total, positions, ...parts } = found.plan;
    const sizes = Object.values(/** @type {Record<string, number>} */ (parts));
    assert.equal(
      total,
      sizes.reduce((sum, bytes) => sum + bytes, 0),
    );
    assert.ok(positions > 320, `${positions} positions side by side`);
    const progress = found.told.filter((/** @type {any} */ { type }) => type === "progress");
    const phases = progress.map((/** @type {any} */ { phase }) => phase);
    assert.deepEqual([...new Set(phases)], ["think", "score", "learn"]);
    assert.deepEqual(
      phases,
      phases.toSorted((/** @type {string} */ a, /** @type {string} */ b) => ORDER.indexOf(a) - ORDER.indexOf(b)),
    );
    for (const [index, { step, phase, done, total }] of progress.entries()) {
      const before = progress[index - 1];
      assert.ok(step === 1 && done >= 0 && done <= Number(total) + 1e-9, `${phase} ${done} of ${total}`);
      if (before?.phase === phase) assert.ok(done >= before.done, `${phase} went back from ${before.done} to ${done}`);
      if (phase === "think") assert.equal(total, 64 * 320);
      else assert.equal(total, phase === "score" ? 128 : 64);
    }
    assert.equal(found.told.filter((/** @type {any} */ { type }) => type === "metrics").length, 1);
    t.diagnostic(
      `${progress.length} events in a step of ${found.wholeMs.toFixed(0)} ms; stopped after ${JSON.stringify(found.stops.map(({ phase, ms }) => [phase, Math.round(ms)]))} ms`,
    );
    for (const { phase, end, ms, same } of found.stops) {
      assert.deepEqual(end, { step: 0, reason: "stopped" }, phase);
      assert.ok(ms < found.wholeMs / 2, `${phase}: stopped after ${ms} ms, where a step takes ${found.wholeMs}`);
      assert.ok(same, `${phase}: the adapter is another one`);
    }
    await context.close();
  },
);

test("over 1,000 tokens no memory is left behind", { timeout: 300_000 }, async (t) => {
  const { page, context } = await watchedPage(browser);
  const probe = await memoryProbe(browser, page);
  await page.goto(host.url);
  // Random letters end a thought early now and then: many of them, one after another.
  const wanted = { source: "long.gguf", options: { ...TINY, context: 2048, wholeMark: true } };
  const thoughts = Array.from({ length: 40 }, (_, at) => ({
    question: `why ${String(at)}?`,
    policy: { preset: "soft", max_thought_length: 1100 },
    maxSteps: 1100,
  }));
  const first = await run(page, { ...wanted, thoughts });
  assert.equal(first.failure, null, JSON.stringify(first.failure));
  const before = await probe.sample();
  const again = await run(page, { ...wanted, thoughts });
  const after = await probe.sample();
  const tokens = again.done.reduce((sum, { steps }) => sum + steps.length, 0);
  t.diagnostic(`over ${tokens} tokens wasm memory went from ${before.wasm_bytes} to ${after.wasm_bytes} bytes`);
  assert.ok(tokens >= 1000, `${tokens} tokens`);
  // The keys and values of 1,000 tokens would be twice as much.
  assert.ok(after.wasm_bytes <= before.wasm_bytes + MIB / 4);
  await context.close();
});

const skip = existsSync(smollm2) ? false : `no file of SmolLM2 at ${smollm2} (LAB_SMOLLM2)`;
test("SmolLM2-135M-Instruct from an address and from what is kept", { skip, timeout: 1_200_000 }, async (t) => {
  const { page, context } = await watchedPage(browser);
  const probe = await memoryProbe(browser, page);
  await page.goto(host.url);
  const short = { questionSeed: 3, policy: { preset: "soft", max_thought_length: 40 }, maxSteps: 60 };
  const first = await run(page, { source: "smollm2.gguf", options: { context: 1024 }, thoughts: [short] });
  assert.equal(first.failure, null, JSON.stringify(first.failure));
  const loaded = await probe.sample();
  const [thought] = first.done;
  const speed = (/** @type {any} */ { steps, ms, firstMs }) => (1000 * (steps.length - 1)) / (ms - firstMs);
  t.diagnostic(
    `download and load ${first.loadMs.toFixed(0)} ms, first token ${thought.firstMs.toFixed(0)} ms later, ${speed(thought).toFixed(1)} tokens/s on one thread`,
  );
  t.diagnostic(
    `wasm memory ${(loaded.wasm_bytes / MIB).toFixed(0)} MiB; planned ${(first.plan.total / MIB).toFixed(0)} MiB`,
  );
  t.diagnostic(`thought: ${thought.result.text}`);
  const second = await run(page, { source: "smollm2.gguf", options: { context: 1024 }, thoughts: [short] });
  t.diagnostic(
    `from cache: load ${second.loadMs.toFixed(0)} ms, first token ${second.done[0].firstMs.toFixed(0)} ms later`,
  );
  assert.deepEqual(second.done[0].steps, thought.steps);
  assert.ok(loaded.wasm_bytes <= 200 * MIB, `${loaded.wasm_bytes} bytes of wasm memory after loading`);
  const long = { questionSeed: 4, policy: { preset: "soft", max_thought_length: 340 }, maxSteps: 360 };
  const wanted = { source: "smollm2.gguf", options: { context: 1024, wholeMark: true } };
  await run(page, { ...wanted, thoughts: [long] });
  const before = await probe.sample();
  const more = await run(page, { thoughts: [long, long, long, long, long] });
  const tokens = more.done.reduce((sum, { steps }) => sum + steps.length, 0);
  const after = await probe.sample();
  t.diagnostic(`over ${tokens} tokens wasm memory went from ${before.wasm_bytes} to ${after.wasm_bytes} bytes`);
  assert.ok(tokens >= 1000, `${tokens} tokens`);
  assert.ok(after.wasm_bytes <= before.wasm_bytes + MIB);
  await context.close();
});
