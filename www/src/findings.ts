// What the page makes of an experiment's summary: lines of charts, rows of tables, what is clear and what is not. No words, no DOM.

import type {
  Arm,
  ArmSummary,
  AtK,
  Contrast,
  CurvePoint,
  Equal,
  Interval,
  Meeting,
  Measured,
  RunRecord,
  Split,
  TaskSummary,
} from "./experiment.ts";
import { methodIn } from "./methods.ts";

/** How an arm is drawn, in all charts alike: told by its dashes as well as by its colour. */
export interface Ink {
  /** A CSS colour variable. */
  colour: string;
  dash: readonly number[];
}

export interface Line {
  arm: string;
  title: string;
  ink: Ink;
  y: (number | null)[];
  /** The band around it, where there is one. */
  low?: (number | null)[];
  high?: (number | null)[];
}

export interface Plotted {
  x: number[];
  lines: Line[];
  /** What guessing alone would reach. */
  guessing?: (number | null)[];
}

/** Which evaluations are looked at. */
export interface View {
  split: Split;
  mode: string;
}

export const OWN = "own";

// ---------------------------------------------------------------- arms

const INKS: readonly Ink[] = [
  { colour: "--soft", dash: [] },
  { colour: "--good", dash: [8, 4] },
  { colour: "--arm-purple", dash: [2, 3] },
  { colour: "--attention", dash: [10, 3, 2, 3] },
  { colour: "--arm-sky", dash: [4, 2] },
  { colour: "--arm-brown", dash: [12, 4, 4, 4] },
];
const UNTRAINED: Ink = { colour: "--base", dash: [2, 4] };
const GRPO: Ink = { colour: "--discrete", dash: [6, 4] };

/** The untrained model and GRPO look as everywhere on the page; the rest take the other colours in turn. */
export function inksOf(arms: readonly ArmSummary[]): Map<string, Ink> {
  let next = 0;
  // There may be several that do not train but think in other ways.
  const untrained = arms.find(({ curve }) => curve.length === 0);
  return new Map(
    arms.map((one) => {
      const ink = one === untrained ? UNTRAINED : one.arm === "grpo" ? GRPO : inkAt(next++);
      return [one.arm, ink];
    }),
  );
}

/** The colours in turn; when they begin anew, each with other dashes. */
function inkAt(place: number): Ink {
  const at = (index: number) => INKS[index % INKS.length] ?? UNTRAINED;
  return { colour: at(place).colour, dash: at(place + Math.floor(place / INKS.length)).dash };
}

/** The arms that are not hidden, in the order of the plan. */
export function shownArms(task: TaskSummary, hidden: readonly string[]): ArmSummary[] {
  return task.arms.filter(({ arm }) => !hidden.includes(arm));
}

/** More curves than this in one chart cannot be told apart at a glance. */
const ARMS_AT_ONCE = 4;

/** What is hidden until somebody asks: all but the untrained model, GRPO and SofT-GRPO, where there are many. */
export function hiddenAtFirst(arms: readonly ArmSummary[]): string[] {
  if (arms.length <= ARMS_AT_ONCE) return [];
  const untrained = arms.find(({ curve }) => curve.length === 0)?.arm;
  const soft = arms.find(({ arm }) => arm === "softgrpo-code") ?? arms.find(({ arm }) => /^soft_?grpo/.test(arm));
  const shown = [untrained, "grpo", soft?.arm];
  return arms.map(({ arm }) => arm).filter((arm) => !shown.includes(arm));
}

export function splitsOf(task: TaskSummary): Split[] {
  return [...new Set(task.arms.flatMap(({ measured }) => measured.map(({ split }) => split)))];
}

/** The arms' own ways first. */
export function modesOf(task: TaskSummary): string[] {
  const all = new Set(task.arms.flatMap(({ measured }) => measured.map(({ mode }) => mode)));
  return [OWN, ...[...all].filter((mode) => mode !== OWN)];
}

/** The last evaluation of an arm. */
export function finalOf(arm: ArmSummary, { split, mode }: View): Measured | undefined {
  return arm.measured.findLast((one) => one.split === split && one.mode === mode);
}

/** The smallest and the largest k: what a model does by itself, and what it can do at all. */
export function endsOf(task: TaskSummary): number[] {
  const ks = task.guessing.map(([k]) => k);
  return ks.length === 0 ? [] : [...new Set([Math.min(...ks), Math.max(...ks)])];
}

export function atK(points: readonly AtK[] | undefined, k: number): AtK | undefined {
  return points?.find((one) => one.k === k);
}

// ---------------------------------------------------------------- charts

function lineOf(one: ArmSummary, inks: Map<string, Ink>, y: Line["y"]): Line {
  return { arm: one.arm, title: one.title, ink: inks.get(one.arm) ?? UNTRAINED, y };
}

export function passLines(task: TaskSummary, arms: readonly ArmSummary[], view: View): Plotted {
  const inks = inksOf(task.arms);
  const ks = task.guessing.map(([k]) => k);
  const lines = arms.flatMap((one) => {
    const points = finalOf(one, view)?.pass_at_k;
    if (points === undefined) return [];
    const of = (key: keyof Interval) => ks.map((k) => atK(points, k)?.[key] ?? null);
    return [{ ...lineOf(one, inks, of("mean")), low: of("low"), high: of("high") }];
  });
  return { x: ks, lines, guessing: task.guessing.map(([, value]) => value) };
}

