// How the documentation's sources become pages: parts taken from elsewhere, links between files turned into links between pages, and
// what stops the build.

import { readFileSync, readdirSync } from "node:fs";

import { expect, test, vi } from "vitest";

import { de as germanFigures } from "../../web/src/elements/strings/de.ts";
import { en as englishFigures } from "../../web/src/elements/strings/en.ts";

import { rowsOf } from "../docs-build/interfaces.ts";
import { brokenLinks } from "../docs-build/links.ts";
import { renderMarkdown } from "../docs-build/markdown.ts";
import { PAGES, renderAll, renderPage, sourceOf } from "../docs-build/pages.ts";
import { fillParts } from "../docs-build/parts.ts";

// Reading the package's types takes a moment, and a long one on a machine with other work.
vi.setConfig({ testTimeout: 60_000 });

test("a link to a file of the repository leads to its page, or is text where the site has none", () => {
  const { body } = renderMarkdown(
    "[a](RESULTS.md#the-search) [b](src/methods.md) [c](LICENSE) [d](crate::math) [e](https://x.test/)",
  );
  expect(body).toContain(
    '<a href="results.html#the-search">a</a> <a href="methods.html">b</a> c d <a href="https://x.test/">e</a>',
  );
  expect(() => renderMarkdown("[a](src/gone.rs)")).toThrow(
    "src/gone.rs, which is neither a page nor a file of the repository",
  );
});

test("links that lead nowhere are named: page, section, file of the site", () => {
  const page = (links: string[]) => links.map((link) => `<a href="${link}">x</a>`).join("") + '<h2 id="here">';
  const pages = new Map([
    ["one", page(["#here", "two.html#here", "../index.html#task=reach", "https://x.test/#y"])],
    ["two", page(["#gone", "three.html", "one.html#gone", "../nowhere.html"])],
  ]);
  expect(brokenLinks(pages, (path) => path === "index.html")).toEqual([
    "two.md: #gone: that page has no such section",
    "two.md: three.html: there is no such page",
    "two.md: one.html#gone: that page has no such section",
    "two.md: ../nowhere.html: the site has no such file",
  ]);
});

test("headings of one name get different places, and only second-level ones are listed", () => {
  const { body, sections } = renderMarkdown("# A\n\nText.\n\n## `top_k` is 5\n\n### Same\n\n### Same");
  expect(sections).toEqual([{ id: "top_k-is-5", words: "<code>top_k</code> is 5" }]);
  expect(body).toContain('id="same"');
  expect(body).toContain('id="same-1"');
});

