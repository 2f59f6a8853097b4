// The panel of brought language models without a page: its interval, its list of files, its speed.

import { expect, test } from "vitest";

import { wilson } from "../src/bring/interval.ts";
import { KNOWN_FILES, integrityOf } from "../src/bring/known-files.ts";
import { speedOf } from "../src/bring/state.ts";

test("Wilson's interval is that of the tables, and never leaves 0 to 1", () => {
  // R: prop.test(3, 10, correct = FALSE) and prop.test(0, 20, correct = FALSE).
  const some = wilson(0.3, 10);
  expect(some.low).toBeCloseTo(0.1077913, 6);
  expect(some.high).toBeCloseTo(0.6032219, 6);
  const none = wilson(0, 20);
  expect(none.low).toBe(0);
  expect(none.high).toBeCloseTo(0.1611252, 6);
  expect(wilson(1, 20).high).toBe(1);
  expect(wilson(0.5, 0)).toEqual({ low: 0, high: 1 });
});

test("public files are GGUF files by https, and what was run is known by its hash", () => {
  for (const { address, run, integrity, bytes } of KNOWN_FILES) {
    const { protocol, pathname } = new URL(address);
    expect([protocol, pathname.endsWith(".gguf")]).toEqual(["https:", true]);
    expect(bytes).toBeGreaterThan(50e6);
    expect(integrity !== undefined).toBe(run);
    expect(integrityOf(address)).toBe(integrity);
  }
  expect(KNOWN_FILES.some(({ run }) => run)).toBe(true);
  expect(integrityOf("https://elsewhere.example/x.gguf")).toBeUndefined();
});

test("speed counts what came after the first token", () => {
  const steps = Array.from({ length: 11 });
  expect(speedOf({ steps: steps as never, restMs: 2000 })).toBe(5);
  expect(speedOf({ steps: steps.slice(0, 1) as never, restMs: 0 })).toBeUndefined();
});
