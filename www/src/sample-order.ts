// The order of tries in their table.

import type { Sample } from "soft-thinking-lab";

import type { SampleOrder } from "./tools-state.ts";

/** In the order wanted; tries that earned the same stay as they were asked. */
export function ordered(samples: readonly Sample[], order: SampleOrder): Sample[] {
  const sign = order === "most" ? -1 : order === "least" ? 1 : 0;
  return [...samples].sort((a, b) => sign * (a.reward - b.reward));
}
