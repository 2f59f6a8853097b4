// Records the example thoughts that the page shows until its model is ready: one soft and one discrete thought a task, from the
// shipped models, in the built site. Writes www/src/stored/<task>.json. Run after new weights: node record-thoughts.mjs

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";

import { launch, usable, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

const SEED = 7;
const QUESTION_SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);
const models = new URL("../../www/models/", import.meta.url);
const folder = new URL("../../www/src/stored/", import.meta.url);

const site = await serveSite();
const browser = await launch();
try {
  const { page } = await watchedPage(browser);
  await page.goto(site.url);
  await usable(page);
  const tasks = await page
    .locator("[name=task] option")
    .evaluateAll((all) => all.map((one) => one.getAttribute("value")));
  await mkdir(folder, { recursive: true });
  for (const task of tasks) {
    const model = await readFile(new URL(`nano-${task}.gguf`, models)).catch(() => undefined);
    if (model === undefined) {
      console.log(task, "has no shipped model: left out");
      continue;
    }
    // A test of the page compares it with the model that is shipped: a stored thought must not outlive its model.
    const model_sha256 = createHash("sha256").update(model).digest("hex");
    const thoughts = await page.evaluate(record, { task, seed: SEED, questionSeeds: QUESTION_SEEDS });
    await writeFile(new URL(`${task}.json`, folder), JSON.stringify({ model_sha256, ...thoughts }, rounded) + "\n");
    console.log(task, thoughts.soft.result.question, thoughts.soft.result.answer, thoughts.discrete.result.answer);
  }
} finally {
  await browser.close();
  await site.stop();
}

/**
 * The first question whose soft thought is right and has at least one divided blend: an example should show what softness is.
 * @param {{task: string | null, seed: number, questionSeeds: number[]}} wanted
 */
async function record({ task, seed, questionSeeds }) {
  const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
  const lab = await createLab({ engine: "cpu", seed });
  await lab.loadModel(`models/nano-${task}.gguf`);
  const think = async (/** @type {string} */ policy, /** @type {string} */ question) => {
    const items = [];
    for await (const item of lab.think({ task, question, policy, seed })) items.push(item);
    return { result: items.pop(), steps: items };
  };
  let found;
  for (const questionSeed of questionSeeds) {
    const { prompt } = await lab.question({ task, questionSeed, split: "held_out" });
    const soft = await think("soft", prompt);
    found = { soft, discrete: await think("discrete", prompt) };
    if (
      soft.result.grade === 1 &&
      soft.steps.some((/** @type {any} */ step) => step.phase === "think" && step.mixture[0] < 0.8)
    )
      break;
  }
  lab.dispose();
  if (found === undefined) throw new Error("no question was asked");
  return found;
}

/**
 * Five significant digits: what the page can show.
 * @param {string} _key
 * @param {unknown} value
 */
function rounded(_key, value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
