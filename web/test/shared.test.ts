// Several labs in one worker: real message ports, the house and its desks; the engine is a fake that keeps time.

import { expect, onTestFinished, test } from "vitest";

import { createLab } from "../src/client.js";
import type { Door } from "../src/door.js";
import { House } from "../src/house.js";
import { SharedWorkers } from "../src/shared.js";
import type { HouseWorker } from "../src/shared.js";
import { FakeLab, fakeDoor } from "./fake-door.js";
import { MemoryStores } from "./fake-stores.js";

/** A page whose workers are houses; each lab that is opened in them is a FakeLab of its own. */
function page(prepare: (lab: FakeLab, index: number) => void = () => undefined) {
  const fakes: FakeLab[] = [];
  const stores = new MemoryStores();
  const workers: (HouseWorker & { terminated: boolean })[] = [];
  const seen = { doors: 0 };
  const door = (): Promise<Door> => {
    seen.doors += 1;
    const open: Door["Lab"]["open"] = (options) => {
      const fake = new FakeLab();
      prepare(fake, fakes.push(fake) - 1);
      return fakeDoor(fake).Lab.open(options);
    };
    return Promise.resolve({ ...fakeDoor(new FakeLab()), Lab: { open } });
  };
  const shared = new SharedWorkers(() => {
    const house = new House(door, stores);
    const ports: MessagePort[] = [];
    const worker = {
      onerror: null,
      terminated: false,
      postMessage: (_message: null, [port]: [MessagePort]) => {
        ports.push(port);
        house.admit(port);
      },
      terminate: () => {
        worker.terminated = true;
        for (const port of ports) port.close();
      },
    };
    workers.push(worker);
    return worker;
  });
  const open = async (options: Parameters<typeof createLab>[0] = {}) => {
    const lab = await createLab({ engine: "cpu", ...options, worker: shared.join() });
    onTestFinished(() => {
      lab.dispose();
    });
    return lab;
  };
  return { fakes, stores, workers, seen, shared, open };
}

const MODEL = () => new Uint8Array([1]).buffer;
const THINK = { task: "chain_sum", questionSeed: 7 };
const answered = async (items: AsyncIterable<unknown>) => {
  let last: unknown;
  for await (const item of items) last = item;
  return last;
};
const rejectsWith = (promise: Promise<unknown>, code: string) =>
  expect(promise).rejects.toMatchObject({ name: "LabError", code });

test("labs that share have one worker and one engine, and each its own lab in there", async () => {
  const { open, workers, fakes, seen } = page();
  const [one, other] = await Promise.all([open(), open()]);
  expect(workers).toHaveLength(1);
  expect(seen.doors).toBe(1);
  expect(fakes).toHaveLength(2);
  await one.loadModel(MODEL());
  expect(await one.engineInfo()).not.toBeNull();
  expect(await other.engineInfo()).toBeNull();
});

test("the engine serves one lab at a time, and one that asks for much keeps no other waiting", async () => {
  const { open, fakes } = page((fake) => {
    fake.stepMs = 5;
  });
  const [greedy, modest] = await Promise.all([open(), open()]);
  const order: string[] = [];
  const evaluated = (name: string, lab: typeof greedy) =>
    lab.evaluate({ task: "chain_sum" }).then(() => order.push(name));
  // Running, then five that wait; the other lab comes last of all.
  const asked = Array.from({ length: 6 }, () => evaluated("greedy", greedy));
  await new Promise((resolve) => setTimeout(resolve, 2));
  await Promise.all([...asked, evaluated("modest", modest)]);
  expect(order.indexOf("modest")).toBeLessThanOrEqual(1);
  expect(fakes.map((fake) => fake.runningMax)).toEqual([1, 1]);
});

