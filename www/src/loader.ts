// Opening labs and reading models into them, with progress on the page and a way to cancel. Which lab is used is the session's business.

import { LabError, createLab } from "soft-thinking-lab";
import type { EngineChoice, Lab, ModelInfo, Progress } from "soft-thinking-lab";

import { checkOf } from "./shipped-models.ts";
import { isGpuCode } from "./state.ts";
import type { Store } from "./state.ts";

export type Source = URL | File | ArrayBuffer;

export class Loader {
  readonly #store: Store;
  readonly #onRecovered: (message: string) => void;
  #loading = new AbortController();

  /** `onRecovered`: the GPU was lost on the way and came back. */
  constructor(store: Store, onRecovered: (message: string) => void) {
    this.#store = store;
    this.#onRecovered = onRecovered;
  }

  async createLab(engine: EngineChoice): Promise<Lab> {
    const { seed } = this.#store.state;
    return await this.#watched("open", (signal, onProgress) => createLab({ engine, seed, signal, onProgress }));
  }

  async read(lab: Lab, source: Source): Promise<ModelInfo> {
    return await this.#watched("model", (signal, onProgress) =>
      lab.loadModel(source, { signal, onProgress, ...checkOf(source) }),
    );
  }

  cancel(): void {
    this.#loading.abort();
  }

  /** Whether what was started last was cancelled, even if too late. */
  get cancelled(): boolean {
    return this.#loading.signal.aborted;
  }

  /** One at a time: what is loading is given up for what comes. */
  async #watched<T>(
    phase: string,
    work: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<T>,
  ): Promise<T> {
    this.#loading.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#store.change({ progress: { phase, loaded: 0, total: 0, text: "" } });
    try {
      return await work(loading.signal, (progress) => {
        if (progress.phase === "recovered") this.#onRecovered(progress.text);
        else if (progress.phase === "notice")
          this.#store.change({ notice: progress.text, announcement: progress.text });
        else if (this.#loading === loading) this.#store.change({ progress });
      });
    } finally {
      if (this.#loading === loading) this.#store.change({ progress: undefined });
    }
  }
}

/** The GPU is what failed: another engine may do. */
export function isGpuRefusal(thrown: unknown): boolean {
  return thrown instanceof LabError && isGpuCode(thrown.code);
}
