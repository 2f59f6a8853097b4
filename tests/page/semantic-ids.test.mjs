// The page of the second lab, on the real engine: two arms run side by side, heat maps and tables follow, own data and its errors, the
// published results, the element in somebody's page. Catalogues are small: nothing here measures what an arm is worth.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

import { LOOKS, againstAccess, launch, watchedPage } from "./browser.mjs";
import { snippetPages } from "./embed-scenario.mjs";
import { englishPieces } from "./english-words.mjs";
import { semanticTests, serveStrictly } from "./semantic-scenario.mjs";
import { serve } from "./served.mjs";
import { dist, serveSite } from "./site.mjs";

/** @typedef {import("playwright-core").Page} Page */

const PATIENCE = { timeout: 180_000 };
const SMALL = "items=80&set.users=60&epochs=3";
const SCRIPT_KB = 250;

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

/** @param {string} hash @param {import("playwright-core").BrowserContextOptions} [options] @param {unknown} [published] */
async function open(hash, options, published) {
  const watched = await watchedPage(browser, options);
  if (published !== undefined) {
    await watched.context.route("**/results/semantic-ids/page.json", (route) => route.fulfill({ json: published }));
    await watched.context.route("**/results/semantic-ids/runs/*", (route) => route.fulfill({ json: RUN }));
  }
  await watched.page.goto(`${site.url}semantic-ids.html#${hash}`);
  await watched.page.locator("#live button.main").waitFor(PATIENCE);
  return watched;
}

/** @param {Page} page @param {string} text */
const press = (page, text) => page.locator("#live .semantic-choices button", { hasText: text }).first().click();

/** Until every figure says how it ended. @param {Page} page @param {string} [said] */
async function ended(page, said = "Ended after epoch") {
  await page.waitForFunction(
    (said) => {
      const figures = [...document.querySelectorAll("semantic-ids")];
      const text = (/** @type {Element} */ one) => one.shadowRoot?.querySelector(".words")?.textContent ?? "";
      return figures.length > 0 && figures.every((one) => text(one).includes(said));
    },
    said,
    PATIENCE,
  );
  await page.locator("#live button.main", { hasText: /Run again|Noch einmal/ }).waitFor(PATIENCE);
}

/** Items of each code as the heat map has them, level by level. @param {Page} page @param {number} place */
const heat = (page, place) =>
  page
    .locator("semantic-ids")
    .nth(place)
    .evaluate((figure) =>
      [...(figure.shadowRoot?.querySelectorAll("svg.codes") ?? [])].map((row) =>
        [...row.querySelectorAll("g")].map((cell) => Number(cell.getAttribute("data-items"))),
      ),
    );

