// Opening labs and reading models into them, with progress on the page and a way to cancel; a lab knows the visitor's own tasks. Which lab
// is used is the session's business.

import { LabError, createLab } from "soft-thinking-lab";
import type { EngineChoice, Lab, ModelInfo, Progress } from "soft-thinking-lab";

import { said, taskHere } from "./engine-words.ts";
import { teach } from "./own-tasks.ts";
import { checkOf } from "./shipped-models.ts";
import { isGpuCode } from "./state.ts";
import type { Store } from "./state.ts";
import { strings } from "./strings/lab.ts";

export type Source = URL | File | ArrayBuffer;

/** Who is told of what happens on the way. */
interface Told {
  /** The GPU was lost and came back. */
  recovered: (message: string) => void;
  /** What went wrong, and what it means for the lab. */
  report: (thrown: unknown, note: string) => void;
}

export class Loader {
  readonly #store: Store;
  readonly #told: Told;
  #loading = new AbortController();

  constructor(store: Store, told: Told) {
    this.#store = store;
    this.#told = told;
  }

  /** A lab with the chosen engine; where that is a GPU and there is none, says why and takes what there is. */
  async openChosen(): Promise<Lab> {
    const { engineChoice } = this.#store.state;
    try {
      return await this.createLab(engineChoice);
    } catch (thrown) {
      if (engineChoice !== "gpu" || !isGpuRefusal(thrown)) throw thrown;
      this.#store.change({ engineChoice: "auto" });
      this.#told.report(thrown, strings.engine.fellBack);
      return await this.createLab("auto");
    }
  }

  async createLab(engine: EngineChoice): Promise<Lab> {
    const { seed } = this.#store.state;
    const lab = await this.#watched("open", (signal, onProgress) => createLab({ engine, seed, signal, onProgress }));
    const { known, lost } = await teach(lab, this.#store.state.own.kept);
    const tasks = [...lab.tasks, ...known].map(taskHere);
    this.#store.change({ tasks, ...(lost === undefined ? {} : { notice: lost }) });
    return lab;
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
        if (progress.phase === "recovered") this.#told.recovered(progress.text);
        else if (progress.phase === "notice")
          this.#store.change({ notice: said(progress.text), announcement: said(progress.text) });
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