/** A number over training; the reward with its smallest and largest seed, beside what one guess would earn. */
export function curveLines(
  task: TaskSummary,
  arms: readonly ArmSummary[],
  key: "reward" | "entropy" | "length",
): Plotted {
  const inks = inksOf(task.arms);
  const trained = arms.filter(({ curve }) => curve.length > 0);
  const x = [...new Set(trained.flatMap(({ curve }) => curve.map(({ step }) => step)))].sort((a, b) => a - b);
  const lines = trained.map((one) => {
    const rows = new Map(one.curve.map((point) => [point.step, point]));
    const of = (wanted: keyof CurvePoint) => x.map((step) => rows.get(step)?.[wanted] ?? null);
    const line = lineOf(one, inks, of(key));
    return key === "reward" ? { ...line, low: of("reward_low"), high: of("reward_high") } : line;
  });
  const [first] = task.guessing;
  return key === "reward" && first !== undefined && lines.length > 0
    ? { x, lines, guessing: x.map(() => first[1]) }
    : { x, lines };
}

/** The entropy at each place of the completion, of the last evaluation. */
export function positionLines(task: TaskSummary, arms: readonly ArmSummary[], view: View): Plotted {
  const inks = inksOf(task.arms);
  const found = arms.flatMap((one) => {
    const entropies = finalOf(one, view)?.entropy_by_position ?? [];
    return entropies.length === 0 ? [] : [{ one, entropies }];
  });
  const longest = Math.max(0, ...found.map(({ entropies }) => entropies.length));
  const x = Array.from({ length: longest }, (_, place) => place + 1);
  const lines = found.map(({ one, entropies }) => {
    const y = x.map((place) => entropies[place - 1] ?? null);
    return lineOf(one, inks, y);
  });
  return { x, lines };
}

/** Places of at most `most` rows of many, evenly spread, with the first and the last. */
export function sparse(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, place) => place);
  return Array.from({ length: most }, (_, row) => Math.round((row * (count - 1)) / (most - 1)));
}

// ---------------------------------------------------------------- what is clear

export type Verdict = "more" | "less" | "unclear";

/** Whether an interval of a difference lies on one side of zero. One that touches zero says nothing. */
export function verdictOf({ low, high }: Interval): Verdict {
  return low > 0 ? "more" : high < 0 ? "less" : "unclear";
}

/** The differences worth a row, grouped by what is compared against; each pair once. */
export function contrastsOf(
  task: TaskSummary,
  arms: readonly ArmSummary[],
  split: Split,
): { against: ArmSummary; rows: { arm: ArmSummary; at: Contrast[] }[] }[] {
  const shown = new Set(arms.map(({ arm }) => arm));
  const order = [...new Set(task.contrasts.map(({ b }) => b))];
  return order.flatMap((b, place) => {
    const against = task.arms.find(({ arm }) => arm === b);
    if (against === undefined) return [];
    // What stood against this one before, the other way round, is not said twice.
    const earlier = order.slice(0, place);
    const rows = task.arms.flatMap((arm) => {
      if (!shown.has(arm.arm) || earlier.includes(arm.arm)) return [];
      const at = task.contrasts.filter((one) => one.a === arm.arm && one.b === b && one.split === split);
      return at.length === 0 ? [] : [{ arm, at }];
    });
    return rows.length === 0 ? [] : [{ against, rows }];
  });
}

/** Seeds of the arm that has the fewest. */
export function fewestSeeds(arms: readonly ArmSummary[]): number {
  return Math.min(...arms.map(({ seeds }) => seeds.length));
}

/** The common scale of some differences: as far on both sides of zero as the farthest end. */
export function reachOf(contrasts: readonly Interval[]): number {
  return Math.max(0.01, ...contrasts.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
}

export interface Forgetting {
  arm: ArmSummary;
  task: string;
  before: number;
  after: Interval;
  /** Nats more than before: more is forgotten. */
  change: number;
  /** "same" where nothing moved; "one-seed" where an interval over seeds cannot be had. */
  verdict: Verdict | "same" | "one-seed";
}

export function forgettingOf(arms: readonly ArmSummary[]): Forgetting[] {
  return arms.flatMap((arm) =>
    arm.known.map(({ task, before, after }): Forgetting => {
      const change = after.mean - before;
      const verdict =
        change === 0
          ? "same"
          : arm.seeds.length < 2
            ? "one-seed"
            : verdictOf({ mean: change, low: after.low - before, high: after.high - before });
      return { arm, task, before, after, change, verdict };
    }),
  );
}

/** Trained arms where all had used, or reached, as much; without a meeting where nothing had been measured by then. */
export function meetingsOf(
  task: TaskSummary,
  arms: readonly ArmSummary[],
  equal: Equal,
): { value: number; rows: { arm: ArmSummary; meeting: Meeting | undefined }[] } | undefined {
  const own = task.meetings.filter((one) => one.equal === equal);
  const value = own[0]?.value;
  if (value === undefined) return undefined;
  const rows = arms
    .filter(({ curve }) => curve.length > 0)
    .map((arm) => ({ arm, meeting: own.find((one) => one.arm === arm.arm) }));
  return { value, rows };
}

// ---------------------------------------------------------------- a run to do again

/** Chosen by the page: what is trained on, how long, and how often it is measured on the way. */
const PAGE_CHOOSES = ["task", "difficulty", "max_steps", "eval_steps", "eval_questions", "eval_samples"];

/** The run as something to do again; nothing for an arm that does not train. */
export function armOfRun(run: RunRecord, title: string): Arm | undefined {
  const { config } = run;
  if (config === null) return undefined;
  const { max_steps: steps } = config;
  const own = Object.fromEntries(Object.entries(config).filter(([key]) => !PAGE_CHOOSES.includes(key)));
  return {
    title,
    task: run.task,
    difficulty: run.difficulty,
    seed: run.seed,
    steps: typeof steps === "number" ? steps : 60,
    method: methodIn(config),
    config: own,
    model: fileName(run.model),
  };
}

export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
