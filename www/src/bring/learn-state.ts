// What the panel knows of a brought model's learning: what was chosen, the run, what was learned. No DOM, no lab.

import type { Adapter, HistoryRow, LearningPlan, Sample, StepProgress, TrainConfig } from "soft-thinking-lab";

export const TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
export type Target = (typeof TARGETS)[number];

export type LearnObjective = "soft_grpo" | "grpo";
export const LEARN_OBJECTIVES: readonly LearnObjective[] = ["soft_grpo", "grpo"];
/** Those whose questions are sentences or sums, which a language model can read. */
export const LEARN_TASKS = ["word_problems", "chain_sum"] as const;
export type LearnTask = (typeof LEARN_TASKS)[number];

/** Fields are texts, as typed; the engine judges them by name. */
export interface LearnChoices {
  task: LearnTask;
  objective: LearnObjective;
  rollouts: number;
  thought: number;
  answer: number;
  steps: number;
  rank: string;
  rate: string;
  targets: readonly Target[];
  alpha: string;
  questions: string;
  beta: string;
  temperature: string;
  format: string;
  seed: string;
}

export const USUAL_CHOICES: LearnChoices = {
  task: "word_problems",
  objective: "soft_grpo",
  rollouts: 4,
  thought: 24,
  answer: 24,
  steps: 20,
  rank: "8",
  rate: "0.0002",
  targets: TARGETS,
  alpha: "",
  questions: "1",
  beta: "0.01",
  temperature: "",
  format: "",
  seed: "0",
};

export type LearnPhase =
  "idle" | "starting" | "running" | "pausing" | "stopping" | "paused" | "collapsed" | "finished" | "stopped";

/** What a run by the choices would take: its plan, or why the engine refuses them. */
export type Foreseen = { plan: LearningPlan | null } | { refused: string };

export interface LearnState {
  choices: LearnChoices;
  /** Undefined until the engine has said it. */
  foreseen: Foreseen | undefined;
  phase: LearnPhase;
  step: number;
  stepsMax: number;
  objective: LearnObjective;
  history: readonly HistoryRow[];
  /** The newest step's tries, and how many of them a question has. */
  tries: { step: number; samples: readonly Sample[]; group: number };
  /** When the step that is running began, on the page's clock, milliseconds. */
  stepBegan: number | undefined;
  /** The clock of the running step, for its drawing. */
  now: number;
  /** What the running step does, where it takes long. */
  within: StepProgress | undefined;
  /** Of the newest step of this run. */
  seconds: number | undefined;
  /** The newest step of any run of this model, and the tokens that it had room for. */
  measured: { seconds: number; tokens: number } | undefined;
  /** The try that somebody looks at, and the piece of it. */
  open: { at: number; piece: number } | undefined;
  remark: string | undefined;
  collapse: { message: string; bestStep: number | undefined } | undefined;
  /** Something is beside the weights, and whether it counts. */
  adapter: "none" | "on" | "off";
  /** Where it comes from. */
  source: "learned" | "loaded" | undefined;
  /** What counts while it is switched on. */
  kept: Adapter | undefined;
}

export function initialLearning(): LearnState {
  return {
    choices: USUAL_CHOICES,
    foreseen: undefined,
    phase: "idle",
    step: 0,
    stepsMax: 0,
    objective: "soft_grpo",
    history: [],
    tries: { step: 0, samples: [], group: 1 },
    stepBegan: undefined,
    now: 0,
    within: undefined,
    seconds: undefined,
    measured: undefined,
    open: undefined,
    remark: undefined,
    collapse: undefined,
    adapter: "none",
    source: undefined,
    kept: undefined,
  };
}

/** The model is taken: it does nothing else until the run is over or waits. */
export function isLearning({ phase }: LearnState): boolean {
  return phase === "starting" || phase === "running" || phase === "pausing" || phase === "stopping";
}

/** A run is there that can go on. */
export function isOpen({ phase }: LearnState): boolean {
  return phase !== "idle" && phase !== "finished" && phase !== "stopped";
}

/** An empty field is the engine's default; what is no number is sent as it is, and refused by its name. */
function given(text: string): number | string | undefined {
  const trimmed = text.trim().replace(",", ".");
  if (trimmed === "") return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : text;
}

export function configOf(choices: LearnChoices, difficulty: number): TrainConfig {
  const { task, objective, rollouts, thought, answer, steps, targets } = choices;
  const questions = given(choices.questions) ?? 1;
  const wanted: Record<string, unknown> = {
    difficulty: task === "word_problems" ? difficulty : undefined,
    objective,
    max_steps: steps,
    num_generations: rollouts,
    generation_batch_size: typeof questions === "number" ? questions * rollouts : questions,
    // One update a step: minutes are too long to learn from old tries.
    steps_per_generation: 1,
    max_thought_length: thought,
    max_completion_length: thought + answer,
    // Held-out questions in between would take as long as many steps: they are measured above.
    eval_steps: 0,
    lora_r: given(choices.rank),
    lora_alpha: given(choices.alpha),
    lora_target_modules: [...targets],
    learning_rate: given(choices.rate),
    beta: given(choices.beta),
    temperature: given(choices.temperature),
    format_reward: given(choices.format),
    seed: given(choices.seed),
  };
  return { task, ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) };
}

/** Tokens of a step: every try of every question, at its longest. */
export function tokensOf({ rollouts, thought, answer, questions }: LearnChoices): number {
  return rollouts * (thought + answer) * Math.max(1, Number(questions) || 1);
}

/** A step against writing its tokens one after the other, by the clock: SmolLM2-135M on the CPU engine in Chromium. They are written, and
 * read again forwards and backwards. */
const STEP_AGAINST_WRITING = 4;

/** Seconds of a step by the speed of a thought, tokens a second: rough. */
export function secondsOfStep(state: LearnState, speed: number | undefined): number | undefined {
  if (speed === undefined || speed <= 0) return undefined;
  return (STEP_AGAINST_WRITING * tokensOf(state.choices)) / speed;
}

export function groupsIn({ samples, group }: LearnState["tries"]): Sample[][] {
  return Array.from({ length: Math.ceil(samples.length / group) }, (_, index) =>
    samples.slice(index * group, (index + 1) * group),
  );
}
