// What the desks of one worker share: whose turn it is, whether the engine stopped, the weights that several of them load.

import { download } from "./download.js";
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
  readonly #weights = new Map<string, Work<Uint8Array>>();

  /** The bytes at an address, fetched once for all labs of this worker. */
  async weights(address: string, ...[signal, onProgress]: Parameters<Work<Uint8Array>>): Promise<Uint8Array> {
    const fetching =
      this.#weights.get(address) ??
      once((signal, onProgress) => download(address, { phase: "model", signal, onProgress }));
    this.#weights.set(address, fetching);
    const bytes = await fetching(signal, onProgress);
    if (bytes.byteLength > KEPT_BYTES_MAX) this.#weights.delete(address);
    return bytes;
  }
}
