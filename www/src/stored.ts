// Thoughts recorded from the shipped models by tests/page/record-thoughts.mjs, one JSON a task. Part of the page, so no wait for them.

import { DISCRETE, SOFT } from "./ways.ts";
import type { Kind } from "./ways.ts";
import type { Slot, Thought } from "./state.ts";

type Recorded = Pick<Thought, "steps" | "result">;
const files = import.meta.glob<Record<Kind, Recorded>>("./stored/*.json", { eager: true, import: "default" });

/** Tasks that come with a model; their names are known when the page is built. */
const shipped = new Set(
  Object.keys(import.meta.glob("../models/nano-*.json")).map((path) =>
    path.slice("../models/nano-".length, -".json".length),
  ),
);

export function isShipped(task: string): boolean {
  return shipped.has(task);
}

export function storedThoughts(task: string): Record<Slot, Thought> | undefined {
  const file = files[`./stored/${task}.json`];
  if (file === undefined) return undefined;
  return { chosen: { way: SOFT, ...file.soft }, compared: { way: DISCRETE, ...file.discrete } };
}
