// The page, its frame and its figures in German: by address, by the browser, by choice; every view without an English sentence, with
// nothing beside the screen and nothing that axe holds against it. English is what everybody else gets.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { englishPieces } from "./english-words.mjs";
import { saidOn } from "./said.mjs";
import { serve } from "./served.mjs";
import { dist, serveSite } from "./site.mjs";

/** @typedef {import("playwright-core").Page} Page */

const PATIENCE = { timeout: 120_000 };
const TRAIN = ".train .controls .buttons button.main";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
/** @type {string[]} */
let english;

before(async () => {
  [browser, site, english] = await Promise.all([launch(), serveSite(), englishPieces()]);
  assert.ok(english.length > 500, `only ${english.length} English sentences were found to look for`);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** @param {string} address @param {import("playwright-core").BrowserContextOptions} [options] */
async function open(address, options) {
  const watched = await watchedPage(browser, { reducedMotion: "reduce", ...options });
  await watched.page.goto(site.url + address);
  return watched;
}

/** @param {Page} page */
async function englishOn(page) {
  const said = await saidOn(page);
  return english.filter((piece) => said.some((text) => text.includes(piece)));
}

/** Opens whatever is folded away. @param {Page} page */
async function unfold(page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}

/** @param {Page} page */
async function widthOf(page) {
  return await page.evaluate(() => document.documentElement.scrollWidth);
}

/** @param {Page} page */
async function languageOf(page) {
  return await page.evaluate(() => document.documentElement.lang);
}

/** Presses Tab until this has the focus, as somebody without a mouse does. @param {Page} page @param {string} selector */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  assert.fail(`forty presses of Tab do not lead to ${selector}`);
}

/** @param {Page} page @param {string} name */
async function picture(page, name) {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
}

test("a browser that asks for German gets the lab in German: it thinks, trains and measures without an English sentence", async () => {
  const { page, context, complaints } = await open("#engine=cpu&steps=2", { locale: "de-DE" });
  await usable(page);
  assert.equal(await languageOf(page), "de");
  assert.equal(await page.title(), "Soft Thinking Lab");
  assert.equal(
    await page.locator('meta[name="description"]').getAttribute("content"),
    "Einem kleinen Sprachmodell zusehen, wie es in Mischungen von Wörtern denkt, und ihm beibringen, es besser zu tun, im Browser.",
  );
  assert.deepEqual(await englishOn(page), []);

  await page.locator(".question button.main").click();
  await page
    .locator("#live", { hasText: /^Denkweise (Weich|Diskret): Antwort/ })
    .waitFor({ ...PATIENCE, state: "attached" });
  await page.locator(".question button.main", { hasText: "Denken" }).waitFor(PATIENCE);
  // A thought's numbers are written as German has them: a comma, and no English point between digits.
  const stats = await page.locator(".thought header").first().innerText();
  assert.match(stats, /\d,\d/);
  assert.doesNotMatch(stats, /\d\.\d/);

  await page.locator(".diagnose button").click();
  await page
    .locator(".diagnose table")
    .first()
    .waitFor({ ...PATIENCE, state: "attached" });
  await page.locator(`${TRAIN}:not([disabled])`).click();
  await page.locator(".train", { hasText: "Fertig: 2 Schritte." }).waitFor(PATIENCE);
  await page.locator(".measure button").click();
  await page.locator(".measure tbody", { hasText: "SofT-GRPO, Schritt 2" }).waitFor({ ...PATIENCE, state: "attached" });
  await unfold(page);
  await page
    .locator(".results-body table")
    .first()
    .waitFor({ ...PATIENCE, state: "attached" });
  await page.locator(".numbers table").waitFor();
  await page.locator("#engine-badge").click();
  assert.deepEqual(await englishOn(page), []);
  await picture(page, "german-lab");

  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator(".keys").waitFor();
  assert.deepEqual(await englishOn(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("files are for machines: numbers in CSV have a point whatever the page speaks", async () => {
  const { page, context } = await open("#engine=cpu&steps=2&lang=de");
  await usable(page);
  await page.locator(`${TRAIN}:not([disabled])`).click();
  await page.locator(".train", { hasText: "Fertig: 2 Schritte." }).waitFor(PATIENCE);
  await page.locator(".numbers > summary").click();
  assert.match(await page.locator(".numbers tbody").innerText(), /\d,\d/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".numbers button", { hasText: "CSV herunterladen" }).click(),
  ]);
  const [head = "", ...rows] = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  assert.ok(rows.length >= 2);
  for (const row of rows) assert.equal(row.split(",").length, head.split(",").length);
  assert.match(rows.join("\n"), /,0\.\d/);
  await context.close();
});

for (const [colorScheme, width] of LOOKS) {
  test(`German fits and axe finds nothing against it, ${colorScheme}, ${width} px wide`, async () => {
    const options = { colorScheme, viewport: { width, height: 900 } };
    const { page, context, complaints } = await open("#engine=cpu&lang=de", options);
    await usable(page);
    assert.equal(await widthOf(page), width);
    await unfold(page);
    await page
      .locator(".results-body table")
      .first()
      .waitFor({ ...PATIENCE, state: "attached" });
    assert.deepEqual(await againstAccess(page), []);
    assert.equal(await widthOf(page), width);
    await picture(page, `german-lab-${colorScheme}-${width}`);
    await page.goto(`${site.url}learn.html#engine=cpu&lang=de`);
    await page.locator("soft-mixture [data-engine]").waitFor(PATIENCE);
    assert.deepEqual(await againstAccess(page), []);
    assert.equal(await widthOf(page), width);
    await picture(page, `german-learn-${colorScheme}-${width}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test("the story is German in its figures too, and a link from it stays so", async () => {
  const { page, context, complaints } = await open("learn.html?lang=de#engine=cpu");
  await page.locator("h1", { hasText: "In Mischungen von Wörtern denken" }).waitFor(PATIENCE);
  assert.equal(await page.title(), "Lernen · Soft Thinking Lab");
  for (const id of ["mixture", "thought", "group", "race", "pass"])
    await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  await page
    .locator("pass-at-k .band")
    .first()
    .waitFor({ ...PATIENCE, state: "attached" });
  await page
    .locator("soft-thought")
    .getByText(/Answer|Antwort/)
    .first()
    .waitFor(PATIENCE);
  await page.locator("thought-group .said").waitFor(PATIENCE);
  await unfold(page);
  assert.deepEqual(await englishOn(page), []);
  assert.match(await page.locator("thought-group .said").innerText(), /^Versuch \d, Schritt \d: .*\d,\d/);
  await page.locator("nav.site a", { hasText: "Labor" }).click();
  await usable(page);
  assert.equal(await languageOf(page), "de");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the language is changed with the keyboard, keeps every choice and is kept", async () => {
  const { page, context, requests } = await open("#engine=cpu&seed=11&steps=2");
  await usable(page);
  assert.equal(await languageOf(page), "en");
  await page.locator("h1").click();
  await tabTo(page, "nav.site .language");
  assert.equal(
    await page.locator("nav.site .language").getAttribute("aria-label"),
    "Deutsch: diese Seite auf Deutsch lesen",
  );
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await usable(page);
  assert.equal(await languageOf(page), "de");
  assert.match(page.url(), /seed=11/);
  assert.equal(await page.locator("[name=seed]").first().inputValue(), "11");

  // Another visit, whose address says nothing.
  await page.goto(`${site.url}learn.html`);
  await page.goto(site.url);
  await usable(page);
  assert.equal(await languageOf(page), "de");
  await page.reload();
  await usable(page);
  assert.equal(await languageOf(page), "de");

  await Promise.all([page.waitForEvent("load"), page.locator("nav.site .language", { hasText: "English" }).click()]);
  await usable(page);
  assert.equal(await languageOf(page), "en");
  assert.equal(await page.locator(".question button.main").innerText(), "▶ Think");
  // Nobody but the page's own host was asked for anything.
  assert.deepEqual([...new Set(requests.map((url) => new URL(url).origin))], [new URL(site.url).origin]);
  await context.close();
});

test("where something would be lost the page asks first, in the language that was asked for", async () => {
  const { page, context } = await open("#engine=cpu&steps=2");
  await usable(page);
  await page.locator(`${TRAIN}:not([disabled])`).click();
  await page.locator(".train", { hasText: "Done: 2 steps." }).waitFor(PATIENCE);
  await page.locator("nav.site .language").click();
  const banner = page.locator(".banner.language");
  await banner.getByText("Dafür wird die Seite neu geladen.").waitFor();
  assert.equal(await banner.getAttribute("lang"), "de");
  assert.deepEqual(await againstAccess(page), []);
  await banner.getByText("Hierbleiben").click();
  await banner.waitFor({ state: "detached" });
  assert.equal(await languageOf(page), "en");
  await page.locator(".train", { hasText: "Done: 2 steps." }).waitFor();
  await page.locator("nav.site .language").click();
  await Promise.all([page.waitForEvent("load"), banner.getByText("Auf Deutsch neu laden").click()]);
  await usable(page);
  assert.equal(await languageOf(page), "de");
  await context.close();
});

test("a frame speaks English until its address or the page around it says otherwise", async () => {
  const { page, context, complaints } = await open("embed.html#engine=cpu", { locale: "de-DE" });
  await usable(page);
  assert.equal(await languageOf(page), "en");
  for (const [wish, expected] of [
    ["de", "de"],
    ["auto", "de"],
    ["en", "en"],
  ]) {
    await page.goto("about:blank");
    await page.goto(`${site.url}embed.html#engine=cpu&lang=${wish}`);
    await usable(page);
    assert.equal(await languageOf(page), expected);
    if (expected === "de") assert.deepEqual(await englishOn(page), []);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("elements speak as the page around them, each in its place, and go along when that changes", async () => {
  const lab = await serve({ folder: dist, headers: () => ({ "access-control-allow-origin": "*" }) });
  const host = await serve({
    pages: {
      "course.html": `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Course</title>
        <script type="module" src="${lab.url}elements.js"></script>
        <div lang="de-AT"><training-race id="inside"></training-race></div>
        <training-race id="beside"></training-race>
        <training-race id="itself" lang="de"></training-race>
        <div lang="de"><soft-thinking-lab engine="cpu" hide="heading train measure model own results"></soft-thinking-lab></div></html>`,
    },
  });
  const { page, context, requests, complaints } = await watchedPage(browser);
  await page.goto(`${host.url}course.html`);
  for (const [id, words] of [
    ["inside", "Beide starten"],
    ["beside", "Start both"],
    ["itself", "Beide starten"],
  ]) {
    await page
      .locator(`#${id}`)
      .getByText(words ?? "", { exact: true })
      .waitFor(PATIENCE);
  }
  assert.equal(requests.filter((url) => url.endsWith("/elements-de.js")).length, 1);
  await page.evaluate(() => document.querySelector("div")?.setAttribute("lang", "en"));
  await page.locator("#inside").getByText("Start both", { exact: true }).waitFor(PATIENCE);
  await page.evaluate(() => {
    document.documentElement.setAttribute("lang", "de");
  });
  await page.locator("#beside").getByText("Beide starten", { exact: true }).waitFor(PATIENCE);
  await page.locator("soft-thinking-lab").scrollIntoViewIfNeeded();
  const frame = page.frameLocator("iframe");
  await frame.locator(".question button.main:not([disabled])", { hasText: "Denken" }).waitFor(PATIENCE);
  assert.deepEqual(complaints, []);
  await context.close();
  await Promise.all([lab.stop(), host.stop()]);
});

test("who reads English fetches no other language, and gets English whatever else the browser asks for", async () => {
  const { page, context } = await watchedPage(browser, { locale: "fr-FR" });
  /** @type {Promise<string>[]} */
  const scripts = [];
  context.on("response", (response) => {
    if (response.url().endsWith(".js") && response.status() === 200) scripts.push(response.text());
  });
  await page.goto(`${site.url}#engine=cpu`);
  await usable(page);
  assert.equal(await languageOf(page), "en");
  await page.goto(`${site.url}learn.html#engine=cpu`);
  await page.locator("soft-mixture [data-engine]").waitFor(PATIENCE);
  const texts = await Promise.all(scripts);
  assert.ok(texts.length > 3);
  for (const german of ["Ein Token oder eine Mischung", "Gespeichertes Beispiel", "gespeichertes Beispiel"]) {
    assert.equal(texts.filter((text) => text.includes(german)).length, 0, german);
  }
  await context.close();
});
