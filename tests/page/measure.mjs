// Measures what the project promises of the browser and prints it as one JSON object: time to usable, learning over seeds,
// time per training step, the longest block of the main thread, memory over many steps. Judges nothing.
//
//   node measure.mjs [--seeds 1,2,3] [--steps 60] [--long-steps 500] [--task chain_sum] [--loads 3]

import { loadavg } from "node:os";
import { parseArgs } from "node:util";

import { launch, usable, watchedPage } from "./browser.mjs";
import { MEMORY_FLAGS, memoryProbe } from "./memory.mjs";
import { serveSite } from "./site.mjs";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1,2,3" },
    steps: { type: "string", default: "60" },
    "long-steps": { type: "string", default: "500" },
    task: { type: "string", default: "chain_sum" },
    loads: { type: "string", default: "3" },
  },
});
const seeds = values.seeds.split(",").filter(Boolean).map(Number);
const steps = Number(values.steps);
const longSteps = Number(values["long-steps"]);

const site = await serveSite();
const browser = await launch();
try {
  const report = {
    browser: browser.version(),
    // Of the last minute: figures taken on a busy machine are not the program's.
    load_average: loadavg()[0],
    load_to_usable_s: await loads(Number(values.loads)),
    learning: seeds.length > 0 ? await learning() : null,
    memory: longSteps > 0 ? await memory() : null,
  };
  console.log(JSON.stringify(report, null, 1));
} finally {
  await browser.close();
  await site.stop();
}

/** @param {number} count */
async function loads(count) {
  const seconds = [];
  for (let index = 0; index < count; index += 1) {
    // A new context each time: nothing is cached.
    const { page, context } = await watchedPage(browser);
    const began = performance.now();
    await page.goto(site.url);
    await usable(page);
    seconds.push((performance.now() - began) / 1000);
    await context.close();
  }
  return seconds;
}

/** A run a seed, each from the shipped weights in a fresh page, with held-out pass@1 before and after. */
async function learning() {
  const runs = [];
  for (const seed of seeds) {
    const { page, context, longTasks } = await watchedPage(browser);
    await page.goto(site.url);
    await usable(page);
    await longTasks();
    const run = await page.evaluate(trainAndMeasure, { seed, steps, task: values.task });
    runs.push({ seed, ...run, main_thread_longest_ms: Math.max(0, ...(await longTasks())) });
    console.error(
      `seed ${seed}: pass@1 ${run.before.toFixed(3)} to ${run.after.toFixed(3)} in ${run.seconds.toFixed(0)} s`,
    );
    await context.close();
  }
  return { task: values.task, steps, runs };
}

/** @param {{seed: number, steps: number, task: string}} wanted */
async function trainAndMeasure({ seed, steps, task }) {
  const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
  const lab = await createLab({ engine: "cpu", seed });
  await lab.loadModel(`models/nano-${task}.gguf`);
  const evaluate = async () =>
    (await lab.evaluate({ task, policy: "soft", questions: 64, samples: 16, k: [1], seed: 0 })).pass_at_1;
  const before = await evaluate();
  const began = performance.now();
  const stepMs = [];
  const run = lab.train({ task, objective: "soft_grpo", max_steps: steps, seed });
  let last = performance.now();
  for await (const metrics of run) {
    const now = performance.now();
    if (metrics.step > 0) stepMs.push(now - last);
    last = now;
  }
  const seconds = (performance.now() - began) / 1000;
  const after = await evaluate();
  const { config } = await run.started;
  lab.dispose();
  const sorted = stepMs.toSorted((a, b) => a - b);
  return {
    before,
    after,
    gain: after - before,
    seconds,
    step_ms_median: sorted[Math.floor(sorted.length / 2)],
    step_ms_max: sorted.at(-1),
    config,
  };
}

/**
 * A long run made through the page itself, sampled after the first 20 steps and at every tenth of the run. `live` is what the
 * program holds: linear wasm memory (which never shrinks, so it shows a leak) and both JavaScript heaps after garbage collection.
 * The resident set beside it also has compiled code, uncollected garbage and shared libraries. Growth is against the first tenth:
 * until then the engine's buffers and the browser's compiled code settle. A band is the ± around the middle of all samples since.
 */
async function memory() {
  const own = await launch(MEMORY_FLAGS);
  try {
    const { page, context, longTasks } = await watchedPage(own);
    const probe = await memoryProbe(own, page);
    await page.goto(site.url);
    await usable(page);
    await longTasks();
    await page.locator("[name=steps]").selectOption("");
    await page.locator(".train button.main").click();
    const every = Math.max(1, Math.floor(longSteps / 10));
    const wanted = Array.from({ length: Math.floor(longSteps / every) }, (_, index) => (index + 1) * every);
    /** @type {(Awaited<ReturnType<typeof probe.sample>> & {step: number})[]} */
    const samples = [];
    const longest = [];
    for (const step of every > 20 ? [20, ...wanted] : wanted) {
      await page.waitForFunction(
        (count) => Reflect.get(document.querySelector("metric-chart") ?? {}, "points") >= count,
        step,
        { timeout: 3_600_000, polling: 250 },
      );
      longest.push(...(await longTasks()));
      samples.push({ step, ...(await probe.sample()) });
      // The garbage collection that was just forced is not the page's doing.
      await longTasks();
    }
    await page.locator(".train .buttons button", { hasText: "Stop" }).click();
    await context.close();
    const settled = samples.find(({ step }) => step === every);
    const last = samples.at(-1);
    if (settled === undefined || last === undefined) throw new Error("the run was too short to sample");
    const growth = (/** @type {(one: NonNullable<typeof last>) => number} */ of) => of(last) / of(settled) - 1;
    const band = (/** @type {(one: NonNullable<typeof last>) => number} */ of) => {
      const sizes = samples.filter(({ step }) => step >= every).map(of);
      return (Math.max(...sizes) - Math.min(...sizes)) / (Math.max(...sizes) + Math.min(...sizes));
    };
    return {
      steps: longSteps,
      from_step: every,
      live_band: band((one) => one.live_bytes),
      renderer_rss_band: band((one) => one.renderer_rss_bytes),
      live_growth: growth((one) => one.live_bytes),
      wasm_growth: growth((one) => one.wasm_bytes),
      renderer_rss_growth: growth((one) => one.renderer_rss_bytes),
      samples,
      main_thread_over_50_ms: longest.length,
      main_thread_longest_ms: Math.max(0, ...longest),
    };
  } finally {
    await own.close();
  }
}
