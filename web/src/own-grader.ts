// A grader of own questions, made from what can be sent: a name, or the source of a function. What is right is the engine's business.

import { LabError } from "./error.js";
import type { OwnGrader } from "./protocol.js";

export type GraderFunction = (question: string, expected: string, answer: string) => number;

export interface BuiltGrader {
  grader: "exact" | "numeric" | GraderFunction;
  /** What the function threw last, in words; the engine only knows that it gave no number. */
  thrown: () => string | undefined;
}

const FORM = "(question, expected, answer) => a number from 0 to 1";

/** Throws `bad-input` for what is no function, `no-eval` where the site forbids to make one. */
export function buildGrader(grader: OwnGrader): BuiltGrader {
  if (typeof grader === "string") return { grader, thrown: () => undefined };
  const grade = compile(grader.source);
  let last: string | undefined;
  return {
    grader: (question, expected, answer) => {
      try {
        return grade(question, expected, answer);
      } catch (thrown) {
        last = String(thrown);
        throw thrown;
      }
    },
    thrown: () => last,
  };
}

function compile(source: string): GraderFunction {
  let made: unknown;
  try {
    // The visitor's own code, in the visitor's own worker: there is no other way for a function to come here.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    made = new Function(`"use strict"; return (${source}\n);`)();
  } catch (thrown) {
    if (thrown instanceof EvalError) {
      throw new LabError(
        "no-eval",
        "this site's Content-Security-Policy forbids to make functions out of text, so a grader of one's own cannot be used here: " +
          "take the exact or the numeric grader, or let the policy allow 'unsafe-eval' for soft-thinking-lab.worker.js",
      );
    }
    throw new LabError("bad-input", `grader: expected ${FORM}; JavaScript cannot read it (${String(thrown)})`);
  }
  if (typeof made !== "function") {
    throw new LabError("bad-input", `grader: expected ${FORM}, got ${made === null ? "null" : typeof made}`);
  }
  return made as GraderFunction;
}
