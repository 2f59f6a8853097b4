// What the five figures of the story must do on a given engine, in whichever browser: one test, driven through `evaluate` alone, which both
// drivers have. That they show the right numbers is learn.test.mjs's; here it is that each computes, on that engine, and answers its controls.

import assert from "node:assert/strict";
import { test } from "node:test";

/** @typedef {import("./gpu-scenario.mjs").Tab} Tab */

/** Pipelines compile on two shared cores, in software: nothing here measures speed. */
const PATIENCE_MS = 240_000;

/**
 * The texts of a figure's elements, `[]` where there are none.
 * @param {Tab} tab @param {string} figure @param {string} selector @returns {Promise<string[]>}
 */
const texts = (tab, figure, selector) =>
  tab.evaluate(
    ([figure = "", selector = ""]) => {
      const root = document.querySelector(figure)?.shadowRoot;
      return [...(root?.querySelectorAll(selector) ?? [])].map((one) => one.textContent?.trim() ?? "");
    },
    [figure, selector],
  );

/**
 * The texts of a figure's elements, once they are as `right` wants them.
 * @param {Tab} tab @param {string} figure @param {string} selector @param {string} what
 * @param {(found: string[]) => boolean} right
 */
async function until(tab, figure, selector, what, right = (found) => found.length > 0) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await texts(tab, figure, selector);
    if (right(found)) return found;
    if (performance.now() > end) {
      const [says = ""] = await texts(tab, figure, "figure");
      assert.fail(`waited ${PATIENCE_MS / 1000} s for ${what} in ${figure}, which says ${says.replace(/\s+/g, " ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @param {Tab} tab @param {string} figure @param {string} words */
async function press(tab, figure, words) {
  await until(tab, figure, "button:not([disabled])", `a button “${words}”`, (found) => found.includes(words));
  await tab.evaluate(
    ([figure = "", words = ""]) => {
      const buttons = document.querySelector(figure)?.shadowRoot?.querySelectorAll("button") ?? [];
      [...buttons].find((one) => one.textContent?.trim() === words)?.click();
    },
    [figure, words],
  );
}

/** @param {Tab} tab @param {string} figure @param {string} engine */
async function comes(tab, figure, engine) {
  await tab.evaluate((figure) => document.querySelector(figure)?.scrollIntoView(), figure);
  await until(tab, figure, `[data-engine=${engine}]`, `something computed on the ${engine}`);
}

/** @param {Tab} tab @param {string} engine */
async function mixture(tab, engine) {
  const figure = "soft-mixture";
  await comes(tab, figure, engine);
  const entropyOf = (/** @type {string} */ text) => Number(/entropy is ([\d.]+) nats/.exec(text)?.[1]);
  const [paper = ""] = await until(tab, figure, ".sentence", "the blend");
  await tab.evaluate((figure) => {
    const slider = document.querySelector(figure)?.shadowRoot?.querySelector("[name=gumbel_temperature]");
    if (!(slider instanceof HTMLInputElement) || slider.disabled) return;
    slider.value = slider.max;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, figure);
  const [soft = ""] = await until(tab, figure, ".sentence", "another blend", ([text]) => text !== paper);
  assert.ok(entropyOf(soft) > entropyOf(paper) + 0.3, `at the largest τ: ${soft} At the paper's: ${paper}`);
}

/** @param {Tab} tab @param {string} engine */
async function thought(tab, engine) {
  const figure = "soft-thought";
  await comes(tab, figure, engine);
  const [asked] = await until(tab, figure, "strong.token", "a question");
  await press(tab, figure, "Another question");
  await until(tab, figure, "strong.token", "another question", ([text]) => text !== asked);
  for (const kind of ["soft", "discrete"]) {
    const columns = await until(tab, figure, `section.${kind} .column`, `a ${kind} thought`);
    assert.ok(columns.length > 3, `${kind}: ${columns.length} steps`);
  }
}

/** @param {Tab} tab @param {string} engine */
async function group(tab, engine) {
  const figure = "thought-group";
  await comes(tab, figure, engine);
  const [said = ""] = await until(tab, figure, ".said", "whose credit it is");
  assert.match(said, /Try \d, step \d/);
  const advantages = await texts(tab, figure, ".try > .number");
  assert.equal(advantages.length, 8);
  const sum = advantages.reduce((all, text) => all + Number(text.replace("−", "-")), 0);
  assert.ok(!(Math.abs(sum) > 0.05), `advantages add up to ${sum}: each is rounded to two decimals`);
  await press(tab, figure, "Another question");
  await until(tab, figure, ".said", "another group", ([text]) => text !== said);
}

/** @param {Tab} tab @param {string} engine */
async function race(tab, engine) {
  const figure = "training-race";
  await press(tab, figure, "Start both");
  await comes(tab, figure, engine);
  await until(tab, figure, ".words", "two steps of both", ([text = ""]) => /^Step ([2-9]|\d\d) /.test(text));
  await press(tab, figure, "Stop");
  const [ended = ""] = await until(tab, figure, ".words", "the end", ([text = ""]) => text.startsWith("Ended"));
  assert.match(ended, /Held-out pass@1: SofT-GRPO 0\.\d+ → 0\.\d+, GRPO 0\.\d+ → 0\.\d+/);
}

/** @param {Tab} tab @param {string} engine */
async function pass(tab, engine) {
  await tab.evaluate(() => document.querySelector("pass-at-k")?.scrollIntoView(), null);
  await until(tab, "pass-at-k", "g.soft[data-points='6']", "the published curve");
  // The same figure over a model that is measured here.
  await tab.evaluate((engine) => {
    const live = Object.assign(document.createElement("pass-at-k"), { live: true, engine, id: "live" });
    document.querySelector("#pass .frame")?.append(live);
  }, engine);
  await press(tab, "#live", "Measure this model");
  await comes(tab, "#live", engine);
  for (const kind of ["soft", "discrete"]) {
    await until(tab, "#live", `g.${kind}[data-points='6']`, `the measured ${kind} curve`);
  }
}

/**
 * @param {string} name
 * @param {"cpu" | "gpu"} engine
 * @param {() => Promise<Tab>} newTab
 * @param {() => string} url
 */
export function figureTests(name, engine, newTab, url) {
  test(`${name}: each of the five figures computes on the ${engine} engine and answers its controls`, async (t) => {
    const tab = await newTab();
    await tab.open(`${url()}learn.html#engine=${engine}`);
    let began = performance.now();
    for (const [figure, works] of Object.entries({ mixture, thought, group, race, pass })) {
      await works(tab, engine);
      t.diagnostic(`${figure}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
      began = performance.now();
    }
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });
}
