// Whether every link of the documentation leads somewhere: to a page, a section of it, or another page of the site.

import { existsSync } from "node:fs";

const site = new URL("../", import.meta.url);

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
      if (path.startsWith("../")) {
        if (!has(path.slice(3))) broken.push(`${name}.md: ${link}: the site has no such file`);
        continue;
      }
      if (path.endsWith(".webp") && has(`docs/${path}`)) continue;
      const target = path === "" ? html : pages.get(path.replace(/\.html$/, ""));
      if (target === undefined) broken.push(`${name}.md: ${link}: there is no such page`);
      else if (fragment !== undefined && !target.includes(` id="${fragment}"`)) {
        broken.push(`${name}.md: ${link}: that page has no such section`);
      }
    }
  }
  return broken;
}
