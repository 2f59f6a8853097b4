// Who may use the engine now: one at a time, the labs of a worker in rotation, each lab's calls first come first served. Not a
// scheduler: nothing is ever interrupted here.

import { LabError, cancelledError } from "./error.js";

/** How many of a lab may wait. A page that queues more than this has lost count, and is told so. */
export const WAITING_MAX = 8;

interface Waiting {
  /** The lab that asks. */
  who: object;
  go: () => void;
}

export class Turns {
  #busyWith: string | undefined;
  readonly #waiting: Waiting[] = [];
  /** When each lab last had its turn, as a count of turns. */
  readonly #served = new WeakMap<object, number>();
  #turns = 0;

  /** Runs `work` when its turn comes. Rejects with `busy` where too many wait, with `cancelled` if `signal` aborts meanwhile. */
  async take<T>(who: object, what: string, signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
    await this.#wait(who, what, signal);
    this.#served.set(who, ++this.#turns);
    try {
      return await work();
    } finally {
      // Handed on before anyone else can ask: a newcomer must not overtake the one who waits.
      this.#busyWith = undefined;
      this.#next()?.go();
    }
  }

  /** The oldest request of the lab that has gone without a turn for longest: a lab that asks for much keeps no other waiting. */
  #next(): Waiting | undefined {
    const served = ({ who }: Waiting) => this.#served.get(who) ?? 0;
    const longest = Math.min(...this.#waiting.map(served));
    const at = this.#waiting.findIndex((one) => served(one) === longest);
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #wait(who: object, what: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(cancelledError());
    if (this.#busyWith === undefined) {
      this.#busyWith = what;
      return Promise.resolve();
    }
    if (this.#waiting.filter((one) => one.who === who).length >= WAITING_MAX) {
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
      const mine = { who, go };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(mine), 1);
        reject(cancelledError());
      };
      this.#waiting.push(mine);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
