// The documentation as a visitor meets it: every page in a real browser, without complaint, readable by everyone and without script,
// links that lead somewhere, a reference that is the engine's own, snippets that run.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { LOOKS, againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { snippetPages } from "./embed-scenario.mjs";
import { askReference } from "./reference.mjs";
import { POLICY, serve } from "./served.mjs";
import { dist, serveSite } from "./site.mjs";

/** Those of other languages lie in folders of their own. */
const PAGES = readdirSync(new URL("../../www/docs/", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => name.replace(/\.md$/, ""));
const GERMAN = PAGES.filter((name) => name.startsWith("de/"));

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveSite>>} */
let site;

before(async () => {
  // In a sub-folder: every address must be relative.
  [browser, site] = await Promise.all([launch(), serveSite("/course/lab/")]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** @param {string} name */
const addressOf = (name) => `${site.url}docs/${name}.html`;

test("every page opens without a complaint, asks no other origin, and each of its links leads somewhere", async () => {
  assert.ok(PAGES.length >= 8, PAGES.join());
  assert.deepEqual(
    readdirSync(`${dist}/docs`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".html"))
      .sort(),
    PAGES.map((name) => `${name}.html`).sort(),
    "a source without a page, or a page without a source",
  );
  const { page, complaints, requests, context } = await watchedPage(browser);
  /** @type {Set<string>} */
  const wanted = new Set();
  for (const name of PAGES) {
    await page.goto(addressOf(name));
    assert.match(await page.title(), /\S · Soft Thinking Lab$/);
    assert.equal(await page.locator("h1").count(), 1, name);
    assert.equal(await page.locator("script:not([src]), style, [style]").count(), 0, `${name}: nothing inline`);
    const links = await page
      .locator("a[href], img[src]")
      .evaluateAll((all) =>
        all.map((one) =>
          one instanceof HTMLAnchorElement ? one.href : one instanceof HTMLImageElement ? one.src : "",
        ),
      );
    for (const link of links) if (link.startsWith(new URL(site.url).origin)) wanted.add(link);
  }
  for (const link of wanted) {
    const [address = "", fragment = ""] = link.split("#");
    assert.ok(address.startsWith(site.url), `${link} leaves the sub-folder`);
    const answer = await context.request.get(address);
    assert.equal(answer.status(), 200, link);
    // A fragment of the lab is its state, not a place on it.
    if (fragment === "" || !address.includes("/docs/")) continue;
    assert.ok((await answer.text()).includes(` id="${decodeURIComponent(fragment)}"`), `${link}: no such section`);
  }
  assert.ok(wanted.size > 200, `only ${wanted.size} links were seen`);
  const origin = new URL(site.url).origin;
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(origin) && !url.startsWith("data:")),
    [],
  );
  assert.deepEqual(complaints, []);
  await context.close();
});

test("reads without script, on a phone too, in lines that are not too long", async () => {
  const { page, context } = await watchedPage(browser, {
    javaScriptEnabled: false,
    viewport: { width: 1280, height: 900 },
  });
  for (const name of PAGES) {
    await page.goto(addressOf(name));
    assert.ok(((await page.locator("article").innerText()) ?? "").length > 500, `${name} says little`);
    // With the navigation before it, the text begins on the first screen.
    const box = await page.locator("h1").boundingBox();
    assert.ok(box !== null && box.y < 400, `${name}: the text begins at ${box?.y}`);
    // 16 px letters are about 8 px wide: 72 of them.
    for (const one of (await page.locator("article p").all()).slice(0, 5)) {
      const width = (await one.boundingBox())?.width ?? 0;
      assert.ok(!(width > 72 * 8.6), `${name}: a line of ${width} px`);
    }
  }
  assert.equal(await page.locator(".docs-top button").count(), 0, "a button that could do nothing");
  await context.close();
});

