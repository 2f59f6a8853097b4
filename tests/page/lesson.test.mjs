// The clicks of the teachers' lesson that no other test makes, each with what the lesson says that it shows. The numbers of its longer runs
// are not taken again here.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, openLab, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

const PATIENCE = { timeout: 120_000 };

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

test("the Learn page instead of the lab: every figure as the table says", async () => {
  const { page, complaints, context } = await watchedPage(browser);
  await page.goto(`${site.url}learn.html#engine=cpu`);
  const figure = (/** @type {string} */ tag) => page.locator(tag);
  const button = (/** @type {string} */ tag, /** @type {string} */ name) =>
    figure(tag).getByRole("button", { name, exact: true });

  await figure("soft-mixture").locator("[data-engine]").waitFor(PATIENCE);
  assert.match((await figure("soft-mixture").locator("figure").textContent()) ?? "", /79-25\+22=/);
  const weights = async () =>
    (await figure("soft-mixture").locator("td.weight").allTextContents()).map((one) => one.trim());
  assert.deepEqual((await weights()).slice(0, 2), ["63 %", "37 %"]);
  await figure("soft-mixture").locator("[name=gumbel_temperature]").focus();
  await page.keyboard.press("End");
  await page.waitForFunction(
    () =>
      document.querySelector("soft-mixture")?.shadowRoot?.querySelector("td.weight")?.textContent?.trim() !== "63 %",
    undefined,
    PATIENCE,
  );
  const even = (await weights()).map((one) => Number.parseInt(one));
  assert.deepEqual(even, [29, 29, 26, 8, 8]);
  await figure("soft-mixture").locator("[name=noise_scale]").focus();
  await page.keyboard.press("Home");
  await figure("soft-mixture")
    .locator("th", { hasText: /× 0\.00/ })
    .waitFor(PATIENCE);

  await figure("soft-thought").scrollIntoViewIfNeeded();
  await figure("soft-thought").locator("[data-engine]").waitFor(PATIENCE);
  const card = figure("soft-thought").locator("h4").first();
  const at = Number(/step (\d+)/.exec((await card.textContent()) ?? "")?.[1]);
  await button("soft-thought", "Step").click();
  await figure("soft-thought")
    .locator("h4", { hasText: `step ${at + 1}` })
    .first()
    .waitFor(PATIENCE);
  const asked = figure("soft-thought").locator("strong.token");
  const before = await asked.textContent();
  await button("soft-thought", "Another question").click();
  await page.waitForFunction(
    (before) =>
      document.querySelector("soft-thought")?.shadowRoot?.querySelector("strong.token")?.textContent !== before,
    before,
    PATIENCE,
  );

  await figure("thought-group").scrollIntoViewIfNeeded();
  await figure("thought-group").locator("[data-engine]").waitFor(PATIENCE);
  assert.equal(await figure("thought-group").locator(".try > .number").count(), 8);

  await button("training-race", "Start both").click();
  await figure("training-race")
    .locator(".words", { hasText: /^\s*Step [2-9]/ })
    .waitFor(PATIENCE);
  await button("training-race", "Stop").click();
  await figure("training-race").locator(".words", { hasText: "Ended" }).waitFor(PATIENCE);

  await figure("pass-at-k").scrollIntoViewIfNeeded();
  await figure("pass-at-k").locator("g[data-points='6']").nth(2).waitFor(PATIENCE);
  const tasks = await figure("pass-at-k").locator("option").allTextContents();
  assert.ok(
    tasks.some((one) => one.includes("path_star")),
    tasks.join(),
  );
  await figure("pass-at-k").locator("select").selectOption("path_star");
  await figure("pass-at-k").locator(".said", { hasText: "−0.020" }).waitFor(PATIENCE);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("if there is more time: own questions, and the trial over the published runs, begin and end", async () => {
  const { page, complaints, context } = await openLab(browser, `${site.url}#engine=cpu`);
  await page.getByText("Add questions", { exact: true }).first().click();
  await page.getByRole("button", { name: "Fill in an example" }).click();
  await page.locator(".own-form button.main").click();
  await page.locator(".own .said").waitFor(PATIENCE);

  await page.getByText("Show the results", { exact: true }).click();
  await page.getByRole("heading", { name: "Try the question yourself" }).waitFor(PATIENCE);
  await page.locator(".trial .filters button.main").click();
  await page.locator(".trying", { hasText: /step [2-9]/ }).waitFor(PATIENCE);
  await page.locator(".trying button").click();
  await page.locator(".trial .filters button.main").waitFor(PATIENCE);
  assert.deepEqual(complaints, []);
  await context.close();
});
