// Earlier runs in the page's hands: recorded when a run ends, kept in this browser, renamed, deleted, set up again. No DOM.

import { createStore, delMany, set, values } from "idb-keyval";

import { problemText } from "./engine-words.ts";
import { sparse } from "./findings.ts";
import { engineWords, methodWords } from "./format.ts";
import type { Session } from "./session.ts";
import type { State, Store } from "./state.ts";
import { isRunning } from "./state.ts";
import { tools as words } from "./strings/lab.ts";
import { SHOWN_MAX } from "./tools-state.ts";
import type { KeptRun, SampleOrder, ToolsState } from "./tools-state.ts";

export const RUNS_MAX = 24;
export const ROWS_MAX = 1000;

export class RunHistory {
  readonly #store: Store;
  readonly #session: Session;
  readonly #place = storage();
  /** The run on the page has not been recorded yet. */
  #open = false;
  #trainedBefore = 0;

  constructor(store: Store, session: Session) {
    this.#store = store;
    this.#session = session;
    store.listen(() => {
      this.#watch();
    });
  }

  #change(part: Partial<ToolsState>): void {
    this.#store.change({ tools: { ...this.#store.state.tools, ...part } });
  }

  /** What was kept before. Runs of this page that ended meanwhile stay in front. */
  async open(): Promise<void> {
    try {
      const before = await values<KeptRun>(this.#place());
      const here = this.#store.state.tools.kept ?? [];
      this.#change({ kept: newestFirst([...here, ...before]).slice(0, RUNS_MAX) });
    } catch (thrown) {
      this.#change({ kept: this.#store.state.tools.kept ?? [], problem: problemText(thrown) });
    }
  }

  /** Records a run as it ends: whoever ended it, its phase says so. */
  #watch(): void {
    const { run, trainedSteps } = this.#store.state;
    if (isRunning(run)) {
      if (this.#open) return;
      this.#open = true;
      // A run that goes on after a reload counts the steps before it as its own.
      this.#trainedBefore = run.step > 0 ? 0 : trainedSteps;
      this.#change({ current: undefined });
    } else if (this.#open) {
      this.#open = false;
      if (run.step > 0 && run.config !== undefined)
        void this.#record({ ...keptOf(this.#store.state), trainedBefore: this.#trainedBefore });
    }
  }

  async #record(run: KeptRun): Promise<void> {
    const { kept = [] } = this.#store.state.tools;
    // A run that went on after a reload takes the place of what it was before.
    const all = newestFirst([run, ...kept.filter((one) => !continues(run, one))]);
    const [stay, go] = [all.slice(0, RUNS_MAX), all.slice(RUNS_MAX)];
    const gone = [...go, ...kept.filter((one) => continues(run, one))].map(({ id }) => id);
    this.#change({ kept: stay, current: run.id });
    await this.#keep(async () => {
      await set(run.id, run, this.#place());
      await delMany(gone, this.#place());
    });
  }

  async #keep(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      this.#change({ problem: problemText(thrown) });
    }
  }

  toggle(id: string): void {
    const { shown } = this.#store.state.tools;
    if (shown.includes(id)) this.#change({ shown: shown.filter((one) => one !== id) });
    else if (shown.length < SHOWN_MAX) this.#change({ shown: [...shown, id] });
  }

  startRenaming(renaming: string | undefined): void {
    this.#change({ renaming });
  }

  async rename(id: string, name: string): Promise<void> {
    const { kept = [] } = this.#store.state.tools;
    const run = kept.find((one) => one.id === id);
    if (run === undefined) return;
    const named = { ...run, name: name.trim().slice(0, 80) };
    this.#change({ kept: kept.map((one) => (one === run ? named : one)), renaming: undefined });
    await this.#keep(() => set(id, named, this.#place()));
  }

  async remove(id: string): Promise<void> {
    const { kept = [], shown, current } = this.#store.state.tools;
    const run = kept.find((one) => one.id === id);
    if (run === undefined) return;
    this.#change({
      kept: kept.filter((one) => one !== run),
      shown: shown.filter((one) => one !== id),
      current: current === id ? undefined : current,
    });
    this.#store.change({ announcement: words.history.removed(nameOf(run)) });
    await this.#keep(() => delMany([id], this.#place()));
  }

  /** Puts a run's task, method, steps and settings into Train, and loads the model it began with. */
  async use(run: KeptRun): Promise<void> {
    const { state } = this.#store;
    if (isRunning(state.run) || state.progress !== undefined) return;
    const { arm, method, stepsWanted, settings, task, model, ownModel } = run;
    this.#store.change({ arm, method, stepsWanted, settings: { ...settings } });
    const { questions } = this.#session;
    if (task !== state.task) await questions.chooseTask(task, ownModel ? undefined : model);
    const { difficulty } = run.config;
    if (typeof difficulty === "number" && difficulty !== this.#difficulty())
      await questions.chooseDifficulty(difficulty);
    const now = this.#store.state;
    if (!ownModel && (now.ownModel || now.trainedSteps > 0 || now.modelName !== model))
      await this.#session.loadShipped(model);
    const name = nameOf(run);
    const other = ownModel && this.#store.state.modelName !== model;
    this.#store.change({ announcement: other ? words.history.usedOwn(name, model) : words.history.used(name) });
    if (other) this.#store.change({ notice: words.history.usedOwn(name, model) });
  }

  #difficulty(): number | undefined {
    const { difficulty, tasks, task } = this.#store.state;
    return difficulty ?? tasks.find((one) => one.name === task)?.default_difficulty;
  }

  /** Exactly these runs over the charts. */
  layOver(shown: readonly string[]): void {
    this.#change({ shown });
  }

  say(name: string, said: string): void {
    this.#change({ said: { name, words: said } });
  }

  showSamples(part: { samplesAsTable?: boolean; sampleOrder?: SampleOrder }): void {
    this.#change(part);
  }
}

