// "Try the question yourself": a reduced experiment in the tab over published runs, its cancel, its reload, its files.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { PLAN, SUMMARY, serveResults } from "./results-fixture.mjs";
import { serveSite } from "./site.mjs";

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

/** Whatever GRPO reaches lies inside; nothing that SofT-GRPO reaches does. */
function setIntervals() {
  for (const { arms } of SUMMARY.tasks) {
    for (const { arm, measured } of arms) {
      for (const point of measured.flatMap((one) => one.pass_at_k)) {
        if (arm === "grpo") Object.assign(point, { low: 0, high: 1 });
        if (arm === "softgrpo-code") Object.assign(point, { mean: 0, low: 0, high: 0 });
      }
    }
  }
}

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function openTrial(options) {
  setIntervals();
  const watched = await watchedPage(browser, options);
  await serveResults(watched.context);
  await watched.page.goto(site.url);
  await usable(watched.page);
  await watched.page.locator(".results-fold > summary").click();
  await watched.page.locator(".trial button.main").waitFor({ timeout: 10_000 });
  return watched;
}

/** @param {import("playwright-core").Page} page @param {string} title */
const armOf = (page, title) => page.locator(".trial-arm", { has: page.locator("h4", { hasText: title }) });

/** @param {import("playwright-core").Page} page */
const stepNow = async (page) => {
  const text = (await page.locator(".trying").textContent({ timeout: 30_000 })) ?? "";
  return Number(/step (\d+) of/.exec(text)?.[1] ?? 0);
};

