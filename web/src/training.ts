// The loop around the engine's training step: pause, resume, stop, collapse, checkpoints. What a step does is the engine's business.

import type { Collapse, DoorLab } from "./door.js";
import { ClaimedStore } from "./claimed-store.js";
import { LabError, asLabError } from "./error.js";
import type { ControlAction, HistoryRow, TrainConfig, TrainEnd, TrainEvent, TrainStart } from "./protocol.js";
import type { RunStore, StoredRun } from "./run-store.js";

/** Steps between checkpoints: what closing the tab may lose. */
export const CHECKPOINT_EVERY = 10;

export interface TrainingTools {
  /** Where the run is saved; undefined: it is not. */
  store: RunStore | undefined;
  signal: AbortSignal;
  emit: (event: TrainEvent) => void;
  /** Waits for the engine to be free, then runs `work` on it. */
  turn: <T>(work: (lab: DoorLab) => T | Promise<T>) => Promise<T>;
  /** Cuts the engine's running operation short, if it is this run's. */
  interrupt: () => void;
}

export class Training {
  readonly #tools: TrainingTools;
  readonly #store: ClaimedStore<StoredRun>;
  #history: HistoryRow[] = [];
  #config: Record<string, unknown> = {};
  #step = 0;
  #stopping = false;
  #paused: PromiseWithResolvers | undefined;
  /** The run waits for what is to become of it. */
  #collapse: OpenCollapse | null = null;
  #returning = false;

  constructor(tools: TrainingTools) {
    this.#tools = tools;
    this.#store = new ClaimedStore(tools.store);
    tools.signal.addEventListener("abort", () => this.#paused?.resolve(), { once: true });
  }

  /** The engine went back to the step of its last good state: those after it are taken again. */
  recovered(message: string, step = this.#step): void {
    this.#goBack(step);
    this.#tools.emit({ type: "recovered", step, message });
  }

  #goBack(step: number): void {
    this.#step = step;
    this.#history = this.#history.filter((row) => row.step <= step);
  }

