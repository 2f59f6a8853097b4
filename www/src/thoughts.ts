// Thoughts in the page's hands: the chosen way to think beside single tokens, step by step, and the stored one before any model is there.

import { isResult } from "soft-thinking-lab";
import type { Lab, Policy } from "soft-thinking-lab";

import type { Session } from "./session.ts";
import type { Slot, Store, Thought } from "./state.ts";
import { mostDivided } from "./state.ts";
import { storedThoughts } from "./stored.ts";
import { strings } from "./strings/lab.ts";
import { DISCRETE, policyOf, wayNamed } from "./ways.ts";
import type { Way } from "./ways.ts";

/** Pause between drawn steps, so that an eye can follow; none under reduced motion. */
const DRAW_EVERY_MS = 66;

export class Thoughts {
  readonly #store: Store;
  readonly #session: Session;
  #thinking: AbortController | undefined;

  constructor(store: Store, session: Session) {
    this.#store = store;
    this.#session = session;
  }

  choosePolicy(policy: string): void {
    this.#store.change({ policy, policySettings: {} });
  }

  setPolicy(key: string, text: string): void {
    this.#store.change({ policySettings: { ...this.#store.state.policySettings, [key]: text } });
  }

  /** Thinks in the chosen way, then in single tokens with the same seed, drawing each step as it comes. */
  async think(): Promise<void> {
    const { state } = this.#store;
    const lab = this.#session.lab;
    const question = state.typed ?? state.question?.prompt;
    if (lab === undefined || state.model === undefined || question === undefined || state.thinking) return;
    const thinking = new AbortController();
    this.#thinking = thinking;
    this.#store.change({
      thinking: true,
      stored: false,
      problem: undefined,
      selected: undefined,
      chosen: undefined,
      compared: undefined,
    });
    const way = this.chosenWay();
    await this.#session.guard(async () => {
      await this.#thinkAs("chosen", way, lab, question, thinking.signal);
      // Twice the same would compare nothing.
      if (way.name !== DISCRETE.name) await this.#thinkAs("compared", DISCRETE, lab, question, thinking.signal);
    });
    this.#store.change({ thinking: false });
  }

  /** The way to think that is chosen, with what the visitor changed of it. */
  chosenWay(): Way {
    const { policy, presets, policySettings } = this.#store.state;
    return wayNamed(policy, presets.policies, policySettings);
  }

  chosenPolicy(): Policy {
    const { policy, presets, policySettings } = this.#store.state;
    return policyOf(policy, policySettings, presets.policies.find((one) => one.name === policy)?.policy);
  }

  async #thinkAs(slot: Slot, way: Way, lab: Lab, question: string, signal: AbortSignal): Promise<void> {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { seed } = this.#store.state;
    const policy = slot === "chosen" ? this.chosenPolicy() : way.name;
    let thought: Thought = { way, steps: [] };
    const options = {
      ...this.#session.questions.taskOptions(),
      question,
      policy,
      seed,
      signal,
      onProgress: this.#session.onNotice,
    };
    for await (const item of lab.think(options)) {
      // A step may come twice: after a lost GPU a thought may begin anew.
      thought = isResult(item)
        ? { ...thought, result: item }
        : { ...thought, steps: [...thought.steps.slice(0, item.step), item] };
      this.#store.change({ [slot]: thought });
      if (!still && !isResult(item)) await new Promise((resolve) => setTimeout(resolve, DRAW_EVERY_MS));
    }
    if (slot === "chosen") this.#store.change({ selected: { slot, step: mostDivided(thought) } });
    this.#announce(thought);
  }

  #announce({ way, result }: Thought): void {
    if (result === undefined) return;
    const verdict =
      result.grade === 1 ? strings.think.right : result.grade === 0 ? strings.think.wrong : String(result.grade);
    const answer = result.answer ?? strings.think.none;
    this.#store.change({
      announcement: strings.think.announce(strings.ways.kinds[way.settings.kind], answer, verdict),
    });
  }

  stop(): void {
    this.#thinking?.abort();
  }

  select(slot: Slot, step: number): void {
    this.#store.change({ selected: { slot, step } });
  }

  /** A thought recorded earlier, so that something true is there before the model is. */
  showStored(): void {
    const stored = storedThoughts(this.#store.state.task);
    this.#store.change(
      stored === undefined
        ? { chosen: undefined, compared: undefined, stored: false, selected: undefined }
        : { ...stored, stored: true, selected: { slot: "chosen", step: mostDivided(stored.chosen) } },
    );
  }
}
