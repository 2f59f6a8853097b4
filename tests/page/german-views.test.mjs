// German on every view and in every fold, on a phone, a desk and a wall, light and dark: nothing that axe holds against it, no English
// sentence, no word that does not fit. Not here: how the language is chosen (language.test.mjs), errors (german-errors.test.mjs).

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";

import { againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { englishPieces } from "./english-words.mjs";
import { misfitsOn } from "./fits.mjs";
import { saidOn } from "./said.mjs";
import { serveSite } from "./site.mjs";
import { tinyGguf } from "./tiny-gguf.mjs";

/** @typedef {import("playwright-core").Page} Page */

const PATIENCE = { timeout: 120_000 };
const SCREENS = /** @type {const} */ ([
  [390, "light"],
  [390, "dark"],
  [1280, "light"],
  [1280, "dark"],
  [1920, "light"],
]);
const DOCS = readdirSync(new URL("../../www/docs/de/", import.meta.url))
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(/\.md$/, ""));

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** @type {string[]} */
let english;

before(async () => {
  [browser, site, english] = await Promise.all([launch(), serveSite(), englishPieces()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** @param {string} address @param {number} width @param {"light" | "dark"} colorScheme */
async function open(address, width, colorScheme) {
  const viewport = { width, height: 900 };
  const watched = await watchedPage(browser, { viewport, colorScheme, reducedMotion: "reduce", locale: "de-DE" });
  await watched.page.goto(site.url + address);
  return watched;
}

/** Every fold but the menus that lie over what is below them. @param {Page} page */
async function unfold(page) {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll("details:not(.save)"))
      /** @type {HTMLDetailsElement} */ (fold).open = true;
  });
}

/** @param {Page} page @param {string} what */
async function faultless(page, what) {
  assert.deepEqual(await againstAccess(page), [], what);
  assert.deepEqual(await misfitsOn(page), [], what);
  const said = await saidOn(page);
  assert.deepEqual(
    english.filter((piece) => said.some((text) => text.includes(piece))),
    [],
    what,
  );
}

for (const [width, colorScheme] of SCREENS) {
  const screen = `${width} px wide, ${colorScheme}`;

  test(`the German lab with all that it can show, ${screen}`, async () => {
    const { page, context, complaints } = await open("#engine=cpu&steps=2&seed=7", width, colorScheme);
    await usable(page);
    await page.locator(".question button.main").click();
    await page.locator("#live", { hasText: /^Denkweise/ }).waitFor({ ...PATIENCE, state: "attached" });
    await page.locator(".diagnose button").click();
    await page
      .locator(".diagnose table")
      .first()
      .waitFor({ ...PATIENCE, state: "attached" });
    await page.locator(".train .controls .buttons button.main:not([disabled])").click();
    await page.locator(".train", { hasText: "Fertig: 2 Schritte." }).waitFor(PATIENCE);
    await page.locator(".measure button").click();
    await page
      .locator(".measure tbody", { hasText: "SofT-GRPO, Schritt 2" })
      .waitFor({ ...PATIENCE, state: "attached" });
    await unfold(page);
    await page
      .locator(".results-body table")
      .first()
      .waitFor({ ...PATIENCE, state: "attached" });
    await page.locator(".bring-source").waitFor(PATIENCE);
    await page.locator(".history tbody tr").waitFor(PATIENCE);
    await unfold(page);
    await faultless(page, "all open");
    await page.locator("#engine-badge").click();
    await page.locator("#engine-card h2").waitFor();
    await faultless(page, "the card of the engine");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.locator(".keys").waitFor();
    await faultless(page, "keys");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test(`a language model in the German panel: plan, thoughts, measure, ${screen}`, async () => {
    const { page, context, complaints } = await open("#engine=cpu", width, colorScheme);
    await usable(page);
    await page.locator(".bring > details > summary, .panel.bring summary").first().click();
    await page.locator(".bring-settings > summary").click(PATIENCE);
    await page.locator("[name=model-bridge]").fill(" so ");
    await page.locator("[name=model-bridge]").blur();
    await page.locator(".bring-source input[name=model-file]").setInputFiles({
      name: "klein.gguf",
      mimeType: "application/octet-stream",
      buffer: tinyGguf(),
    });
    await page.locator(".bring-plan .buttons .main").waitFor(PATIENCE);
    await faultless(page, "the plan");
    await page.locator(".bring-plan .buttons .main").click();
    await page.locator(".bring-loaded").waitFor(PATIENCE);
    await page.locator("[name=word-longest]").selectOption("32");
    await page.locator("[name=word-problems]").selectOption("10");
    await page.locator(".bring-question button.main:not([disabled])", { hasText: "Denken" }).click(PATIENCE);
    await page.locator(".word-thought.discrete .verdict").waitFor(PATIENCE);
    await page.locator(".bring-measure button", { hasText: "Messen" }).click();
    await page.locator(".bring-measure tbody tr").nth(1).waitFor(PATIENCE);
    await unfold(page);
    await faultless(page, "thoughts and their measure");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test(`the German story, ${screen}`, async () => {
    const { page, context, complaints } = await open("learn.html#engine=cpu", width, colorScheme);
    await page.locator("soft-mixture [data-engine]").waitFor(PATIENCE);
    for (const id of ["mixture", "thought", "group", "race", "pass"])
      await page.locator(`#${id}`).scrollIntoViewIfNeeded();
    await page
      .locator("pass-at-k .band")
      .first()
      .waitFor({ ...PATIENCE, state: "attached" });
    await page.locator("thought-group .said").waitFor(PATIENCE);
    await unfold(page);
    await faultless(page, "the story");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test(`the German page of semantic IDs, ${screen}`, async () => {
    const { page, context, complaints } = await open("semantic-ids.html", width, colorScheme);
    await page
      .locator(".semantic-results table")
      .first()
      .waitFor({ ...PATIENCE, state: "attached" });
    await unfold(page);
    await faultless(page, "semantic IDs");
    // No GPU in this browser: why, in German.
    await page.locator(".engine-of select").selectOption("gpu");
    await page.locator(".engine-why", { hasText: "Es gibt keine nutzbare GPU: Dieser Browser" }).waitFor(PATIENCE);
    await faultless(page, "without a GPU");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test(`the German documentation, ${screen}`, async () => {
    assert.ok(DOCS.length >= 4, DOCS.join());
    for (const name of DOCS) {
      const { page, context, complaints } = await open(`docs/de/${name}.html`, width, colorScheme);
      await page.locator("article").waitFor(PATIENCE);
      await unfold(page);
      assert.deepEqual(await againstAccess(page), [], name);
      assert.deepEqual(await misfitsOn(page), [], name);
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });
}
