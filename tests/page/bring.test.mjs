// "Bring a language model" on the lab page: nothing is asked of another site before somebody says so, the plan comes before the bytes, what
// is cut goes on, thoughts in words, axe, keyboard, a phone, no network. A tiny file always, SmolLM2 where its file is (LAB_SMOLLM2).

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { againstAccess, launch, watchedPage } from "./browser.mjs";
import { firefoxTab, launchFirefox } from "./firefox.mjs";
import { dist } from "./site.mjs";
import { STRICT, serveFolder } from "./static-site.mjs";
import { tinyGguf } from "./tiny-gguf.mjs";

/** @typedef {import("playwright-core").Page} Page */

const NAME = "SmolLM2-135M-Instruct.Q4_1.gguf";
const smollm2 = process.env.LAB_SMOLLM2 ?? join(homedir(), ".cache/soft-thinking-lab/models", NAME);
const WAIT = { timeout: 60_000 };
const LONG = { timeout: 300_000 };

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveFolder>>} */
let site;
/** Another origin. @type {Awaited<ReturnType<typeof serveFolder>>} */
let models;
const root = mkdtempSync(join(tmpdir(), "bring-"));

before(async () => {
  const tiny = tinyGguf();
  writeFileSync(join(root, "tiny.gguf"), tiny);
  writeFileSync(join(root, "half.gguf"), tiny.subarray(0, 40_000));
  const lying = Buffer.from(tiny);
  lying.write("llamb", lying.indexOf("llama"));
  writeFileSync(join(root, "lying.gguf"), lying);
  if (existsSync(smollm2)) symlinkSync(smollm2, join(root, "smollm2.gguf"));
  [browser, site, models] = await Promise.all([
    launch(),
    serveFolder({ root: dist }),
    serveFolder({ root, headers: { "access-control-allow-origin": "*" } }),
  ]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await models?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** The panel of a link with that file in it, open and filled in.
 * @param {string} file @param {import("playwright-core").BrowserContextOptions} [options] */
async function opened(file, options) {
  const watched = await watchedPage(browser, options);
  await watched.page.goto(`${site.url}#model=${encodeURIComponent(models.url + file)}`);
  await watched.page.locator(".bring-source button.main:not([disabled])").waitFor(WAIT);
  if (file !== "smollm2.gguf") await bridge(watched.page);
  return watched;
}

/** The tiny model spells everything by letters: the usual words after a cut thought are too long for it.
 * @param {Page} page */
async function bridge(page) {
  await page.locator(".bring-settings summary").click(WAIT);
  await page.locator("[name=model-bridge]").fill(" so ");
  await page.locator("[name=model-bridge]").blur();
  await page.locator(".bring-settings summary").click();
}

/** @param {Page} page */
async function look(page) {
  await page.locator(".bring-source button.main").click();
}

/** @param {Page} page */
async function agree(page) {
  await page.locator(".bring-plan .buttons .main").click(WAIT);
}

/** @param {Page} page */
async function ready(page) {
  await page.locator(".bring-loaded").waitFor(LONG);
  await page.waitForFunction(
    () => /** @type {HTMLTextAreaElement | null} */ (document.querySelector("[name=word-question]"))?.value !== "",
    undefined,
    WAIT,
  );
}

/** Both thoughts, to their ends.
 * @param {Page} page */
async function thinkWords(page) {
  await page.locator(".bring-question button.main", { hasText: "Think" }).click();
  await page.locator(".word-thought.discrete .verdict").waitFor(LONG);
}

/** @param {string} file */
const asked = (file) => models.asked.filter(({ path }) => path === file);

test("nothing is asked of another site before it is wanted, and the plan comes before the bytes", async () => {
  const { page, context, complaints, requests } = await opened("tiny.gguf");
  assert.deepEqual(asked("tiny.gguf"), []);
  assert.ok(requests.some((url) => /\/panel-[^/]*\.js$/.test(url)));
  await look(page);
  await page.locator(".bring-plan .buttons .main").waitFor(WAIT);
  assert.deepEqual(
    asked("tiny.gguf").filter(({ range }) => range !== "bytes=0-1048575" && range !== undefined),
    [],
  );
  const plan = await page.locator(".bring-plan").innerText();
  for (const words of ["weights", "all of it", "Fits:", "To fetch:"]) assert.ok(plan.includes(words), plan);
  // The bar says what the table says.
  const shares = await page
    .locator(".memory-bar .part")
    .evaluateAll((parts) => parts.map((part) => Number(/** @type {HTMLElement} */ (part).style.flexGrow)));
  assert.equal(shares.length, 4);
  assert.ok(shares.every((share) => share > 0 && share < 1));
  await agree(page);
  await ready(page);
  await page.locator("[name=word-longest]").selectOption("32");
  await thinkWords(page);
  const soft = await page.locator(".word-thought.soft .piece.blend").count();
  assert.ok(soft > 0 && soft <= 32, `${soft} blends`);
  assert.ok((await page.locator(".word-thought.soft .others span").count()) > 0, "random weights blend");
  assert.equal(await page.locator(".word-thought.discrete .piece.blend").count(), 0);
  assert.match(await page.locator(".word-thought.soft .stats").innerText(), /tokens · first after .+ tokens\/s/);
  await page.locator("[name=word-question]").fill("why?");
  await thinkWords(page);
  assert.match(await page.locator(".word-thought.soft .verdict").innerText(), /free question/);
  await page.locator(".bring-kept", { hasText: "tiny.gguf" }).waitFor(WAIT);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("measuring gives pass@1 with its interval, and can be cancelled", async () => {
  const { page, context } = await opened("tiny.gguf");
  await look(page);
  await agree(page);
  await ready(page);
  await page.locator("[name=word-longest]").selectOption("32");
  await page.locator("[name=word-problems]").selectOption("10");
  const measure = page.locator(".bring-measure");
  await measure.locator("button", { hasText: "Measure" }).click();
  await measure.locator("tbody tr").nth(1).waitFor(LONG);
  const cells = await measure.locator("tbody tr").first().locator("td").allInnerTexts();
  assert.deepEqual([cells[0], cells[1], cells[2]], ["0.00", "0.00 – 0.28", "10"]);
  await page.locator("[name=word-longest]").selectOption("448");
  await page.locator("[name=word-problems]").selectOption("100");
  await measure.locator("button", { hasText: "Measure" }).click();
  await measure.locator("button", { hasText: "Cancel" }).click(WAIT);
  await measure.locator("button", { hasText: "Measure" }).waitFor(WAIT);
  assert.equal(await measure.locator("tbody tr").count(), 2);
  await context.close();
});

test("what lies, is cut short or does not fit is refused with its reason", async () => {
  const { page, context } = await opened("half.gguf");
  await look(page);
  await page.locator('.bring-body [role=alert][data-code="bad-weights"]').waitFor(WAIT);
  await page.locator("[name=model-address]").fill(`${models.url}lying.gguf`);
  await look(page);
  await page.locator('.bring-body [role=alert][data-code="bad-weights"]', { hasText: "lamb" }).waitFor(WAIT);
  await page.locator(".bring-settings summary").click();
  await page.locator("[name=model-memory]").fill("0.1");
  await page.locator("[name=model-memory]").blur();
  await page.locator("[name=model-address]").fill(`${models.url}tiny.gguf`);
  await look(page);
  await page.locator('.bring-body [role=alert][data-code="out-of-memory"]').waitFor(WAIT);
  assert.match(await page.locator(".bring-plan").innerText(), /Does not fit: .+ there is about 100 kB/);
  assert.equal(await page.locator(".bring-plan .buttons").count(), 0);
  await context.close();
});

test("a download that is cancelled or cut goes on where it was", async () => {
  const { page, context } = await opened("tiny.gguf");
  await look(page);
  await page.locator(".bring-plan .buttons .main").waitFor(WAIT);
  models.host.fault = () => ({ stallAt: 60_000 });
  await agree(page);
  await page.locator(".bring-progress p", { hasText: "60 kB of" }).waitFor(WAIT);
  await page.locator(".bring-progress button").click();
  await page.locator(".bring-body .said", { hasText: "60 kB" }).waitFor(WAIT);
  models.host.fault = () => undefined;
  await look(page);
  await page.locator(".bring-plan", { hasText: "earlier try" }).waitFor(WAIT);
  models.host.fault = () => ({ cutAt: 80_000 });
  await agree(page);
  await page.locator('.bring-body [role=alert][data-code="network"]').waitFor(WAIT);
  models.host.fault = () => undefined;
  await page.locator(".bring-body [role=alert] button").click();
  await ready(page);
  assert.equal(asked("tiny.gguf").at(-1)?.range, "bytes=80000-");
  await context.close();
});

test("under a strict policy other sites are out of reach, which is said; a file from disk works", async () => {
  site.host.headers = { "content-security-policy": STRICT };
  const { page, context } = await opened("tiny.gguf");
  await look(page);
  await page.locator(".bring-body [role=alert]", { hasText: "Content-Security-Policy" }).waitFor(WAIT);
  await page.locator("[name=model-file]").setInputFiles(join(root, "tiny.gguf"));
  await page.locator(".bring-plan", { hasText: "from your disk" }).waitFor(WAIT);
  await agree(page);
  await ready(page);
  site.host.headers = {};
  await context.close();
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing, and keys and a phone suffice, ${colorScheme}`, async () => {
    const { page, context } = await opened("tiny.gguf", { colorScheme, viewport: { width: 390, height: 844 } });
    await page.locator(".bring-list summary").click();
    await page.locator(".bring-settings summary").click();
    await page.locator("[name=model-address]").focus();
    await page.keyboard.press("Enter");
    await page.locator(".bring-plan .buttons .main").waitFor(WAIT);
    assert.deepEqual(await againstAccess(page), []);
    await page.locator(".bring-plan .buttons .main").focus();
    await page.keyboard.press("Enter");
    await ready(page);
    await page.locator("[name=word-longest]").selectOption("32");
    await page.locator(".bring-question button.main").focus();
    await page.keyboard.press("Enter");
    await page.locator(".word-thought.discrete .verdict").waitFor(LONG);
    await page.locator(".word-thought.soft .piece").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.locator(".bring-body .card h4", { hasText: "Step 3" }).waitFor(WAIT);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-pressed")), "true");
    assert.deepEqual(await againstAccess(page), []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    await context.close();
  });
}

test("without a network what this browser keeps is loaded, and deleted when asked", async () => {
  const { page, context } = await opened("tiny.gguf", { serviceWorkers: "allow" });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await look(page);
  await agree(page);
  await ready(page);
  // The worker has claimed the page: what follows is its.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, WAIT);
  [site.host.down, models.host.down] = [true, true];
  await page.reload();
  await bridge(page);
  const kept = page.locator(".bring-kept li", { hasText: "tiny.gguf" });
  await kept.locator("button", { hasText: "Look at it" }).click(WAIT);
  await page.locator(".bring-plan", { hasText: "this browser keeps the file" }).waitFor(WAIT);
  await agree(page);
  await ready(page);
  await page.locator("[name=word-longest]").selectOption("32");
  await thinkWords(page);
  await kept.locator("button", { hasText: "Delete" }).click();
  await kept.waitFor({ ...WAIT, state: "detached" });
  [site.host.down, models.host.down] = [false, false];
  await context.close();
});

test("Firefox: from an address to a thought in words", async () => {
  const firefox = await launchFirefox();
  const tab = await firefoxTab(firefox);
  await tab.open(`${site.url}#model=${encodeURIComponent(`${models.url}tiny.gguf`)}`);
  const said = await tab.evaluate(async () => {
    const until = async (/** @type {() => any} */ found) => {
      for (let tries = 0; tries < 2400; tries += 1) {
        if (found()) return found();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`never came: ${String(found)}`);
    };
    const one = (/** @type {string} */ path) => /** @type {any} */ (document.querySelector(path));
    const bridge = await until(() => one("[name=model-bridge]"));
    bridge.value = " so ";
    bridge.dispatchEvent(new Event("change"));
    (await until(() => one(".bring-source button.main:not([disabled])"))).click();
    (await until(() => one(".bring-plan .buttons .main"))).click();
    await until(() => one("[name=word-question]")?.value);
    const longest = one("[name=word-longest]");
    longest.selectedIndex = 0;
    longest.dispatchEvent(new Event("change"));
    (await until(() => one(".bring-question button.main:not([disabled])"))).click();
    await until(() => one(".word-thought.discrete .verdict"));
    return one(".word-thought.soft").innerText;
  }, undefined);
  assert.match(String(said), /soft steps/);
  assert.deepEqual(tab.complaints(), []);
  await tab.close();
  await firefox.close();
});

const skip = existsSync(smollm2) ? false : `no file of SmolLM2 at ${smollm2} (LAB_SMOLLM2)`;
test("SmolLM2-135M-Instruct in the panel", { skip, timeout: 900_000 }, async (t) => {
  const { page, context, complaints } = await opened("smollm2.gguf");
  await look(page);
  await agree(page);
  await ready(page);
  t.diagnostic(await page.locator(".bring-loaded > p").first().innerText());
  await page.locator("[name=word-longest]").selectOption("64");
  await thinkWords(page);
  for (const slot of ["soft", "discrete"]) {
    t.diagnostic(`${slot}: ${await page.locator(`.word-thought.${slot} .stats`).innerText()}`);
  }
  t.diagnostic(await page.locator(".word-thought.soft > p", { hasText: "soft steps" }).innerText());
  assert.ok((await page.locator(".word-thought.soft .piece").count()) > 10);
  assert.deepEqual(complaints, []);
  await context.close();
});