/** Opened on first use: a browser that forbids storage still shows this session's runs. */
function storage(): () => ReturnType<typeof createStore> {
  let opened: ReturnType<typeof createStore> | undefined;
  return () => (opened ??= createStore("soft-thinking-lab-page", "runs"));
}

/** The run on the page as it is kept. */
export function keptOf(state: State): Omit<KeptRun, "trainedBefore"> {
  const { run, settings, stepsWanted, arm } = state;
  const { config = {} } = run;
  return {
    number: 1 + Math.max(0, ...(state.tools.kept ?? []).map((one) => one.number)),
    id: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`,
    name: "",
    endedAt: Date.now(),
    end: run.phase === "finished" ? "finished" : "stopped",
    task: typeof config.task === "string" ? config.task : state.task,
    method: run.method,
    steps: run.step,
    engine: engineWords(state.engine),
    model: state.modelName,
    ownModel: state.ownModel,
    config,
    settings: { ...settings },
    arm,
    stepsWanted,
    rows: sparse(run.history.length, ROWS_MAX).flatMap((row) => run.history[row] ?? []),
  };
}

export function newestFirst(runs: readonly KeptRun[]): KeptRun[] {
  const once = new Map(runs.map((run) => [run.id, run]));
  return [...once.values()].sort((a, b) => b.endedAt - a.endedAt);
}

/** Whether a run went on from where the earlier one stood: the same settings, and the earlier one's last step in it. */
export function continues(run: KeptRun, earlier: KeptRun): boolean {
  const last = earlier.rows.findLast((row) => row.reward !== undefined);
  const same = run.rows.find((row) => row.step === last?.step && row.reward !== undefined);
  return (
    last !== undefined &&
    run.steps > earlier.steps &&
    same?.reward === last.reward &&
    same?.grad_norm === last.grad_norm &&
    JSON.stringify(run.config) === JSON.stringify(earlier.config)
  );
}

/** What a run is called: by its name, or by its method and number. */
export function nameOf({ name, method, number }: Pick<KeptRun, "name" | "method" | "number">): string {
  return name === "" ? words.history.usual(methodWords(method), number) : name;
}
