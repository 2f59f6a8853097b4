// What an embedded lab must do on a page of another origin, in whichever browser: one list of tests, driven through `evaluate` alone. The
// pages are those of snippets/, as people copy them. Not here: starting a browser (embed.test.mjs, embed-firefox.test.mjs).

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { POLICY, serve } from "./served.mjs";
import { dist } from "./site.mjs";

const snippets = fileURLToPath(new URL("./snippets/", import.meta.url));
/** Two shared cores, a worker that compiles 7 MB of wasm: nothing here measures speed. */
const PATIENCE_MS = 240_000;

/** The snippets, with the address of a lab that is there in the place of the one that people put theirs in. @param {string} lab */
export function snippetPages(lab) {
  return Object.fromEntries(
    readdirSync(snippets).map((name) => [
      name,
      readFileSync(snippets + name, "utf8").replaceAll("https://lab.example/", lab),
    ]),
  );
}

/** A lab in a sub-folder under its strict policy, and a host page on another origin under its own. */
export async function serveBoth() {
  const lab = await serve({
    base: "/courses/2026/lab/",
    folder: dist,
    // What static hosts for public files send: without it no other origin may import the helper or the elements.
    headers: () => ({ "content-security-policy": POLICY.site, "access-control-allow-origin": "*" }),
  });
  const host = await serve({
    pages: snippetPages(lab.url),
    headers: () => ({ "content-security-policy": POLICY.host(lab.origin) }),
  });
  const stop = async () => {
    await Promise.all([lab.stop(), host.stop()]);
  };
  return { lab, host, stop };
}

/**
 * Waits until `look` finds something in the page.
 * @template R
 * @param {import("./gpu-scenario.mjs").Tab} tab
 * @param {string} what
 * @param {() => R} look
 */
