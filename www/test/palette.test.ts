// The colours stand once, and whoever sees two kinds of light only tells them apart. How they are used, with a mark beside each, the pages'
// own tests show.

import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { PALETTE } from "../../web/src/elements/palette.ts";
import { palette } from "../palette-build.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the style sheet of the pages and the theme of the figures have the palette's colours from the palette alone", () => {
  const sheet = read("www/src/style/base.css");
  expect(sheet.match(/@palette (light|dark);/g)).toEqual(["@palette light;", "@palette dark;", "@palette dark;"]);
  const [head = ""] = sheet.split("*,\n");
  for (const name of Object.keys(PALETTE)) expect(head, name).not.toMatch(new RegExp(`^ *--${name}:`, "m"));
  const theme = read("web/src/elements/theme.ts");
  expect(theme).not.toMatch(/#[0-9a-f]{3,8}\b/i);
  for (const name of Object.keys(PALETTE)) expect(theme, name).toContain(`shade("${name}")`);
});

test("`@palette` puts in the colours of one ground, and refuses any other", () => {
  let put: { prop: string; value: string }[] = [];
  const rule = (params: string) => ({
    params,
    replaceWith: (...declarations: typeof put) => {
      put = declarations;
    },
    error: (message: string) => new Error(message),
  });
  palette.AtRule.palette(rule("dark"));
  expect(put).toContainEqual({ prop: "--soft", value: PALETTE.soft[1] });
  expect(put).toHaveLength(Object.keys(PALETTE).length);
  expect(() => {
    palette.AtRule.palette(rule("blue"));
  }).toThrow(/expected light or dark, got "blue"/);
});

type Triple = readonly [number, number, number];

/** Linear light of a colour. Source: IEC 61966-2-1. */
function linear(hex: string): Triple {
  const part = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function times(matrix: readonly Triple[], [r, g, b]: Triple): Triple {
  const [x = 0, y = 0, z = 0] = matrix.map(([one, two, three]) => one * r + two * g + three * b);
  return [x, y, z];
}

/** What is left of linear light to those without one kind of cones. Source: Machado, Oliveira, Fernandes, IEEE TVCG 15 (2009), severity 1. */
const SIGHTS: Record<string, readonly Triple[]> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Where distances are as people see them. Source: B. Ottosson, Oklab (2020). */
function oklab(light: Triple): Triple {
  const [l, m, s] = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    light,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)],
  );
}

function apart(one: string, other: string, sight: readonly Triple[]): number {
  const seen = (hex: string) => oklab(times(sight, linear(hex)));
  const [a, b] = [seen(one), seen(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Colours that stand for something. A mark or a word is always beside them. */
const MEANINGS = ["soft", "discrete", "base", "good", "attention"] as const;
/** What is drawn to be told apart: two ways to think, each from the model before, right from wrong. */
const OPPOSITES = ["soft discrete", "soft base", "discrete base", "good attention"];
/** A difference that is just seen side by side is about .02: opposites are five of these apart, the others two. */
const CLEAR = 0.1;
const SEEN = 0.04;

for (const [sight, matrix] of Object.entries(SIGHTS)) {
  for (const [ground, name] of ["light", "dark"].entries()) {
    test(`colours that stand for something are told apart, ${name} ground, ${sight}`, () => {
      for (const [at, one] of MEANINGS.entries()) {
        for (const other of MEANINGS.slice(at + 1)) {
          const distance = apart(PALETTE[one][ground] ?? "", PALETTE[other][ground] ?? "", matrix);
          const least = OPPOSITES.includes(`${one} ${other}`) ? CLEAR : SEEN;
          expect(distance, `${one}, ${other}`).toBeGreaterThanOrEqual(least);
        }
      }
    });
  }
}

test("the measure finds what cannot be told apart: a red and a green, without the cones for green", () => {
  const [red, green] = ["#b03a2e", "#427c1e"];
  expect(apart(red, green, SIGHTS.all ?? [])).toBeGreaterThan(CLEAR);
  expect(apart(red, green, SIGHTS.deuteranopia ?? [])).toBeLessThan(SEEN);
  // White stays white for everybody.
  for (const sight of Object.values(SIGHTS)) for (const part of times(sight, [1, 1, 1])) expect(part).toBeCloseTo(1, 5);
});
