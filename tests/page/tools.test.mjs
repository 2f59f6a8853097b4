// The lab's tools in real Chromium: sentences, earlier runs, comparison, the table of tries, files, every setting, the arms shown first.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, openLab, think, usable, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

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

/** @param {import("playwright-core").BrowserContextOptions} [options] */
const openPage = (options) => openLab(browser, site.url, { reducedMotion: "reduce", ...options });

const TRAIN = ".train .controls .buttons button.main";

/** Presses a sentence; ends when the control it names has the focus and can be pressed.
 * @param {Page} page @param {string} name @param {string} control */
async function say(page, name, control) {
  await page.locator(`.sentence[data-name=${name}]:not([disabled])`).click();
  await page.waitForFunction(
    (wanted) => {
      const { activeElement } = document;
      return activeElement?.matches(`${wanted}:not([disabled])`) && document.querySelector(".banner.loading") === null;
    },
    control,
    { timeout: 60_000 },
  );
}

/** @param {Page} page @param {RegExp} words */
async function statusSays(page, words) {
  await page.locator(".train .status", { hasText: words }).waitFor({ timeout: 240_000 });
}

/** A run of at least so many steps, stopped.
 * @param {Page} page @param {number} steps */
async function runFor(page, steps) {
  await page.locator("[name=steps]").selectOption("");
  await page.locator(TRAIN).click();
  await page.waitForFunction(
    (wanted) =>
      Number(/^\s*Step (\d+)/.exec(document.querySelector(".train .status")?.textContent ?? "")?.[1] ?? 0) >= wanted,
    steps,
    { timeout: 120_000, polling: 50 },
  );
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await statusSays(page, /Stopped after step/);
}

/** @param {Page} page @param {import("playwright-core").Locator} button */
async function file(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** @param {Page} page @returns {Promise<number[]>} */
const points = (page) =>
  page.locator(".train metric-chart").evaluateAll((all) => all.map((one) => Reflect.get(one, "points")));

test("two sentences: GRPO beside SofT-GRPO, on the same questions, and reward that rises", async (t) => {
  const { page, complaints, context } = await openPage();
  await say(page, "both", TRAIN);
  assert.match((await page.locator(".said").textContent()) ?? "", /SofT-GRPO goes first/);
  await page.keyboard.press("Enter");
  await statusSays(page, /Done: 60 steps/);
  const { bytes } = await saved(page, 0, "JSON");
  const soft = JSON.parse(bytes.toString());
  const passes = soft.metrics.flatMap((/** @type {any} */ row) => row["val/pass@1"] ?? []);
  t.diagnostic(`held-out pass@1 while learning: ${passes.join(" ")}`);
  assert.ok(Math.max(...passes.slice(1)) > Number(passes[0]) + 0.1, "what “add” promises as well: the same run");

  await say(page, "both", TRAIN);
  assert.match((await page.locator(".said").textContent()) ?? "", /Its other half/);
  assert.equal(await page.locator("[name=method]").inputValue(), "grpo");
  assert.equal(await page.locator(".model [data-trained]").count(), 0);
  await page.keyboard.press("Enter");
  await statusSays(page, /Step \d/);
  // The earlier run is there from the beginning: its steps make the axis.
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".train metric-chart")].every((one) => Reflect.get(one, "points") >= 60),
  );
  await statusSays(page, /Done: 60 steps/);
  assert.equal(await page.locator(".charts .latest.over").count(), 4);
  assert.match((await page.locator(".charts .latest.over").first().textContent()) ?? "", /SofT-GRPO 1/);
  const grpo = JSON.parse((await saved(page, 0, "JSON")).bytes.toString());
  assert.equal(grpo.config.seed, soft.config.seed);
  assert.equal(grpo.trained_before, 0);
  assert.deepEqual([grpo.config.objective, soft.config.objective], ["grpo", "soft_grpo"]);

  // What differs between them: both chosen, only differing settings.
  await page.locator("[name=history-show]").first().check();
  await page.locator(".history .diff tbody th").first().waitFor({ timeout: 10_000 });
  const keys = (await page.locator(".history .diff tbody th").allTextContents()).map((one) => one.trim());
  const differing = Object.keys(soft.config).filter(
    (key) => JSON.stringify(soft.config[key]) !== JSON.stringify(grpo.config[key]),
  );
  assert.deepEqual(keys, differing.sort());
  assert.ok(keys.includes("objective") && !keys.includes("seed"));
  assert.deepEqual(complaints, []);
  await context.close();
});

