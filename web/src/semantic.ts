// The front of the second lab: `createSemanticLab`, its arms, and runs of them. Translates calls into requests; the worker does the work.

import { Calls } from "./calls.js";
import type { Call, WorkerPort } from "./calls.js";
import { LabError } from "./error.js";
import { portFor } from "./port-for.js";
import type { ControlAction, Progress } from "./protocol.js";
import type { SemanticArms, SemanticEnd, SemanticEvent, SemanticRunOptions } from "./semantic-protocol.js";

export interface SemanticLabOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * Default: a worker for this lab alone. "shared": the page's other labs that say so live in the same one and take turns. A port is for
   * tests and unusual hosts.
   */
  worker?: "shared" | WorkerPort;
}

export interface SemanticCallOptions {
  /** Aborting it rejects `done` with an error whose `code` is "cancelled"; `stop()` ends the run with its test. */
  signal?: AbortSignal | undefined;
  onEvent?: ((event: SemanticEvent) => void) | undefined;
}

/** Fetches the engine and opens the second lab in a worker of its own. Several labs compute side by side. */
export async function createSemanticLab(options: SemanticLabOptions = {}): Promise<SemanticLab> {
  const { signal, onProgress, worker } = options;
  const calls = new Calls(portFor(worker));
  try {
    return new SemanticLab(calls, await calls.start("semantic-open", null, { signal, onEvent: onProgress }).done);
  } catch (thrown) {
    calls.close(new LabError("disposed", "the lab was never opened"));
    throw thrown;
  }
}

export class SemanticLab {
  readonly arms: SemanticArms["arms"];
  /** The usual made-up catalogue. */
  readonly catalogue: SemanticArms["catalogue"];
  readonly #calls: Calls;

  /** Made by `createSemanticLab`. */
  constructor(calls: Calls, { arms, catalogue }: SemanticArms) {
    this.#calls = calls;
    this.arms = arms;
    this.catalogue = catalogue;
  }

  /** Trains an arm, one run at a time. Rejects with `bad-input` naming the value and the fix. */
  run(options: SemanticRunOptions, { signal, onEvent }: SemanticCallOptions = {}): SemanticRun {
    return new SemanticRun(this.#calls, this.#calls.start("semantic-run", options, { signal, onEvent }));
  }

  /** Ends the worker. What is running rejects with `disposed`. */
  dispose(): void {
    this.#calls.close(new LabError("disposed", "the lab was disposed: make another with createSemanticLab()"));
  }
}

/** A run under way. */
export class SemanticRun {
  readonly done: Promise<SemanticEnd>;
  readonly #calls: Calls;
  readonly #id: number;

  /** Made by `SemanticLab.run`. */
  constructor(calls: Calls, call: Call<"semantic-run">) {
    this.#calls = calls;
    this.#id = call.id;
    this.done = call.done;
  }

  /** After the epoch under way. */
  pause(): void {
    this.#control("pause");
  }

  resume(): void {
    this.#control("resume");
  }

  /** After the epoch under way; `done` comes with the test. */
  stop(): void {
    this.#control("stop");
  }

  #control(action: ControlAction): void {
    this.#calls.send({ type: "control", id: this.#id, action });
  }
}
