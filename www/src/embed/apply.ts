// What the page around an embedded lab asks it to show: each key as it would stand in the address, checked, then done as if the visitor
// had chosen it. Throws where a key or value means nothing; nothing is changed then.

import { LabError } from "soft-thinking-lab";

import { readAddress } from "../address.ts";
import { hasModel } from "../own-tasks.ts";
import type { Session } from "../session.ts";
import type { State, Store } from "../state.ts";
import { embedWords as words } from "../strings/en/embed.ts";
import { readShape, reshape, shape } from "./shape.ts";

type Asked = ReturnType<typeof readAddress>["found"];

export async function applyState(asked: unknown, store: Store, session: Session): Promise<void> {
  const found = readAsked(asked, store.state);
  reshapeAs(asked as Record<string, unknown>);
  const { seed, policy, engineChoice, task, difficulty, questionSeed } = found;
  if (seed !== undefined) session.questions.chooseSeed(seed);
  if (policy !== undefined) session.thoughts.choosePolicy(policy);
  if (engineChoice !== undefined) await session.chooseEngine(engineChoice);
  if (questionSeed !== undefined) store.change({ questionSeed });
  if (task !== undefined) await session.questions.chooseTask(task);
  if (difficulty !== undefined) await session.questions.chooseDifficulty(difficulty);
  else if (questionSeed !== undefined) await session.questions.choose(questionSeed);
  store.change({});
}

function reshapeAs({ hide = shape.hide.join(","), theme = shape.theme ?? "" }: Record<string, unknown>): void {
  reshape(
    readShape(
      new URLSearchParams(Object.entries({ hide, theme }).map(([key, value]) => [key, text(value)])).toString(),
    ),
  );
}

/** Each key by itself, so that the one at fault can be named. */
function readAsked(asked: unknown, state: State): Asked {
  if (typeof asked !== "object" || asked === null) throw bad(words.set("state", JSON.stringify(asked)));
  const found: Asked = {};
  for (const [key, value] of Object.entries(asked)) {
    if (key === "hide" || key === "theme") continue;
    const { found: one, ignored } = readAddress(`#${new URLSearchParams([[key, text(value)]]).toString()}`);
    if (Object.keys(one).length === 0 || ignored.length > 0) throw bad(words.set(key, JSON.stringify(value)));
    Object.assign(found, one);
  }
  const { task, policy } = found;
  const tasks = state.tasks.filter(({ name }) => hasModel(state, name));
  if (task !== undefined) mustBeOf("task", task, tasks);
  if (policy !== undefined) mustBeOf("policy", policy, state.presets.policies);
  return found;
}

function mustBeOf(key: string, name: string, known: readonly { name: string }[]): void {
  if (known.some((one) => one.name === name)) return;
  throw bad(words.oneOf(key, known.map((one) => one.name).join(", "), name));
}

function bad(message: string): LabError {
  return new LabError("bad-input", message);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
