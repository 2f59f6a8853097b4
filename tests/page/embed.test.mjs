// The embedded lab on a page of another origin, in Chromium; and what only this driver can look at: inside the frame, and at every request.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { againstAccess, launch, usable, watchedPage } from "./browser.mjs";
import { embedTests, serveBoth, snippetPages } from "./embed-scenario.mjs";
import { POLICY, serve } from "./served.mjs";
import { dist } from "./site.mjs";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serveBoth>>} */
let served;

before(async () => {
  [browser, served] = await Promise.all([launch(), serveBoth()]);
});
after(async () => {
  await browser?.close();
  await served?.stop();
});

async function newTab() {
  const { page, context, complaints } = await watchedPage(browser);
  return {
    /** @param {string} url */
    open: async (url) => {
      await page.goto(url);
    },
    /** @type {import("./gpu-scenario.mjs").Tab["evaluate"]} */
    evaluate: async (work, argument) => /** @type {any} */ (await page.evaluate(/** @type {any} */ (work), argument)),
    complaints: () => complaints,
    close: () => context.close(),
  };
}

embedTests("Chromium", newTab, () => served);

/** All that `hide=` takes, in the order of the documentation. */
const PARTS = [
  ..."heading engine sentences think choices compare step diagnose train settings charts samples numbers history".split(
    " ",
  ),
  ..."measure model own bring results footer text".split(" "),
];

test("figures from a lab's site on a page of another origin think, two in one worker", async (t) => {
  const host = await serve({
    pages: snippetPages(served.lab.url),
    headers: () => ({ "content-security-policy": POLICY.figures(served.lab.origin) }),
  });
  t.after(host.stop);
  const { page, context, complaints } = await watchedPage(browser);
  t.after(() => context.close());
  await page.goto(`${host.url}figures.html`);
  await page.locator("soft-mixture").getByText("57 %").first().waitFor({ timeout: 120_000 });
  const thought = page.locator("soft-thought");
  await thought.scrollIntoViewIfNeeded();
  await thought.locator(".column").nth(3).waitFor({ timeout: 120_000 });
  assert.equal(page.workers().length, 1);
  assert.deepEqual(complaints, []);
});

test("two one-line elements on a page in a sub-folder of another origin, each strict, are two labs that think apart", async (t) => {
  const one = snippetPages(served.lab.url)["element.html"] ?? "";
  const line = /<soft-thinking-lab[^]*<\/soft-thinking-lab>/.exec(one)?.[0] ?? "";
  const two = one.replace(
    line,
    `${line.replace("<soft-thinking-lab", '<soft-thinking-lab id="first"')}
    <soft-thinking-lab id="second" task="chain_sum" seed="5" hide="heading,train,measure,model,own,results"></soft-thinking-lab>`,
  );
  assert.notEqual(two, one);
  const host = await serve({
    base: "/school/physics/",
    pages: { "two.html": two },
    headers: () => ({ "content-security-policy": POLICY.host(served.lab.origin) }),
  });
  t.after(host.stop);
  const { page, context, complaints } = await watchedPage(browser);
  t.after(() => context.close());
  await page.goto(`${host.url}two.html`);
  await page.evaluate(() => {
    const said = /** @type {Record<string, any>} */ ({});
    Object.assign(globalThis, { said });
    for (const element of document.querySelectorAll("soft-thinking-lab")) {
      element.addEventListener("lab-thought", (event) => {
        said[element.id] ??= Reflect.get(event, "detail");
      });
      /** @type {any} */ (element).think();
    }
  });
  await page.waitForFunction(() => Object.keys(Reflect.get(globalThis, "said")).length === 2, undefined, {
    timeout: 120_000,
  });
  const said = await page.evaluate(() => /** @type {Record<string, any>} */ (Reflect.get(globalThis, "said")));
  assert.deepEqual([said.first.task, said.second.task, said.second.seed], ["reach", "chain_sum", 5]);
  for (const { steps, result } of Object.values(said)) assert.ok(steps.length > 2 && result.text.length > 0);
  assert.deepEqual(complaints, []);
});

/** The lab's frame in a host page. @param {import("playwright-core").Page} page */
async function labFrame(page) {
  const frame = await (await page.locator("iframe").elementHandle())?.contentFrame();
  assert.ok(frame);
  await frame.locator(".question button.main:not([disabled])").waitFor({ timeout: 60_000 });
  return frame;
}

test("only the two origins are asked, none sends a special header, and nothing scrolls inside the frame", async () => {
  const { page, context, requests, complaints } = await watchedPage(browser);
  /** @type {string[]} */
  const special = [];
  context.on("response", (response) => {
    special.push(...Object.keys(response.headers()).filter((name) => name.startsWith("cross-origin-")));
  });
  await page.goto(`${served.host.url}iframe-control.html`);
  const frame = await labFrame(page);
  await page.locator("#think").click();
  await page.locator("#said", { hasText: "It answered" }).waitFor({ timeout: 30_000 });
  assert.deepEqual(
    [...new Set(requests.map((url) => new URL(url).origin))].sort(),
    [served.host.origin, served.lab.origin].sort(),
  );
  assert.deepEqual(special, []);
  assert.equal(await frame.evaluate(() => globalThis.crossOriginIsolated), false);
  // The last height may be on its way.
  await frame.waitForFunction(() => document.documentElement.scrollHeight <= innerHeight, undefined, {
    timeout: 10_000,
  });
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a frame listens to the page around it and to nobody else", async () => {
  const { page, context } = await watchedPage(browser);
  await page.goto(`${served.host.url}iframe.html`);
  const frame = await labFrame(page);
  // A second frame, of the host's own origin, reaches the lab's window too.
  await page.evaluate(() => {
    const other = document.createElement("iframe");
    other.name = "other";
    document.body.append(other);
  });
  const send = (/** @type {number} */ seed) => {
    window.top?.frames[0]?.postMessage({ type: "soft-thinking-lab:set", state: { seed } }, "*");
  };
  const seeds = () => frame.evaluate(() => /** @type {string[]} */ (Reflect.get(globalThis, "seeds")));
  await frame.evaluate(() => {
    const seeds = /** @type {(string | null)[]} */ ([]);
    Object.assign(globalThis, { seeds });
    const replaceState = history.replaceState.bind(history);
    history.replaceState = (...address) => {
      replaceState(...address);
      seeds.push(new URLSearchParams(location.hash.slice(1)).get("seed"));
    };
  });
  await page.frame("other")?.evaluate(send, 99);
  await page.evaluate(send, 41);
  await frame.waitForFunction(() => location.hash.includes("seed=41"), undefined, { timeout: 10_000 });
  assert.equal(await frame.locator(".question [name=seed]").inputValue(), "41");
  assert.deepEqual(await seeds(), ["41"]);
  await context.close();
});

