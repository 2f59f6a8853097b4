// Does a reduced experiment of the published plan in this tab: two arms, one seed, in a lab of its own, kept in the browser as it goes.
// Not here: what a run does (the package), what it is compared with (overlay.ts).

import { createLab } from "soft-thinking-lab";
import type { ExperimentEvent, ExperimentOptions, Lab, SavedExperiment } from "soft-thinking-lab";

import { armTitle, problemText, said } from "./engine-words.ts";
import type { Results } from "./results.ts";
import { chosenTask } from "./results-state.ts";
import { saveFile } from "./save-file.ts";
import type { Session } from "./session.ts";
import { checkOf } from "./shipped-models.ts";
import type { Store } from "./state.ts";
import { strings } from "./strings/lab.ts";
import { goingOf, initialTrial, isTrying, reduced, usualArms } from "./trial-state.ts";
import type { Current, Going, TrialState } from "./trial-state.ts";

/** Weight of the newest step or question in the smoothed time it takes. */
const NEWEST_WEIGHT = 0.2;
/** Steps between spoken milestones. */
const MILESTONE_EVERY = 25;
/** Curves are drawn anew no oftener: an eye needs the time, and so does the page. */
const DRAW_EVERY_MS = 200;

export class Trial {
  readonly #store: Store;
  readonly #session: Session;
  readonly #results: Results;
  #lab: Lab | undefined;
  #abort = new AbortController();
  #before = 0;
  #drawnAt = 0;
  /** The run under way; the page is told of it now and then. */
  #current: Current | undefined;

  constructor(store: Store, session: Session, results: Results) {
    this.#store = store;
    this.#session = session;
    this.#results = results;
  }