test("skip link, theme of the lab, and folds by keyboard", async () => {
  const { page, complaints, context } = await watchedPage(browser);
  await page.goto(addressOf("teachers"));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the text");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "text");

  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  const theme = page.locator(".docs-top button");
  await theme.click();
  await theme.click();
  assert.match((await theme.getAttribute("aria-label")) ?? "", /dark/);
  assert.notEqual(await paper(), light);
  await page.goto(site.url);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark", "the lab keeps the choice");

  await page.goto(addressOf("teachers"));
  const answer = page.locator("article details").first();
  assert.equal(await answer.getAttribute("open"), null);
  await answer.locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.equal(await answer.getAttribute("open"), "");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the German pages are German all over, and who reads German is told where there is none", async () => {
  const { page, complaints, context } = await watchedPage(browser, { locale: "de-DE" });
  await page.goto(`${site.url}#engine=cpu`);
  await page.locator("nav.site a", { hasText: "Dokumentation" }).click();
  await page.waitForURL(/docs\/de\/index\.html$/);
  for (const name of GERMAN) {
    await page.goto(addressOf(name));
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    assert.match((await page.locator(".docs-top button").getAttribute("aria-label")) ?? "", /^Hell oder dunkel/);
    for (const label of await page
      .locator("[aria-label]")
      .evaluateAll((all) => all.map((one) => one.ariaLabel ?? ""))) {
      assert.doesNotMatch(label, /\b(the|this|of|and|table|link to|pages)\b/i, name);
    }
    const said = await page.locator("body").evaluate((body) => {
      for (const english of body.querySelectorAll('[lang="en"]')) english.remove();
      return /** @type {HTMLElement} */ (body).innerText;
    });
    assert.doesNotMatch(said, /\b(the|and|with|which|that)\b/i, name);
  }
  for (const [name, there] of [
    ["embedding", 1],
    ["teachers", 0],
  ]) {
    await page.goto(addressOf(String(name)));
    const line = page.locator(".only-english");
    assert.equal(await line.count(), there, String(name));
    if (there === 1) await line.waitFor();
  }
  await page.locator("header a[hreflang=de]").click();
  await page.waitForURL(/docs\/de\/teachers\.html$/);
  await page.locator("article a", { hasText: "Diesen Link" }).click();
  await page.waitForURL(/index\.html#.*lang=de/);
  await usable(page);
  assert.equal(await page.locator(".prompt").inputValue(), "86-35+79=");
  assert.deepEqual(complaints, []);
  await context.close();

  const other = await watchedPage(browser);
  await other.page.goto(addressOf("embedding"));
  await other.page.locator(".docs-top button").waitFor();
  assert.equal(await other.page.locator(".only-english").isVisible(), false, "a German line for who reads English");
  await other.context.close();
});

for (const worksheet of PAGES.filter((name) => name.endsWith("worksheet"))) {
  test(`the ${worksheet} prints alone, on two pages at most`, async () => {
    const { page, context } = await watchedPage(browser);
    await page.goto(addressOf(worksheet));
    await page.emulateMedia({ media: "print" });
    for (const hidden of [".docs-top", ".docs-pages", ".not-printed"]) {
      assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
    }
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    const sheets = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
    assert.ok(sheets >= 1 && sheets <= 2, `${sheets} sheets`);
    await context.close();
  });
}

test("the configuration reference is the engine's own", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(site.url);
  await usable(page);
  const found = await page.evaluate(askReference);
  const recorded = JSON.parse(await readFile(new URL("../../www/docs/reference.json", import.meta.url), "utf8"));
  assert.deepEqual(
    recorded,
    JSON.parse(JSON.stringify(found)),
    "out of date: run node record-reference.mjs, then build the site",
  );

  await page.goto(addressOf("config"));
  const ids = await page.locator("dt[id]").evaluateAll((all) => all.map((one) => one.id));
  const keysOf = (/** @type {RegExp} */ prefix) =>
    ids
      .filter((id) => prefix.test(id))
      .map((id) => id.slice(id.indexOf(".") + 1))
      .sort();
  const trained = keysOf(/^(Run|Decoding|Soft|Optimizer|Loss|Reward|Watch)Keys\./);
  for (const [objective, config] of Object.entries(found.train)) {
    assert.deepEqual(trained, Object.keys(config).sort(), `the types' keys and the engine's, ${objective}`);
  }
  const kinds = {
    discrete: "DiscretePolicy",
    soft: "SoftPolicy",
    soft_tokens: "SoftTokensPolicy",
    multiplex: "MultiplexPolicy",
  };
  for (const { name, policy } of found.policies) {
    assert.ok(ids.includes(`policy.${name}`), name);
    const kind = Reflect.get(kinds, policy.kind);
    for (const key of Object.keys(policy)) assert.ok(ids.includes(`${kind}.${key}`), `${name}: ${key}`);
  }
  for (const { name } of found.methods) assert.ok(ids.includes(`method.${name}`), name);
  assert.deepEqual(keysOf(/^metric\./), Object.keys(found.metrics).sort());
  assert.deepEqual(keysOf(/^task\./), found.tasks.map((/** @type {any} */ one) => one.name).sort());
  await context.close();
});

