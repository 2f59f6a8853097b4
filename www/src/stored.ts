// Thoughts recorded from the shipped models by tests/page/record-thoughts.mjs, one JSON a task. Part of the page, so no wait for them.

import type { Kind, Thought } from "./state.ts";

const files = import.meta.glob<Record<Kind, Thought>>("./stored/*.json", { eager: true, import: "default" });

export function storedThought(task: string): Record<Kind, Thought> | undefined {
  return files[`./stored/${task}.json`];
}