/** A run's file from its row.
 * @param {Page} page @param {number} place @param {"CSV" | "JSON"} kind */
async function saved(page, place, kind) {
  const menu = page.locator(".history tbody tr").nth(place).locator("details.save");
  await menu.locator("summary").click();
  return await file(page, menu.locator("button", { hasText: kind }));
}

test("a sentence's run collapses, says so, and another finds the loophole of Puzzle 24", async (t) => {
  const { page, complaints, context } = await openPage();
  await say(page, "collapse", TRAIN);
  let began = performance.now();
  await page.keyboard.press("Enter");
  await page.locator(".train button", { hasText: "Go back to step" }).waitFor({ timeout: 120_000 });
  const collapsed = await page.locator(".train .status").textContent();
  t.diagnostic(`${collapsed?.trim()} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  assert.ok(Number(/after step (\d+)/.exec(collapsed ?? "")?.[1]) <= 10);
  // In its own settings, and nowhere else.
  assert.equal(await page.locator(".sentence[data-name=add]").isDisabled(), true);
  await page
    .locator(".train button", { hasText: /^\s*Stop/ })
    .first()
    .click();
  await statusSays(page, /Stopped/);

  await say(page, "loophole", TRAIN);
  assert.match(page.url(), /task=puzzle24/);
  assert.equal(await page.locator("[name=learning_rate]").inputValue(), "");
  began = performance.now();
  await page.keyboard.press("Enter");
  await statusSays(page, /Done: 20 steps/);
  t.diagnostic(`puzzle24: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const rows = await page
    .locator(".sample-table tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")));
  const rewards = rows.map((row) => Number(row[4]));
  assert.equal(rows.length, 64);
  assert.deepEqual(
    rewards,
    [...rewards].sort((a, b) => b - a),
    "most reward first",
  );
  const tricked = rows.filter((row) => Number(row[4]) === 1 && Number(row[6]) === 0);
  t.diagnostic(`${tricked.length} of 64 tries use the loophole, such as ${tricked[0]?.slice(0, 3).join(" ")}`);
  assert.ok(tricked.length > 0);
  // Really not of the numbers given.
  const numbers = (/** @type {string | undefined} */ text) =>
    (text ?? "").replace(/^24\?/, "").match(/\d+/g)?.sort().join();
  for (const row of tricked) assert.notEqual(numbers(row[0]), numbers(row[2]));

  const heading = page.locator(".sample-table th[aria-sort]");
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
  await heading.locator("button").click();
  await page.locator('.sample-table th[aria-sort="ascending"]').waitFor({ timeout: 10_000 });
  assert.ok(
    Number(await page.locator(".sample-table tbody tr").first().locator("td.number").first().textContent()) < 1,
  );
  const samples = JSON.parse(
    (await file(page, page.locator(".samples-how button", { hasText: "JSON" }))).bytes.toString(),
  );
  assert.deepEqual([samples.step, samples.samples.length, samples.config.task], [20, 64, "puzzle24"]);
  assert.equal(samples.samples.filter((/** @type {any} */ one) => one.audit < one.reward).length, tricked.length);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("sentences about thinking: the blend and the token, pauses, a blend without noise; and a task that is spelled", async (t) => {
  const { page, complaints, context } = await openPage();
  await say(page, "pause", ".question button.main");
  await page.keyboard.press("Enter");
  await page.locator(".thought[data-slot=chosen] .verdict").waitFor({ timeout: 30_000 });
  const pads = await page.locator(".thought[data-slot=chosen] .column", { hasText: /pad/i }).count();
  assert.equal(pads, 12);

  // The way that was chosen goes with the sentence.
  await say(page, "compare", ".question button.main");
  assert.equal(await page.locator("[name=policy]").inputValue(), "soft");
  await page.keyboard.press("Enter");
  // The pauses' verdict may still stand beside it for a moment.
  await page.locator(".thought.discrete .verdict").last().waitFor({ timeout: 30_000 });
  await page.locator(".thought.soft .verdict").waitFor();

  await say(page, "pitfall", ".diagnose .buttons button");
  assert.equal(await page.locator("[name=policy]").inputValue(), "soft-thinking");
  const began = performance.now();
  await page.keyboard.press("Enter");
  await page.locator(".findings-list").waitFor({ timeout: 120_000 });
  t.diagnostic(`look closely: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const near = await page.locator(".findings-list [data-key=js_top_1] strong").textContent();
  t.diagnostic(`distance to the heaviest token: ${near}`);
  assert.ok(Number.parseFloat((near ?? "").replace("−", "-")) < 0.1);

  await say(page, "spell", TRAIN);
  assert.match(page.url(), /task=spell_backward/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("runs stay over a reload; they are laid over, renamed, set up again, deleted", async () => {
  const { page, complaints, context } = await openPage();
  await runFor(page, 4);
  await page.locator("[name=method]").selectOption("grpo");
  await page.locator(".settings > summary").click();
  await page.locator("[name=learning_rate]").fill("0.0003");
  await page.locator("[name=learning_rate]").blur();
  const changed = page.locator(".settings .diff tbody tr");
  assert.match((await changed.textContent()) ?? "", /learning_rate.*0\.0003/s);
  await runFor(page, 12);
  const rows = page.locator(".history tbody tr");
  assert.equal(await rows.count(), 2);
  assert.match((await rows.first().textContent()) ?? "", /GRPO 2.*on the page|on the page.*GRPO 2/s);
  assert.match((await rows.first().textContent()) ?? "", /on a model trained for \d+ steps/);
  const longest = Math.max(...(await points(page)));

  await page.reload();
  await usable(page);
  await rows.nth(1).waitFor({ timeout: 10_000 });
  assert.equal(await page.locator(".charts .waiting").count(), 4);
  await page.locator("[name=history-show]").nth(0).check();
  await page.locator("[name=history-show]").nth(1).check();
  await page.locator(".charts .waiting").first().waitFor({ state: "detached" });
  await page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll(".train metric-chart")].every((one) => Reflect.get(one, "points") >= wanted - 1),
    longest,
  );
  assert.equal(await page.locator(".charts .latest.over").count(), 8);
  const signs = await page
    .locator(".charts figure")
    .first()
    .locator(".over line")
    .evaluateAll((all) => all.map((one) => one.getAttribute("stroke-dasharray")));
  assert.equal(new Set(signs).size, 2, "told apart without their hue");

  await rows.nth(0).locator("button", { hasText: "Rename" }).click();
  await page.locator("[name=run-name]").fill("the <careful> one");
  await page.keyboard.press("Enter");
  await rows.nth(0).locator("th", { hasText: "the <careful> one" }).waitFor();
  await rows.nth(0).locator("button", { hasText: "Use its settings" }).click();
  await page.waitForFunction(() => document.querySelector("#live")?.textContent?.includes("set up as for"));
  assert.equal(await page.locator("[name=method]").inputValue(), "grpo");
  assert.equal(await page.locator("[name=learning_rate]").inputValue(), "0.0003");
  await rows.nth(1).locator("button", { hasText: "Delete" }).click();
  await rows.nth(1).waitFor({ state: "detached" });

  await page.reload();
  await usable(page);
  await rows.first().waitFor();
  assert.equal(await rows.count(), 1);
  assert.match((await rows.first().textContent()) ?? "", /the <careful> one/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a browser that stores nothing still has this session's runs, and says that it keeps none", async () => {
  const { page, context } = await watchedPage(browser, { reducedMotion: "reduce" });
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("storage is denied here", "SecurityError");
    };
  });
  await page.goto(site.url);
  await usable(page);
  await page.locator(".history .remark", { hasText: "storage is denied here" }).waitFor({ timeout: 10_000 });
  await runFor(page, 2);
  assert.equal(await page.locator(".history tbody tr").count(), 1);
  await context.close();
});

test("charts and numbers become files: CSV, JSON, SVG, PNG, by keyboard too", async () => {
  const { page, complaints, context } = await openPage();
  assert.equal(await page.locator(".charts .save").count(), 0, "nothing to save yet");
  await runFor(page, 11);
  const menu = page.locator(".charts .save").first();
  await menu.locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.equal(download.suggestedFilename(), "reward.svg");
  const svg = await readFile(await download.path(), "utf8");
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), "SUMMARY");
  assert.equal(await menu.getAttribute("open"), null);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  assert.equal(await menu.getAttribute("open"), null);
  const read = await page.evaluate((text) => {
    const document = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      wrong: document.querySelector("parsererror")?.textContent,
      texts: [...document.querySelectorAll("text")].map((one) => one.textContent),
      marks: document.querySelectorAll("circle").length,
    };
  }, svg);
  assert.equal(read.wrong, undefined);
  for (const words of ["Reward", "training step", "reward", "held-out pass@1", "guessing"])
    assert.ok(read.texts.includes(words), `${words} is not in ${read.texts.join(", ")}`);
  // One in the legend, one for the start, one for step 10.
  assert.equal(read.marks, 3);
  assert.ok(!svg.includes("var("), "no colour is left to a style sheet");

  await menu.locator("summary").click();
  const png = await file(page, menu.locator("button", { hasText: "PNG" }));
  assert.equal(png.name, "reward.png");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  assert.equal(png.bytes.readUInt32BE(16), 1440);

  await page.locator(".numbers summary").first().click();
  const csv = (await file(page, page.locator(".numbers button", { hasText: "CSV" }))).bytes.toString();
  const json = JSON.parse((await file(page, page.locator(".numbers button", { hasText: "JSON" }))).bytes.toString());
  const [head = "", ...lines] = csv.trim().split("\n");
  const keys = head.split(",");
  assert.deepEqual(keys.slice(0, 2), ["step", "reward"]);
  assert.equal(lines.length, json.metrics.length);
  lines.forEach((line, row) => {
    const numbers = line.split(",");
    assert.equal(numbers.length, keys.length);
    numbers.forEach((text, place) => {
      assert.equal(text === "" ? undefined : Number(text), json.metrics[row][keys[place] ?? ""]);
    });
  });
  assert.ok(Object.keys(json.config).length > 60, "every setting in effect");

  // pass@k has the menu too.
  await page.locator(".measure button", { hasText: "Measure the model now" }).click();
  const pass = page.locator(".chart.pass .save");
  await pass.locator("summary").click({ timeout: 120_000 });
  assert.match((await file(page, pass.locator("button", { hasText: "SVG" }))).bytes.toString(), /url\(#hatch\)/);
  assert.deepEqual(complaints, []);
  await context.close();
});

/** Once what was chosen is on the page.
 * @param {Page} page */
const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

test("every setting of a run and of a way to think has a field", async () => {
  const { page, complaints, context } = await openPage();
  const known = await page.evaluate(async () => {
    const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
    const lab = await createLab({ engine: "cpu", seed: 1 });
    const { presets } = lab;
    lab.dispose();
    return presets;
  });
  // Those that other controls set, and an adapter's: the engine refuses them of the models that the page trains.
  const elsewhere = ["task", "difficulty", "preset", "objective", "max_steps"];
  elsewhere.push("lora_r", "lora_alpha", "lora_target_modules");
  await page.locator(".settings > summary").click();
  await page.locator(".every-setting > summary").click();
  const every = new Set(/** @type {string[]} */ ([]));
  for (const { name, config } of known.methods) {
    await page.locator("[name=method]").selectOption(`preset ${name}`);
    await drawn(page);
    const fields = await page
      .locator(".settings .fields :is(input, select)")
      .evaluateAll((all) => all.map((one) => one.getAttribute("name")));
    for (const field of fields) every.add(field ?? "");
    // What a method sets can be changed: null is what does not apply to it, or what is optional.
    for (const [key, value] of Object.entries(config)) {
      const off = value === null || (key === "published_rebuild" && config.objective !== "soft_grpo");
      if (!off && !elsewhere.includes(key)) assert.ok(fields.includes(key), `${name}: ${key}`);
    }
  }
  const all = new Set(known.methods.flatMap((/** @type {any} */ one) => Object.keys(one.config)));
  assert.deepEqual(
    [...all].filter((key) => !elsewhere.includes(key) && !every.has(key)),
    [],
  );

  await page.locator(".way-settings summary").click();
  for (const { name, policy } of known.policies) {
    await page.locator("[name=policy]").selectOption(name);
    await drawn(page);
    const fields = await page
      .locator(".way-settings .fields :is(input, select)")
      .evaluateAll((found) => found.map((one) => one.getAttribute("name")?.replace("policy.", "")));
    const noise = policy.noise ?? "gumbel";
    const other =
      noise === "gumbel" ? ["dirichlet_alpha"] : ["gumbel_temperature", "noise_scale", "noise_clamp", "log_epsilon"];
    const hidden = [
      "kind",
      "answer",
      ...(policy.kind === "soft" ? other : []),
      ...(noise === "gaussian" ? ["dirichlet_alpha"] : []),
    ];
    for (const key of Object.keys(policy))
      if (!hidden.includes(key)) assert.ok(fields.includes(key), `${name}: ${key}`);
    assert.ok(fields.includes("answer.temperature"), name);
  }

  // They do what they say: so many pauses, and an answer that is drawn greedily.
  await page.locator("[name=policy]").selectOption("discrete");
  const set = async (/** @type {string} */ key, /** @type {string} */ value) => {
    await page.locator(`[name="policy.${key}"]`).fill(value);
    await page.locator(`[name="policy.${key}"]`).blur();
  };
  await set("pause_length", "3");
  await set("answer.temperature", "0");
  await think(page);
  const chosen = page.locator(".thought[data-slot=chosen]");
  assert.equal(await chosen.locator(".column", { hasText: /pad/i }).count(), 3);
  assert.equal(await page.locator(".banner.problem").count(), 0);
  // Another noise has other fields.
  await page.locator("[name=policy]").selectOption("soft");
  await page.locator('[name="policy.noise"]').selectOption("dirichlet");
  await page.locator('[name="policy.dirichlet_alpha"]').waitFor();
  assert.equal(await page.locator('[name="policy.noise_scale"]').count(), 0);
  await think(page);
  assert.equal(await page.locator(".banner.problem").count(), 0);

  // A run's settings reach the engine: a word, a truth and a number.
  await page.locator("[name=method]").selectOption("grpo");
  await page.locator(".settings [name=baseline]").selectOption("leave_one_out");
  await page.locator(".settings [name=dynamic_sampling]").selectOption("true");
  await page.locator(".settings [name=answer_top_k]").fill("7");
  await page.locator(".settings [name=answer_top_k]").blur();
  await runFor(page, 1);
  const config = JSON.parse((await page.locator(".settings pre").textContent()) ?? "");
  assert.deepEqual([config.baseline, config.dynamic_sampling, config.answer_top_k], ["leave_one_out", true, 7]);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("Results show three ways to learn first, all of them one press away", async () => {
  const { page, complaints, context } = await openPage();
  await page.locator(".results-fold > summary").click();
  await page.locator(".result-charts").waitFor({ timeout: 30_000 });
  const checked = () =>
    page
      .locator("[name=results-arm]")
      .evaluateAll((all) => all.filter((one) => Reflect.get(one, "checked")).map((one) => Reflect.get(one, "value")));
  assert.deepEqual(await checked(), ["base", "grpo", "softgrpo-code"]);
  const legend = page.locator(".result-charts figure").first().locator("figcaption .latest:not(.hatched)");
  assert.equal(await legend.count(), 3);
  await page.locator(".arms-button").click();
  assert.equal((await checked()).length, 10);
  assert.equal(await legend.count(), 10);
  const svg = (await saveFirst(page)).bytes.toString();
  assert.equal(svg.match(/fill-opacity="0.14"/g)?.length, 10, "a band each");
  await page.locator(".arms-button").click();
  assert.equal((await checked()).length, 3);
  assert.deepEqual(complaints, []);
  await context.close();
});

/** @param {Page} page */
async function saveFirst(page) {
  const menu = page.locator(".result-charts .save").first();
  await menu.locator("summary").click();
  return await file(page, menu.locator("button", { hasText: "SVG" }));
}

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against the tools, ${colorScheme}, ${width} px wide`, async () => {
    const { page, context } = await openPage({ colorScheme, viewport: { width, height: 900 } });
    if (width < 720) await page.locator(".train .fold").click();
    await say(page, "collapse", TRAIN);
    await page.locator(".settings > summary").click();
    await page.locator(".every-setting > summary").click();
    await page.locator("[name=learning_rate]").fill("0.0002");
    await page.locator("[name=learning_rate]").blur();
    await runFor(page, 3);
    await runFor(page, 3);
    for (const place of [0, 1]) await page.locator("[name=history-show]").nth(place).check();
    await page.locator(".switch button").nth(1).click();
    await page.locator(".history button", { hasText: "Rename" }).first().click();
    await page.locator(".history .save summary").last().click();
    await page.locator(".charts .save summary").first().click();
    assert.deepEqual(await againstAccess(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    if (process.env.SHOTS !== undefined) {
      await page.screenshot({ path: `${process.env.SHOTS}/tools-${colorScheme}-${width}.png`, fullPage: true });
    }
    await context.close();
  });
}
