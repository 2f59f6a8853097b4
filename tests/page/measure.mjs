// Measures what the project promises of the browser and prints it as one JSON object: time to usable, learning over seeds,
// time per training step, the longest block of the main thread, memory over many steps. Judges nothing.
//
//   node measure.mjs [--seeds 1,2,3] [--steps 60] [--long-steps 500] [--task chain_sum] [--loads 3]

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { launch, usable, watchedPage } from "./browser.mjs";
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
const seeds = values.seeds.split(",").map(Number);
const steps = Number(values.steps);
const longSteps = Number(values["long-steps"]);

const site = await serveSite();
const browser = await launch();
try {
  const report = {
    browser: browser.version(),
    load_to_usable_s: await loads(Number(values.loads)),
    learning: await learning(),
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

/** Memory, sampled at every tenth of a long run that is made through the page itself: the worker's wasm memory is in `process_bytes`. */
async function memory() {
  const { page, context, longTasks } = await watchedPage(browser);
  await page.goto(site.url);
  await usable(page);
  await longTasks();
  await page.locator("[name=steps]").selectOption("");
  const session = await context.newCDPSession(page);
  const sample = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return { page_heap_bytes: usedSize, process_bytes: await processBytes() };
  };
  await page.locator(".train button.main").click();
  const samples = [];
  let longest = 0;
  const every = Math.max(1, Math.floor(longSteps / 10));
  for (let step = every; step <= longSteps; step += every) {
    await page.waitForFunction(
      (wanted) => Reflect.get(document.querySelector("metric-chart") ?? {}, "points") >= wanted,
      step,
      { timeout: 3_600_000, polling: 250 },
    );
    longest = Math.max(longest, ...(await longTasks()));
    samples.push({ step, ...(await sample()) });
    // The garbage collection that was just forced is not the page's doing.
    await longTasks();
  }
  await page.locator(".train button", { hasText: "Stop" }).click();
  await context.close();
  return { steps: longSteps, samples, main_thread_longest_ms: longest };
}

/** Resident bytes of this browser's renderer processes, where /proc tells; 0 elsewhere. */
async function processBytes() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  let total = 0;
  for (const { type, id } of processInfo) {
    if (type !== "renderer") continue;
    const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
    total += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  }
  return total;
}
