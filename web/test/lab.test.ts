// The client and the desk together: opening, loading, thinking, cancelling, ending. The engine is a fake. Runs: training.test.ts.

import { expect, test } from "vitest";

import { createLab, isResult } from "../src/client.js";
import type { Progress, ThinkResult, ThinkStep } from "../src/protocol.js";
import { CPU, GPU } from "./fake-answers.js";
import { FakeLab } from "./fake-door.js";
import { FakePort, MODEL, THINK, drain, open, rejectsWith } from "./fake-port.js";
import { MemoryStores } from "./fake-stores.js";

test("asking for a gpu that is not there fails with the engine's own code, and ends the worker", async () => {
  const fake = new FakeLab();
  fake.hasGpu = false;
  const port = new FakePort(fake, new MemoryStores());
  await rejectsWith(createLab({ engine: "gpu", worker: port }), "no-adapter");
  expect(port.terminated).toBe(true);
});

test("an opening that is cancelled while the engine looks for a GPU leaves no engine behind", async () => {
  const fake = new FakeLab();
  fake.openMs = 40;
  const port = new FakePort(fake, new MemoryStores());
  await rejectsWith(createLab({ engine: "auto", worker: port, signal: AbortSignal.timeout(20) }), "cancelled");
  await expect.poll(() => fake.freed).toBe(true);
});

test("loading says what computes and why, and tells of the pipelines as they compile", async () => {
  const { lab } = await open(undefined, "auto");
  expect(lab.engine).toBeNull();
  expect(await lab.engineInfo()).toBeNull();
  const seen: Progress[] = [];
  const model = await lab.loadModel(MODEL(), { onProgress: (progress) => seen.push(progress) });
  expect(model.engine).toEqual(GPU);
  expect(lab.engine).toEqual(GPU);
  expect(await lab.engineInfo()).toEqual(GPU);
  const compiled = seen.filter((progress) => progress.phase === "compile");
  expect(compiled.map(({ loaded, total }) => [loaded, total])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  const { lab: other } = await open();
  expect((await other.loadModel(MODEL())).engine).toEqual(CPU);
});

test("a GPU lost while thinking is told of as a notice, and the thought goes on", async () => {
  const { lab } = await open((fake) => {
    fake.stepMs = 100; // the loss must come before the next step, on a busy machine too
  }, "gpu");
  await lab.loadModel(MODEL());
  const notices: Progress[] = [];
  const items: (ThinkStep | ThinkResult)[] = [];
  for await (const item of lab.think({ ...THINK, onProgress: (progress) => notices.push(progress) })) {
    if (items.length === 0) await lab.loseDevice();
    items.push(item);
  }
  expect(items.map((item) => (isResult(item) ? item.answer : item.step))).toEqual([0, 1, "7"]);
  expect(notices).toEqual([{ phase: "recovered", loaded: 0, total: 0, text: "The GPU was lost and came back." }]);
});

test("cancelling the opening is a cancel, whatever the compiler says of the missing bytes", async () => {
  const brokenOff = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        reject(new TypeError("Failed to execute 'compile' on 'WebAssembly': the stream ended"));
      });
    });
  const port = new FakePort(new FakeLab(), new MemoryStores(), brokenOff);
  const abort = new AbortController();
  const opening = createLab({ engine: "cpu", worker: port, signal: abort.signal });
  setTimeout(() => {
    abort.abort();
  }, 5);
  await rejectsWith(opening, "cancelled");
  expect(port.terminated).toBe(true);
});

test("a thought gives its steps, then its result", async () => {
  const { lab } = await open();
  const items: (ThinkStep | ThinkResult)[] = [];
  for await (const item of lab.think(THINK)) items.push(item);
  expect(items.map((item) => (isResult(item) ? item.answer : item.step))).toEqual([0, 1, "7"]);
});

