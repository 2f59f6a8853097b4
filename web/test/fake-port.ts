// A port that copies messages as a worker's does, with a house behind it.

import type { WorkerPort } from "../src/calls.js";
import type { Desk } from "../src/desk.js";
import { House } from "../src/house.js";
import type { FromWorker, ToWorker } from "../src/protocol.js";
import type { FakeLab, MemoryStores } from "./fake-door.js";
import { fakeDoor } from "./fake-door.js";

export class FakePort implements WorkerPort {
  onmessage: WorkerPort["onmessage"] = null;
  onerror: WorkerPort["onerror"] = null;
  terminated = false;
  answers = new Map<number, number>();
  #desk: Desk;

  constructor(
    lab: FakeLab,
    stores: MemoryStores,
    door: (signal: AbortSignal) => Promise<ReturnType<typeof fakeDoor>> = () => Promise.resolve(fakeDoor(lab)),
  ) {
    this.#desk = new House(door, stores).desk({
      postMessage: (sent) => {
        const message = sent as FromWorker;
        if (message.type !== "event") this.answers.set(message.id, (this.answers.get(message.id) ?? 0) + 1);
        const data = structuredClone(message);
        setTimeout(() => this.onmessage?.({ data } as MessageEvent<FromWorker>), 0);
      },
    });
  }
  postMessage(message: unknown) {
    const copy = structuredClone(message) as ToWorker;
    setTimeout(() => {
      this.#desk.receive(copy);
    }, 0);
  }
  terminate() {
    this.terminated = true;
  }
}
