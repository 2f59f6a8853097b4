// The page in a real browser: it loads, thinks, trains, survives mistakes, and goes on after a reload.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, openLab, tasksDuring, think, usable, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
const shots = mkdtempSync(join(tmpdir(), "soft-thinking-lab-page-"));

before(async () => {
  [browser, site] = await Promise.all([launch(), serveSite()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** @param {import("playwright-core").BrowserContextOptions} [options] */
const openPage = (options) => openLab(browser, site.url, options);

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number[]>}
 */
const points = (page) =>
  page.locator("metric-chart").evaluateAll((charts) => charts.map((chart) => Reflect.get(chart, "points")));

/**
 * @param {import("playwright-core").Page} page
 * @param {number} count
 */
async function waitForPoints(page, count) {
  await page.waitForFunction(
    (wanted) => {
      const charts = [...document.querySelectorAll("metric-chart")];
      return charts.length === 4 && charts.every((chart) => Reflect.get(chart, "points") >= wanted);
    },
    count,
    { timeout: 120_000 },
  );
}

test("loads without an error, without another origin, soon", async (t) => {
  const { page, complaints, requests, longTasks, context } = await watchedPage(browser);
  const began = performance.now();
  await page.goto(site.url);
  await usable(page);
  const seconds = (performance.now() - began) / 1000;
  t.diagnostic(
    `usable after ${seconds.toFixed(2)} s (aim: 3 s); tasks over 50 ms: ${JSON.stringify(await longTasks())}`,
  );
  // Loose: the machine may be busy with other tests. The aim is measured by measure.mjs.
  assert.ok(seconds < 20, `usable only after ${seconds} s`);
  assert.deepEqual(complaints, []);
  const origin = new URL(site.url).origin;
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(origin) && !url.startsWith("data:") && !url.startsWith("blob:")),
    [],
  );
  assert.match(await page.title(), /Soft Thinking Lab/);
  await context.close();
});

test("something true is on the screen within a second, labelled as stored", async () => {
  const { page, context } = await watchedPage(browser);
  // The model never arrives: the stored thought must not wait for it.
  await context.route("**/*.gguf", () => undefined);
  await page.goto(site.url);
  await page.locator(".stored").waitFor({ timeout: 5000 });
  assert.ok((await page.locator(".thought.soft .column").count()) > 3);
  assert.match((await page.locator(".stored").textContent()) ?? "", /Stored example/);
  // Loading can be cancelled, and that is no error.
  await page.locator(".banner.loading button").click();
  await page.locator(".banner.loading").waitFor({ state: "detached" });
  assert.equal(await page.locator(".banner.problem").count(), 0);
  await context.close();
});

test("thinks softly and discretely, shows each step's parts, and is walked by keys", async () => {
  const { page, complaints, context } = await openPage();
  await think(page);
  assert.ok((await page.locator(".thought.soft .column").count()) > 3);
  assert.ok((await page.locator(".thought.discrete .column").count()) > 3);
  assert.match((await page.locator(".share-note").textContent()) ?? "", /\d+ of \d+ blends/);
  assert.match((await page.locator("#live").textContent()) ?? "", /answer/);

  await page.locator(".thought.soft .column").first().click();
  await page.locator(".card h4", { hasText: /^Step 1$/ }).waitFor();
  assert.ok((await page.locator(".card tbody tr").count()) >= 2);
  await page.keyboard.press("ArrowRight");
  await page.locator(".card h4", { hasText: "Step 2" }).waitFor();
  const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
  assert.match(focused ?? "", /^Step 2/);

  // The same seed gives the same thought.
  const read = () => page.locator(".thought.soft .read").allTextContents();
  const first = await read();
  await think(page);
  assert.deepEqual(await read(), first);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("every task thinks; the address keeps the choice", async () => {
  const { page, context } = await openPage();
  const names = await page
    .locator("[name=task] option")
    .evaluateAll((all) => all.map((one) => one.getAttribute("value")));
  assert.deepEqual(
    names,
    ["chain_sum", "number_sorting", "reach", "path_star", "countdown", "spell_backward", "mix"],
    "those with a model",
  );
  for (const name of names.slice(1)) {
    await page.locator("[name=task]").selectOption(name);
    await page.locator(".banner.loading").waitFor({ state: "detached" });
    await usable(page);
    await think(page);
    await page.locator(".thought.discrete .verdict").waitFor();
    assert.equal(await page.locator(".stored").count(), 0, `${name}: what stands there is the new thought`);
    assert.equal(await page.locator(".banner.problem").count(), 0);
    assert.match(page.url(), new RegExp(`task=${name}`));
  }
  await context.close();
});

test("a wrong model file is refused by name, and the lab goes on", async () => {
  const { page, context } = await openPage();
  const wrong = { name: "wrong.gguf", mimeType: "application/octet-stream", buffer: Buffer.alloc(4096, 0x5a) };
  await page.locator(".model input[type=file]").setInputFiles(wrong);
  await page.locator(".banner.problem[data-code=bad-weights]").waitFor({ timeout: 5000 });
  await page.locator(".banner.problem button").click();
  await page.locator(".question button.main").click();
  await page.locator(".thought.soft .verdict").waitFor({ timeout: 30_000 });
  await context.close();
});

test("asking for a GPU engine says clearly that there is none, and the CPU stays", async () => {
  const { page, context } = await openPage();
  await page.locator("[name=engine]").selectOption("gpu");
  await page.locator(".banner.problem").waitFor({ timeout: 10_000 });
  assert.match((await page.locator(".banner.problem").textContent()) ?? "", /gpu/i);
  await page.locator(".question button.main").click();
  await page.locator(".thought.soft .verdict").waitFor({ timeout: 30_000 });
  await context.close();
});

test("trains: charts, tries, pause, resume, stop; then a reload offers the run and goes on", async (t) => {
  const { page, complaints, context } = await openPage();
  await page.locator("[name=steps]").selectOption("");
  await page.locator(".train .buttons button.main").click();
  await waitForPoints(page, 3);
  assert.ok((await page.locator(".sample").count()) >= 4);
  await page.locator(".sample").first().click();
  await page.locator(".samples .column").first().waitFor();
  await page.locator(".opened button", { hasText: "Close" }).click();
  assert.match(await page.title(), /step \d+/);

  await page.locator(".train .buttons button", { hasText: "Pause" }).click();
  await page.locator(".train .buttons button", { hasText: "Resume" }).waitFor({ timeout: 15_000 });
  const paused = await points(page);
  // The engine is free while a run is paused.
  await page.locator(".question button.main").click();
  await page.locator(".thought.discrete .verdict").waitFor({ timeout: 30_000 });
  assert.deepEqual(await points(page), paused);

  await page.locator(".train .buttons button", { hasText: "Resume" }).click();
  const tasks = await tasksDuring(browser, page, async () => {
    const [now = 0] = await points(page);
    await waitForPoints(page, now + 8);
  });
  t.diagnostic(`the page's own thread: ${tasks.count} tasks, the longest ${tasks.longest} ms`);
  assert.ok(tasks.count > 50, "tasks were seen");
  assert.deepEqual(tasks.long, []);
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 5000 });
  await page.locator(".numbers summary").first().click();
  assert.ok((await page.locator(".numbers tbody tr").count()) >= 5);
  await page.screenshot({ path: join(shots, "1280.png"), fullPage: true });

  await page.reload();
  await usable(page);
  await page.locator(".banner.resume button.main").click();
  const [before = 0] = paused;
  await waitForPoints(page, before + 3);
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 5000 });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the newest tries: a group a question, small strips, one opened as a thought and held still", async () => {
  const { page, complaints, context } = await openPage();
  await page.locator("[name=steps]").selectOption("");
  await page.locator(".train .buttons button.main").click();
  await page.locator(".pick").nth(7).waitFor({ timeout: 60_000 });
  assert.equal(await page.locator(".pick").count(), 8);
  assert.equal(await page.locator(".tries .sample").count(), 8);
  assert.ok((await page.locator(".mini-column.blend").count()) >= 8);

  await page.locator(".pick").nth(2).click();
  await page.locator(".pick[aria-pressed=true]").waitFor();
  await page.locator(".tries .sample").nth(3).click();
  await page.locator(".opened .column[aria-pressed=true]").waitFor();
  assert.equal(await page.locator(".pick").nth(2).getAttribute("aria-pressed"), "true");
  const asked = await page.locator(".pick").allTextContents();
  assert.match(asked[2] ?? "", new RegExp(`\\b${await page.locator(".tries .dot.good").count()} of 8 right`));
  const [before = 0] = await points(page);
  await waitForPoints(page, before + 5);
  // Training went on; what is being read did not move.
  assert.deepEqual(await page.locator(".pick").allTextContents(), asked);

  await page.locator(".opened .column").first().click();
  await page.locator(".opened .card h4", { hasText: /^Step 1$/ }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator(".opened .card h4", { hasText: /^Step 2$/ }).waitFor();
  const weights = await page.locator(".opened .card td.weight .number").allTextContents();
  const sum = weights.reduce(
    (total, text) => total + (/^\d+/.test(text) ? parseInt(text) : text.startsWith(">") ? 100 : 0),
    0,
  );
  assert.ok(!(Math.abs(sum - 100) > 3), `weights add up to ${sum} %: each is rounded to a whole percent`);

  await page.locator(".opened button", { hasText: "Close" }).click();
  const count = (await points(page))[0] ?? 0;
  await waitForPoints(page, count + 5);
  assert.notDeepEqual(await page.locator(".pick").allTextContents(), asked);
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 5000 });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("measuring after training draws pass@k against the start, and says the same in a table", async () => {
  const { page, complaints, context } = await openPage();
  await page.locator("[name=steps]").selectOption("");
  await page.locator(".train .buttons button.main").click();
  await waitForPoints(page, 3);
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 5000 });
  await page.locator(".measure button:not([disabled])").click();
  // The start was never measured: that comes first, in a lab of its own.
  await page.locator(".measure tbody tr").nth(2).waitFor({ timeout: 120_000 });
  const rows = await page
    .locator(".measure tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")));
  assert.deepEqual(
    rows.map((row) => row[0]?.replace(/step \d+/, "step N")),
    ["as shipped", "SofT-GRPO, step N", "guessing"],
  );
  for (const row of rows) {
    const passes = row.slice(3, 9).map(Number);
    assert.equal(passes.length, 6);
    // More tries never do worse.
    passes.reduce((before, after) => (assert.ok(!(after < before), row.join(" ")), after), 0);
    assert.ok(
      passes.every((value) => value >= 0 && value <= 1),
      row.join(" "),
    );
  }
  await page.waitForFunction(() => Reflect.get(document.querySelector("pass-chart") ?? {}, "points") === 6);
  const verdict = (await page.locator(".pass").textContent()) ?? "";
  assert.ok(verdict.includes(`pass@1 ${rows[0]?.[3]} → ${rows[1]?.[3]}`), verdict);
  assert.deepEqual(complaints, []);
  await context.close();
});

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against the page, ${colorScheme}, ${width} px wide`, async () => {
    const { page, context } = await openPage({ colorScheme, viewport: { width, height: 900 } });
    await page.locator(".question button.main").click();
    await page.locator(".thought.discrete .verdict").waitFor({ timeout: 30_000 });
    if (width < 720) for (const button of await page.locator(".fold").all()) await button.click();
    await page.locator("[name=steps]").selectOption("");
    await page.locator(".train .buttons button.main").click();
    await waitForPoints(page, 2);
    await page.locator(".sample").first().click();
    await page.locator(".train .buttons button", { hasText: "Stop" }).click();
    await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 5000 });
    await page.locator(".measure button:not([disabled])").click();
    await page.locator(".measure tbody tr").nth(2).waitFor({ timeout: 120_000 });
    await page.locator(".diagnose button").click();
    await page.locator(".findings-list").waitFor({ timeout: 60_000 });
    for (const summary of await page.locator("summary").filter({ visible: true }).all()) await summary.click();
    assert.deepEqual(await againstAccess(page), []);
    await context.close();
  });
}

test("a tab closed in mid-run loses at most ten steps", async () => {
  const { page, context } = await openPage();
  await page.locator("[name=steps]").selectOption("");
  await page.locator(".train .buttons button.main").click();
  await page.locator(".train .status", { hasText: "Saved in this browser at step 10" }).waitFor({ timeout: 120_000 });
  await waitForPoints(page, 12);
  await page.close({ runBeforeUnload: false });
  const again = await context.newPage();
  await again.goto(site.url);
  await usable(again);
  assert.match((await again.locator(".banner.resume").textContent()) ?? "", /1\d steps/);
  await again.locator(".banner.resume button", { hasText: "Forget" }).click();
  await again.reload();
  await usable(again);
  assert.equal(await again.locator(".banner.resume").count(), 0);
  await context.close();
});

test("a setting out of range is refused by key and range", async () => {
  const { page, context } = await openPage();
  await page.locator(".settings > summary").click();
  await page.locator("[name=learning_rate]").fill("7000");
  await page.locator("[name=learning_rate]").blur();
  await page.locator(".train .buttons button.main").click();
  await page.locator(".banner.problem[data-code=bad-input]").waitFor({ timeout: 10_000 });
  assert.match((await page.locator(".banner.problem").textContent()) ?? "", /learning_rate/);
  await context.close();
});

test("exports a safetensors file, and a GGUF file that is read again", async () => {
  const { page, context } = await openPage();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".model button", { hasText: "safetensors" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /\.safetensors$/);
  const bytes = await readFile(await download.path());
  const header = Number(bytes.readBigUInt64LE(0));
  assert.equal(typeof JSON.parse(bytes.subarray(8, 8 + header).toString("utf8")), "object");
  const [packed] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".model button", { hasText: "GGUF" }).click(),
  ]);
  assert.match(packed.suggestedFilename(), /\.gguf$/);
  const file = await readFile(await packed.path());
  assert.equal(file.subarray(0, 4).toString("utf8"), "GGUF");
  const again = { name: "again.gguf", mimeType: "application/octet-stream", buffer: file };
  await page.locator(".model input[type=file]").setInputFiles(again);
  await page.locator(".model .facts", { hasText: "again.gguf" }).waitFor({ timeout: 30_000 });
  await context.close();
});

test("every number of a step has its definition, at its column and in a list that needs no pointer", async () => {
  const { page, context } = await openLab(browser, `${site.url}#steps=2&engine=cpu`);
  await page.locator(".train .controls .buttons button.main").click();
  await page.locator(".train", { hasText: "Done: 2 steps." }).waitFor({ timeout: 60_000 });
  await page.locator(".numbers > summary").click();
  await page.locator(".definitions > summary").click();
  const heads = await page
    .locator(".numbers thead th")
    .evaluateAll((all) => all.map((one) => [one.textContent ?? "", one.getAttribute("title") ?? ""]));
  assert.ok(heads.length > 15, `${heads.length} numbers`);
  for (const [key, words] of heads) assert.ok((words ?? "").length > 10, `${key} is not defined`);
  const listed = await page
    .locator(".definitions dl > div")
    .evaluateAll((all) =>
      all.map((one) => [one.querySelector("dt")?.textContent ?? "", one.querySelector("dd")?.textContent ?? ""]),
    );
  assert.deepEqual(listed, heads);
  // A count of steps is no measurement.
  assert.deepEqual(await page.locator(".numbers tbody tr td:first-child").allInnerTexts(), ["2", "1", "0"]);
  await context.close();
});

