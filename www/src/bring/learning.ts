// A brought model that learns: the run from start to end, its adapter out to files and back, switched off and on.

import { LabError } from "soft-thinking-lab";
import type { Adapter, Run, StepProgress, TrainEvent } from "soft-thinking-lab";

import { readAdapter, withoutEffect } from "./adapter-files.ts";
import { configOf, initialLearning, isLearning, isOpen, tokensOf } from "./learn-state.ts";
import type { Foreseen, LearnChoices, LearnState } from "./learn-state.ts";
import type { Loading } from "./loading.ts";
import type { Store } from "./state.ts";
import { said } from "../engine-words.ts";
import { number } from "../format.ts";
import { saveFile } from "../save-file.ts";
import { bring as words } from "../strings/bring.ts";

const TICK_MS = 500;
/** Who listens hears no oftener what a step is doing. */
const ANNOUNCE_EVERY_MS = 10_000;
/** Hundreds of pieces of words are drawn anew no oftener: an eye needs the time, and so does the page. */
const TRIES_EVERY_MS = 500;

export class Learning {
  readonly #store: Store;
  readonly #loading: Loading;
  #run: Run | undefined;
  #abort: AbortController | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #announcedAt = 0;
  /** The settings whose plan was asked for last. */
  #foreseen: string | undefined;

  constructor(store: Store, loading: Loading) {
    this.#store = store;
    this.#loading = loading;
  }

