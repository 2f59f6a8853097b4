// A brought model learns in the panel: from its settings to the adapter's files and back; folders and drops; the engine that is chosen
// there. The tiny model always, SmolLM2 where LAB_SLOW asks for it: its steps take half a minute. Loading and thinking: bring.test.mjs.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { againstAccess, launch, watchedPage } from "./browser.mjs";
import { asSeen, englishPieces } from "./english-words.mjs";
import { dist } from "./site.mjs";
import { serveFolder } from "./static-site.mjs";
import { tinyFolder } from "./tiny-folder.mjs";
import { tinyGguf } from "./tiny-gguf.mjs";

/** @typedef {import("playwright-core").Page} Page */

const NAME = "SmolLM2-135M-Instruct.Q4_1.gguf";
const smollm2 = process.env.LAB_SMOLLM2 ?? join(homedir(), ".cache/soft-thinking-lab/models", NAME);
const WAIT = { timeout: 60_000 };
const LONG = { timeout: 180_000 };
const TEST = { timeout: 400_000 };

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveFolder>>} */
let site;
const root = mkdtempSync(join(tmpdir(), "bring-learn-"));
const tiny = join(root, "tiny.gguf");
const folder = join(root, "tiny-hf");
const half = join(root, "half-hf");

before(async () => {
  writeFileSync(tiny, tinyGguf());
  for (const path of [folder, half, join(folder, "onnx"), join(root, "adapter")]) mkdirSync(path);
  for (const [name, bytes] of tinyFolder()) {
    writeFileSync(join(folder, name), bytes);
    if (name !== "tokenizer.json") writeFileSync(join(half, name), bytes);
  }
  // Repositories have such: the names of the folder's own files once more.
  writeFileSync(join(folder, "onnx", "config.json"), "{}");
  [browser, site] = await Promise.all([launch(), serveFolder({ root: dist })]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** The panel, open and without a model.
 * @param {import("playwright-core").BrowserContextOptions} [options] @param {string} [hash] @param {import("playwright-core").Browser} [where] */
async function opened(options, hash = "", where = browser) {
  const watched = await watchedPage(where, { acceptDownloads: true, ...options });
  watched.page.setDefaultTimeout(WAIT.timeout);
  await watched.page.goto(`${site.url}#model=none${hash}`);
  await letters(watched.page);
  return watched;
}

/** The tiny model spells by letters: the usual words after a cut thought are too long for it.
 * @param {Page} page */
async function letters(page) {
  await page.locator(".bring-settings summary").click();
  await page.locator("[name=model-bridge]").fill(" so ");
  await page.locator("[name=model-bridge]").blur();
  await page.locator(".bring-settings summary").click();
}

/** Agrees to the plan that is shown, and waits until the model thinks.
 * @param {Page} page */
async function agree(page) {
  await page.locator(".bring-plan .buttons .main").click();
  await page.locator(".bring-learn").waitFor(LONG);
  await page.waitForFunction(
    () => /** @type {HTMLTextAreaElement | null} */ (document.querySelector("[name=word-question]"))?.value !== "",
    undefined,
    WAIT,
  );
  await page.locator("[name=word-longest]").selectOption("32");
}

/** @param {Page} page */
async function loadTiny(page) {
  await page.locator("[name=model-file]").setInputFiles(tiny);
  await agree(page);
}

/** What the model thinks softly about the question that stands there.
 * @param {Page} page */
async function thought(page) {
  await page.locator(".bring-question button.main", { hasText: /Think|Denken/ }).click();
  await page.locator(".word-thought.discrete .verdict").waitFor(LONG);
  return await page.locator(".word-thought.soft .words").innerText();
}

/** Large steps, and something for every answer in the right form: random words are never right, and teach else nothing.
 * @param {Page} page @param {string} steps */
async function settings(page, steps) {
  await page.locator("[name=learn-steps]").selectOption(steps);
  await page.locator("[name=learn-rate]").fill("0.01");
  await page.locator("[name=learn-rank]").fill("4");
  await page.locator(".learn-more summary").click();
  await page.locator("[name=learn-format]").fill("0.3");
  await page.locator("[name=learn-format]").blur();
  await page.locator(".learn-more summary").click();
}

/** @param {Page} page */
const start = (page) => page.locator(".bring-learn > .buttons .main").click();
/** @param {Page} page @param {RegExp} words */
const said = (page, words) => page.locator(".bring-learn > .status", { hasText: words }).waitFor(LONG);

/** Files and folders let fall there, as a hand does it.
 * @param {Page} page @param {string} target @param {string[]} files */
async function drop(page, target, files) {
  const place = page.locator(target).first();
  await place.scrollIntoViewIfNeeded();
  const box = await place.boundingBox();
  assert.ok(box !== null);
  const client = await page.context().newCDPSession(page);
  const at = { x: box.x + 20, y: box.y + Math.min(10, box.height / 2) };
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
    await client.send("Input.dispatchDragEvent", { type, ...at, data: { items: [], files, dragOperationsMask: 1 } });
  }
  await client.detach();
}

test(
  "a run shows its numbers and tries; its adapter goes out, is switched off and on, and comes back",
  TEST,
  async () => {
    const { page, context, complaints } = await opened();
    await loadTiny(page);
    const before = page.locator(".learn-takes");
    const takes = (/** @type {RegExp} */ words) => page.locator(".learn-takes", { hasText: words }).waitFor(WAIT);
    await takes(/up to about .+B of memory more/);
    await takes(/Press Think above/);
    // A larger adapter, and more tries side by side, take more; what would be refused is said beforehand.
    const taken = async () => Number(/about ([\d.]+)/.exec(await before.innerText())?.[1]);
    const usual = await taken();
    await page.locator("[name=learn-rollouts]").selectOption("16");
    await page.waitForFunction(
      (least) => Number(/about ([\d.]+)/.exec(document.querySelector(".learn-takes")?.textContent ?? "")?.[1]) > least,
      usual,
      WAIT,
    );
    await page.locator("[name=learn-rank]").fill("0");
    await page.locator("[name=learn-rank]").blur();
    await takes(/would refuse these settings: .*lora_r/);
    await page.locator("[name=learn-rank]").fill("8");
    await page.locator("[name=learn-rank]").blur();
    await page.locator("[name=learn-rollouts]").selectOption("4");
    await takes(/up to about .+B of memory more/);
    const fresh = await thought(page);
    assert.match(await before.innerText(), /By the speed of the thought above a step may take/);
    await settings(page, "10");
    await start(page);
    await said(page, /Done: 10 steps/);
    const points = () =>
      page
        .locator(".learn-charts metric-chart")
        .evaluateAll((charts) => charts.map((one) => Reflect.get(one, "points")));
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll(".learn-charts metric-chart")].every((one) => Reflect.get(one, "points") === 10),
      undefined,
      WAIT,
    );
    assert.deepEqual(await points(), [10, 10, 10]);
    await page.locator(".bring-learn .numbers summary").click();
    const heads = await page.locator(".bring-learn .numbers th").allInnerTexts();
    assert.ok(["step", "reward", "kl", "grad_norm"].every((key) => heads.includes(key)));
    assert.equal(await page.locator(".bring-learn .numbers tbody tr").count(), 10);
    const newest = await page.locator(".bring-learn .numbers tbody tr").first().locator("td").allInnerTexts();
    assert.equal(newest[0], "10");
    // The charts' latest values are the table's.
    assert.equal(
      await page.locator(".learn-charts .latest strong").nth(1).innerText(),
      newest[heads.indexOf("grad_norm")],
    );
    assert.equal(await page.locator(".learn-tries li").count(), 4);
    assert.ok((await page.locator(".learn-tries .piece").count()) > 20);
    assert.match(await page.locator(".learn-tries .learn-earned").first().innerText(), /reward [\d.]+ · advantage/);
    assert.match(await before.innerText(), /A step took .+ in the last run/);

    const learned = await thought(page);
    assert.notEqual(learned, fresh);
    const adapter = page.locator(".learn-adapter");
    for (const name of ["adapter_config.json", "adapter_model.safetensors"]) {
      const [download] = await Promise.all([
        page.waitForEvent("download", WAIT),
        adapter.locator("button", { hasText: name }).click(),
      ]);
      assert.equal(download.suggestedFilename(), name);
      await download.saveAs(join(root, "adapter", name));
    }
    const config = JSON.parse(readFileSync(join(root, "adapter", "adapter_config.json"), "utf8"));
    assert.deepEqual([config.peft_type, config.r], ["LORA", 4]);
    await adapter.locator("button", { hasText: "Switch it off" }).click();
    await adapter.locator("strong", { hasText: "switched off" }).waitFor(WAIT);
    assert.equal(await thought(page), fresh, "without its adapter the model is as it came");
    await adapter.locator("button", { hasText: "Switch it on" }).click();
    await adapter.locator("strong", { hasText: "counts" }).waitFor(WAIT);
    assert.equal(await thought(page), learned);

    // Another day.
    await page.locator(".bring-loaded button", { hasText: "Let it go" }).click();
    await page.locator(".bring-learn").waitFor({ ...WAIT, state: "detached" });
    await loadTiny(page);
    assert.equal(await thought(page), fresh);
    await drop(page, ".bring-learn h3", [join(root, "adapter", "adapter_config.json")]);
    await page.locator(".bring-body .said", { hasText: "adapter_model.safetensors is missing" }).waitFor(WAIT);
    await drop(page, ".bring-learn h3", [join(root, "adapter")]);
    await adapter.locator("p", { hasText: "An adapter from files" }).waitFor(WAIT);
    assert.equal(await thought(page), learned);
    await page.locator(".bring-loaded button", { hasText: "Let it go" }).click();
    await page.locator(".bring-learn").waitFor({ ...WAIT, state: "detached" });
    await loadTiny(page);
    await page
      .locator("[name=adapter-files]")
      .setInputFiles(["adapter_config.json", "adapter_model.safetensors"].map((name) => join(root, "adapter", name)));
    await adapter.locator("p", { hasText: "An adapter from files" }).waitFor(WAIT);
    assert.equal(await thought(page), learned);
    assert.deepEqual(complaints, []);
    await context.close();
  },
);