test("two arms run side by side from one seed; heat map, map, tables and curves are those of the run", async (t) => {
  const { page, complaints, requests, context } = await open(`${SMALL}&seed=4`);
  assert.equal(await page.locator("semantic-ids").count(), 2);
  await press(page, "Run");
  await ended(page);
  const expected = await page.evaluate(async () => {
    const { createSemanticLab } = await import(
      /** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href)
    );
    const lab = await createSemanticLab();
    const found = [];
    for (const arm of ["straight-through", "dril"]) {
      /** @type {any[]} */
      const epochs = [];
      // As the page begins: the exaggerated settings.
      const settings = { seed: 4, epochs: 3, codes: 32, codebook_learning_rate: 0.03 };
      const options = { arm, settings, catalogue: { seed: 4, items: 80, users: 60 } };
      const run = lab.run(options, {
        onEvent: (/** @type {any} */ event) => event.type === "epoch" && epochs.push(event.epoch),
      });
      const { test } = await run.done;
      found.push({ epochs, recall: test.recall[1] });
    }
    lab.dispose();
    return found;
  });
  for (const place of [0, 1]) {
    const one = expected[place];
    const last = one?.epochs.at(-1);
    const counts = last.nearest.map((/** @type {any} */ level) => level.counts);
    assert.deepEqual(await heat(page, place), counts);
    assert.equal(
      counts[0].reduce((/** @type {number} */ sum, /** @type {number} */ n) => sum + n, 0),
      80,
    );
    const figure = page.locator("semantic-ids").nth(place);
    assert.match((await figure.locator(".words").textContent()) ?? "", new RegExp(one?.recall.toPrecision(3)));
    const used = await figure.locator("table.levels tbody tr td:nth-child(2)").allTextContents();
    assert.deepEqual(
      used.map(Number),
      last.nearest.map((/** @type {any} */ level) => level.used),
    );
    // Dead codes are told by a mark, not by colour alone.
    const dead = counts.flat().filter((/** @type {number} */ items) => items === 0).length;
    assert.equal(await figure.locator("svg.codes path.dead").count(), dead);
  }
  assert.equal(await page.locator(".glance li").count(), 2);
  // Each chart has its numbers as a table: four epochs, from the start to the third.
  const twin = page.locator(".semantic-charts .chart details:not(.save)").first();
  await twin.locator("summary").click();
  assert.equal(await twin.locator("tbody tr").count(), 4);
  assert.deepEqual(await twin.locator("thead th").allTextContents(), ["epoch", "Straight-through", "DRIL"]);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("metric-chart")].every((one) => Reflect.get(one, "points") === 4),
  );
  // Which codes are looked at changes the picture and runs nothing.
  const nearest = await heat(page, 0);
  await page.locator("[name=shown]").selectOption("kept");
  const kept = expected[0]?.epochs.at(-1).levels.map((/** @type {any} */ level) => level.counts);
  assert.notDeepEqual(kept, nearest);
  await page.waitForFunction(
    (first) =>
      document.querySelector("semantic-ids")?.shadowRoot?.querySelector("svg.codes g")?.getAttribute("data-items") ===
      first,
    String(kept[0][0]),
    PATIENCE,
  );
  assert.deepEqual(await heat(page, 0), kept);

  const { origin } = new URL(site.url);
  assert.deepEqual(
    requests.filter((url) => ![origin, "data:", "blob:"].some((start) => url.startsWith(start))),
    [],
  );
  const scripts = [...new Set(requests.map((url) => new URL(url).pathname))].filter((path) => path.endsWith(".js"));
  const total =
    scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path)), { level: 9 }).length, 0) / 1000;
  t.diagnostic(`${total.toFixed(1)} KB of script, gzipped`);
  assert.ok(total <= SCRIPT_KB, `${total} KB of script`);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a run pauses, goes on and stops; a reload keeps what was chosen", async () => {
  const { page, complaints, context } = await open("items=80&set.users=60&epochs=500&beside=none&arm=dril&seed=2");
  assert.equal(await page.locator("semantic-ids").count(), 1);
  await press(page, "Run");
  await page.locator("semantic-ids .sides").waitFor(PATIENCE);
  await press(page, "Pause");
  await page.locator("semantic-ids .words", { hasText: "Paused after epoch" }).waitFor(PATIENCE);
  await press(page, "Go on");
  await page.locator("semantic-ids .words", { hasText: /Epoch \d+ of 500/ }).waitFor(PATIENCE);
  await press(page, "Stop");
  await ended(page);
  const epochs = Number(await page.locator("semantic-ids .sides").getAttribute("data-epoch"));
  assert.ok(epochs < 500, `stopped, and yet ${epochs} epochs`);

  await page.locator("[name=beside]").selectOption("frozen");
  await page.locator("[name=seed]").fill("9");
  await page.locator("[name=seed]").press("Tab");
  await page.waitForFunction(() => location.hash.includes("seed=9") && location.hash.includes("beside=frozen"));
  await page.reload();
  await page.locator("#live button.main").waitFor(PATIENCE);
  assert.equal(await page.locator("[name=seed]").inputValue(), "9");
  assert.equal(await page.locator("[name=beside]").inputValue(), "frozen");
  assert.equal(await page.locator("[name=arm]").inputValue(), "dril");
  assert.equal(await page.locator("[name=items]").inputValue(), "80");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("bad files are told as the engine tells them, good ones run", async () => {
  const { page, complaints, context } = await open("epochs=1&beside=none&set.codes=4&set.levels=2");
  await page.locator(".own-data > summary").click();
  await page.locator(".own-data button", { hasText: "Use this catalogue" }).click();
  await page.locator(".own-data [role=alert]", { hasText: "Both files are needed" }).waitFor(PATIENCE);
  const names = Array.from({ length: 24 }, (_, item) => `thing-${item}`);
  const rows = names.map((name, item) => `${name},${Math.sin(item)},${Math.cos(item * 2)},${item / 24}`);
  const met = Array.from({ length: 12 }, (_, user) =>
    [0, 1, 2, 3].map((time) => `user-${user},thing-${(user + 3 * time) % 24},${time}`),
  ).flat();
  await page.locator("#csv-items").fill(["item,a,b,c", ...rows, "odd,1,two,3"].join("\n"));
  await page.locator("#csv-interactions").fill(["user,item,time", ...met].join("\n"));
  await page.locator(".own-data button", { hasText: "Use this catalogue" }).click();
  await press(page, "Run");
  const alert = page.locator("semantic-ids [role=alert]");
  await alert.waitFor(PATIENCE);
  assert.match((await alert.textContent()) ?? "", /items, line 26: .*two/);

  await page.locator("#csv-items").fill(["item,a,b,c", ...rows].join("\n"));
  await page.locator("#csv-items").press("Tab");
  await press(page, "Run");
  await ended(page);
  await page.locator("semantic-ids details summary", { hasText: "Codes of each item" }).click();
  await page.locator("semantic-ids table.items th", { hasText: "thing-7" }).waitFor(PATIENCE);
  assert.equal(await page.locator("semantic-ids table.items tbody tr").count(), 24);
  assert.deepEqual(complaints, []);
  await context.close();
});