test("the module at /soft-thinking-lab.js: cancel during load, think and train answers `cancelled`, and the lab goes on", async (t) => {
  const { page, context } = await openPage();
  const found = await page.evaluate(async () => {
    const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
    const lab = await createLab({ engine: "cpu", seed: 1 });
    const model = "models/nano-chain_sum.gguf";
    await lab.loadModel(model);
    const drain = async (/** @type {AsyncIterable<unknown>} */ items) => {
      let count = 0;
      for await (const item of items) count += item === undefined ? 0 : 1;
      return count;
    };
    const train = { task: "chain_sum", objective: "soft_grpo" };
    const thought = { task: "chain_sum", questionSeed: 1, policy: "soft", seed: 1 };
    /** @type {Record<string, {code: string, ms: number, usable: boolean}>} */
    const results = {};
    /** @type {Record<string, [number, (signal: AbortSignal) => Promise<unknown>]>} */
    const doings = {
      load: [0, (signal) => lab.loadModel(model, { signal })],
      think: [0, (signal) => drain(lab.think({ ...thought, signal }))],
      evaluate: [
        300,
        (signal) =>
          lab.evaluate({ task: "chain_sum", policy: "soft", questions: 64, samples: 32, k: [1], seed: 0, signal }),
      ],
      train: [300, (signal) => drain(lab.train(train, { signal }))],
    };
    /** @param {string} name @param {number} wait @param {(signal: AbortSignal) => Promise<unknown>} start */
    const cut = async (name, wait, start) => {
      // A short thought is over within one time slice of the engine: the cancel goes right behind the request, and the pause
      // lets the slice of the work before it run out.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const abort = new AbortController();
      const ended = start(abort.signal).then(
        () => "done",
        (/** @type {unknown} */ error) => `${Reflect.get(Object(error), "name")} ${Reflect.get(Object(error), "code")}`,
      );
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const began = performance.now();
      abort.abort();
      const code = await ended;
      results[name] = { code, ms: performance.now() - began, usable: (await drain(lab.think(thought))) > 1 };
      return code;
    };
    for (const [name, [wait, start]] of Object.entries(doings)) {
      // A thought takes a few milliseconds and may be over before the cancel has crossed to the worker: one of many must be cut.
      const tries = name === "think" ? 40 : 1;
      for (let index = 0; index < tries && (await cut(name, wait, start)) === "done"; index += 1);
    }
    const refusal = async (/** @type {Promise<unknown>} */ promise) =>
      promise.then(
        () => "done",
        (/** @type {unknown} */ error) =>
          `${Reflect.get(Object(error), "code")} ${Reflect.get(Object(error), "message")}`,
      );
    const unknownKey = await refusal(lab.train({ ...train, lerning_rate: 1 }).started);
    const gpu = await refusal(createLab({ engine: "gpu" }));
    lab.dispose();
    const disposed = await refusal(lab.question({ task: "chain_sum", questionSeed: 1 }));
    return { results, unknownKey, gpu, disposed };
  });
  t.diagnostic(JSON.stringify(found));
  for (const [name, { code, ms, usable }] of Object.entries(found.results)) {
    assert.equal(code, "LabError cancelled", name);
    // The aim is 200 ms; loose here, since other tests may share the machine.
    assert.ok(ms < 1000, `${name}: ${ms} ms`);
    assert.ok(usable, name);
  }
  assert.match(found.unknownKey, /^bad-input .*lerning_rate/);
  assert.doesNotMatch(found.gpu, /^done/);
  assert.match(found.disposed, /^disposed/);
  await context.close();
});

