// Runs over the client and the desk: numbers, pause and stop, what is saved, a lost GPU, a collapse. The engine is a fake.

import { expect, test } from "vitest";

import type { Metrics, TrainEvent } from "../src/protocol.js";
import { MODEL, THINK, drain, open, rejectsWith } from "./fake-port.js";

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

test("what a long step does is told with the number that it will have", async () => {
  const { lab } = await open((fake) => {
    fake.stepsMax = 2;
    fake.told = [
      { phase: "think", done: 3, total: 8 },
      { phase: "learn", done: 0.5, total: 2 },
    ];
  });
  const heard: string[] = [];
  const run = lab.train(
    { task: "chain_sum" },
    {
      onEvent: (event) => {
        if (event.type === "progress") heard.push(`${event.step} ${event.phase} ${event.done}/${event.total}`);
        if (event.type === "metrics") heard.push(`${event.metrics.step}`);
      },
    },
  );
  await run.finished;
  expect(heard).toEqual(["1 think 3/8", "1 learn 0.5/2", "1", "2 think 3/8", "2 learn 0.5/2", "2"]);
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
