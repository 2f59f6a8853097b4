// Own questions as the page keeps them, and the form they are added with. No DOM, no lab.

import type { OwnQuestions } from "soft-thinking-lab";

/** A task of own questions, as it is kept in this browser. */
export interface OwnKept extends OwnQuestions {
  /** The task whose shipped model they are asked of after a reload. */
  like: string;
}

export type GraderChoice = "exact" | "numeric" | "javascript";

export interface OwnForm {
  name: string;
  jsonl: string;
  /** A file too long to be edited here: its name stands in the text's place. */
  file: string | undefined;
  grader: GraderChoice;
  source: string;
}

export interface OwnState {
  kept: readonly OwnKept[];
  form: OwnForm;
  adding: boolean;
  /** Why it was not added. */
  problem: string | undefined;
  /** What became of it. */
  said: string | undefined;
}

export const GRADER_FORM = "(question, expected, answer) => answer.trim() === expected ? 1 : 0";

export function initialOwn(): OwnState {
  const form: OwnForm = { name: "", jsonl: "", file: undefined, grader: "exact", source: GRADER_FORM };
  return { kept: [], form, adding: false, problem: undefined, said: undefined };
}

/** Twenty sums that the shipped chain_sum model can read, the last few held out and longer, and a grader that gives half for a near miss. */
export function example(): OwnForm {
  const sums: [number, number][] = Array.from({ length: 20 }, (_, place) => [11 + 3 * place, 7 + ((place * 5) % 23)]);
  const lines = sums.map(([a, b], place) => ({
    question: `${a}+${b}=`,
    answer: String(a + b),
    split: place < 14 ? "train" : "held_out",
  }));
  const longer = [
    [21, 34, 18],
    [45, 27, 13],
    [16, 52, 29],
  ].map(([a = 0, b = 0, c = 0]) => ({
    question: `${a}+${b}+${c}=`,
    answer: String(a + b + c),
    split: "ood",
  }));
  return {
    name: "my_sums",
    jsonl: [...lines, ...longer].map((line) => JSON.stringify(line)).join("\n"),
    file: undefined,
    grader: "javascript",
    source:
      "(question, expected, answer) => {\n  const miss = Math.abs(Number(expected) - Number(answer));\n  return miss === 0 ? 1 : miss === 1 ? 0.5 : 0;\n}",
  };
}
