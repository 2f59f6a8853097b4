// The Results panel with a small made-up experiment: curves, tables, filters, a run's settings, and the same run in this tab.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { RUN, serveResults } from "./results-fixture.mjs";
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

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function openResults(options) {
  const watched = await watchedPage(browser, options);
  const asked = await serveResults(watched.context);
  await watched.page.goto(site.url);
  await usable(watched.page);
  return { ...watched, asked };
}

/** @param {import("playwright-core").Page} page */
async function unfold(page) {
  await page.locator(".results-fold > summary").focus();
  await page.keyboard.press("Enter");
  await page.locator(".result-charts").waitFor({ timeout: 5000 });
}

/** @param {import("playwright-core").Page} page */
const drawn = (page) =>
  page.waitForFunction(
    () =>
      [...document.querySelectorAll("result-chart")].filter((chart) => Reflect.get(chart, "points") > 0).length === 5,
    undefined,
    { timeout: 10_000 },
  );

/** @param {import("playwright-core").Page} page @param {string} title */
const tableOf = (page, title) => page.locator(".result-table", { has: page.locator("h3", { hasText: title }) });

test("nothing is fetched before it is wanted; then curves, tables and what is not clear", async () => {
  const { page, complaints, asked, context } = await openResults();
  assert.deepEqual(asked, []);
  await unfold(page);
  assert.deepEqual(asked, ["index.json", "trial/summary.json", "trial/plan.json"]);
  await drawn(page);
  const body = page.locator(".results-body");
  assert.match((await body.textContent()) ?? "", /15 of 16 runs are in/);
  assert.match((await body.textContent()) ?? "", /Only 2 seeds/);
  assert.match((await body.textContent()) ?? "", /95 % bootstrap intervals over questions and seeds/);

  const end = tableOf(page, "At the end of training");
  assert.equal(await end.locator("tbody tr").count(), 5);
  assert.match((await end.locator("tbody tr").nth(1).textContent()) ?? "", /GRPO\s+0\.640\s+\[0\.590, 0\.690\]/);
  assert.match((await end.locator("tr.guessing").textContent()) ?? "", /guessing\s+0\.007\s*0\.196/);

  const against = tableOf(page, "Against Untrained");
  const verdicts = await against.locator("tbody [class^=verdict]").allTextContents();
  assert.deepEqual(verdicts, ["better", "no clear difference", "better", "worse"]);
  assert.deepEqual(await tableOf(page, "Against GRPO").locator("tbody [class^=verdict]").allTextContents(), [
    "no clear difference",
  ]);
  assert.match((await tableOf(page, "At equal compute").textContent()) ?? "", /nothing measured by then/);
  assert.equal(await tableOf(page, "At equal reward").count(), 1);
  const forgotten = tableOf(page, "What was forgotten");
  assert.deepEqual(await forgotten.locator("tbody .says").allTextContents(), [
    "unchanged",
    "forgot",
    "forgot",
    "forgot",
  ]);

  // Each chart has its twin in text; guessing is in the one of pass@k.
  const twins = page.locator(".chart.result details:not(.save)");
  assert.equal(await twins.count(), 5);
  await twins.first().locator("summary").click();
  assert.equal(await twins.first().locator("tbody tr").count(), 6);
  assert.match((await twins.first().locator("thead").textContent()) ?? "", /guessing/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("filters: task, ways to learn, thinking", async () => {
  const { page, complaints, context } = await openResults();
  await unfold(page);
  await page.locator(".filters .arm", { hasText: "Multiplex" }).click();
  const end = tableOf(page, "At the end of training");
  await end.locator("tbody tr").nth(4).waitFor({ state: "detached" });
  assert.ok(!((await page.locator(".result-charts").textContent()) ?? "").includes("Multiplex"));
  const first = (await end.locator("tbody tr").nth(1).textContent()) ?? "";
  await page.locator("[name=results-mode]").selectOption("hard-greedy");
  await tableOf(page, "thinking: hard-greedy").waitFor();
  await page.waitForFunction(
    (before) => document.querySelectorAll(".result-table tbody tr")[1]?.textContent !== before,
    first,
  );
  await page.locator("[name=results-task]").selectOption("number_sorting");
  await page.locator(".results-body", { hasText: "difficulty 4" }).waitFor();
  for (const box of await page.locator(".filters [type=checkbox]").all()) {
    if (await box.isChecked()) await box.press("Space");
  }
  await page.locator(".results-body .empty", { hasText: "at least one" }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a run's settings are one click away, and the run can be done again here", async () => {
  const { page, complaints, asked, context } = await openResults();
  await unfold(page);
  await page.locator("[name=results-task]").selectOption("number_sorting");
  await page.locator(".runs li", { hasText: "SofT-GRPO" }).locator("button", { hasText: "seed 2" }).click();
  const card = page.locator(".run-card");
  await card.locator("pre").first().waitFor();
  assert.equal(asked.at(-1), "trial/runs/number_sorting/softgrpo-code-2.json");
  assert.match((await card.locator("pre").first().textContent()) ?? "", /"learning_rate": 0.0003/);
  assert.match((await card.locator("a").getAttribute("href")) ?? "", /softgrpo-code-2\.json$/);

  await card.locator("button.main").click();
  await page.locator(".set-up", { hasText: "SofT-GRPO (code), seed 2" }).waitFor({ timeout: 30_000 });
  await page.locator(".train .controls button.main:focus").waitFor({ timeout: 30_000 });
  assert.equal(await page.locator("[name=task]").inputValue(), "number_sorting");
  assert.equal(await page.locator("[name=method]").inputValue(), "preset softgrpo-code");
  assert.equal(await page.locator("[name=steps]").inputValue(), "2");
  await page.locator(".train .controls button.main").click();
  await page.locator(".train .status", { hasText: "Done: 2 steps" }).waitFor({ timeout: 120_000 });
  const inEffect = JSON.parse((await page.locator(".train .settings pre").textContent()) ?? "");
  const chosenHere = ["eval_steps", "eval_questions", "eval_samples"];
  for (const [key, value] of Object.entries(RUN.config)) {
    if (!chosenHere.includes(key)) assert.deepEqual(inEffect[key], value, key);
  }
  // Another method is not that run any more.
  await page.locator("[name=method]").selectOption("grpo");
  await page.locator(".set-up").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("no results, and results that are none, are said in words", async () => {
  const { page, context } = await watchedPage(browser);
  let answer = { status: 404, body: "" };
  await context.route("**/results/index.json", (route) => route.fulfill(answer));
  for (const [next, words] of /** @type {const} */ ([
    [{ status: 404, body: "" }, "There are no results yet."],
    [{ status: 200, body: "[]" }, "There are no results yet."],
    [{ status: 200, body: "{}" }, "results/index.json is not a list"],
    [{ status: 500, body: "" }, "answered with 500"],
  ])) {
    answer = next;
    await page.goto(site.url);
    await usable(page);
    await page.locator(".results-fold > summary").click();
    await page.locator(".results-body .empty", { hasText: words }).waitFor({ timeout: 5000 });
  }
  await context.close();
});

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against the results, ${colorScheme}, ${width} px wide`, async () => {
    const { page, context } = await openResults({ colorScheme, viewport: { width, height: 900 } });
    await unfold(page);
    await page.locator("[name=results-task]").selectOption("number_sorting");
    await page.locator(".runs li", { hasText: "SofT-GRPO" }).locator("button", { hasText: "seed 2" }).click();
    await page.locator(".run-card pre").first().waitFor();
    await drawn(page);
    for (const summary of await page.locator(".chart.result summary").all()) await summary.click();
    // The page itself must not scroll sideways.
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    if (process.env.SHOTS !== undefined) {
      await page.locator(".results").screenshot({ path: `${process.env.SHOTS}/results-${colorScheme}-${width}.png` });
    }
    assert.deepEqual(await againstAccess(page), []);
    await context.close();
  });
}
