// What a link chose, held against what the engine knows: names that it does not have are left out and named. No DOM, no lab.

import { methodOf } from "./methods.ts";
import type { State } from "./state.ts";
import { SOFT } from "./ways.ts";

export type Choices = Pick<State, "task" | "difficulty" | "policy" | "policySettings" | "method">;

export function knownChoices(state: Choices & Pick<State, "tasks" | "presets">): Choices & { ignored: string[] } {
  const { tasks, presets } = state;
  const ignored: string[] = [];
  let { difficulty, policy, policySettings, method } = state;
  let task = tasks.find(({ name }) => name === state.task);
  if (task === undefined) {
    ignored.push(`task=${state.task}`);
    task = tasks[0];
  }
  const [least, most] = task?.difficulties ?? [0, 0];
  if (difficulty !== undefined && (difficulty < least || difficulty > most)) {
    ignored.push(`difficulty=${difficulty}`);
    difficulty = undefined;
  }
  if (!presets.policies.some(({ name }) => name === policy)) {
    // Settings of a way to think mean nothing to another.
    ignored.push(`policy=${policy}`);
    policy = SOFT.name;
    policySettings = {};
  }
  if (method.preset !== undefined) {
    const preset = presets.methods.find(({ name }) => name === method.preset);
    if (preset === undefined) ignored.push(`method=${method.preset}`);
    method = preset === undefined ? { objective: "soft_grpo" } : methodOf(preset);
  }
  return { task: task?.name ?? "", difficulty, policy, policySettings, method, ignored };
}
