// The page on the GPU engine in Firefox, which compiles WGSL with another compiler and waits for its GPU in another way.

import { after, before } from "node:test";

import puppeteer from "puppeteer-core";

import { gpuTests } from "./gpu-scenario.mjs";
import { serveSite } from "./site.mjs";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;

before(async () => {
  [browser, site] = await Promise.all([
    puppeteer.launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
      headless: true,
      // One call may await a whole thought, its pipelines included.
      protocolTimeout: 300_000,
      extraPrefsFirefox: { "dom.webgpu.enabled": true, "gfx.webgpu.ignore-blocklist": true },
    }),
    serveSite(),
  ]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function newTab() {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
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

gpuTests("Firefox", newTab, () => site.url);
