// Sentences that set the page up: task, way to think, method, settings, steps, and which control is pressed next. No DOM.

import type { Method } from "./methods.ts";
import { shippedModel } from "./own-tasks.ts";
import type { RunHistory } from "./run-history.ts";
import type { Session } from "./session.ts";
import { isRunning } from "./state.ts";
import type { State, Store } from "./state.ts";
import type { SentenceName } from "./strings/lab.ts";
import { tools } from "./strings/lab.ts";
import type { KeptRun } from "./tools-state.ts";
import { DISCRETE, SOFT } from "./ways.ts";

/** The control to press once all is set. */
export type Control = "think" | "train" | "look";

export interface Sentence {
  name: SentenceName;
  control: Control;
  task: string;
  /** Where it is not the task's own. */
  model?: string;
  policy?: string;
  method?: Method;
  steps?: number;
  settings?: Record<string, string>;
  /** Show the tries as a table, those that earned most first. */
  table?: boolean;
}

const SOFT_GRPO: Method = { objective: "soft_grpo" };
const GRPO: Method = { objective: "grpo" };
const STEPS = 60;

export const SENTENCES: readonly Sentence[] = [
  { name: "add", control: "train", task: "chain_sum", policy: SOFT.name, method: SOFT_GRPO, steps: STEPS },
  { name: "both", control: "train", task: "chain_sum", policy: SOFT.name, method: SOFT_GRPO, steps: STEPS },
  {
    name: "collapse",
    control: "train",
    task: "chain_sum",
    policy: SOFT.name,
    method: SOFT_GRPO,
    steps: STEPS,
    // With other seeds it is over in three steps, too soon to watch.
    settings: { learning_rate: "0.0015", seed: "1" },
  },
  {
    name: "loophole",
    control: "train",
    task: "puzzle24",
    model: shippedModel("mix"),
    policy: DISCRETE.name,
    method: GRPO,
    steps: 20,
    table: true,
  },
  { name: "compare", control: "think", task: "chain_sum", policy: SOFT.name },
  { name: "pause", control: "think", task: "chain_sum", policy: "pause" },
  { name: "pitfall", control: "look", task: "chain_sum", policy: "soft-thinking" },
  { name: "spell", control: "train", task: "spell_backward", policy: SOFT.name, method: SOFT_GRPO, steps: STEPS },
];

/** The newest plain SofT-GRPO run that a GRPO run can be set beside. `difficulty`: the usual one. */
export function halfOf(kept: readonly KeptRun[], difficulty: number | undefined): KeptRun | undefined {
  return kept.find(
    (run) =>
      run.task === "chain_sum" &&
      run.method.preset === undefined &&
      run.method.objective === SOFT_GRPO.objective &&
      run.end === "finished" &&
      run.steps === STEPS &&
      run.trainedBefore === 0 &&
      run.model === shippedModel("chain_sum") &&
      run.config.difficulty === difficulty &&
      run.arm === undefined &&
      Object.keys(run.settings).length === 0,
  );
}

export class Presets {
  readonly #store: Store;
  readonly #session: Session;
  readonly #runs: RunHistory;

  constructor(store: Store, session: Session, runs: RunHistory) {
    this.#store = store;
    this.#session = session;
    this.#runs = runs;
  }

  /** Whether the page can be set up now. */
  static ready({ run, progress, model, thinking }: State): boolean {
    return !isRunning(run) && progress === undefined && model !== undefined && !thinking;
  }

  async set(sentence: Sentence): Promise<void> {
    const { state } = this.#store;
    if (!Presets.ready(state)) return;
    const usual = state.tasks.find(({ name }) => name === sentence.task)?.default_difficulty;
    const half = sentence.name === "both" ? halfOf(state.tools.kept ?? [], usual) : undefined;
    const method = half === undefined ? sentence.method : GRPO;
    this.#store.change({
      arm: undefined,
      settings: sentence.settings ?? {},
      policySettings: {},
      policy: sentence.policy ?? state.policy,
      ...(method === undefined ? {} : { method }),
      ...(sentence.steps === undefined ? {} : { stepsWanted: sentence.steps }),
    });
    await this.#choose(sentence);
    if (half !== undefined) this.#runs.layOver([half.id]);
    if (sentence.table === true) this.#runs.showSamples({ samplesAsTable: true, sampleOrder: "most" });
    const words = tools.presets.sentences[sentence.name];
    const said = half === undefined ? words.next : tools.presets.other;
    this.#store.change({ announcement: said });
    this.#runs.say(sentence.name, said);
  }

  /** Task and model, untrained, at the usual difficulty. */
  async #choose({ task, model = shippedModel(task) }: Sentence): Promise<void> {
    const { questions } = this.#session;
    if (task !== this.#store.state.task) await questions.chooseTask(task, model);
    else if (this.#store.state.difficulty !== undefined) {
      this.#store.change({ difficulty: undefined, typed: undefined });
      await this.#session.guard(() => questions.ask());
    }
    const { ownModel, trainedSteps, modelName } = this.#store.state;
    if (ownModel || trainedSteps > 0 || modelName !== model) await this.#session.loadShipped(model);
  }
}
