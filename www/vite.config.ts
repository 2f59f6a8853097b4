import { readdirSync } from "node:fs";

import { defineConfig } from "vite";

import { docsPages } from "./docs-build/plugin.ts";
import { offlineBuild } from "./offline-build.ts";
import { palette } from "./palette-build.ts";
import { siteFiles } from "./site-files.ts";

/** Every page of the site: the HTML files that lie here. */
const pages = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".html"));

export default defineConfig({
  // Relative addresses: the site works from any folder of any host.
  base: "./",
  // A missing model is a 404, not the page once more.
  appType: "mpa",
  plugins: [docsPages(), siteFiles(), offlineBuild()],
  css: { postcss: { plugins: [palette] } },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: { input: pages },
  },
  server: { fs: { allow: [".."] } },
});
