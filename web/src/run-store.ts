// The one saved run of this browser, in IndexedDB. One value under one key in one transaction: a torn write cannot be read back.

import { createStore, del, get, set } from "idb-keyval";

import type { SavedRun } from "./protocol.js";

export interface StoredRun extends SavedRun {
  /** The engine's own checkpoint: parameters, optimizer, configuration, step. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface RunStore {
  load(): Promise<StoredRun | undefined>;
  save(run: StoredRun): Promise<void>;
  clear(): Promise<void>;
}

const KEY = "newest";

export function browserRunStore(): RunStore {
  // Opened on first use: a browser that forbids storage still thinks and trains.
  let opened: ReturnType<typeof createStore> | undefined;
  const store = () => (opened ??= createStore("soft-thinking-lab", "runs"));
  return {
    load: async () => await get<StoredRun>(KEY, store()),
    save: async (run) => {
      await set(KEY, run, store());
    },
    clear: async () => {
      await del(KEY, store());
    },
  };
}
