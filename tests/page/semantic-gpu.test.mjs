// The second lab on the GPU engine: in Chromium, whose own software adapter makes a GPU everywhere, in Firefox, and where there is none.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { againstAccess, launch, watchedPage } from "./browser.mjs";
import { firefoxTab, launchFirefox } from "./firefox.mjs";
import { semanticGpuTests } from "./semantic-gpu-scenario.mjs";
import { serveSite } from "./site.mjs";

const FLAGS = ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--headless=new"];
const PATIENCE = { timeout: 180_000 };

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("puppeteer-core").Browser} */
let firefox;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;

before(async () => {
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  [browser, firefox, site] = await Promise.all([
    chromium.launch({ executablePath, headless: true, args: FLAGS }),
    launchFirefox({ "dom.webgpu.enabled": true, "gfx.webgpu.ignore-blocklist": true }),
    serveSite(),
  ]);
});
after(async () => {
  await Promise.all([browser?.close(), firefox?.close()]);
  await site?.stop();
});

semanticGpuTests(
  "Chromium",
  async () => {
    const { page, context, complaints } = await watchedPage(browser);
    return {
      open: async (url) => {
        await page.goto(url);
      },
      evaluate: async (work, argument) => /** @type {any} */ (await page.evaluate(/** @type {any} */ (work), argument)),
      complaints: () => complaints,
      close: () => context.close(),
    };
  },
  () => site.url,
);
semanticGpuTests(
  "Firefox",
  () => firefoxTab(firefox),
  () => site.url,
);

test("engine=gpu where there is none: an error, why, and the same run on the CPU by one button", async () => {
  const without = await launch();
  try {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      const { page } = await watchedPage(without, { colorScheme, viewport: { width: 390, height: 844 } });
      await page.goto(`${site.url}semantic-ids.html#engine=gpu&beside=none&items=80&set.users=60&epochs=2`);
      assert.equal(await page.locator("[name=engine]").inputValue(), "gpu");
      await page.locator("#live button.main").click();
      const failed = page.locator(".gpu-failed[data-code^=no-]");
      await failed.waitFor(PATIENCE);
      assert.match((await failed.textContent()) ?? "", /no GPU that this page can use/);
      assert.match((await page.locator("semantic-ids [role=alert]").textContent()) ?? "", /no GPU.*CPU engine/);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
      assert.deepEqual(await againstAccess(page), []);
      if (process.env.SHOTS !== undefined)
        await page.screenshot({ path: `${process.env.SHOTS}/no-gpu-${colorScheme}.png`, fullPage: true });
      const said = (await page.locator(".engine-of p").textContent()) ?? "";
      assert.match(said, /There is no GPU to use: /);
      assert.doesNotMatch(said, /Runs on the GPU/);
      await failed.locator("button").click();
      await page.locator("semantic-ids .words", { hasText: "Ended after epoch 2" }).waitFor(PATIENCE);
      assert.equal(await failed.count(), 0);
      assert.doesNotMatch(page.url(), /engine=/);
      await page.locator(".engine-now", { hasText: "Computed by CPU" }).waitFor(PATIENCE);
      await page.context().close();
    }
    // auto takes the CPU without an error, and says why.
    const { page, complaints } = await watchedPage(without);
    await page.goto(`${site.url}semantic-ids.html#engine=auto&beside=none&items=80&set.users=60&epochs=1`);
    await page.locator("#live button.main").click();
    await page.locator(".engine-now", { hasText: "Computed by CPU" }).waitFor(PATIENCE);
    await page.locator(".engine-why", { hasText: "There is no GPU to use" }).waitFor(PATIENCE);
    assert.deepEqual(complaints, []);
  } finally {
    await without.close();
  }
});
