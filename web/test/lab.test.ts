// The client and the desk together, over a port that copies messages as a worker's does. The engine is a fake.

import { expect, test } from "vitest";

import { createLab, isResult } from "../src/client.js";
import type { EngineChoice, Metrics, Progress, ThinkResult, ThinkStep, TrainEvent } from "../src/protocol.js";
import type { ExperimentEvent, ExperimentPlan } from "../src/experiment.js";
import { CPU, FakeLab, GPU, MemoryStores } from "./fake-door.js";
import { FakePort } from "./fake-port.js";

async function open(prepare: (lab: FakeLab) => void = () => undefined, engine: EngineChoice = "cpu") {
  const fake = new FakeLab();
  prepare(fake);
  const stores = new MemoryStores();
  const port = new FakePort(fake, stores);
  return { fake, stores, store: stores.run, port, lab: await createLab({ engine, worker: port }) };
}

const MODEL = () => new Uint8Array([1]).buffer;
const THINK = { task: "chain_sum", questionSeed: 7 };
const drain = async (items: AsyncIterable<unknown>) => {
  let count = 0;
  for await (const item of items) count += item === undefined ? 0 : 1;
  return count;
};
const rejectsWith = (promise: Promise<unknown>, code: string) =>
  expect(promise).rejects.toMatchObject({ name: "LabError", code });

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
    fake.stepMs = 5;
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