test("a narrow screen shows everything without scrolling sideways, dark too", async (t) => {
  const { page, context } = await openPage({
    viewport: { width: 390, height: 844 },
    colorScheme: "dark",
    hasTouch: true,
  });
  await page.locator(".question button.main").tap();
  await page.locator(".thought.discrete .verdict").waitFor({ timeout: 30_000 });
  await page.locator(".thought.soft .column").nth(1).tap();
  await page.locator(".card h4", { hasText: /^Step 2$/ }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);

  // The choices fold under one button a panel, which says what is chosen.
  assert.equal(await page.locator("[name=task]").isVisible(), false);
  assert.equal(await page.locator("[name=steps]").isVisible(), false);
  const fold = page.locator(".train .fold");
  assert.match((await fold.textContent()) ?? "", /SofT-GRPO · 60/);
  await fold.tap();
  await page.locator("[name=steps]").selectOption("");
  assert.equal(await fold.getAttribute("aria-expanded"), "true");
  await page.locator(".train .buttons button.main").tap();
  await waitForPoints(page, 2);
  await page.locator(".sample").nth(1).tap();
  await page.locator(".opened .column").first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  // Strips scroll by themselves and come to rest at a column's edge.
  const strips = page.locator(".think .thoughts");
  assert.match(await strips.evaluate((one) => getComputedStyle(one).scrollSnapType), /^x/);
  assert.ok(await strips.evaluate((one) => one.scrollWidth > one.clientWidth));
  await page.locator(".train .buttons button", { hasText: "Stop" }).tap();
  await page.screenshot({ path: join(shots, "390.png"), fullPage: true });
  t.diagnostic(`screenshots: ${shots}`);
  await context.close();
});

test("works from a sub-folder", async () => {
  const folder = await serveSite("/some/folder/");
  const { page, complaints, context } = await watchedPage(browser);
  try {
    await page.goto(folder.url);
    await usable(page);
    await page.locator(".question button.main").click();
    await page.locator(".thought.soft .verdict").waitFor({ timeout: 30_000 });
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    await folder.stop();
  }
});
