// Every control of the lab, one after the other, on one engine and in whichever browser. Not here: what the numbers should be (page.test.mjs),
// the story's figures (learn-scenario.mjs), losing the GPU (gpu-scenario.mjs).

import assert from "node:assert/strict";
import { test } from "node:test";

import { appears, choose, click, computesOn, nothingWrong, text, thinks, until } from "./gpu-scenario.mjs";

/** @typedef {import("./gpu-scenario.mjs").Tab} Tab */

/** Names of the files that were handed out, from now on. @param {Tab} tab */
const catchFiles = (tab) =>
  tab.evaluate(() => {
    /** @type {string[]} */
    const files = [];
    Object.assign(globalThis, { files });
    const click = Reflect.get(HTMLAnchorElement.prototype, "click");
    HTMLAnchorElement.prototype.click = function () {
      if (this.download === "") click.call(this);
      else files.push(this.download);
    };
  }, null);

/** @param {Tab} tab @param {string} selector @param {string} words @param {RegExp} name */
async function hands(tab, selector, words, name) {
  await click(tab, selector, words);
  await until(
    tab,
    `a file ${name.source}`,
    (form) => /** @type {string[]} */ (Reflect.get(globalThis, "files")).some((one) => new RegExp(form).test(one)),
    name.source,
  );
}

/** @param {Tab} tab @param {string} selector @param {string} value */
async function fill(tab, selector, value) {
  await appears(tab, `${selector}:not([disabled])`);
  await tab.evaluate(
    ([selector = "", value = ""]) => {
      const field = /** @type {HTMLInputElement} */ (document.querySelector(selector));
      field.value = value;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    },
    [selector, value],
  );
}

/** @param {Tab} tab @param {string} selector */
const count = (tab, selector) => tab.evaluate((selector) => document.querySelectorAll(selector).length, selector);

/** @param {Tab} tab */
async function thinking(tab) {
  await thinks(tab);
  const asked = await tab.evaluate(
    () => /** @type {HTMLInputElement} */ (document.querySelector(".prompt")).value,
    null,
  );
  await click(tab, ".question button", "Another");
  await until(
    tab,
    "another question",
    (asked) => /** @type {HTMLInputElement} */ (document.querySelector(".prompt")).value !== asked,
    asked,
  );
  await choose(tab, "policy", "multiplex");
  await fill(tab, "[name='policy.multiplex_width']", "4");
  await fill(tab, "[name=seed]", "11");
  await thinks(tab);
  assert.match(await tab.evaluate(() => location.hash, null), /policy\.multiplex_width=4/);
  await choose(tab, "policy", "soft");
  // Cancelled at once, then done: both go.
  await click(tab, ".diagnose button", "Look closely");
  await click(tab, ".diagnose button", "Cancel");
  await click(tab, ".diagnose button", "Look closely");
  await appears(tab, ".diagnose .findings");
}

/** @param {Tab} tab */
async function training(tab) {
  await fill(tab, ".settings [name=eval_questions]", "4");
  await choose(tab, "steps", "");
  await click(tab, ".train .buttons button.main", "Train");
  await until(
    tab,
    "a step",
    () => /Step [1-9]/.test(document.querySelector(".train .status")?.textContent ?? ""),
    null,
  );
  await click(tab, ".train .buttons button", "Pause");
  await appears(tab, ".train .status", "Paused after step");
  await click(tab, ".train .buttons button", "Resume");
  await click(tab, ".train .buttons button", "Stop");
  await appears(tab, ".train .status", "Stopped after step");
  await appears(tab, ".history tbody th");
  await click(tab, ".switch button", "as a table");
  await appears(tab, ".samples tbody td");
  await click(tab, ".switch button", "as strips");
  await click(tab, ".samples .try, .samples ol button");
  await click(tab, "[name=history-show]");
  await appears(tab, ".train", "What you changed");
}

/** @param {Tab} tab */
async function files(tab) {
  await catchFiles(tab);
  for (const [selector, words, name] of /** @type {const} */ ([
    [".charts .save-formats button", "SVG", /\.svg$/],
    [".charts .save-formats button", "PNG", /\.png$/],
    [".numbers button", "CSV", /\.csv$/],
    [".numbers button", "JSON", /\.json$/],
    [".samples button", "JSON", /samples.*\.json$|tries.*\.json$/],
    [".model button", "safetensors", /\.safetensors$/],
    [".model button", "GGUF", /\.gguf$/],
  ])) {
    await hands(tab, selector, words, name);
  }
}

/** @param {Tab} tab @param {"cpu" | "gpu"} engine */
async function measuring(tab, engine) {
  await click(tab, ".measure button", "Measure");
  // To its end on the CPU; a software GPU takes minutes for all of it, so there it is seen to go on.
  if (engine === "gpu")
    await until(
      tab,
      "some of the measurement",
      () => (document.querySelector(".measure progress")?.getAttribute("value") ?? "0") !== "0",
      null,
    );
  await click(tab, ".measure button", "Cancel");
  await appears(tab, ".measure button:not([disabled])", "Measure");
  if (engine === "cpu") {
    await click(tab, ".measure button", "Measure");
    await appears(tab, ".measure tbody th, .measure tbody td", "step");
  }
  await tab.evaluate(() => {
    for (const fold of document.querySelectorAll(".results-fold, .own details"))
      /** @type {HTMLDetailsElement} */ (fold).open = true;
  }, null);
  await appears(tab, ".result-charts figcaption", "pass@k");
  await click(tab, ".own button", "example");
  await click(tab, ".own button", "Add the task");
  await until(tab, "a task of one's own", () => document.querySelector(".own-tasks li") !== null, null);
}

/** @param {Tab} tab */
async function around(tab) {
  const theme = () => tab.evaluate(() => document.documentElement.dataset.theme ?? "", null);
  const before = await theme();
  await click(tab, ".tools button", "◐");
  assert.notEqual(await theme(), before);
  await click(tab, ".tools button", "?");
  await appears(tab, ".keys kbd");
  await click(tab, ".keys button", "Close");
  await click(tab, "#engine-badge");
  await appears(tab, "#engine-card:not([hidden]) h2");
  await click(tab, "#engine-card button", "Close");
  await click(tab, ".sentence", "collapse");
  await appears(tab, ".sentences .said", "Press Train");
}

/**
 * @param {string} browser for messages
 * @param {"cpu" | "gpu"} engine
 * @param {() => Promise<Tab>} newTab
 * @param {() => string} address of the site
 */
export function controlTests(browser, engine, newTab, address) {
  test(`${browser}: every control of the lab, on the ${engine} engine`, async () => {
    const tab = await newTab();
    await tab.open(`${address()}#task=chain_sum&engine=${engine}&seed=7`);
    await computesOn(tab, engine);
    for (const part of [thinking, training, files, measuring, around]) {
      await part(tab, engine);
      await nothingWrong(tab);
    }
    assert.ok((await count(tab, "metric-chart")) >= 4);
    assert.match(await text(tab, ".badge"), new RegExp(engine, "i"));
    await tab.close();
  });
}
