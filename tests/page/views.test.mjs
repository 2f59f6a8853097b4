// How every view looks, on a phone, a desk and a wall, in light and dark, against kept pictures (screenshots.mjs; UPDATE=1 writes them
// anew, with VIEW=learn those whose address has this in its name); and that axe finds nothing against what no other test opens. Nothing is measured here, and little computed.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { against, compare } from "./screenshots.mjs";
import { serveSite } from "./site.mjs";
import { tinyGguf } from "./tiny-gguf.mjs";

/** @typedef {import("playwright-core").Page} Page */

const PATIENCE = { timeout: 60_000 };
const WIDTHS = /** @type {const} */ ([390, 1280, 1920]);
const SCHEMES = /** @type {const} */ (["light", "dark"]);
/** Shapes and colours matter and letters do not: pictures are kept at half their size; at a quarter where there are many, and in the dark,
 * where only the colours are others. */
const HALF = 0.5;
const QUARTER = 0.25;

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
const diffs = mkdtempSync(join(tmpdir(), "soft-thinking-lab-views-"));

before(async () => {
  [browser, site] = await Promise.all([launch(), serveSite()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** The part of a page that is on the screen. */
const SCREEN = "";
/** Those of other languages lie in folders of their own. */
const DOCS = readdirSync(new URL("../../www/docs/", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(/\.md$/, ""));

/** @param {Page} page */
async function drawn(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** @param {Page} page */
async function labOpened(page) {
  await page.locator(".panel.results").waitFor(PATIENCE);
  await usable(page);
}

/** @param {Page} page */
async function resultsOpened(page) {
  await page.locator(".results-fold > summary").click();
  await page.locator(".result-charts").waitFor(PATIENCE);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("result-chart")].every((one) => Reflect.get(one, "points") > 0),
  );
}

/** A run of four steps, its settings, its tries as a table, itself in the list of runs. @param {Page} page */
async function trained(page) {
  await page.locator(".train .controls .buttons button.main").click();
  await page.locator(".history tbody tr, .history li").first().waitFor(PATIENCE);
  await page.locator(".switch button").nth(1).click();
  await page.locator(".settings > summary").click();
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".train metric-chart")].every((one) => Reflect.get(one, "points") >= 4),
  );
}

/** Both arms of a small run of the second lab, to their ends. @param {Page} page */
async function semanticRun(page) {
  await page.locator("#live button.main", { hasText: "Run" }).click();
  await page.locator("#live button.main", { hasText: "Run again" }).waitFor(PATIENCE);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("#live metric-chart")].every((one) => Reflect.get(one, "points") > 0),
  );
}

/** The panel of brought models, its list of files and its settings. @param {Page} page */
async function bringOpened(page) {
  await labOpened(page);
  await page.locator(".panel.bring summary").first().click();
  for (const fold of [".bring-list", ".bring-settings"]) await page.locator(`${fold} > summary`).click(PATIENCE);
}

/** What a tiny model of random weights needs. @param {Page} page */
async function brought(page) {
  // It spells everything by letters: the usual words after a cut thought are too long for it.
  await page.locator("[name=model-bridge]").fill(" so ");
  await page.locator("[name=model-bridge]").blur();
  for (const fold of [".bring-list", ".bring-settings"]) await page.locator(`${fold} > summary`).click();
  const file = { name: "tiny.gguf", mimeType: "application/octet-stream", buffer: tinyGguf() };
  await page.locator(".bring-source input[name=model-file]").setInputFiles(file);
  await page.locator(".bring-plan .buttons .main").waitFor(PATIENCE);
}

/** It loaded, and both its thoughts. @param {Page} page */
async function wordsThought(page) {
  await page.locator(".bring-plan .buttons .main").click();
  await page.locator(".bring-loaded").waitFor(PATIENCE);
  await page.locator("[name=word-longest]").selectOption("32");
  await page.locator(".bring-question button.main:not([disabled])", { hasText: "Think" }).click(PATIENCE);
  await page.locator(".word-thought.discrete .verdict").waitFor(PATIENCE);
}

