// The page without a network after one visit, its next version, the file system that keeps weights; and two tabs with one run.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, think, usable, watchedPage } from "./browser.mjs";
import { STRICT, serveFolder } from "./static-site.mjs";
import { dist } from "./site.mjs";

/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/** @param {Parameters<typeof watchedPage>[1]} [options] */
const visitor = (options) => watchedPage(browser, { serviceWorkers: "allow", ...options });

/** @param {import("playwright-core").Page} page */
async function kept(page) {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active === null) throw new Error("no service worker is active");
    /** @type {(done: () => boolean, target: EventTarget, type: string) => Promise<void>} */
    const until = async (done, target, type) => {
      while (!done()) {
        await new Promise((heard) => {
          target.addEventListener(type, heard, { once: true });
        });
      }
    };
    await until(() => active.state === "activated", active, "statechange");
    const workers = navigator.serviceWorker;
    await until(() => workers.controller !== null, workers, "controllerchange");
  });
}

test("after one visit the page works without a network, in a sub-folder, under a strict policy", async () => {
  const site = await serveFolder({
    root: dist,
    base: "/some/folder/",
    headers: { "content-security-policy": STRICT },
  });
  const { page, context, complaints } = await visitor();
  try {
    await page.goto(site.url);
    await usable(page);
    await kept(page);
    site.host.down = true;
    await context.setOffline(true);
    const asked = site.asked.length;
    await page.reload();
    await usable(page);
    await think(page);
    await page.locator(".thought.soft .verdict").waitFor();
    await page.locator("[name=steps]").selectOption("");
    await page.locator(".train .buttons button.main").click();
    await page.locator(".train .status", { hasText: /Step [3-9]/ }).waitFor({ timeout: 60_000 });
    await page.locator(".train .buttons button", { hasText: "Stop" }).click();
    await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 10_000 });
    assert.equal(site.asked.length, asked, "nothing was asked of the host");
    assert.deepEqual(complaints, []);

    // A model that was never used is not there, and that is said.
    await page.locator("[name=task]").selectOption("reach");
    const problem = page.locator(".banner.problem[data-code=network]");
    await problem.waitFor({ timeout: 15_000 });
    assert.match((await problem.textContent()) ?? "", /offline: connect it, then try again/);
    site.host.down = false;
    await context.setOffline(false);
    await problem.locator("button", { hasText: "Try again" }).click();
    await problem.waitFor({ state: "detached" });
    await page.locator(".model .facts", { hasText: "nano-reach.gguf" }).waitFor({ timeout: 15_000 });
    // Used once, it is there.
    site.host.down = true;
    await context.setOffline(true);
    await page.reload();
    await page.locator(".model .facts", { hasText: "nano-reach.gguf" }).waitFor({ timeout: 15_000 });
  } finally {
    await context.close();
    await site.stop();
  }
});

test("weights and the module are fetched once, then come from this browser, checked", async () => {
  const site = await serveFolder({ root: dist });
  const { page, context } = await watchedPage(browser);
  try {
    await page.goto(site.url);
    await usable(page);
    const fetched = () => site.asked.filter(({ path }) => /\.(gguf|wasm)$/.test(path)).map(({ path }) => path);
    assert.deepEqual(fetched().sort(), ["models/nano-chain_sum.gguf", "soft_thinking_lab_bg.wasm"]);
    // Written when all was there, whatever the page did meanwhile.
    await page.waitForFunction(async () => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("soft-thinking-lab");
      let whole = 0;
      for await (const name of Reflect.get(folder, "keys").call(folder)) whole += name.endsWith(".part") ? 0 : 1;
      return whole === 2;
    });
    await page.reload();
    await usable(page);
    assert.equal(fetched().length, 2, fetched().join(" "));
    await think(page);
    await page.locator(".thought.soft .verdict").waitFor();
  } finally {
    await context.close();
    await site.stop();
  }
});

test("a newer version waits, a quiet banner offers it, and a running tab is not disturbed", async () => {
  const next = mkdtempSync(join(tmpdir(), "soft-thinking-lab-next-"));
  cpSync(dist, next, { recursive: true });
  const html = readFileSync(join(next, "index.html"), "utf8");
  writeFileSync(join(next, "index.html"), html.replace("<title>", '<meta name="version" content="next"><title>'));
  const worker = readFileSync(join(next, "service-worker.js"), "utf8");
  writeFileSync(join(next, "service-worker.js"), worker.replace(/"index\.html":"[^"]+"/, '"index.html":"next"'));

  const site = await serveFolder({ root: dist });
  const { page, context, complaints } = await visitor();
  try {
    await page.goto(site.url);
    await usable(page);
    await kept(page);
    site.host.root = next;
    const other = await context.newPage();
    await other.goto(site.url);
    await usable(other);
    const banner = other.locator(".banner.update");
    await banner.waitFor({ timeout: 15_000 });
    assert.equal(await other.locator("meta[name=version]").count(), 0, "the version that runs stays");
    // Another tab runs the older version: its files must not be taken from under it.
    await banner.locator("button", { hasText: "Reload now" }).click();
    await other.locator(".banner.update", { hasText: "Close them" }).waitFor();
    await page.close();
    await banner.locator("button", { hasText: "Reload now" }).click();
    await other.locator("meta[name=version]").waitFor({ state: "attached", timeout: 15_000 });
    await usable(other);
    assert.equal(await other.locator(".banner.update").count(), 0);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    await site.stop();
    rmSync(next, { recursive: true });
  }
});

test("a run that one tab is doing is neither overwritten nor resumed by another; closed, it can be", async () => {
  const site = await serveFolder({ root: dist });
  const { page, context, complaints } = await watchedPage(browser);
  try {
    await page.goto(site.url);
    await usable(page);
    await page.locator("[name=steps]").selectOption("");
    await page.locator(".train .buttons button.main").click();
    await page.locator(".train .status", { hasText: /Saved in this browser at step \d/ }).waitFor({ timeout: 60_000 });

    const other = await context.newPage();
    await other.goto(site.url);
    await usable(other);
    const elsewhere = other.locator(".banner.elsewhere");
    await elsewhere.waitFor({ timeout: 10_000 });
    assert.match((await elsewhere.textContent()) ?? "", /Another tab of this browser is doing a run: SofT-GRPO/);
    assert.equal(await other.locator(".banner.resume").count(), 0);

    // The other tab may train all the same; what is kept stays the first tab's.
    await other.locator("[name=method]").selectOption("grpo");
    await other.locator("[name=steps]").selectOption("");
    await other.locator(".train .buttons button.main").click();
    await other
      .locator(".train .status", { hasText: "Not saved in this browser: another tab of this browser is doing" })
      .waitFor({ timeout: 60_000 });
    await other.locator(".train .buttons button", { hasText: "Stop" }).click();
    await other.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 10_000 });

    await page.close({ runBeforeUnload: false });
    await other.reload();
    await usable(other);
    const resume = other.locator(".banner.resume");
    await resume.waitFor({ timeout: 10_000 });
    assert.match((await resume.textContent()) ?? "", /SofT-GRPO on/, "not the GRPO run of the second tab");
    await resume.locator("button.main").click();
    await other.locator(".train .status", { hasText: /Step \d/ }).waitFor({ timeout: 30_000 });
    await other.locator(".train .buttons button", { hasText: "Stop" }).click();
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    await site.stop();
  }
});
