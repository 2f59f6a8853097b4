// Imports the wasm as wasm-pack built it (web/wasm/) and calls its `bench`. A build without that door answers `not built`.
// Not here: what is measured (src/wasm).

/** @param {MessageEvent<{ engine: string, size: string, steps: number }>} message */
globalThis.onmessage = async ({ data }) => {
  postMessage(await answer(data).catch((/** @type {unknown} */ error) => ({ error: String(error) })));
};

/** @param {{ engine: string, size: string, steps: number }} options */
async function answer(options) {
  // A variable, so that esbuild leaves the address alone.
  const address = "/wasm/soft_thinking_lab.js";
  const lab = await import(address).catch(() => null);
  if (typeof lab?.bench !== "function") return { status: "not built", why: "web/wasm has no `bench`" };
  await lab.default();
  return lab.bench(options);
}
