// The files that stand in the site as they are: the package (client, worker, wasm) at the root, the shipped weights under
// models/ with an index of their hashes, the results of experiments under results/, and the part of them that a figure needs.
// The page imports the package from there too, so it runs exactly what others embed. Not here: building them.

import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename, extname, join } from "node:path";
import type { Summary } from "soft-thinking-lab";
import type { Plugin } from "vite";

import { SEMANTIC_PAGE, semanticPage } from "./semantic-results.ts";

const PACKAGE = "soft-thinking-lab";
/** What is imported → the package's file. */
const PACKAGE_FILES: Record<string, string> = {
  [PACKAGE]: `${PACKAGE}.js`,
  [`${PACKAGE}/elements`]: "elements.js",
};
const packageFolder = fileURLToPath(new URL("../web/dist/", import.meta.url));
const modelsFolder = fileURLToPath(new URL("./models/", import.meta.url));
const resultsFolder = fileURLToPath(new URL("./results/", import.meta.url));

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".json": "application/json",
  ".map": "application/json",
  ".wasm": "application/wasm",
};

/** Address in the site → file on disk, read anew each time: a rebuilt package is served without a restart. */
function files(): Map<string, string> {
  const found = new Map<string, string>();
  const add = (folder: string, prefix: string, wanted: RegExp, recursive = false) => {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder, { recursive, encoding: "utf8" })) {
      if (wanted.test(name)) found.set(prefix + name.replaceAll("\\", "/"), join(folder, name));
    }
  };
  add(packageFolder, "", /\.(js|map|wasm)$/);
  add(modelsFolder, "models/", /\.(gguf|json)$/);
  add(resultsFolder, "results/", /\.json$/, true);
  return found;
}

const MODELS_INDEX = "models/index.json";
const MODELS_MODULE = "virtual:models";

/** What a model of the site weighs and which bytes it must have, for whoever loads it: `models/index.json`, and inside the page. */
function modelsIndex(found: Map<string, string>): string {
  const models = [...found]
    .filter(([path]) => path.endsWith(".gguf"))
    .map(([path, file]) => {
      const bytes = readFileSync(file);
      const integrity = `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
      return { name: basename(path), bytes: bytes.byteLength, integrity };
    });
  return JSON.stringify(models);
}

const SUMMARY = /^results\/[^/]+\/summary\.json$/;

/** Of each experiment's summary what pages draw of it, a thirtieth of it: address in the site → text. The second lab's has no pass@k. */
function partsOf(found: Map<string, string>): [path: string, text: string][] {
  const parts = [...found]
    .filter(([path]) => SUMMARY.test(path) && !path.startsWith(SEMANTIC_PAGE.replace("page.json", "")))
    .map(([path, file]): [string, string] => [
      path.replace("summary.json", "pass-at-k.json"),
      JSON.stringify(cut(file), rounded),
    ]);
  return [...parts, [SEMANTIC_PAGE, semanticPage(found)]];
}

function cut(file: string): object {
  const { experiment, title, runs, runs_planned, tasks } = JSON.parse(readFileSync(file, "utf8")) as Summary;
  return {
    experiment,
    title,
    runs,
    runs_planned,
    tasks: tasks.map(({ task, difficulty, guess_space, guessing, arms, contrasts }) => ({
      task,
      difficulty,
      guess_space,
      guessing,
      contrasts: contrasts.filter(({ split }) => split === "held_out"),
      arms: arms.map(({ arm, title, seeds, measured, curve }) => ({
        arm,
        title,
        seeds,
        // That there is one tells a trained arm.
        curve: curve.slice(0, 1),
        measured: measured
          .filter(({ split, mode }) => split === "held_out" && mode === "own")
          .slice(-1)
          .map(({ step, split, mode, pass_at_k }) => ({ step, split, mode, pass_at_k })),
      })),
    })),
  };
}

/** Five significant digits: what a figure can show. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}

export function siteFiles(): Plugin {
  let building = false;
  return {
    name: "site-files",
    configResolved(config) {
      building = config.command === "build";
    },
    resolveId(id) {
      if (id === MODELS_MODULE) return `\0${id}`;
      const file = PACKAGE_FILES[id];
      if (file === undefined) return null;
      // Chunks lie in assets/, the package at the root above it.
      return building ? { id: `../${file}`, external: true } : join(packageFolder, file);
    },
    transformIndexHtml: {
      order: "post",
      // Vite writes a page's imports into it as they stand in assets/; from the page the package is one folder nearer.
      handler: (html) => html.replaceAll(/src="\.\.\/((soft-thinking-lab|elements)\.js)"/g, 'src="./$1"'),
    },
    load(id) {
      return id === `\0${MODELS_MODULE}` ? `export const models = ${modelsIndex(files())};` : null;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname).slice(1);
        if (path === MODELS_INDEX) {
          response.setHeader("content-type", "application/json");
          response.end(modelsIndex(files()));
          return;
        }
        const [, part] = partsOf(files()).find(([name]) => name === path) ?? [];
        if (part !== undefined) {
          response.setHeader("content-type", "application/json");
          response.end(part);
          return;
        }
        const file = files().get(path);
        if (file === undefined) {
          next();
          return;
        }
        response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
        createReadStream(file).pipe(response);
      });
    },
    generateBundle() {
      const found = files();
      if (!found.has(`${PACKAGE}.js`)) {
        this.error(`${packageFolder} lacks ${PACKAGE}.js: build the package in web/ first`);
      }
      if (![...found.keys()].some((path) => path.endsWith(".gguf"))) {
        this.warn(`no weights in ${modelsFolder}: the page will ask its visitors for a model file`);
      }
      this.emitFile({ type: "asset", fileName: MODELS_INDEX, source: modelsIndex(found) });
      for (const [fileName, source] of partsOf(found)) this.emitFile({ type: "asset", fileName, source });
      for (const [fileName, file] of found) {
        this.emitFile({ type: "asset", fileName, originalFileName: basename(file), source: readFileSync(file) });
      }
    },
  };
}
