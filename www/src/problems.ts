// What went wrong, as the page shows it. No DOM, no lab.

import { LabError } from "soft-thinking-lab";

import type { Problem } from "./state.ts";
import { strings } from "./strings/lab.ts";

/** Whether what was being fetched may come when it is fetched again. */
export function canComeYet(thrown: unknown): boolean {
  return thrown instanceof LabError && (thrown.code === "network" || thrown.code === "integrity");
}

/** undefined for what was asked for: a cancel, an end. `note`: what it means for the lab. */
export function problemOf(
  thrown: unknown,
  note: string | undefined,
  more: Pick<Problem, "again" | "inRun">,
): Problem | undefined {
  const error = thrown instanceof LabError ? thrown : new LabError("internal", String(thrown));
  if (error.code === "cancelled" || error.code === "disposed") return undefined;
  const crashed = more.inRun === true ? strings.failures.crashedInRun : strings.failures.crashed;
  const said = note ?? (error.code === "crashed" ? crashed : undefined);
  return { code: error.code, message: error.message, note: said, ...more };
}
