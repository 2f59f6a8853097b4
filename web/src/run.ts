// A training run in the page's hands: its numbers as they come, and pause, resume, stop.

import type { Calls } from "./calls.js";
import type { Metrics, Sample, TrainConfig, TrainEnd, TrainEvent, TrainStart } from "./protocol.js";
import { Stream } from "./stream.js";

export interface TrainCallOptions {
  signal?: AbortSignal | undefined;
  /** Everything that happens to the run, metrics included; for those who would rather listen than iterate. */
  onEvent?: ((event: TrainEvent) => void) | undefined;
}

/** `for await (const metrics of run)`: ends when the run is finished or stopped, throws when it failed or was cancelled. */
export class Run implements AsyncIterable<Metrics> {
  /** Resolves with the configuration in effect once the engine accepted it; rejects where it did not. */
  readonly started: Promise<TrainStart>;
  /** Resolves when the run has ended; rejects where it failed or was cancelled. */
  readonly finished: Promise<TrainEnd>;
  readonly #calls: Calls;
  readonly #id: number;
  readonly #stream: Stream<Metrics>;
  #samples: Sample[] = [];

  constructor(calls: Calls, kind: "train" | "resume", config: TrainConfig | null, options: TrainCallOptions) {
    this.#calls = calls;
    this.#stream = new Stream(() => {
      this.stop();
    });
    let onStarted: (start: TrainStart) => void = () => undefined;
    const started = new Promise<TrainStart>((resolve) => {
      onStarted = resolve;
    });
    const onEvent = (event: TrainEvent) => {
      if (event.type === "started") onStarted(event.start);
      if (event.type === "metrics") {
        this.#samples = event.samples;
        this.#stream.push(event.metrics);
      }
      options.onEvent?.(event);
    };
    const callOptions = { signal: options.signal, onEvent };
    const call =
      kind === "train" && config !== null
        ? calls.start("train", config, callOptions)
        : calls.start("resume", null, callOptions);
    this.#id = call.id;
    this.finished = call.done;
    this.started = Promise.race([started, call.done.then(() => started)]);
    call.done.then(
      () => {
        this.#stream.finish();
      },
      (error: unknown) => {
        this.#stream.fail(error);
      },
    );
    // Whoever iterates hears of a failure there; these two need no second listener.
    this.started.catch(() => undefined);
    this.finished.catch(() => undefined);
  }

  /** Rollouts of the newest step with rewards and advantages, group after group of `num_generations`. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** After the step that is running. */
  pause(): void {
    this.#calls.send({ type: "control", id: this.#id, action: "pause" });
  }

  /** After a pause; after a collapse, from where the run stands. */
  resume(): void {
    this.#calls.send({ type: "control", id: this.#id, action: "resume" });
  }

  /** After a collapse: goes on from the run's best moment. */
  returnToBest(): void {
    this.#calls.send({ type: "control", id: this.#id, action: "return-to-best" });
  }

  /** At once; what the finished steps taught stays in the model. */
  stop(): void {
    this.#calls.send({ type: "control", id: this.#id, action: "stop" });
  }

  [Symbol.asyncIterator](): AsyncIterator<Metrics> {
    return this.#stream;
  }
}
