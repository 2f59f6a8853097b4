// What goes wrong, told to somebody who reads only German: real failures in a real page. Each has its German headline and sentence, with the
// values in it, and the engine's own words behind it, marked as English.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { serveFolder } from "./static-site.mjs";
import { dist, serveSite } from "./site.mjs";

/** @typedef {import("playwright-core").Page} Page */

const PATIENCE = { timeout: 120_000 };
const MODEL = "models/nano-chain_sum.gguf";
const TRAIN = ".train .controls .buttons button.main:not([disabled])";

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

/** @param {string} hash */
async function lab(hash) {
  const watched = await watchedPage(browser, { locale: "de-DE", reducedMotion: "reduce" });
  await watched.page.goto(`${site.url}#engine=cpu&${hash}`);
  await usable(watched.page);
  return watched;
}

/** The banner as it is read: German, with the engine's own words behind it. @param {Page} page @param {string} code @param {RegExp} german @param {RegExp} english */
async function says(page, code, german, english) {
  const banner = page.locator(`.banner.problem[data-code=${code}]`);
  await banner.filter({ hasText: german }).waitFor(PATIENCE);
  const behind = banner.locator("details [lang=en]");
  assert.match((await behind.textContent()) ?? "", english);
  assert.equal(await behind.isVisible(), false, "folded away until somebody asks");
  assertGerman(await banner.evaluate(withoutEnglish));
  return banner;
}

/** @param {Element} element */
function withoutEnglish(element) {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const one of copy.querySelectorAll('[lang="en"]')) one.remove();
  return (copy.textContent ?? "").replaceAll(/\s+/g, " ");
}

/** @param {string} text */
function assertGerman(text) {
  assert.doesNotMatch(text, /\b(the|must|be|is|are|got|expected|found|with|and|not|try|again|there|of)\b/i);
}

/** Opens the folds of settings and of own questions. Not the results: what they fetch draws the page anew while fields are filled in.
 * @param {Page} page */
async function openSettings(page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details"))
      if (!details.matches(".results-fold")) details.open = true;
  });
}

test("a setting out of range or of the wrong kind, in thinking and in training", async () => {
  const { page, context } = await lab("steps=2");
  await openSettings(page);
  const temperature = page.locator("[name='policy.gumbel_temperature']");
  await temperature.fill("-1");
  await temperature.press("Tab");
  await page.locator(".question button.main").click();
  await says(
    page,
    "bad-input",
    /`gumbel_temperature` muss zwischen 0\.0001 und 100 liegen, angegeben ist -1\./,
    /`gumbel_temperature` must be/,
  );
  await temperature.fill("warm");
  await temperature.press("Tab");
  await page.locator(".question button.main").click();
  await says(page, "bad-input", /Erwartet wird eine Zahl, angegeben ist der Text „warm“/, /expected f64/);
  await temperature.fill("");
  await temperature.press("Tab");

  const tries = page.locator("[name=num_generations]");
  await tries.fill("7");
  await tries.press("Tab");
  await page.locator(TRAIN).click();
  await says(
    page,
    "bad-input",
    /`generation_batch_size` \(64\) muss ein Vielfaches von `num_generations` \(7\) sein\./,
    /must be a multiple/,
  );
  await tries.fill("viele");
  await tries.press("Tab");
  await page.locator(TRAIN).click();
  const banner = await says(page, "bad-input", /angegeben ist der Text „viele“/, /num_generations/);
  assert.deepEqual(await againstAccess(page), []);
  await banner.locator("summary").focus();
  await page.keyboard.press("Enter");
  await banner.locator("details [lang=en]").waitFor();
  await context.close();
});

test("a question that the task does not have, and a letter that the model does not know", async () => {
  const { page, context } = await lab("task=chain_sum");
  const prompt = page.locator(".prompt");
  for (const [typed, german, english] of /** @type {const} */ ([
    [
      "17+58=1",
      /Kettenrechnung: Erwartet werden 2 bis \d ganze Zahlen .* Eingegeben wurde "17\+58=1"\./,
      /chain_sum: expected/,
    ],
    ["Wie geht es?", /Eingegeben wurde|kennt das Modell nicht/, /expected|alphabet/],
  ])) {
    await prompt.fill(typed);
    await page.locator(".question button.main").click();
    await says(page, "bad-input", german, english);
  }
  await context.close();
});