test("two runs go step by step in turn", async () => {
  const { open } = page((fake) => {
    fake.stepMs = 3;
    fake.stepsMax = 12;
  });
  const labs = await Promise.all([open({ keepRuns: false }), open({ keepRuns: false })]);
  const ahead: number[] = [];
  const steps = [0, 0];
  await Promise.all(
    labs.map(async (lab, index) => {
      for await (const m of lab.train({ task: "chain_sum" })) {
        steps[index] = m.step;
        ahead.push(Math.abs((steps[0] ?? 0) - (steps[1] ?? 0)));
      }
    }),
  );
  expect(steps).toEqual([12, 12]);
  // Never two steps of one between two of the other; one more while its message is under way.
  expect(Math.max(...ahead)).toBeLessThanOrEqual(2);
});

test("how many may wait is counted for each lab", async () => {
  const { open } = page((fake) => {
    fake.stepMs = 2;
  });
  const [one, other] = await Promise.all([open(), open()]);
  const full = Array.from({ length: 9 }, () => one.evaluate({ task: "chain_sum" }));
  await rejectsWith(one.evaluate({ task: "chain_sum" }), "busy");
  await expect(other.evaluate({ task: "chain_sum" })).resolves.toBeDefined();
  await Promise.all(full);
});

test("disposing of a lab frees what it held, ends its calls, and leaves the others alone", async () => {
  const { open, fakes, workers } = page((fake) => {
    fake.stepMs = 20;
  });
  const [going, staying] = await Promise.all([open(), open()]);
  const run = going.train({ task: "chain_sum" });
  await run.started;
  const thought = answered(staying.think(THINK));
  going.dispose();
  await rejectsWith(run.finished, "disposed");
  expect(await thought).toMatchObject({ answer: "7" });
  await expect.poll(() => fakes.map((fake) => fake.freed)).toEqual([true, false]);
  expect(workers[0]?.terminated).toBe(false);
  staying.dispose();
  expect(workers[0]?.terminated).toBe(true);
});

test("after the last has gone the next lab gets another worker", async () => {
  const { open, workers } = page();
  (await open()).dispose();
  await open();
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
});

test("a trap in the engine reaches all labs that share it; the next lab gets another worker", async () => {
  const { open, fakes, workers } = page();
  const [one, other] = await Promise.all([open(), open()]);
  const [first] = fakes;
  if (first === undefined) throw new Error("no lab was opened");
  first.crash = true;
  await rejectsWith(one.evaluate({ task: "chain_sum" }), "crashed");
  await rejectsWith(other.evaluate({ task: "chain_sum" }), "crashed");
  const fresh = await open();
  expect(workers).toHaveLength(2);
  await expect(fresh.evaluate({ task: "chain_sum" })).resolves.toBeDefined();
});

test("a worker that stops ends what all its labs were doing", async () => {
  const { open, workers } = page((fake) => {
    fake.stepMs = 1000;
  });
  const [one, other] = await Promise.all([open(), open()]);
  const both = [answered(one.think(THINK)), answered(other.think(THINK))];
  const ends = both.map((thought) => rejectsWith(thought, "crashed"));
  workers[0]?.onerror?.({ message: "out of memory" } as ErrorEvent);
  await Promise.all(ends);
  expect(workers[0]?.terminated).toBe(true);
  await open();
  expect(workers).toHaveLength(2);
});

test("an opening that is cancelled leaves the engine to those who still wait for it", async () => {
  const { shared, seen } = page((fake) => {
    fake.openMs = 5;
  });
  const cancelled = createLab({ engine: "cpu", worker: shared.join(), signal: AbortSignal.timeout(0) });
  const waiting = createLab({ engine: "cpu", worker: shared.join() });
  await rejectsWith(cancelled, "cancelled");
  (await waiting).dispose();
  expect(seen.doors).toBe(1);
});

test("a lab that keeps no runs leaves the saved one alone", async () => {
  const { open, stores } = page((fake) => {
    fake.stepsMax = 12;
  });
  const keeping = await open();
  await answered(keeping.train({ task: "chain_sum" }));
  const saves = stores.run.saves.length;
  const other = await open({ keepRuns: false });
  await answered(other.train({ task: "chain_sum" }));
  expect(stores.run.saves).toHaveLength(saves);
  expect(await other.savedRun()).toBeNull();
  await other.forgetRun();
  expect((await keeping.savedRun())?.step).toBe(12);
});
