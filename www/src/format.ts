// Numbers and tokens as people read them: three significant digits, units, visible spaces; what the figures of the
// package say too comes from there. No words beyond units.

import type { AdapterReport, EngineInfo } from "soft-thinking-lab";

import { isMark, token } from "../../web/src/elements/format.ts";
import type { Method } from "./methods.ts";
import { strings } from "./strings/lab.ts";
import type { Way } from "./ways.ts";
import { bytes, fixed, interval, number, percent, plain } from "./written.ts";

export { csv } from "./csv.ts";
export { bytes, fixed, interval, isMark, number, percent, plain, token };

/** A setting as one would type it: no zeros behind. */
export function setting(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${fixed(seconds * 1000, 0)} ${strings.units.milliseconds}`;
  if (seconds < 10) return `${fixed(seconds, 1)} ${strings.units.seconds}`;
  if (seconds < 90) return `${fixed(seconds, 0)} ${strings.units.seconds}`;
  return `${fixed(seconds / 60, 0)} ${strings.units.minutes}`;
}

export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return strings.when.now;
  if (minutes < 60) return strings.when.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? strings.when.hours(hours) : strings.when.days(Math.floor(hours / 24));
}

/** What computes, short enough for a badge. */
export function engineWords(engine: EngineInfo | undefined): string {
  if (engine === undefined) return strings.engine.starting;
  if (engine.kind === "cpu") return strings.engine.cpu;
  const { adapter = "", software = false } = engine;
  return strings.engine.gpuNamed(adapter, software);
}

/** A way to think: its preset's name and what was changed of it. */
export function wayWords({ name, own = {} }: Way): string {
  return [name, ...Object.entries(own).map(([key, value]) => `${key} ${String(value)}`)].join(", ");
}

/** A way to learn: its preset's name, or the lab's own word for the objective. */
export function methodWords({ objective, preset }: Method): string {
  return preset ?? strings.train.objectives[objective];
}

/** The GPU by the most telling of the names the browser gives. */
export function adapterWords({ vendor, architecture, description, fallback }: AdapterReport): string {
  const name = description !== "" ? description : [vendor, architecture].filter((part) => part !== "").join(" ");
  return strings.engine.gpuNamed(name, fallback);
}
