// Own questions with each grader, kept over a reload; measuring out of distribution; the honest grade beside the grade.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, openLab, think, usable, watchedPage } from "./browser.mjs";
import { dist, serveSite } from "./site.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;

before(async () => {
  [browser, site] = await Promise.all([launch(), serveSite()]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** @param {import("playwright-core").BrowserContextOptions} [options] */
const openPage = (options) => openLab(browser, site.url, options);

const SUMS = [
  [12, 7],
  [23, 14],
  [31, 25],
  [44, 18],
  [52, 33],
  [16, 61],
].map(([a = 0, b = 0], place) =>
  JSON.stringify({ question: `${a}+${b}=`, answer: String(a + b), split: place < 3 ? "train" : "held_out" }),
);

/**
 * @param {import("playwright-core").Page} page
 * @param {{ name: string, jsonl: string, grader: "exact" | "numeric" | "javascript", source?: string }} task
 */
async function add(page, { name, jsonl, grader, source }) {
  await page.locator("[name=own-name]").fill(name);
  await page.locator("[name=own-questions]").fill(jsonl);
  await page.locator(`[name=own-grader][value=${grader}]`).check();
  if (source !== undefined) await page.locator("[name=own-source]").fill(source);
  await page.locator(".own-form button.main").click();
}

/** @param {import("playwright-core").Page} page */
async function measure(page) {
  const rows = page.locator(".measure tbody tr:not(.guessing)");
  const before = await rows.count();
  await page.locator(".measure .buttons button").click();
  await rows.nth(before).waitFor({ timeout: 120_000 });
  return (await rows.nth(before).locator("th, td").allTextContents()).map((one) => one.trim());
}

test("own questions with each grader: added, thought about, measured, kept over a reload, forgotten", async () => {
  const { page, complaints, context } = await openPage();
  await page.locator(".own-fold > summary").click();
  const always = "() => 1";
  /** @type {Parameters<typeof add>[1][]} */
  const tasks = [
    { name: "sums_exact", jsonl: SUMS.join("\n"), grader: "exact" },
    { name: "sums_number", jsonl: SUMS.join("\n"), grader: "numeric" },
    { name: "sums_always", jsonl: SUMS.join("\n"), grader: "javascript", source: always },
  ];
  for (const task of tasks) {
    await add(page, task);
    await page.locator(".said", { hasText: `${task.name} is a task now` }).waitFor({ timeout: 10_000 });
    assert.match((await page.locator(".said").textContent()) ?? "", /3 to train on, 3 held out, 0 out of distribution/);
    await page.locator(".own-tasks li", { hasText: task.name }).locator("button", { hasText: "Use it" }).click();
    await page.waitForFunction(
      (name) => Reflect.get(Object(document.querySelector("[name=task]")), "value") === name,
      task.name,
    );
    await usable(page);
    assert.match(await page.locator(".prompt").inputValue(), /^(44\+18|52\+33|16\+61)=$/);
    await think(page);
    // There is no third kind of questions in the file.
    assert.equal(await page.locator("[name=measure-split]").count(), 0);
    const [, , split, passAt1] = await measure(page);
    assert.equal(split, "held out");
    // The function's word counts: whatever is answered is right, unless nothing was.
    if (task.source === always) assert.ok(Number(passAt1) > 0.9, `pass@1 is ${passAt1} where all answers are right`);
    else assert.ok(Number(passAt1) >= 0 && Number(passAt1) < 0.95, `pass@1 is ${passAt1}`);
  }

  // Training takes them like any other task.
  await page.locator("[name=steps]").selectOption("30");
  await page.locator(".train .buttons button.main").click();
  await page.locator(".train .status", { hasText: /Step [2-9]/ }).waitFor({ timeout: 60_000 });
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped" }).waitFor({ timeout: 30_000 });
  assert.equal(await page.locator(".banner.problem").count(), 0);

  await page.reload();
  await usable(page);
  assert.equal(await page.locator("[name=task]").inputValue(), "sums_always");
  await think(page);
  assert.equal(await page.locator(".own-tasks li").count(), 3);
  await page.locator(".own-tasks li", { hasText: "sums_always" }).locator("button", { hasText: "Forget it" }).click();
  await page.locator(".own-tasks li").nth(2).waitFor({ state: "detached" });
  await usable(page);
  assert.notEqual(await page.locator("[name=task]").inputValue(), "sums_always");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what is wrong with a file or a grader is said with its line and what to do", async () => {
  const { page, context } = await openPage();
  await page.locator(".own-fold > summary").click();
  const good = SUMS.slice(0, 2).join("\n");
  const cases = /** @type {const} */ ([
    [`${good}\n{"question": "1+1="}`, "exact", undefined, /line 3: expected \{"question".*answer/],
    [`${good}\n{"question": "1+x=", "answer": "?"}`, "numeric", undefined, /line 3: .*numeric grader needs a number/],
    [`${SUMS[0]}\n{"question": "10 × 2=", "answer": "20"}`, "exact", undefined, /line 2: .*×/],
    [good, "javascript", "(q, expected, a) => ", /grader: expected \(question, expected, answer\).*SyntaxError/],
    [good, "javascript", "(q, expected, a) => expected.nothing.here", /line 1: .*the grader threw TypeError/],
    [good, "javascript", "(q, expected, a) => 2", /line 1: .*a number from 0 to 1.*gives 2/],
  ]);
  for (const [jsonl, grader, source, words] of cases) {
    await add(page, { name: "mine", jsonl, grader, ...(source === undefined ? {} : { source }) });
    const line = page.locator(".own [role=alert]");
    await line.waitFor({ timeout: 10_000 });
    assert.match((await line.textContent()) ?? "", words);
    // What was typed stays, to be put right.
    assert.equal(await page.locator("[name=own-questions]").inputValue(), jsonl);
    await page.locator("[name=own-name]").fill("other");
    await line.waitFor({ state: "detached" });
  }
  await add(page, { name: "chain_sum", jsonl: good, grader: "exact" });
  await page.locator(".own [role=alert]", { hasText: "none of chain_sum" }).waitFor();
  await context.close();
});

test("a site that forbids functions from text says so, and the named graders still work", async () => {
  const { page, context } = await watchedPage(browser);
  const policy = "script-src 'self' 'wasm-unsafe-eval'";
  await context.route("**/soft-thinking-lab.worker.js", async (route) => {
    const body = await readFile(`${dist}/soft-thinking-lab.worker.js`, "utf8");
    await route.fulfill({ body, contentType: "text/javascript", headers: { "content-security-policy": policy } });
  });
  await page.goto(site.url);
  await usable(page);
  await page.locator(".own-fold > summary").click();
  const jsonl = SUMS.join("\n");
  await add(page, { name: "mine", jsonl, grader: "javascript" });
  const line = page.locator(".own [role=alert]");
  await line.waitFor({ timeout: 10_000 });
  assert.match(
    (await line.textContent()) ?? "",
    /Content-Security-Policy.*take the exact or the numeric grader.*no-eval/,
  );
  await add(page, { name: "mine", jsonl, grader: "numeric" });
  await page.locator(".said", { hasText: "mine is a task now" }).waitFor({ timeout: 10_000 });
  await context.close();
});

test("the example is filled in at a click and can be measured out of distribution; a file too", async () => {
  const { page, complaints, context } = await openPage();
  await page.locator(".own-fold > summary").click();
  await page.locator(".own-form button", { hasText: "Fill in an example" }).click();
  await page.locator(".own-form button.main").click();
  await page.locator(".said", { hasText: "my_sums is a task now" }).waitFor({ timeout: 10_000 });
  assert.match((await page.locator(".said").textContent()) ?? "", /14 to train on, 6 held out, 3 out of distribution/);
  await page.locator(".own-tasks button", { hasText: "Use it" }).click();
  await page.locator("[name=measure-split]").selectOption("ood");
  assert.equal((await measure(page))[2], "out of distribution");

  const line = (/** @type {number} */ n) => JSON.stringify({ question: `${n}+1=`, answer: String(n + 1) });
  const many = Array.from({ length: 5000 }, (_, n) => line(n + 10)).join("\n");
  await page.locator(".own-form input[type=file]").setInputFiles({
    name: "Many sums!.jsonl",
    mimeType: "application/jsonl",
    buffer: Buffer.from(many),
  });
  await page.locator(".own-form", { hasText: "Many sums!.jsonl, 5000 lines." }).waitFor();
  assert.equal(await page.locator("[name=own-name]").inputValue(), "many_sums_");
  await page.locator(".own-form button.main").click();
  await page.locator(".said", { hasText: "many_sums_ is a task now" }).waitFor({ timeout: 10_000 });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("Measure asks held-out and out-of-distribution questions apart, each against its own start", async () => {
  const { page, complaints, context } = await openPage();
  const held = await measure(page);
  await page.locator("[name=measure-split]").selectOption("ood");
  const out = await measure(page);
  assert.deepEqual([held[2], out[2]], ["held out", "out of distribution"]);
  assert.ok(Number(out[3]) < Number(held[3]), `longer questions are harder: ${out[3]} and ${held[3]}`);
  // The curve of the one is not drawn against the other.
  assert.equal(await page.locator(".measure .latest.level").count(), 0);
  // chain_sum's grader has no known loophole.
  assert.equal(await page.locator("text=honest grade").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("where a grade can be tricked the honest one stands beside it: thought, tries, measurement", async () => {
  const { page, context } = await openPage();
  // A model of the visitor's own opens all tasks; what it answers to this one is nonsense, and graded as such twice.
  await page.locator(".model input[type=file]").setInputFiles(`${dist}/models/nano-countdown.gguf`);
  await page.locator("[name=task] option[value=puzzle24]").waitFor({ state: "attached", timeout: 30_000 });
  await page.locator("[name=task]").selectOption("puzzle24");
  await usable(page);
  await think(page);
  const honest = page.locator(".thought.soft .audit");
  assert.match((await honest.textContent()) ?? "", /^honest grade [01]/);
  assert.match((await honest.getAttribute("title")) ?? "", /reward hacking/);

  await page.locator("[name=steps]").selectOption("30");
  await page.locator(".train .buttons button.main").click();
  await page.locator(".sample .audit").first().waitFor({ timeout: 60_000 });
  await page.locator(".train .buttons button", { hasText: "Stop" }).click();
  await page.locator(".train .status", { hasText: "Stopped" }).waitFor({ timeout: 30_000 });
  assert.match((await page.locator(".sample .audit").first().textContent()) ?? "", /^honest [01]/);
  assert.match((await page.locator(".sample .unseen").first().textContent()) ?? "", /reward .*, honest grade [01]/);
  assert.match((await page.locator(".tries").textContent()) ?? "", /never a reward/);

  await measure(page);
  const heads = (await page.locator(".measure thead th").allTextContents()).map((one) => one.trim());
  const place = heads.indexOf("honest grade");
  assert.ok(place > 0, heads.join());
  const cells = await page.locator(".measure tbody tr").first().locator("th, td").allTextContents();
  assert.equal(cells.length, heads.length);
  assert.match(cells[place]?.trim() ?? "", /^[\d.]+$/);
  await context.close();
});

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against own questions, ${colorScheme}, ${width} px wide`, async () => {
    const { page, context } = await openPage({ colorScheme, viewport: { width, height: 900 } });
    await page.locator(".own-fold > summary").click();
    await page.locator(".own-form button", { hasText: "Fill in an example" }).click();
    await page.locator(".own-form button.main").click();
    await page.locator(".said").waitFor({ timeout: 10_000 });
    await page.locator(".own-form button", { hasText: "Fill in an example" }).click();
    await page.locator("[name=own-source]").fill("7");
    await page.locator(".own-form button.main").click();
    await page.locator(".own [role=alert]").waitFor({ timeout: 10_000 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    assert.deepEqual(await againstAccess(page), []);
    if (process.env.SHOTS !== undefined) {
      await page.locator(".own").screenshot({ path: `${process.env.SHOTS}/own-${colorScheme}-${width}.png` });
      await page.locator(".measure").screenshot({ path: `${process.env.SHOTS}/measure-${colorScheme}-${width}.png` });
    }
    await context.close();
  });
}
