// The package as people get it: packed, installed into a project with Vite, with webpack and without a bundler, built, and opened in
// Chromium from a sub-folder under a strict policy. The projects in samples/ are as somebody new to the package would write them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { launch, watchedPage } from "./browser.mjs";
import { POLICY, serve } from "./served.mjs";

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