export async function until(tab, what, look) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await tab.evaluate(look, null);
    if (found) return found;
    if (performance.now() > end) {
      const said = await tab.evaluate(() => Reflect.get(globalThis, "said") ?? document.body.innerText, null);
      assert.fail(`waited ${PATIENCE_MS / 1000} s for ${what}; the page has ${JSON.stringify(said)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Writes down all that the frame says, from here on.
 * @param {import("./gpu-scenario.mjs").Tab} tab
 */
async function listen(tab) {
  await tab.evaluate(() => {
    const said = /** @type {any[]} */ ([]);
    Object.assign(globalThis, {
      said,
      say: (/** @type {object} */ message) => {
        const frame = document.querySelector("iframe");
        frame?.contentWindow?.postMessage(message, new URL(frame.src).origin);
      },
    });
    addEventListener("message", ({ data }) => said.push(data));
  }, null);
}

/** @param {import("./gpu-scenario.mjs").Tab} tab @param {object} message */
const say = (tab, message) =>
  tab.evaluate((/** @type {object} */ message) => {
    Reflect.get(globalThis, "say")(message);
  }, message);

/**
 * @param {string} name
 * @param {() => Promise<import("./gpu-scenario.mjs").Tab>} newTab
 * @param {() => Awaited<ReturnType<typeof serveBoth>>} served
 */
export function embedTests(name, newTab, served) {
  test(`${name}: the iframe snippet without any library becomes as high as its lab`, async () => {
    const tab = await newTab();
    await tab.open(`${served().host.url}iframe-height.html`);
    const height = () => {
      const frame = document.querySelector("iframe");
      return frame?.getAttribute("height") === "900" ? undefined : frame?.clientHeight;
    };
    assert.ok(((await until(tab, "a height of the lab's own", height)) ?? 0) > 500);
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });

  test(`${name}: the helper's snippet thinks, trains, stops and shows what the lab says`, async () => {
    const tab = await newTab();
    await tab.open(`${served().host.url}iframe-control.html`);
    await until(tab, "ready", () => document.querySelector("#said")?.textContent === "The lab is ready.");
    await tab.evaluate(() => document.querySelector("button")?.click(), null);
    await until(tab, "an answer", () =>
      /^It answered -?\d+\.$/.test(document.querySelector("#said")?.textContent ?? ""),
    );
    await tab.evaluate(() => {
      document.querySelectorAll("button")[1]?.click();
    }, null);
    await until(tab, "step 10", () => /^Step 10: reward \d/.test(document.querySelector("#said")?.textContent ?? ""));
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });

  test(`${name}: every message of the protocol, and what is wrong is answered and changes nothing`, async () => {
    const tab = await newTab();
    await tab.open(`${served().host.url}iframe.html`);
    await listen(tab);
    // Asked until there is a page that listens; before the frame has loaded, Firefox complains that there is another in it.
    await until(tab, "ready", () => {
      const said = /** @type {any[]} */ (Reflect.get(globalThis, "said"));
      if (document.readyState === "complete" && !said.some(({ type }) => type === "soft-thinking-lab:ready"))
        Reflect.get(globalThis, "say")({ type: "soft-thinking-lab:hello" });
      return said.some(({ type }) => type === "soft-thinking-lab:ready");
    });
    /** @param {string} type @returns {Promise<any[]>} */
    const said = (type) =>
      tab.evaluate(
        (/** @type {string} */ type) =>
          /** @type {any[]} */ (Reflect.get(globalThis, "said")).filter((one) => one.type === type),
        `soft-thinking-lab:${type}`,
      );
    const [ready] = await said("ready");
    assert.equal(ready.protocol, 1);
    assert.deepEqual([ready.state.task, ready.state.seed], ["chain_sum", "7"]);
    assert.equal(ready.state.hide, "heading,train,measure,model,own,results");
    assert.ok(ready.tasks.includes("reach") && ready.policies.includes("soft-thinking"));
    const tall = (await said("height")).at(-1).height;

    await say(tab, {
      type: "soft-thinking-lab:set",
      state: { task: "reach", seed: 11, hide: `${ready.state.hide},step` },
    });
    await say(tab, { type: "soft-thinking-lab:think" });
    await until(tab, "both thoughts", () => {
      const all = /** @type {any[]} */ (Reflect.get(globalThis, "said"));
      return all.filter((one) => one.type === "soft-thinking-lab:thought").length === 2;
    });
    const thoughts = await said("thought");
    assert.deepEqual(
      thoughts.map(({ slot, task, policy, seed }) => [slot, task, policy, seed]),
      [
        ["chosen", "reach", "soft", 11],
        ["compared", "reach", "discrete", 11],
      ],
    );
    assert.ok(thoughts[0].steps.length > 2 && thoughts[0].steps[0].mixture.length > 1);
    assert.match(String(thoughts[0].result.answer), /^[a-z]$/);
    assert.ok((await said("height")).at(-1).height < tall, "without the open step the lab is lower");

    await say(tab, { type: "soft-thinking-lab:train", steps: 3 });
    await until(tab, "the end of the run", () =>
      /** @type {any[]} */ (Reflect.get(globalThis, "said")).some((one) => one.phase === "finished"),
    );
    const metrics = await said("metrics");
    assert.deepEqual(
      metrics.map(({ step, metrics }) => [step, typeof metrics.reward]),
      [1, 2, 3].map((step) => [step, "number"]),
    );
    assert.deepEqual(await said("error"), []);

    await say(tab, { type: "soft-thinking-lab:train", steps: 500 });
    await until(tab, "a run", () =>
      /** @type {any[]} */ (Reflect.get(globalThis, "said")).some((one) => one.phase === "running" && one.step < 3),
    );
    await say(tab, { type: "soft-thinking-lab:pause" });
    await until(tab, "a pause", () =>
      /** @type {any[]} */ (Reflect.get(globalThis, "said")).some((one) => one.phase === "paused"),
    );
    await say(tab, { type: "soft-thinking-lab:train" });
    await say(tab, { type: "soft-thinking-lab:stop" });
    await until(tab, "a stop", () =>
      /** @type {any[]} */ (Reflect.get(globalThis, "said")).some((one) => one.phase === "stopped"),
    );

    for (const message of [
      { type: "soft-thinking-lab:fly" },
      { type: "soft-thinking-lab:set", state: { colour: "red" } },
      { type: "soft-thinking-lab:set", state: { task: "chess", seed: 5 } },
      { type: "soft-thinking-lab:set" },
      { type: "soft-thinking-lab:think", question: 7 },
      { type: "soft-thinking-lab:train", steps: -1 },
    ])
      await say(tab, message);
    await until(tab, "six errors", () => {
      const all = /** @type {any[]} */ (Reflect.get(globalThis, "said"));
      return all.filter((one) => one.type === "soft-thinking-lab:error").length === 6;
    });
    const errors = await said("error");
    assert.deepEqual([...new Set(errors.map(({ code }) => code))], ["bad-input"]);
    assert.match(errors[0].message, /expected one of soft-thinking-lab:hello, .*; got soft-thinking-lab:fly/);
    assert.match(errors[1].message, /got colour: "red"/);
    assert.match(errors[2].message, /task is one of chain_sum, .*; got chess/);
    await say(tab, { type: "soft-thinking-lab:hello" });
    await until(tab, "ready again", () => {
      const all = /** @type {any[]} */ (Reflect.get(globalThis, "said"));
      return all.at(-1).type === "soft-thinking-lab:ready";
    });
    const { state } = (await said("ready")).at(-1);
    assert.deepEqual([state.task, state.seed], ["reach", "11"]);
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });

  test(`${name}: the one-line element shows the lab of the site it comes from, and speaks in events`, async () => {
    const tab = await newTab();
    await tab.open(`${served().host.url}element.html`);
    await tab.evaluate(() => {
      const element = document.querySelector("soft-thinking-lab");
      const said = /** @type {any[]} */ ([]);
      Object.assign(globalThis, { said });
      for (const event of ["ready", "thought", "metrics", "run", "error"])
        element?.addEventListener(`lab-${event}`, (one) => said.push([event, Reflect.get(one, "detail")]));
      const lab = /** @type {any} */ (element);
      element?.setAttribute("seed", "23");
      lab.think();
    }, null);
    const thought = await until(
      tab,
      "a thought",
      () => /** @type {any[]} */ (Reflect.get(globalThis, "said")).find(([event]) => event === "thought")?.[1],
    );
    assert.deepEqual([thought.task, thought.policy, thought.seed], ["reach", "soft-thinking", 23]);
    const frame = await tab.evaluate(() => {
      const iframe = document.querySelector("soft-thinking-lab")?.shadowRoot?.querySelector("iframe");
      return { title: iframe?.title, height: iframe?.clientHeight, style: iframe?.style.height };
    }, null);
    assert.equal(frame.title, "Soft Thinking Lab");
    assert.equal(frame.style, `${frame.height}px`);
    assert.deepEqual(tab.complaints(), []);
    await tab.close();
  });
}
