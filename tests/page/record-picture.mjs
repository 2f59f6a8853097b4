// Takes the picture of the lab that README.md and the documentation's first page show: a question whose first blend is divided, thought
// through softly and in single tokens, in English and in German. Writes www/docs/lab.webp and www/docs/de/lab.webp. Run after a change of the
// first screen: node record-picture.mjs

import { writeFile } from "node:fs/promises";

import { launch, usable, watchedPage } from "./browser.mjs";
import { serveSite } from "./site.mjs";

const site = await serveSite();
const browser = await launch();
try {
  for (const [language, file] of [
    ["en", "lab.webp"],
    ["de", "de/lab.webp"],
  ]) {
    const viewport = { width: 1120, height: 1164 };
    const { page, context } = await watchedPage(browser, { viewport, colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(`${site.url}#task=chain_sum&question=10&seed=7&lang=${language}`);
    await usable(page);
    await page.locator(".question button.main:not([disabled])").click();
    await page.locator('[data-slot="chosen"] .verdict').waitFor();
    await page.locator('[data-slot="chosen"] .column').first().click();
    await page.locator(".card h4", { hasText: /^(Step|Schritt) 1$/ }).waitFor();
    await page.evaluate(() => {
      scrollTo(0, 0);
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    const session = await context.newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 75 });
    const picture = Buffer.from(data, "base64");
    await writeFile(new URL(`../../www/docs/${file}`, import.meta.url), picture);
    await context.close();
    console.log(`${file}: ${(picture.length / 1000).toFixed(0)} kB`);
  }
} finally {
  await browser.close();
  await site.stop();
}
