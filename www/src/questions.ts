// Questions in the page's hands: which task, how difficult, which question, typed or generated.

import type { Session } from "./session.ts";
import type { Store } from "./state.ts";
import { isShipped } from "./stored.ts";

export class Questions {
  readonly #store: Store;
  readonly #session: Session;

  constructor(store: Store, session: Session) {
    this.#store = store;
    this.#session = session;
  }

  /** `file`: one of the shipped models, where it is not the task's usual one. */
  async chooseTask(task: string, file?: string): Promise<void> {
    if (task === this.#store.state.task) return;
    this.#session.thoughts.stop();
    this.#store.change({ task, difficulty: undefined, question: undefined, typed: undefined });
    this.#session.forgetFound();
    this.#session.thoughts.showStored();
    // What no shipped model is for is asked of the model that is there: own questions, and whatever an own model was opened for.
    if (!isShipped(task) && this.#store.state.model !== undefined) await this.#session.guard(() => this.ask());
    else await this.#session.loadShipped(file);
  }

  async chooseDifficulty(difficulty: number): Promise<void> {
    this.#store.change({ difficulty, typed: undefined });
    this.#session.forgetFound();
    await this.#session.guard(() => this.ask());
  }

  async next(): Promise<void> {
    await this.choose(this.#store.state.questionSeed + 1);
  }

  async choose(questionSeed: number): Promise<void> {
    this.#store.change({ questionSeed, typed: undefined });
    await this.#session.guard(() => this.ask());
  }

  type(text: string): void {
    this.#store.change({ typed: text === this.#store.state.question?.prompt ? undefined : text });
  }

  chooseSeed(seed: number): void {
    this.#store.change({ seed });
  }

  async ask(): Promise<void> {
    const lab = this.#session.lab;
    if (lab === undefined) return;
    const { questionSeed } = this.#store.state;
    const question = await lab.question({ ...this.taskOptions(), questionSeed, split: "held_out" });
    this.#store.change({ question });
  }

  /** Task and, where the visitor chose one, difficulty. */
  taskOptions(): { task: string; difficulty?: number } {
    const { task, difficulty } = this.#store.state;
    return difficulty === undefined ? { task } : { task, difficulty };
  }
}
