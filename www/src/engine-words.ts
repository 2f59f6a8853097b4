// What the engine sends, in the page's language: tasks, presets and definitions by their names, sentences by their form. What a language does
// not know stays as the engine said it, and is marked as English. No DOM.

import type { MethodPreset, PolicyPreset, Presets, TaskInfo } from "soft-thinking-lab";

import type { Listed, Summary } from "./experiment.ts";
import { engineSays } from "./strings/engine.ts";
import { language } from "./strings/language.ts";

/** Texts that stayed as they came. */
const asTheyCame = new Set<string>();

function orAsItCame(here: string | undefined, text: string): string {
  if (here !== undefined && here !== "") return here;
  asTheyCame.add(text);
  return text;
}

/** For `lang`: "en" of a text of the engine that the page's language does not know. */
export function langOf(text: string): "en" | undefined {
  return asTheyCame.has(text) ? "en" : undefined;
}

export function taskHere(task: TaskInfo): TaskInfo {
  const known = engineSays.tasks[task.name];
  return known === undefined ? { ...task, description: said(task.description) } : { ...task, ...known };
}

export function presetsHere({ policies, methods }: Presets): Presets {
  return {
    policies: policies.map((one): PolicyPreset => ({
      ...one,
      text: orAsItCame(engineSays.policies[one.name], one.text),
    })),
    methods: methods.map((one): MethodPreset => ({ ...one, text: orAsItCame(engineSays.methods[one.name], one.text) })),
  };
}

export function definitionsHere(definitions: Readonly<Record<string, string>>): Record<string, string> {
  return { ...definitions, ...engineSays.metrics };
}

/** An experiment of the list, with its title. */
export function listedHere(listed: Listed): Listed {
  return { ...listed, title: engineSays.experiments[listed.name] ?? listed.title };
}

export function summaryHere(summary: Summary): Summary {
  return {
    ...summary,
    title: experimentTitle(summary.experiment, summary.title),
    tasks: summary.tasks.map((task) => ({
      ...task,
      arms: task.arms.map((one) => ({ ...one, title: engineSays.arms[one.arm] ?? one.title })),
    })),
  };
}

export function experimentTitle(name: string, title: string): string {
  return engineSays.experiments[name] ?? title;
}

/** The title of an arm of a plan, which is sent to the engine as it is. */
export function armTitle(arms: readonly { name: string; title: string }[], name: string): string {
  return engineSays.arms[name] ?? arms.find((one) => one.name === name)?.title ?? name;
}

/** A sentence of the engine in the page's language; as it came where that does not know it. */
export function said(sentence: string): string {
  return orAsItCame(engineSays.say(sentence), sentence);
}

/** Several of them. */
export function saidAll(sentences: readonly string[]): string {
  return sentences.map(said).join(" ");
}

/** What is said of an error: its sentence, or what to do about such errors where the page's language does not know the sentence. `english`: what
 * the engine itself said, where that is something else. */
export function saidOf(code: string, message: string): { text: string; english: string | undefined } {
  if (language === "en") return { text: message, english: undefined };
  return { text: engineSays.say(message) || helpFor(code), english: message };
}

/** The same as one text, for places that have no room for more. */
export function problemText(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const known = engineSays.say(message);
  if (known !== "") return known;
  const code: unknown = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  // Without a code it was the page that said it, in its own language.
  return typeof code === "string" ? `${helpFor(code)} („${message}“)` : message;
}

function helpFor(code: string): string {
  return engineSays.help[code] ?? engineSays.otherHelp;
}
