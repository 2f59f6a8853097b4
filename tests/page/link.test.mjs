// The page's choices as a link, and what is said before anything is fetched.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { againstAccess, launch, think, usable, watchedPage } from "./browser.mjs";
import { serveFolder } from "./static-site.mjs";
import { dist } from "./site.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveFolder>>} */
let site;

before(async () => {
  [browser, site] = await Promise.all([launch(), serveFolder({ root: dist })]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

test("a link opened elsewhere shows every choice, and thinks the same thought", async () => {
  const { page, context } = await watchedPage(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${site.url}#hide=footer`);
  await usable(page);
  await page.locator(".prompt").fill("17+58-24=");
  await page.locator(".prompt").blur();
  await page.locator("[name=policy]").selectOption("multiplex");
  await page.locator(".think summary", { hasText: "Change its settings" }).click();
  await page.locator('[name="policy.multiplex_width"]').fill("5");
  await page.locator('[name="policy.multiplex_width"]').blur();
  await page.locator("[name=method]").selectOption("preset dapo");
  await page.locator(".settings > summary").click();
  await page.locator("[name=learning_rate]").fill("0.0005");
  await page.locator("[name=learning_rate]").blur();
  await page.locator("[name=steps]").selectOption("");
  await page.locator("header button.icon").first().click();
  await think(page);
  const thought = await page.locator(".thought.soft .read").allTextContents();
  await page.locator(".copy-link").click();
  await page.locator(".banner.notice", { hasText: "in the clipboard" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await context.close();

  const other = await watchedPage(browser);
  await other.page.goto(link);
  await usable(other.page);
  assert.equal(await other.page.locator(".prompt").inputValue(), "17+58-24=");
  assert.equal(await other.page.locator("[name=policy]").inputValue(), "multiplex");
  await other.page.locator(".think summary", { hasText: "Change its settings" }).click();
  assert.equal(await other.page.locator('[name="policy.multiplex_width"]').inputValue(), "5");
  assert.equal(await other.page.locator("[name=method]").inputValue(), "preset dapo");
  assert.equal(await other.page.locator("[name=steps]").inputValue(), "");
  await other.page.locator(".settings > summary").click();
  assert.equal(await other.page.locator("[name=learning_rate]").inputValue(), "0.0005");
  assert.equal(await other.page.evaluate(() => document.documentElement.dataset.theme), "light");
  await think(other.page);
  assert.deepEqual(await other.page.locator(".thought.soft .read").allTextContents(), thought);
  assert.equal(other.page.url(), link);
  assert.match(link, /&hide=footer$/);
  assert.equal(await other.page.locator(".banner.notice, .banner.problem").count(), 0);
  assert.deepEqual(other.complaints, []);
  await other.context.close();
});

test("what a link has wrong is left out and named; nothing of it is run", async () => {
  const { page, context, complaints } = await watchedPage(browser);
  await page.goto(`${site.url}#task=reach&seed=-1&policy=luck&ask=<img src=x onerror=document.title=1>&method=magic`);
  await usable(page);
  const said = (await page.locator(".banner.notice").textContent()) ?? "";
  for (const part of ["seed=-1", "policy=luck", "method=magic"]) assert.ok(said.includes(part), said);
  assert.equal(await page.locator(".prompt").inputValue(), "<img src=x onerror=document.title=1>");
  assert.equal(await page.locator("[name=task]").inputValue(), "reach");
  assert.equal(await page.locator("[name=policy]").inputValue(), "soft");
  assert.doesNotMatch(page.url(), /luck|magic|seed=-1/);
  assert.deepEqual(complaints, []);

  // Another link in the same tab is opened, as nothing is lost by it.
  await page.evaluate(() => (location.hash = "#task=countdown&seed=11"));
  await page.locator(".model .facts", { hasText: "nano-countdown.gguf" }).waitFor({ timeout: 15_000 });
  assert.equal(await page.locator("[name=seed]").first().inputValue(), "11");
  await context.close();
});

for (const [colorScheme, width] of /** @type {const} */ ([
  ["light", 1280],
  ["dark", 390],
])) {
  test(`before any download, the card says what would come and how it would run, ${colorScheme}, ${width} px`, async () => {
    const { page, context } = await watchedPage(browser, { colorScheme, viewport: { width, height: 900 } });
    // No switch of the browser's turns this on for a test.
    await page.addInitScript(() => {
      Object.defineProperty(navigator, "connection", { value: { saveData: true } });
    });
    const before = site.asked.length;
    await page.goto(site.url);
    const card = page.locator(".banner.held", { hasText: "nano-chain_sum.gguf" });
    await card.waitFor({ timeout: 15_000 });
    const said = ((await card.textContent()) ?? "").replaceAll(/\s+/g, " ");
    assert.match(said, /Will run on CPU, on one of \d+ cores/);
    assert.match(said, /How fast On two cores.*80 ms/);
    assert.match(said, /What it fetches Once: the engine, \d\.\d MB .*, and the model nano-chain_sum\.gguf, 115 kB\./);
    assert.match(said, /Why not a GPU .*What you can do /);
    assert.match(said, /Kept in this browser .*Without a network /);
    assert.ok((await page.locator(".thought.soft .column").count()) > 3, "a stored example is there");
    assert.deepEqual(await againstAccess(page), []);
    const fetched = () => site.asked.slice(before).filter(({ path }) => /\.(gguf|wasm)$/.test(path)).length;
    assert.equal(fetched(), 0);

    await card.locator("button", { hasText: "Fetch it" }).click();
    await usable(page);
    assert.equal(fetched(), 2);
    await page.locator("[name=steps]").selectOption({ index: 0 }, { force: true });
    if (width < 720) for (const button of await page.locator(".fold").all()) await button.click();
    await page.locator(".train .buttons button.main").click();
    await page.locator(".train .status", { hasText: "Done" }).waitFor({ timeout: 90_000 });

    // Next time it knows more, and there is nothing to fetch.
    await page.reload();
    await page.locator(".banner.held", { hasText: "Nothing: the engine and the model are kept" }).waitFor();
    assert.match(
      (await page.locator(".banner.held").textContent()) ?? "",
      /The last run here took .* a training step, on: CPU/,
    );
    await context.close();
  });
}

test("a task that another task's model learned too stays in the address over a reload", async () => {
  const { page, complaints, context } = await watchedPage(browser);
  await page.goto(`${site.url}#task=puzzle24&policy=discrete`);
  for (const visit of ["opened", "loaded again"]) {
    await usable(page);
    assert.equal(await page.locator("[name=task]").inputValue(), "puzzle24", visit);
    assert.match(page.url(), /task=puzzle24/, visit);
    assert.equal(await page.locator(".banner.notice").count(), 0, visit);
    assert.match((await page.locator(".panel.model").textContent()) ?? "", /nano-mix\.gguf/, visit);
    await think(page);
    assert.match((await page.locator(".verdict").first().textContent()) ?? "", /answer/);
    if (visit === "opened") await page.reload();
  }
  assert.deepEqual(complaints, []);
  await context.close();
});
