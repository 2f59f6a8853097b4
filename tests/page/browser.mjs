// A real Chromium without a GPU, and pages that remember what went wrong in them. Not here: what a page should do.

import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-features=WebGPU",
];

const NO_ADAPTER = "No available adapters.";
/** Said by Playwright where a test keeps service workers out. */
const NO_SERVICE_WORKER = "Service Worker registration blocked by Playwright";

/** Each theme and each width once: colours do not depend on the width, nor what stands where on the theme. */
export const LOOKS = /** @type {const} */ ([
  ["light", 1280],
  ["dark", 390],
]);

/** @param {readonly string[]} [flags] */
export function launch(flags = []) {
  const executablePath = process.env.CHROME ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, headless: true, args: [...FLAGS, ...flags] });
}

/**
 * A page in a context of its own, with what it complained of and whom it asked.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function watchedPage(browser, options = {}) {
  // A service worker answers in the network's place, and what tests put in its place would never be asked.
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    serviceWorkers: "block",
    ...options,
  });
  await context.addInitScript(() => {
    const long = /** @type {number[]} */ ([]);
    Object.assign(globalThis, { longTasks: long });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) long.push(Math.round(entry.duration));
    }).observe({ type: "longtask", buffered: true });
  });
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  /** @type {string[]} */
  const requests = [];
  page.on("console", (message) => {
    // Said by Chromium itself whenever a page asks for a GPU where there is none, which is the only way to know.
    if (message.text() === NO_ADAPTER || message.text() === NO_SERVICE_WORKER) return;
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  context.on("request", (request) => requests.push(request.url()));
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  /** @returns {Promise<number[]>} milliseconds of main-thread tasks over 50 ms since the last call */
  const longTasks = () => page.evaluate("globalThis.longTasks.splice(0)");
  return { context, page, complaints, requests, longTasks };
}

/** A task of the page's own thread must not be longer than this. */
const LONG_MS = 50;

/**
 * The page's own thread while `work` goes on: its tasks of more than 50 ms of the thread's own time. A task that the machine interrupted for
 * another program's sake is not the page's doing, so it is not the clock on the wall that counts; and since a busy machine slows the
 * thread's own time too, `work` is done up to three times, and the best time counts: what the page does itself, it does each time.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<void>} work
 */
export async function tasksDuring(browser, page, work) {
  let found = await tasksOnce(browser, page, work);
  for (let again = 0; again < 2 && found.long.length > 0; again += 1) found = await tasksOnce(browser, page, work);
  return found;
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<void>} work
 */
async function tasksOnce(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString("utf8"));
  const own = new Set(
    traceEvents
      .filter((/** @type {any} */ { name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map((/** @type {any} */ { pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents
    .filter((/** @type {any} */ { ph, tdur, pid, tid }) => ph === "X" && tdur > 0 && own.has(`${pid} ${tid}`))
    .map((/** @type {any} */ { name, tdur }) => ({ name, ms: Math.round(tdur / 1000) }));
  const longest = Math.max(0, ...tasks.map((/** @type {any} */ { ms }) => ms));
  return { count: tasks.length, longest, long: tasks.filter((/** @type {any} */ { ms }) => ms > LONG_MS) };
}

/**
 * Waits until the model is loaded and a question can be thought about.
 * @param {import("playwright-core").Page} page
 */
export async function usable(page) {
  await page.locator(".question button.main:not([disabled])").waitFor({ timeout: 30_000 });
}

/**
 * The lab at that address, once it can be used.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
export async function openLab(browser, url, options) {
  const watched = await watchedPage(browser, options);
  await watched.page.goto(url);
  await usable(watched.page);
  return watched;
}

/** @param {import("playwright-core").Page} page */
export async function think(page) {
  await page.locator(".question button.main", { hasText: "Think" }).click();
  // Drawn by then: what stands on the page is the new thought, done or not.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.locator(".question button.main", { hasText: "Think" }).waitFor({ timeout: 30_000 });
}

/**
 * What axe holds against the page, one line each.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function againstAccess(page) {
  await page.addScriptTag({ path: fileURLToPath(import.meta.resolve("axe-core/axe.min.js")) });
  return await page.evaluate(async () => {
    const axe = Reflect.get(globalThis, "axe");
    const options = { rules: { "label-content-name-mismatch": { enabled: true } } };
    const { violations } = await axe.run(document, options);
    return violations.map(
      (/** @type {any} */ one) =>
        `${one.id}: ${one.nodes
          .map((/** @type {any} */ node) => node.html)
          .slice(0, 3)
          .join(" ")}`,
    );
  });
}
