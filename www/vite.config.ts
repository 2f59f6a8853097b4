import { defineConfig } from "vite";

import { offlineBuild } from "./offline-build.ts";
import { siteFiles } from "./site-files.ts";

export default defineConfig({
  // Relative addresses: the site works from any folder of any host.
  base: "./",
  // A missing model is a 404, not the page once more.
  appType: "mpa",
  plugins: [siteFiles(), offlineBuild()],
  build: { outDir: "../dist", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
  server: { fs: { allow: [".."] } },
});
