// A request that the worker is at, from its arrival to its answer.

import type { Notice } from "./door.js";
import type { ControlAction, Kind } from "./protocol.js";

export interface Job {
  id: number;
  kind: Kind;
  abort: AbortController;
  /** Tells the page what happened besides. */
  notify: (notice: Notice) => void;
  training?: { control(action: ControlAction): void };
  /** The page agrees to the plan that it was sent. */
  confirm?: () => void;
  /** Ends its engine call that is running, where that is not the lab's. */
  interrupt?: () => void;
}
