// The dedicated worker: fetches the wasm module and puts the house behind the message port. Decides nothing itself.

import init, { Lab, metricDefinitions, presets, summarise, tasks, version } from "#wasm";

import { downloadResponse } from "./download.js";
import { House } from "./house.js";
import type { ToWorker } from "./protocol.js";
import { browserStores } from "./run-store.js";

/** What this file uses of the worker's globals; the DOM types know only the page's. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker | null>) => void): void;
}
const scope = globalThis as unknown as WorkerScope;

const house = new House(async (signal, onProgress) => {
  const address = new URL("./soft_thinking_lab_bg.wasm", import.meta.url);
  const module = await downloadResponse(address, "application/wasm", { phase: "engine", signal, onProgress });
  await init({ module_or_path: module });
  return { default: init, version, tasks, metricDefinitions, presets, summarise, Lab };
}, browserStores());
const desk = house.desk(scope);

scope.addEventListener("message", ({ data, ports: [port] }) => {
  if (port !== undefined) house.admit(port);
  else if (data !== null) desk.receive(data);
});
