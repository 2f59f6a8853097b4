// What of the lab's state is news for the page around it: each thought, training step, change of the run and problem, once. Who is told
// and how is the wire's business.

import type { LabMessage } from "soft-thinking-lab/embed";

import type { Problem, RunPhase, Slot, State, Thought } from "../state.ts";

const SLOTS: readonly Slot[] = ["chosen", "compared"];

export class Teller {
  readonly #post: (message: LabMessage) => void;
  readonly #thoughts = new Map<Slot, Thought["result"]>();
  #problem: Problem | undefined;
  #phase: RunPhase = "idle";
  /** Rows of the run's history that were told. */
  #rows = 0;

  constructor(post: (message: LabMessage) => void) {
    this.#post = post;
  }

  look(state: State): void {
    this.#tellThoughts(state);
    this.#tellRun(state);
    if (state.problem !== this.#problem) {
      this.#problem = state.problem;
      if (state.problem !== undefined) {
        const { code, message } = state.problem;
        this.#post({ type: "soft-thinking-lab:error", code, message });
      }
    }
  }

  #tellThoughts(state: State): void {
    for (const slot of SLOTS) {
      const thought = state[slot];
      const result = thought?.result;
      if (result === this.#thoughts.get(slot)) continue;
      this.#thoughts.set(slot, result);
      // What is stored was thought before anybody looked.
      if (thought === undefined || result === undefined || state.stored) continue;
      const { task, seed } = state;
      const { steps, way } = thought;
      this.#post({ type: "soft-thinking-lab:thought", slot, task, policy: way.name, seed, result, steps });
    }
  }

  #tellRun({ run }: State): void {
    const { history, phase, step } = run;
    // Shorter than before: another run, or one that went back to an earlier step.
    this.#rows = Math.min(this.#rows, history.length);
    for (const row of history.slice(this.#rows)) {
      // What was measured before the first step is no step.
      if (row.reward === undefined) continue;
      const known = Object.entries(row).filter((pair): pair is [string, number] => typeof pair[1] === "number");
      this.#post({ type: "soft-thinking-lab:metrics", step: row.step, metrics: Object.fromEntries(known) });
    }
    this.#rows = history.length;
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#post({ type: "soft-thinking-lab:run", phase, step });
  }
}
