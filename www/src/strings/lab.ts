// The words of the lab page in the language it speaks.

import { lab as english } from "./en/lab.ts";
import { inLanguage } from "./language.ts";
import type { Words } from "./language.ts";

export type LabWords = Words<typeof english>;
export type SentenceName = keyof LabWords["tools"]["presets"]["sentences"];

export const strings = await inLanguage(english, { de: async () => (await import("./de/lab.ts")).lab });
export const { tools } = strings;
