// The words of the panel of brought language models in the language the page speaks; fetched with it.

import { bring as english } from "./en/bring.ts";
import { inLanguage } from "./language.ts";
import type { Words } from "./language.ts";

export type BringWords = Words<typeof english>;

export const bring = await inLanguage(english, { de: async () => (await import("./de/bring.ts")).bring });
