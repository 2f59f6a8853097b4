// The embedded lab on a page of another origin, in Firefox, which tells a frame less of who is around it.

import { after, before } from "node:test";

import { embedTests, serveBoth } from "./embed-scenario.mjs";
import { firefoxTab, launchFirefox } from "./firefox.mjs";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveBoth>>} */
let served;

before(async () => {
  [browser, served] = await Promise.all([launchFirefox(), serveBoth()]);
});
after(async () => {
  await browser?.close();
  await served?.stop();
});

embedTests(
  "Firefox",
  () => firefoxTab(browser),
  () => served,
);
