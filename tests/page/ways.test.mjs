// Ways to think and to learn on the page: every preset, what a step of each shows, how soft thoughts are, and a run that collapses.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, think, usable, watchedPage } from "./browser.mjs";
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

async function openPage(hash = "") {
  // Without motion steps are drawn as they come: there are many thoughts to think.
  const watched = await watchedPage(browser, { reducedMotion: "reduce" });
  await watched.page.goto(site.url + hash);
  await usable(watched.page);
  return watched;
}

/** @param {import("playwright-core").Page} page */
const status = async (page) => (await page.locator(".train .status").textContent()) ?? "";

test("every preset thinks; blends have weights, single tokens have none", async (t) => {
  const { page, complaints, context } = await openPage();
  const names = await page
    .locator("[name=policy] option")
    .evaluateAll((all) => all.map((one) => Reflect.get(one, "value")));
  assert.equal(names.length, 20);
  assert.equal(await page.locator("[name=policy] optgroup").count(), 5);
  /** @type {Record<string, number>} */
  const columns = {};
  for (const name of names) {
    await page.locator("[name=policy]").selectOption(name);
    assert.notEqual((await page.locator("#policy-text").textContent()) ?? "", "", name);
    await think(page);
    const chosen = page.locator(".thought[data-slot=chosen]");
    columns[name] = await chosen.locator(".column").count();
    assert.ok((columns[name] ?? 0) > 3, `${name}: ${columns[name]} columns`);
    const single = ["discrete", "greedy", "softgrpo-baseline", "pause", "hard-greedy", "hard-sample"].includes(name);
    assert.equal((await chosen.locator(".column.blend").count()) > 0, !single, name);
    assert.equal(
      await page.locator(".thought[data-slot=compared] .verdict").count(),
      name === "discrete" ? 0 : 1,
      name,
    );
    assert.equal(await page.locator(".banner.problem").count(), 0, name);
  }
  t.diagnostic(JSON.stringify(columns));
  assert.match(page.url(), /policy=fuzzy-sample/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("each way's steps say what was blended: probabilities, draws, or the whole vocabulary", async () => {
  const { page, context } = await openPage("#policy=soft-thinking");
  const card = page.locator(".think .card");
  const heads = () => card.locator("thead th").allTextContents();
  await think(page);
  assert.deepEqual(await heads(), ["token", "log-prob", "weight"]);
  assert.match((await card.textContent()) ?? "", /No noise/);

  await page.locator("[name=policy]").selectOption("multiplex");
  await think(page);
  assert.deepEqual(await heads(), ["token drawn", "log-prob", "weight"]);
  assert.equal(await card.locator("tbody tr").count(), 3);

  await page.locator("[name=policy]").selectOption("soft-tokens");
  await think(page);
  assert.match((await card.textContent()) ?? "", /whole vocabulary.*Gaussian noise/s);

  await page.locator("[name=policy]").selectOption("softgrpo-dirichlet");
  await think(page);
  assert.deepEqual(await heads(), ["token", "log-prob", "sample − prob", "sample", "weight"]);
  await context.close();
});

test("a way's settings can be changed; a thought that is ended says why; a wrong one is refused by name", async () => {
  const { page, context } = await openPage("#policy=soft-tokens");
  await page.locator(".way-settings summary").click();
  const set = async (/** @type {string} */ key, /** @type {string} */ value) => {
    await page.locator(`[name="policy.${key}"]`).fill(value);
    await page.locator(`[name="policy.${key}"]`).blur();
  };
  assert.equal(await page.locator('[name="policy.embedding_noise"]').getAttribute("placeholder"), "0.33");
  assert.equal(await page.locator('[name="policy.gumbel_temperature"]').count(), 0);
  await set("max_thought_length", "2");
  await think(page);
  const ended = page.locator(".thought[data-slot=chosen] .column.ended");
  assert.equal(await ended.count(), 1);
  await ended.click();
  assert.match((await page.locator(".think .card .ended").textContent()) ?? "", /ended for the model.*2 steps/);
  assert.match((await page.locator(".thought[data-slot=chosen] .chip").textContent()) ?? "", /max_thought_length 2/);

  await set("embedding_noise", "-1");
  await page.locator(".question button.main", { hasText: "Think" }).click();
  await page.locator(".banner.problem[data-code=bad-input]").waitFor({ timeout: 10_000 });
  assert.match((await page.locator(".banner.problem").textContent()) ?? "", /embedding_noise/);
  // Another way starts with its own settings.
  await page.locator("[name=policy]").selectOption("multiplex");
  await page.locator('[name="policy.multiplex_width"]').waitFor();
  assert.equal(await page.locator('[name="policy.max_thought_length"]').inputValue(), "");
  await think(page);
  assert.equal(await page.locator(".banner.problem").count(), 0);
  await context.close();
});

test("how soft is this thought: bars, their table, and numbers that agree with each other", async (t) => {
  const { page, complaints, context } = await openPage();
  await page.locator(".diagnose button", { hasText: "Look closely" }).click();
  await page.locator(".findings-list").waitFor({ timeout: 60_000 });
  const value = async (/** @type {string} */ key) =>
    parseFloat((await page.locator(`[data-key=${key}] strong`).textContent()) ?? "");
  const found = {
    sharp: await value("near_one_hot"),
    effective: await value("effective_tokens"),
    first: await value("js_top_1"),
    second: await value("js_top_2"),
    edits: await value("edit_distance_to_greedy"),
  };
  t.diagnostic(JSON.stringify(found));
  assert.ok(found.sharp > 50 && found.sharp <= 100);
  assert.ok(found.effective >= 1 && found.effective < 5);
  assert.ok(found.first >= 0 && found.first < found.second && found.second <= Math.LN2);
  assert.ok(found.edits > 0 && found.edits < 1);
  await page.locator(".diagnose summary").click();
  const rows = await page
    .locator(".diagnose tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")));
  assert.equal(rows.length, 20);
  assert.equal(await page.locator(".bars i").count(), 20);
  assert.equal(rows.at(-1)?.[0], "0.95 to 1.00");
  assert.equal(parseFloat(rows.at(-1)?.[1] ?? ""), found.sharp);

  // Of another way they say nothing, and that is said.
  await page.locator("[name=policy]").selectOption("greedy");
  await page.locator(".diagnose", { hasText: "These numbers are for “soft”" }).waitFor({ timeout: 5000 });
  await page.locator(".diagnose button", { hasText: "Look again" }).click();
  await page.locator(".diagnose", { hasText: "Single tokens only" }).waitFor({ timeout: 30_000 });
  assert.equal(await value("edit_distance_to_greedy"), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("every method trains two steps by its name alone", async (t) => {
  const { page, context } = await openPage();
  const found = await page.evaluate(async () => {
    const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
    const lab = await createLab({ engine: "cpu", seed: 1 });
    await lab.loadModel("models/nano-chain_sum.gguf");
    /** @type {Record<string, string>} */
    const ends = {};
    for (const { name } of lab.presets.methods) {
      const run = lab.train({ preset: name, task: "chain_sum", max_steps: 2, seed: 3, eval_steps: 0 });
      let steps = 0;
      for await (const metrics of run) steps += Number.isFinite(metrics.reward) ? 1 : 0;
      ends[name] = `${steps} ${(await run.started).config.preset}`;
    }
    await lab.forgetRun();
    lab.dispose();
    return ends;
  });
  t.diagnostic(JSON.stringify(Object.keys(found)));
  assert.ok(Object.keys(found).length >= 11);
  for (const [name, end] of Object.entries(found)) assert.equal(end, `2 ${name}`);
  await context.close();
});

test("a method chosen on the page trains, is measured in its own way, and is known after a reload", async () => {
  const { page, complaints, context } = await openPage();
  await page.locator("[name=method]").selectOption({ label: "soft-tokens" });
  await page.locator("#method-text", { hasText: "mean embedding" }).waitFor();
  await page.locator("[name=steps]").selectOption("");
  await page.locator(".train .buttons button.main").click();
  await page.locator(".train .status", { hasText: /Step [2-9]/ }).waitFor({ timeout: 60_000 });
  await page.locator(".sample").first().click();
  assert.match((await page.locator(".opened .card").textContent()) ?? "", /Soft tokens.*whole vocabulary/s);
  assert.match((await page.locator(".charts").textContent()) ?? "", /no KL term/);
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 5000 });
  await page.reload();
  await usable(page);
  assert.match((await page.locator(".banner.resume").textContent()) ?? "", /soft-tokens on Chain sum/);
  await page.locator(".banner.resume button.main").click();
  await page.locator(".train .buttons button", { hasText: "Pause" }).waitFor();
  assert.equal(await page.locator("[name=method]").inputValue(), "preset soft-tokens");
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 15_000 });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a run that is ruined pauses by itself, and goes back, on, or stops as it is told", async () => {
  const { page, complaints, context } = await openPage();
  await page.locator(".settings > summary").click();
  await page.locator("[name=learning_rate]").fill("0.05");
  await page.locator("[name=learning_rate]").blur();
  await page.locator(".train .buttons button.main").click();
  const asked = page.locator(".collapse");
  const answer = (/** @type {string | RegExp} */ words) => asked.locator("button", { hasText: words }).click();
  await asked.waitFor({ timeout: 60_000 });
  assert.match(await status(page), /^\s*Paused by itself after step \d+/);
  assert.match(await page.title(), /paused/);
  assert.equal(await page.locator(".train .buttons button").count(), 0);
  const step = Number(/step (\d+)/.exec(await status(page))?.[1]);
  // Space decides nothing here: the three buttons do.
  await page.locator("body").press(" ");
  assert.equal(await asked.count(), 1);

  await answer(/^Go back to step \d+ and go on$/);
  // The same seed and the same step size ruin it again.
  await page.locator("#live", { hasText: "the best moment of this run" }).waitFor({ timeout: 10_000 });
  await asked.waitFor({ timeout: 60_000 });
  assert.equal(Number(/step (\d+)/.exec(await status(page))?.[1]), step);
  await answer("Go on as it is");
  await page.locator(".train .status", { hasText: /Step|Paused by itself|Done/ }).waitFor();
  await page.waitForFunction(
    (before) => Number(/step (\d+)/i.exec(document.querySelector(".train .status")?.textContent ?? "")?.[1]) > before,
    step,
    { timeout: 60_000 },
  );
  await page.locator(".train button", { hasText: "Stop" }).first().click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 10_000 });
  assert.equal(await asked.count(), 0);
  assert.equal(await page.locator(".banner.problem").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});
