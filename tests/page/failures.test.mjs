// What goes wrong on the way, for real: each failure has its sentence and a working way on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { againstAccess, launch, think, usable, watchedPage } from "./browser.mjs";
import { serveFolder } from "./static-site.mjs";
import { dist } from "./site.mjs";

const MODEL = "models/nano-chain_sum.gguf";
const MODEL_BYTES = 114_816;
const MODULE = "soft_thinking_lab_bg.wasm";

/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

/**
 * @param {Partial<Parameters<typeof serveFolder>[0]>} faults
 * @param {(it: Awaited<ReturnType<typeof watchedPage>> & { site: Awaited<ReturnType<typeof serveFolder>> }) => Promise<void>} work
 */
async function visit(faults, work) {
  const site = await serveFolder({ root: dist, ...faults });
  const watched = await watchedPage(browser);
  try {
    await work({ ...watched, site });
  } finally {
    await watched.context.close();
    await site.stop();
  }
}

/** @param {import("playwright-core").Page} page @param {string} code */
async function problem(page, code) {
  const banner = page.locator(`.banner.problem[data-code=${code}]`);
  await banner.waitFor({ timeout: 30_000 });
  return { banner, text: ((await banner.textContent()) ?? "").replaceAll(/\s+/g, " ") };
}

/** @param {import("playwright-core").Page} page */
async function thinks(page) {
  await usable(page);
  await think(page);
  await page.locator(".thought.soft .verdict").waitFor();
}

test("a line cut in the middle goes on where it stopped, without a word", async () => {
  let cuts = 0;
  const fault = (/** @type {string} */ path) =>
    path === MODEL ? (cuts++ === 0 ? { cutAt: 40_000 } : undefined) : undefined;
  await visit({ fault }, async ({ page, site }) => {
    await page.goto(site.url);
    await thinks(page);
    assert.equal(await page.locator(".banner.problem, .banner.notice").count(), 0);
    const ranges = site.asked.filter(({ path }) => path === MODEL).map(({ range }) => range);
    assert.deepEqual(ranges, [undefined, "bytes=40000-"]);
  });
});

test("a host without ranges: begun anew, and whole", async () => {
  let cuts = 0;
  const fault = (/** @type {string} */ path) =>
    path === MODEL ? (cuts++ === 0 ? { cutAt: 40_000 } : undefined) : undefined;
  await visit({ fault, ranges: false }, async ({ page, site }) => {
    await page.goto(site.url);
    await thinks(page);
    assert.equal(site.asked.filter(({ path }) => path === MODEL).length, 2);
  });
});

test("a line that stays cut says how many bytes came; Try again works once it is mended", async () => {
  const fault = (/** @type {string} */ path) => (path === MODEL ? { cutAt: 40_000 } : undefined);
  await visit({ fault }, async ({ page, site }) => {
    await page.goto(site.url);
    const { banner, text } = await problem(page, "network");
    assert.match(text, new RegExp(`broke off after 40000 of ${MODEL_BYTES} bytes.*check the network and try again`));
    // The stored example stays on the screen meanwhile.
    assert.ok((await page.locator(".thought.soft .column").count()) > 3);
    assert.deepEqual(await againstAccess(page), []);
    if (process.env.SHOTS !== undefined) await page.screenshot({ path: `${process.env.SHOTS}/cut.png` });
    site.host.fault = () => undefined;
    await banner.locator("button", { hasText: "Try again" }).click();
    await banner.waitFor({ state: "detached" });
    await thinks(page);
  });
});

test("the network is gone before the engine came: that is said, and Try again opens the lab", async () => {
  const fault = (/** @type {string} */ path) => (path === MODULE ? { cutAt: 1 } : undefined);
  await visit({ fault }, async ({ page, context, site }) => {
    // The page itself is there, then the machine goes offline.
    await page.route(`**/${MODULE}`, (route) => route.abort("internetdisconnected"));
    await context.route(`**/${MODULE}`, (route) => route.abort("internetdisconnected"));
    await page.goto(site.url);
    const { banner, text } = await problem(page, "network");
    assert.match(text, /could not fetch .*wasm.*then try again/);
    await page.unrouteAll();
    await context.unrouteAll();
    site.host.fault = () => undefined;
    await banner.locator("button", { hasText: "Try again" }).click();
    await thinks(page);
  });
});

for (const [what, file] of [
  ["model", MODEL],
  ["engine", MODULE],
]) {
  test(`a web page in place of the ${what} is named as one, and Try again works`, async () => {
    const fault = (/** @type {string} */ path) => (path === file ? { page: true } : undefined);
    await visit({ fault }, async ({ page, site }) => {
      await page.goto(site.url);
      const { banner, text } = await problem(page, "network");
      assert.match(text, /answered with a web page instead of a file.*sign-in.*try again/);
      site.host.fault = () => undefined;
      await banner.locator("button", { hasText: "Try again" }).click();
      await thinks(page);
    });
  });
}

