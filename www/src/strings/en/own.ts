// The words of the visitor's own tasks, in English. No numbers are worked out here, only worded.

import type { GraderChoice } from "../../own-state.ts";

export const own = {
  title: "Your own questions",
  lead: "Make a task of questions you bring. They are read here, kept in this browser and sent nowhere.",
  open: "Add questions",
  how: "One question a line, as JSON:",
  splits:
    'A line may also say "split": "train", "held_out" or "ood"; without it one in ten is held out. Use the characters the model knows: digits, small letters, spaces and + - * / = ; , : > | ( ) ? . & _ ! ^',
  example: "Fill in an example",
  file: "Open a JSONL file…",
  name: "name (small letters, digits, _)",
  questions: "questions, one JSON object a line",
  fromFile: (file: string, lines: number) => `${file}, ${lines} lines.`,
  write: "Write them here instead",
  grader: "what counts as right",
  graders: {
    exact: { name: "exact", text: "the same characters" },
    numeric: { name: "numeric", text: "the same number" },
    javascript: { name: "a function", text: "of your own, in JavaScript" },
  } satisfies Record<GraderChoice, { name: string; text: string }>,
  source: "function of question, expected and given answer; gives a number from 0 to 1",
  add: "Add the task",
  added: (name: string, description: string) =>
    `${name} is a task now. ${description} Choose it under “task”, or press Use it.`,
  graded: (grader: GraderChoice) =>
    ({ exact: "Graded exactly.", numeric: "Graded as numbers.", javascript: "Graded by a function." })[grader],
  use: "Use it",
  inUse: "In use",
  forget: "Forget it",
  forgotten: (name: string) => `${name} is no longer kept.`,
  refused: (message: string, code: string) => `Not added: ${message.replace(/[^.!?]$/, "$&.")} (${code})`,
  lost: (name: string, message: string) => `Your task ${name} could not be added again: ${message}`,
  notKept: "It is not kept over a reload: this browser's storage refuses so much.",
};
