// The loop around the engine's pieces of an experiment: run after run, kept in this browser as it goes. What a run consists of is the
// engine's business.

import type { DoorLab } from "./door.js";
import { ClaimedStore } from "./claimed-store.js";
import { LabError, asLabError } from "./error.js";
import type {
  ExperimentEnd,
  ExperimentEvent,
  ExperimentOptions,
  ExperimentPlan,
  RunRecord,
  SavedExperiment,
  Summary,
} from "./experiment.js";
import type { ExperimentStore, StoredExperiment } from "./run-store.js";
import { CHECKPOINT_EVERY } from "./training.js";

export interface ExperimentTools {
  store: ExperimentStore;
  emit: (event: ExperimentEvent) => void;
  /** Waits for the engine to be free, then runs `work` on it. */
  turn: <T>(work: (lab: DoorLab) => T | Promise<T>) => Promise<T>;
  summarise: (plan: ExperimentPlan, records: RunRecord[]) => Summary;
}

const WHAT = "an experiment";

export class Experimenting {
  readonly #tools: ExperimentTools;
  readonly #store: ClaimedStore<StoredExperiment>;

  constructor(tools: ExperimentTools) {
    this.#tools = tools;
    this.#store = new ClaimedStore(tools.store);
  }

  /** Every run of `options`, from the model as it is now. */
  async begin(options: ExperimentOptions): Promise<ExperimentEnd> {
    const { plan, task } = options;
    const { arms = plan.arms.map(({ name }) => name), seeds = plan.seeds } = options;
    const start = await this.#tools.turn(async (lab) => {
      // Named now rather than after an hour: an arm that the plan does not have.
      for (const arm of arms) for (const seed of seeds) lab.startArm({ plan, task, arm, seed });
      return await lab.exportModel("safetensors");
    });
    await this.#store.begin();
    return await this.#loop({ plan, task, arms, seeds, savedAt: Date.now(), records: [], current: null, start });
  }

  /** Goes on with the experiment that was kept in this browser. */
  async resumeSaved(): Promise<ExperimentEnd> {
    const kept = await this.#store.resume(WHAT);
    if (kept === undefined) {
      this.#store.release();
      throw new LabError("bad-input", "no experiment is saved in this browser: start one with experiment()");
    }
    return await this.#loop(kept);
  }

  /** For people and pages: without the bytes, with the tables. */
  async saved(): Promise<SavedExperiment | null> {
    const kept = await this.#tools.store.load();
    if (kept === undefined) return null;
    const { plan, task, arms, seeds, savedAt, records, current } = kept;
    const summary = records.length === 0 ? null : this.#tools.summarise(plan, records);
    return { plan, task, arms, seeds, savedAt, records, current, summary };
  }

  async #loop(kept: StoredExperiment): Promise<ExperimentEnd> {
    try {
      for (const seed of kept.seeds) {
        for (const arm of kept.arms) {
          if (!kept.records.some((one) => one.arm === arm && one.seed === seed)) await this.#run(kept, arm, seed);
        }
      }
    } finally {
      this.#store.release();
    }
    return { records: kept.records, summary: this.#tools.summarise(kept.plan, kept.records) };
  }

  async #run(kept: StoredExperiment, arm: string, seed: number): Promise<void> {
    const { emit, turn } = this.#tools;
    const { plan, task, start } = kept;
    const options = { plan, task, arm, seed };
    const begun = kept.current?.arm === arm && kept.current.seed === seed ? kept.current : undefined;
    const { steps } = await turn(async (lab) => {
      // A checkpoint brings its model along.
      if (begun === undefined || kept.checkpoint === undefined) await lab.loadModel(start, () => undefined);
      return begun === undefined ? lab.startArm(options) : await lab.resumeArm(options, begun.record, kept.checkpoint);
    });
    emit({ type: "run", arm, seed, steps, record: begun?.record ?? null });
    for (;;) {
      const did = await turn((lab) =>
        lab.armStep((phase, done, total) => {
          if (phase === "evaluate") emit({ type: "evaluate", arm, seed, done, total });
        }),
      );
      if (did.did === "done") break;
      if (did.did === "started") emit({ type: "started", arm, seed, config: did.config });
      if (did.did === "trained") emit({ type: "step", arm, seed, metrics: { ...did.metrics } });
      if (did.did === "measured" || (did.did === "trained" && Number(did.metrics.step) % CHECKPOINT_EVERY === 0)) {
        await this.#keepUnderWay(kept, arm, seed, steps);
      }
    }
    const record = await turn((lab) => lab.armRecord());
    kept.records.push(record);
    kept.current = null;
    delete kept.checkpoint;
    await this.#keep(kept);
    emit({ type: "finished", arm, seed, record, summary: this.#tools.summarise(plan, kept.records) });
  }

  async #keepUnderWay(kept: StoredExperiment, arm: string, seed: number, steps: number): Promise<void> {
    await this.#tools.turn(async (lab) => {
      const record = lab.armRecord();
      // Both of one moment, or neither.
      const checkpoint = record.config === null ? undefined : await lab.saveRun();
      kept.current = { arm, seed, steps, record };
      if (checkpoint === undefined) delete kept.checkpoint;
      else kept.checkpoint = checkpoint;
    });
    await this.#keep(kept);
  }

  async #keep(kept: StoredExperiment): Promise<void> {
    kept.savedAt = Date.now();
    try {
      await this.#store.save(kept, WHAT);
      this.#tools.emit({ type: "checkpoint", savedAt: kept.savedAt });
    } catch (thrown) {
      this.#tools.emit({ type: "checkpoint-failed", message: asLabError(thrown).message });
    }
  }
}