test("the engine knows every documented option of a measurement, and no other", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(addressOf("config"));
  const keysOf = (/** @type {string} */ name) =>
    page
      .locator(`dt[id^="${name}."]`)
      .evaluateAll((all) => all.map((one) => one.id.slice(one.id.indexOf(".") + 1)).sort());
  const documented = {
    think: await keysOf("ThinkOptions"),
    evaluate: await keysOf("EvaluateOptions"),
    diagnose: await keysOf("DiagnoseOptions"),
  };
  await page.goto(site.url);
  await usable(page);
  const tried = await page.evaluate(async () => {
    const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
    const lab = await createLab({ engine: "cpu", seed: 1 });
    await lab.loadModel("models/nano-chain_sum.gguf");
    const common = { task: "chain_sum", difficulty: 2, policy: "soft", seed: 1, maxSteps: 16 };
    const think = { ...common, question: "1+2+3=", split: "held_out" };
    const evaluate = { ...common, split: "held_out", questions: 2, firstQuestion: 1, samples: 2, k: [1, 2] };
    const diagnose = { ...common, questions: 2, samples: 1, probes: 1 };
    let steps = 0;
    for await (const step of lab.think(think)) steps = step.steps ?? steps;
    await lab.evaluate(evaluate);
    await lab.diagnose(diagnose);
    const unknown = await lab
      .evaluate({ ...evaluate, question_count: 3 })
      .catch((/** @type {any} */ error) => error.code);
    lab.dispose();
    // The text of a question and its seed exclude each other.
    const keys = (/** @type {object} */ one, /** @type {string[]} */ more) => [...Object.keys(one), ...more].sort();
    return {
      think: keys(think, ["questionSeed"]),
      evaluate: keys(evaluate, []),
      diagnose: keys(diagnose, []),
      unknown,
      steps,
    };
  });
  const { unknown, steps, ...known } = tried;
  assert.deepEqual(documented, known);
  assert.equal(unknown, "bad-input");
  assert.ok(steps > 3, `the question got a thought of ${steps} steps`);
  await context.close();
});

test("the example of the reference runs as it is printed", async () => {
  const { page, complaints, context } = await watchedPage(browser);
  await page.goto(addressOf("config"));
  const printed = (await page.locator("pre code.language-js").first().textContent()) ?? "";
  const source = await readFile(new URL("snippets/train.js", import.meta.url), "utf8");
  assert.equal(printed.trim(), source.trim());
  // Beside the package's files, as its relative addresses want it.
  await context.route(`${site.url}snippet.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: printed }),
  );
  await context.route(`${site.url}snippet.html`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: '<!doctype html><title>x</title><script type="module" src="snippet.js"></script>',
    }),
  );
  const [message] = await Promise.all([
    page.waitForEvent("console", { predicate: (one) => one.text().startsWith("pass@1"), timeout: 120_000 }),
    page.goto(`${site.url}snippet.html`),
  ]);
  assert.match(message.text(), /^pass@1 0?\.?\d+\S* → \d/);
  assert.deepEqual(
    complaints.filter((one) => !one.includes("favicon")),
    [],
  );
  await context.close();
});

test("the pages keep to the policy that they tell others, and print the snippets that are tested", async () => {
  const strict = await serve({
    base: "/lab/",
    folder: dist,
    headers: () => ({ "content-security-policy": POLICY.site.replace("img-src", "img-src 'self'") }),
  });
  const { page, complaints, context } = await watchedPage(browser);
  /** @type {string[]} */
  const printed = [];
  for (const name of PAGES) {
    await page.goto(`${strict.url}docs/${name}.html`);
    printed.push(...(await page.locator("pre code").allTextContents()));
  }
  assert.deepEqual(complaints, []);
  const policies = [POLICY.site, POLICY.host("https://lab.example")];
  for (const policy of policies)
    assert.ok(
      printed.some((one) => one.trim() === policy),
      policy,
    );
  for (const [name, text] of Object.entries(snippetPages("https://lab.example/"))) {
    assert.ok(
      printed.some((one) => one.trim() === text.trim()),
      `${name} is not printed`,
    );
  }
  await context.close();
  await strict.stop();
});

test("the figures' snippet works on a page of another origin, in one worker", async () => {
  const lab = await serve({ base: "/lab/", folder: dist, headers: () => ({ "access-control-allow-origin": "*" }) });
  const host = await serve({ pages: snippetPages(lab.url) });
  const { page, complaints, context } = await watchedPage(browser);
  await page.goto(`${host.url}figures.html`);
  await page.locator("soft-mixture").getByText("57 %").first().waitFor({ timeout: 60_000 });
  await page
    .locator("soft-thought p.off")
    .getByText(/Answer 120 ✗ wrong, expected 130/)
    .waitFor({ timeout: 60_000 });
  assert.equal(page.workers().length, 1);
  assert.deepEqual(complaints, []);
  await context.close();
  await Promise.all([lab.stop(), host.stop()]);
});

for (const [colorScheme, width] of LOOKS) {
  test(`axe finds nothing against any page, ${colorScheme}, ${width} px wide`, async () => {
    const { page, context } = await watchedPage(browser, { colorScheme, viewport: { width, height: 900 } });
    for (const name of PAGES) {
      await page.goto(addressOf(name));
      await page.locator("details").evaluateAll((all) => {
        for (const one of all) one.setAttribute("open", "");
      });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} scrolls sideways`);
      assert.deepEqual(await againstAccess(page), [], name);
      if (process.env.SHOTS !== undefined) {
        await page.screenshot({
          path: `${process.env.SHOTS}/docs-${name.replace("/", "-")}-${colorScheme}-${width}.png`,
        });
      }
    }
    await context.close();
  });
}
