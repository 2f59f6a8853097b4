// The documentation as pages of the site, docs/NAME.html, in the build and in the development server. Not here: how a page is made.

import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

import { PAGES, renderAll, renderPage } from "./pages.ts";

const site = fileURLToPath(new URL("../", import.meta.url));
/** A page of the documentation, by its path on disk, where no file lies, or by its address. */
const PAGE = /docs\/((?:de\/)?)(?:([\w-]+)\.html)?$/;
const fileOf = (name: string) => `${site}docs/${name}.html`;

function nameIn(path: string): string | undefined {
  const found = PAGE.exec(path);
  return found === null ? undefined : `${found[1] ?? ""}${found[2] ?? "index"}`;
}

/** `input` of the build with the documentation's pages; without any, the lab's page is what Vite would have built. */
function withPages(input: string | string[] | Record<string, string> | undefined): Record<string, string> {
  const given = typeof input === "string" ? [input] : (input ?? ["index.html"]);
  const named = Array.isArray(given)
    ? Object.fromEntries(given.map((file) => [file.replace(/\.html$/, ""), file]))
    : given;
  return { ...named, ...Object.fromEntries(PAGES.map(({ name }) => [`docs-${name.replace("/", "-")}`, fileOf(name)])) };
}

export function docsPages(): Plugin {
  let rendered = new Map<string, string>();
  return {
    name: "docs-pages",
    enforce: "pre",
    config(config) {
      // Set rather than returned: Vite would merge a list of the other pages with these by place.
      const build = (config.build ??= {});
      const options = (build.rolldownOptions ??= {});
      options.input = withPages(options.input);
    },
    buildStart() {
      rendered = renderAll();
    },
    resolveId(id) {
      return PAGES.some(({ name }) => id === fileOf(name)) ? id : null;
    },
    load(id) {
      const name = id.startsWith(`${site}docs/`) ? nameIn(id) : undefined;
      return name === undefined ? null : (rendered.get(name) ?? null);
    },
    configureServer(server) {
      server.watcher.add(`${site}docs`);
      server.watcher.on("change", (path) => {
        if (path.startsWith(`${site}docs/`)) server.ws.send({ type: "full-reload" });
      });
      server.middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? "/", "http://localhost");
        const name = nameIn(pathname);
        const html = name === undefined ? undefined : renderPage(name);
        if (html === undefined) {
          next();
          return;
        }
        server.transformIndexHtml(pathname, html).then((page) => {
          response.setHeader("content-type", "text/html; charset=utf-8");
          response.end(page);
        }, next);
      });
    },
  };
}