// ---------------------------------------------------------------- the published results

const RUN = {
  arm: "dril",
  seed: 2,
  config: { arm: "dril", epochs: 2, codes: 8, seed: 2 },
  catalogue: { items: 60, users: 40, seed: 2 },
  test: { recall: [0.2, 0.345], ndcg: [0.1, 0.211] },
};
const number = (/** @type {number} */ mean) => ({ mean, low: mean - 0.01, high: mean + 0.01 });
const band = { epoch: [0, 1, 2], mean: [12, 10, 8], low: [11, 9, 7], high: [13, 11, 9] };
const arm = (/** @type {string} */ name, /** @type {number} */ ndcg) => ({
  name,
  arm: name,
  seeds: [1, 2],
  numbers: { "ndcg@10": number(ndcg), nearest_effective_last: number(8) },
  curves: { nearest_effective_last: band },
});
const PUBLISHED = {
  title: "A small trial",
  runs: 4,
  runs_planned: 6,
  arms: [arm("straight-through", 0.1), arm("dril", 0.2)],
  contrasts: [{ a: "straight-through", b: "dril", number: "ndcg@10", value: { mean: -0.1, low: -0.12, high: -0.08 } }],
};

test("the results say what came out whichever way, and a run's settings come into the live part", async () => {
  const { page, complaints, context } = await open("", {}, PUBLISHED);
  const results = page.locator("#results");
  await results.locator("table").first().waitFor(PATIENCE);
  const text = (await results.textContent()) ?? "";
  assert.match(text, /4 of 6 runs are in/);
  assert.match(
    text,
    /DRIL minus Straight-through, NDCG@10: \+0\.100, interval \[\+0\.080, \+0\.120\]\. DRIL is better\./,
  );
  await page.waitForFunction(() => Reflect.get(document.querySelector("result-chart") ?? {}, "points") === 3);
  await results.locator("button", { hasText: "Seed 2: DRIL" }).click();
  const loaded = page.locator(".loaded", { hasText: "published run DRIL, seed 2" });
  await loaded.waitFor(PATIENCE);
  assert.match((await loaded.textContent()) ?? "", /Recall@10 0\.345, NDCG@10 0\.211/);
  await press(page, "Run");
  await ended(page);
  assert.equal((await heat(page, 0))[0]?.length, 8);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("where nothing is published, the page says so", async () => {
  const { page, complaints, context } = await open("", {}, null);
  await page.locator("#results .empty", { hasText: "not published here yet" }).waitFor(PATIENCE);
  assert.deepEqual(complaints, []);
  await context.close();
});

// ---------------------------------------------------------------- for everybody, everywhere

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against the page with runs and results, ${colorScheme}, ${width} px wide`, async () => {
    const { page, context } = await open(SMALL, { colorScheme, viewport: { width, height: 900 } }, PUBLISHED);
    await press(page, "Run");
    await ended(page);
    if (process.env.SHOTS !== undefined)
      await page.screenshot({ path: `${process.env.SHOTS}/semantic-${colorScheme}-${width}.png`, fullPage: true });
    await page.locator("details").evaluateAll((all) => {
      for (const one of all) one.setAttribute("open", "");
    });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, "it scrolls sideways");
    assert.deepEqual(await againstAccess(page), []);
    await context.close();
  });
}

/** @type {Awaited<ReturnType<typeof serveStrictly>>} */
let strict;
before(async () => {
  strict = await serveStrictly();
});
after(async () => {
  await strict?.stop();
});
semanticTests(
  "Chromium",
  async () => {
    const { page, context, complaints } = await watchedPage(browser);
    return {
      open: async (url) => {
        await page.goto(url);
      },
      evaluate: async (work, argument) => /** @type {any} */ (await page.evaluate(/** @type {any} */ (work), argument)),
      complaints: () => complaints,
      close: () => context.close(),
    };
  },
  () => strict.url,
);

test("a disk slower than a person: files given before the kept ones were read stay in use", async () => {
  const { page, context, complaints } = await watchedPage(browser);
  // Holds the page's store from the first moment on, as a busy disk would.
  await context.addInitScript(() => {
    const opened = indexedDB.open("soft-thinking-lab-semantic");
    opened.onupgradeneeded = () => opened.result.createObjectStore("kept");
    opened.onsuccess = () => {
      const db = opened.result;
      const held = db.transaction("kept", "readwrite").objectStore("kept");
      const hold = () => {
        if (Reflect.get(globalThis, "released") !== true) held.get("run").onsuccess = hold;
      };
      hold();
      Object.assign(globalThis, {
        // In turn after all that the page has asked until now.
        release: () =>
          new Promise((done) => {
            Object.assign(globalThis, { released: true });
            db.transaction("kept").objectStore("kept").get("run").onsuccess = done;
          }),
      });
    };
  });
  await page.goto(`${site.url}semantic-ids.html#beside=none&epochs=1&set.codes=4&set.levels=2`);
  await page.waitForFunction(() => "release" in globalThis, null, PATIENCE);
  await page.locator(".own-data summary").click();
  await page.locator("#csv-items").fill("item,a\nthing,NaN");
  await page.locator("#csv-interactions").fill("user,item,time\nsomeone,thing,1");
  await page.locator("button", { hasText: "Use this" }).click();
  await page.waitForFunction(() => location.hash.includes("data=own"), null, PATIENCE);
  await page.evaluate(() => Reflect.get(globalThis, "release")());
  await page.locator("#live button.main").click();
  await page
    .locator("semantic-ids [role=alert] p", { hasText: 'expected a finite number, got "NaN"' })
    .waitFor(PATIENCE);
  assert.match(page.url(), /data=own/);
  assert.equal(await page.locator("#csv-items").inputValue(), "item,a\nthing,NaN");
  assert.deepEqual(complaints, []);
  await context.close();
});

