// A visitor's own questions in the page's hands: added to the lab, kept in this browser, told to every new lab. No DOM.

import { LabError } from "soft-thinking-lab";
import type { Lab, OwnGrader, TaskInfo } from "soft-thinking-lab";

import { problemText, taskHere } from "./engine-words.ts";
import { example, initialOwn } from "./own-state.ts";
import type { OwnForm, OwnKept, OwnState } from "./own-state.ts";
import type { Session } from "./session.ts";
import { isRunning } from "./state.ts";
import type { State, Store } from "./state.ts";
import { isShipped } from "./stored.ts";
import { strings } from "./strings/lab.ts";

const KEY = "soft-thinking-lab.own-tasks";
/** A file longer than this is not put into a text area. */
const EDITABLE = 100_000;

/** The task whose shipped model a task of own questions is asked of; undefined for any other task. */
export function likeOf({ own }: Pick<State, "own">, task: string): string | undefined {
  return own.kept.find(({ name }) => name === task)?.like;
}

/** The file of the model that comes with the page for a task. */
export function shippedModel(task: string): string {
  return `nano-${task}.gguf`;
}

/** Tasks without a model of their own → the one whose model learned them too. */
const LEARNED_IN: Readonly<Record<string, string>> = { puzzle24: "mix" };

export function modelFor(state: Pick<State, "own" | "task">): string {
  return shippedModel(likeOf(state, state.task) ?? LEARNED_IN[state.task] ?? state.task);
}

/** Whether a model that comes with the page can be asked a question of the task. */
export function hasModel(state: Pick<State, "own">, task: string): boolean {
  return isShipped(task) || likeOf(state, task) !== undefined || Object.hasOwn(LEARNED_IN, task);
}

/** Tells a lab of the tasks that are kept: those it knows now, and in words which it refused. */
export async function teach(lab: Lab, kept: readonly OwnKept[]): Promise<{ known: TaskInfo[]; lost?: string }> {
  const known: TaskInfo[] = [];
  let lost: string | undefined;
  for (const { name, jsonl, grader } of kept) {
    try {
      known.push(await lab.addTask({ name, jsonl, grader }));
    } catch (thrown) {
      lost = strings.own.lost(name, problemText(thrown));
    }
  }
  return lost === undefined ? { known } : { known, lost };
}

export class OwnTasks {
  readonly #store: Store;
  readonly #session: Session;

  constructor(store: Store, session: Session) {
    this.#store = store;
    this.#session = session;
    this.#change({ kept: read() });
  }

  #change(part: Partial<OwnState>): void {
    this.#store.change({ own: { ...this.#store.state.own, ...part } });
  }

  edit(part: Partial<OwnForm>): void {
    this.#change({ form: { ...this.#store.state.own.form, ...part }, problem: undefined, said: undefined });
  }

  fillExample(): void {
    this.edit(example());
  }

  /** Reads a file into the form, and names the task after it where it has no name yet. */
  async openFile(file: File): Promise<void> {
    const jsonl = await file.text();
    const { name } = this.#store.state.own.form;
    const plain = file.name
      .replace(/\.[^.]*$/, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .slice(0, 40);
    this.edit({ jsonl, file: jsonl.length > EDITABLE ? file.name : undefined, name: name === "" ? plain : name });
  }

  async add(): Promise<void> {
    const { lab } = this.#session;
    const { own, task: playing, tasks } = this.#store.state;
    if (own.adding) return;
    if (lab === undefined) {
      this.#change({ problem: strings.problem.notOpen });
      return;
    }
    const { name, jsonl, grader: choice, source } = own.form;
    const grader: OwnGrader = choice === "javascript" ? { source } : choice;
    this.#change({ adding: true, problem: undefined, said: undefined });
    try {
      const info = taskHere(await lab.addTask({ name, jsonl, grader }));
      const like = isShipped(playing) ? playing : (likeOf({ own }, playing) ?? tasks[0]?.name ?? "chain_sum");
      const kept = [...own.kept.filter((one) => one.name !== name), { name, jsonl, grader, like }];
      const unsaved = write(kept);
      this.#change({
        kept,
        form: initialOwn().form,
        said: [strings.own.added(name, info.description), unsaved].join(" "),
      });
      this.#store.change({
        tasks: [...tasks.filter((one) => one.name !== name), info],
        announcement: strings.own.added(name, info.description),
      });
    } catch (thrown) {
      const { code } = thrown instanceof LabError ? thrown : { code: "internal" };
      this.#change({ problem: strings.own.refused(problemText(thrown), code) });
    }
    this.#change({ adding: false });
  }

  async play(name: string): Promise<void> {
    if (isRunning(this.#store.state.run)) return;
    await this.#session.questions.chooseTask(name);
  }

  /** It stays known to this lab until the page is loaded anew, but is no longer offered. */
  async forget(name: string): Promise<void> {
    const { own, tasks, task } = this.#store.state;
    const like = likeOf({ own }, name);
    if (task === name && like !== undefined) await this.#session.questions.chooseTask(like);
    const kept = own.kept.filter((one) => one.name !== name);
    write(kept);
    this.#change({ kept, said: strings.own.forgotten(name) });
    this.#store.change({ tasks: tasks.filter((one) => one.name !== name) });
  }
}

function read(): OwnKept[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    const whole = (one: unknown) =>
      ["name", "jsonl", "like"].every((key) => typeof Reflect.get(Object(one), key) === "string");
    return Array.isArray(found) && found.every(whole) ? (found as OwnKept[]) : [];
  } catch {
    // Storage that is forbidden keeps nothing.
    return [];
  }
}

/** Empty, or why they will not be there after a reload. */
function write(kept: readonly OwnKept[]): string {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
    return "";
  } catch {
    return strings.own.notKept;
  }
}
