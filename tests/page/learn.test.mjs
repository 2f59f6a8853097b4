// The story: every figure and control works and shows what the lab says, in one worker that fetches everything once.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, tasksDuring, watchedPage } from "./browser.mjs";
import { dist, serveSite } from "./site.mjs";

const PATIENCE = { timeout: 120_000 };
const FIGURES = ["mixture", "thought", "group", "race", "pass"];

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
async function story(options) {
  const watched = await watchedPage(browser, options);
  await watched.page.goto(`${site.url}learn.html#engine=cpu`);
  return watched;
}

/**
 * Brings a figure to the screen and waits until it shows something of the lab's.
 * @param {import("playwright-core").Page} page
 * @param {string} id
 */
async function shown(page, id) {
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  const sign = {
    mixture: "soft-mixture [data-engine]",
    thought: "soft-thought [data-engine]",
    group: "thought-group [data-engine]",
    race: "training-race button",
    pass: "pass-at-k .band",
  }[id];
  await page
    .locator(sign ?? "")
    .first()
    .waitFor(PATIENCE);
}

/**
 * What the package itself says: the steps of a thought, in a lab apart from the figures'.
 * @param {import("playwright-core").Page} page
 * @param {Record<string, unknown>} options
 */
async function thought(page, options) {
  return await page.evaluate(async (options) => {
    const { createLab, isResult } = await import(
      /** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href)
    );
    const lab = await createLab({ engine: "cpu" });
    await lab.loadModel("models/nano-chain_sum.gguf");
    const steps = [];
    for await (const item of lab.think({ task: "chain_sum", ...options })) if (!isResult(item)) steps.push(item);
    lab.dispose();
    return steps;
  }, options);
}

/** @param {number} share as the figures write it */
const percent = (share) => {
  const value = share * 100;
  return `${value > 0 && value < 1 ? "<1" : value < 100 && value > 99 ? ">99" : value.toFixed(0)} %`;
};

/** @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
const weights = async (page) =>
  (await page.locator("soft-mixture td.weight").allTextContents()).map((one) => one.trim());

/** @param {import("playwright-core").Page} page */
const blendEntropy = async (page) => {
  const text = (await page.locator("soft-mixture .sentence").textContent()) ?? "";
  return Number(/entropy is ([\d.e−]+) nats/.exec(text)?.[1]?.replace("−", "-"));
};

/**
 * Drags a slider of the first figure and waits for the weights of that setting.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {number} place
 * @param {Record<string, unknown>} settings what the lab is to be asked for
 */
async function drag(page, name, place, settings) {
  await page.locator(`soft-mixture [name=${name}]`).evaluate((slider, place) => {
    if (!(slider instanceof HTMLInputElement)) return;
    slider.value = String(place);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }, place);
  const policy = { preset: "soft", ...settings };
  const [step, next] = await thought(page, { questionSeed: 20, policy, seed: 7, maxSteps: 2 });
  const wanted = step.mixture.map(percent);
  await page.waitForFunction(
    (wanted) => {
      const root = document.querySelector("soft-mixture")?.shadowRoot;
      const found = [...(root?.querySelectorAll("td.weight") ?? [])].map((one) => one.textContent?.trim());
      return JSON.stringify(found) === JSON.stringify(wanted);
    },
    wanted,
    PATIENCE,
  );
  return { step, next };
}

test("the first figure shows the lab's own blend, and each slider changes it as it should", async () => {
  const { page, complaints, context } = await story();
  await shown(page, "mixture");
  const [step, next] = await thought(page, { questionSeed: 20, policy: "soft", seed: 7, maxSteps: 2 });
  assert.deepEqual(await weights(page), step.mixture.map(percent));
  const after = await page.locator("soft-mixture .next .soft th").allTextContents();
  assert.equal(after[0]?.trim(), next.candidates[next.log_probs.indexOf(Math.max(...next.log_probs))]);

  const sharp = await blendEntropy(page);
  await drag(page, "gumbel_temperature", 1, { gumbel_temperature: 10 });
  const soft = await blendEntropy(page);
  assert.ok(soft > sharp + 0.3, `at τ 10 the entropy is ${soft}, at τ 0.1 ${sharp}`);
  await page.locator("soft-mixture button", { hasText: "The paper's settings" }).click();
  await page.waitForFunction(
    (sharp) =>
      document.querySelector("soft-mixture")?.shadowRoot?.querySelector(".sentence")?.textContent?.includes(sharp),
    sharp.toString(),
    PATIENCE,
  );

  await drag(page, "noise_scale", 0, { noise_scale: 0 });
  const first = await weights(page);
  await page.locator("soft-mixture button", { hasText: "Draw other noise" }).click();
  const [again] = await thought(page, {
    questionSeed: 20,
    policy: { preset: "soft", noise_scale: 0 },
    seed: 8,
    maxSteps: 2,
  });
  assert.deepEqual(again.mixture.map(percent).sort(), [...first].sort());
  await page.locator("soft-mixture button", { hasText: "The paper's settings" }).click();
  const [other] = await thought(page, { questionSeed: 20, policy: "soft", seed: 8, maxSteps: 2 });
  await page.waitForFunction(
    (wanted) => {
      const root = document.querySelector("soft-mixture")?.shadowRoot;
      return root?.querySelector("td.weight")?.textContent?.trim() === wanted;
    },
    other.mixture.map(percent)[0],
    PATIENCE,
  );

  await page.locator("soft-mixture [name=soft_top_k]").focus();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(
    () => document.querySelector("soft-mixture")?.shadowRoot?.querySelectorAll("td.weight").length === 2,
    undefined,
    PATIENCE,
  );
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a thought is walked by keys, soft and discrete together, and played", async () => {
  const { page, complaints, context } = await story();
  await shown(page, "thought");
  const read = async (/** @type {string} */ kind) =>
    (await page.locator(`soft-thought section.${kind} .column .unseen`).allTextContents()).map(
      (one) => /read as (.+?), weight|token (.+)$/.exec(one.trim())?.slice(1).find(Boolean) ?? one,
    );
  for (const [kind, policy] of /** @type {const} */ ([
    ["soft", "soft"],
    ["discrete", "discrete"],
  ])) {
    const steps = await thought(page, { questionSeed: 16, policy, seed: 7 });
    const tokens = steps.map((/** @type {any} */ step) => step.token.replace(/^<(.+)>$/, "‹$1›"));
    assert.deepEqual(await read(kind), tokens);
  }
  const card = page.locator("soft-thought .card h4");
  await page.locator("soft-thought section.soft .column[aria-pressed=true]").focus();
  await page.keyboard.press("Home");
  assert.deepEqual(await card.allTextContents(), ["Soft, step 1", "Discrete, step 1"]);
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await card.allTextContents(), ["Soft, step 2", "Discrete, step 2"]);
  assert.equal(
    await page.evaluate(() => {
      const { activeElement } = document.querySelector("soft-thought")?.shadowRoot ?? {};
      return activeElement?.getAttribute("aria-pressed");
    }),
    "true",
  );
  await page.keyboard.press("Home");
  await page.locator("soft-thought button", { hasText: "Play" }).click();
  await page.locator("soft-thought .column.ahead").first().waitFor(PATIENCE);
  await page.locator("soft-thought button", { hasText: "Pause" }).waitFor({ ...PATIENCE, state: "detached" });
  assert.equal(await page.locator("soft-thought .column.ahead").count(), 0);
  const question = page.locator("soft-thought .row strong");
  const before = await question.textContent();
  await page.locator("soft-thought button", { hasText: "Another question" }).click();
  await page.waitForFunction(
    (before) => document.querySelector("soft-thought")?.shadowRoot?.querySelector("strong")?.textContent !== before,
    before,
    PATIENCE,
  );
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a group says which way each step is pushed, by hovering and by keys", async () => {
  const { page, complaints, context } = await story();
  await shown(page, "group");
  const rows = page.locator("thought-group .try");
  assert.equal(await rows.count(), 8);
  const advantages = (await page.locator("thought-group .try > .number").allTextContents()).map((one) =>
    Number(one.replace("−", "-")),
  );
  assert.ok(Math.abs(advantages.reduce((sum, one) => sum + one, 0)) < 0.1, `they are no group's: ${advantages.join()}`);
  const dots = await page.locator("thought-group .dot").allTextContents();
  for (const [row, dot] of dots.entries()) assert.equal((advantages[row] ?? 0) > 0, dot === "✓");
  const said = page.locator("thought-group .said");
  await rows.nth(2).locator(".column").nth(1).hover();
  await page.locator("thought-group .said", { hasText: "Try 3, step 2" }).waitFor(PATIENCE);
  const words = (await said.textContent()) ?? "";
  const [, way, noise] = /noise (lifted|held) .* by ([+−][\d.]+)/.exec(words) ?? [];
  assert.equal(way === "lifted", noise?.startsWith("+"));
  const up = (way === "lifted") === (advantages[2] ?? 0) > 0;
  assert.match(words, up ? /more likely/ : /less likely/);
  assert.equal((await rows.nth(2).locator(".column").nth(1).locator(".under").textContent())?.trim(), up ? "▲" : "▼");
  await rows.nth(2).locator(".column").nth(1).focus();
  await page.keyboard.press("ArrowDown");
  await page.locator("thought-group .said", { hasText: "Try 4, step 2" }).waitFor(PATIENCE);
  await page.keyboard.press("ArrowLeft");
  await page.locator("thought-group .said", { hasText: "Try 4, step 1" }).waitFor(PATIENCE);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the race trains both, pauses, goes on and stops, and never holds up the page", async (t) => {
  const { page, complaints, context } = await story();
  await shown(page, "race");
  const points = () =>
    page
      .locator("training-race .charts .chart")
      .first()
      .locator("g[data-points]")
      .evaluateAll((lines) => lines.map((line) => Number(line.getAttribute("data-points"))));
  const reached = async (/** @type {number} */ least) => {
    await page.waitForFunction(
      (least) => {
        const chart = document.querySelector("training-race")?.shadowRoot?.querySelector(".chart");
        const lines = [...(chart?.querySelectorAll("g[data-points]") ?? [])];
        return lines.length === 2 && lines.every((line) => Number(line.getAttribute("data-points")) >= least);
      },
      least,
      PATIENCE,
    );
  };
  await page.locator("training-race button", { hasText: "Start both" }).click();
  await reached(1);
  const tasks = await tasksDuring(browser, page, async () => reached(Math.min(...(await points())) + 6));
  t.diagnostic(`the page's own thread: ${tasks.count} tasks, the longest ${tasks.longest} ms`);
  assert.ok(tasks.count > 20, "tasks were seen");
  assert.deepEqual(tasks.long, []);
  await page.locator("training-race .words", { hasText: /about \d+ s left/ }).waitFor(PATIENCE);
  await page.locator("training-race button", { hasText: "Pause" }).click();
  await page.locator("training-race button", { hasText: "Go on" }).waitFor(PATIENCE);
  const [soft = 0, discrete = 0] = await points();
  assert.ok(Math.abs(soft - discrete) <= 2, `one is ahead: ${soft} and ${discrete}`);
  await page.locator("training-race button", { hasText: "Go on" }).click();
  await reached(Math.max(soft, discrete) + 3);
  await page.locator("training-race button", { hasText: "Stop" }).click();
  await page.locator("training-race .words", { hasText: "Held-out pass@1" }).waitFor(PATIENCE);
  await page.locator("training-race summary").click();
  const head = await page.locator("training-race thead th").allTextContents();
  assert.equal(head.length, 5);
  // Measured before the first step, from the same model: by the lab, so between 0 and 1.
  const passed = await page.locator("training-race tbody tr").first().locator("td").nth(2).textContent();
  assert.match(passed?.trim() ?? "", /^0\.\d+$/);
  // What the race learned is nobody's saved run.
  const saved = await page.evaluate(async () => {
    const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
    const lab = await createLab({ engine: "cpu" });
    return await lab.savedRun();
  });
  assert.equal(saved, null);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("pass@k shows the published numbers, and those of the model when it is measured here", async () => {
  const { page, complaints, context } = await story();
  await shown(page, "pass");
  const summary = JSON.parse(await readFile(`${dist}/results/nano/summary.json`, "utf8"));
  const task = summary.tasks.find((/** @type {any} */ one) => one.task === "path_star");
  await page.locator("pass-at-k select").selectOption("path_star");
  await page.locator("pass-at-k summary").click();
  const last = page.locator("pass-at-k tbody tr").last();
  assert.equal((await last.locator("th").textContent())?.trim(), "32");
  const arm = task.arms.find((/** @type {any} */ one) => one.arm === "softgrpo-code");
  const own = arm.measured.findLast((/** @type {any} */ one) => one.split === "held_out" && one.mode === "own");
  const cell = (await last.locator("td").nth(2).textContent()) ?? "";
  assert.match(cell, new RegExp(`^\\s*${own.pass_at_k.at(-1).mean.toPrecision(3)} \\[`));
  assert.match((await page.locator("pass-at-k .said").textContent()) ?? "", /−0\.020.*holds 0/s);

  await page.evaluate(() => {
    const live = Object.assign(document.createElement("pass-at-k"), { live: true, engine: "cpu", id: "live" });
    document.querySelector("#pass .frame")?.append(live);
  });
  await page.locator("#live button", { hasText: "Measure this model" }).click();
  await page.locator("#live g.soft[data-points='6']").waitFor(PATIENCE);
  assert.equal(await page.locator("#live g.discrete").getAttribute("data-points"), "6");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("figures load when they come near, everything once, in one worker, from nowhere else", async () => {
  const { page, requests, complaints, context } = await story();
  await shown(page, "mixture");
  assert.ok(!requests.some((address) => address.endsWith("pass-at-k.json")));
  for (const id of FIGURES) await shown(page, id);
  await page.locator("training-race button", { hasText: "Start both" }).click();
  await page.locator("training-race .words", { hasText: /Step [1-9]/ }).waitFor(PATIENCE);
  const asked = (/** @type {RegExp} */ what) => requests.filter((address) => what.test(address)).length;
  assert.equal(page.workers().length, 1);
  assert.deepEqual([asked(/\.wasm$/), asked(/\.gguf$/), asked(/pass-at-k\.json$/)], [1, 1, 1]);
  for (const address of requests) assert.ok(/^(data|blob):/.test(address) || address.startsWith(site.url), address);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("labs that share a worker think at the same time; one that goes leaves the other alone", async () => {
  const { page, context } = await watchedPage(browser);
  // A document of the site that starts no lab of its own. It has no icon, of which the browser complains.
  await page.goto(`${site.url}results/index.json`);
  const workers = async (/** @type {number} */ count) => {
    const end = performance.now() + PATIENCE.timeout;
    while (page.workers().length !== count) {
      assert.ok(performance.now() < end, `there are ${page.workers().length} workers, not ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const found = await page.evaluate(async (site) => {
    const { createLab, isResult } = await import(`${site}soft-thinking-lab.js`);
    const answers = async (/** @type {any} */ lab, /** @type {string} */ task) => {
      for await (const item of lab.think({ task, questionSeed: 1, seed: 3 })) if (isResult(item)) return item.text;
    };
    const open = async (/** @type {any} */ worker, /** @type {string} */ task) => {
      const lab = await createLab({ engine: "cpu", ...worker });
      await lab.loadModel(`${site}models/nano-${task}.gguf`);
      return lab;
    };
    const tasks = ["chain_sum", "reach"];
    const alone = [];
    for (const task of tasks) {
      const lab = await open({}, task);
      alone.push(await answers(lab, task));
      lab.dispose();
    }
    const labs = await Promise.all(tasks.map((task) => open({ worker: "shared" }, task)));
    const together = await Promise.all(labs.map((lab, index) => answers(lab, tasks[index] ?? "")));
    const run = labs[0].train({ task: "chain_sum", max_steps: 50 });
    await run.started;
    labs[0].dispose();
    const ended = await run.finished.catch((/** @type {any} */ error) => error.code);
    const left = await answers(labs[1], "reach");
    Object.assign(globalThis, { lastLab: labs[1] });
    return { alone, together, ended, left };
  }, site.url);
  assert.deepEqual(found.together, found.alone);
  assert.equal(found.ended, "disposed");
  assert.equal(found.left, found.alone[1]);
  await workers(1);
  await page.evaluate(() => Reflect.get(globalThis, "lastLab").dispose());
  await workers(0);
  await context.close();
});

test("what the figures show before their model is here is what it then says, and says that it is stored", async () => {
  const { page, context, complaints } = await watchedPage(browser);
  /** @type {() => void} */
  let arrive = () => undefined;
  const model = new Promise((resolve) => {
    arrive = () => {
      resolve(undefined);
    };
  });
  await context.route("**/*.gguf", async (route) => {
    await model;
    await route.continue();
  });
  await page.goto(`${site.url}learn.html#engine=cpu`);
  /** All but what tells where it comes from, and what only those hear who hear the page. @param {string} tag */
  const says = (tag) =>
    page.locator(`${tag} figure`).evaluate((figure) => {
      const copy = /** @type {Element} */ (figure.cloneNode(true));
      for (const one of copy.querySelectorAll(".state, [role=status]")) one.remove();
      return copy.textContent?.replace(/\s+/g, " ").trim() ?? "";
    });
  const tags = ["soft-mixture", "soft-thought", "thought-group"];
  const sizes = /** @type {Record<string, number | undefined>} */ ({});
  for (const tag of [...tags, "training-race"]) {
    await page.locator(tag).scrollIntoViewIfNeeded();
    await page.locator(`${tag} .source`, { hasText: "A stored example, recorded from this model" }).waitFor(PATIENCE);
    assert.equal(await page.locator(`${tag} [data-engine]`).count(), 0);
  }
  assert.equal(await page.locator("soft-thought .strip").count(), 2);
  assert.ok((await page.locator("soft-thought .column").count()) > 6);
  assert.equal(await page.locator("thought-group .try").count(), 8);
  assert.equal(await page.locator("training-race g[data-points='40']").count(), 2);
  // A stored thought can be walked; what needs the model waits for it.
  const opened = await page.locator("soft-thought h4").first().textContent();
  await page.locator("soft-thought button", { hasText: /^\s*Back\s*$/ }).click();
  await page.waitForFunction(
    (opened) => document.querySelector("soft-thought")?.shadowRoot?.querySelector("h4")?.textContent !== opened,
    opened,
    PATIENCE,
  );
  assert.equal(await page.locator("soft-mixture input:not([disabled])").count(), 0);
  const before = Object.fromEntries(await Promise.all(tags.map(async (tag) => [tag, await says(tag)])));
  for (const tag of tags) sizes[tag] = (await page.locator(tag).boundingBox())?.height;
  arrive();
  for (const tag of tags) {
    await page.locator(`${tag} [data-engine=cpu]`).waitFor(PATIENCE);
    assert.equal(await says(tag), before[tag], `${tag}: stored, and then from the model`);
    assert.equal((await page.locator(tag).boundingBox())?.height, sizes[tag], `${tag} keeps its size`);
  }
  await page.locator("training-race button", { hasText: "Start both" }).click();
  await page.locator("training-race [data-engine=cpu]").waitFor(PATIENCE);
  assert.ok((await page.locator("training-race g[data-points='40']").count()) === 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("what is stored was recorded from the model that comes with the figures", async () => {
  const stored = JSON.parse(
    await readFile(new URL("../../web/src/elements/stored/chain_sum.json", import.meta.url), "utf8"),
  );
  const model = await readFile(`${dist}/models/nano-chain_sum.gguf`);
  assert.equal(
    stored.model_sha256,
    createHash("sha256").update(model).digest("hex"),
    "run node record-figures.mjs, then build the package and the site",
  );
});

test("the fifth figure costs less than 100 KB", async () => {
  for (const name of ["nano", "micro"]) {
    const { size } = await stat(`${dist}/results/${name}/pass-at-k.json`);
    assert.ok(size < 100_000, `${name}: ${size} bytes`);
  }
});

test("without the model a figure says so and tries again", async () => {
  const watched = await watchedPage(browser);
  const { page, context } = watched;
  await context.route("**/*.gguf", (route) => route.abort());
  await page.goto(`${site.url}learn.html#engine=cpu`);
  const problem = page.locator("soft-mixture .problem");
  await problem.waitFor(PATIENCE);
  assert.match((await problem.textContent()) ?? "", /nano-chain_sum\.gguf.*check the address and the network/s);
  await context.unroute("**/*.gguf");
  await problem.locator("button").click();
  await shown(page, "mixture");
  await context.close();
});

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against the story, ${colorScheme}, ${width} px wide`, async () => {
    const { page, complaints, context } = await story({ colorScheme, viewport: { width, height: 900 } });
    for (const id of FIGURES) await shown(page, id);
    await page.locator("training-race button", { hasText: "Start both" }).click();
    await page.locator("training-race .words", { hasText: /Step [1-9]/ }).waitFor(PATIENCE);
    await page.locator("training-race button", { hasText: "Stop" }).click();
    for (const summary of await page.locator("summary").all()) await summary.click();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    assert.deepEqual(await againstAccess(page), []);
    assert.deepEqual(complaints, []);
    if (process.env.SHOTS !== undefined) {
      for (const id of FIGURES) {
        await page
          .locator(`#${id}`)
          .screenshot({ path: `${process.env.SHOTS}/learn-${id}-${colorScheme}-${width}.png` });
      }
    }
    await context.close();
  });
}
