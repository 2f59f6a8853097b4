// Whether every link of the documentation leads somewhere: to a page, a section of it, or another page of the site.

import { existsSync } from "node:fs";

const site = new URL("../", import.meta.url);

/** Any address will do. */
const ROOT = "http://site.test/";

/** Every `href` and `src` of a page. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/<(?:a|img)\s[^>]*?(?:href|src)="([^"]*)"/g)].map((found) =>
    (found[1] ?? "").replaceAll("&amp;", "&"),
  );
}

/** One line for each link that leads nowhere. `pages`: HTML by name; `has`: whether the site has a file. */
export function brokenLinks(
  pages: ReadonlyMap<string, string>,
  has = (path: string) => existsSync(new URL(path, site)),
): string[] {
  const broken: string[] = [];
  for (const [name, html] of pages) {
    for (const link of linksOf(html)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path = "", fragment] = link.split("#");
      // Seen from the page, which may lie in the folder of a language.
      const seen =
        path === "" ? `docs/${name}.html` : new URL(path, `${ROOT}docs/${name}.html`).href.slice(ROOT.length);
      const inDocs = /^docs\/(.*)\.html$/.exec(seen)?.[1];
      if (inDocs === undefined) {
        if (!has(seen)) broken.push(`${name}.md: ${link}: the site has no such file`);
        continue;
      }
      const target = pages.get(inDocs);
      if (target === undefined) broken.push(`${name}.md: ${link}: there is no such page`);
      else if (fragment !== undefined && !target.includes(` id="${fragment}"`)) {
        broken.push(`${name}.md: ${link}: that page has no such section`);
      }
    }
  }
  return broken;
}
