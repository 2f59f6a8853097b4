// How long something has been going, without its pauses, and how long it may still take. No words.

/** Earlier there is nothing to go by. */
const SHARE_MIN = 0.02;

export class Stopwatch {
  #ms = 0;
  #since = performance.now();

  pause(): void {
    this.#ms += performance.now() - this.#since;
  }

  resume(): void {
    this.#since = performance.now();
  }

  /** Seconds, while it goes and that share is done; undefined where that is too little to tell. */
  left(share: number): number | undefined {
    if (share < SHARE_MIN) return undefined;
    const ms = this.#ms + performance.now() - this.#since;
    return Math.ceil((ms * (1 - share)) / share / 1000);
  }
}
