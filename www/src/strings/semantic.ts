// The words of the second lab's page in the language the page speaks.

import { semantic as english } from "./en/semantic.ts";
import { inLanguage } from "./language.ts";
import type { Words } from "./language.ts";

export type SemanticWords = Words<typeof english>;

export const semantic = await inLanguage(english, { de: async () => (await import("./de/semantic.ts")).semantic });
