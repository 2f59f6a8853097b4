// Experiments and own questions over the client and the desk. The engine is a fake.

import { expect, test } from "vitest";

import { createLab } from "../src/client.js";
import type { ExperimentEvent, ExperimentPlan } from "../src/experiment.js";
import { FakeLab } from "./fake-door.js";
import { FakePort, MODEL, open, rejectsWith } from "./fake-port.js";

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