test("a kept file that is damaged is dropped and fetched anew, with a notice", async () => {
  await visit({}, async ({ page, site }) => {
    await page.goto(site.url);
    await thinks(page);
    const damaged = await page.evaluate(async (bytes) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("soft-thinking-lab");
      for (;;) {
        for await (const one of Reflect.get(folder, "values").call(folder)) {
          /** @type {any} */
          const handle = one;
          const file = await handle.getFile().catch(() => undefined);
          if (file?.size !== bytes || file.name.endsWith(".part")) continue;
          const out = await handle.createWritable({ keepExistingData: true });
          await out.write({ type: "write", position: 5000, data: new Uint8Array(100) });
          await out.close();
          return file.name;
        }
        await new Promise((done) => setTimeout(done, 50));
      }
    }, MODEL_BYTES);
    assert.match(damaged, /^sha256-/);
    const before = site.asked.length;
    await page.reload();
    await thinks(page);
    assert.match((await page.locator(".banner.notice").textContent()) ?? "", /was damaged.*fetched anew/);
    assert.ok(site.asked.slice(before).some(({ path }) => path === MODEL));
    // Mended: the next visit finds it whole.
    await page.reload();
    await usable(page);
    assert.equal(await page.locator(".banner.notice").count(), 0);
  });
});

test("no room: the page works without keeping what it fetches, and says so once", async () => {
  await visit({}, async ({ page, context, site }) => {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Storage.overrideQuotaForOrigin", { origin: new URL(site.url).origin, quotaSize: 20_000 });
    await page.goto(site.url);
    await thinks(page);
    const notice = page.locator(".banner.notice");
    await notice.waitFor({ timeout: 10_000 });
    assert.match((await notice.textContent()) ?? "", /no room left for this page.*fetched anew at the next visit/);
    await notice.locator("button").click();
    await page.locator("[name=task]").selectOption("reach");
    await page.locator(".model .facts", { hasText: "nano-reach.gguf" }).waitFor({ timeout: 15_000 });
    assert.equal(await notice.count(), 0, "said once");
    // A run that cannot be saved goes on, and says so.
    await page.locator("[name=steps]").selectOption("");
    await page.locator(".train .buttons button.main").click();
    await page.locator(".train .status", { hasText: "Not saved in this browser" }).waitFor({ timeout: 60_000 });
    await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  });
});

test("storage denied: the page works without, and says so once", async () => {
  await visit({}, async ({ page, context, site }) => {
    // What browsers do in private windows and in frames whose storage is blocked; a worker's cannot be had here, so its source gets it.
    await context.route("**/soft-thinking-lab.worker.js", async (route) => {
      const answer = await route.fetch();
      const deny = `navigator.storage.getDirectory = () => Promise.reject(new DOMException("storage is blocked", "SecurityError"));
        indexedDB.open = () => { throw new DOMException("storage is blocked", "SecurityError"); };`;
      await route.fulfill({ response: answer, body: deny + (await answer.text()) });
    });
    await context.addInitScript(() => {
      const blocked = () => new DOMException("storage is blocked", "SecurityError");
      navigator.storage.getDirectory = () => Promise.reject(blocked());
      Object.defineProperty(globalThis, "localStorage", {
        get() {
          throw blocked();
        },
      });
    });
    await page.goto(site.url);
    await thinks(page);
    const notice = page.locator(".banner.notice");
    await notice.waitFor({ timeout: 10_000 });
    assert.match((await notice.textContent()) ?? "", /keeps no files for this page.*storage is blocked/);
    await page.locator("[name=steps]").selectOption("");
    await page.locator(".train .buttons button.main").click();
    await page.locator(".train .status", { hasText: "Not saved in this browser" }).waitFor({ timeout: 60_000 });
    await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  });
});

test("a worker that the browser kills in mid-run: a new lab goes on from the newest checkpoint", async () => {
  await visit({}, async ({ page, site }) => {
    await page.goto(site.url);
    await usable(page);
    await page.locator("[name=steps]").selectOption("");
    await page.locator(".train .buttons button.main").click();
    await page.locator(".train .status", { hasText: /Saved in this browser at step \d/ }).waitFor({ timeout: 60_000 });
    const [worker] = page.workers();
    // Silently, as for want of memory: no event tells of it.
    await worker?.evaluate(() => {
      globalThis.close();
    });
    const { banner, text } = await problem(page, "crashed");
    assert.match(text, /the browser ended it, perhaps for want of memory/);
    await banner.locator("button", { hasText: "Open a new lab" }).click();
    const notice = page.locator(".banner.notice", { hasText: "The run goes on from step" });
    await notice.waitFor({ timeout: 30_000 });
    const from = Number(/step (\d+)/.exec((await notice.textContent()) ?? "")?.[1]);
    assert.ok(from >= 10 && from % 10 === 0, `from step ${from}`);
    await page.waitForFunction(
      (step) =>
        Number(/Step (\d+)/.exec(document.querySelector(".train .status")?.textContent ?? "")?.[1] ?? 0) > step + 2,
      from,
      { timeout: 60_000 },
    );
    await page.locator(".train .buttons button", { hasText: "Stop" }).click();
    await page.locator(".train .status", { hasText: "Stopped after step" }).waitFor({ timeout: 10_000 });
    await thinks(page);
  });
});

test("a worker that is killed while nothing runs: the next question says so, and a new lab answers it", async () => {
  await visit({}, async ({ page, site }) => {
    await page.goto(site.url);
    await usable(page);
    const [worker] = page.workers();
    await worker?.evaluate(() => {
      globalThis.close();
    });
    await page.locator(".question button.main").click();
    const { banner } = await problem(page, "crashed");
    await banner.locator("button", { hasText: "Open a new lab" }).click();
    await page.locator(".banner.notice", { hasText: "A new lab is open" }).waitFor({ timeout: 30_000 });
    await thinks(page);
  });
});
