// Which worker a lab talks to: one of its own, or the one that the labs of a page share. Both kinds of lab live in it side by side.

import type { WorkerPort } from "./calls.js";
import { watched } from "./life.js";
import { ownWorker } from "./own-worker.js";
import { SharedWorkers } from "./shared.js";

/** A worker whose end is noticed. */
const aliveWorker = () => watched(ownWorker());
/** The labs of this page that share a worker. */
const shared = new SharedWorkers(aliveWorker);

/** `undefined`: a worker for this lab alone. */
export function portFor(worker: "shared" | WorkerPort | undefined): WorkerPort {
  return worker === "shared" ? shared.join() : (worker ?? aliveWorker());
}
