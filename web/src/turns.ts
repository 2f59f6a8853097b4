// Who may use the engine now: one at a time, first come first served. Not a scheduler: nothing is ever interrupted here.

import { LabError, cancelledError } from "./error.js";

/** How many may wait. A page that queues more than this has lost count, and is told so. */
export const WAITING_MAX = 8;

export class Turns {
  #busyWith: string | undefined;
  readonly #waiting: (() => void)[] = [];

  /** Runs `work` when its turn comes. Rejects with `busy` where too many wait, with `cancelled` if `signal` aborts meanwhile. */
  async take<T>(what: string, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
    await this.#wait(what, signal);
    try {
      return await work();
    } finally {
      // Handed on before anyone else can ask: a newcomer must not overtake the one who waits.
      this.#busyWith = undefined;
      this.#waiting.shift()?.();
    }
  }

  #wait(what: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(cancelledError());
    if (this.#busyWith === undefined) {
      this.#busyWith = what;
      return Promise.resolve();
    }
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.reject(
        new LabError(
          "busy",
          `cannot ${what}: ${this.#busyWith} is running and ${WAITING_MAX} more wait; wait for one to end`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        this.#busyWith = what;
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(cancelledError());
      };
      this.#waiting.push(go);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
