// What the page must do on the GPU engine, in whichever browser: one list of tests, driven through `evaluate` alone, which
// both drivers have. Not here: starting a browser (gpu.test.mjs, firefox.test.mjs).

import assert from "node:assert/strict";
import { test } from "node:test";

/**
 * A page in either driver.
 * @typedef {object} Tab
 * @property {(url: string) => Promise<void>} open
 * @property {<A, R>(work: (argument: A) => R, argument: A) => Promise<Awaited<R>>} evaluate
 * @property {() => string[]} complaints errors of the console and of the page since it was opened
 * @property {() => Promise<void>} close
 */

/** Pipelines compile on two shared cores, in software: nothing here measures speed. */
const PATIENCE_MS = 240_000;

/**
 * Waits until `look` finds something in the page.
 * @template A, R
 * @param {Tab} tab
 * @param {string} what
 * @param {(argument: A) => R} look
 * @param {A} argument
 */
export async function until(tab, what, look, argument) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await tab.evaluate(look, argument);
    if (found) return found;
    if (performance.now() > end) {
      const seen = await tab.evaluate(
        () => [...document.querySelectorAll(".banner, .badge, .status")].map((one) => one.textContent?.trim()),
        null,
      );
      assert.fail(`waited ${PATIENCE_MS / 1000} s for ${what}; the page says ${JSON.stringify(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @param {Tab} tab @param {string} selector @param {string} [text] */
export const appears = (tab, selector, text = "") =>
  until(
    tab,
    `${selector} ${text}`,
    (/** @type {string[]} */ [selector = "", text = ""]) =>
      [...document.querySelectorAll(selector)].some((one) => one.textContent?.includes(text)),
    [selector, text],
  );

/** @param {Tab} tab @param {string} selector @param {string} [text] */
export async function click(tab, selector, text = "") {
  await appears(tab, `${selector}:not([disabled])`, text);
  await tab.evaluate(
    (/** @type {string[]} */ [selector = "", text = ""]) => {
      for (const one of document.querySelectorAll(`${selector}:not([disabled])`)) {
        if (one instanceof HTMLElement && one.textContent?.includes(text)) {
          one.click();
          return;
        }
      }
    },
    [selector, text],
  );
}

/** @param {Tab} tab @param {string} name @param {string} value */
export async function choose(tab, name, value) {
  await appears(tab, `[name=${name}]:not([disabled])`);
  await tab.evaluate(
    ([name = "", value = ""]) => {
      const select = /** @type {HTMLSelectElement} */ (document.querySelector(`[name=${name}]`));
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    },
    [name, value],
  );
}

/** @param {Tab} tab @param {string} selector @returns {Promise<string>} */
export const text = (tab, selector) =>
  tab.evaluate(
    (selector) => document.querySelector(selector)?.textContent?.trim().replace(/\s+/g, " ") ?? "",
    selector,
  );

/** @param {Tab} tab */
const loseDevice = (tab) => tab.evaluate(() => document.dispatchEvent(new Event("lose-device")), null);

/** @param {Tab} tab @returns {Promise<number>} points of the charts, the fewest */
const points = (tab) =>
  tab.evaluate(
    () => Math.min(...[...document.querySelectorAll("metric-chart")].map((one) => Number(Reflect.get(one, "points")))),
    null,
  );

/** @param {Tab} tab @param {number} count */
const waitForPoints = (tab, count) =>
  until(
    tab,
    `${count} points in every chart`,
    (count) => {
      const charts = [...document.querySelectorAll("metric-chart")];
      return charts.length === 4 && charts.every((one) => Reflect.get(one, "points") >= count);
    },
    count,
  );

/** @param {Tab} tab @param {string} kind */
export const computesOn = (tab, kind) => appears(tab, `.badge[data-kind=${kind}]`);

/** @param {Tab} tab */
export async function thinks(tab) {
  await click(tab, ".question button.main", "Think");
  // The verdict of the thought before must be gone first; the new one takes a second, since each step is drawn.
  await until(tab, "a new thought", () => document.querySelector(".thought.discrete .verdict") === null, null);
  await appears(tab, ".thought.discrete .verdict");
  await appears(tab, ".question button.main", "Think");
}

/** @param {Tab} tab */
async function trainUntilStopped(tab) {
  await choose(tab, "steps", "");
  await click(tab, ".train .buttons button.main", "Train");
}

/** @param {Tab} tab */
async function stopTraining(tab) {
  await click(tab, ".train .buttons button", "Stop");
  await appears(tab, ".train .status", "Stopped after step");
}

/** @param {Tab} tab */
export async function nothingWrong(tab) {
  assert.equal(await text(tab, ".banner.problem"), "");
  assert.deepEqual(tab.complaints(), []);
}

/**
 * Registers the tests.
 * @param {string} browser for messages
 * @param {() => Promise<Tab>} newTab
 * @param {() => string} address of the site
 */
export function gpuTests(browser, newTab, address) {
  /** @returns {Promise<string>} why there is no adapter; empty where there is one */
  const lookForAdapter = async () => {
    try {
      const tab = await newTab();
      await tab.open(address());
      const found = await tab.evaluate(async () => {
        const adapter = await navigator.gpu?.requestAdapter();
        return adapter ? `${adapter.info.vendor} ${adapter.info.architecture} ${adapter.info.description}` : "";
      }, null);
      await tab.close();
      if (found === "") return "navigator.gpu gives none";
      console.log(`# ${browser}: ${found}`);
      return "";
    } catch (thrown) {
      return String(thrown);
    }
  };
  /** @type {Promise<string> | undefined} */
  let looked;

  /** A page whose model was loaded on the engine that is asked for. */
  const opened = async (engine = "gpu") => {
    // Asked once; every test fails by its own name: none may pass, or be left out, without a GPU.
    const lacking = await (looked ??= lookForAdapter());
    assert.equal(lacking, "", `0 GPU tests ran in ${browser}: no WebGPU adapter (${lacking})`);
    const tab = await newTab();
    await tab.open(`${address()}#engine=${engine}`);
    await appears(tab, ".question button.main:not([disabled])");
    return tab;
  };

  test(`${browser}: engine=gpu loads the model on the GPU, and badge and card say so`, async () => {
    const tab = await opened();
    await computesOn(tab, "gpu");
    assert.match(await text(tab, ".badge"), /GPU/);
    assert.equal(await text(tab, "#engine-card:not([hidden])"), "");
    await click(tab, ".badge");
    await appears(tab, "#engine-card:not([hidden])", "GPU");
    const card = await text(tab, "#engine-card");
    for (const term of ["Runs on", "Why", "How fast", "largest binding"]) assert.ok(card.includes(term), card);
    assert.match(await tab.evaluate(() => location.hash, null), /engine=gpu/);
    await nothingWrong(tab);
    await tab.close();
  });

  test(`${browser}: thinks on the GPU, and the same seed gives the same thought`, async () => {
    const tab = await opened();
    await thinks(tab);
    const read = () =>
      tab.evaluate(() => [...document.querySelectorAll(".thought .read")].map((one) => one.textContent), null);
    const first = await read();
    assert.ok(first.length > 6, `${first.length} columns`);
    await thinks(tab);
    assert.deepEqual(await read(), first);
    await computesOn(tab, "gpu");
    await nothingWrong(tab);
    await tab.close();
  });

  test(`${browser}: thinks on the GPU in blends and in draws, and looks at how soft that is`, async () => {
    const tab = await opened();
    for (const [policy, word] of [
      ["soft-thinking", "No noise"],
      ["multiplex", "token drawn"],
    ]) {
      await choose(tab, "policy", policy ?? "");
      await thinks(tab);
      await appears(tab, ".think .card", word);
    }
    await click(tab, ".diagnose button", "Look closely");
    await appears(tab, ".findings-list", "nats");
    await computesOn(tab, "gpu");
    await nothingWrong(tab);
    await tab.close();
  });

  test(`${browser}: trains by SofT-GRPO on the GPU`, async () => {
    const tab = await opened();
    await trainUntilStopped(tab);
    await waitForPoints(tab, 4);
    await stopTraining(tab);
    await click(tab, ".numbers summary");
    const bad = await tab.evaluate(
      () =>
        [...document.querySelectorAll(".numbers tbody td")].filter((one) => /NaN|∞/.test(one.textContent ?? "")).length,
      null,
    );
    assert.equal(bad, 0, "numbers that are not finite");
    await computesOn(tab, "gpu");
    await thinks(tab);
    await nothingWrong(tab);
    await tab.close();
  });

  test(`${browser}: a GPU lost during a thought comes back by itself, and the thought ends`, async () => {
    const tab = await opened();
    await click(tab, ".question button.main", "Think");
    // The stored thought is gone by then, so that what stands there is live; the discrete thought is still to come.
    await until(
      tab,
      "a live step",
      () => document.querySelector(".stored") === null && document.querySelector(".thought.soft .column") !== null,
      null,
    );
    await loseDevice(tab);
    await appears(tab, ".banner.notice");
    await appears(tab, ".thought.soft .verdict");
    await appears(tab, ".thought.discrete .verdict");
    assert.match(await text(tab, ".banner.notice"), /GPU/);
    await thinks(tab);
    await computesOn(tab, "gpu");
    await nothingWrong(tab);
    await tab.close();
  });

  test(`${browser}: a GPU lost during training comes back by itself, and the run goes on`, async () => {
    const tab = await opened();
    await trainUntilStopped(tab);
    await waitForPoints(tab, 3);
    await loseDevice(tab);
    await appears(tab, ".banner.notice");
    assert.match(await text(tab, ".banner.notice"), /GPU/);
    await waitForPoints(tab, (await points(tab)) + 3);
    await stopTraining(tab);
    await computesOn(tab, "gpu");
    await nothingWrong(tab);
    await tab.close();
  });

  test(`${browser}: from GPU to CPU and back, what was learned goes along`, async () => {
    const tab = await opened();
    await trainUntilStopped(tab);
    await waitForPoints(tab, 3);
    await stopTraining(tab);
    for (const kind of ["cpu", "gpu"]) {
      await choose(tab, "engine", kind);
      await computesOn(tab, kind);
      await appears(tab, ".model .chip", "trained here");
      await thinks(tab);
      assert.match(await tab.evaluate(() => location.hash, null), new RegExp(`engine=${kind}`));
    }
    await choose(tab, "engine", "auto");
    await until(tab, "an address without an engine", () => !location.hash.includes("engine="), null);
    await appears(tab, "[name=engine]:not([disabled])");
    assert.equal(await tab.evaluate(() => location.hash.includes("engine="), null), false);
    await nothingWrong(tab);
    await tab.close();
  });

  test(`${browser}: the module at /soft-thinking-lab.js reports the GPU, and repeats a thought across a loss`, async (t) => {
    const tab = await opened("cpu");
    const found = await tab.evaluate(async () => {
      const { createLab, isResult, probe } = await import(
        /** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href)
      );
      const capabilities = await probe();
      const lab = await createLab({ engine: "gpu", seed: 1 });
      /** @type {number[]} */
      const compiled = [];
      const onProgress = (/** @type {any} */ one) => {
        if (one.phase === "compile") compiled.push(one.loaded / one.total);
      };
      const { engine } = await lab.loadModel("models/nano-chain_sum.gguf", { onProgress });
      /** @type {string[]} */
      const notices = [];
      const think = async (lose = false) => {
        let text = "";
        const onProgress = (/** @type {any} */ one) => notices.push(one.phase);
        for await (const item of lab.think({
          task: "chain_sum",
          questionSeed: 1,
          policy: "soft",
          seed: 1,
          onProgress,
        })) {
          if (isResult(item)) text = item.text;
          else if (lose && item.step === 0) await lab.loseDevice();
        }
        return text;
      };
      const undisturbed = await think();
      const disturbed = await think(true);
      const after = await think();
      const present = await lab.engineInfo();
      lab.dispose();
      return { capabilities, engine, compiled, notices, thoughts: [undisturbed, disturbed, after], present };
    }, null);
    t.diagnostic(JSON.stringify({ ...found, compiled: found.compiled.length }));
    assert.equal(found.capabilities.webgpu, true);
    assert.equal(found.capabilities.webgpuReason, "");
    assert.ok(found.capabilities.limits.maxStorageBuffersPerShaderStage >= 8);
    assert.equal(found.engine.kind, "gpu");
    assert.equal(found.present.kind, "gpu");
    assert.equal(found.compiled.at(-1), 1, "the last progress of compiling says all of it");
    assert.deepEqual(found.notices, ["recovered"]);
    assert.notEqual(found.thoughts[0], "");
    assert.deepEqual(found.thoughts, Array(3).fill(found.thoughts[0]));
    await nothingWrong(tab);
    await tab.close();
  });
}
