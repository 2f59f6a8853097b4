// Tried as somebody new would, on a phone and on a desk, with nothing kept in the browser: what is in view is pressed and what is in view is
// read. Not here: what the page does beyond its first minute.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

const CLICKS = 3;
const THOUGHT_MS = 10_000;
const RISE_MS = 60_000;
/** By how much the newest rewards must be above the first ones. One step's reward, of 8 questions with 8 tries each, scatters by about .07;
 * the difference of two means over ten steps by .03. */
const RISE = 0.08;
const WINDOW = 10;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;

before(async () => {
  [browser, site] = await Promise.all([launch(), serveSite()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** @param {Page} page @param {Locator} one */
async function inView(page, one) {
  const [box, size] = [await one.boundingBox(), page.viewportSize()];
  if (box === null || size === null) return false;
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
}

/** A visitor who presses only what can be seen without scrolling. @param {{ width: number, height: number }} viewport */
async function newcomer(viewport) {
  const watched = await watchedPage(browser, { viewport });
  const { page } = watched;
  let clicks = 0;
  const began = performance.now();
  await page.goto(site.url);
  return {
    ...watched,
    clicks: () => clicks,
    elapsed: () => performance.now() - began,
    /** @param {RegExp} name */
    press: async (name) => {
      const button = page.getByRole("button", { name, disabled: false });
      await button.waitFor({ timeout: RISE_MS });
      assert.ok(await inView(page, button), `${String(name)} must be scrolled to`);
      await button.click();
      clicks += 1;
    },
  };
}

const PLACES = /** @type {const} */ ([
  ["a phone", { width: 390, height: 844 }],
  ["a desk", { width: 1280, height: 800 }],
]);

for (const [place, viewport] of PLACES) {
  test(`on ${place}, a soft thought is ${CLICKS} clicks and ${THOUGHT_MS / 1000} s away at most`, async (t) => {
    const { page, complaints, context, press, clicks, elapsed } = await newcomer(viewport);
    await press(/Think$/);
    const verdict = page.locator(".thought.soft .verdict");
    await verdict.waitFor({ timeout: RISE_MS });
    const ms = elapsed();
    assert.equal(await page.locator(".stored").count(), 0, "it is not the stored one");
    assert.match((await verdict.textContent()) ?? "", /answer\s+-?\d+/);
    assert.ok(await inView(page, verdict.locator(".grade")), "the answer is seen without scrolling");
    t.diagnostic(`${clicks()} click, ${(ms / 1000).toFixed(1)} s from opening the page to a finished soft thought`);
    assert.ok(clicks() <= CLICKS);
    assert.ok(ms <= THOUGHT_MS, `${ms} ms`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test(`on ${place}, the reward is seen to rise within ${RISE_MS / 1000} s of opening the page`, async (t) => {
    const { page, complaints, context, press, clicks, elapsed } = await newcomer(viewport);
    await press(/^Teach it to add/);
    await press(/Train$/);
    const chart = page.locator(".charts .chart").first();
    await chart.locator(".latest strong").first().waitFor();
    /** What is written beside the curve, one number a step as far as it is read. @type {number[]} */
    const rewards = [];
    const mean = (/** @type {number[]} */ some) => some.reduce((sum, one) => sum + one, 0) / some.length;
    const [first, newest] = [() => mean(rewards.slice(0, WINDOW)), () => mean(rewards.slice(-WINDOW))];
    while (rewards.length < 2 * WINDOW || newest() - first() < RISE) {
      const now = Number(await chart.locator(".latest strong").first().textContent());
      if (Number.isFinite(now) && now !== rewards.at(-1)) rewards.push(now);
      assert.ok(elapsed() <= RISE_MS, `the reward did not rise in time: ${rewards.join(" ")}`);
      await page.waitForTimeout(20);
    }
    const seconds = (elapsed() / 1000).toFixed(1);
    t.diagnostic(
      `${clicks()} clicks; ${seconds} s after opening, the reward read ${first().toFixed(3)} at first and ${newest().toFixed(3)} now`,
    );
    await chart.scrollIntoViewIfNeeded();
    // The curve itself, not only its number.
    assert.ok((await chart.locator("metric-chart canvas").boundingBox()) !== null);
    assert.ok(clicks() <= CLICKS);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
