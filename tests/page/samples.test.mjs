// The package as people get it: packed, installed into a project with Vite, with webpack and without a bundler, built, and opened in
// Chromium from a sub-folder under a strict policy. The projects in samples/ are as somebody new to the package would write them.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { launch, watchedPage } from "./browser.mjs";
import { POLICY, serve } from "./served.mjs";
import { freePort } from "./site.mjs";

const samples = fileURLToPath(new URL("./samples/", import.meta.url));
const web = fileURLToPath(new URL("../../web/", import.meta.url));

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let packed;
const packs = mkdtempSync(join(tmpdir(), "soft-thinking-lab-pack-"));

/** @param {string} folder @param {string[]} words */
async function npm(folder, ...words) {
  const { npm_execpath: script } = process.env;
  const [program, before] = script === undefined ? ["npm", []] : [process.execPath, [script]];
  const { stdout } = await promisify(execFile)(program, [...before, ...words], { cwd: folder });
  return stdout;
}

/** Installs what the lock file names and the packed package, unless just those are there. @param {string} folder */
async function install(folder) {
  const hash = createHash("sha256")
    .update(readFileSync(packed))
    .update(readFileSync(`${folder}/package-lock.json`));
  const wanted = hash.digest("hex");
  const stamp = `${folder}/node_modules/.stamp`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await npm(folder, "ci", "--prefer-offline", "--no-audit", "--no-fund");
  await npm(folder, "install", "--no-save", "--no-package-lock", "--prefer-offline", "--no-audit", "--no-fund", packed);
  writeFileSync(stamp, wanted);
}

before(async () => {
  const [listing] = await Promise.all([
    npm(web, "pack", "--json", "--pack-destination", packs),
    launch().then((launched) => {
      browser = launched;
    }),
  ]);
  const [{ filename, files }] = JSON.parse(listing);
  packed = join(packs, filename);
  const names = files.map((/** @type {{ path: string }} */ { path }) => path);
  for (const name of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "dist/types/index.d.ts", "dist/elements.js"]) {
    assert.ok(names.includes(name), `the package lacks ${name}`);
  }
});
after(async () => {
  await browser?.close();
  rmSync(packs, { recursive: true });
});

for (const [sample, site] of /** @type {const} */ ([
  ["vite", "vite/dist"],
  ["webpack", "webpack"],
  ["plain", "plain"],
])) {
  test(`${sample}: the packed package builds, thinks, and shows a figure, in one worker`, async (t) => {
    await install(samples + sample);
    await npm(samples + sample, "run", "build");
    const served = await serve({
      base: "/2026/course/",
      folder: samples + site,
      headers: () => ({ "content-security-policy": POLICY.site }),
    });
    t.after(served.stop);
    const { page, context, complaints, requests } = await watchedPage(browser);
    t.after(() => context.close());
    await page.goto(served.url);
    await page.locator("#answer", { hasText: /^-?\d+$/ }).waitFor({ timeout: 120_000 });
    await page.locator("soft-thought .column").nth(3).waitFor({ timeout: 120_000 });
    assert.equal(page.workers().length, 1);
    assert.deepEqual([...new Set(requests.map((url) => new URL(url).origin))], [served.origin]);
    assert.deepEqual(complaints, []);
  });
}

/** All the JavaScript of a folder. @param {string} folder */
const scriptsOf = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    // Fetched later: the worker, and by it the interpreter of chat templates.
    .filter((name) => name.endsWith(".js") && !/\.(worker|templates)/.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");

test("who imports createLab alone gets no element and nothing of lit", async () => {
  const folder = `${samples}vite`;
  await install(folder);
  await npm(folder, "run", "build");
  await npm(folder, "exec", "--", "vite", "build", "lab-only", "--base", "./");
  const marks = ["litElementVersions", "customElements.define", "soft-mixture"];
  const [whole, lab] = [scriptsOf(`${folder}/dist`), scriptsOf(`${folder}/lab-only/dist`)];
  // With the elements they are there, so that their absence says something.
  for (const mark of marks) assert.ok(whole.includes(mark), mark);
  for (const mark of marks) assert.ok(!lab.includes(mark), mark);
  assert.ok(lab.length > 5000 && lab.length < 30_000, `${lab.length} characters of script`);
});

test("vite's development server bundles the package beforehand, and it thinks", async (t) => {
  const folder = `${samples}vite`;
  await install(folder);
  rmSync(`${folder}/node_modules/.vite`, { recursive: true, force: true });
  const port = await freePort();
  const vite = `${folder}/node_modules/vite/bin/vite.js`;
  const server = spawn(process.execPath, [vite, "--host", "127.0.0.1", "--port", String(port), "--strictPort"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  t.after(() => server.kill());
  const url = `http://127.0.0.1:${port}/`;
  const end = performance.now() + 60_000;
  while (!(await fetch(url).catch(() => undefined))?.ok) {
    assert.ok(performance.now() < end && server.exitCode === null, "vite does not answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { page, context, requests } = await watchedPage(browser);
  t.after(() => context.close());
  await page.goto(url);
  await page.locator("#answer", { hasText: /^-?\d+$/ }).waitFor({ timeout: 120_000 });
  await page.locator("soft-thought [data-engine]").waitFor({ timeout: 120_000 });
  assert.equal(page.workers().length, 1);
  assert.ok(
    requests.some((one) => one.includes("/.vite/deps/soft-thinking-lab.js")),
    requests.join("\n"),
  );
  assert.deepEqual([...new Set(requests.map((one) => new URL(one).origin))], [new URL(url).origin]);
});
