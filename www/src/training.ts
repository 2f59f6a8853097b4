// A training run as the page sees it: starts it, reads its numbers, keeps the time. What a step does is the engine's business.

import type { Run, SavedRun, TrainConfig, TrainEvent, TrainStart } from "soft-thinking-lab";

import { said } from "./engine-words.ts";
import { engineWords, number } from "./format.ts";
import { methodIn } from "./methods.ts";
import type { Session } from "./session.ts";
import { keepSpeed } from "./speed.ts";
import type { Store, Tries } from "./state.ts";
import { armInEffect, groupsOf, initialRun, isRunning, mostDividedStep, shownTries } from "./state.ts";
import { strings } from "./strings/lab.ts";
import { trainSettings } from "./train-settings.ts";
import { typed } from "./ways.ts";

/** Steps between spoken milestones. */
const MILESTONE_EVERY = 10;
/** Weight of the newest step in the smoothed time per step. */
const NEWEST_WEIGHT = 0.2;
/** Tries are drawn anew no oftener: an eye needs the time, and so does the page. */
const TRIES_EVERY_MS = 500;

export class Trainer {
  readonly #store: Store;
  readonly #session: Session;
  #run: Run | undefined;
  /** When the tries on the screen were last renewed. */
  #triesAt = 0;

  constructor(store: Store, session: Session) {
    this.#store = store;
    this.#session = session;
  }

