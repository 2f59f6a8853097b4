// An adapter learns on the GPU engine in a tab, through the package alone: Chromium's own software adapter makes a GPU everywhere. The
// CPU engine: language-model.test.mjs; SmolLM2: benches/peers/adapter.mjs.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { watchedPage } from "./browser.mjs";
import { serveFolder } from "./static-site.mjs";
import { tinyGguf } from "./tiny-gguf.mjs";

/** @typedef {{ ids: number[], log_probs: number[] }[]} Thought */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveFolder>>} */
let host;
const root = mkdtempSync(join(tmpdir(), "language-gpu-"));

before(async () => {
  const dist = fileURLToPath(new URL("../../web/dist/", import.meta.url));
  for (const name of readdirSync(dist)) if (/\.(js|wasm)$/.test(name)) copyFileSync(join(dist, name), join(root, name));
  writeFileSync(join(root, "index.html"), "<!doctype html><title>lab</title>");
  writeFileSync(join(root, "tiny.gguf"), tinyGguf());
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  const args = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--no-first-run"];
  [browser, host] = await Promise.all([
    chromium.launch({ executablePath, headless: true, args }),
    serveFolder({ root }),
  ]);
});
after(async () => {
  await browser?.close();
  await host?.stop();
  rmSync(root, { recursive: true, force: true });
});

/**
 * The largest difference of log-probabilities, nats; infinite where the tokens differ.
 * @param {Thought} a @param {Thought} b
 */
function apart(a, b) {
  if (a.length !== b.length) return Infinity;
  const differences = a.flatMap(({ ids, log_probs }, step) =>
    ids.map((id, place) => {
      const at = b[step]?.ids.indexOf(id) ?? -1;
      return at < 0 ? Infinity : Math.abs((log_probs[place] ?? NaN) - (b[step]?.log_probs[at] ?? NaN));
    }),
  );
  return Math.max(...differences);
}

test(
  "an adapter learns on the GPU engine, goes out, and comes back to the same log-probabilities",
  { timeout: 600_000 },
  async (t) => {
    const { page, context } = await watchedPage(browser);
    await page.goto(host.url);
    const found = await page.evaluate(async () => {
      const address = /** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href);
      const { createLab, isResult } = await import(address);
      const lab = await createLab({ engine: "gpu", seed: 1 });
      const load = () =>
        lab.loadLanguageModel("tiny.gguf", { context: 256, instruction: "", bridge: " so ", wholeMark: true });
      const think = async () => {
        /** @type {Thought} */
        const steps = [];
        // Blends without noise: the log-probabilities of every candidate are there, and an adapter changes all of them.
        const policy = { preset: "soft", noise_scale: 0, max_thought_length: 12 };
        const asked = { task: "word_problems", policy, maxSteps: 16 };
        for (const question of ["why?", "how?", "when?", "where to?", "2+2?", "what for?"])
          for await (const item of lab.think({ ...asked, question }))
            if (!isResult(item) && item.soft) steps.push({ ids: item.candidate_ids, log_probs: item.log_probs });
        return steps;
      };
      await load();
      const settings = {
        task: "word_problems",
        objective: "soft_grpo",
        max_steps: 2,
        eval_steps: 0,
        num_generations: 4,
      };
      const sizes = {
        generation_batch_size: 4,
        steps_per_generation: 1,
        max_completion_length: 24,
        learning_rate: 0.01,
      };
      const config = { ...settings, ...sizes, lora_r: 4, soft_punish_cache: 20, beta: 0 };
      const plan = await lab.learningPlan(config);
      const norms = [];
      for await (const step of lab.train(config)) norms.push(step.grad_norm);
      const learned = await think();
      const adapter = await lab.exportAdapter();
      const bytes = adapter.weights.length;
      await load();
      const fresh = await think();
      await lab.loadAdapter(adapter);
      return { engine: lab.engine, plan, norms, learned, fresh, back: await think(), bytes };
    });
    assert.equal(found.engine.kind, "gpu");
    assert.equal(found.norms.length, 2);
    assert.ok(
      found.norms.every((/** @type {number} */ norm) => Number.isFinite(norm)) && found.norms.some((norm) => norm > 0),
      String(found.norms),
    );
    assert.ok(found.plan.total > 4 * found.bytes, `${found.plan.total} bytes for an adapter of ${found.bytes}`);
    const [kept, moved] = [apart(found.learned, found.back), apart(found.learned, found.fresh)];
    t.diagnostic(
      `gradients ${found.norms.join(", ")}; ${kept} nats apart after reloading, ${moved} from the model as it came`,
    );
    assert.ok(
      found.learned.length > 4 && found.learned.every(({ ids }) => ids.length > 1),
      `steps to compare: ${JSON.stringify(found.learned)}`,
    );
    // The bound; the same numbers on the same device should differ by nothing.
    assert.ok(kept <= 1e-3, `${kept} nats apart after reloading`);
    assert.ok(moved > 1e-3, `learning moved nothing: ${moved} nats`);
    await context.close();
  },
);