  get #state(): LearnState {
    return this.#store.state.learning;
  }

  #change(part: Partial<LearnState>): void {
    this.#store.change({ learning: { ...this.#state, ...part } });
  }

  choose(part: Partial<LearnChoices>): void {
    this.#change({ choices: { ...this.#state.choices, ...part } });
  }

  /** What a run by the choices as they are would take; asked again when they change. */
  async foresee(): Promise<void> {
    const { lab } = this.#loading;
    const { difficulty, loaded } = this.#store.state;
    if (lab === undefined || loaded === undefined || isOpen(this.#state)) return;
    const config = configOf(this.#state.choices, difficulty);
    const asked = JSON.stringify(config);
    if (asked === this.#foreseen) return;
    this.#foreseen = asked;
    const foreseen = await lab.learningPlan(config).then(
      (plan): Foreseen => ({ plan }),
      (thrown: unknown): Foreseen => ({ refused: thrown instanceof LabError ? thrown.message : String(thrown) }),
    );
    // Meanwhile something else may have been chosen, or the model let go.
    if (asked === this.#foreseen) this.#change({ foreseen });
  }

  async start(): Promise<void> {
    const { lab } = this.#loading;
    const { choices, source, kept } = this.#state;
    const { difficulty, thinking, measuring } = this.#store.state;
    if (lab === undefined || isOpen(this.#state) || thinking !== undefined || measuring !== undefined) return;
    const { objective, steps, rollouts } = choices;
    const begun = { phase: "starting" as const, step: 0, stepsMax: steps, objective, history: [] };
    const tries = { step: 0, samples: [], group: rollouts };
    this.#store.change({ trouble: undefined, said: "" });
    this.#change({ ...begun, tries, seconds: undefined, open: undefined, remark: undefined, collapse: undefined });
    this.#abort = new AbortController();
    const run = lab.train(configOf(choices, difficulty), { signal: this.#abort.signal, onEvent: this.#onEvent });
    this.#run = run;
    this.#tick(true);
    let shownAt = -TRIES_EVERY_MS;
    try {
      for await (const metrics of run) {
        const { history, stepBegan } = this.#state;
        const now = performance.now();
        const byClock = stepBegan === undefined ? undefined : (now - stepBegan) / 1000;
        const seconds = metrics.step_time > 0 ? metrics.step_time : byClock;
        const due = now - shownAt >= TRIES_EVERY_MS;
        if (due) shownAt = now;
        const shown = { step: metrics.step, samples: run.samples, group: rollouts };
        const measured = seconds === undefined ? this.#state.measured : { seconds, tokens: tokensOf(choices) };
        const next = { stepBegan: now, now, within: undefined, seconds, measured };
        if (due) this.#change({ tries: shown, open: undefined });
        this.#change({ step: metrics.step, history: [...history, metrics], ...next });
        this.#announcedAt = now;
        this.#store.change({ announcement: words.learn.milestone(metrics.step, number(metrics.reward)) });
      }
      const end = await run.finished;
      this.#showNewest(end.step);
      this.#change({ phase: end.reason, step: end.step });
      this.#store.change({
        announcement: end.reason === "finished" ? words.learn.done(end.step) : words.learn.stopped(end.step),
      });
    } catch (thrown) {
      this.#change({ phase: this.#state.step > 0 ? "stopped" : "idle", source, kept });
      this.#fail(thrown);
    } finally {
      this.#run = undefined;
      this.#tick(false);
      this.#change({ stepBegan: undefined, within: undefined, collapse: undefined });
    }
    await this.#guard(() => this.#keep());
  }

  /** What the finished steps taught is there, whatever ended the run. */
  async #keep(): Promise<void> {
    const { lab } = this.#loading;
    if (lab === undefined || this.#state.step === 0) return;
    this.#change({ adapter: "on", source: "learned", kept: await lab.exportAdapter() });
  }

  /** Tries that were too quick to be drawn. */
  #showNewest(step: number): void {
    const { tries } = this.#state;
    const samples = this.#run?.samples ?? [];
    if (step > tries.step) this.#change({ tries: { ...tries, step, samples }, open: undefined });
  }

  readonly #onEvent = (event: TrainEvent): void => {
    switch (event.type) {
      case "started":
        this.#announcedAt = performance.now();
        this.#change({ phase: "running", stepBegan: performance.now(), now: performance.now() });
        break;
      case "progress":
        this.#within(event);
        break;
      case "paused":
        this.#change({ phase: "paused", stepBegan: undefined, within: undefined });
        this.#showNewest(event.step);
        this.#store.change({ announcement: words.learn.paused(event.step) });
        break;
      case "resumed":
        this.#change({ phase: "running", collapse: undefined, stepBegan: performance.now(), now: performance.now() });
        break;
      case "collapsed":
        this.#change({
          phase: "collapsed",
          collapse: { message: event.message, bestStep: event.bestStep },
          stepBegan: undefined,
        });
        break;
      case "returned":
      case "recovered": {
        const { history } = this.#state;
        this.#change({ step: event.step, history: history.filter(({ step }) => step <= event.step) });
        break;
      }
      case "metrics":
        if (event.remarks.length > 0) this.#change({ remark: event.remarks.map(said).join(" ") });
        break;
      case "checkpoint":
      case "checkpoint-failed":
        break;
    }
  };

  /** Drawn as it comes, said where a phase begins long after the last word. */
  #within({ phase, done, total }: StepProgress): void {
    const begins = this.#state.within?.phase !== phase;
    const now = performance.now();
    this.#change({ within: { phase, done, total } });
    if (!begins || now - this.#announcedAt < ANNOUNCE_EVERY_MS) return;
    this.#announcedAt = now;
    this.#store.change({ announcement: words.learn.phases[phase] });
  }

  /** A step takes long: its clock is drawn meanwhile. */
  #tick(going: boolean): void {
    clearInterval(this.#clock);
    if (!going) return;
    this.#clock = setInterval(() => {
      if (this.#state.stepBegan !== undefined) this.#change({ now: performance.now() });
    }, TICK_MS);
  }

  look(at: number, piece: number): void {
    this.#change({ open: { at, piece } });
  }

  pause(): void {
    this.#change({ phase: "pausing" });
    this.#run?.pause();
  }

  resume(): void {
    this.#run?.resume();
  }

  returnToBest(): void {
    this.#run?.returnToBest();
  }

  /** Cuts the running step short; what the steps before it taught stays. */
  stop(): void {
    this.#change({ phase: "stopping", stepBegan: undefined, within: undefined });
    this.#run?.stop();
  }

  /** One of an adapter's files, as PEFT names them. */
  save(which: "config" | "weights"): void {
    const { kept } = this.#state;
    if (kept === undefined) return;
    if (which === "config") saveFile("adapter_config.json", new Blob([kept.config], { type: "application/json" }));
    else saveFile("adapter_model.safetensors", new Blob([kept.weights]));
  }

  async load(config: File, weights: File): Promise<void> {
    await this.#guard(async () => {
      const adapter = await readAdapter(config, weights);
      await this.#put(adapter);
      this.#change({
        ...initialLearning(),
        choices: this.#state.choices,
        foreseen: this.#state.foreseen,
        adapter: "on",
        source: "loaded",
        kept: adapter,
      });
      this.#store.change({ said: words.learn.adapter.loaded, announcement: words.learn.adapter.loaded });
    });
  }

  /** Switched off, the model is as it came. */
  async toggle(): Promise<void> {
    const { kept, adapter } = this.#state;
    if (kept === undefined) return;
    await this.#guard(async () => {
      await this.#put(adapter === "on" ? withoutEffect(kept) : kept);
      this.#change({ adapter: adapter === "on" ? "off" : "on" });
      const now = adapter === "on" ? words.learn.adapter.isOff : words.learn.adapter.isOn;
      this.#store.change({ thoughts: {}, selected: undefined, announcement: now });
    });
  }

  /** What is handed over is moved to the worker: the page keeps its own. */
  async #put({ config, weights }: Adapter): Promise<void> {
    const { lab } = this.#loading;
    if (lab === undefined) throw new LabError("not-ready", words.learn.adapter.needsModel);
    if (isLearning(this.#state)) throw new LabError("busy", words.learn.adapter.busy);
    await lab.loadAdapter({ config, weights });
  }

  /** The model is let go, or another one comes. */
  forget(): void {
    this.#abort?.abort();
    this.#tick(false);
    this.#foreseen = undefined;
    this.#store.change({ learning: { ...initialLearning(), choices: this.#state.choices } });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    const error = thrown instanceof LabError ? thrown : new LabError("internal", String(thrown));
    const { code, message } = error;
    if (code === "cancelled" || code === "disposed") return;
    this.#store.change({ trouble: { code, message, again: false, elsewhere: false } });
  }
}
