// Our own engines, where the lab has them too: in a worker. The page only waits and measures how free its thread stays.
// Not here: the measurement (`bench` of the wasm module).

import { blockMeter, breathe, offer } from "./meter.mjs";

offer(async ({ backend, size, steps }) => {
  const worker = new Worker("./ours-worker.js", { type: "module" });
  const meter = blockMeter();
  await breathe();
  meter.take();
  try {
    const answer = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        resolve(data);
      };
      worker.onerror = ({ message }) => {
        reject(new Error(message === "" ? "the worker did not start" : message));
      };
      worker.postMessage({ engine: backend, size, steps });
    });
    return { ...answer, block_ms: meter.take() };
  } finally {
    meter.stop();
    worker.terminate();
  }
});