test("a bad model file is refused by code, and a good one is read after it", async () => {
  const { lab } = await open();
  await rejectsWith(lab.loadModel(new Uint8Array([9]).buffer), "bad-weights");
  expect((await lab.loadModel(new File([new Uint8Array([1])], "m.gguf"))).format).toBe("gguf");
});

test.each(["load", "think", "train"] as const)(
  "cancelling a %s answers once, soon, and leaves the lab usable",
  async (what) => {
    const { lab, port } = await open((fake) => {
      fake.stepMs = 10_000;
    });
    const abort = new AbortController();
    const { signal } = abort;
    const doing = {
      load: () => lab.loadModel(MODEL(), { signal }),
      think: () => drain(lab.think({ ...THINK, signal })),
      train: () => drain(lab.train({ task: "chain_sum" }, { signal })),
    }[what]();
    const began = performance.now();
    setTimeout(() => {
      abort.abort();
    }, 30);
    await rejectsWith(doing, "cancelled");
    expect(performance.now() - began).toBeLessThan(230);
    expect((await lab.question(THINK)).answer).toBe("7");
    expect([...port.answers.values()].every((count) => count === 1)).toBe(true);
  },
);

test("a signal that is aborted already sends nothing", async () => {
  const { lab, port } = await open();
  await rejectsWith(lab.loadModel(MODEL(), { signal: AbortSignal.abort() }), "cancelled");
  expect(port.answers.size).toBe(1);
});

test("a waiting request can be cancelled without disturbing the one that runs", async () => {
  const { lab } = await open((fake) => {
    fake.stepMs = 40;
  });
  const running = lab.evaluate({ task: "chain_sum" });
  const abort = new AbortController();
  const waiting = lab.evaluate({ task: "chain_sum", signal: abort.signal });
  setTimeout(() => {
    abort.abort();
  }, 10);
  await rejectsWith(waiting, "cancelled");
  expect((await running).pass_at_1).toBe(0.5);
});

test("the engine serves one at a time, and says busy when too many wait", async () => {
  const { lab, fake } = await open((fake) => {
    fake.stepMs = 5;
  });
  const all = await Promise.allSettled(Array.from({ length: 12 }, () => lab.evaluate({ task: "chain_sum" })));
  const codes = all.flatMap((one) => (one.status === "rejected" ? [(one.reason as { code: string }).code] : []));
  expect(codes).toEqual(["busy", "busy", "busy"]);
  expect(fake.runningMax).toBe(1);
});

test("leaving the loop of a thought cancels it", async () => {
  const { lab, port } = await open((fake) => {
    fake.stepMs = 20;
  });
  const thought = lab.think(THINK);
  await thought.next();
  await thought.return?.();
  await lab.question(THINK);
  expect([...port.answers.values()]).toEqual([1, 1, 1]);
});

test("after a wasm trap every request says that the lab has crashed", async () => {
  const { lab, fake } = await open();
  fake.crash = true;
  await rejectsWith(lab.evaluate({ task: "chain_sum" }), "crashed");
  fake.crash = false;
  await rejectsWith(lab.question(THINK), "crashed");
});

test("dispose ends the worker and what was running", async () => {
  const { lab, port } = await open((fake) => {
    fake.stepMs = 10_000;
  });
  const running = lab.evaluate({ task: "chain_sum" });
  lab.dispose();
  await rejectsWith(running, "disposed");
  await rejectsWith(lab.question(THINK), "disposed");
  expect(port.terminated).toBe(true);
});

test("what has a name comes with the lab; a diagnosis tells how far it is", async () => {
  const { lab } = await open();
  expect(lab.presets.policies.map(({ name }) => name)).toEqual(["greedy"]);
  const seen: Progress[] = [];
  const found = await lab.diagnose({ task: "chain_sum", onProgress: (progress) => seen.push(progress) });
  expect(found.js_top_1).toBe(0.01);
  expect(seen.map(({ phase, loaded, total }) => [phase, loaded, total])).toEqual([["diagnose", 1, 2]]);
});
