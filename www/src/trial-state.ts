// An experiment's question tried in this tab: what runs, what came of it, how long it may take. No DOM, no lab.

import type { ExperimentPlan, RunRecord, SavedExperiment, Summary } from "soft-thinking-lab";

/** The run under way. */
export interface Current {
  arm: string;
  /** Of the whole run; 0 for one that does not train. */
  steps: number;
  curve: RunRecord["curve"];
  phase: "train" | "evaluate";
  /** Questions, while it is evaluated. */
  done: number;
  total: number;
}

/** What has been measured of this machine's speed, seconds. */
export interface Speed {
  step: number | undefined;
  question: number | undefined;
}

export interface Going {
  /** As it is done here: reduced. */
  plan: ExperimentPlan;
  task: string;
  arms: string[];
  seed: number;
  records: RunRecord[];
  /** Of the runs that are done. */
  summary: Summary | null;
  current: Current | undefined;
}

export interface TrialState {
  /** What the visitor chose; undefined: the usual. */
  arms: readonly [string, string] | undefined;
  seed: number | undefined;
  phase: "idle" | "loading" | "running" | "stopped" | "finished";
  going: Going | undefined;
  speed: Speed;
  problem: string | undefined;
  /** Whether this browser keeps it, in words. */
  saved: string | undefined;
  savedAt: number | undefined;
}

export function initialTrial(): TrialState {
  return {
    arms: undefined,
    seed: undefined,
    phase: "idle",
    going: undefined,
    speed: { step: undefined, question: undefined },
    problem: undefined,
    saved: undefined,
    savedAt: undefined,
  };
}

export function isTrying({ phase }: TrialState): boolean {
  return phase === "loading" || phase === "running";
}

/** What this browser kept, as something to look at and go on with. */
export function goingOf(kept: SavedExperiment): Going {
  const { plan, task, arms, seeds, records, summary, current } = kept;
  const at = current === null ? undefined : { arm: current.arm, steps: current.steps, curve: current.record.curve };
  return {
    plan,
    task,
    arms,
    seed: seeds[0] ?? 0,
    records,
    summary,
    current: at === undefined ? undefined : { ...at, phase: "train", done: 0, total: 0 },
  };
}

/** Tries of an evaluation that take some seconds here; more would be waited for rather than watched. */
export const TRIES_MAX = 4096;

/** One task of a plan, with two arms, a seed and one evaluation: what a tab does in minutes. Steps and settings stay as they are. */
export function reduced(plan: ExperimentPlan, task: string, arms: readonly string[], seed: number): ExperimentPlan {
  const { evaluate = {} } = plan;
  const { questions = 128, samples = 32 } = evaluate;
  const tasks = plan.tasks
    .filter((one) => one.task === task)
    .map((one) => ({ ...one, model: one.model.split(/[\\/]/).at(-1) ?? one.model, known: [] }));
  return {
    ...plan,
    tasks,
    seeds: [seed],
    arms: arms.flatMap((name) => plan.arms.filter((arm) => arm.name === name)),
    evaluate: {
      ...evaluate,
      questions: Math.max(1, Math.min(questions, Math.floor(TRIES_MAX / samples))),
      samples,
      splits: ["held_out"],
      every: 0,
      modes: [],
    },
  };
}

/** GRPO and SofT-GRPO where there are such, else the first two that train. */
export function usualArms(plan: ExperimentPlan): [string, string] | undefined {
  const trained = plan.arms.filter(({ train }) => train !== undefined && train !== null).map(({ name }) => name);
  const wanted = [/^grpo$/, /^soft-?_?grpo/].map((form) => trained.find((name) => form.test(name)));
  const [first, second] = [...wanted, ...trained].filter(
    (name, place, all) => name !== undefined && all.indexOf(name) === place,
  );
  return first === undefined || second === undefined ? undefined : [first, second];
}

/** Seconds still to go, from what was measured; `measuring`: the evaluations are not in it, since none was timed yet. */
export function timeLeft({ going, speed }: TrialState): { seconds: number; measuring: boolean } | undefined {
  const { step, question } = speed;
  if (going?.current === undefined) return undefined;
  const { arms, current, records, plan } = going;
  const questions = plan.evaluate?.questions ?? 0;
  const waiting = arms.filter((arm) => arm !== current.arm && !records.some((one) => one.arm === arm)).length;
  const steps = current.steps * (1 + waiting) - current.curve.length;
  if (steps > 0 && step === undefined) return undefined;
  const evaluations = questions * (1 + waiting) - (current.phase === "evaluate" ? current.done : 0);
  return { seconds: steps * (step ?? 0) + evaluations * (question ?? 0), measuring: question === undefined };
}
