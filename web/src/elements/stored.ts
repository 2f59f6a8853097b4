// What the figures show until their model is there: recorded from figures with their usual settings and the model that comes with them, by
// tests/page/record-figures.mjs. Not here: when it is shown, and that it says so.

import type { Sample } from "../index.js";
import type { Shown } from "./soft-mixture.js";
import type { Thought } from "./soft-thought.js";
import type { Kind } from "./strip.js";
import type { Track } from "./training-race.js";
import recorded from "./stored/chain_sum.json" with { type: "json" };

export interface Stored {
  /** The file of the model that it was recorded from. */
  model_sha256: string;
  mixture: { asked: string; shown: Shown };
  thought: Record<Kind, Thought>;
  group: { groups: Sample[][] };
  race: { tracks: Record<Kind, Track> };
}

// A JSON's own type is wider: a token's phase is any text there.
export const stored = recorded as unknown as Stored;
