// The live part in the page's hands: choices become wishes, figures run, pause and stop, what was seen is kept and put back. No drawing.

import type { SemanticEvent } from "soft-thinking-lab";
import type { SemanticIds } from "soft-thinking-lab/elements";

import { NONE, USUAL, nameOfWish } from "./choices.ts";
import type { Choices } from "./choices.ts";
import { RunKeeper, keepFiles, readKept } from "./keeping.ts";
import type { KeptRun } from "./keeping.ts";
import { givenFor } from "./paces.ts";
import type { Given } from "./paces.ts";
import { readRun } from "./results.ts";
import { afterEvent, freshSides } from "./state.ts";
import type { Loaded, OwnData, PageState } from "./state.ts";

export interface Page {
  state: () => PageState;
  change: (part: Partial<PageState>) => void;
  words: {
    loaded: (loaded: Loaded) => string;
    notKept: (why: string) => string;
    noFiles: string;
    noRun: (name: string) => string;
  };
}

const figures = () => [...document.querySelectorAll<SemanticIds>("semantic-ids")];

export class Live {
  readonly #page: Page;
  readonly #keeper: RunKeeper;
  /** The same objects as long as nothing was chosen anew: the figures take a new one for a new wish. */
  given: Given;

  constructor(page: Page) {
    this.#page = page;
    this.given = givenFor(page.state());
    this.#keeper = new RunKeeper((thrown) => {
      this.#notKept(thrown);
    });
  }

  get #state(): PageState {
    return this.#page.state();
  }

  #notKept(thrown: unknown): void {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    this.#page.change({ remark: this.#page.words.notKept(why) });
  }

  #wish(part: Partial<PageState>): void {
    const next = { ...this.#state, ...part };
    this.given = givenFor(next);
    this.#page.change({
      remark: undefined,
      gpuFailed: undefined,
      ...part,
      sides: freshSides(next.choices),
      ran: false,
    });
  }

  /** What is kept in this browser, as far as the address asks for it; then the published run that it names. */
  async open(): Promise<void> {
    const { change, words } = this.#page;
    const before = this.#state;
    const kept = await readKept().catch((thrown: unknown) => {
      this.#notKept(thrown);
      return { files: undefined, run: undefined };
    });
    const { choices, own, ran, phase } = this.#state;
    if (kept.files !== undefined && own === before.own) change({ own: { ...own, ...kept.files } });
    // A disk may be slower than a person: what was chosen or written meanwhile stays.
    if (ran || phase !== "idle" || choices !== before.choices || own !== before.own) return;
    if (choices.data === "own") {
      if (kept.files === undefined) this.#wish({ choices: { ...choices, data: "made-up" }, remark: words.noFiles });
      else this.#wish({});
    }
    if (choices.run !== undefined) await this.#openRun(choices.run);
    if (kept.run?.wish === nameOfWish(this.#state.choices)) this.#putBack(kept.run);
  }

  async #openRun(name: string): Promise<void> {
    const [, arm = name, seed = ""] = /^(.*)-(\d+)$/.exec(name) ?? [];
    const run = await readRun(arm, Number(seed)).catch(() => undefined);
    if (this.#state.ran || this.#state.phase !== "idle") return;
    const { choices } = this.#state;
    if (run === undefined)
      this.#wish({ choices: { ...choices, run: undefined }, remark: this.#page.words.noRun(name) });
    // What the link changes of the run stays changed.
    else
      this.#wish({
        choices: { ...choices, arm: run.config.arm, beside: NONE, seed: Number(seed) },
        loaded: { name: arm, seed: Number(seed), run },
      });
  }

  #putBack({ sides, records }: KeptRun): void {
    this.#page.change({ sides, ran: true });
    // The figures are drawn with the present wishes first.
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        figures().forEach((figure, place) => {
          const record = records[place];
          if (record !== undefined) void figure.restore(record);
        });
      });
    });
  }

  #keep(): void {
    this.#keeper.keep(() => {
      const { choices, sides } = this.#state;
      return { wish: nameOfWish(choices), sides, records: figures().map(({ record }) => record) };
    });
  }

  choose(part: Partial<Choices>): void {
    const choices = { ...this.#state.choices, ...part };
    // Which codes are looked at changes nothing that was run.
    if (Object.keys(part).every((key) => key === "shown")) this.#page.change({ choices });
    // Nor which engine: a published run stays loaded.
    else if (Object.keys(part).every((key) => key === "engine")) this.#wish({ choices });
    else this.#wish({ choices: { ...choices, run: undefined }, loaded: undefined });
  }

  async run(): Promise<void> {
    this.#page.change({
      phase: "running",
      gpuFailed: undefined,
      sides: freshSides(this.#state.choices),
      announcement: "",
    });
    const ends = await Promise.all(figures().map((figure) => figure.run()));
    const sides = this.#state.sides.map((side, place) => ({ ...side, end: ends[place] }));
    const ran = this.#state.ran && ends.some((end) => end !== undefined);
    this.#page.change({ phase: "idle", ran, sides });
    if (ran) this.#keep();
  }

  pause(): void {
    for (const figure of figures()) figure.pause();
    this.#page.change({ phase: "paused" });
  }

  resume(): void {
    for (const figure of figures()) figure.resume();
    this.#page.change({ phase: "running" });
  }

  stop(): void {
    for (const figure of figures()) figure.stop();
  }

  heard(place: number, event: SemanticEvent): void {
    if (event.type !== "started" && event.type !== "epoch") return;
    const sides = this.#state.sides.map((side, at) => (at === place ? afterEvent(side, event) : side));
    this.#page.change({ sides, ran: true });
    this.#keep();
  }

  /** A run did not work; where the engine is why, there is another. */
  failed(code: string): void {
    const { engine } = this.#state.choices;
    if (engine !== "cpu" && code !== "bad-input") this.#page.change({ gpuFailed: code });
  }

  /** The same runs on the other engine, at once. */
  async runOnCpu(): Promise<void> {
    this.choose({ engine: "cpu" });
    // The figures take the wish when they are drawn with it.
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    await this.run();
  }

  /** Other texts of own files: kept at once, and another wish where they are in use. */
  own(part: Partial<OwnData>): void {
    const { own: before, choices } = this.#state;
    const own = { ...before, ...part, lacking: false };
    if (choices.data === "own") {
      this.#wish({ own });
      void this.#keeper.forget();
    } else this.#page.change({ own });
    keepFiles(own).catch((thrown: unknown) => {
      this.#notKept(thrown);
    });
  }

  /** Own files, with settings that are fit for them. */
  useOwn(): void {
    const { own } = this.#state;
    if (own.items.trim() === "" || own.interactions.trim() === "") {
      this.#page.change({ own: { ...own, lacking: true } });
    } else this.choose({ data: "own", pace: "tuned" });
  }

  forgetFiles(): void {
    if (this.#state.choices.data === "own") this.choose({ data: "made-up" });
    this.own({ items: "", interactions: "" });
  }

  forget(): void {
    this.#wish({
      choices: { ...USUAL, engine: this.#state.choices.engine, shown: this.#state.choices.shown },
      loaded: undefined,
    });
  }

  /** Puts a published run's settings into the live part, ready to be run. */
  load(loaded: Loaded): void {
    const { config } = loaded.run;
    const choices: Choices = {
      ...USUAL,
      engine: this.#state.choices.engine,
      arm: config.arm,
      beside: NONE,
      seed: loaded.seed,
      run: `${loaded.name}-${loaded.seed}`,
      shown: this.#state.choices.shown,
    };
    this.#wish({ choices, loaded, announcement: this.#page.words.loaded(loaded) });
    requestAnimationFrame(() => {
      document.querySelector("#live")?.scrollIntoView({ block: "start" });
      document.querySelector<HTMLElement>("#live button.main")?.focus({ preventScroll: true });
    });
  }
}
