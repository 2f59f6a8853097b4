// All that the page knows, in one typed object, and who is told when it changes. No DOM, no lab.

import type {
  Capabilities,
  Diagnosis,
  EngineChoice,
  EngineInfo,
  HistoryRow,
  ModelInfo,
  Presets,
  Progress,
  Question,
  Report,
  Sample,
  SavedRun,
  TaskInfo,
  ThinkResult,
  ThinkStep,
  TrainEvent,
} from "soft-thinking-lab";

import type { Arm } from "./experiment.ts";
import type { Method } from "./methods.ts";
import { initialSite } from "./offline/site-state.ts";
import type { SiteState } from "./offline/site-state.ts";
import { initialOwn } from "./own-state.ts";
import type { OwnState } from "./own-state.ts";
import type { Language } from "./strings/language.ts";
import { initialResults } from "./results-state.ts";
import type { ResultsState } from "./results-state.ts";
import { initialTools } from "./tools-state.ts";
import type { ToolsState } from "./tools-state.ts";
import { initialTrial, isTrying } from "./trial-state.ts";
import type { TrialState } from "./trial-state.ts";
import { SOFT, partsOf } from "./ways.ts";
import type { Way } from "./ways.ts";

/** The two thoughts on the screen: the way that was chosen, and single tokens with the same seed. */
export type Slot = "chosen" | "compared";

export interface Thought {
  way: Way;
  steps: ThinkStep[];
  result?: ThinkResult | undefined;
}

export interface Problem {
  code: string;
  message: string;
  /** What it means for the lab. */
  note?: string | undefined;
  /** What was being fetched can be fetched again. */
  again?: boolean | undefined;
  /** It ended a training run. */
  inRun?: boolean | undefined;
}

/** Errors of the GPU itself: another engine may do where they came up. */
export function isGpuCode(code: string): boolean {
  return code === "no-webgpu" || code === "no-adapter" || code === "device-lost" || code === "out-of-memory";
}

export type RunPhase = "idle" | "starting" | "running" | "pausing" | "paused" | "collapsed" | "finished" | "stopped";

export interface RunState {
  phase: RunPhase;
  method: Method;
  step: number;
  /** undefined: until stopped. */
  stepsMax: number | undefined;
  config: Record<string, unknown> | undefined;
  history: HistoryRow[];
  /** The newest tries that are drawn. */
  tries: Tries;
  /** The group that is shown. */
  group: number;
  /** Which of its tries is open as a thought, and which of that thought's steps in the card. */
  openSample: number | undefined;
  openStep: number;
  /** While a try is open, the tries of that step stay on the screen, whatever the newest are. */
  held: Tries | undefined;
  /** Wall seconds a step, smoothed. */
  secondsPerStep: number | undefined;
  saved: string | undefined;
  /** The sign of collapse that the run waits with. */
  collapse: Collapsed | undefined;
  /** What the newest unusual step did not do as usual, and the updates left out so far. */
  remark: { text: string; skipped: number } | undefined;
}

export type Collapsed = Omit<Extract<TrainEvent, { type: "collapsed" }>, "type">;

/** All tries of one step, group after group. */
export interface Tries {
  step: number;
  samples: readonly Sample[];
}

/** Of the panel of brought language models what the page around it knows. */
export interface BringFrame {
  shown: boolean;
  opening: boolean;
  problem: string | undefined;
  /** A model is loaded there. */
  loaded: boolean;
}

/** Panels whose choices fold under a button on narrow screens. */
export type Panel = "think" | "train";

export interface Measuring extends Progress {
  label: string;
}

/** What `diagnose` found, and of what. */
export interface Diagnosed {
  way: Way;
  /** Training steps of the model before it. */
  steps: number;
  questions: number;
  samples: number;
  found: Diagnosis;
}

export interface Measurement {
  label: string;
  way: Way;
  /** Which questions: held out, or out of distribution. */
  split: string;
  /** Training steps taken before it; 0: the model the training starts from. */
  steps: number;
  report: Report;
}

