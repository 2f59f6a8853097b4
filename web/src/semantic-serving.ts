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
  /** What was asked for last. */
  #wish: "go" | "pause" | "stop" = "go";
  #wake: (() => void) | undefined;

  constructor(parts: SemanticServingParts) {
    this.#parts = parts;
  }

  control(action: ControlAction): void {
    if (this.#wish !== "stop") this.#wish = action === "pause" || action === "stop" ? action : "go";
    this.#wake?.();
  }

  /** From the first epoch to the test. */
  async run(lab: DoorSemanticLab): Promise<SemanticEnd> {
    const { emit, turn } = this.#parts;
    let epochs = 0;
    const engine = await turn(() => lab.engine());
    const first = await turn(() => lab.first());
    emit({
      type: "started",
      engine,
      config: lab.config(),
      scene: lab.scene(),
      snapshot: lab.snapshot(),
      epoch: first,
    });
    while (!lab.finished() && (await this.#mayGoOn(epochs))) {
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
    return { reason: lab.finished() ? "finished" : "stopped", epochs, test };
  }

  /** False where the run is to stop; waits while it is paused. */
  async #mayGoOn(epoch: number): Promise<boolean> {
    const { emit, signal } = this.#parts;
    const waiting = this.#wish === "pause";
    if (waiting) {
      emit({ type: "paused", epoch });
      await this.#unpaused();
    }
    signal.throwIfAborted();
    if (this.#asked() === "stop") return false;
    if (waiting) emit({ type: "resumed", epoch });
    return true;
  }

  /** It may have changed while something was awaited. */
  #asked(): "go" | "pause" | "stop" {
    return this.#wish;
  }

  #unpaused(): Promise<void> {
    const { signal } = this.#parts;
    return new Promise((resolve) => {
      this.#wake = () => {
        if (this.#wish === "pause" && !signal.aborted) return;
        this.#wake = undefined;
        resolve();
      };
      signal.addEventListener("abort", this.#wake, { once: true });
    });
  }
}
