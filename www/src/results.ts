// The experiments' results in the page's hands: fetched when they are asked for, filtered as the visitor chose. No DOM, no lab.

import { listedHere, problemText, summaryHere } from "./engine-words.ts";
import type { Arm, Listed, Split, TaskSummary } from "./experiment.ts";
import { isIndex, isPlan, isRun, isSummary } from "./experiment.ts";
import { OWN, hiddenAtFirst, splitsOf } from "./findings.ts";
import { chosenTask } from "./results-state.ts";
import type { OpenRun, ResultsState } from "./results-state.ts";
import type { Session } from "./session.ts";
import { isRunning } from "./state.ts";
import type { Store } from "./state.ts";
import { strings } from "./strings/lab.ts";

export class Results {
  readonly #store: Store;
  readonly #session: Session;

  constructor(store: Store, session: Session) {
    this.#store = store;
    this.#session = session;
  }

  #change(part: Partial<ResultsState>): void {
    this.#store.change({ results: { ...this.#store.state.results, ...part } });
  }

  /** The list of experiments and the first of them; once. */
  async open(): Promise<void> {
    const { index, loading } = this.#store.state.results;
    if (loading || index !== undefined) return;
    this.#change({ loading: true, problem: undefined });
    try {
      const found = await json("results/index.json");
      if (found !== undefined && !isIndex(found)) throw new Error(strings.results.notAnIndex);
      this.#change({ index: (found ?? []).map(listedHere) });
      const first = found?.[0];
      if (first !== undefined) await this.#read(first);
    } catch (thrown) {
      this.#change({ problem: problemText(thrown) });
    }
    this.#change({ loading: false });
  }

  async choose(name: string): Promise<void> {
    const { index = [], chosen, loading } = this.#store.state.results;
    const listed = index.find((one) => one.name === name);
    if (listed === undefined || listed === chosen || loading) return;
    this.#change({ loading: true, problem: undefined });
    try {
      await this.#read(listed);
    } catch (thrown) {
      this.#change({ problem: problemText(thrown) });
    }
    this.#change({ loading: false });
  }

  async #read(chosen: Listed): Promise<void> {
    this.#change({ chosen, summary: undefined, plan: undefined, run: undefined, hidden: [], mode: OWN });
    const summary = await json(`results/${chosen.summary}`);
    if (!isSummary(summary)) throw new Error(strings.results.notASummary(chosen.summary));
    // The task that is being played with, where the experiment has it.
    const { task: played } = this.#store.state;
    const task = summary.tasks.find((one) => one.task === played) ?? summary.tasks[0];
    this.#change({
      summary: summaryHere(summary),
      task: task?.task ?? "",
      split: usualSplit(task),
      hidden: hiddenAtFirst(task?.arms ?? []),
    });
    if (chosen.plan === undefined) return;
    const plan = await json(`results/${chosen.plan}`);
    if (!isPlan(plan)) throw new Error(strings.results.notAPlan(chosen.plan));
    this.#change({ plan });
  }

  /** Opens the experiment of that name at that task, if it is there. */
  async openFor(experiment: string, task: string): Promise<void> {
    this.show(true);
    await this.open();
    for (const listed of this.#store.state.results.index ?? []) {
      if (this.#store.state.results.summary?.experiment === experiment) break;
      await this.choose(listed.name);
    }
    if (this.#store.state.results.summary?.experiment === experiment) this.chooseTask(task);
  }

  show(shown: boolean): void {
    if (this.#store.state.results.shown !== shown) this.#change({ shown });
  }

  chooseTask(name: string): void {
    const task = this.#store.state.results.summary?.tasks.find((one) => one.task === name);
    this.#change({ task: name, split: usualSplit(task), run: undefined });
  }

  chooseView(view: { split: Split } | { mode: string }): void {
    this.#change(view);
  }

  /** All ways to learn, or the few that are shown at first. */
  showArms(all: boolean): void {
    const task = chosenTask(this.#store.state.results);
    this.#change({ hidden: all ? [] : hiddenAtFirst(task?.arms ?? []) });
  }

  toggleArm(arm: string): void {
    const { hidden } = this.#store.state.results;
    this.#change({ hidden: hidden.includes(arm) ? hidden.filter((one) => one !== arm) : [...hidden, arm] });
  }

  /** Opens the record of a run; opening it again closes it. */
  async openRun(arm: string, seed: number): Promise<void> {
    const { results } = this.#store.state;
    const { chosen, run } = results;
    const task = chosenTask(results);
    if (chosen === undefined || task === undefined) return;
    if (run?.arm === arm && run.seed === seed) {
      this.#change({ run: undefined });
      return;
    }
    const path = [task.task, `${arm}-${seed}.json`].map(encodeURIComponent).join("/");
    const opened: OpenRun = {
      arm,
      seed,
      address: `results/${chosen.runs.replace(/\/?$/, "/")}${path}`,
      record: undefined,
      problem: undefined,
    };
    this.#change({ run: opened });
    let found: Partial<OpenRun>;
    try {
      const record = await json(opened.address);
      found = isRun(record) ? { record } : { problem: strings.results.noRun };
    } catch (thrown) {
      found = { problem: problemText(thrown) };
    }
    // Another one may have been opened meanwhile.
    if (this.#store.state.results.run === opened) this.#change({ run: { ...opened, ...found } });
  }

  closeRun(): void {
    this.#change({ run: undefined });
  }

  /** Puts a run into the Train view: its task, method, settings, steps and seed, and the shipped model it begins with. */
  async runYourself(arm: Arm): Promise<void> {
    const { state } = this.#store;
    if (isRunning(state.run) || state.progress !== undefined) return;
    this.#store.change({ arm, method: arm.method, stepsWanted: arm.steps, settings: {} });
    const other = state.task !== arm.task;
    if (other) await this.#session.questions.chooseTask(arm.task, arm.model);
    else if (state.ownModel || state.trainedSteps > 0 || state.modelName !== arm.model)
      await this.#session.loadShipped(arm.model);
    const usual = this.#store.state.tasks.find(({ name }) => name === arm.task)?.default_difficulty;
    if ((this.#store.state.difficulty ?? usual) !== arm.difficulty)
      await this.#session.questions.chooseDifficulty(arm.difficulty);
    this.#store.change({ announcement: strings.results.ready(arm.title, arm.steps, arm.seed) });
  }
}

function usualSplit(task: TaskSummary | undefined): Split {
  const splits = task === undefined ? [] : splitsOf(task);
  return splits.includes("held_out") ? "held_out" : (splits[0] ?? "held_out");
}

/** What lies at an address of the site; undefined where there is nothing. */
async function json(address: string): Promise<unknown> {
  const answer = await fetch(new URL(address, document.baseURI));
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(strings.results.refused(address, answer.status));
  return await answer.json();
}
