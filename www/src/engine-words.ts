// What the engine sends, in the page's language: tasks, presets and definitions by their names, sentences by their form. What a language does
// not know stays as the engine said it. No DOM.

import type { MethodPreset, PolicyPreset, Presets, TaskInfo } from "soft-thinking-lab";

import type { Listed, Summary } from "./experiment.ts";
import { engineSays } from "./strings/engine.ts";
import { language } from "./strings/language.ts";

export function taskHere(task: TaskInfo): TaskInfo {
  const known = engineSays.tasks[task.name];
  return known === undefined ? { ...task, description: said(task.description) } : { ...task, ...known };
}

export function presetsHere({ policies, methods }: Presets): Presets {
  return {
    policies: policies.map((one): PolicyPreset => ({ ...one, text: engineSays.policies[one.name] ?? one.text })),
    methods: methods.map((one): MethodPreset => ({ ...one, text: engineSays.methods[one.name] ?? one.text })),
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
    title: engineSays.experiments[summary.experiment] ?? summary.title,
    tasks: summary.tasks.map((task) => ({ ...task, arms: task.arms.map(armHere) })),
  };
}

export function armHere<T extends { arm: string; title: string }>(one: T): T {
  return { ...one, title: engineSays.arms[one.arm] ?? one.title };
}

/** A sentence of the engine in the page's language; as it came where that does not know it. */
export function said(sentence: string): string {
  return engineSays.say(sentence) || sentence;
}

/** What the page says where a sentence of the engine is all there is: what to do, where the page's language does not know the sentence. */
export function saidOf(code: string, message: string): { text: string; english: string | undefined } {
  if (language === "en") return { text: message, english: undefined };
  return {
    text: engineSays.say(message) || (engineSays.help[code] ?? engineSays.otherHelp),
    english: message,
  };
}

/** The same as one text, for places that have no room for more. */
export function problemText(thrown: unknown): string {
  const { message } = thrown instanceof Error ? thrown : { message: String(thrown) };
  const known = engineSays.say(message);
  if (known !== "") return known;
  const { code = "" } = thrown as { code?: string };
  return `${engineSays.help[code] ?? engineSays.otherHelp} („${message}“)`;
}
