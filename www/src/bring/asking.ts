// A brought language model at work: questions, thoughts softly and in single tokens, and how many word problems it gets right.

import { LabError, isResult } from "soft-thinking-lab";
import type { Lab, Policy } from "soft-thinking-lab";

import type { Loading } from "./loading.ts";
import type { Slot, Store, WordThought } from "./state.ts";
import { bring as words } from "../strings/bring.ts";
import { DISCRETE, wayNamed } from "../ways.ts";
import type { Way } from "../ways.ts";

export const TASK = "word_problems";
/** Room for the answer behind a thought, tokens. */
const ANSWER = 64;

export class Asking {
  readonly #store: Store;
  readonly #loading: Loading;
  #abort: AbortController | undefined;
  #asked = 0;

  constructor(store: Store, loading: Loading) {
    this.#store = store;
    this.#loading = loading;
  }

  /** The word problem of the chosen seed, in the place of what stood there. */
  async ask(): Promise<void> {
    const { lab } = this.#loading;
    const { difficulty, questionSeed } = this.#store.state;
    this.#asked += 1;
    const asked = this.#asked;
    const question = await lab?.question({ task: TASK, difficulty, questionSeed });
    if (asked !== this.#asked) return;
    this.#store.change({ question, typed: undefined, thoughts: {}, selected: undefined });
  }

  async another(): Promise<void> {
    this.#store.change({ questionSeed: this.#store.state.questionSeed + 1 });
    await this.#guard(() => this.ask());
  }

  async chooseDifficulty(difficulty: number): Promise<void> {
    this.#store.change({ difficulty });
    await this.#guard(() => this.ask());
  }

  wayOf(slot: Slot): Way {
    const { policy, policies, longest } = this.#store.state;
    const own = { max_thought_length: String(longest) };
    return slot === "discrete"
      ? { ...DISCRETE, own: { max_thought_length: longest } }
      : wayNamed(policy, policies, own);
  }

  #optionsOf(slot: Slot): { task: string; difficulty: number; policy: Policy; maxSteps: number; seed: number } {
    const { difficulty, longest, policy, seed } = this.#store.state;
    const preset = slot === "discrete" ? DISCRETE.name : policy;
    return {
      task: TASK,
      difficulty,
      policy: { preset, max_thought_length: longest },
      maxSteps: longest + ANSWER,
      seed,
    };
  }

  /** First softly, then in single tokens with the same seed: one after the other, since they share one engine. */
  async think(): Promise<void> {
    const { lab } = this.#loading;
    const { question, typed, thinking } = this.#store.state;
    const asked = typed ?? question?.prompt;
    if (lab === undefined || asked === undefined || asked.trim() === "" || thinking !== undefined) return;
    await this.#working(async (signal) => {
      this.#store.change({ thoughts: {}, selected: undefined });
      await this.#thinkAs("soft", lab, asked, signal);
      await this.#thinkAs("discrete", lab, asked, signal);
    });
    this.#store.change({ thinking: undefined });
  }

  async #thinkAs(slot: Slot, lab: Lab, question: string, signal: AbortSignal): Promise<void> {
    let thought: WordThought = { way: this.wayOf(slot), steps: [] };
    const show = () => {
      this.#store.change({ thinking: slot, thoughts: { ...this.#store.state.thoughts, [slot]: thought } });
    };
    show();
    const began = performance.now();
    let first = began;
    for await (const item of lab.think({ ...this.#optionsOf(slot), question, signal })) {
      const now = performance.now();
      if (isResult(item)) {
        thought = { ...thought, result: item };
      } else {
        if (item.step === 0) first = now;
        const steps = [...thought.steps.slice(0, item.step), item];
        thought = { ...thought, steps, firstMs: first - began, restMs: now - first };
      }
      show();
    }
    const { result } = thought;
    if (result === undefined) return;
    const known = result.expected === "" ? undefined : result.grade === 1;
    this.#store.change({
      announcement: words.think.announce(words.slots[slot], result.answer ?? words.think.none, known),
    });
  }

  select(slot: Slot, step: number): void {
    this.#store.change({ selected: { slot, step } });
  }

  /** One try at each of some held-out word problems, softly and then in single tokens: the same questions. */
  async measure(): Promise<void> {
    const { lab } = this.#loading;
    const { measuring, questions, difficulty } = this.#store.state;
    if (lab === undefined || measuring !== undefined) return;
    await this.#working(async (signal) => {
      for (const slot of ["soft", "discrete"] as const) {
        const start = { phase: "evaluate", loaded: 0, total: questions, text: "", slot };
        this.#store.change({ measuring: start });
        const report = await lab.evaluate({
          ...this.#optionsOf(slot),
          questions,
          samples: 1,
          k: [1],
          signal,
          onProgress: (progress) => {
            if (progress.phase === "evaluate") this.#store.change({ measuring: { ...progress, slot } });
          },
        });
        const way = this.wayOf(slot).name;
        this.#store.change({ measured: [...this.#store.state.measured, { slot, way, difficulty, report }] });
      }
      this.#store.change({ announcement: words.measure.done });
    });
    this.#store.change({ measuring: undefined });
  }

  stop(): void {
    this.#abort?.abort();
  }

  async #working(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#store.change({ trouble: undefined, said: "" });
    await this.#guard(() => work(abort.signal));
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = thrown instanceof LabError ? thrown : new LabError("internal", String(thrown));
      if (error.code === "cancelled" || error.code === "disposed") return;
      const { code, message } = error;
      this.#store.change({ trouble: { code, message, again: false, elsewhere: false } });
    }
  }
}