for (const reducedMotion of /** @type {const} */ (["no-preference", "reduce"])) {
  test(`items that change codes are seen to go, ${reducedMotion}, and are counted`, async () => {
    const hash = "items=150&set.users=100&epochs=12&beside=none";
    const { page, complaints, context } = await open(hash, { reducedMotion });
    await page.evaluate(() => {
      const moves = /** @type {number[]} */ ([]);
      const animate = /** @type {(this: Element, ...how: any[]) => any} */ (Reflect.get(Element.prototype, "animate"));
      Object.assign(globalThis, { moves });
      Element.prototype.animate = function (/** @type {any[]} */ ...how) {
        if (this.tagName === "circle") moves.push(Number(this.getAttribute("r")));
        return animate.apply(this, how);
      };
    });
    const counted = page.evaluate(
      () =>
        new Promise((done) => {
          let all = 0;
          /** @type {any} */
          let before;
          const figure = document.querySelector("semantic-ids");
          figure?.addEventListener("semantic-event", (event) => {
            const { snapshot, scene } = /** @type {CustomEvent} */ (event).detail;
            const levels = scene?.levels ?? before?.levels;
            if (snapshot === undefined) return;
            for (let item = 0; before !== undefined && item * levels < snapshot.nearest.length; item += 1) {
              const ids = [snapshot.nearest, before.nearest].map((all) =>
                all.slice(item * Number(levels), (item + 1) * Number(levels)).join(" "),
              );
              if (ids[0] !== ids[1]) all += 1;
            }
            before = { ...snapshot, levels };
          });
          figure?.addEventListener("semantic-end", () => {
            done(all);
          });
        }),
    );
    await press(page, "Run");
    await ended(page);
    const moves = await page.evaluate(() => Reflect.get(globalThis, "moves").length);
    const said = Number(await counted);
    assert.ok(said > 0, "no item moved: the test sees nothing");
    // Drawn once a frame: on a busy machine an epoch may be overtaken by the next.
    if (reducedMotion === "reduce") assert.equal(moves, 0);
    else assert.ok(moves > 0 && moves <= said, `${moves} dots for ${said} moves`);
    assert.match((await page.locator("semantic-ids .changed").textContent()) ?? "", /\d+ of 150 items moved/);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test("a run is saved as numbers and as pictures; link and command carry its settings", async () => {
  const { page, complaints, context } = await open(`${SMALL}&beside=none&arm=dril&set.sigma=0`);
  await press(page, "Run");
  await ended(page);
  /** @param {string} words */
  const saved = async (words) => {
    await page.locator(".savings summary").click();
    const [download] = await Promise.all([
      page.waitForEvent("download", PATIENCE),
      page.locator(".savings button", { hasText: words }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const numbers = await saved("numbers as CSV");
  const lines = numbers.bytes.toString().trim().split("\n");
  assert.equal(lines.length, 5);
  assert.match(lines[0] ?? "", /^step,.*nearest_3/);
  const record = JSON.parse((await saved("numbers and settings")).bytes.toString());
  assert.equal(record.config.sigma, 0);
  assert.equal(record.epochs.length, 4);
  assert.equal(record.end.epochs, 3);
  const book = (await saved("code-book as SVG")).bytes.toString();
  assert.match(book, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  assert.match(book, /DRIL: Code-book, after epoch 3/);
  assert.doesNotMatch(book, /var\(|class=|color-mix|oklab/);
  const png = await saved("items as PNG");
  assert.equal(png.name, "dril-seed-0-items.png");
  assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
  if (process.env.SHOTS !== undefined) writeFileSync(`${process.env.SHOTS}/items.png`, png.bytes);
  const command = (await page.locator(".command code").textContent()) ?? "";
  assert.match(command, /--arm dril --seed 0 .*--set sigma=0 --catalogue items=80/);
  assert.match(await page.evaluate(() => location.hash), /arm=dril.*set\.sigma=0/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the page speaks German, and nothing of it English", async () => {
  const { page, complaints, context } = await open(`${SMALL}&lang=de`, {}, PUBLISHED);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "de");
  await press(page, "Starten");
  await ended(page, "Beendet nach Epoche");
  const seen = await page.evaluate(() => {
    const figures = [...document.querySelectorAll("semantic-ids")].map((one) => one.shadowRoot?.textContent ?? "");
    return [document.body.textContent ?? "", ...figures].join(" ").replaceAll(/\s+/g, " ");
  });
  const left = (await englishPieces()).filter((piece) => seen.includes(piece));
  assert.deepEqual(left, []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the element runs on a page of another origin", async () => {
  const lab = await serve({ base: "/lab/", folder: dist, headers: () => ({ "access-control-allow-origin": "*" }) });
  const host = await serve({ pages: snippetPages(lab.url) });
  const { page, complaints, context } = await watchedPage(browser);
  await page.goto(`${host.url}semantic-ids.html`);
  await page.locator("semantic-ids").evaluate((figure) => {
    Object.assign(figure, { catalogue: { items: 80, users: 60 } });
  });
  await page.locator("semantic-ids button", { hasText: "Run" }).click();
  await page.locator("semantic-ids .words", { hasText: "Ended after epoch 2" }).waitFor(PATIENCE);
  assert.equal((await heat(page, 0)).length, 3);
  assert.equal(page.workers().length, 1);
  assert.deepEqual(complaints, []);
  await context.close();
  await Promise.all([lab.stop(), host.stop()]);
});
