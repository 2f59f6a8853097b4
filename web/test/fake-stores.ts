// Stores that keep in memory what the browser's would keep.

import type { Store, StoredExperiment, StoredRun, Stores } from "../src/run-store.js";
import type { Shelf } from "../src/shelf.js";

class Memory<T> implements Store<T> {
  saved: T | undefined;
  load() {
    return Promise.resolve(this.saved);
  }
  save(value: T) {
    this.saved = structuredClone(value);
    return Promise.resolve();
  }
  clear() {
    this.saved = undefined;
    return Promise.resolve();
  }
  /** Another tab has it. */
  elsewhere = false;
  claims = 0;
  claim() {
    if (this.elsewhere) return Promise.resolve(undefined);
    this.claims += 1;
    return Promise.resolve({ release: () => (this.claims -= 1) });
  }
  isClaimed() {
    return Promise.resolve(this.elsewhere);
  }
}

class RunMemory extends Memory<StoredRun> {
  saves: number[] = [];
  override save(run: StoredRun) {
    this.saves.push(run.step);
    return super.save(run);
  }
}

/** Keeps files as they come. */
export class ShelfInMemory implements Shelf {
  kept = new Map<string, Uint8Array<ArrayBuffer>>();
  take(integrity: string) {
    return Promise.resolve(this.kept.get(integrity));
  }
  put(integrity: string, bytes: Uint8Array<ArrayBuffer>) {
    this.kept.set(integrity, bytes);
    return Promise.resolve();
  }
}

export class MemoryStores implements Stores {
  run = new RunMemory();
  experiment = new Memory<StoredExperiment>();
  files = new ShelfInMemory();
}
