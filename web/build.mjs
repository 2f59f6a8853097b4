// Bundles the package into dist/: the client, the worker, the elements, and the wasm module beside them. Types come from tsc.

import { copyFile, mkdir, rm, stat } from "node:fs/promises";
import { build } from "esbuild";

const glue = new URL("./wasm/soft_thinking_lab.js", import.meta.url).pathname;
const wasm = new URL("./wasm/soft_thinking_lab_bg.wasm", import.meta.url).pathname;
try {
  await Promise.all([stat(glue), stat(wasm)]);
} catch {
  console.error(
    "web/wasm/ lacks the wasm module: build it from the crate first (`cargo xtask build`, or wasm-pack with `--target web --out-dir web/wasm`).",
  );
  process.exit(1);
}

const settings = {
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
};
await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await Promise.all([
  // What several of them need is in one file of its own: a page that uses two of them has one worker, not two.
  build({
    ...settings,
    entryPoints: {
      "soft-thinking-lab": "src/index.ts",
      "soft-thinking-lab.elements": "src/elements/index.ts",
      "soft-thinking-lab.embed": "src/embed/index.ts",
    },
    splitting: true,
    chunkNames: "soft-thinking-lab.[hash]",
    outdir: "dist",
  }),
  build({
    ...settings,
    entryPoints: ["src/worker.ts"],
    outfile: "dist/soft-thinking-lab.worker.js",
    alias: { "#wasm": glue },
  }),
  copyFile(wasm, "dist/soft_thinking_lab_bg.wasm"),
]);
