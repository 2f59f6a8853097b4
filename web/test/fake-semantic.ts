// The second lab without its computing: three epochs of nothing.

import type { DoorSemanticLab } from "../src/door.js";
import type { SemanticEpoch, SemanticRunOptions } from "../src/semantic-protocol.js";
import { CodedError } from "./coded-error.js";

export const SEMANTIC_CATALOGUE = {
  items: 2,
  users: 1,
  clusters: 1,
  dim: 1,
  content_noise: 0.5,
  axis_radius: 0,
  history: [6, 14] as [number, number],
  stay: 0.85,
  stride: 0.12,
  wander: 0.05,
  seed: 0,
};
const RANKING = { recall: [0.5, 1] as [number, number], ndcg: [0.4, 0.5] as [number, number], users: 2 };

/** `epoch` takes a moment and hears `cancel`, as the engine's does. */
export class FakeSemanticLab implements DoorSemanticLab {
  freed = false;
  #epochs = 0;
  #reject: ((error: Error) => void) | undefined;

  constructor({ arm }: SemanticRunOptions) {
    if (arm !== "dril") throw new CodedError("bad-input", `arm: expected dril, got ${arm}`);
  }
  engine() {
    return Promise.resolve("CPU (Burn)");
  }
  config() {
    return { arm: "dril", epochs: 3 } as unknown as ReturnType<DoorSemanticLab["config"]>;
  }
  scene() {
    return {
      items: 2,
      users: 1,
      levels: 1,
      codes: 2,
      parameters: 9,
      names: [],
      points: [],
      clusters: null,
      places: null,
    };
  }
  snapshot() {
    return { epoch: this.#epochs, ids: [0, 1], suffix: [0, 0], nearest: [0, 1], words: [] };
  }
  #measured(): SemanticEpoch {
    return {
      epoch: this.#epochs,
      generation: 1,
      quantization: 1,
      reconstruction: 1,
      levels: [],
      nearest: [],
      conflicts: { unique: 1, most: 1 },
      drift: 0,
      drift_total: 0,
      agreement: 1,
      assignment_entropy: 0,
      sigma: 1,
      temperature: 2,
      noisy: 1,
      validation: null,
    };
  }
  first() {
    return Promise.resolve(this.#measured());
  }
  async epoch(onUpdate: (done: number, total: number) => void) {
    await new Promise((resolve, reject) => {
      this.#reject = reject;
      setTimeout(resolve, 5);
    });
    onUpdate(1, 1);
    this.#epochs += 1;
    return this.#measured();
  }
  finished() {
    return this.#epochs >= 3;
  }
  test() {
    return Promise.resolve(RANKING);
  }
  cancel() {
    this.#reject?.(new CodedError("cancelled", "cancelled"));
  }
  free() {
    this.freed = true;
  }
}
