// Measures the model in the page's hands: pass@k on questions it was never trained on, and how soft its thoughts are.

import { createLab } from "soft-thinking-lab";
import type { Lab, Progress } from "soft-thinking-lab";

import { methodWords } from "./format.ts";
import { thinkingOf } from "./methods.ts";
import { teach } from "./own-tasks.ts";
import type { Session } from "./session.ts";
import { checkOf } from "./shipped-models.ts";
import { splitInEffect } from "./state.ts";
import type { Measurement, Store } from "./state.ts";
import { strings } from "./strings/lab.ts";

/** What is asked for a diagnosis: enough for two digits, little enough for a second. */
export const DIAGNOSIS = { questions: 16, samples: 4, probes: 64 };

export class Measurer {
  readonly #store: Store;
  readonly #session: Session;
  #measuring: AbortController | undefined;
  #diagnosing: AbortController | undefined;

  constructor(store: Store, session: Session) {
    this.#store = store;
    this.#session = session;
  }

  chooseSplit(measureSplit: string): void {
    this.#store.change({ measureSplit });
  }

  /** How soft thoughts in the chosen way are on held-out questions, with the model as it is now. */
  async diagnose(): Promise<void> {
    const session = this.#session;
    const { lab } = session;
    const { state } = this.#store;
    if (lab === undefined || state.model === undefined || state.diagnosing !== undefined) return;
    const { trainedSteps: steps } = state;
    const way = session.thoughts.chosenWay();
    const diagnosing = new AbortController();
    this.#diagnosing = diagnosing;
    const onProgress = (progress: Progress) => {
      if (progress.phase === "recovered") session.onNotice(progress);
      else this.#store.change({ diagnosing: progress });
    };
    onProgress({ phase: "diagnose", loaded: 0, total: 0, text: "" });
    const signal = AbortSignal.any([diagnosing.signal, session.same]);
    await session.guard(async () => {
      const options = {
        ...session.questions.taskOptions(),
        ...DIAGNOSIS,
        policy: session.thoughts.chosenPolicy(),
        seed: state.seed,
      };
      const found = await lab.diagnose({ ...options, signal, onProgress });
      const { questions, samples } = DIAGNOSIS;
      this.#store.change({ diagnosed: { way, steps, questions, samples, found }, announcement: strings.diagnose.done });
    });
    this.#store.change({ diagnosing: undefined });
  }

  cancelDiagnosing(): void {
    this.#diagnosing?.abort();
  }

  /**
   * pass@k of the model as it is now, in the thinking of the chosen method, on the chosen kind of questions. A trained model is
   * measured against the one it started as: if that was not measured yet, it is first.
   */
  async measure(): Promise<void> {
    const session = this.#session;
    const { lab } = session;
    const { state } = this.#store;
    if (lab === undefined || state.model === undefined || state.measuring !== undefined) return;
    const way = thinkingOf(state.method, state.presets.policies);
    const { trainedSteps: steps, trainedBy } = state;
    const split = splitInEffect(state);
    const start = state.ownModel ? strings.measure.own : strings.measure.shipped;
    const measuring = new AbortController();
    this.#measuring = measuring;
    const signal = AbortSignal.any([measuring.signal, session.same]);
    await session.guard(async () => {
      if (steps === 0 || trainedBy === undefined) {
        await this.#measureOne(lab, { label: start, way, split, steps: 0 }, signal);
        return;
      }
      const alike = (one: Measurement) => one.way.name === way.name && one.split === split && one.steps === 0;
      if (!state.measurements.some(alike)) await this.#measureStart({ label: start, way, split, steps: 0 }, signal);
      const label = strings.measure.trained(methodWords(trainedBy), steps);
      await this.#measureOne(lab, { label, way, split, steps }, signal);
    });
    this.#store.change({ measuring: undefined });
  }

  /** In a lab of its own: the trained model stays where it is. */
  async #measureStart(what: Omit<Measurement, "report">, signal: AbortSignal): Promise<void> {
    const { source } = this.#session;
    if (source === undefined) return;
    const { engine, seed, own } = this.#store.state;
    const lab = await createLab({ engine: engine?.kind ?? "cpu", seed, signal });
    try {
      await lab.loadModel(source, { signal, ...checkOf(source) });
      await teach(lab, own.kept);
      await this.#measureOne(lab, what, signal);
    } finally {
      lab.dispose();
    }
  }

  async #measureOne(lab: Lab, what: Omit<Measurement, "report">, signal: AbortSignal): Promise<void> {
    const onProgress = (progress: Progress) => {
      if (progress.phase === "recovered") this.#session.onNotice(progress);
      else this.#store.change({ measuring: { ...progress, label: what.label } });
    };
    onProgress({ phase: "evaluate", loaded: 0, total: 0, text: "" });
    const { split, way } = what;
    const options = { questions: 64, samples: 32, k: [1, 2, 4, 8, 16, 32], seed: 0, policy: way.name, split };
    const report = await lab.evaluate({ ...this.#session.questions.taskOptions(), ...options, signal, onProgress });
    this.#store.change({ measurements: [...this.#store.state.measurements, { ...what, report }] });
  }

  cancelMeasuring(): void {
    this.#measuring?.abort();
  }
}
