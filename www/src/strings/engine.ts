// What the engine says of its tasks, presets, numbers and troubles, in the language the page speaks. The engine speaks English; another
// language says the same by name (`chain_sum`, `val/pass@1`, `bad-input`) or, of sentences with values in them, by their form.

import { engine as english } from "./en/engine.ts";
import { inLanguage } from "./language.ts";

type ByName<T = string> = Readonly<Record<string, T>>;

export interface EngineWords {
  tasks: ByName<{ title: string; description: string }>;
  /** Ways to think. */
  policies: ByName;
  /** Ways to learn. */
  methods: ByName;
  metrics: ByName;
  /** Of training; English has none on the page, only in its reference. */
  settings: ByName;
  /** Titles of experiments and of their arms, by their names. */
  experiments: ByName;
  arms: ByName;
  /** What to do, by an error's code, where nothing more is known. */
  help: ByName;
  otherHelp: string;
  /** Above what the engine said itself. */
  itsWords: string;
  /** A sentence of the engine; "" where this language does not know it. */
  say: (sentence: string) => string;
}

export const engineSays: EngineWords = await inLanguage(english, {
  de: async () => (await import("./de/engine.ts")).engine,
});
