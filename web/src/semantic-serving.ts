// One run of the second lab in the worker: epoch after epoch, paused and stopped between them.
// Knows neither messages nor whose turn it is: both are handed in.

import type { DoorSemanticLab } from "./door.js";
import type { ControlAction } from "./protocol.js";
import type { SemanticEnd, SemanticEvent } from "./semantic-protocol.js";

export interface SemanticServingParts {
  signal: AbortSignal;
  emit: (event: SemanticEvent) => void;
  /** Uses the engine when it is free. */
  turn: <T>(work: () => T | Promise<T>) => Promise<T>;
}

export class SemanticServing {
  readonly #parts: SemanticServingParts;
  #paused = false;
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(parts: SemanticServingParts) {
    this.#parts = parts;
  }

  control(action: ControlAction): void {
    if (action === "pause") this.#paused = true;
    if (action === "resume") this.#paused = false;
    if (action === "stop") this.#stopped = true;
    this.#wake?.();
  }

  /** From the first epoch to the test. */
  async run(lab: DoorSemanticLab): Promise<SemanticEnd> {
    const { emit, turn, signal } = this.#parts;
    let epochs = 0;
    const first = await turn(() => lab.first());
    emit({
      type: "started",
      config: lab.config(),
      scene: lab.scene(),
      snapshot: lab.snapshot(),
      epoch: first,
    });
    while (!this.#stopped && !lab.finished()) {
      await this.#whilePaused(epochs);
      if (this.#stopped) break;
      signal.throwIfAborted();
      const current = epochs + 1;
      const epoch = await turn(() =>
        lab.epoch((done, total) => {
          emit({ type: "updates", epoch: current, done, total });
        }),
      );
      epochs = epoch.epoch;
      emit({ type: "epoch", epoch, snapshot: lab.snapshot() });
    }
    const test = await turn(() => lab.test());
    return { reason: this.#stopped && !lab.finished() ? "stopped" : "finished", epochs, test };
  }

  async #whilePaused(epoch: number): Promise<void> {
    if (!this.#paused || this.#stopped) return;
    const { emit, signal } = this.#parts;
    emit({ type: "paused", epoch });
    const woken = () => this.#wake?.();
    signal.addEventListener("abort", woken, { once: true });
    while (this.#paused && !this.#stopped && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    signal.removeEventListener("abort", woken);
    signal.throwIfAborted();
    emit({ type: "resumed", epoch });
  }
}
