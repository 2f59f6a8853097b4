// The dedicated worker: fetches the wasm module and puts the house behind the message port. Decides nothing itself.

import init, {
  Lab,
  LanguageFile,
  SemanticLab,
  metricDefinitions,
  presets,
  semanticArms,
  summarise,
  tasks,
  version,
} from "#wasm";

import type { RenderTemplate } from "./door.js";
import { engineFile } from "./engine-file.js";
import { LabError } from "./error.js";
import { fetchModule } from "./fetching.js";
import { House } from "./house.js";
import { holdWhileAlive } from "./life.js";
import type { HoldLock, ToWorker } from "./protocol.js";
import { browserStores } from "./run-store.js";

/** What this file uses of the worker's globals; the DOM types know only the page's. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker | HoldLock | null>) => void): void;
}
const scope = globalThis as unknown as WorkerScope;
const stores = browserStores();
/** How long the bytes have to say that they are to blame, once the compiler has complained. */
const UNREAD_MS = 1000;

/** A file beside this one. Bundlers take it along for its address; what they make of an import they cannot follow is nothing. */
const templates = async (): Promise<RenderTemplate> => {
  const { href } = new URL("./soft-thinking-lab.templates.js", import.meta.url);
  try {
    const module = (await import(/* @vite-ignore */ /* webpackIgnore: true */ href)) as typeof import("./templates.js");
    return module.renderTemplate;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new LabError(
      "network",
      `could not fetch ${href}, which writes prompts for language models: ${why}; try again`,
    );
  }
};

const house = new House(async (signal, onProgress) => {
  const address = new URL("./soft_thinking_lab_bg.wasm", import.meta.url).href;
  const start = async (reload: boolean) => {
    const options = { phase: "engine", signal, onProgress, reload };
    const { response, whole } = await fetchModule(address, engineFile.integrity, options, stores.files);
    try {
      await init({ module_or_path: response });
      await whole;
    } catch (thrown) {
      // The compiler complains of bytes that stop coming or are not the module's; why they did is what helps.
      // A policy that forbids to compile leaves them unread, though: then nothing more is to be heard of them.
      const unread = new Promise((resolve) => setTimeout(resolve, UNREAD_MS));
      const why = await Promise.race([unread, whole.catch((error: unknown) => error)]);
      throw why instanceof LabError ? why : thrown;
    }
  };
  await start(false).catch(async (thrown: unknown) => {
    // An HTTP cache may hold the module of before an update.
    if (!(thrown instanceof LabError) || thrown.code !== "integrity") throw thrown;
    await start(true);
  });
  const catalogue = { version, tasks, metricDefinitions, presets, summarise, semanticArms };
  return { default: init, ...catalogue, Lab, LanguageFile, SemanticLab, templates };
}, stores);
const desk = house.desk(scope);

scope.addEventListener("message", ({ data, ports: [port] }) => {
  if (port !== undefined) house.admit(port);
  else if (data?.type === "hold") {
    holdWhileAlive(data, (held) => {
      scope.postMessage(held, []);
    });
  } else if (data !== null) desk.receive(data);
});
