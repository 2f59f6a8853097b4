// Markdown to HTML as the documentation wants it: headings one can link to, tables and code that scroll by keyboard, links between the
// repository's files turned into links between pages. Not here: the page around it (template.ts), whether links lead anywhere (links.ts).

import { existsSync } from "node:fs";

import GithubSlugger from "github-slugger";
import { Marked } from "marked";

import type { Language } from "../src/strings/language.ts";
import { WORDS } from "./words.ts";

export interface Section {
  id: string;
  /** HTML. */
  words: string;
}
export interface Rendered {
  body: string;
  /** The second-level headings. */
  sections: Section[];
  description: string;
}

const repository = new URL("../../", import.meta.url);

/** Files of the repository that are pages of the documentation. */
const FILE_PAGES: Record<string, string> = {
  "RESULTS.md": "results.html",
  "CONTRIBUTING.md": "contributing.html",
  "src/methods.md": "methods.html",
};

/** Taken by tests/page/record-picture.mjs. */
const PICTURE = { file: "lab.webp", width: 1120, height: 700 };

/** Where a link leads: to another page, elsewhere, or (null) to a file that the site does not have. Throws for a file that is not there. */
function targetOf(href: string): string | null {
  if (/^[a-z]+:\/\//.test(href) || href.startsWith("#") || href.startsWith("mailto:")) return href;
  // Of rustdoc, where the same text is read too.
  if (href.startsWith("crate::")) return null;
  const [path = "", fragment] = href.split("#");
  const page = FILE_PAGES[path];
  if (page !== undefined) return fragment === undefined ? page : `${page}#${fragment}`;
  // Addresses of the site, judged by links.ts.
  if (/^[\w-]+\.html$/.test(path) || path.startsWith("../")) return href;
  if (existsSync(new URL(path, repository))) return null;
  throw new Error(`the documentation links to ${href}, which is neither a page nor a file of the repository`);
}

export function renderMarkdown(source: string, language: Language = "en"): Rendered {
  const around = WORDS[language];
  const slugger = new GithubSlugger();
  const sections: Section[] = [];
  let description = "";
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth, text }) {
        const words = this.parser.parseInline(tokens);
        const id = slugger.slug(text.replaceAll(/[`*]/g, ""));
        if (depth === 2) sections.push({ id, words });
        if (depth === 1) return `<h1 id="${id}">${words}</h1>\n`;
        return `<h${depth} id="${id}">${words} <a class="anchor" href="#${id}" aria-label="${around.toSection}">#</a></h${depth}>\n`;
      },
      table(token) {
        // A cell above the names of the rows heads nothing.
        const head = token.header
          .map((cell) =>
            cell.text === "" ? "<td></td>" : `<th scope="col">${this.parser.parseInline(cell.tokens)}</th>`,
          )
          .join("");
        const rows = token.rows.map(
          (row) => `<tr>${row.map((cell) => `<td>${this.parser.parseInline(cell.tokens)}</td>`).join("")}</tr>`,
        );
        // Focusable, so that keys scroll it where it is wider than the page.
        return `<div class="scroll" tabindex="0" role="group" aria-label="${around.table}"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>\n`;
      },
      code({ text, lang }) {
        const language = lang === undefined || lang === "" ? "" : ` class="language-${escapeHtml(lang)}"`;
        return `<pre tabindex="0"><code${language}>${escapeHtml(text)}</code></pre>\n`;
      },
      link({ href, tokens }) {
        const words = this.parser.parseInline(tokens);
        const target = targetOf(href);
        return target === null ? words : `<a href="${escapeHtml(target)}">${words}</a>`;
      },
      image({ href, text }) {
        if (href !== PICTURE.file) throw new Error(`the documentation has no picture ${href}`);
        // Its size is known before it is there, so that the text does not jump.
        return `<img src="${href}" alt="${escapeHtml(text)}" width="${PICTURE.width}" height="${PICTURE.height}" />`;
      },
      paragraph({ tokens, text }) {
        if (description === "") description = text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "");
        return `<p>${this.parser.parseInline(tokens)}</p>\n`;
      },
    },
  });
  return { body: marked.parse(source, { async: false }), sections, description };
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
