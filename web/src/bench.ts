// What the desks of one worker share: whose turn it is, whether the engine stopped, the weights that several of them load.

import type { LabError } from "./error.js";
import { once } from "./once.js";
import type { Work } from "./once.js";
import { Turns } from "./turns.js";

/** Weights larger than this are not kept for the next lab: it fetches them again. */
const KEPT_BYTES_MAX = 8 << 20;

export class Bench {
  readonly turns = new Turns();
  /** Why nothing more can be asked of the engine: a trap spoils the memory that all its labs live in. */
  crash: LabError | undefined;
  readonly #weights = new Map<string, Work<Uint8Array<ArrayBuffer>>>();

  /** What `fetching` gives, fetched once for all labs of this worker that name it alike. */
  async weights(
    name: string,
    fetching: Work<Uint8Array<ArrayBuffer>>,
    ...[signal, onProgress]: Parameters<Work<Uint8Array<ArrayBuffer>>>
  ): Promise<Uint8Array<ArrayBuffer>> {
    const shared = this.#weights.get(name) ?? once(fetching);
    this.#weights.set(name, shared);
    const bytes = await shared(signal, onProgress);
    if (bytes.byteLength > KEPT_BYTES_MAX) this.#weights.delete(name);
    return bytes;
  }
}
