// The second lab's front and its serving together, over a port that copies messages. The engine is a fake.

import { expect, test } from "vitest";

import { createSemanticLab } from "../src/semantic.js";
import type { SemanticEvent, SemanticRunOptions } from "../src/semantic-protocol.js";
import { FakeLab, MemoryStores } from "./fake-door.js";
import { FakePort } from "./fake-port.js";

const open = () => createSemanticLab({ worker: new FakePort(new FakeLab(), new MemoryStores()) });
const types = (events: SemanticEvent[]) => events.map(({ type }) => type);

test("a run tells its start, every epoch with what to draw, and its test", async () => {
  const lab = await open();
  expect(lab.catalogue.items).toBe(2);
  const events: SemanticEvent[] = [];
  const end = await lab.run({ arm: "dril" }, { onEvent: (event) => events.push(event) }).done;
  expect(end).toMatchObject({ reason: "finished", epochs: 3, test: { users: 2 } });
  expect(types(events)).toEqual(["started", "updates", "epoch", "updates", "epoch", "updates", "epoch"]);
  expect(events[6]).toMatchObject({ epoch: { epoch: 3 }, snapshot: { epoch: 3, ids: [0, 1] } });
});

test("a run pauses, goes on and stops when asked, and is tested then", async () => {
  const lab = await open();
  const events: SemanticEvent[] = [];
  const run = lab.run(
    { arm: "dril" },
    {
      onEvent: (event) => {
        events.push(event);
        if (event.type === "started") run.pause();
        if (event.type === "paused") run.resume();
        if (event.type === "resumed") run.stop();
      },
    },
  );
  expect(await run.done).toMatchObject({ reason: "stopped", test: { users: 2 } });
  expect(types(events).filter((type) => type === "paused" || type === "resumed")).toEqual(["paused", "resumed"]);
});

test("a cancel is heard in the middle of an epoch and in a pause, and the lab can be used again", async () => {
  const lab = await open();
  for (const at of ["started", "paused"] as const) {
    const abort = new AbortController();
    const run = lab.run(
      { arm: "dril" },
      {
        signal: abort.signal,
        onEvent: ({ type }) => {
          if (type === "started" && at === "paused") run.pause();
          if (type === at) abort.abort();
        },
      },
    );
    await expect(run.done).rejects.toMatchObject({ code: "cancelled" });
  }
  expect(await lab.run({ arm: "dril" }).done).toMatchObject({ reason: "finished" });
});

test("one run at a time, and what the engine refuses is passed on", async () => {
  const lab = await open();
  const first = lab.run({ arm: "dril" });
  await expect(lab.run({ arm: "dril" }).done).rejects.toMatchObject({ code: "busy" });
  await first.done;
  const typo = { arm: "drill" } as unknown as SemanticRunOptions;
  await expect(lab.run(typo).done).rejects.toMatchObject({ code: "bad-input" });
  lab.dispose();
  await expect(lab.run({ arm: "dril" }).done).rejects.toMatchObject({ code: "disposed" });
});
