// What is kept of a run while it goes: only by the tab that does it. A second tab's run goes on without being kept, and says so; kept
// again from the moment the first one is done.

import { LabError } from "./error.js";
import type { Claim, Store } from "./run-store.js";

/** A tab that was just closed or loaded anew still has its claim for a moment. */
const PATIENCE_MS = 500;

export class ClaimedStore<T> {
  /** undefined: nothing is kept. */
  readonly #store: Store<T> | undefined;
  #claim: Claim | undefined;

  constructor(store: Store<T> | undefined) {
    this.#store = store;
  }

  /** For something new. */
  async begin(): Promise<void> {
    this.#claim = await this.#store?.claim(PATIENCE_MS);
  }

  /** What is kept, to go on with. `what` names it. */
  async resume(what: string): Promise<T | undefined> {
    if (this.#store === undefined) return undefined;
    await this.begin();
    if (this.#claim !== undefined) return await this.#store.load();
    throw new LabError("busy", `${doneElsewhere(what)}: stop it there or close that tab, then resume it here`);
  }

  async save(value: T, what: string): Promise<void> {
    if (this.#store === undefined) return;
    this.#claim ??= await this.#store.claim(0);
    if (this.#claim === undefined) {
      throw new LabError(
        "busy",
        `${doneElsewhere(what)}, and that one is kept; this one is kept from when that has ended`,
      );
    }
    await this.#store.save(value);
  }

  release(): void {
    this.#claim?.release();
    this.#claim = undefined;
  }
}

/** Forgets what is kept, unless another tab is at it. */
export async function forget<T>(store: Store<T>, what: string): Promise<void> {
  const claim = await store.claim(PATIENCE_MS);
  if (claim === undefined) {
    throw new LabError("busy", `${doneElsewhere(what)}: stop it there or close that tab, then forget it here`);
  }
  try {
    await store.clear();
  } finally {
    claim.release();
  }
}

function doneElsewhere(what: string): string {
  return `another tab of this browser is doing ${what}`;
}