test("own questions: each mistake is named in German, with its line", async () => {
  const { page, context } = await lab("");
  await openSettings(page);
  const line = page.locator(".problem-line");
  const add = page.locator(".own button", { hasText: "Aufgabe hinzufügen" });
  await page.locator("[name=own-name]").fill("summen");
  for (const [questions, german] of /** @type {const} */ ([
    [
      '{"question": "2+2="',
      /Zeile 1: Erwartet wird \{"question": "…", "answer": "…"\}.* Eine geschweifte Klammer fehlt am Ende/,
    ],
    ['{"question": "2+2="}', /Zeile 1: .*Das Feld `answer` fehlt/],
    ["2+2=4", /Zeile 1: Erwartet wird/],
    ['{"question": "", "answer": "4"}', /Zeile 1: Die Frage muss 1 bis \d+ Zeichen haben, sie hat 0\./],
    ['{"question": "2+2=", "answer": "4"}', /Nötig ist mindestens eine zum Trainieren und eine zurückgehaltene/],
    [
      '{"question": "2+2=", "answer": "4"}\n{"question": "2+2=", "answer": "5"}',
      /Zeile 2: noch einmal die Frage von Zeile 1/,
    ],
    [
      '{"question": "2+2=€", "answer": "4"}\n{"question": "2+3=", "answer": "5"}',
      /Zeile 1: Das Zeichen '€' kennt das Modell nicht/,
    ],
  ])) {
    await page.locator("[name=own-questions]").fill(questions);
    await add.click();
    await line.filter({ hasText: german }).waitFor(PATIENCE);
    assertGerman(((await line.textContent()) ?? "").replaceAll(/"[^"]*"/g, ""));
  }
  const good = Array.from({ length: 12 }, (_, n) => `{"question": "${n}+2=", "answer": "${n + 2}"}`);
  await page.locator("[name=own-questions]").fill(good.join("\n"));
  await add.click();
  await page
    .getByText(/Eigene Fragen: \d+ zum Trainieren, \d+ zurückgehalten, 0 außerhalb der Verteilung\./)
    .first()
    .waitFor(PATIENCE);
  await context.close();
});

test("a file that is no model, and one that is cut off", async () => {
  const { page, context, site: host } = await withFaults(() => undefined);
  await page.goto(`${host.url}#engine=cpu`);
  await usable(page);
  const input = page.locator(".model input[type=file]");
  await input.setInputFiles({
    name: "urlaub.gguf",
    mimeType: "image/png",
    buffer: Buffer.from("\x89PNG nothing of a model here"),
  });
  await says(page, "bad-weights", /Erwartet wird eine Datei im Format GGUF oder safetensors/, /found neither/);
  const whole = await (await page.request.get(`${host.url}${MODEL}`)).body();
  await input.setInputFiles({
    name: "halb.gguf",
    mimeType: "application/octet-stream",
    buffer: whole.subarray(0, 60_000),
  });
  await says(page, "bad-weights", /passen nicht in die \d+ Byte Daten|Die Datei endet zu früh/, /bytes/);
  await context.close();
  await host.stop();
});

/** @param {Parameters<typeof serveFolder>[0]["fault"]} fault */
async function withFaults(fault) {
  const host = await serveFolder({ root: dist, fault });
  return { site: host, ...(await watchedPage(browser, { locale: "de-DE", reducedMotion: "reduce" })) };
}

test("the network: cut, a web page in a file's place, no network at all; trying again works", async () => {
  for (const [fault, german, english] of /** @type {const} */ ([
    [
      { cutAt: 40_000 },
      /brach nach 40000 von 114816 Byte ab .* Versuche weiterzumachen schlugen fehl\. Das Netz prüfen/,
      /broke off/,
    ],
    [{ page: true }, /antwortet mit einer Webseite statt mit einer Datei/, /web page instead/],
  ])) {
    const { page, context, site: host } = await withFaults((path) => (path === MODEL ? fault : undefined));
    await page.goto(`${host.url}#engine=cpu`);
    const banner = await says(page, "network", german, english);
    host.host.fault = () => undefined;
    await banner.locator("button", { hasText: "Noch einmal versuchen" }).click();
    await usable(page);
    await context.close();
    await host.stop();
  }
  const { page, context, site: host } = await withFaults(() => undefined);
  await context.route(`**/${MODEL}`, (route) => route.abort("internetdisconnected"));
  await page.goto(`${host.url}#engine=cpu`);
  await says(page, "network", /ließ sich nicht laden .*Adresse und Netz prüfen/, /could not fetch/);
  await context.close();
  await host.stop();
});

// Without flags of its own the browser of the tests has no GPU.
test("no GPU: the card says why and what to do, in German", async () => {
  const { page, context } = await watchedPage(browser, { locale: "de-DE" });
  await page.goto(`${site.url}#engine=gpu`);
  await page.locator(".banner.problem").waitFor(PATIENCE);
  assertGerman(await page.locator(".banner.problem").evaluate(withoutEnglish));
  await usable(page);
  await page.locator("#engine-badge").click();
  const card = page.locator("#engine-card");
  await card.getByText("Warum keine GPU").waitFor();
  const text = await card.evaluate(withoutEnglish);
  assert.match(text, /Dieser Browser (bietet kein WebGPU|kennt WebGPU, bietet dafür aber keine GPU)/);
  assert.match(text, /chrome:\/\/flags öffnen|Den Browser .*aktualisieren/);
  // Names of switches, and in brackets what the browser itself said.
  assertGerman(text.replaceAll(/„[^“]*“|\(.*?\)+/g, ""));
  await context.close();
});

test("a run that collapses says so in German, with its numbers", async () => {
  const { page, context } = await lab("task=chain_sum&steps=60");
  await openSettings(page);
  for (const [name, value] of /** @type {const} */ ([
    ["learning_rate", "0.01"],
    ["seed", "1"],
  ])) {
    const field = page.locator(`.train [name=${name}]`);
    await field.fill(value);
    await field.press("Tab");
  }
  await page.locator(TRAIN).click();
  const banner = page.locator(".banner.collapse");
  await banner.waitFor(PATIENCE);
  const text = await banner.evaluate(withoutEnglish);
  assert.match(
    text,
    /Der geglättete Reward ist von 0,\d{3} auf 0,\d{3} gefallen\. Der beste aufbewahrte Augenblick ist Schritt \d+ mit 0,\d{3}\./,
  );
  assertGerman(text);
  await context.close();
});
