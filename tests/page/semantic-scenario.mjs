// What the second lab's page must do in whichever browser, under the strict policy of a site in a sub-folder: one list of tests, driven through
// `evaluate` alone. Not here: starting a browser, and what Chromium alone is asked (semantic-ids.test.mjs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { until } from "./embed-scenario.mjs";
import { POLICY, serve } from "./served.mjs";
import { dist } from "./site.mjs";

/** @typedef {import("./gpu-scenario.mjs").Tab} Tab */

const SMALL = "items=80&set.users=60&epochs=3";
const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** The built site as a strict host serves it. */
export function serveStrictly() {
  const headers = () => ({ "content-security-policy": POLICY.site });
  return serve({ base: "/courses/lab/", folder: dist, headers });
}

/** Presses the main button of the live part. @param {Tab} tab */
async function run(tab) {
  await until(tab, "the button", () => document.querySelector("#live button.main") !== null);
  await tab.evaluate(() => document.querySelector(/** @type {"button"} */ ("#live button.main"))?.click(), null);
}

/** The page anew, and not the old one still. @param {Tab} tab */
async function reload(tab) {
  await tab
    .evaluate(() => {
      Object.assign(globalThis, { old: true });
      location.reload();
    }, null)
    .catch(() => undefined);
  const fresh = () => Reflect.get(globalThis, "old") !== true && document.querySelector("#live button.main") !== null;
  // While the page goes there is nothing that could be asked.
  while (!(await tab.evaluate(fresh, null).catch(() => false))) await new Promise((done) => setTimeout(done, 50));
}

/** Until every figure says that it ended. @param {Tab} tab @param {number} figures */
async function ended(tab, figures) {
  const words = await until(tab, "the end of the runs", () => {
    const all = [...document.querySelectorAll("semantic-ids")];
    const said = all.map((one) => one.shadowRoot?.querySelector(".words")?.textContent ?? "");
    return said.length > 0 && said.every((one) => one.includes("Ended after epoch")) ? said : null;
  });
  assert.equal(words?.length, figures);
}

/** What the first figure refuses. @param {Tab} tab */
const refused = (tab) =>
  until(
    tab,
    "a refusal",
    () => document.querySelector("semantic-ids")?.shadowRoot?.querySelector("[role=alert] p")?.textContent ?? null,
  );

const names = Array.from({ length: 24 }, (_, item) => `thing-${item}`);
const ITEMS = names.map((name, item) => `${name},${Math.sin(item)},${Math.cos(item * 2)},${item / 24}`);
const MET = Array.from({ length: 12 }, (_, user) =>
  [0, 1, 2, 3].map((time) => `user-${user},thing-${(user + 3 * time) % 24},${time}`),
).flat();
/** @param {readonly string[]} items @param {readonly string[]} met */
const csv = (items, met) => ({
  items: ["item,a,b,c", ...items].join("\n"),
  interactions: ["user,item,time", ...met].join("\n"),
});

/** Puts two files into the page's fields. @param {Tab} tab @param {{ items: string, interactions: string }} files */
async function fill(tab, files) {
  await tab.evaluate((files) => {
    for (const [name, text] of Object.entries(files)) {
      const field = document.querySelector(/** @type {"textarea"} */ (`#csv-${name}`));
      if (field === null) throw new Error(`no field for ${name}`);
      field.value = text;
      field.dispatchEvent(new Event("change"));
    }
  }, files);
}

/** @param {Tab} tab @param {string} words */
async function press(tab, words) {
  await tab.evaluate((words) => {
    const found = [...document.querySelectorAll("button")].find((one) => one.textContent?.includes(words));
    if (found === undefined) throw new Error(`no button ${words}`);
    found.click();
  }, words);
}

