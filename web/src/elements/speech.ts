// In which language a figure speaks, and what it speaks with: its words and how it writes numbers. A figure follows the `lang` of itself
// or of what is closest around it, through shadow roots too. English is at hand, and speaks where a language is not known or not to be had.

import { formatsIn } from "./format.js";
import type { Formats } from "./format.js";
import { en } from "./strings/en.js";

/** English says what there is to say; every other language says the same, with the same gaps. */
type Words<T> = T extends string
  ? string
  : T extends (...gaps: infer Gaps) => string
    ? (...gaps: Gaps) => string
    : { [Key in keyof T]: Words<T[Key]> };
export type FigureWords = Words<typeof en>;

export interface Speech extends Formats {
  /** As in a `lang` attribute: of these words, for what is read out. */
  language: string;
  words: FigureWords;
}

const others: Record<string, () => Promise<FigureWords>> = {
  de: async () => (await import("./strings/de.js")).de,
};

function speechOf(language: string, words: FigureWords): Speech {
  return { ...formatsIn(language), language, words };
}

export const english = speechOf("en", en);
const known = new Map<string, Promise<Speech>>([["en", Promise.resolve(english)]]);

/** `tag`: a BCP 47 tag; "de-AT" is German. */
export function speechFor(tag: string): Promise<Speech> {
  const language = languageOf(tag);
  const found = known.get(language);
  if (found !== undefined) return found;
  const fetched = (others[language]?.() ?? Promise.resolve(en)).then(
    (words) => speechOf(language, words),
    (thrown: unknown) => {
      console.warn(thrown);
      // It may be had the next time.
      known.delete(language);
      return english;
    },
  );
  known.set(language, fetched);
  return fetched;
}

/** The language of the words that a tag gets. */
export function languageOf(tag: string): string {
  const primary = tag.split("-")[0]?.toLowerCase() ?? "";
  return Object.hasOwn(others, primary) ? primary : "en";
}
