// The page says that its stored thoughts were recorded from the shipped models: this holds it to that.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const models = fileURLToPath(new URL("../models/", import.meta.url));
const stored = fileURLToPath(new URL("../src/stored/", import.meta.url));
// A task's own model is nano-TASK.gguf; nano-TASK-DIFFICULTY.gguf is the experiment's, which the page offers no example of.
const shipped = existsSync(models) ? readdirSync(models).filter((name) => /^nano-\w+\.gguf$/.test(name)) : [];

test("there are models to speak of", () => {
  expect(shipped.length).toBeGreaterThanOrEqual(7);
});

test.each(shipped)("%s has a stored thought, recorded from exactly this file", (name) => {
  const file = `${stored}${name.replace(/^nano-/, "").replace(/\.gguf$/, "")}.json`;
  const again = "record it anew: build the site, then `node record-thoughts.mjs` in tests/page";
  expect(existsSync(file), again).toBe(true);
  const thought = JSON.parse(readFileSync(file, "utf8")) as { model_sha256: string };
  const sha256 = createHash("sha256")
    .update(readFileSync(models + name))
    .digest("hex");
  expect(thought.model_sha256, again).toBe(sha256);
});

test("stored thoughts without a shipped model are not kept", () => {
  const tasks = existsSync(stored) ? readdirSync(stored).map((name) => name.replace(".json", "")) : [];
  const known = shipped.map((name) => name.replace(/^nano-/, "").replace(/\.gguf$/, ""));
  if (shipped.length > 0) expect(tasks.filter((task) => !known.includes(task))).toEqual([]);
});
