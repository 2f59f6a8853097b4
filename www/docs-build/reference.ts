// The parts of the configuration reference: options from the package's types (interfaces.ts) with the engine's own defaults, ways to
// think and learn, metrics, tasks (docs/reference.json, recorded in a browser by tests/page/record-reference.mjs).

import { readFileSync } from "node:fs";

import { marked } from "marked";

import { rowsOf } from "./interfaces.ts";
import type { Row } from "./interfaces.ts";
import { escapeHtml } from "./markdown.ts";
import { UNITS } from "./units.ts";

type Settings = Record<string, unknown>;
interface Named {
  name: string;
  text: string;
}
interface Reference {
  /** What is in effect when nothing but the objective is given, by objective. */
  train: Record<string, Settings>;
  evaluate: Settings;
  diagnose: Settings;
  policies: (Named & { policy: Settings })[];
  methods: (Named & { config: Settings })[];
  metrics: Record<string, string>;
  tasks: {
    name: string;
    title: string;
    description: string;
    difficulties: [number, number];
    default_difficulty: number;
    guess_space: number;
    example: string;
    max_completion_length: number;
  }[];
}

function recorded(): Reference {
  return JSON.parse(readFileSync(new URL("../docs/reference.json", import.meta.url), "utf8")) as Reference;
}

const inline = (text: string) => marked.parseInline(text, { async: false });
const code = (text: string) => `<code>${escapeHtml(text)}</code>`;
/** A value as one would write it in a configuration. */
const value = (one: unknown) => code(JSON.stringify(one));

/** Keys whose default is the task's; the recording knows them for one task only. */
const OF_THE_TASK = ["task", "difficulty", "max_completion_length"];
/** The preset that has nothing but the defaults of a kind of policy. */
const PLAIN: Record<string, string> = {
  DiscretePolicy: "discrete",
  SoftPolicy: "soft",
  SoftTokensPolicy: "soft-tokens",
  MultiplexPolicy: "multiplex",
};
const GROUPS = ["RunKeys", "DecodingKeys", "SoftKeys", "OptimizerKeys", "LossKeys", "RewardKeys", "WatchKeys"];

/** The default of a key of training: one value, or one for each objective that has it. */
function trainDefault(key: string, train: Reference["train"]): string {
  if (OF_THE_TASK.includes(key)) return key === "task" ? "" : "the task’s own";
  const objectives = Object.entries(train);
  const values = objectives.map(([, settings]) => JSON.stringify(settings[key]));
  if (key === "objective") return value("soft_grpo");
  if (new Set(values).size === 1) return code(values[0] ?? "");
  const given = objectives.filter(([, settings]) => settings[key] !== null);
  return given.map(([objective, settings]) => `${value(settings[key])} (${objective})`).join(", ");
}

function defaultOf(name: string, key: string): string {
  const { train, policies } = recorded();
  if (GROUPS.includes(name)) return trainDefault(key, train);
  const plain = policies.find((one) => one.name === PLAIN[name]);
  if (plain === undefined || key === "kind") return "";
  if (!(key in plain.policy)) throw new Error(`${name}.${key} is not in the engine's preset ${plain.name}`);
  return value(plain.policy[key]);
}

function entry(name: string, row: Row): string {
  const { key, type, optional, text } = row;
  const byDefault = defaultOf(name, key);
  const facts = [code(type), optional ? (byDefault === "" ? "" : `default ${byDefault}`) : "needed"].filter(Boolean);
  return `<dt id="${name}.${key}"><a href="#${name}.${key}">${code(key)}</a> <span class="facts-of">${facts.join(" · ")}</span></dt><dd>${text === "" ? "" : `<p>${inline(text)}</p>`}</dd>`;
}

function options(name: string): string {
  return `<dl class="options">\n${rowsOf(name)
    .map((row) => entry(name, row))
    .join("\n")}\n</dl>`;
}

/** Names with their sentence and, folded away, their settings. */
function named(prefix: string, all: (Named & { settings: Settings })[]): string {
  const one = ({ name, text, settings }: Named & { settings: Settings }) =>
    `<dt id="${prefix}.${name}"><a href="#${prefix}.${name}">${code(name)}</a></dt><dd><p>${inline(escapeHtml(text))}</p><details><summary>Settings of ${code(name)}</summary><pre tabindex="0"><code>${escapeHtml(JSON.stringify(settings, null, 2)).replaceAll("\n", "&#10;")}</code></pre></details></dd>`;
  return `<dl class="options">\n${all.map(one).join("\n")}\n</dl>`;
}

function metrics(): string {
  const found = recorded().metrics;
  const strange = Object.keys(UNITS).filter((key) => !(key in found));
  if (strange.length > 0)
    throw new Error(`units.ts has units of numbers that the engine does not know: ${strange.join(", ")}`);
  const one = ([key, text]: [string, string]) => {
    const unit = UNITS[key];
    if (unit === undefined) throw new Error(`units.ts lacks the unit of ${key}`);
    return `<dt id="metric.${key}"><a href="#metric.${key}">${code(key)}</a> <span class="facts-of">${unit}</span></dt><dd><p>${inline(escapeHtml(text))}</p></dd>`;
  };
  return `<dl class="options">\n${Object.entries(found).map(one).join("\n")}\n</dl>`;
}

function tasks(): string {
  const one = (task: Reference["tasks"][number]) => {
    const [least, most] = task.difficulties;
    const facts = `difficulty ${least} to ${most}, default ${task.default_difficulty} · completions of at most ${task.max_completion_length} tokens · a guesser chooses from about ${Math.round(task.guess_space)} answers`;
    return `<dt id="task.${task.name}"><a href="#task.${task.name}">${code(task.name)}</a> <span class="facts-of">${facts}</span></dt><dd><p>${inline(escapeHtml(task.description))} For example ${code(task.example)}.</p></dd>`;
  };
  return `<dl class="options">\n${recorded().tasks.map(one).join("\n")}\n</dl>`;
}

export const REFERENCE: Record<string, (argument: string) => string> = {
  options,
  metrics,
  tasks,
  policies: () =>
    named(
      "policy",
      recorded().policies.map(({ policy, ...one }) => ({ ...one, settings: policy })),
    ),
  methods: () =>
    named(
      "method",
      recorded().methods.map(({ config, ...one }) => ({ ...one, settings: config })),
    ),
};
