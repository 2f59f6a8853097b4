// The page's choices in the address bar, so that a link shows the same thing. Read strictly: a value that is not of its kind is left out
// and named. What this page does not know, as the `hide` of an embed, stays as it is.

import type { EngineChoice } from "soft-thinking-lab";

import { OBJECTIVES } from "./methods.ts";
import type { Method } from "./methods.ts";
import type { State } from "./state.ts";
import { THEMES } from "./theme-names.ts";
import type { Theme } from "./theme-names.ts";
import { CHOICES, allTrainSettings } from "./train-settings.ts";
import { SOFT, allPolicySettings } from "./ways.ts";

export type Addressed = Pick<
  State,
  | "task"
  | "difficulty"
  | "questionSeed"
  | "typed"
  | "seed"
  | "policy"
  | "policySettings"
  | "method"
  | "settings"
  | "stepsWanted"
  | "engineChoice"
  | "modelAddress"
> & { theme: Theme };

export interface Read {
  found: Partial<Addressed>;
  /** Pieces that were not understood, as they stood there. */
  ignored: string[];
}

const ENGINES: readonly EngineChoice[] = ["auto", "cpu", "gpu"];
const ENDLESS = "endless";
const QUESTION_LONGEST = 500;
const ADDRESS_LONGEST = 1000;
const STEPS_USUAL = 60;
/** Before the keys of settings. */
const POLICY = "policy.";
const TRAIN = "train.";

/** One a key: takes the text into `found`, or says that it is not of its kind. */
const KEYS: Record<string, (text: string, found: Partial<Addressed>) => boolean> = {
  task: (text, found) => take(/^[a-z0-9_]{1,60}$/.test(text), () => (found.task = text)),
  difficulty: (text, found) => take(isWhole(text), () => (found.difficulty = Number(text))),
  question: (text, found) => take(isWhole(text), () => (found.questionSeed = Number(text))),
  // Control characters are in no question; a model is not asked a book.
  ask: (text, found) =>
    take(text !== "" && text.length <= QUESTION_LONGEST && !/\p{Cc}/u.test(text), () => (found.typed = text)),
  seed: (text, found) => take(isWhole(text), () => (found.seed = Number(text))),
  policy: (text, found) => take(isName(text), () => (found.policy = text)),
  method: (text, found) => take(isName(text), () => (found.method = methodNamed(text))),
  steps: (text, found) =>
    take(text === ENDLESS || /^[1-9]\d{0,5}$/.test(text), () => {
      found.stepsWanted = text === ENDLESS ? undefined : Number(text);
    }),
  engine: (text, found) => takeOne(ENGINES, text, (one) => (found.engineChoice = one)),
  // Filled in, never fetched by itself.
  model: (text, found) => take(isModelAddress(text), () => (found.modelAddress = text)),
  theme: (text, found) => takeOne(THEMES, text, (one) => (found.theme = one)),
};

function take(right: boolean, set: () => void): boolean {
  if (right) set();
  return right;
}

function takeOne<T extends string>(all: readonly T[], text: string, set: (one: T) => void): boolean {
  const one = all.find((known) => known === text);
  if (one !== undefined) set(one);
  return one !== undefined;
}

function isWhole(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

/** Of this site or another, by http: no script, no data. */
function isModelAddress(text: string): boolean {
  if (text.length > ADDRESS_LONGEST || /[\s\p{Cc}]/u.test(text)) return false;
  const url = URL.parse(text, "https://here.invalid/");
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "";
}

function isName(text: string): boolean {
  return /^[a-z0-9_-]{1,60}$/.test(text);
}

/** The objective of a preset is the engine's to say: see `Session.open`. */
function methodNamed(name: string): Method {
  const objective = OBJECTIVES.find((one) => one === name);
  return objective === undefined ? { objective: "soft_grpo", preset: name } : { objective };
}

/** A number or a truth; what is out of range the engine refuses by name. */
function isSetting(text: string): boolean {
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) || text === "true" || text === "false";
}

/** One of the few words that some settings are. */
function isChoice(name: string, text: string): boolean {
  return Object.hasOwn(CHOICES, name) && (CHOICES[name]?.includes(text) ?? false);
}

/** Which of the page's keys it is, with what takes it; undefined for a key of somebody else. */
function readerOf(key: string): ((text: string, found: Partial<Addressed>) => boolean) | undefined {
  if (Object.hasOwn(KEYS, key)) return KEYS[key];
  const settings = (prefix: string, known: readonly string[], into: "policySettings" | "settings") => {
    const name = key.slice(prefix.length);
    return (text: string, found: Partial<Addressed>) =>
      take(
        known.includes(name) && (isSetting(text) || isChoice(name, text)),
        () => (found[into] = { ...found[into], [name]: text }),
      );
  };
  if (key.startsWith(POLICY)) return settings(POLICY, allPolicySettings(), "policySettings");
  if (key.startsWith(TRAIN)) return settings(TRAIN, allTrainSettings(), "settings");
  return undefined;
}

function piecesOf(hash: string): { raw: string; key: string; text: string }[] {
  return hash
    .replace(/^#/, "")
    .split("&")
    .filter((raw) => raw !== "")
    .map((raw) => {
      const [pair] = new URLSearchParams(raw);
      return { raw, key: pair?.[0] ?? "", text: pair?.[1] ?? "" };
    });
}

export function readAddress(hash: string): Read {
  const found: Partial<Addressed> = {};
  const ignored: string[] = [];
  for (const { raw, key, text } of piecesOf(hash)) {
    if (readerOf(key)?.(text, found) === false) ignored.push(raw);
  }
  return { found, ignored };
}

/** `hash`: the address as it is, for what is somebody else's in it. */
export function writeAddress(state: Addressed, hash = ""): string {
  const pairs = new URLSearchParams({ task: state.task });
  // What is as usual is left out: a link should not say more than was chosen.
  const set = (key: string, value: string | number | undefined, usual?: string | number) => {
    if (value !== undefined && value !== usual && value !== "") pairs.set(key, String(value));
  };
  set("difficulty", state.difficulty);
  set("question", state.questionSeed);
  set("ask", state.typed);
  set("seed", state.seed);
  set("policy", state.policy, SOFT.name);
  for (const [key, text] of Object.entries(state.policySettings)) set(POLICY + key, text.trim());
  set("method", state.method.preset ?? state.method.objective, "soft_grpo");
  for (const [key, text] of Object.entries(state.settings)) set(TRAIN + key, text.trim());
  set("steps", state.stepsWanted ?? ENDLESS, STEPS_USUAL);
  set("engine", state.engineChoice, "auto");
  set("model", state.modelAddress);
  set("theme", state.theme, "auto");
  const others = piecesOf(hash).filter(({ key }) => readerOf(key) === undefined);
  return `#${[pairs.toString(), ...others.map(({ raw }) => raw)].join("&")}`;
}