/**
 * The views of an address, in order, each with what opens it and the element that it is; then what stands around it.
 * @type {Record<string, { path: string, scale: number, open?: (page: Page) => Promise<void>, withModel?: boolean,
 *   views: { name: string, element: string, show?: (page: Page) => Promise<void> }[] }>}
 */
const PLACES = {
  lab: {
    path: "#task=chain_sum&question=7&seed=7&engine=cpu&steps=4",
    scale: HALF,
    open: labOpened,
    withModel: true,
    views: [
      { name: "top", element: SCREEN },
      { name: "think", element: ".panel.think" },
      { name: "train", element: ".panel.train" },
      { name: "measure", element: ".pair" },
      { name: "own", element: ".panel.own" },
      { name: "results", element: ".result-charts", show: resultsOpened },
      { name: "trial", element: ".trial" },
      { name: "trained", element: ".panel.train", show: trained },
    ],
  },
  embed: {
    path: "embed.html#task=chain_sum&question=7&seed=7&engine=cpu&hide=heading,sentences,diagnose,measure,model,own,results",
    scale: HALF,
    open: usable,
    withModel: true,
    views: [{ name: "embed", element: SCREEN }],
  },
  // Before the model is here: stored examples, the same on every machine.
  learn: {
    path: "learn.html#engine=cpu",
    scale: QUARTER,
    views: ["mixture", "thought", "group", "race", "pass"].map((name) => ({
      name: `learn-${name}`,
      element: `#${name}`,
      show: async (page) => {
        await page.locator(`#${name}`).scrollIntoViewIfNeeded();
        const sign = name === "pass" ? "pass-at-k .band" : `#${name} .source .chip`;
        await page.locator(sign).first().waitFor(PATIENCE);
      },
    })),
  },
  bring: {
    path: "#engine=cpu",
    scale: QUARTER,
    open: bringOpened,
    withModel: true,
    views: [
      { name: "bring", element: ".panel.bring" },
      { name: "bring-plan", element: ".panel.bring", show: brought },
      { name: "bring-thoughts", element: ".panel.bring", show: wordsThought },
    ],
  },
  semantic: {
    path: "semantic-ids.html#items=80&set.users=60&epochs=3&seed=4",
    scale: QUARTER,
    open: async (page) => page.locator(".semantic-results .result-charts").waitFor(PATIENCE),
    withModel: true,
    views: [
      { name: "semantic-top", element: SCREEN },
      { name: "semantic-charts", element: ".semantic-results .result-charts" },
      { name: "semantic-run", element: "#live", show: semanticRun },
    ],
  },
  ...Object.fromEntries(
    DOCS.map((name) => [
      `docs/${name}`,
      {
        path: `docs/${name}.html`,
        scale: QUARTER,
        views: [{ name: `docs-${name.replace("/", "-")}`, element: SCREEN }],
      },
    ]),
  ),
};

/** A page at rest: the stored thought, no motion, one theme.
 * @param {(typeof PLACES)[string]} place @param {number} width @param {"light" | "dark"} colorScheme */
async function restingPage(place, width, colorScheme) {
  const watched = await watchedPage(browser, {
    viewport: { width, height: 900 },
    deviceScaleFactor: colorScheme === "dark" ? QUARTER : place.scale,
    reducedMotion: "reduce",
    colorScheme,
  });
  if (place.withModel !== true) await watched.context.route("**/*.{gguf,wasm}", () => undefined);
  await watched.page.goto(site.url + place.path);
  await place.open?.(watched.page);
  await drawn(watched.page);
  return watched;
}

/** @param {Page} page @param {(typeof PLACES)[string]["views"][number]} view */
async function picture(page, view) {
  await view.show?.(page);
  await page.mouse.move(0, 0);
  await drawn(page);
  const options = /** @type {const} */ ({ animations: "disabled", caret: "hide" });
  return view.element === SCREEN ? page.screenshot(options) : page.locator(view.element).screenshot(options);
}

