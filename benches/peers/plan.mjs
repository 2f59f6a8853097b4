// Which rows there are: engine, backend, size, and how many steps a row may take. Not here: how a row is measured.

import { readFileSync } from "node:fs";

/**
 * `engine` is the name in the table, `page` the html file, `isolated` whether the page may use threads.
 * @typedef {{ engine: string, page: string, backend: string, size: string, isolated: boolean, steps: number, budget_ms: number,
 *             slow: boolean, version: string }} Row
 */

/** The name a person chooses by, its page, and what stands in its package.json as version. */
const ENGINES = [
  { engine: "ours", page: "ours", package: "../../web" },
  { engine: "jax-js", page: "jax", package: "node_modules/@jax-js/jax" },
  { engine: "tfjs", page: "tfjs", package: "node_modules/@tensorflow/tfjs-core" },
  { engine: "burn", page: "burn", package: null },
];

/** Backends of each engine; `slow` is left out of quick runs at `mid`, `only` names the sizes that are bearable. */
const BACKENDS =
  /** @type {Record<string, { backend: string, isolated?: boolean, slow?: boolean, only?: string[] }[]>} */ ({
    ours: [{ backend: "cpu" }, { backend: "gpu" }],
    "jax-js": [{ backend: "wasm" }, { backend: "wasm, threads", isolated: true }, { backend: "webgpu", slow: true }],
    tfjs: [
      { backend: "wasm", slow: true },
      { backend: "wasm, threads", isolated: true, slow: true },
      { backend: "webgpu", slow: true },
      { backend: "cpu", only: ["small"], slow: true },
    ],
    burn: [{ backend: "webgpu", slow: true }],
  });

/** What peers can be asked for; ours knows its presets too. */
const PEER_SIZES = ["small", "mid"];
export const OUR_SIZES = [...PEER_SIZES, "nano", "micro", "mini"];

/** @param {string | null} folder */
function versionOf(folder) {
  if (folder === null) return "0.22.1"; // burn-web/Cargo.toml
  const path = new URL(`./${folder}/package.json`, import.meta.url);
  return String(JSON.parse(readFileSync(path, "utf8")).version);
}

/**
 * @param {{ only: string[], sizes: string[], quick: boolean }} wanted engines and sizes; an empty list of engines is all of them
 * @returns {Row[]}
 */
export function plan({ only, sizes, quick }) {
  const rows = [];
  for (const { engine, page, package: folder } of ENGINES) {
    if (only.length > 0 && !only.includes(engine)) continue;
    const version = versionOf(folder);
    for (const size of sizes.filter((one) => engine === "ours" || PEER_SIZES.includes(one))) {
      for (const { backend, isolated = false, slow = false, only: bearable } of BACKENDS[engine] ?? []) {
        if (bearable && !bearable.includes(size)) continue;
        if (quick && slow && size !== "small") continue;
        const steps = quick ? 5 : size === "small" || size === "nano" ? 20 : 8;
        rows.push({ engine, page, version, backend, size, isolated, slow, steps, budget_ms: quick ? 8_000 : 30_000 });
      }
    }
  }
  return rows;
}
