// What the panel of brought language models knows, in one typed object, and who is told when it changes. No DOM, no lab.

import type {
  EngineChoice,
  EngineInfo,
  KeptModel,
  LanguagePlan,
  ModelInfo,
  PolicyPreset,
  Progress,
  Question,
  Report,
  ThinkResult,
  ThinkStep,
} from "soft-thinking-lab";

import { initialLearning } from "./learn-state.ts";
import type { LearnState } from "./learn-state.ts";
import type { Way } from "../ways.ts";

export type Slot = "soft" | "discrete";
export const SLOTS: readonly Slot[] = ["soft", "discrete"];

export interface WordThought {
  way: Way;
  steps: ThinkStep[];
  result?: ThinkResult | undefined;
  /** From the press to the first token, and from that to the newest; milliseconds. */
  firstMs?: number | undefined;
  restMs?: number | undefined;
}

/** Tokens a second after the first; undefined before there are two. */
export function speedOf({ steps, restMs }: Pick<WordThought, "steps" | "restMs">): number | undefined {
  return steps.length < 2 || restMs === undefined || restMs <= 0 ? undefined : (1000 * (steps.length - 1)) / restMs;
}

export interface Settings {
  /** Longest prompt and completion together. */
  context: string;
  /** MB: in the place of the estimate. */
  memory: string;
  instruction: string;
  chatTemplate: string;
  bridge: string;
  wholeMark: boolean;
}

export interface Loaded {
  model: ModelInfo;
  plan: LanguagePlan;
  name: string;
  /** From the agreement to the plan on. */
  loadMs: number;
}

export interface Measured {
  slot: Slot;
  way: string;
  difficulty: number;
  report: Report;
}

export interface Trouble {
  code: string;
  message: string;
  /** What was fetched is still there: trying again goes on from it. */
  again: boolean;
  /** It came from another site, which may not be asked from here. */
  elsewhere: boolean;
}

/** `planned`: the plan waits for a word. */
export type Phase = "empty" | "opening" | "planned" | "loading" | "ready";

export interface BringState {
  phase: Phase;
  address: string;
  /** Of what is loading or loaded. */
  name: string;
  /** What was chosen here; undefined: as the page's. */
  engineChoice: EngineChoice | undefined;
  settings: Settings;
  progress: Progress | undefined;
  /** Bytes a second of what is fetched. */
  rate: number | undefined;
  plan: LanguagePlan | undefined;
  loaded: Loaded | undefined;
  engine: EngineInfo | undefined;
  policies: readonly PolicyPreset[];
  kept: readonly KeptModel[];
  trouble: Trouble | undefined;
  said: string;
  /** For the live region. */
  announcement: string;
  difficulty: number;
  question: Question | undefined;
  typed: string | undefined;
  questionSeed: number;
  seed: number;
  policy: string;
  longest: number;
  thinking: Slot | undefined;
  thoughts: Partial<Record<Slot, WordThought>>;
  selected: { slot: Slot; step: number } | undefined;
  questions: number;
  measuring: (Progress & { slot: Slot }) | undefined;
  measured: readonly Measured[];
  learning: LearnState;
}

export const USUAL_SETTINGS: Settings = {
  context: "1024",
  memory: "",
  instruction: "",
  chatTemplate: "",
  bridge: "",
  wholeMark: false,
};

export function initialState(address: string): BringState {
  return {
    phase: "empty",
    address,
    name: "",
    engineChoice: undefined,
    settings: USUAL_SETTINGS,
    progress: undefined,
    rate: undefined,
    plan: undefined,
    loaded: undefined,
    engine: undefined,
    policies: [],
    kept: [],
    trouble: undefined,
    said: "",
    announcement: "",
    difficulty: 1,
    question: undefined,
    typed: undefined,
    questionSeed: 3,
    seed: 7,
    policy: "soft",
    longest: 96,
    thinking: undefined,
    thoughts: {},
    selected: undefined,
    questions: 20,
    measuring: undefined,
    measured: [],
    learning: initialLearning(),
  };
}

export class Store {
  state: BringState;
  readonly #listener: () => void;

  constructor(address: string, listener: () => void) {
    this.state = initialState(address);
    this.#listener = listener;
  }

  change(part: Partial<BringState>): void {
    this.state = { ...this.state, ...part };
    this.#listener();
  }
}
