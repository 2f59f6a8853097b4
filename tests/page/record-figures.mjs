// Records what the figures of the story show until their model is there: each as it is with its usual settings, from the model that comes
// with the package, in the built site. Writes web/src/elements/stored/chain_sum.json. Run after new weights, twice (the second time from a
// site with the first recording in it must change nothing): node record-figures.mjs

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

import { launch, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

const PATIENCE = { timeout: 120_000 };
const file = new URL("../../web/src/elements/stored/chain_sum.json", import.meta.url);
const model = await readFile(new URL("../../www/models/nano-chain_sum.gguf", import.meta.url));

const site = await serveSite();
const browser = await launch();
try {
  const { page } = await watchedPage(browser);
  await page.goto(`${site.url}learn.html#engine=cpu`);
  for (const tag of ["soft-mixture", "soft-thought", "thought-group"]) {
    await page.locator(tag).scrollIntoViewIfNeeded();
    await page.locator(`${tag} [data-engine=cpu]`).waitFor(PATIENCE);
  }
  await page.waitForFunction(
    () => Reflect.get(document.querySelector("thought-group") ?? {}, "stored") === false,
    undefined,
    PATIENCE,
  );
  await page.locator("training-race button.main").click();
  await page.locator("training-race .words", { hasText: "Ended after step 40" }).waitFor(PATIENCE);
  const found = await page.evaluate(() => {
    const of = (/** @type {string} */ tag) => /** @type {any} */ (document.querySelector(tag));
    const { asked, shown } = of("soft-mixture");
    const { soft, discrete } = of("soft-thought");
    return {
      mixture: { asked, shown },
      thought: { soft, discrete },
      group: { groups: of("thought-group").groups.slice(0, 1) },
      race: { tracks: of("training-race").tracks },
    };
  });
  const model_sha256 = createHash("sha256").update(model).digest("hex");
  await writeFile(file, JSON.stringify({ model_sha256, ...found }, rounded) + "\n");
} finally {
  await browser.close();
  await site.stop();
}

/**
 * Seven significant digits: more than the figures show, and .99999 stays below 1.
 * @param {string} _key
 * @param {unknown} value
 */
function rounded(_key, value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value;
}