test("a GPU lost in a run comes back once at an earlier step; lost again, the run fails with its code", async () => {
  const { lab, store } = await open((fake) => {
    fake.stepMs = 5;
  }, "gpu");
  await lab.loadModel(MODEL());
  const events: string[] = [];
  const run = lab.train(
    { task: "chain_sum" },
    {
      onEvent: (event) => {
        if (event.type === "metrics") events.push(String(event.metrics.step));
        if (event.type === "recovered") events.push(`recovered ${event.step}`);
      },
    },
  );
  await rejectsWith(
    (async () => {
      const losses = [14, 24];
      for await (const m of run) {
        if (m.step !== losses[0]) continue;
        losses.shift();
        await lab.loseDevice();
      }
    })(),
    "device-lost",
  );
  const notice = events.indexOf("recovered 10");
  // Told before the steps that are taken again.
  expect(Number(events[notice - 1])).toBeGreaterThanOrEqual(14);
  expect(events.slice(notice + 1, notice + 4)).toEqual(["11", "12", "13"]);
  expect(Number(events.at(-1))).toBeGreaterThanOrEqual(24);
  // The run's memory knows each step once.
  expect(store.saved?.history.map((row) => row.step)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
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

test("a run gives its numbers, its samples and its checkpoints, and ends at max_steps", async () => {
  const { lab, store } = await open((fake) => {
    fake.stepsMax = 12;
  });
  const run = lab.train({ task: "chain_sum" });
  const steps: number[] = [];
  for await (const m of run) steps.push(m.step);
  expect(steps).toHaveLength(12);
  expect(run.samples).toHaveLength(3);
  expect(store.saves).toEqual([10, 12]);
  expect(await run.finished).toEqual({ step: 12, reason: "finished" });
});

test("a wrong setting is refused when the run starts", async () => {
  const { lab } = await open();
  const run = lab.train({ task: "chain_sum", lerning_rate: 1 });
  await rejectsWith(run.started, "bad-input");
  await rejectsWith(drain(run), "bad-input");
});

test("pause, think meanwhile, resume, stop; a second run is busy until then", async () => {
  const { lab, store } = await open((fake) => {
    fake.stepMs = 3;
  });
  const events: TrainEvent["type"][] = [];
  const seen: Metrics[] = [];
  let onPaused: () => void = () => undefined;
  const paused = new Promise<void>((resolve) => {
    onPaused = resolve;
  });
  const run = lab.train(
    { task: "chain_sum" },
    {
      onEvent: (event) => {
        if (event.type !== "metrics" && event.type !== "checkpoint") events.push(event.type);
        if (event.type === "paused") onPaused();
      },
    },
  );
  for await (const m of run) {
    seen.push(m);
    if (m.step === 3) {
      await rejectsWith(lab.train({ task: "chain_sum" }).started, "busy");
      await rejectsWith(lab.loadModel(MODEL()), "busy");
      run.pause();
      await paused;
      const stepsAtPause = store.saved?.step ?? 0;
      await drain(lab.think(THINK));
      expect(store.saved?.step).toBe(stepsAtPause);
      run.resume();
    }
    if (m.step === 8) run.stop();
  }
  expect(await run.finished).toMatchObject({ reason: "stopped" });
  expect(events).toEqual(["started", "paused", "resumed"]);
  expect(store.saved?.step).toBeGreaterThanOrEqual(8);
});

test("stop does not wait for the step that runs, and keeps what was learned", async () => {
  const { lab, fake, store } = await open();
  const run = lab.train({ task: "chain_sum" });
  let began = 0;
  for await (const m of run) {
    if (m.step === 2) {
      fake.stepMs = 10_000;
      await new Promise((resolve) => setTimeout(resolve, 50));
      began = performance.now();
      run.stop();
    }
  }
  expect(performance.now() - began).toBeLessThan(150);
  expect(store.saved?.step).toBeGreaterThanOrEqual(2);
});

test("a saved run goes on where it was, with its history", async () => {
  const { lab, store } = await open((fake) => {
    fake.stepsMax = 20;
  });
  await drain(lab.train({ task: "chain_sum" }));
  expect(await lab.savedRun()).toMatchObject({ step: 20, task: "chain_sum" });
  const steps: number[] = [];
  for await (const m of lab.resumeRun()) steps.push(m.step);
  expect(steps).toEqual([21, 22, 23, 24, 25]);
  expect(store.saved?.history).toHaveLength(25);
  await lab.forgetRun();
  expect(await lab.savedRun()).toBeNull();
  await rejectsWith(lab.resumeRun().started, "bad-input");
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

test.each(["resume", "returnToBest", "stop"] as const)(
  "a run that collapses waits until it is told what to do: %s",
  async (answer) => {
    const { lab, fake, store } = await open((one) => {
      one.stepsMax = 8;
      one.collapseAt = 5;
    });
    const events: string[] = [];
    const run = lab.train(
      { task: "chain_sum" },
      {
        onEvent: (event) => {
          if (event.type === "metrics") events.push(String(event.metrics.step));
          else if (event.type !== "started" && event.type !== "checkpoint") events.push(`${event.type} ${event.step}`);
          if (event.type !== "collapsed") return;
          expect(event).toMatchObject({ sign: "reward", message: "The reward fell.", bestStep: 2 });
          setTimeout(() => {
            run[answer]();
          }, 20);
        },
      },
    );
    await drain(run);
    const first = ["1", "2", "3", "4", "5", "collapsed 5"];
    const then = {
      resume: ["resumed 5", "6", "7", "8"],
      returnToBest: ["returned 2", "resumed 2", "3", "4", "5", "6", "7", "8"],
      stop: [],
    }[answer];
    expect(events).toEqual([...first, ...then]);
    expect(fake.asked).toEqual({ resume: ["acknowledge"], returnToBest: ["restore"], stop: [] }[answer]);
    expect((await run.finished).reason).toBe(answer === "stop" ? "stopped" : "finished");
    // The run's memory knows each step once.
    const steps = answer === "stop" ? 5 : 8;
    expect(store.saved?.history.map((row) => row.step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
  },
);

test("where no best moment was kept, the run still waits, and says that there is no way back", async () => {
  const { lab, fake } = await open((one) => {
    one.stepsMax = 4;
    one.collapseAt = 3;
    one.keepsBest = false;
  });
  const events: string[] = [];
  const run = lab.train(
    { task: "chain_sum" },
    {
      onEvent: (event) => {
        if (event.type === "metrics") events.push(...event.remarks);
        if (event.type !== "collapsed") return;
        events.push(`${event.message} ${event.bestStep ?? "no best"}`);
        if (event.bestStep === undefined) run.resume();
        else run.returnToBest();
      },
    },
  );
  await drain(run);
  const waits = ["The reward fell. 2", "no best moment was kept no best"];
  expect(events).toEqual(["step 1", "step 2", "step 3", ...waits, "step 4"]);
  expect(fake.asked).toEqual(["restore", "acknowledge"]);
});

const PLAN: ExperimentPlan = {
  name: "trial",
  title: "A trial",
  tasks: [{ task: "chain_sum", model: "nano.gguf" }],
  seeds: [1],
  arms: [
    { name: "base", title: "Untrained", policy: "discrete" },
    { name: "grpo", title: "GRPO", train: {} },
  ],
};

/** What became of a run: its steps, in a form that is compared easily. */
const told = (events: ExperimentEvent[]) =>
  events.flatMap((event) =>
    event.type === "run"
      ? [`run ${event.arm} from ${event.record?.curve.length ?? 0} of ${event.steps}`]
      : event.type === "finished"
        ? [`finished ${event.arm} after ${event.record.curve.length}, ${event.summary.runs} in all`]
        : [],
  );

test("an experiment does run after run from the same model, is kept as it goes, and goes on where it was", async () => {
  const { lab, fake, stores, port } = await open();
  await lab.loadModel(MODEL());
  const cancel = new AbortController();
  const events: ExperimentEvent[] = [];
  const first = lab.experiment(
    { plan: PLAN, task: "chain_sum" },
    {
      signal: cancel.signal,
      onEvent: (event) => {
        events.push(event);
        if (event.type === "step" && event.metrics.step === 13) cancel.abort();
      },
    },
  );
  await rejectsWith(first, "cancelled");
  expect(told(events)).toEqual(["run base from 0 of 0", "finished base after 0, 1 in all", "run grpo from 0 of 25"]);
  const saved = await lab.savedExperiment();
  expect(saved).toMatchObject({ task: "chain_sum", arms: ["base", "grpo"], seeds: [1], summary: { runs: 1 } });
  expect(saved?.current?.record.curve.map((row) => row.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(port.answers.size).toBeGreaterThan(0);

  // As after a reload: another worker, the same browser.
  const other = new FakeLab();
  const again = await createLab({ engine: "cpu", worker: new FakePort(other, stores) });
  const later: ExperimentEvent[] = [];
  const end = await again.resumeExperiment({ onEvent: (event) => later.push(event) });
  expect(told(later)).toEqual(["run grpo from 10 of 25", "finished grpo after 25, 2 in all"]);
  expect(end.records.map((record) => record.curve.length)).toEqual([0, 25]);
  expect(end.records[1]?.curve.map((row) => row.step)).toEqual(Array.from({ length: 25 }, (_, step) => step + 1));
  expect(await again.savedExperiment()).toMatchObject({ current: null, summary: { runs: 2 } });
  await again.forgetExperiment();
  expect(await again.savedExperiment()).toBeNull();
  await rejectsWith(again.resumeExperiment(), "bad-input");
  expect(fake.runningMax).toBe(1);
});

test("an experiment of an arm that the plan lacks is refused before anything is done", async () => {
  const { lab, fake } = await open();
  await lab.loadModel(MODEL());
  await rejectsWith(lab.experiment({ plan: PLAN, task: "chain_sum", arms: ["grpo", "gepo"] }), "bad-input");
  expect(fake.trained).toBe(0);
});

const SUMS = '{"question":"1+1=","answer":"2"}\n{"question":"1+2=","answer":"3"}';

test("own questions get their grader by name, as a function or as its source", async () => {
  const { lab } = await open();
  const add = (grader: Parameters<typeof lab.addTask>[0]["grader"]) =>
    lab.addTask({ name: "mine", jsonl: SUMS, grader });
  for (const grader of [
    "exact",
    "numeric",
    () => 1,
    { source: "(q, expected, a) => Number(expected === a)" },
  ] as const) {
    expect(await add(grader)).toMatchObject({ name: "mine" });
  }
  await expect(add({ source: "(q, e, a) => " })).rejects.toMatchObject({ code: "bad-input" });
  await expect(add({ source: "7" })).rejects.toThrow("got number");
  await expect(add({ source: "(q, e) => e.no.length" })).rejects.toThrow(/line 1: .* the grader threw TypeError/);
});
