// The documentation's pages: which there are, in which order, and each rendered from its Markdown in docs/. Nothing is written here.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Language } from "../src/strings/language.ts";
import { brokenLinks } from "./links.ts";
import { renderMarkdown } from "./markdown.ts";
import { fillParts } from "./parts.ts";
import { documentOf } from "./template.ts";

export interface Page {
  /** Of the file, from docs/ on. */
  name: string;
  /** In the list of pages. */
  title: string;
  language: Language;
}

const ENGLISH = [
  ["index", "Start here"],
  ["teachers", "Teaching"],
  ["worksheet", "Worksheet"],
  ["answers", "Answers"],
  ["embedding", "Embedding"],
  ["config", "Configuration"],
  ["methods", "Methods"],
  ["semantic-ids", "Semantic IDs"],
  ["results", "Results"],
  ["contributing", "Contributing"],
] as const;
/** What a class needs; each is a page of English too. */
const GERMAN = [
  ["index", "Start"],
  ["teachers", "Unterrichten"],
  ["worksheet", "Arbeitsblatt"],
  ["answers", "Lösungen"],
] as const;

export const PAGES: readonly Page[] = [
  ...ENGLISH.map(([name, title]): Page => ({ name, title, language: "en" })),
  ...GERMAN.map(([name, title]): Page => ({ name: `de/${name}`, title, language: "de" })),
];

const docs = new URL("../docs/", import.meta.url);

/** The source of a page, on disk. */
export function sourceOf(name: string): string {
  return fileURLToPath(new URL(`${name}.md`, docs));
}

/** One page as HTML, or undefined where there is none of that name. */
export function renderPage(name: string): string | undefined {
  const page = PAGES.find((one) => one.name === name);
  if (page === undefined) return undefined;
  const source = readFileSync(sourceOf(name), "utf8");
  return documentOf({ ...page, pages: PAGES, ...renderMarkdown(fillParts(source), page.language) });
}

/** All pages by name. Throws where a link leads nowhere. */
export function renderAll(): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name } of PAGES) found.set(name, renderPage(name) ?? "");
  const broken = brokenLinks(found);
  if (broken.length > 0) throw new Error(`links of the documentation that lead nowhere:\n  ${broken.join("\n  ")}`);
  return found;
}
