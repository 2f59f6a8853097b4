// Stores that keep in memory what the browser's would keep.

import type { KeptFile, ModelShelf, Part } from "../src/model-shelf.js";
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

/** Large files as they come, parts that are left too. */
export class ModelShelfInMemory implements ModelShelf {
  kept = new Map<string, KeptFile>();
  parts = new Map<string, Uint8Array<ArrayBuffer>>();
  /** This browser keeps nothing. */
  closed = false;
  take(name: string) {
    return Promise.resolve(this.kept.get(name));
  }
  drop(name: string) {
    this.kept.delete(name);
    return Promise.resolve();
  }
  started(name: string) {
    return Promise.resolve(this.parts.get(name)?.byteLength ?? 0);
  }
  write(name: string): Promise<Part | undefined> {
    if (this.closed) return Promise.resolve(undefined);
    // Grows by doubling: a copy for each piece of a long file would take minutes.
    let room = new Uint8Array(this.parts.get(name) ?? new ArrayBuffer(0));
    let length = room.byteLength;
    this.parts.delete(name);
    return Promise.resolve({
      get length() {
        return length;
      },
      read: (from, count) => room.slice(from, Math.min(length, from + count)),
      append: (more) => {
        if (length + more.byteLength > room.byteLength) {
          const wider = new Uint8Array(2 * (length + more.byteLength));
          wider.set(room);
          room = wider;
        }
        room.set(more, length);
        length += more.byteLength;
      },
      keep: (integrity) => {
        const file = new Blob([room.subarray(0, length)]);
        this.kept.set(name, { file, integrity });
        return Promise.resolve(file);
      },
      leave: () => {
        this.parts.set(name, room.slice(0, length));
      },
      drop: () => Promise.resolve(),
    });
  }
}

export class MemoryStores implements Stores {
  run = new RunMemory();
  experiment = new Memory<StoredExperiment>();
  files = new ShelfInMemory();
  models = new ModelShelfInMemory();
}
