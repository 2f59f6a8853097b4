// What this page keeps in this browser: own files, and what was to be seen of the newest run, so that a reload loses neither. Not here: the run
// itself, which cannot be gone on with.

import { createStore, delMany, getMany, set } from "idb-keyval";
import type { SemanticRecord } from "soft-thinking-lab/elements";

import type { OwnData, Side } from "./state.ts";

/** Epochs may follow each other faster than a disk likes to write. */
const EVERY_MS = 500;

export type KeptFiles = Pick<OwnData, "items" | "interactions">;

export interface KeptRun {
  /** Which wish it is of; see `nameOfWish`. */
  wish: string;
  sides: readonly Side[];
  records: readonly (SemanticRecord | undefined)[];
}

// Opened on first use: a browser that forbids storage still trains.
let opened: ReturnType<typeof createStore> | undefined;
const place = () => (opened ??= createStore("soft-thinking-lab-semantic", "kept"));

export async function readKept(): Promise<{ files: KeptFiles | undefined; run: KeptRun | undefined }> {
  const [files, run] = await getMany<unknown>(["files", "run"], place());
  return { files: files as KeptFiles | undefined, run: run as KeptRun | undefined };
}

export async function keepFiles({ items, interactions }: KeptFiles): Promise<void> {
  if (items === "" && interactions === "") await delMany(["files"], place());
  else await set("files", { items, interactions }, place());
}

/** Writes the newest state of a run, one write at a time, none faster than `EVERY_MS`. */
export class RunKeeper {
  readonly #failed: (thrown: unknown) => void;
  #newest: (() => KeptRun) | undefined;
  #writing = false;

  /** `failed` is told the first failure; after it nothing more is kept. */
  constructor(failed: (thrown: unknown) => void) {
    this.#failed = failed;
  }

  /** `run` is asked when it is written. */
  keep(run: () => KeptRun): void {
    this.#newest = run;
    if (!this.#writing) void this.#write();
  }

  async forget(): Promise<void> {
    this.#newest = undefined;
    await delMany(["run"], place()).catch(() => undefined);
  }

  async #write(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#newest !== undefined) {
        const run = this.#newest;
        this.#newest = undefined;
        await set("run", run(), place());
        await new Promise((done) => setTimeout(done, EVERY_MS));
      }
      this.#writing = false;
    } catch (thrown) {
      this.#failed(thrown);
    }
  }
}
