import { expect, test } from "vitest";

import { formatsIn } from "../../web/src/elements/format.ts";
import { ago, bytes, csv, duration, fixed, number, percent, setting, token } from "../src/format.ts";

test("numbers have three significant digits and a true minus, and never read as something they are not", () => {
  expect([0, 0.0123456, 0.5, 4.567, 78.91, 789.4, 135424, -2.5].map(number)).toEqual([
    "0",
    "0.0123",
    "0.500",
    "4.57",
    "78.9",
    "789",
    "135,424",
    "−2.50",
  ]);
  expect([Number.NaN, Infinity, -Infinity, undefined, 2e-7].map(number)).toEqual(["–", "∞", "−∞", "–", "2.0e−7"]);
  expect(fixed(-0.001)).toBe("0.00");
  expect(fixed(-13.8155)).toBe("−13.82");
});

test("settings read as one would type them", () => {
  expect([12345, 0.001, 2e-4, 1e-7, 0.33].map(setting)).toEqual(["12345", "0.001", "0.0002", "1e-7", "0.33"]);
  expect([-0.05, 1.02].map(percent)).toEqual(["−5 %", "102 %"]);
});

test("a share that is not quite all or nothing does not read as all or nothing", () => {
  expect([0, 0.002, 0.37, 0.999, 1].map(percent)).toEqual(["0 %", "<1 %", "37 %", ">99 %", "100 %"]);
});

test("the ends of an interval are told apart where a comma is the decimal sign", () => {
  expect(formatsIn("en").interval("0.1", "0.2")).toBe("[0.1, 0.2]");
  expect(formatsIn("de").interval("0,1", "0,2")).toBe("[0,1; 0,2]");
});

test("sizes and times carry their units", () => {
  expect([999, 150_000, 2_400_000].map(bytes)).toEqual(["999 B", "150 kB", "2.4 MB"]);
  expect([0.18, 2.54, 42, 300].map(duration)).toEqual(["180 ms", "2.5 s", "42 s", "5 min"]);
  expect([1000, 120_000, 7_200_000, 259_200_000].map(ago)).toEqual(["just now", "2 min ago", "2 h ago", "3 d ago"]);
});

test("spaces in a token can be seen, marks are told from text", () => {
  expect(token(" a\n")).toBe("␣a⏎");
  expect(token("</think>")).toBe("‹/think›");
  expect(token("<")).toBe("<");
});

test("a number that was not measured is an empty cell, not a zero", () => {
  const rows = [
    { step: 1, reward: 0.5 },
    { step: 2, reward: 0.25, "val/pass@1": 0.4 },
  ] as Record<string, number>[];
  expect(csv(rows, ["step", "reward", "val/pass@1"])).toBe("step,reward,val/pass@1\n1,0.5,\n2,0.25,0.4\n");
});
