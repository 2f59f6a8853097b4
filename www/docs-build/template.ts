// The frame of a documentation page: head, the site's and the documentation's navigation, the text. No script is needed to read it.

import { readFileSync } from "node:fs";

import { site as words } from "../src/strings/en/site.ts";
import { PLACES } from "../src/strings/site.ts";
import { escapeHtml } from "./markdown.ts";
import type { Rendered } from "./markdown.ts";

export interface Frame extends Rendered {
  name: string;
  title: string;
  pages: readonly (readonly [string, string])[];
}

const site = new URL("../", import.meta.url);

/** The same icon as the lab's, taken from there. */
function icon(): string {
  return /<link\s+rel="icon"[^>]*>/.exec(readFileSync(new URL("index.html", site), "utf8"))?.[0] ?? "";
}

export function documentOf({ name, title, pages, body, sections, description }: Frame): string {
  const siteLinks = PLACES.map(({ name: place, address }) => {
    const here = place === "docs" ? ' aria-current="true"' : "";
    return `<a href="${address.replace("./docs/", "").replace("./", "../")}"${here}>${words.places[place]}</a>`;
  });
  const pageLinks = pages.map(([file, words]) => {
    const here = file === name;
    return `<li><a href="${file}.html"${here ? ' aria-current="page"' : ""}>${words}</a></li>`;
  });
  const inside = sections.map(({ id, words }) => `<li><a href="#${id}">${words}</a></li>`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escapeHtml(description)}" />
    ${icon()}
    <title>${title} · Soft Thinking Lab</title>
    <link rel="stylesheet" href="../src/style/docs.css" />
    <script type="module" src="../src/docs.ts"></script>
  </head>
  <body class="docs">
    <a class="skip" href="#text">Skip to the text</a>
    <header class="docs-top">
      <a class="docs-name" href="../index.html">Soft Thinking Lab</a>
      <nav aria-label="Site">${siteLinks.join(" ")}</nav>
    </header>
    <div class="docs-frame">
      <nav class="docs-pages" aria-label="Documentation">
        <ul>
          ${pageLinks.join("\n          ")}
        </ul>
      </nav>
      <main id="text" tabindex="-1">
        ${inside.length < 3 ? "" : `<details class="docs-inside"><summary>On this page</summary><ul>${inside.join("")}</ul></details>`}
        <article>
${body}
        </article>
      </main>
    </div>
    <footer class="docs-foot"><p>Nothing you do here leaves your browser.</p></footer>
  </body>
</html>
`;
}
