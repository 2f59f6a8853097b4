// How much memory a page and its worker hold: linear wasm memory, both JavaScript heaps after garbage collection, the renderer's
// resident set. Works by instruments put around the page, never in it. Not here: how much is too much.

import { readFile } from "node:fs/promises";

/** What a browser must be launched with: the worker's garbage cannot be collected from outside. */
export const MEMORY_FLAGS = ["--js-flags=--expose-gc"];

/**
 * Call before the page is opened.
 * @param {import("playwright-core").Browser} browser
 * @param {import("playwright-core").Page} page
 */
export async function memoryProbe(browser, page) {
  // The wasm memory is known to the worker's module alone: a line before it keeps the one that is made.
  await page.context().route("**/soft-thinking-lab.worker.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: keepMemory + (await response.text()) });
  });
  return {
    sample: async () => {
      const session = await page.context().newCDPSession(page);
      const worker = await workerSession(session);
      const [module] = page.workers();
      if (module === undefined) throw new Error("the page has no worker");
      await session.send("HeapProfiler.collectGarbage");
      const wasm_bytes = Number(
        await module.evaluate(() => {
          const collect = /** @type {() => void} */ (Reflect.get(globalThis, "gc"));
          collect();
          return Reflect.get(globalThis, "wasmMemory").buffer.byteLength;
        }),
      );
      const page_heap_bytes = heapBytes(await session.send("Runtime.getHeapUsage"));
      const worker_heap_bytes = heapBytes(await worker("Runtime.getHeapUsage"));
      const renderer_rss_bytes = await rendererBytes(browser);
      await session.detach();
      const live_bytes = wasm_bytes + worker_heap_bytes + page_heap_bytes;
      return { live_bytes, wasm_bytes, worker_heap_bytes, page_heap_bytes, renderer_rss_bytes };
    },
  };
}

/** @param {unknown} usage */
function heapBytes(usage) {
  return Number(Reflect.get(Object(usage), "usedSize"));
}

const keepMemory = `{
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiate.apply(WebAssembly, given);
    globalThis.wasmMemory = made.instance.exports.memory;
    return made;
  };
}
`;

/**
 * A way to send protocol commands to the page's dedicated worker.
 * @param {import("playwright-core").CDPSession} session
 * @returns {Promise<(method: string) => Promise<unknown>>}
 */
async function workerSession(session) {
  const attached = new Promise((resolve) => {
    session.on("Target.attachedToTarget", ({ targetInfo, sessionId }) => {
      if (targetInfo.type === "worker") resolve(sessionId);
    });
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  let last = 0;
  return async (method) => {
    const id = ++last;
    const answer = new Promise((resolve) => {
      session.on("Target.receivedMessageFromTarget", ({ message }) => {
        const parsed = JSON.parse(message);
        if (parsed.id === id) resolve(parsed.result);
      });
    });
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) });
    return await answer;
  };
}

/**
 * Resident bytes of the largest renderer, where /proc tells; 0 elsewhere. The browser keeps others, for its own surfaces and in
 * reserve: they are not the page's.
 * @param {import("playwright-core").Browser} browser
 */
async function rendererBytes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    });
  return Math.max(0, ...(await Promise.all(sizes)));
}