  /** Starts a run with what the visitor chose; everything else is the engine's default. */
  async start(): Promise<void> {
    const { state } = this.#store;
    const lab = this.#session.lab;
    if (lab === undefined || state.model === undefined || state.progress !== undefined || isRunning(state.run)) return;
    const { method, stepsWanted, settings } = state;
    const { objective, preset } = method;
    const offered = trainSettings(objective);
    // What was typed for another method is not this one's.
    const own = Object.fromEntries(Object.entries(typed(settings)).filter(([key]) => offered.includes(key)));
    const config: TrainConfig = {
      ...armInEffect(state)?.config,
      ...this.#session.questions.taskOptions(),
      ...(preset === undefined ? { objective } : { preset }),
      ...own,
    };
    // "Until stopped" is a number too large to reach, since every run has a number of steps.
    config.max_steps = stepsWanted ?? STEPS_ENDLESS;
    this.#store.change({
      run: { ...initialRun(method), phase: "starting", stepsMax: stepsWanted },
      problem: undefined,
      savedRun: undefined,
    });
    await this.#follow(lab.train(config, { onEvent: this.#onEvent }));
  }

  /** Goes on with the run saved in this browser. */
  async resumeSaved(saved: SavedRun): Promise<void> {
    const lab = this.#session.lab;
    if (lab === undefined || isRunning(this.#store.state.run)) return;
    if (saved.task !== this.#store.state.task) await this.#session.questions.chooseTask(saved.task);
    const method = methodIn(saved.config);
    const stepsMax = typeof saved.config.max_steps === "number" ? saved.config.max_steps : undefined;
    this.#store.change({
      run: {
        ...initialRun(method),
        phase: "starting",
        step: saved.step,
        history: saved.history,
        stepsMax: stepsMax === STEPS_ENDLESS ? undefined : stepsMax,
      },
      method,
      savedRun: undefined,
      problem: undefined,
    });
    await this.#follow(lab.resumeRun({ onEvent: this.#onEvent }));
  }

  async forgetSaved(): Promise<void> {
    this.#store.change({ savedRun: undefined });
    await this.#session.lab?.forgetRun().catch(async (thrown: unknown) => {
      this.#session.report(thrown);
      await this.#session.lookForSavedRun();
    });
  }

  async #follow(run: Run): Promise<void> {
    this.#run = run;
    this.#triesAt = 0;
    try {
      let before = performance.now();
      for await (const metrics of run) {
        const { run: known } = this.#store.state;
        const now = performance.now();
        const seconds = metrics.step_time > 0 ? metrics.step_time : (now - before) / 1000;
        before = now;
        const smooth = known.secondsPerStep ?? seconds;
        this.#store.change({
          run: {
            ...known,
            phase: known.phase === "starting" ? "running" : known.phase,
            step: metrics.step,
            history: [...known.history, metrics],
            tries: this.#triesDue(now) ? { step: metrics.step, samples: run.samples } : known.tries,
            secondsPerStep: smooth + NEWEST_WEIGHT * (seconds - smooth),
          },
          trainedSteps: metrics.step,
          trainedBy: known.method,
          ...(metrics.step % MILESTONE_EVERY === 0
            ? { announcement: strings.train.milestone(metrics.step, number(metrics.reward)) }
            : {}),
        });
      }
      const end = await run.finished;
      const { secondsPerStep } = this.#store.state.run;
      if (secondsPerStep !== undefined) keepSpeed({ engine: engineWords(this.#store.state.engine), secondsPerStep });
      this.#store.changeRun({
        phase: end.reason,
        step: end.step,
        tries: this.#newestTries(end.step),
        collapse: undefined,
      });
      this.#store.change({
        announcement: end.reason === "finished" ? strings.train.done(end.step) : strings.train.stopped(end.step),
      });
    } catch (thrown) {
      const { run: known } = this.#store.state;
      this.#store.changeRun({ phase: known.step > 0 ? "stopped" : "idle", collapse: undefined });
      this.#session.report(thrown, undefined, { inRun: true });
      // Another tab may be doing what was to be resumed.
      if (this.#store.state.problem?.code === "busy") await this.#session.lookForSavedRun();
    }
  }

  /** After a crash: a new lab; the run that it ended goes on from its newest checkpoint. */
  async reopen(): Promise<void> {
    const { inRun } = this.#store.state.problem ?? {};
    await this.#session.reopen();
    const { savedRun, problem, model } = this.#store.state;
    if (problem !== undefined || model === undefined) return;
    if (inRun === true && savedRun !== undefined && savedRun.elsewhere !== true) {
      this.#store.change({
        notice: strings.failures.reopenedAt(savedRun.step),
        announcement: strings.failures.reopenedAt(savedRun.step),
      });
      await this.resumeSaved(savedRun);
    } else this.#store.change({ notice: strings.failures.reopened, announcement: strings.failures.reopened });
  }

  #newestTries(step: number): Tries {
    return { step, samples: this.#run?.samples ?? [] };
  }

  #triesDue(now: number): boolean {
    if (now - this.#triesAt < TRIES_EVERY_MS) return false;
    this.#triesAt = now;
    return true;
  }

  readonly #onEvent = (event: TrainEvent): void => {
    switch (event.type) {
      case "started":
        this.#store.changeRun({ config: event.start.config });
        this.#addStart(event.start);
        // A resumed run may have been put on another engine.
        this.#session.refreshEngine();
        break;
      case "paused":
        this.#store.changeRun({ phase: "paused" });
        break;
      case "resumed":
        this.#store.changeRun({ phase: "running", collapse: undefined });
        break;
      case "collapsed": {
        const { step, sign, message, bestStep } = event;
        const collapse = { step, sign, message, ...(bestStep === undefined ? {} : { bestStep }) };
        this.#store.changeRun({ phase: "collapsed", collapse, tries: this.#newestTries(step) });
        break;
      }
      case "returned":
        this.#goBack(event.step);
        this.#store.change({ announcement: strings.collapse.returned(event.step) });
        break;
      case "recovered":
        this.#session.recovered(event.message);
        this.#goBack(event.step);
        break;
      case "checkpoint":
        this.#store.changeRun({ saved: strings.train.saved(event.step) });
        break;
      case "checkpoint-failed":
        this.#store.changeRun({ saved: strings.train.saveFailed(said(event.message)) });
        break;
      case "metrics":
        if (event.remarks.length > 0) this.#remark(event.remarks.join(" "), event.metrics.skipped_updates ?? 0);
        break;
      case "progress":
        break;
    }
  };

  #remark(text: string, skipped: number): void {
    const before = this.#store.state.run.remark?.skipped ?? 0;
    this.#store.changeRun({ remark: { text, skipped: before + skipped } });
  }

  /** The steps after this one are taken again: drawn twice, the charts would run backwards. */
  #goBack(step: number): void {
    const { history } = this.#store.state.run;
    this.#store.changeRun({ step, history: history.filter((row) => row.step <= step) });
    this.#store.change({ trainedSteps: step });
  }

  /** What was measured before the first step is the charts' first point. */
  #addStart(start: TrainStart): void {
    const passAt1 = start["val/pass@1"];
    if (passAt1 === undefined) return;
    const row = { step: start.step, "val/pass@1": passAt1, "val/pass@k": start["val/pass@k"] };
    this.#store.changeRun({ history: [...this.#store.state.run.history, row] });
  }

  pause(): void {
    this.#store.changeRun({ phase: "pausing" });
    this.#run?.pause();
  }

  resume(): void {
    this.#run?.resume();
  }

  /** Of a run that collapsed: on from its best moment. */
  returnToBest(): void {
    this.#run?.returnToBest();
  }

  stop(): void {
    this.#run?.stop();
  }

  /** What the space bar does: start, pause or resume. */
  toggle(): void {
    const { phase } = this.#store.state.run;
    if (phase === "running" || phase === "starting") this.pause();
    else if (phase === "paused") this.resume();
    else if (phase !== "pausing" && phase !== "collapsed") void this.start();
  }

  /** Opens a try as a thought and holds its step's tries still; opening it again closes it. */
  openSample(index: number): void {
    const { run } = this.#store.state;
    if (run.openSample === index) {
      this.#store.changeRun({ openSample: undefined, held: undefined });
      return;
    }
    const sample = groupsOf(run)[run.group]?.[index];
    if (sample === undefined) return;
    this.#store.changeRun({ openSample: index, openStep: mostDividedStep(sample), held: shownTries(run) });
  }

  openStep(openStep: number): void {
    this.#store.changeRun({ openStep });
  }

  pickGroup(group: number): void {
    this.#store.changeRun({ group, openSample: undefined, held: undefined });
  }

  set(key: string, text: string): void {
    this.#store.change({ settings: { ...this.#store.state.settings, [key]: text } });
  }
}

const STEPS_ENDLESS = 1_000_000;
