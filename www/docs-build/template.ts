// The frame of a documentation page: head, the site's and the documentation's navigation, the text. No script is needed to read it.

import { readFileSync } from "node:fs";

import { PLACES, sites } from "../src/strings/site.ts";
import { escapeHtml } from "./markdown.ts";
import type { Rendered } from "./markdown.ts";
import type { Page } from "./pages.ts";
import { ONLY_ENGLISH, WORDS } from "./words.ts";

export interface Frame extends Rendered, Page {
  pages: readonly Page[];
}

const site = new URL("../", import.meta.url);

/** The same icon as the lab's, taken from there. */
function icon(): string {
  return /<link\s+rel="icon"[^>]*>/.exec(readFileSync(new URL("index.html", site), "utf8"))?.[0] ?? "";
}

/** From a page to the folder that all pages lie in. */
function rootOf({ name }: Pick<Page, "name">): string {
  return "../".repeat(name.split("/").length - 1);
}

function siteLinks(page: Page): string[] {
  const { places } = sites[page.language];
  // German is asked for: the browser may want another language.
  const asked = page.language === "en" ? "" : `#lang=${page.language}`;
  return PLACES.map(({ name: place, address }) => {
    if (place === "docs") return `<a href="index.html" aria-current="true">${places.docs}</a>`;
    return `<a href="${rootOf(page)}${address.replace("./", "../")}${asked}">${places[place]}</a>`;
  });
}

/** The pages of this one's language, then those that are in English only. */
function pageLinks(page: Page, pages: readonly Page[]): string[] {
  const own = pages.filter(({ language }) => language === page.language);
  const short = ({ name }: Page) => name.replace(/^.*\//, "");
  const others =
    page.language === "en"
      ? []
      : pages.filter((one) => !own.includes(one) && !own.some((mine) => short(mine) === short(one)));
  return [
    ...own.map((one) => {
      const here = one.name === page.name;
      return `<li><a href="${short(one)}.html"${here ? ' aria-current="page"' : ""}>${one.title}</a></li>`;
    }),
    ...others.map(
      (one) =>
        `<li><a href="${rootOf(page)}${one.name}.html" hreflang="en"><span lang="en">${one.title}</span> ${WORDS[page.language].english}</a></li>`,
    ),
  ];
}

/** To the same page in the other language, or to that language's first. */
function otherLanguage(page: Page, pages: readonly Page[]): { link: string; alone: string } {
  if (page.language === "de") {
    const { name, change } = sites.en.language;
    const href = `${rootOf(page)}${page.name.slice("de/".length)}.html`;
    return { link: `<a href="${href}" hreflang="en" lang="en" title="${change}">${name}</a>`, alone: "" };
  }
  const { name, change } = sites.de.language;
  const same = pages.some((one) => one.name === `de/${page.name}`);
  const href = `de/${same ? page.name : "index"}.html`;
  const alone = `<p class="only-english" lang="de" hidden>${ONLY_ENGLISH.text} <a href="de/index.html">${ONLY_ENGLISH.link}</a>.</p>`;
  return {
    link: `<a href="${href}" hreflang="de" lang="de"${same ? ` title="${change}"` : ""}>${name}</a>`,
    alone: same ? "" : alone,
  };
}

export function documentOf({ body, sections, description, pages, ...page }: Frame): string {
  const words = WORDS[page.language];
  const root = rootOf(page);
  const inside = sections.map(({ id, words }) => `<li><a href="#${id}">${words}</a></li>`);
  const { link, alone } = otherLanguage(page, pages);
  return `<!doctype html>
<html lang="${page.language}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escapeHtml(description)}" />
    ${icon()}
    <title>${page.title} · Soft Thinking Lab</title>
    <link rel="stylesheet" href="${root}../src/style/docs.css" />
    <script type="module" src="${root}../src/docs.ts"></script>
  </head>
  <body class="docs">
    <a class="skip" href="#text">${words.skip}</a>
    <header class="docs-top">
      <a class="docs-name" href="${root}../index.html${page.language === "en" ? "" : `#lang=${page.language}`}">Soft Thinking Lab</a>
      <nav aria-label="${sites[page.language].nav}">${siteLinks(page).join(" ")} ${link}</nav>
    </header>
    <div class="docs-frame">
      <nav class="docs-pages" aria-label="${words.documentation}">
        <ul>
          ${pageLinks(page, pages).join("\n          ")}
        </ul>
      </nav>
      <main id="text" tabindex="-1">
        ${alone}
        ${inside.length < 3 ? "" : `<details class="docs-inside"><summary>${words.inside}</summary><ul>${inside.join("")}</ul></details>`}
        <article>
${body}
        </article>
      </main>
    </div>
    <footer class="docs-foot"><p>${words.privacy}</p></footer>
  </body>
</html>
`;
}