for (const colorScheme of SCHEMES) {
  for (const width of WIDTHS) {
    test(`every view looks as it did, ${colorScheme}, ${width} px wide`, async (t) => {
      /** @type {string[]} */
      const changed = [];
      const { VIEW = "" } = process.env;
      for (const [, place] of Object.entries(PLACES).filter(([name]) => name.includes(VIEW))) {
        const { page, context } = await restingPage(place, width, colorScheme);
        for (const view of place.views) {
          const name = (/** @type {number} */ size) => `${view.name}-${size}${colorScheme === "dark" ? "-dark" : ""}`;
          const found = against(await picture(page, view), name(width), diffs, width === 1920 ? name(1280) : undefined);
          t.diagnostic(found.words);
          if (!found.same) changed.push(found.words);
        }
        await context.close();
      }
      assert.deepEqual(changed, []);
    });
  }
}

test("a view that changed is told: something gone, something moved, another theme", async () => {
  const { lab } = PLACES;
  const think = lab?.views.find(({ name }) => name === "think");
  if (lab === undefined || think === undefined) throw new Error("there are views");
  const { page, context } = await restingPage(lab, 1280, "light");
  const before = await picture(page, think);
  assert.equal(compare(before, await picture(page, think)).same, true);
  for (const css of [
    ".thoughts { visibility: hidden }",
    ".question { margin-top: 24px }",
    "#page { filter: invert(1) }",
  ]) {
    const style = await page.addStyleTag({ content: css });
    assert.equal(compare(before, await picture(page, think)).same, false, css);
    await style.evaluate((/** @type {any} */ one) => one.remove());
  }
  await context.close();
});

for (const colorScheme of SCHEMES) {
  test(`the page has its colours before any script, and the figures have the same, ${colorScheme}`, async () => {
    /** As `color` of something inside it comes out. @param {Page} page @param {string} inside */
    const colours = (page, inside) =>
      page
        .locator(inside)
        .first()
        .evaluate((element) => {
          const place = element.shadowRoot ?? element;
          return ["soft", "discrete", "base", "good", "attention", "ink", "line"].map((name) => {
            const probe = document.createElement("span");
            place.append(probe);
            probe.style.color = `var(--${name})`;
            const { color } = getComputedStyle(probe);
            probe.remove();
            return color;
          });
        });
    const bare = await browser.newContext({ colorScheme, javaScriptEnabled: false });
    const still = await bare.newPage();
    await still.goto(site.url);
    const before = await colours(still, "body");
    assert.equal(new Set(before).size, before.length, before.join());
    await bare.close();
    const { page, context } = await watchedPage(browser, { colorScheme });
    await page.goto(`${site.url}learn.html#engine=cpu`);
    await page.locator("soft-mixture .source").waitFor(PATIENCE);
    assert.deepEqual(await colours(page, "body"), before);
    assert.deepEqual(await colours(page, "soft-mixture"), before);
    await context.close();
  });
}

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against an embed, the list of keys and figures that wait, ${colorScheme}, ${width} px`, async () => {
    const viewport = { width, height: 900 };
    for (const hide of ["heading,text", "think,results", "train,measure,model,own,settings"]) {
      const { page, context } = await watchedPage(browser, { viewport, colorScheme });
      await page.goto(`${site.url}embed.html#hide=${hide}`);
      await page.locator(".question button.main:not([disabled])").waitFor({ state: "attached", ...PATIENCE });
      assert.deepEqual(await againstAccess(page), [], hide);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, hide);
      await context.close();
    }
    const lab = await watchedPage(browser, { viewport, colorScheme });
    await lab.page.goto(site.url);
    await labOpened(lab.page);
    await lab.page.locator(".tools button", { hasText: "?" }).click();
    await lab.page.locator(".keys").waitFor();
    assert.deepEqual(await againstAccess(lab.page), []);
    await lab.context.close();
    const waiting = await watchedPage(browser, { viewport, colorScheme });
    await waiting.context.route("**/*.gguf", () => undefined);
    await waiting.page.goto(`${site.url}learn.html#engine=cpu`);
    await waiting.page.locator("soft-mixture .loading").waitFor(PATIENCE);
    assert.deepEqual(await againstAccess(waiting.page), []);
    await waiting.context.close();
  });
}
