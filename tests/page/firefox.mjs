// A real Firefox, and tabs in it that remember what went wrong in them. Not here: what a page should do.

import puppeteer from "puppeteer-core";

/** @param {Record<string, unknown>} [preferences] */
export function launchFirefox(preferences = {}) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    headless: true,
    // One call may await a whole thought, its pipelines included.
    protocolTimeout: 300_000,
    extraPrefsFirefox: preferences,
  });
}

/**
 * A tab in a context of its own.
 * @param {import("puppeteer-core").Browser} browser
 * @returns {Promise<import("./gpu-scenario.mjs").Tab>}
 */
export async function firefoxTab(browser) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    // Asked for by the browser, not by the page.
    if (message.text().includes("/favicon.ico")) return;
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => {
    if (!String(error).includes("/favicon.ico")) complaints.push(String(error));
  });
  return {
    open: async (url) => {
      await page.goto(url);
    },
    evaluate: async (work, argument) => /** @type {any} */ (await page.evaluate(/** @type {any} */ (work), argument)),
    complaints: () => complaints,
    close: () => context.close(),
  };
}