test("cancel is at once, a reload goes on within ten steps, and the end is compared in words", async (t) => {
  const { page, complaints, context } = await openTrial();
  assert.equal(await page.locator("[name=trial-arm-0]").inputValue(), "grpo");
  assert.equal(await page.locator("[name=trial-arm-1]").inputValue(), "softgrpo-code");
  assert.match((await page.locator(".trial").textContent()) ?? "", /16 held-out questions, 32 tries each/);
  const start = page.locator(".trial .filters button.main");
  await start.click();
  await page.waitForFunction(() => /step ([3-9]|1\d) of 24/.test(document.querySelector(".trying")?.textContent ?? ""));
  await page.locator(".trying .left", { hasText: /about .* of training left/ }).waitFor();

  const began = performance.now();
  await page.locator(".trying button").click();
  await start.waitFor();
  const ms = performance.now() - began;
  t.diagnostic(`cancelled after ${ms.toFixed(0)} ms`);
  assert.ok(ms < 1000, `cancelled only after ${ms} ms`);

  // From the beginning again, and away in the middle.
  const forget = page.locator(".trial button", { hasText: "Forget it" });
  if (await forget.isVisible()) await forget.click();
  await start.click();
  await page.waitForFunction(
    () => /step 1[2-9] of 24/.test(document.querySelector(".trying")?.textContent ?? ""),
    undefined,
    {
      timeout: 60_000,
      polling: 20,
    },
  );
  const before = await stepNow(page);
  await page.reload();
  await usable(page);
  const banner = page.locator(".trial-kept");
  await banner.waitFor({ timeout: 10_000 });
  assert.match((await banner.textContent()) ?? "", /0 of 2 runs done, GRPO at step (10|20) of 24/);
  const kept = Number(/at step (\d+)/.exec((await banner.textContent()) ?? "")?.[1]);
  assert.ok(before - kept < 20, `kept at ${kept}, was at ${before}`);
  await banner.locator("button.main").click();
  await armOf(page, "GRPO").first().waitFor({ timeout: 30_000 });
  await page.locator(".trial", { hasText: "Both runs are done." }).waitFor({ timeout: 120_000 });

  const grpo = armOf(page, "GRPO").first();
  assert.match((await grpo.locator(".trial-verdict").textContent()) ?? "", /lies inside the published intervals/);
  assert.match(
    (await grpo.locator(".trial-verdict").textContent()) ?? "",
    /pass@1: 0\.\d{3} here.*inside.*pass@32: [01]\.\d{3} here/s,
  );
  const soft = armOf(page, "SofT-GRPO");
  assert.match(
    (await soft.locator(".trial-verdict").textContent()) ?? "",
    /lies outside the published intervals.*above/s,
  );
  const points = await page
    .locator(".trial result-chart")
    .evaluateAll((all) => all.map((one) => Reflect.get(one, "points")));
  assert.deepEqual(points, [24, 6, 24, 6]);

  // The chart's twin has the tab's own numbers.
  const twin = grpo.locator(".chart.result details:not(.save)").first();
  await twin.locator("summary").click();
  const header = await twin.locator("thead th").allTextContents();
  assert.deepEqual(
    header.map((one) => one.trim()),
    ["training step", "published, 2 seeds", "this tab, seed 1", "guessing"],
  );
  assert.match((await twin.locator("tbody tr").first().locator("td").nth(1).textContent()) ?? "", /^\s*0\.\d{3}\s*$/);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    grpo.locator("button", { hasText: "Download the run file" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "chain_sum-grpo-1.json");
  const record = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.deepEqual(
    [record.format, record.experiment, record.task, record.arm, record.seed, record.model],
    [1, "trial", "chain_sum", "grpo", 1, "nano-chain_sum.gguf"],
  );
  // Once each, though the run was interrupted; with the settings of the plan, not of the page.
  assert.deepEqual(
    record.curve.map((/** @type {any} */ row) => row.step),
    Array.from({ length: 24 }, (_, row) => row + 1),
  );
  assert.equal(record.config.preset, "grpo");
  assert.equal(record.config.learning_rate, PLAN.train.learning_rate);
  assert.equal(record.evaluations.length, 1);
  assert.equal(record.evaluations[0].correct.length, 16);

  // Finished, it is still there after a reload, and asks for nothing.
  await page.reload();
  await usable(page);
  await page.locator(".results-fold > summary").click();
  await page.locator(".trial-verdict").nth(1).waitFor({ timeout: 10_000 });
  assert.equal(await page.locator(".trial-kept").count(), 0);
  await page.locator(".trial button", { hasText: "Forget it" }).click();
  await page.locator(".trial-verdict").first().waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the same plan gives the package the same record again, untrained arms too", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(site.url);
  await usable(page);
  const found = await page.evaluate(async (plan) => {
    const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
    const small = {
      ...plan,
      train: { ...plan.train, max_steps: 4 },
      evaluate: { questions: 4, samples: 4, k: [1, 4], every: 2 },
    };
    const options = { plan: small, task: "chain_sum", arms: ["base", "grpo"], seeds: [3] };
    const once = async () => {
      const lab = await createLab({ engine: "cpu", seed: 1 });
      await lab.loadModel("models/nano-chain_sum.gguf");
      const end = await lab.experiment(options);
      await lab.forgetExperiment();
      lab.dispose();
      return end;
    };
    const [first, again] = [await once(), await once()];
    const numbers = (/** @type {any} */ end) =>
      end.records.map((/** @type {any} */ one) => [
        one.arm,
        one.known[0].after === one.known[0].before,
        one.curve.map((/** @type {any} */ row) => [row.reward, row.grad_norm]),
        one.evaluations.map((/** @type {any} */ e) => [e.step, ...e.correct]),
      ]);
    return {
      same: JSON.stringify(numbers(first)) === JSON.stringify(numbers(again)),
      first: numbers(first),
      runs: first.summary.runs,
    };
  }, PLAN);
  assert.ok(found.same);
  assert.equal(found.runs, 2);
  const [base, grpo] = found.first;
  assert.deepEqual([base[0], base[1], base[2].length], ["base", true, 0]);
  assert.deepEqual([grpo[0], grpo[1], grpo[2].length], ["grpo", false, 4]);
  assert.deepEqual(
    grpo[3].map((/** @type {number[]} */ one) => one[0]),
    [0, 2, 4],
  );
  await context.close();
});

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against a trial, ${colorScheme}, ${width} px wide`, async () => {
    const { page, context } = await openTrial({ colorScheme, viewport: { width, height: 900 } });
    await page.locator(".trial .filters button.main").click();
    await page.locator(".trying", { hasText: /step ([4-9]|1\d) of/ }).waitFor({ timeout: 30_000 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    assert.deepEqual(await againstAccess(page), []);
    if (process.env.SHOTS !== undefined) {
      await page.locator(".trial").screenshot({ path: `${process.env.SHOTS}/trial-${colorScheme}-${width}.png` });
      await page.locator(".trial", { hasText: "Both runs are done." }).waitFor({ timeout: 120_000 });
      await page.locator(".trial").screenshot({ path: `${process.env.SHOTS}/trial-done-${colorScheme}-${width}.png` });
    }
    await context.close();
  });
}