test("parts are taken from where they stand, and one that is not there stops the build", () => {
  expect(fillParts("{{file RESULTS.md}}")).toMatch(/^# What the experiment found/);
  const map = fillParts("{{file README.md#where-things-are}}");
  expect(map).toMatch(/^## Where things are/);
  expect(map).not.toContain("## Use it from JavaScript");
  expect(fillParts("{{snippet tests/page/snippets/train.js}}")).toMatch(/^````js\nimport \{ createLab \}/);
  expect(() => fillParts("{{file README.md#gone}}")).toThrow("README.md has no section gone");
  expect(() => fillParts("{{snippet gone.js}}")).toThrow("gone.js");
  expect(() => fillParts("{{charts}}")).toThrow("there is no part {{charts}}");
});

test("rows of the package's options: own and inherited keys, choices spelled out, comments in one line", () => {
  const rows = rowsOf("MultiplexPolicy");
  expect(rows.map(({ key }) => key)).toEqual(
    expect.arrayContaining([
      "kind",
      "multiplex_width",
      "weighted",
      "temperature",
      "top_p",
      "max_thought_length",
      "answer",
    ]),
  );
  expect(rows.find(({ key }) => key === "kind")).toEqual({
    key: "kind",
    type: '"multiplex"',
    optional: false,
    text: "",
  });
  expect(rowsOf("RunKeys").find(({ key }) => key === "objective")?.type).toBe(
    '"soft_grpo" | "grpo" | "soft_tokens" | "multiplex"',
  );
  expect(() => rowsOf("Gone")).toThrow("no interface Gone");
});

test("every option of training says what it is", () => {
  const groups = ["DecodingKeys", "SoftKeys", "LossKeys", "RewardKeys", "WatchKeys"];
  const silent = groups.flatMap((name) => rowsOf(name).filter(({ text }) => text === ""));
  expect(silent.map(({ key }) => key)).toEqual(["ref_model_sync_steps"]);
});

test("all pages are made, each with its own address alone marked as here", () => {
  const pages = renderAll();
  for (const [name, html] of pages) {
    expect(html.match(/aria-current="page"/g)).toHaveLength(1);
    expect(html).toContain(`<a href="${name.replace("de/", "")}.html" aria-current="page">`);
    expect(html).toContain(`<html lang="${name.startsWith("de/") ? "de" : "en"}">`);
    // Where they are spoken of they stand in code.
    expect(html).not.toMatch(/^(<p>)?\{\{/m);
  }
  expect(renderPage("gone")).toBeUndefined();
});

// ---------------------------------------------------------------- German

const GERMAN = PAGES.filter(({ language }) => language === "de").map(({ name }) => name);

test("every German source is a page, and each is one of English too", () => {
  const sources = readdirSync(new URL("../docs/de/", import.meta.url)).filter((name) => name.endsWith(".md"));
  expect(sources.map((name) => `de/${name.replace(".md", "")}`).sort()).toEqual([...GERMAN].sort());
  for (const name of GERMAN) {
    const english = name.replace("de/", "");
    expect(renderPage(english)).toContain(`<a href="${name}.html" hreflang="de" lang="de"`);
    expect(renderPage(name)).toContain(`<a href="../${english}.html" hreflang="en" lang="en"`);
  }
});

test("a page that is in English only says so in German, and the list of a German page says it too", () => {
  for (const { name, language } of PAGES) {
    const alone = language === "en" && !GERMAN.includes(`de/${name}`);
    expect((renderPage(name) ?? "").includes('<p class="only-english" lang="de" hidden>'), name).toBe(alone);
  }
  expect(renderPage("de/index")).toContain(
    '<a href="../embedding.html" hreflang="en"><span lang="en">Embedding</span> (englisch)</a>',
  );
});

test("a German page has every number, every sum and every heading of the English one, in its order", () => {
  for (const name of GERMAN) {
    const [here, there] = [name, name.replace("de/", "")].map((one) => readFileSync(sourceOf(one), "utf8"));
    expect(counts(numbersOf(here ?? "")), name).toEqual(counts(numbersOf(there ?? "")));
    expect(codeOf(here ?? ""), name).toEqual(codeOf(there ?? ""));
    expect(depthsOf(here ?? ""), name).toEqual(depthsOf(there ?? ""));
  }
});

/** Numbers as values, whatever the decimal sign; years, addresses and marks of lists left out. */
function numbersOf(text: string): number[] {
  const plain = text
    .replaceAll(/\]\([^)]*\)/g, "]")
    .replaceAll(/^\d+\. /gm, "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/(\d) (\d{3})\b/g, "$1$2")
    // Small numbers may be words.
    .replaceAll(/arXiv [\d.]+|\b\d{4}\b/g, "");
  return [...plain.matchAll(/−?(?:\d+(?:[.,]\d+)?|\.\d+)/g)].map(([found]) =>
    Number(found.replace("−", "-").replace(",", ".")),
  );
}

function counts(numbers: readonly number[]): [number, number][] {
  const found = new Map<number, number>();
  for (const one of numbers) found.set(one, (found.get(one) ?? 0) + 1);
  return [...found].sort(([a], [b]) => a - b);
}

function codeOf(text: string): string[] {
  return [...text.matchAll(/`[^`]+`/g)].map(([found]) => found).sort();
}

function depthsOf(text: string): number[] {
  return [...text.matchAll(/^(#+) /gm)].map(([, signs]) => signs?.length ?? 0);
}

test("what a German page tells to press is called so on the German page", async () => {
  const [english, german] = await Promise.all(
    (["en", "de"] as const).map(async (one) => [
      (await import(`../src/strings/${one}/lab.ts`)) as unknown,
      (await import(`../src/strings/${one}/learn.ts`)) as unknown,
      one === "en" ? englishFigures : germanFigures,
    ]),
  );
  const names = (words: unknown) => new Set(leavesOf(words));
  const [theirs, ours] = [names(english), names(german)];
  for (const name of GERMAN) {
    const [here, there] = [name, name.replace("de/", "")].map((one) =>
      readFileSync(sourceOf(one), "utf8").replaceAll(/\s+/g, " "),
    );
    const pressed = boldOf(there ?? "").filter((one) => theirs.has(one));
    const said = boldOf(here ?? "").filter((one) => ours.has(one));
    expect(said.length, `${name}: ${said.join(", ")} for ${pressed.join(", ")}`).toBe(pressed.length);
  }
});

function boldOf(text: string): string[] {
  return [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, bold]) => bold ?? "");
}

function leavesOf(words: unknown): string[] {
  if (typeof words === "string") return [words];
  return typeof words === "object" && words !== null ? Object.values(words).flatMap(leavesOf) : [];
}