test("each name that hide takes hides something, and an unknown one is named in the console", async () => {
  const { page, context, complaints } = await watchedPage(browser);
  await page.goto(`${served.lab.url}embed.html#task=chain_sum&hide=engine`);
  await usable(page);
  await page.locator(".panel.results").waitFor();
  assert.equal(await page.locator("#engine").isVisible(), false);
  assert.match(page.url(), /&hide=engine$/);
  const hidden = await page.evaluate(
    (parts) =>
      parts.map((part) => {
        const seen = () => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()).length;
        document.documentElement.dataset.hide = "";
        const whole = seen();
        document.documentElement.dataset.hide = part;
        return whole - seen();
      }),
    PARTS,
  );
  PARTS.forEach((part, index) => {
    assert.ok((hidden[index] ?? 0) > 0, `hide=${part} hides nothing`);
  });
  assert.deepEqual(complaints, []);

  await page.goto("about:blank");
  await page.goto(`${served.lab.url}embed.html#hide=footer,wings&theme=blue`);
  await usable(page);
  assert.equal(complaints.length, 2);
  assert.match(complaints[0] ?? "", /“hide=wings” in the address means nothing here .* hide= takes heading, engine, /);
  assert.match(complaints[1] ?? "", /“theme=blue”/);
  assert.deepEqual(
    /hide= takes (.*?);/.exec(complaints[0] ?? "")?.[1]?.split(", "),
    PARTS,
    "the console names all there are",
  );
  await context.close();
});

test("each source that the site's policy names is needed", async (t) => {
  for (const left of ["'wasm-unsafe-eval'", "style-src 'self';", "connect-src 'self';"]) {
    const policy = POLICY.site.replace(left, "");
    assert.notEqual(policy, POLICY.site);
    const site = await serve({ folder: dist, headers: () => ({ "content-security-policy": policy }) });
    t.after(site.stop);
    const { page, context, complaints } = await watchedPage(browser);
    await page.goto(`${site.url}embed.html`);
    const problem = page.locator(".banner.problem");
    await Promise.race([usable(page), problem.waitFor({ timeout: 60_000 })]);
    // What a worker's policy forbids is said on the page, the rest by the browser.
    assert.ok((await problem.isVisible()) || complaints.length > 0, `the lab works without ${left}`);
    await context.close();
  }
});

test("graders of one's own need 'unsafe-eval' for the worker alone, and say so where it is missing", async (t) => {
  const add = async (/** @type {string} */ url) => {
    const { page, context, complaints } = await watchedPage(browser);
    await page.goto(url);
    const code = await page.evaluate(async () => {
      const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
      const lab = await createLab({ engine: "cpu" });
      const jsonl = [1, 2, 3, 4].map((n) => `{"question": "${n}+1=", "answer": "${n + 1}"}`).join("\n");
      return await lab
        .addTask({ name: "mine", jsonl, grader: { source: "(q, expected, answer) => Number(answer === expected)" } })
        .then(
          (/** @type {any} */ task) => task.name,
          (/** @type {any} */ error) => `${error.code}: ${error.message}`,
        );
    });
    await context.close();
    return { code, complaints };
  };
  const withEval = await serve({
    folder: dist,
    headers: (path) => ({
      "content-security-policy": path.endsWith(".worker.js")
        ? POLICY.site.replace("'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-eval'")
        : POLICY.site,
    }),
  });
  t.after(withEval.stop);
  assert.match((await add(`${served.lab.url}embed.html`)).code, /^no-eval: /);
  assert.deepEqual(await add(`${withEval.url}embed.html`), { code: "mine", complaints: [] });
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing against a lab without its heading, ${colorScheme} by its address`, async (t) => {
    const { page, context, complaints } = await watchedPage(browser, { viewport: { width: 390, height: 900 } });
    await page.goto(`${served.lab.url}embed.html#hide=heading,text,diagnose,model&theme=${colorScheme}`);
    await usable(page);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
    // The policy keeps axe out, so it looks at the same page without one.
    assert.deepEqual(complaints, []);
    await context.close();
    const plain = await serve({ folder: dist });
    t.after(plain.stop);
    const open = await watchedPage(browser, { viewport: { width: 390, height: 900 } });
    await open.page.goto(`${plain.url}embed.html#hide=heading,text,diagnose,model&theme=${colorScheme}`);
    await usable(open.page);
    assert.deepEqual(await againstAccess(open.page), []);
    if (process.env.SHOTS !== undefined) {
      await open.page.screenshot({ path: `${process.env.SHOTS}/embed-${colorScheme}-390.png`, fullPage: true });
    }
    await open.context.close();
  });
}