  #change(part: Partial<TrialState>): void {
    this.#store.change({ trial: { ...this.#store.state.trial, ...part } });
  }

  #changeGoing(part: Partial<Going>): void {
    const { going } = this.#store.state.trial;
    if (going !== undefined) this.#change({ going: { ...going, ...part } });
  }

  /** Looks for an experiment that this browser kept. */
  async look(): Promise<void> {
    const kept = await this.#session.lab?.savedExperiment().catch(() => null);
    if (kept !== undefined && kept !== null && this.#store.state.trial.phase === "idle") this.#show(kept);
  }

  #show(kept: SavedExperiment): void {
    const finished = kept.records.length === kept.arms.length * kept.seeds.length;
    this.#change({ phase: finished ? "finished" : "stopped", going: goingOf(kept), savedAt: kept.savedAt });
  }

  choose(part: Partial<Pick<TrialState, "arms" | "seed">>): void {
    this.#change(part);
  }

  /** Every run from the model of the plan's task, as `lab experiment` does them. */
  async start(): Promise<void> {
    const { trial, results } = this.#store.state;
    const { plan } = results;
    const task = chosenTask(results)?.task;
    if (plan === undefined || task === undefined || isTrying(trial)) return;
    const arms = trial.arms ?? usualArms(plan);
    if (arms === undefined) return;
    const seed = trial.seed ?? plan.seeds[0] ?? 1;
    const small = reduced(plan, task, arms, seed);
    const going: Going = { plan: small, task, arms: [...arms], seed, records: [], summary: null, current: undefined };
    const options: ExperimentOptions = { plan: small, task, arms: [...arms], seeds: [seed] };
    await this.#follow(going, async (lab, signal) => {
      const file = small.tasks[0]?.model ?? "";
      const model = new URL(`models/${file}`, document.baseURI);
      await lab.loadModel(model, { signal, ...checkOf(model) });
      await lab.experiment(options, { signal, onEvent: this.#onEvent });
    });
  }

  /** Goes on where it was kept last: at most ten steps are done again. */
  async resume(): Promise<void> {
    const { going, phase } = this.#store.state.trial;
    if (going === undefined || phase !== "stopped") return;
    await this.#results.openFor(going.plan.name, going.task);
    await this.#follow(going, (lab, signal) => lab.resumeExperiment({ signal, onEvent: this.#onEvent }));
  }

  async #follow(going: Going, work: (lab: Lab, signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#current = undefined;
    const { arms, seed } = this.#store.state.trial;
    this.#change({ ...initialTrial(), arms, seed, phase: "loading", going });
    const { engine, engineChoice } = this.#store.state;
    const { signal } = abort;
    try {
      this.#lab = await createLab({ engine: engine?.kind ?? engineChoice, seed: going.seed, signal });
      await work(this.#lab, signal);
      this.#change({ phase: "finished" });
      this.#store.change({ announcement: strings.trial.done });
    } catch (thrown) {
      // What was cancelled is shown as it was kept.
      if (!signal.aborted) this.#change({ phase: "stopped", problem: problemText(thrown) });
    } finally {
      if (this.#abort === abort) this.#dispose();
    }
  }

  #dispose(): void {
    this.#lab?.dispose();
    this.#lab = undefined;
  }

  /** At once: the worker is ended. What was kept stays. */
  async cancel(): Promise<void> {
    this.#abort.abort();
    this.#dispose();
    const { arms, seed } = this.#store.state.trial;
    this.#change({ ...initialTrial(), arms, seed });
    this.#store.change({ announcement: strings.trial.cancelled });
    await this.look();
  }

  async forget(): Promise<void> {
    this.#change(initialTrial());
    await this.#session.guard(async () => {
      await this.#session.lab?.forgetExperiment();
    });
  }

  /** The record of a run, as `lab experiment` would have written it. */
  download(arm: string): void {
    const record = this.#store.state.trial.going?.records.find((one) => one.arm === arm);
    if (record === undefined) return;
    saveFile(
      `${record.task}-${arm}-${record.seed}.json`,
      new Blob([JSON.stringify(record)], { type: "application/json" }),
    );
  }

  readonly #onEvent = (event: ExperimentEvent): void => {
    const { going, speed } = this.#store.state.trial;
    const now = performance.now();
    const smooth = (old: number | undefined, seconds: number) =>
      old === undefined ? seconds : old + NEWEST_WEIGHT * (seconds - old);
    switch (event.type) {
      case "run":
        this.#current = {
          arm: event.arm,
          steps: event.steps,
          curve: event.record?.curve ?? [],
          phase: "train",
          done: 0,
          total: 0,
        };
        this.#change({ phase: "running" });
        this.#changeGoing({ current: this.#current });
        this.#store.change({ announcement: strings.trial.begins(this.#title(event.arm)) });
        this.#before = 0;
        break;
      case "started":
        this.#before = now;
        break;
      case "step": {
        if (this.#current === undefined) return;
        const step = Number(event.metrics.step);
        const kept = this.#current.curve.filter((row) => Number(row.step) < step);
        this.#current = { ...this.#current, phase: "train", curve: [...kept, event.metrics] };
        // The first one compiles and warms up, and after a reload nothing came before it.
        const seconds = (now - this.#before) / 1000;
        if (this.#before > 0) this.#change({ speed: { ...speed, step: smooth(speed.step, seconds) } });
        this.#before = now;
        if (step % MILESTONE_EVERY === 0) {
          this.#store.change({
            announcement: strings.trial.milestone(this.#title(event.arm), step, this.#current.steps),
          });
        }
        if (now - this.#drawnAt >= DRAW_EVERY_MS || step === this.#current.steps) {
          this.#drawnAt = now;
          this.#changeGoing({ current: this.#current });
        }
        break;
      }
      case "evaluate": {
        if (this.#current === undefined) return;
        const { done, total } = event;
        const more = done - (this.#current.phase === "evaluate" ? this.#current.done : 0);
        const seconds = (now - this.#before) / 1000 / Math.max(1, more);
        this.#before = now;
        this.#current = { ...this.#current, phase: "evaluate", done, total };
        this.#change({ speed: { ...speed, question: smooth(speed.question, seconds) } });
        this.#changeGoing({ current: this.#current });
        break;
      }
      case "finished":
        this.#changeGoing({
          records: [...(going?.records ?? []), event.record],
          summary: event.summary,
          current: undefined,
        });
        this.#store.change({ announcement: strings.trial.armDone(this.#title(event.arm)) });
        break;
      case "checkpoint":
        this.#change({ saved: strings.trial.kept, savedAt: event.savedAt });
        break;
      case "checkpoint-failed":
        this.#change({ saved: strings.train.saveFailed(said(event.message)) });
        break;
      case "recovered":
        this.#store.change({ announcement: said(event.message) });
        break;
    }
  };

  #title(arm: string): string {
    const { going } = this.#store.state.trial;
    return armTitle(going?.plan.arms ?? [], arm);
  }
}
