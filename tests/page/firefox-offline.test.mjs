// The same in Firefox, whose file system, locks and service workers are others: offline after one visit, weights kept, two tabs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import puppeteer from "puppeteer-core";

import { serveFolder } from "./static-site.mjs";
import { dist } from "./site.mjs";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveFolder>>} */
let site;

before(async () => {
  browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    protocolTimeout: 120_000,
  });
  site = await serveFolder({ root: dist, base: "/some/folder/" });
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** @param {import("puppeteer-core").Page} page */
const usable = (page) => page.waitForSelector(".question button.main:not([disabled])", { timeout: 60_000 });

const fetched = () => site.asked.filter(({ path }) => /\.(gguf|wasm)$/.test(path)).length;

test("Firefox: weights and module come from this browser on the second visit, and a third works without a network", async () => {
  const page = await browser.newPage();
  await page.goto(site.url);
  await usable(page);
  await page.waitForFunction(
    async () => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("soft-thinking-lab");
      let whole = 0;
      for await (const name of Reflect.get(folder, "keys").call(folder)) whole += name.endsWith(".part") ? 0 : 1;
      return whole === 2;
    },
    { timeout: 30_000 },
  );
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", { timeout: 60_000 });
  const once = fetched();
  await page.reload();
  await usable(page);
  assert.equal(fetched(), once);

  site.host.down = true;
  const asked = site.asked.length;
  await page.reload();
  await usable(page);
  await page.click(".question button.main");
  await page.waitForSelector(".thought.soft .verdict", { timeout: 30_000 });
  assert.equal(site.asked.length, asked);
  assert.equal(await page.$(".banner.problem"), null);
  site.host.down = false;
  await page.close();
});

test("Firefox: a run that another tab is doing is not offered, and is once that tab is closed", async () => {
  const page = await browser.newPage();
  await page.goto(site.url);
  await usable(page);
  await page.select("[name=steps]", "");
  await page.click(".train .buttons button.main");
  const saved = () =>
    /Saved in this browser at step \d/.test(document.querySelector(".train .status")?.textContent ?? "");
  await page.waitForFunction(saved, { timeout: 90_000 });
  const other = await browser.newPage();
  await other.goto(site.url);
  await usable(other);
  await other.waitForSelector(".banner.elsewhere", { timeout: 30_000 });
  await page.close();
  await other.click(".banner.elsewhere button");
  await other.waitForSelector(".banner.resume", { timeout: 30_000 });
  await other.close();
});
