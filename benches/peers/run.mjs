// Measures our engines and their peers in Chromium, one row after the other, and prints each as one line of JSON.
// Not here: the table (xtask/src/bench), the rows (plan.mjs), the native peers (torch/).
//
//   node run.mjs [--only ours,jax-js,tfjs,burn] [--sizes small,mid,nano,micro] [--quick] [--patience 60] [--rounds 1]
//                [--hardware] [--out FOLDER] [--burn FOLDER] [--list]

import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { measureIn } from "./chromium.mjs";
import { OUR_SIZES, plan } from "./plan.mjs";
import { quiet } from "./quiet.mjs";
import { bundle, serve } from "./server.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    sizes: { type: "string", default: "small,mid,nano,micro" },
    quick: { type: "boolean", default: false },
    patience: { type: "string", default: "60" },
    rounds: { type: "string", default: "1" },
    hardware: { type: "boolean", default: false },
    out: { type: "string", default: join(tmpdir(), "soft-thinking-lab-peers") },
    burn: { type: "string", default: "" },
    list: { type: "boolean", default: false },
  },
});
const names = (/** @type {string} */ text) => text.split(",").filter(Boolean);
const sizes = names(values.sizes);
const strange = sizes.filter((size) => !OUR_SIZES.includes(size));
if (strange.length > 0)
  throw new Error(`--sizes: expected some of ${OUR_SIZES.join(", ")}, found ${strange.join(", ")}`);
const rows = plan({ only: names(values.only), sizes, quick: values.quick });
if (rows.length === 0) throw new Error(`--only: no engine is called ${values.only}`);
const timeout_s = values.quick ? 180 : 600;

if (values.list) {
  for (const row of rows) console.log(`${row.engine} ${row.backend} ${row.size}`);
} else {
  await bundle(values.out);
  const wasm = fileURLToPath(new URL("../../web/wasm/", import.meta.url));
  const folders = { "/": values.out, "/wasm/": wasm, ...(values.burn === "" ? {} : { "/burn/": values.burn }) };
  const plain = await serve(folders, false);
  const isolated = await serve(folders, true);
  try {
    for (let round = 1; round <= Number(values.rounds); round += 1) for (const row of rows) await one(row, round);
  } finally {
    plain.stop();
    isolated.stop();
  }

  /**
   * @param {import("./plan.mjs").Row} row
   * @param {number} round
   */
  async function one(row, round) {
    const { engine, version, page, backend, size, steps, budget_ms } = row;
    console.error(`${engine} ${backend} ${size} …`);
    const before = await quiet(Number(values.patience));
    const url = `${row.isolated ? isolated.url : plain.url}${page}.html`;
    const settings = { hardware: values.hardware, timeout_s };
    const measured = await measureIn(url, { backend, size, steps, budget_ms }, settings);
    console.log(JSON.stringify({ where: "browser", engine, version, backend, size, round, ...before, ...measured }));
  }
}
