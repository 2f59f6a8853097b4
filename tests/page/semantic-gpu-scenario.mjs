// The second lab on the GPU engine, in whichever browser: beside the CPU engine, cancelled, and `auto`. Not here: starting a browser, and a
// browser without a GPU (semantic-gpu.test.mjs).

import assert from "node:assert/strict";
import { test } from "node:test";

import { until } from "./embed-scenario.mjs";

/** @typedef {import("./gpu-scenario.mjs").Tab} Tab */

/** Twelve updates: enough for rounding to grow, few enough for a GPU in software. The tuned step sizes, as the results have them. */
const SMALL = "arm=dril&beside=none&seed=4&pace=tuned&items=80&set.users=150&set.codes=8&epochs=6";
/** Of L_gen in nats, as a share: f32 sums in another order; after 300 updates of a whole arm it was 4e-6 (benches/semantic_ids/gpu.md). */
const LOSS = 1e-4;
/** Of Recall and NDCG: one user of 150 at another place, as one of 600 was after 300 updates; a user counts at most 1 / 150. */
const ONE_USER = 1 / 150 + 1e-9;

/** Runs the page to its end and gives what it told. @param {Tab} tab */
export async function runPage(tab) {
  await until(tab, "the button", () => document.querySelector("#live button.main") !== null);
  await tab.evaluate(() => {
    const told = /** @type {any[]} */ ([]);
    Object.assign(globalThis, { told });
    document.addEventListener("semantic-event", (event) => told.push(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("semantic-end", (event) =>
      told.push({ type: "end", .../** @type {CustomEvent} */ (event).detail }),
    );
    document.querySelector(/** @type {"button"} */ ("#live button.main"))?.click();
  }, null);
}

/** @param {Tab} tab @returns {Promise<any[]>} */
export const ended = async (tab) =>
  (await until(tab, "the end", () => {
    const told = Reflect.get(globalThis, "told");
    return told.some((/** @type {any} */ { type }) => type === "end") ? told : null;
  })) ?? [];

/** What the page says of the engine. @param {Tab} tab */
export const says = (tab) =>
  tab.evaluate(() => document.querySelector(".engine-of p")?.textContent?.trim().replace(/\s+/g, " ") ?? "", null);

/** The line of the figure that says where it was computed. @param {Tab} tab */
const figureEngine = (tab) =>
  tab.evaluate(
    () =>
      document.querySelector("semantic-ids")?.shadowRoot?.querySelector("[data-engine]")?.getAttribute("data-engine") ??
      "",
    null,
  );

/**
 * Registers the tests.
 * @param {string} browser for messages
 * @param {() => Promise<Tab>} newTab
 * @param {() => string} address of the site, with a slash behind
 */
export function semanticGpuTests(browser, newTab, address) {
  const at = async (/** @type {string} */ engine) => {
    const tab = await newTab();
    await tab.open(`${address()}semantic-ids.html#${SMALL}&engine=${engine}`);
    return tab;
  };

  test(`${browser}: a run on the GPU has the curve and the end of the same run on the CPU, and says on what`, async (t) => {
    const found = [];
    for (const engine of /** @type {const} */ (["cpu", "gpu"])) {
      const tab = await at(engine);
      await runPage(tab);
      const told = await ended(tab);
      const [{ engine: name }] = told;
      assert.match(name, engine === "gpu" ? /^GPU \(WGSL\)/ : /^CPU/);
      await until(tab, "the name of the engine", () =>
        document.querySelector(".engine-now")?.textContent?.startsWith("Computed by"),
      );
      const said = await says(tab);
      assert.ok(said.includes(`Computed by ${name}.`), said);
      assert.equal(/about ten times the processor time/.test(said), engine === "gpu", said);
      assert.equal(await figureEngine(tab), engine);
      assert.deepEqual(tab.complaints(), []);
      await tab.close();
      found.push(told);
    }
    const [cpu = [], gpu = []] = found.map((told) => told.filter(({ type }) => type === "epoch"));
    assert.equal(cpu.length, 6);
    assert.equal(gpu.length, 6);
    let loss = 0;
    let ids = 0;
    cpu.forEach((one, place) => {
      const other = gpu[place];
      const apart = Math.abs(other.epoch.generation / one.epoch.generation - 1);
      assert.ok(apart <= LOSS, `L_gen of epoch ${place + 1}: ${one.epoch.generation}, ${other.epoch.generation}`);
      loss = Math.max(loss, apart);
      one.snapshot.ids.forEach((/** @type {number} */ id, /** @type {number} */ at) => {
        if (id !== other.snapshot.ids[at]) ids += 1;
      });
    });
    // A real training: the loss fell by more than the engines may differ.
    assert.ok(cpu[5].epoch.generation < cpu[0].epoch.generation * 0.99, "nothing was learned");
    const [test, gpuTest] = found.map((told) => told.find(({ type }) => type === "end").test);
    for (const key of ["recall", "ndcg"])
      for (const k of [0, 1]) {
        const [one, other] = [test[key][k], gpuTest[key][k]];
        assert.ok(Math.abs(one - other) <= ONE_USER, `${key} ${k}: ${one}, ${other}`);
      }
    t.diagnostic(
      `${found[1]?.[0].engine}; L_gen apart by ${loss.toExponential(1)} at most, ${ids} of ${6 * 240} codes`,
    );
    t.diagnostic(`recall ${JSON.stringify([test.recall, gpuTest.recall])}`);
  });

  test(`${browser}: a run on the GPU is cancelled within an epoch, and the lab goes on`, async () => {
    const tab = await at("gpu");
    await until(tab, "the button", () => document.querySelector("#live button.main") !== null);
    const outcome = await tab.evaluate(async (address) => {
      const { createSemanticLab } = await import(/** @type {string} */ (address));
      const lab = await createSemanticLab();
      const options = {
        arm: "dril",
        settings: { engine: "gpu", codes: 8, epochs: 200, evaluation_epochs: 0 },
        catalogue: { items: 80, users: 300 },
      };
      const abort = new AbortController();
      let updates = 0;
      const onEvent = (/** @type {any} */ event) => {
        if (event.type !== "updates") return;
        updates += 1;
        abort.abort();
      };
      const code = await lab
        .run(options, { signal: abort.signal, onEvent })
        .done.catch((/** @type {any} */ one) => one.code);
      const next = { ...options, settings: { ...options.settings, epochs: 1 } };
      const events = /** @type {any[]} */ ([]);
      const end = await lab.run(next, { onEvent: (/** @type {any} */ event) => events.push(event) }).done;
      lab.dispose();
      return { code, updates, engine: events[0].engine, end };
    }, `${address()}soft-thinking-lab.js`);
    assert.equal(outcome.code, "cancelled");
    assert.ok(outcome.updates <= 3, `${outcome.updates} updates were told after the cancel`);
    assert.match(outcome.engine, /^GPU/);
    assert.equal(outcome.end.epochs, 1);
    await tab.close();
  });

  test(`${browser}: auto leaves a GPU that a processor plays alone, and says so`, async () => {
    const tab = await at("auto");
    await until(tab, "the reason", () =>
      document.querySelector(".engine-why")?.textContent?.includes("played by the processor"),
    );
    assert.match(await says(tab), /^Runs on the CPU\./);
    await runPage(tab);
    const [{ engine }] = await ended(tab);
    assert.match(engine, /^CPU/);
    assert.equal(await figureEngine(tab), "cpu");
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });
}
