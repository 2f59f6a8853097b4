// A port that copies messages as a worker's does, with a desk and a fake engine behind it; and what tests do with the lab at its other end.

import { expect } from "vitest";

import type { WorkerPort } from "../src/calls.js";
import { createLab } from "../src/client.js";
import type { Desk } from "../src/desk.js";
import { House } from "../src/house.js";
import type { EngineChoice, FromWorker, ToWorker } from "../src/protocol.js";
import { FakeLab, fakeDoor } from "./fake-door.js";
import { MemoryStores } from "./fake-stores.js";

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

/** A lab that is open over such a port. */
export async function open(prepare: (lab: FakeLab) => void = () => undefined, engine: EngineChoice = "cpu") {
  const fake = new FakeLab();
  prepare(fake);
  const stores = new MemoryStores();
  const port = new FakePort(fake, stores);
  return { fake, stores, store: stores.run, port, lab: await createLab({ engine, worker: port }) };
}

export const MODEL = () => new Uint8Array([1]).buffer;
export const THINK = { task: "chain_sum", questionSeed: 7 };
export const drain = async (items: AsyncIterable<unknown>) => {
  let count = 0;
  for await (const item of items) count += item === undefined ? 0 : 1;
  return count;
};
export const rejectsWith = (promise: Promise<unknown>, code: string) =>
  expect(promise).rejects.toMatchObject({ name: "LabError", code });
