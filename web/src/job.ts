// A request that the worker is at, from its arrival to its answer.

import type { Notice } from "./door.js";
import type { Kind } from "./protocol.js";
import type { Training } from "./training.js";

export interface Job {
  id: number;
  kind: Kind;
  abort: AbortController;
  /** Tells the page what happened besides. */
  notify: (notice: Notice) => void;
  training?: Training;
}
