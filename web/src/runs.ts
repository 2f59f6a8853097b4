// Runs and experiments of one lab in the worker: one at a time, kept in this browser as they go. Not here: how a run is led from step to
// step (training.ts, experimenting.ts), nor which request comes when (desk.ts).

import { forget } from "./claimed-store.js";
import type { Door, DoorLab } from "./door.js";
import { LabError } from "./error.js";
import { Experimenting } from "./experimenting.js";
import type { Job } from "./job.js";
import type { SavedRun, Wire } from "./protocol.js";
import type { RunStore, Stores } from "./run-store.js";
import type { SemanticEnd, SemanticRunOptions } from "./semantic-protocol.js";
import { SemanticServing } from "./semantic-serving.js";
import { Training } from "./training.js";

/** What the desk does for runs. */
interface ForRuns {
  stores: Stores;
  turn: <T>(job: Job, work: (lab: DoorLab) => T | Promise<T>) => Promise<T>;
  /** The same for work that no lab does. */
  taking: <T>(job: Job, work: () => Promise<T>) => Promise<T>;
  interrupt: (job: Job) => void;
  crashed: () => boolean;
  /** Throws where the lab is not open yet. */
  door: () => Door;
}

export class Runs {
  /** Runs are saved in this browser. */
  kept = true;
  readonly #desk: ForRuns;
  #current: Job | undefined;

  constructor(desk: ForRuns) {
    this.#desk = desk;
  }

  /** A run of training, begun or gone on with by `go`. */
  async train(
    job: Job,
    emit: (body: Wire["train"]["event"]) => void,
    go: (training: Training) => Promise<Wire["train"]["done"]>,
  ): Promise<Wire["train"]["done"]> {
    this.refuseDuring("start a run");
    const training = new Training({
      store: this.#store,
      signal: job.abort.signal,
      emit,
      turn: (work) => this.#desk.turn(job, work),
      interrupt: () => {
        this.#desk.interrupt(job);
      },
    });
    job.training = training;
    job.notify = ({ message, step }) => {
      training.recovered(message, step);
    };
    this.#current = job;
    try {
      return await go(training);
    } finally {
      this.#current = undefined;
    }
  }

  /** An experiment, begun or gone on with by `go`. */
  async experiment(
    job: Job,
    emit: (body: Wire["experiment"]["event"]) => void,
    go: (experimenting: Experimenting) => Promise<Wire["experiment"]["done"]>,
  ): Promise<Wire["experiment"]["done"]> {
    this.refuseDuring("start an experiment");
    job.notify = ({ message }) => {
      emit({ type: "recovered", message });
    };
    this.#current = job;
    try {
      return await go(this.experimenting(job, emit));
    } finally {
      this.#current = undefined;
    }
  }

  experimenting(job: Job, emit: (body: Wire["experiment"]["event"]) => void): Experimenting {
    return new Experimenting({
      store: this.#desk.stores.experiment,
      emit,
      turn: (work) => this.#desk.turn(job, work),
      summarise: (plan, records) => this.#desk.door().summarise(plan, records),
    });
  }

  /** A run of the second lab, which keeps nothing. */
  async semantic(
    options: SemanticRunOptions,
    job: Job,
    emit: (body: Wire["semantic-run"]["event"]) => void,
  ): Promise<SemanticEnd> {
    this.refuseDuring("start a run");
    const door = this.#desk.door();
    const turn = <T>(work: () => T | Promise<T>) => this.#desk.taking(job, async () => await work());
    this.#current = job;
    try {
      const lab = await turn(() => door.SemanticLab.start(options));
      try {
        const serving = new SemanticServing({ signal: job.abort.signal, emit, turn });
        job.training = serving;
        job.interrupt = () => {
          lab.cancel();
        };
        return await serving.run(lab);
      } finally {
        if (!this.#desk.crashed()) lab.free();
      }
    } finally {
      this.#current = undefined;
    }
  }

  /** The run that is kept in this browser. */
  async saved(): Promise<SavedRun | null> {
    const run = await this.#store?.load();
    if (run === undefined) return null;
    const { task, step, savedAt, config, history } = run;
    const elsewhere = this.#current === undefined && (await this.#desk.stores.run.isClaimed());
    return { elsewhere, task, step, savedAt, config, history };
  }

  async forget(): Promise<null> {
    if (this.#store !== undefined) await forget(this.#store, "a training run");
    return null;
  }

  refuseDuring(what: string): void {
    if (this.#current === undefined) return;
    throw new LabError("busy", `cannot ${what} while a training run is in progress: stop it first`);
  }

  /** Where runs are saved, if they are. */
  get #store(): RunStore | undefined {
    return this.kept ? this.#desk.stores.run : undefined;
  }
}
