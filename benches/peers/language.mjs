// A language model's file in Chromium: our engines and wllama, one row after the other, each printed as one line of JSON.
// Not here: training steps of small models (run.mjs), the table (../large.md).
//
//   node language.mjs [--model FILE.gguf] [--rounds 3] [--tokens 64] [--only cpu,gpu,wllama] [--patience 120]
//
// The file is SmolLM2-135M-Instruct unless said otherwise, where `cargo xtask test` has put it. `web/dist` must be built.

import { copyFile, mkdir, symlink, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { measureIn } from "./chromium.mjs";
import { quiet } from "./quiet.mjs";
import { bundle, serve } from "./server.mjs";

const { values } = parseArgs({
  options: {
    model: {
      type: "string",
      default: join(homedir(), ".cache/soft-thinking-lab/models/SmolLM2-135M-Instruct.Q4_1.gguf"),
    },
    rounds: { type: "string", default: "3" },
    tokens: { type: "string", default: "64" },
    only: { type: "string", default: "" },
    patience: { type: "string", default: "120" },
  },
});
const prompt =
  "Once upon a time there was a small village near the sea where people told long stories about the old lighthouse and the man who " +
  "kept its lamp burning every single night";
const shared = {
  model: "models/model.gguf",
  prompt,
  tokens: Number(values.tokens),
  rounds: Number(values.rounds),
  context: 256,
};
const rows = [
  { name: "ours, CPU engine, one thread, greedy", page: "words", engine: "cpu", policy: "greedy", group: 1 },
  { name: "ours, CPU engine, one thread, soft", page: "words", engine: "cpu", policy: "soft", group: 1 },
  { name: "ours, CPU engine, one thread, group of 8, soft", page: "words", engine: "cpu", policy: "soft", group: 8 },
  { name: "ours, GPU engine, group of 8, soft", page: "words", engine: "gpu", policy: "soft", group: 8 },
  { name: "ours, GPU engine, one row, soft", page: "words", engine: "gpu", policy: "soft", group: 1 },
  { name: "wllama, one thread", page: "wllama", engine: "wllama", threads: 1 },
  { name: "wllama, two threads and special headers", page: "wllama", engine: "wllama", threads: 2, isolated: true },
];

const out = join(tmpdir(), "soft-thinking-lab-words");
const models = join(tmpdir(), "soft-thinking-lab-words-model");
await bundle(out, ["words", "wllama"]);
const here = fileURLToPath(new URL("./", import.meta.url));
await copyFile(join(here, "node_modules/@wllama/wllama/esm/wasm/wllama.wasm"), join(out, "wllama.wasm"));
await rm(models, { recursive: true, force: true });
await mkdir(models);
await symlink(values.model, join(models, "model.gguf"));
const folders = {
  "/": out,
  "/package/": fileURLToPath(new URL("../../web/dist/", import.meta.url)),
  "/models/": models,
};
const plain = await serve(folders, false);
const isolated = await serve(folders, true);
try {
  for (const { name, page, ...row } of rows) {
    if (values.only !== "" && !values.only.split(",").includes(row.engine)) continue;
    console.error(`${name} …`);
    const before = await quiet(Number(values.patience));
    const url = `${row.isolated ? isolated.url : plain.url}${page}.html`;
    const measured = await measureIn(url, { ...shared, ...row }, { hardware: false, timeout_s: 600 });
    console.log(JSON.stringify({ name, ...before, ...measured }));
  }
} finally {
  plain.stop();
  isolated.stop();
}
