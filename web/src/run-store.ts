// What this browser keeps, in IndexedDB: the newest run, the newest experiment. One value under one key in one transaction: a torn
// write cannot be read back. Who does that run holds a lock, so that a second tab neither overwrites nor resumes it.

import { createStore, del, get, set } from "idb-keyval";

import { claim, isClaimed } from "./claims.js";
import type { SavedExperiment } from "./experiment.js";
import { browserModelShelf } from "./model-shelf.js";
import type { ModelShelf } from "./model-shelf.js";
import type { SavedRun } from "./protocol.js";
import { browserShelf } from "./shelf.js";
import type { Shelf } from "./shelf.js";

export interface StoredRun extends SavedRun {
  /** The engine's own checkpoint: parameters, optimizer, configuration, step. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface StoredExperiment extends Omit<SavedExperiment, "summary"> {
  /** The model every run starts from. */
  start: Uint8Array<ArrayBuffer>;
  /** The engine's own, of the same moment as the record of the run under way; absent until that trains. */
  checkpoint?: Uint8Array<ArrayBuffer>;
}

export interface Store<T> {
  load(): Promise<T | undefined>;
  save(value: T): Promise<void>;
  clear(): Promise<void>;
  /** Claims what is kept until it is released; undefined where another tab, or another lab of this one, has it for longer than that. */
  claim(patienceMs: number): Promise<Claim | undefined>;
  /** Whether another has it. */
  isClaimed(): Promise<boolean>;
}
export interface Claim {
  release(): void;
}
export type RunStore = Store<StoredRun>;
export type ExperimentStore = Store<StoredExperiment>;

export interface Stores {
  run: RunStore;
  experiment: ExperimentStore;
  files: Shelf;
  models: ModelShelf;
}

export function browserStores(): Stores {
  // Opened on first use: a browser that forbids storage still thinks and trains.
  let opened: ReturnType<typeof createStore> | undefined;
  const store = () => (opened ??= createStore("soft-thinking-lab", "runs"));
  const under = <T>(key: string): Store<T> => ({
    load: async () => await get<T>(key, store()),
    save: async (value) => {
      await set(key, value, store());
    },
    clear: async () => {
      await del(key, store());
    },
    claim: (patienceMs) => claim(`soft-thinking-lab-${key}`, patienceMs),
    isClaimed: () => isClaimed(`soft-thinking-lab-${key}`),
  });
  return { run: under("newest"), experiment: under("experiment"), files: browserShelf(), models: browserModelShelf() };
}