export interface State {
  /** How much of the page is drawn: first what is seen first, the rest in tasks of their own. */
  stage: 0 | 1 | 2;
  version: string;
  engineChoice: EngineChoice;
  /** What computes; undefined until a model is loaded. */
  engine: EngineInfo | undefined;
  /** What the browser can do; undefined until it has answered. */
  capabilities: Capabilities | undefined;
  engineCardShown: boolean;
  /** What each number of a training step means, by its key. */
  definitions: Readonly<Record<string, string>>;
  presets: Presets;
  tasks: readonly TaskInfo[];
  task: string;
  difficulty: number | undefined;
  /** What is being opened or loaded, if anything: it can be cancelled. */
  progress: Progress | undefined;
  problem: Problem | undefined;
  /** Something that happened and needs nothing done. */
  notice: string | undefined;
  model: ModelInfo | undefined;
  modelName: string;
  /** The model is one that the visitor brought. */
  ownModel: boolean;
  /** Training steps taken since the model was loaded. */
  trainedSteps: number;
  trainedBy: Method | undefined;
  question: Question | undefined;
  /** What the visitor typed instead of a generated question. */
  typed: string | undefined;
  questionSeed: number;
  seed: number;
  /** The preset of the way to think, and what the visitor changed of its settings. */
  policy: string;
  policySettings: Record<string, string>;
  chosen: Thought | undefined;
  compared: Thought | undefined;
  stored: boolean;
  thinking: boolean;
  selected: { slot: Slot; step: number } | undefined;
  diagnosing: Progress | undefined;
  diagnosed: Diagnosed | undefined;
  run: RunState;
  /** What the visitor chose for the next run; only what was changed is sent. */
  method: Method;
  stepsWanted: number | undefined;
  settings: Record<string, string>;
  /** The run of an experiment that Train was set up like. */
  arm: Arm | undefined;
  savedRun: SavedRun | undefined;
  measuring: Measuring | undefined;
  measurements: Measurement[];
  /** The kind of questions that Measure was set to. */
  measureSplit: string;
  own: OwnState;
  bring: BringFrame;
  /** Where the brought model comes from; it is fetched only when somebody says so. */
  modelAddress: string | undefined;
  results: ResultsState;
  site: SiteState;
  trial: TrialState;
  tools: ToolsState;
  unfolded: Readonly<Record<Panel, boolean>>;
  keysShown: boolean;
  /** Another language was asked for, which would end something. */
  languageAsked: Language | undefined;
  dropping: boolean;
  /** For the live region: answers and milestones. */
  announcement: string;
}

export function initialRun(method: Method): RunState {
  return {
    phase: "idle",
    method,
    step: 0,
    stepsMax: undefined,
    config: undefined,
    history: [],
    tries: { step: 0, samples: [] },
    group: 0,
    openSample: undefined,
    openStep: 0,
    held: undefined,
    secondsPerStep: undefined,
    saved: undefined,
    collapse: undefined,
    remark: undefined,
  };
}

export function initialState(): State {
  return {
    stage: 0,
    version: "",
    engineChoice: "auto",
    engine: undefined,
    capabilities: undefined,
    engineCardShown: false,
    definitions: {},
    presets: { policies: [], methods: [] },
    tasks: [],
    task: "chain_sum",
    difficulty: undefined,
    progress: undefined,
    problem: undefined,
    notice: undefined,
    model: undefined,
    modelName: "",
    ownModel: false,
    trainedSteps: 0,
    trainedBy: undefined,
    question: undefined,
    typed: undefined,
    questionSeed: 7,
    seed: 7,
    policy: SOFT.name,
    policySettings: {},
    chosen: undefined,
    compared: undefined,
    stored: false,
    thinking: false,
    selected: undefined,
    diagnosing: undefined,
    diagnosed: undefined,
    run: initialRun({ objective: "soft_grpo" }),
    method: { objective: "soft_grpo" },
    stepsWanted: 60,
    settings: {},
    arm: undefined,
    savedRun: undefined,
    measuring: undefined,
    measurements: [],
    measureSplit: HELD_OUT,
    own: initialOwn(),
    bring: { shown: false, opening: false, problem: undefined, loaded: false },
    modelAddress: undefined,
    results: initialResults(),
    site: initialSite(),
    trial: initialTrial(),
    tools: initialTools(),
    unfolded: { think: false, train: false },
    keysShown: false,
    languageAsked: undefined,
    dropping: false,
    announcement: "",
  };
}

