// Two tabs, one stored run: who does it has the claim. Desk and store; the engine is a fake.

import { expect, test } from "vitest";

import { Bench } from "../src/bench.js";
import { Desk } from "../src/desk.js";
import type { FromWorker, Request } from "../src/protocol.js";
import { FakeLab, fakeDoor } from "./fake-door.js";
import { MemoryStores } from "./fake-stores.js";

const TRAIN = { task: "chain_sum", max_steps: 20 };

/** A desk whose requests are awaited one by one; `events` are all that it sent besides. */
async function openDesk(stores: MemoryStores) {
  const events: unknown[] = [];
  const waiting = new Map<number, (message: FromWorker) => void>();
  const desk = new Desk(
    () => Promise.resolve(fakeDoor(new FakeLab())),
    stores,
    (message) => {
      if (message.type === "event") events.push(structuredClone(message.body));
      else waiting.get(message.id)?.(message);
    },
    new Bench(),
  );
  let id = 0;
  const ask = async (kind: Request["kind"], body: unknown): Promise<FromWorker> => {
    id += 1;
    const answer = new Promise<FromWorker>((resolve) => waiting.set(id, resolve));
    desk.receive({ type: "request", id, kind, body } as Request);
    return await answer;
  };
  await ask("open", { engine: "cpu" });
  await ask("load", { source: new Uint8Array([1]).buffer });
  return { ask, events };
}

test("a run that another tab is doing is neither overwritten, resumed nor forgotten here, and each says why", async () => {
  const stores = new MemoryStores();
  const { ask, events } = await openDesk(stores);
  await ask("train", TRAIN);
  const kept = structuredClone(stores.run.saved);
  expect(kept?.step).toBe(20);
  stores.run.elsewhere = true;
  const saves = stores.run.saves.length;

  expect(await ask("train", TRAIN)).toMatchObject({ type: "done", body: { reason: "finished" } });
  expect(stores.run.saves).toHaveLength(saves);
  expect(stores.run.saved).toEqual(kept);
  const failures = events.filter((one) => (one as { type?: string }).type === "checkpoint-failed");
  expect(failures).not.toHaveLength(0);
  expect(failures[0]).toMatchObject({ message: expect.stringContaining("another tab of this browser") as string });

  for (const kind of ["resume", "forget"] as const) {
    expect(await ask(kind, null)).toMatchObject({ type: "failed", failure: { code: "busy" } });
  }
  expect(await ask("saved", null)).toMatchObject({ body: { elsewhere: true, step: 20 } });
  expect(stores.run.saved).toEqual(kept);
});

test("a run gives its claim back when it ends, however it ends", async () => {
  const stores = new MemoryStores();
  const { ask } = await openDesk(stores);
  expect(await ask("resume", null)).toMatchObject({ type: "failed", failure: { code: "bad-input" } });
  expect(stores.run.claims).toBe(0);
  await ask("train", TRAIN);
  expect(stores.run.claims).toBe(0);
  expect(await ask("saved", null)).toMatchObject({ body: { elsewhere: false } });
  await ask("resume", null);
  await ask("forget", null);
  expect(stores.run.claims).toBe(0);
  expect(stores.run.saved).toBeUndefined();
});