  control(action: ControlAction): void {
    if (action === "pause") {
      this.#paused ??= withResolvers();
      return;
    }
    if (action === "return-to-best") {
      if (this.#collapse === null) return;
      this.#returning = true;
    }
    const waiting = this.#paused;
    this.#paused = undefined;
    if (action === "stop") {
      this.#stopping = true;
      this.#tools.interrupt();
    }
    waiting?.resolve();
  }

  async begin(config: TrainConfig): Promise<TrainEnd> {
    return await this.#claimed(async () => {
      await this.#store.begin();
      return await this.#start((lab) => lab.startTraining(config));
    });
  }

  async resumeSaved(): Promise<TrainEnd> {
    return await this.#claimed(async () => {
      const saved = await this.#store.resume(WHAT);
      if (saved === undefined) {
        throw new LabError("bad-input", "no run is saved in this browser: start one with train()");
      }
      this.#history = saved.history;
      return await this.#start((lab) => lab.resumeRun(saved.bytes));
    });
  }

  async #claimed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.#store.release();
    }
  }

  async #start(begin: (lab: DoorLab) => Promise<TrainStart>): Promise<TrainEnd> {
    let start: TrainStart;
    try {
      start = await this.#tools.turn(async (lab) => {
        const start = await begin(lab);
        this.#collapse = lab.collapse();
        return start;
      });
    } catch (thrown) {
      if (!this.#cutShortByStop(thrown)) throw thrown;
      return { step: 0, reason: "stopped" };
    }
    return await this.#loop(start);
  }

  #cutShortByStop(thrown: unknown): boolean {
    return this.#stopping && !this.#tools.signal.aborted && asLabError(thrown).code === "cancelled";
  }

  async #loop(start: TrainStart): Promise<TrainEnd> {
    this.#config = start.config;
    this.#step = start.step;
    this.#history = this.#history.filter((row) => row.step <= start.step);
    if (start["val/pass@1"] !== undefined) {
      this.#history.push({ step: start.step, "val/pass@1": start["val/pass@1"], "val/pass@k": start["val/pass@k"] });
    }
    this.#tools.emit({ type: "started", start });
    const stepsMax = typeof start.config.max_steps === "number" ? start.config.max_steps : Infinity;
    for (;;) {
      // After the last step too: its choices are worth as much as before.
      while (this.#collapse !== null && !this.#stopping) await this.#decide(this.#collapse);
      if (this.#step >= stepsMax) break;
      await this.#waitWhilePaused();
      if (this.#stopping || !(await this.#oneStep())) break;
      // A ruined run must not take the place of a good one.
      if (this.#step % CHECKPOINT_EVERY === 0 && this.#collapse === null) await this.#checkpoint();
    }
    await this.#checkpoint();
    return { step: this.#step, reason: this.#stopping ? "stopped" : "finished" };
  }

  /** False where the step was cut short by `stop`: what was learned before it stays. */
  async #oneStep(): Promise<boolean> {
    try {
      const { metrics, samples, remarks } = await this.#tools.turn(async (lab) => {
        const step = this.#step + 1;
        const metrics = await lab.trainStep((progress) => {
          this.#tools.emit({ type: "progress", step, ...progress });
        });
        this.#collapse = lab.collapse();
        return { metrics, samples: lab.samples(), remarks: lab.remarks() };
      });
      this.#step = metrics.step;
      // A copy, since what wasm hands over is a dictionary of several times the size, and a row a step is kept.
      this.#history.push({ ...metrics });
      this.#tools.emit({ type: "metrics", metrics, samples, remarks });
      return true;
    } catch (thrown) {
      if (!this.#cutShortByStop(thrown)) throw thrown;
      return false;
    }
  }

  /** Waits for what is to become of a run that shows a sign of collapse, and does it. */
  async #decide({ step, sign, message, best_step: bestStep }: OpenCollapse): Promise<void> {
    this.#paused ??= withResolvers();
    this.#tools.emit({ type: "collapsed", step, sign, message, ...(bestStep === undefined ? {} : { bestStep }) });
    await this.#paused.promise;
    this.#tools.signal.throwIfAborted();
    if (this.#stopping) return;
    const returning = this.#returning;
    this.#returning = false;
    try {
      if (returning) this.#goBack(await this.#tools.turn((lab) => lab.restoreBest()));
      else
        await this.#tools.turn((lab) => {
          lab.acknowledgeCollapse();
        });
    } catch (thrown) {
      const error = asLabError(thrown);
      if (!returning || error.code !== "not-ready") throw error;
      // The best moment was not kept: the other answers stand.
      this.#collapse = { step, sign, message: error.message };
      return;
    }
    this.#collapse = null;
    if (returning) this.#tools.emit({ type: "returned", step: this.#step });
    this.#tools.emit({ type: "resumed", step: this.#step });
  }

  async #waitWhilePaused(): Promise<void> {
    if (this.#paused === undefined) return;
    await this.#checkpoint();
    this.#tools.emit({ type: "paused", step: this.#step });
    // Read again: resume or stop may have come while the checkpoint was written.
    const paused = this.#paused as PromiseWithResolvers | undefined;
    await paused?.promise;
    if (this.#tools.signal.aborted) throw asLabError(new DOMException("aborted", "AbortError"));
    if (!this.#stopping) this.#tools.emit({ type: "resumed", step: this.#step });
  }

  async #checkpoint(): Promise<void> {
    if (this.#tools.store === undefined) return;
    const savedAt = Date.now();
    try {
      const bytes = await this.#tools.turn((lab) => lab.saveRun());
      const task = typeof this.#config.task === "string" ? this.#config.task : "";
      const [step, config, history] = [this.#step, this.#config, this.#history];
      await this.#store.save({ task, step, savedAt, config, history, bytes }, WHAT);
      this.#tools.emit({ type: "checkpoint", step: this.#step, savedAt });
    } catch (thrown) {
      const error = asLabError(thrown);
      if (error.code === "cancelled" || error.code === "crashed") throw error;
      this.#tools.emit({ type: "checkpoint-failed", step: this.#step, message: error.message });
    }
  }
}

const WHAT = "a training run";

/** Without a best moment there is no way back to it. */
type OpenCollapse = Omit<Collapse, "best_step"> & Partial<Collapse>;

interface PromiseWithResolvers {
  promise: Promise<void>;
  resolve: () => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((go) => {
    resolve = go;
  });
  return { promise, resolve };
}
