// The second lab's page in Firefox.

import { after, before } from "node:test";

import { firefoxTab, launchFirefox } from "./firefox.mjs";
import { semanticTests, serveStrictly } from "./semantic-scenario.mjs";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveStrictly>>} */
let site;

before(async () => {
  [browser, site] = await Promise.all([launchFirefox(), serveStrictly()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

semanticTests(
  "Firefox",
  () => firefoxTab(browser),
  () => site.url,
);
