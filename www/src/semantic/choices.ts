// What can be chosen on the second lab's page, and the address that keeps it. Read strictly: a value that is not of its kind is left out
// and named; what this page does not know stays as it is. No words, no DOM.

import type { SemanticArmName } from "soft-thinking-lab";

import type { Ink } from "../findings.ts";
import { THEMES } from "../theme-names.ts";
import type { Theme } from "../theme-names.ts";

/** In all charts an arm looks alike; told by its dashes as well as by its colour. */
export const INKS: Record<SemanticArmName, Ink> = {
  frozen: { colour: "--base", dash: [2, 4] },
  "straight-through": { colour: "--discrete", dash: [6, 4] },
  dril: { colour: "--soft", dash: [] },
  "dril-frequency": { colour: "--good", dash: [8, 4] },
  "dril-uncertainty": { colour: "--arm-purple", dash: [2, 3] },
  "dril-both": { colour: "--attention", dash: [10, 3, 2, 3] },
  detached: { colour: "--arm-sky", dash: [4, 2] },
  annealed: { colour: "--arm-brown", dash: [12, 4, 4, 4] },
  gaussian: { colour: "--ink-quiet", dash: [1, 3] },
};
export const ARMS = Object.keys(INKS) as SemanticArmName[];
export const NONE = "none";
/** Where settings come from that nobody changed: those that show a collapse, or those that were best on validation. */
export const PACES = ["exaggerated", "tuned"] as const;
export type Pace = (typeof PACES)[number];
/** `own`: own files, which are in this browser alone. */
export const DATA = ["made-up", "own"] as const;
export const ENGINES = ["cpu", "gpu", "auto"] as const;
export type Engine = (typeof ENGINES)[number];
export const SHOWN = ["nearest", "kept"] as const;

/** Settings that can be changed one by one; `users` is the catalogue's, the others are the run's. */
export const SETTINGS = [
  "users",
  "levels",
  "codes",
  "temperature",
  "sigma",
  "codebook_learning_rate",
  "learning_rate",
  "sinkhorn_epsilon",
] as const;
export type Setting = (typeof SETTINGS)[number];

export interface Choices {
  arm: SemanticArmName;
  beside: SemanticArmName | typeof NONE;
  seed: number;
  pace: Pace;
  data: (typeof DATA)[number];
  /** What computes the updates. */
  engine: Engine;
  /** A published run, ARM-SEED, whose settings are taken in the place of all others. */
  run: string | undefined;
  /** undefined: as the pace has it. */
  epochs: number | undefined;
  items: number | undefined;
  shown: (typeof SHOWN)[number];
  settings: Partial<Record<Setting, number>>;
}

export const USUAL: Choices = {
  arm: "straight-through",
  beside: "dril",
  seed: 0,
  pace: "exaggerated",
  data: "made-up",
  engine: "cpu",
  run: undefined,
  epochs: undefined,
  items: undefined,
  shown: "nearest",
  settings: {},
};

export interface ReadChoices {
  found: Choices;
  theme: Theme | undefined;
  ignored: string[];
}

const RUN = /^[a-z][a-z-]{0,60}-\d{1,9}$/;
const WHOLE = /^\d{1,9}$/;
const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const PREFIX = "set.";
/** One a key: takes the text, or says that it is not of its kind. */
const KEYS: Record<string, (text: string, into: ReadChoices) => boolean> = {
  arm: (text, { found }) => one(ARMS, text, (arm) => (found.arm = arm)),
  beside: (text, { found }) => one([...ARMS, NONE] as const, text, (arm) => (found.beside = arm)),
  seed: (text, { found }) => whole(text, (value) => (found.seed = value)),
  pace: (text, { found }) => one(PACES, text, (pace) => (found.pace = pace)),
  data: (text, { found }) => one(DATA, text, (data) => (found.data = data)),
  engine: (text, { found }) => one(ENGINES, text, (engine) => (found.engine = engine)),
  run: (text, { found }) => {
    const right = RUN.test(text);
    if (right) found.run = text;
    return right;
  },
  epochs: (text, { found }) => whole(text, (value) => (found.epochs = value)),
  items: (text, { found }) => whole(text, (value) => (found.items = value)),
  show: (text, { found }) => one(SHOWN, text, (shown) => (found.shown = shown)),
  theme: (text, into) => one(THEMES, text, (theme) => (into.theme = theme)),
};
for (const name of SETTINGS) {
  KEYS[PREFIX + name] = (text, { found }) => {
    const right = NUMBER.test(text);
    if (right) found.settings[name] = Number(text);
    return right;
  };
}

function one<T extends string>(all: readonly T[], text: string, take: (value: T) => void): boolean {
  const known = all.find((each) => each === text);
  if (known !== undefined) take(known);
  return known !== undefined;
}

function whole(text: string, take: (value: number) => void): boolean {
  const right = WHOLE.test(text);
  if (right) take(Number(text));
  return right;
}

function piecesOf(hash: string): { raw: string; key: string; text: string }[] {
  return hash
    .replace(/^#/, "")
    .split("&")
    .filter((raw) => raw !== "")
    .map((raw) => {
      const [[key, text] = ["", ""]] = new URLSearchParams(raw);
      return { raw, key, text };
    });
}

export function readChoices(hash: string): ReadChoices {
  const into: ReadChoices = { found: { ...USUAL, settings: {} }, theme: undefined, ignored: [] };
  for (const { raw, key, text } of piecesOf(hash)) {
    if (Object.hasOwn(KEYS, key) && KEYS[key]?.(text, into) === false) into.ignored.push(raw);
  }
  return into;
}

/** `hash`: the address as it is, for what is somebody else's in it. What is as usual is left out. */
export function writeChoices(choices: Choices, theme: Theme, hash: string): string {
  const pairs = new URLSearchParams();
  const set = (key: string, value: string | number | undefined, usual: unknown) => {
    if (value !== undefined && value !== usual) pairs.set(key, String(value));
  };
  set("arm", choices.arm, USUAL.arm);
  set("beside", choices.beside, USUAL.beside);
  set("seed", choices.seed, USUAL.seed);
  set("pace", choices.pace, USUAL.pace);
  set("data", choices.data, USUAL.data);
  set("engine", choices.engine, USUAL.engine);
  set("run", choices.run, undefined);
  set("epochs", choices.epochs, undefined);
  set("items", choices.items, undefined);
  set("show", choices.shown, USUAL.shown);
  for (const name of SETTINGS) set(PREFIX + name, choices.settings[name], undefined);
  set("theme", theme, "auto");
  const others = piecesOf(hash).filter(({ key }) => !Object.hasOwn(KEYS, key));
  const all = [...(pairs.size > 0 ? [pairs.toString()] : []), ...others.map(({ raw }) => raw)];
  return all.length === 0 ? "" : `#${all.join("&")}`;
}

/** What a run depends on, in a word: the same choices, whatever is looked at and in whichever light. */
export function nameOfWish(choices: Choices): string {
  return writeChoices({ ...choices, shown: USUAL.shown }, "auto", "");
}
