// What an embedded lab and the page around it say to each other by postMessage, and how to tell such a message from any other. The lab's
// page and the helper for host pages both keep to this file; it is documented in the package's README.

import type { ThinkResult, ThinkStep } from "../protocol.js";

export const PREFIX = "soft-thinking-lab:";

/** Raised when an old host page would misread the messages. */
export const PROTOCOL = 1;

/** The keys of the lab's address after `#`, such as `task`, `seed`, `policy`, `hide`, `theme`. */
export type LabState = Record<string, string | number>;

export interface ReadyMessage {
  type: "soft-thinking-lab:ready";
  protocol: typeof PROTOCOL;
  version: string;
  /** The names that `set` takes for `task` and for `policy`. */
  tasks: string[];
  policies: string[];
  /** The names that `hide` takes. */
  parts: string[];
  /** What the lab shows now, as it stands in its address. */
  state: LabState;
}
/** How high the lab's page is, in CSS pixels: on every change. */
export interface HeightMessage {
  type: "soft-thinking-lab:height";
  height: number;
}
/** One training step. */
export interface MetricsMessage {
  type: "soft-thinking-lab:metrics";
  step: number;
  /** Keys as in TRL's logs: `reward`, `entropy`, `val/pass@1`, … */
  metrics: Record<string, number>;
}
/** Where training is: `idle`, `starting`, `running`, `pausing`, `paused`, `collapsed`, `finished` or `stopped`. */
export interface RunMessage {
  type: "soft-thinking-lab:run";
  phase: string;
  step: number;
}
/** A thought that has come to its end. */
export interface ThoughtMessage {
  type: "soft-thinking-lab:thought";
  /** `chosen`: in the way to think that is chosen; `compared`: the same question and seed in single tokens. */
  slot: "chosen" | "compared";
  task: string;
  policy: string;
  seed: number;
  result: ThinkResult;
  steps: ThinkStep[];
}
export interface ErrorMessage {
  type: "soft-thinking-lab:error";
  /** As of the package's errors: `bad-input`, `network`, `busy`, … */
  code: string;
  message: string;
}
/** From the lab to the page around it. */
export type LabMessage = ReadyMessage | HeightMessage | MetricsMessage | RunMessage | ThoughtMessage | ErrorMessage;

/** From the page around it to the lab. */
export type HostMessage =
  /** Asks for `ready` (once it is) and `height` again. */
  | { type: "soft-thinking-lab:hello" }
  /** Changes what the lab shows; keys left out stay as they are. */
  | { type: "soft-thinking-lab:set"; state: LabState }
  /** Thinks about the question, or the one that the lab shows. */
  | { type: "soft-thinking-lab:think"; question?: string }
  /** Starts a run of so many steps, or goes on with the one that is paused. */
  | { type: "soft-thinking-lab:train"; steps?: number }
  | { type: "soft-thinking-lab:pause" }
  /** Ends thought and run; what was learned stays. */
  | { type: "soft-thinking-lab:stop" };

/** Whether it speaks this protocol at all; any page may post anything to any other. */
export function isOurs(data: unknown): data is { type: string } & Record<string, unknown> {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    typeof data.type === "string" &&
    data.type.startsWith(PREFIX)
  );
}
