// What the lab's calls can be given besides what they are about: who watches, who may end them, where files are kept. Types alone.

import type { WorkerPort } from "./calls.js";
import type { ExperimentEvent } from "./experiment.js";
import type { LanguagePlan } from "./language-protocol.js";
import type { GraderFunction } from "./own-grader.js";
import type { CacheChoice, EngineChoice, OwnGrader, Progress } from "./protocol.js";

export interface Abortable {
  /** Aborting it rejects the call with an error whose `code` is "cancelled". */
  signal?: AbortSignal | undefined;
}
export interface Watchable extends Abortable {
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface LoadOptions extends Watchable {
  /**
   * `sha256-…` as in a script tag: what comes is checked, and rejects with `integrity` where it is another file. Without it nothing is
   * checked, and nothing kept, since a kept file could not be told from an old one.
   */
  integrity?: string | undefined;
  /** Default "opfs": a file of known `integrity` is kept in this browser, and a later load fetches nothing. */
  cache?: CacheChoice | undefined;
}

export interface LanguageModelOptions extends LoadOptions {
  /**
   * Told what the file is and what it takes, before anything large is fetched. `false` ends the call as cancelled; where nothing is
   * returned, or without this, it goes on. A model that cannot fit rejects with `out-of-memory` right after.
   */
  onPlan?: ((plan: LanguagePlan) => boolean | undefined | Promise<boolean | undefined>) | undefined;
  /** Longest prompt and completion together, tokens; default 2048. */
  context?: number | undefined;
  /** Refuse what needs more, bytes; default an estimate of what this tab may take. */
  memory?: number | undefined;
  /** A Jinja template in the place of the file's. */
  chatTemplate?: string | undefined;
  /** What follows the question; default the papers' "think step by step and output the final answer within \\boxed{}". */
  instruction?: string | undefined;
  /** For models without a token `</think>`: a thought ends at all tokens that spell it, not at the last of them as in the papers' code. */
  wholeMark?: boolean | undefined;
  /** What is fed after a thought that a rule has ended. */
  bridge?: string | undefined;
}

export interface ExperimentCallOptions extends Abortable {
  /** Everything that happens: runs, steps, evaluations, checkpoints. */
  onEvent?: ((event: ExperimentEvent) => void) | undefined;
}

export interface OwnTask extends Abortable {
  /** Small letters, digits and _. */
  name: string;
  /** One JSON object a line: `{"question": "2+2=", "answer": "4"}`, and perhaps `"split"`. */
  jsonl: string;
  /**
   * A function goes to the worker as its source, so it knows nothing of what is around it; its source, as `{ source }`, does as well.
   * Rejects with `no-eval` where the site's Content-Security-Policy forbids to make functions from text.
   */
  grader: OwnGrader | GraderFunction;
}

export interface LabOptions extends Watchable {
  /**
   * Default "auto": whichever is faster here, measured when a model is loaded. "gpu" rejects with `no-webgpu` or `no-adapter` where
   * the browser has none; `probe()` says beforehand.
   */
  engine?: EngineChoice;
  /** Where seeds of single calls are left out, they follow from this one. */
  seed?: number;
  /** Default true: training runs are saved in this browser, in the place of the newest one. */
  keepRuns?: boolean;
  /**
   * Default: a worker for this lab alone. "shared": the labs of a page that say so live in one worker and one engine, each with a model
   * of its own; their calls take turns. A port is for tests and unusual hosts.
   */
  worker?: "shared" | WorkerPort;
}