export class Store {
  readonly state: State = initialState();
  readonly #listeners: (() => void)[] = [];

  change(part: Partial<State>): void {
    Object.assign(this.state, part);
    for (const listener of this.#listeners) listener();
  }

  changeRun(part: Partial<RunState>): void {
    this.change({ run: { ...this.state.run, ...part } });
  }

  listen(listener: () => void): void {
    this.#listeners.push(listener);
  }
}

export function isRunning({ phase }: RunState): boolean {
  return phase !== "idle" && phase !== "finished" && phase !== "stopped";
}

/** Whether a reload would end something, or forget what was found in this tab. */
export function wouldLose({
  run,
  trainedSteps,
  ownModel,
  measurements,
  diagnosed,
  thinking,
  trial,
  bring,
}: State): boolean {
  const found = measurements.length > 0 || diagnosed !== undefined;
  return isRunning(run) || trainedSteps > 0 || ownModel || bring.loaded || found || thinking || isTrying(trial);
}

export const HELD_OUT = "held_out";

/** The kind of questions that is measured: as chosen, where the task has such. */
export function splitInEffect({ measureSplit, tasks, task }: Pick<State, "measureSplit" | "tasks" | "task">): string {
  const offered = tasks.find((one) => one.name === task)?.splits ?? [];
  return offered.includes(measureSplit) ? measureSplit : HELD_OUT;
}

/** The run of an experiment whose settings the next run takes: only while task, difficulty and method are that run's. */
export function armInEffect({ arm, task, difficulty, tasks, method }: State): Arm | undefined {
  if (arm?.task !== task || arm.method.preset !== method.preset || arm.method.objective !== method.objective) {
    return undefined;
  }
  const usual = tasks.find((one) => one.name === task)?.default_difficulty;
  return (difficulty ?? usual) === arm.difficulty ? arm : undefined;
}

const GROUP_DEFAULT = 8;

/** The tries on the screen: the newest step's, or those held while one is open. */
export function shownTries(run: RunState): Tries {
  return run.held ?? run.tries;
}

/** The tries on the screen, one array a question. */
export function groupsOf(run: RunState): Sample[][] {
  const { samples } = shownTries(run);
  const wanted = run.config?.num_generations;
  const size = typeof wanted === "number" && wanted >= 1 ? wanted : GROUP_DEFAULT;
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    samples.slice(index * size, (index + 1) * size),
  );
}

/** The step most worth opening in a try: where the blend is most divided. */
export function mostDividedStep(sample: Sample): number {
  const entropies = sample.steps.map((step) => (step.phase === "think" ? step.entropy : 0));
  return Math.max(0, entropies.indexOf(Math.max(...entropies)));
}

/** A blend with more than this on one token counts as nearly one token. */
export const SHARP_WEIGHT = 0.95;

/** How many of a thought's soft steps are nearly one token. */
export function sharpSteps(thought: Pick<Thought, "steps">): { sharp: number; all: number } {
  // The closing mark and the answer are single tokens: counted, they would make every thought look sharp.
  const blends = thought.steps.filter((step) => step.soft);
  const sharp = blends.filter((step) => (partsOf(step)[0]?.weight ?? 0) > SHARP_WEIGHT).length;
  return { sharp, all: blends.length };
}

/** The step most worth looking at: where the blend is most divided. */
export function mostDivided(thought: Pick<Thought, "steps">): number {
  let best = 0;
  thought.steps.forEach((step, index) => {
    if (step.soft && step.entropy > (thought.steps[best]?.entropy ?? 0)) best = index;
  });
  return best;
}
