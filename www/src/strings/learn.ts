// The words of the story in the language the page speaks.

import { learn as english } from "./en/learn.ts";
import { inLanguage } from "./language.ts";
import type { Words } from "./language.ts";

export type LearnWords = Words<typeof english>;
export type Chapter = LearnWords["chapters"][FigureName];
export type FigureName = keyof typeof english.chapters;

export const learn = await inLanguage(english, { de: async () => (await import("./de/learn.ts")).learn });