/** @param {string} browser @param {() => Promise<Tab>} open @param {() => string} url */
export function semanticTests(browser, open, url) {
  /** @param {string} hash */
  const at = async (hash) => {
    const tab = await open();
    await tab.open(`${url()}semantic-ids.html#${hash}`);
    return tab;
  };

  for (const theme of /** @type {const} */ (["light", "dark"])) {
    test(`${browser}: two figures run at once under a strict policy; axe finds nothing, ${theme}`, async () => {
      const tab = await at(`${SMALL}&theme=${theme}`);
      await run(tab);
      await ended(tab, 2);
      await tab.evaluate(() => {
        for (const one of document.querySelectorAll("details")) one.open = true;
      }, null);
      await tab.evaluate(/** @type {any} */ (axe), null);
      const found = await tab.evaluate(async () => {
        const { violations } = await Reflect.get(globalThis, "axe").run(document);
        return violations.map((/** @type {any} */ one) => `${one.id}: ${one.nodes[0].html}`);
      }, null);
      assert.deepEqual(found, []);
      assert.deepEqual(tab.complaints(), []);
      await tab.close();
    });
  }

  test(`${browser}: a figure that leaves the page ends its run, and runs again when it is back`, async () => {
    const tab = await at("items=80&set.users=60&epochs=9000&beside=none");
    await run(tab);
    await until(tab, "a first epoch", () =>
      Number(document.querySelector("semantic-ids")?.shadowRoot?.querySelector(".sides")?.getAttribute("data-epoch")),
    );
    await tab.evaluate(() => {
      const figure = /** @type {any} */ (document.querySelector("semantic-ids"));
      const around = figure.parentNode;
      figure.remove();
      around.append(figure);
      figure.epochs = 2;
    }, null);
    await until(tab, "the page at rest", () =>
      document.querySelector("#live button.main")?.textContent?.includes("Run") ? true : null,
    );
    await tab.evaluate(() => void (/** @type {any} */ (document.querySelector("semantic-ids")).run()), null);
    await ended(tab, 1);
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });

  test(`${browser}: what cannot be is refused with the value and what to do`, async () => {
    for (const [hash, said] of /** @type {const} */ ([
      ["set.codes=1", /codes: expected 2 to 1024 a level, got 1/],
      ["set.levels=8&items=60&set.codes=8", /levels: expected 1 to \d for 60 items \(6 bits tell them apart\), got 8/],
      ["items=30", /codes: expected at most one an item \(30\), got 32/],
      ["set.sigma=-1", /Not understood/],
    ])) {
      const tab = await at(`beside=none&epochs=1&${hash}`);
      if (hash === "set.sigma=-1") {
        const text = await until(tab, "a remark", () => document.querySelector(".remark")?.textContent);
        assert.match(text ?? "", said);
      } else {
        await run(tab);
        assert.match((await refused(tab)) ?? "", said);
      }
      assert.deepEqual(tab.complaints(), []);
      await tab.close();
    }
  });

  test(`${browser}: own files are refused by their line, mended, run, and there after a reload, as is their run`, async () => {
    const tab = await at("epochs=2&beside=none&set.codes=4&set.levels=2");
    await until(tab, "the fields", () => document.querySelector("#csv-items") !== null);
    for (const [files, said] of /** @type {const} */ ([
      [
        csv([...ITEMS.slice(1), "thing-0,1,NaN,3"], MET),
        /items, line 25: item "thing-0": expected a finite number, got "NaN"/,
      ],
      [
        csv(ITEMS, [...MET, "lonely,thing-1,1"]),
        /user "lonely" has one interaction; expected at least 3.*leave such users out/,
      ],
    ])) {
      await fill(tab, files);
      await tab.evaluate(() => {
        const use = [...document.querySelectorAll("button")].find((one) => one.textContent?.includes("Use this"));
        use?.click();
      }, null);
      await until(tab, "own data in use", () => location.hash.includes("data=own"));
      await run(tab);
      assert.match((await refused(tab)) ?? "", said);
    }
    await fill(tab, csv(ITEMS, MET));
    await until(tab, "the refusal gone with the wish", () =>
      document.querySelector("#live button.main")?.textContent?.includes("Run"),
    );
    await run(tab);
    await ended(tab, 1);
    const told = () => {
      const root = document.querySelector("semantic-ids")?.shadowRoot;
      const cells = [...(root?.querySelectorAll("svg.codes g") ?? [])];
      return cells.length === 0
        ? null
        : {
            heat: cells.map((one) => one.getAttribute("data-items")).join(" "),
            words: root?.querySelector(".words")?.textContent,
          };
    };
    const before = await until(tab, "the heat map", told);
    // Written soon after the end, not with it.
    await until(tab, "the run in this browser", async () => {
      const opened = indexedDB.open("soft-thinking-lab-semantic");
      const db = await new Promise((done) => {
        opened.onsuccess = () => {
          done(opened.result);
        };
      });
      const asked = db.transaction("kept").objectStore("kept").get("run");
      const run = await new Promise((done) => {
        asked.onsuccess = () => {
          done(asked.result);
        };
      });
      db.close();
      return run?.records[0]?.end !== undefined;
    });
    await reload(tab);
    assert.deepEqual(await until(tab, "the heat map again", told), before);
    const fields = await tab.evaluate(
      () => document.querySelector(/** @type {"textarea"} */ ("#csv-items"))?.value.split("\n").length,
      null,
    );
    assert.equal(fields, 25);
    await until(tab, "the curves", () =>
      [...document.querySelectorAll("metric-chart")].some((one) => Reflect.get(one, "points") === 3),
    );
    // And gone when they are to go.
    await press(tab, "Remove these files");
    await until(tab, "the made-up catalogue", () => !location.hash.includes("data=own"));
    await reload(tab);
    const text = await until(tab, "empty fields", () => {
      const field = document.querySelector(/** @type {"textarea"} */ ("#csv-items"));
      return field === null ? null : { value: field.value };
    });
    assert.equal(text?.value, "");
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });

  test(`${browser}: a reload in the middle of a run says what is lost and keeps what was seen`, async () => {
    const tab = await at("items=80&set.users=60&epochs=9000&beside=none");
    await run(tab);
    await until(tab, "five epochs", () => {
      const sides = document.querySelector("semantic-ids")?.shadowRoot?.querySelector(".sides");
      return Number(sides?.getAttribute("data-epoch")) >= 5;
    });
    await until(tab, "the run in this browser", async () => {
      const opened = indexedDB.open("soft-thinking-lab-semantic");
      const db = await new Promise((done) => {
        opened.onsuccess = () => {
          done(opened.result);
        };
      });
      const asked = db.transaction("kept").objectStore("kept").get("run");
      const run = await new Promise((done) => {
        asked.onsuccess = () => {
          done(asked.result);
        };
      });
      db.close();
      return run?.records[0]?.epoch.epoch >= 3;
    });
    await reload(tab);
    const words = await until(tab, "what was lost", () => {
      const text = document.querySelector("semantic-ids")?.shadowRoot?.querySelector(".words")?.textContent;
      return text?.includes("Broken off") ? text : null;
    });
    assert.match(words ?? "", /after epoch \d+ of 9000.*what was learned is lost/);
    await until(tab, "the curves", () =>
      [...document.querySelectorAll("metric-chart")].some((one) => Reflect.get(one, "points") >= 4),
    );
    await until(tab, "the offer", () =>
      document.querySelector("#live button.main")?.textContent?.includes("Run again"),
    );
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });
}
