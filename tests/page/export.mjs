// Trains two steps in Chromium and writes the model that the page's own package exports: `node export.mjs FILE.safetensors`.
// For tests/interop, which opens it elsewhere. Not here: any judgement.

import { writeFile } from "node:fs/promises";

import { launch, usable, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

const path = process.argv[2];
if (path === undefined) throw new Error("expected the path of the file to write");
const site = await serveSite();
const browser = await launch();
try {
  const { page } = await watchedPage(browser);
  await page.goto(site.url);
  await usable(page);
  const base64 = await page.evaluate(async () => {
    const { createLab } = await import(new URL("soft-thinking-lab.js", location.href).href);
    const lab = await createLab({ engine: "cpu", seed: 1 });
    await lab.loadModel(new URL("models/nano-chain_sum.gguf", location.href).href);
    const run = lab.train({ task: "chain_sum", objective: "soft_grpo", max_steps: 2, eval_steps: 0 });
    for await (const metrics of run) if (metrics.step >= 2) break;
    const bytes = new Uint8Array(await lab.exportModel({ format: "safetensors" }));
    lab.dispose();
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  });
  await writeFile(path, Buffer.from(base64, "base64"));
  console.log(path);
} finally {
  await browser.close();
  await site.stop();
}
