// The page on the GPU engine in Firefox, its figures on both, which compiles WGSL with another compiler and waits for its GPU in another way.

import { after, before } from "node:test";

import { firefoxTab, launchFirefox } from "./firefox.mjs";
import { controlTests } from "./controls-scenario.mjs";
import { gpuTests } from "./gpu-scenario.mjs";
import { figureTests } from "./learn-scenario.mjs";
import { serveSite } from "./site.mjs";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;

before(async () => {
  [browser, site] = await Promise.all([
    launchFirefox({ "dom.webgpu.enabled": true, "gfx.webgpu.ignore-blocklist": true }),
    serveSite(),
  ]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

gpuTests(
  "Firefox",
  () => firefoxTab(browser),
  () => site.url,
);
for (const engine of /** @type {const} */ (["cpu", "gpu"])) {
  for (const tests of [figureTests, controlTests]) {
    tests(
      "Firefox",
      engine,
      () => firefoxTab(browser),
      () => site.url,
    );
  }
}
