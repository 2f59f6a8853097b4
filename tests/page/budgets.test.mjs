// What the page may cost: time to the first paint and to its use, script, shifts of the layout, requests. How its views look: views.test.mjs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { launch, usable, watchedPage } from "./browser.mjs";
import { dist, serveSite } from "./site.mjs";

/** @typedef {import("playwright-core").Page} Page */

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

/** The best of some loads counts: the machine may be busy with something else during one of them. */
const LOADS = 5;
const FIRST_PAINT_MS = 1500;
const USABLE_MS = 3000;
const SCRIPT_KB = 250;
const SHIFT = 0.005;

/** Sums up the layout's shifts that no press or key caused.
 * @param {import("playwright-core").BrowserContext} context */
async function watchShifts(context) {
  await context.addInitScript(() => {
    const shifts = /** @type {{ value: number, by: string[] }[]} */ ([]);
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries())) {
        const by = entry.sources.map((/** @type {any} */ one) => one.node?.className ?? one.node?.nodeName ?? "");
        if (!entry.hadRecentInput) shifts.push({ value: entry.value, by });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** Once every panel is drawn.
 * @param {Page} page */
async function allDrawn(page) {
  await page.locator(".panel.results").waitFor({ timeout: 30_000 });
  await usable(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

test("paints and can be used in time, with little script, asking nobody else", async (t) => {
  const paints = [];
  const uses = [];
  /** @type {string[]} */
  let asked = [];
  for (let load = 0; load < LOADS; load += 1) {
    const { page, requests, context } = await watchedPage(browser);
    const began = performance.now();
    await page.goto(site.url);
    await usable(page);
    uses.push(performance.now() - began);
    paints.push(
      await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity),
    );
    // What is only fetched when it is asked for, too.
    if (load === 0) {
      await page.locator(".results-fold > summary").click();
      await page.locator(".result-charts").waitFor({ timeout: 30_000 });
      asked = [...requests];
    }
    await context.close();
  }
  const [paint, use] = [Math.min(...paints), Math.min(...uses)];
  t.diagnostic(`first paint ${paint.toFixed(0)} ms, usable ${use.toFixed(0)} ms: the best of ${LOADS}`);
  assert.ok(paint <= FIRST_PAINT_MS, `first paint after ${paint} ms`);
  assert.ok(use <= USABLE_MS, `usable after ${use} ms`);

  const { origin } = new URL(site.url);
  const elsewhere = asked.filter((url) => ![origin, "data:", "blob:"].some((start) => url.startsWith(start)));
  assert.deepEqual(elsewhere, []);
  const scripts = [...new Set(asked.map((url) => new URL(url).pathname))].filter((path) => path.endsWith(".js"));
  assert.ok(scripts.length >= 2, "the page and its worker");
  const sizes = scripts.map((path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length / 1000);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${total.toFixed(1)} KB of script, gzipped: ${scripts.join(" ")}`);
  assert.ok(total <= SCRIPT_KB, `${total} KB of script`);
});

for (const width of [390, 1280]) {
  test(`nothing moves by itself while it loads, ${width} px wide`, async (t) => {
    const { page, context } = await watchedPage(browser, { viewport: { width, height: 900 } });
    await watchShifts(context);
    // The model late, as over a slow line: what comes before it must not move when it is there.
    await context.route("**/*.gguf", async (route) => {
      await page.locator(".panel.results").waitFor({ timeout: 30_000 });
      await route.continue();
    });
    await page.goto(site.url);
    await allDrawn(page);
    const shifts = /** @type {{ value: number, by: string[] }[]} */ (await page.evaluate("globalThis.shifts"));
    const sum = shifts.reduce((all, { value }) => all + value, 0);
    t.diagnostic(`layout shift ${sum.toFixed(4)}: ${JSON.stringify(shifts)}`);
    assert.ok(sum <= SHIFT, `layout shift ${sum}: ${JSON.stringify(shifts)}`);
    await context.close();
  });
}
