// Values that arrive as messages, read with `for await`. Nothing is dropped: what is not read yet waits.

export class Stream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #ready: T[] = [];
  readonly #onLeave: () => void;
  #end: { error: unknown } | "done" | undefined;
  #wake: (() => void) | undefined;

  /** `onLeave`: the reader broke out of its loop before the end. */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
  }

  push(value: T): void {
    if (this.#end !== undefined) return;
    this.#ready.push(value);
    this.#wake?.();
  }

  finish(): void {
    this.#end ??= "done";
    this.#wake?.();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      // Checked by length, not by value: undefined may be a value of T.
      if (this.#ready.length > 0) return { done: false, value: this.#ready.shift() as T };
      if (this.#end === "done") return { done: true, value: undefined };
      if (this.#end !== undefined) {
        const { error } = this.#end;
        this.#end = "done";
        throw error;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  return(): Promise<IteratorResult<T, undefined>> {
    if (this.#end === undefined) this.#onLeave();
    this.#end = "done";
    this.#ready.length = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
