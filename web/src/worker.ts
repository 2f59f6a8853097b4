// The dedicated worker: fetches the wasm module and puts the desk behind the message port. Decides nothing itself.

import init, { Lab, metricDefinitions, presets, summarise, tasks, version } from "#wasm";

import { Desk } from "./desk.js";
import { downloadResponse } from "./download.js";
import type { ToWorker } from "./protocol.js";
import { browserStores } from "./run-store.js";

/** What this file uses of the worker's globals; the DOM types know only the page's. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
}
const scope = globalThis as unknown as WorkerScope;

const desk = new Desk(
  async (signal, onProgress) => {
    const address = new URL("./soft_thinking_lab_bg.wasm", import.meta.url);
    const module = await downloadResponse(address, "application/wasm", { phase: "engine", signal, onProgress });
    await init({ module_or_path: module });
    return { default: init, version, tasks, metricDefinitions, presets, summarise, Lab };
  },
  browserStores(),
  (message, transfer = []) => {
    scope.postMessage(message, transfer);
  },
);

scope.addEventListener("message", (event) => {
  desk.receive(event.data);
});
