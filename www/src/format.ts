// Numbers and tokens as people read them: three significant digits, units, visible spaces. No words beyond units.

import type { AdapterReport, EngineInfo } from "soft-thinking-lab";

import type { Method } from "./methods.ts";
import { en } from "./strings/en.ts";
import type { Way } from "./ways.ts";

const MINUS = "−";

/** Three significant digits, no exponent for ordinary sizes: .0123, 4.56, 789. */
export function number(value: number | undefined | null): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  const text =
    size === 0
      ? "0"
      : size < 0.001 || size >= 1e7
        ? size.toExponential(1).replace("e-", `e${MINUS}`).replace("e+", "e")
        : size >= 1000
          ? Math.round(size).toLocaleString("en")
          : size.toPrecision(3);
  return value < 0 ? MINUS + text : text;
}

/** A setting as one would type it: no zeros behind. */
export function setting(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
}

/** Two decimals, for columns that are compared down the page. */
export function fixed(value: number | undefined, digits = 2): string {
  if (value === undefined || !Number.isFinite(value)) return number(value);
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

export function percent(share: number): string {
  const value = share * 100;
  const text = value > 0 && value < 1 ? "<1" : value < 100 && value > 99 ? ">99" : fixed(value, 0);
  return `${text} %`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(0)} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ${en.units.milliseconds}`;
  if (seconds < 10) return `${seconds.toFixed(1)} ${en.units.seconds}`;
  if (seconds < 90) return `${seconds.toFixed(0)} ${en.units.seconds}`;
  return `${(seconds / 60).toFixed(0)} ${en.units.minutes}`;
}

export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return en.when.now;
  if (minutes < 60) return en.when.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? en.when.hours(hours) : en.when.days(Math.floor(hours / 24));
}

/** What computes, short enough for a badge. */
export function engineWords(engine: EngineInfo | undefined): string {
  if (engine === undefined) return en.engine.starting;
  if (engine.kind === "cpu") return en.engine.cpu;
  const { adapter = "", software = false } = engine;
  return en.engine.gpuNamed(adapter, software);
}

/** A way to think: its preset's name and what was changed of it. */
export function wayWords({ name, own = {} }: Way): string {
  return [name, ...Object.entries(own).map(([key, value]) => `${key} ${String(value)}`)].join(", ");
}

/** A way to learn: its preset's name, or the lab's own word for the objective. */
export function methodWords({ objective, preset }: Method): string {
  return preset ?? en.train.objectives[objective];
}

/** The GPU by the most telling of the names the browser gives. */
export function adapterWords({ vendor, architecture, description, fallback }: AdapterReport): string {
  const name = description !== "" ? description : [vendor, architecture].filter((part) => part !== "").join(" ");
  return en.engine.gpuNamed(name, fallback);
}

/** `<think>` and its kind: drawn as a chip, not as text. */
export function isMark(token: string): boolean {
  return /^<[^<>]+>$/.test(token);
}

/** A token with its spaces visible; a mark in its own brackets. */
export function token(text: string): string {
  if (isMark(text)) return `‹${text.slice(1, -1)}›`;
  return text.replaceAll(" ", "␣").replaceAll("\n", "⏎");
}

/** A line of metrics as CSV; keys sorted as given. */
export function csv(rows: readonly Record<string, number | undefined>[], keys: readonly string[]): string {
  const lines = rows.map((row) => keys.map((key) => row[key] ?? "").join(","));
  return [keys.join(","), ...lines].join("\n") + "\n";
}