test("a run pauses, goes on, and stops at once; what is refused is said by its name", TEST, async () => {
  const { page, context } = await opened();
  await loadTiny(page);
  await settings(page, "300");
  await page.locator("[name=learn-objective]").selectOption({ index: 1 });
  await page.locator("[name=learn-rank]").fill("0");
  await page.locator("[name=learn-rank]").blur();
  await start(page);
  await page.locator('.bring-body [role=alert][data-code="bad-input"]', { hasText: "lora_r" }).waitFor(WAIT);
  await page.locator("[name=learn-rank]").fill("4");
  await page.locator("[name=learn-rank]").blur();
  await start(page);
  const pause = page.locator(".bring-learn > .buttons button", { hasText: "Pause after this step" });
  await page.locator(".learn-progress", { hasText: /Step [2-9]\d* of 300/ }).waitFor(WAIT);
  assert.equal(await page.locator(".bring-question button.main").isDisabled(), true);
  assert.equal(await page.locator("[name=model-file]").isDisabled(), true);
  await pause.click();
  await said(page, /Paused after step \d+/);
  const at = Number(/step (\d+)/.exec(await page.locator(".bring-learn > .status").innerText())?.[1]);
  // While it waits, the model is free.
  assert.ok((await thought(page)).length > 0);
  await page.locator(".bring-learn > .buttons button", { hasText: "Go on" }).click();
  await page.locator(".learn-progress").waitFor(WAIT);
  await page.waitForFunction(
    (from) => {
      const bar = /** @type {HTMLProgressElement | null} */ (document.querySelector(".learn-progress progress.whole"));
      return bar !== null && bar.value > from;
    },
    at,
    WAIT,
  );
  await page.locator(".bring-learn > .buttons button", { hasText: "Stop now" }).click();
  await said(page, /Stopped after step \d+\. What was learned stays/);
  await page.locator(".learn-adapter strong", { hasText: "counts" }).waitFor(WAIT);
  // GRPO's thoughts are single tokens.
  assert.equal(await page.locator(".learn-tries .piece.blend").count(), 0);
  await context.close();
});

