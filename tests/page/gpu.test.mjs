// The page on the GPU engine in Chromium, whose own software adapter makes a GPU everywhere; and what only this driver can look at.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { LOOKS, againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { controlTests } from "./controls-scenario.mjs";
import { gpuTests } from "./gpu-scenario.mjs";
import { figureTests } from "./learn-scenario.mjs";
import { serveSite } from "./site.mjs";

const FLAGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;
const shots = mkdtempSync(join(tmpdir(), "soft-thinking-lab-gpu-"));

before(async () => {
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  // The new headless mode: the old one's shell has no WebGPU.
  [browser, site] = await Promise.all([
    chromium.launch({ executablePath, headless: true, args: [...FLAGS, "--headless=new"] }),
    serveSite(),
  ]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function newTab() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return {
    /** @param {string} url */
    open: async (url) => {
      await page.goto(url);
    },
    /** @type {import("./gpu-scenario.mjs").Tab["evaluate"]} */
    evaluate: async (work, argument) => /** @type {any} */ (await page.evaluate(/** @type {any} */ (work), argument)),
    complaints: () => complaints,
    close: () => context.close(),
  };
}

gpuTests("Chromium", newTab, () => site.url);
figureTests("Chromium", "gpu", newTab, () => site.url);
for (const engine of /** @type {const} */ (["cpu", "gpu"])) controlTests("Chromium", engine, newTab, () => site.url);

for (const [colorScheme, width] of LOOKS) {
  test(`the engine card by keyboard, ${colorScheme}, ${width} px: opens, closes, nothing against it by axe`, async (t) => {
    const { page, context } = await watchedPage(browser, { colorScheme, viewport: { width, height: 844 } });
    await page.goto(`${site.url}#engine=cpu`);
    await usable(page);
    await page.locator(".badge").focus();
    await page.keyboard.press("Enter");
    await page.locator("#engine-card").waitFor();
    assert.equal(await page.locator(".badge").getAttribute("aria-expanded"), "true");
    assert.match((await page.locator("#engine-card").textContent()) ?? "", /Runs on.*CPU/s);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.closest("#engine-card") !== null), true);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    const box = await page.locator("#engine-card").boundingBox();
    assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
    await page.screenshot({ path: join(shots, `${colorScheme}-${width}.png`) });
    assert.deepEqual(await againstAccess(page), []);
    await page.keyboard.press("Escape");
    await page.locator("#engine-card").waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement?.id), "engine-badge");
    t.diagnostic(`screenshots: ${shots}`);
    await context.close();
  });
}

test("what will run is said before the download is over", async () => {
  const { page, context } = await watchedPage(browser);
  await context.route("**/*.gguf", () => undefined);
  await page.goto(site.url);
  const facts = page.locator(".banner.loading .engine-facts");
  await facts.getByText("Will run on").waitFor({ timeout: 10_000 });
  await facts.getByText(/CPU.*, or GPU/).waitFor({ timeout: 10_000 });
  await context.close();
});

test("a GPU that does not come back ends the run with its code; the CPU takes over where it was saved", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(`${site.url}#engine=gpu`);
  await page.locator(".badge[data-kind=gpu]").waitFor({ timeout: 120_000 });
  await usable(page);
  await page.locator("[name=steps]").selectOption("");
  await page.locator(".train .buttons button.main").click();
  await page.locator(".train .status", { hasText: "Saved in this browser at step 10" }).waitFor({ timeout: 240_000 });
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      navigator.gpu.requestAdapter = () => Promise.resolve(null);
    });
  }
  await page.evaluate(() => document.dispatchEvent(new Event("lose-device")));
  const problem = page.locator(".banner.problem");
  await problem.waitFor({ timeout: 60_000 });
  assert.match((await problem.getAttribute("data-code")) ?? "", /^(device-lost|no-adapter)$/);
  assert.equal(await page.locator(".banner.notice").count(), 0);
  await problem.locator("button", { hasText: "CPU" }).click();
  await page.locator(".badge[data-kind=cpu]").waitFor({ timeout: 60_000 });
  await page.waitForURL(/engine=cpu/);
  await page.locator(".banner.resume button.main").click();
  await page.locator(".train .status", { hasText: /Step 1[1-9]/ }).waitFor({ timeout: 120_000 });
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 15_000 });
  await context.close();
});

test("engine=gpu where there is no GPU: the page says so and works, and the address no longer asks for it", async () => {
  const without = await launch();
  try {
    const { page } = await watchedPage(without);
    await page.goto(`${site.url}#engine=gpu`);
    await page.locator(".banner.problem[data-code^=no-]").waitFor({ timeout: 30_000 });
    await usable(page);
    await page.locator(".badge[data-kind=cpu]").waitFor();
    assert.doesNotMatch(page.url(), /engine=/);
    await page.locator(".badge").click();
    const card = (await page.locator("#engine-card").textContent()) ?? "";
    assert.match(card, /Why not a GPU/);
    assert.match(card, /What you can do/);
    await page.locator(".question button.main").click();
    await page.locator(".thought.discrete .verdict").waitFor({ timeout: 30_000 });
  } finally {
    await without.close();
  }
});
