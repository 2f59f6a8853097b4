// Bundles the package into dist/: the client, the worker, the interpreter of templates, the elements, the helper for embedding, the wasm module and one model beside them. Types come from tsc.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, stat } from "node:fs/promises";
import { build } from "esbuild";

const glue = new URL("./wasm/soft_thinking_lab.js", import.meta.url).pathname;
const wasm = new URL("./wasm/soft_thinking_lab_bg.wasm", import.meta.url).pathname;
const model = new URL("../www/models/nano-chain_sum.gguf", import.meta.url).pathname;
try {
  await Promise.all([stat(glue), stat(wasm)]);
} catch {
  console.error(
    "web/wasm/ lacks the wasm module: build it from the crate first (`cargo xtask build`, or wasm-pack with `--target web --out-dir web/wasm`).",
  );
  process.exit(1);
}

const module = await readFile(wasm);
const integrity = `sha256-${createHash("sha256").update(module).digest("base64")}`;
const settings = {
  define: { ENGINE_FILE: JSON.stringify({ integrity, bytes: module.byteLength }) },
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
};
/** The elements use the package as everybody does: the file beside theirs. @type {import("esbuild").Plugin} */
const packageBeside = {
  name: "package-beside",
  setup(building) {
    building.onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({ path: "./soft-thinking-lab.js", external: true }));
  },
};
/** Another language's words are a file beside theirs, fetched by those who speak it. @type {import("esbuild").Plugin} */
const languagesBeside = {
  name: "languages-beside",
  setup(building) {
    building.onResolve({ filter: /^\.\/strings\/[a-z]+\.js$/ }, ({ path, kind }) =>
      kind === "dynamic-import" ? { path: path.replace("./strings/", "./elements-"), external: true } : undefined,
    );
  },
};
await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await Promise.all([
  build({ ...settings, entryPoints: ["src/index.ts"], outfile: "dist/soft-thinking-lab.js" }),
  build({
    ...settings,
    entryPoints: ["src/worker.ts"],
    outfile: "dist/soft-thinking-lab.worker.js",
    alias: { "#wasm": glue },
  }),
  // What only language models need, fetched by the worker with the first of them.
  build({ ...settings, entryPoints: ["src/templates.ts"], outfile: "dist/soft-thinking-lab.templates.js" }),
  build({
    ...settings,
    entryPoints: ["src/elements/index.ts"],
    outfile: "dist/elements.js",
    plugins: [packageBeside, languagesBeside],
  }),
  build({ ...settings, entryPoints: ["src/elements/strings/de.ts"], outfile: "dist/elements-de.js" }),
  build({ ...settings, entryPoints: ["src/embed/index.ts"], outfile: "dist/embed.js" }),
  // The model that the elements show unless they are told otherwise.
  mkdir("dist/models").then(() => copyFile(model, "dist/models/nano-chain_sum.gguf")),
  copyFile(wasm, "dist/soft_thinking_lab_bg.wasm"),
]);
