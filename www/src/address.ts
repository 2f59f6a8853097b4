// What of the page's state stands in the address bar, so that a link shows the same thing.

import type { EngineChoice } from "soft-thinking-lab";

import type { State } from "./state.ts";
import { SOFT } from "./ways.ts";

const ENGINES: readonly EngineChoice[] = ["auto", "cpu", "gpu"];

type Addressed = Pick<State, "task" | "difficulty" | "questionSeed" | "seed" | "policy" | "engineChoice">;

export function readAddress(hash: string): Partial<Addressed> {
  const pairs = new URLSearchParams(hash.replace(/^#/, ""));
  const found: Partial<Addressed> = {};
  const task = pairs.get("task");
  if (task !== null && /^[a-z0-9_]+$/.test(task)) found.task = task;
  const whole = (key: string) => {
    const text = pairs.get(key);
    return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const difficulty = whole("difficulty");
  const questionSeed = whole("question");
  const seed = whole("seed");
  if (difficulty !== undefined) found.difficulty = difficulty;
  if (questionSeed !== undefined) found.questionSeed = questionSeed;
  if (seed !== undefined) found.seed = seed;
  const policy = pairs.get("policy");
  if (policy !== null && /^[a-z-]+$/.test(policy)) found.policy = policy;
  const engineChoice = ENGINES.find((one) => one === pairs.get("engine"));
  if (engineChoice !== undefined) found.engineChoice = engineChoice;
  return found;
}

export function writeAddress(state: Addressed): string {
  const pairs = new URLSearchParams({ task: state.task });
  if (state.difficulty !== undefined) pairs.set("difficulty", String(state.difficulty));
  pairs.set("question", String(state.questionSeed));
  pairs.set("seed", String(state.seed));
  if (state.policy !== SOFT.name) pairs.set("policy", state.policy);
  // Left out where the lab is to choose: a link should not say more than was chosen.
  if (state.engineChoice !== "auto") pairs.set("engine", state.engineChoice);
  return `#${pairs.toString()}`;
}
