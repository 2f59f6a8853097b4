// Records what the engine says of its own configuration, from the built site, into www/docs/reference.json, of which the site's
// configuration reference is made. Run after a change of keys, presets or metrics: node record-reference.mjs; then npm run format in www/.

import { writeFile } from "node:fs/promises";

import { launch, usable, watchedPage } from "./browser.mjs";
import { askReference } from "./reference.mjs";
import { serveSite } from "./site.mjs";

const site = await serveSite();
const browser = await launch();
try {
  const { page } = await watchedPage(browser);
  await page.goto(site.url);
  await usable(page);
  const found = await page.evaluate(askReference);
  await writeFile(new URL("../../www/docs/reference.json", import.meta.url), JSON.stringify(found, null, 2) + "\n");
  console.log(`${Object.keys(found.train.soft_grpo).length} keys of training, ${found.policies.length} ways to think,`);
  console.log(`${found.methods.length} ways to learn, ${Object.keys(found.metrics).length} numbers`);
} finally {
  await browser.close();
  await site.stop();
}