test("a long step says what it is doing, and does not wait for its end to stop", TEST, async () => {
  const { page, context, complaints } = await opened();
  await loadTiny(page);
  await settings(page, "100");
  await page.locator("[name=word-difficulty]").selectOption("0");
  for (const [name, value] of [
    ["rollouts", "16"],
    ["thought", "192"],
    ["answer", "128"],
  ])
    await page.locator(`[name=learn-${name}]`).selectOption(value);
  await page.locator(".learn-more summary").click();
  await page.locator("[name=learn-questions]").fill("4");
  await page.locator("[name=learn-questions]").blur();
  await page.locator(".learn-more summary").click();
  // Every sentence as it was drawn.
  await page.evaluate(() => {
    const seen = new Set();
    Reflect.set(globalThis, "seen", seen);
    new MutationObserver(() => {
      const [line] = document.querySelectorAll(".learn-progress p.within");
      const bar = /** @type {HTMLProgressElement | null} */ (document.querySelector("progress.within"));
      if (line !== undefined) seen.add(`${line.textContent} ${bar !== null && bar.position >= 0 ? "bar" : ""}`);
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await start(page);
  await page.locator(".learn-progress", { hasText: /Step 2 of 100/ }).waitFor(LONG);
  const seen = await page.evaluate(() => [.../** @type {Set<string>} */ (Reflect.get(globalThis, "seen"))]);
  for (const words of [
    /^It writes its tries: \d+ of at most 20480 tokens\. bar/,
    /^It reads its tries again: about \d+ of 128 are done\. bar/,
    /^It learns from its tries: about \d+ of 64 are done\. bar/,
  ])
    assert.ok(
      seen.some((one) => words.test(one)),
      `${String(words)} in ${JSON.stringify(seen)}`,
    );
  await page.locator(".bring-learn > .buttons button", { hasText: "Stop now" }).click();
  await said(page, /Stopped after step \d\./);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a Hugging Face folder is chosen or let fall, and so are its files; what it lacks is named", TEST, async () => {
  const { page, context, complaints } = await opened();
  await page.locator("[name=model-folder]").setInputFiles(folder);
  await page.locator(".bring-plan h3", { hasText: "tiny-hf" }).waitFor(WAIT);
  assert.match(await page.locator(".bring-plan").innerText(), /read from your disk/);
  await agree(page);
  const first = await thought(page);
  assert.ok(first.length > 0);
  await drop(page, ".bring-loaded h3", [folder]);
  await agree(page);
  assert.equal(await thought(page), first);
  const files = [...tinyFolder().keys()].map((name) => join(folder, name));
  await drop(page, ".bring-loaded h3", files);
  await agree(page);
  assert.equal(await thought(page), first);
  await settings(page, "3");
  await start(page);
  await said(page, /Done: 3 steps/);
  await page.locator("[name=model-folder]").setInputFiles(half);
  await page
    .locator('.bring-body [role=alert][data-code="bad-weights"]', { hasText: "tokenizer.json is missing" })
    .waitFor(WAIT);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what is let fall on the page finds the panel: a folder from anywhere, a file on the panel", TEST, async () => {
  const { page, context } = await watchedPage(browser);
  page.setDefaultTimeout(WAIT.timeout);
  await page.goto(site.url);
  await page.locator(".panel.bring").waitFor(WAIT);
  await drop(page, "h1", [folder]);
  await page.locator(".bring-plan h3", { hasText: "tiny-hf" }).waitFor(WAIT);
  await page.locator(".bring-plan .buttons button", { hasText: "Not this one" }).click();
  await page.locator(".bring-body .said", { hasText: "Cancelled" }).waitFor(WAIT);
  await letters(page);
  await drop(page, ".bring-body p", [tiny]);
  await page.locator(".bring-plan h3", { hasText: "tiny.gguf" }).waitFor(WAIT);
  await page.locator(".bring-plan .buttons .main").click();
  await page.locator(".bring-learn").waitFor(LONG);
  await context.close();
});

test("the panel's engine: GPU where it is chosen, CPU by itself where the GPU is imitated", TEST, async () => {
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  const args = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--no-first-run"];
  const withGpu = await chromium.launch({ executablePath, headless: true, args });
  try {
    const { page, complaints } = await opened({}, "", withGpu);
    const facts = page.locator(".bring-loaded > p").first();
    await page.locator("[name=model-engine]").selectOption("gpu");
    await loadTiny(page);
    assert.match(await facts.innerText(), /· GPU .*\(software\)/);
    // The processor's engine rounds what it multiplies: weights of blends differ in the second digit, and later the words.
    const begins = async () => {
      await thought(page);
      return (await page.locator(".word-thought.soft .piece .text").allInnerTexts()).slice(0, 5);
    };
    const onGpu = await begins();
    assert.equal(onGpu.length, 5);
    for (const [engine, words] of /** @type {const} */ ([
      ["cpu", /· CPU/],
      ["auto", /· CPU/],
    ])) {
      await page.locator("[name=model-engine]").selectOption(engine);
      await loadTiny(page);
      assert.match(await facts.innerText(), words);
      assert.deepEqual(await begins(), onGpu, "engines think the same");
    }
    assert.deepEqual(complaints, []);
  } finally {
    await withGpu.close();
  }
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing, keys and a phone suffice, in German, ${colorScheme}`, TEST, async () => {
    const { page, context } = await opened({ colorScheme, viewport: { width: 390, height: 844 } }, "&lang=de");
    await loadTiny(page);
    await settings(page, "3");
    await page.locator(".learn-more summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("[name=learn-k_proj]").focus();
    await page.keyboard.press("Space");
    assert.equal(await page.locator("[name=learn-k_proj]").isChecked(), false);
    assert.deepEqual(await againstAccess(page), []);
    await page.locator(".bring-learn > .buttons .main").focus();
    await page.keyboard.press("Enter");
    await said(page, /Fertig: 3 Schritte/);
    await page.locator(".bring-learn .numbers summary").focus();
    await page.keyboard.press("Enter");
    await page.locator(".learn-tries .piece").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.locator('.learn-tries .piece[aria-pressed="true"]').waitFor(WAIT);
    assert.deepEqual(await againstAccess(page), []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    const seen = asSeen(await page.locator(".panel.bring").innerText());
    assert.deepEqual(
      (await englishPieces()).filter((piece) => seen.includes(piece)),
      [],
    );
    await context.close();
  });
}

const skip =
  process.env.LAB_SLOW === undefined ? "LAB_SLOW is not set" : existsSync(smollm2) ? false : `no file at ${smollm2}`;
test("SmolLM2-135M-Instruct learns in the panel", { skip, timeout: 1_800_000 }, async (t) => {
  const { page, context, complaints } = await watchedPage(browser);
  page.setDefaultTimeout(WAIT.timeout);
  await page.goto(`${site.url}#model=none`);
  await page.locator("[name=model-file]").setInputFiles(smollm2);
  await agree(page);
  await thought(page);
  t.diagnostic(await page.locator(".word-thought.soft .stats").innerText());
  t.diagnostic(await page.locator(".learn-takes").innerText());
  await page.locator("[name=learn-steps]").selectOption("3");
  await start(page);
  await page.locator(".bring-learn > .status", { hasText: /Done: 3 steps/ }).waitFor({ timeout: 900_000 });
  t.diagnostic(await page.locator(".learn-takes").innerText());
  await page.locator(".bring-learn .numbers summary").click();
  for (const row of await page.locator(".bring-learn .numbers tr").allInnerTexts()) t.diagnostic(row);
  t.diagnostic(await page.locator(".learn-adapter p").first().innerText());
  if (process.env.SHOTS !== undefined)
    await page.locator(".bring").screenshot({ path: join(process.env.SHOTS, "smollm2-learns.png") });
  await page.locator("[name=learn-steps]").selectOption("20");
  await start(page);
  await page.locator(".learn-progress", { hasText: /so far/ }).waitFor(WAIT);
  await page.waitForTimeout(3000);
  const began = performance.now();
  await page.locator(".bring-learn > .buttons button", { hasText: "Stop now" }).click();
  await page.locator(".bring-learn > .status", { hasText: "Stopped before" }).waitFor(WAIT);
  t.diagnostic(`stopped within a step after ${(performance.now() - began).toFixed(0)} ms`);
  assert.deepEqual(complaints, []);
  await context.close();
});
