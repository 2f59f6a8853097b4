// The words around the documentation's text, in each language that it has pages in.

import type { Language } from "../src/strings/language.ts";

interface DocsWords {
  skip: string;
  documentation: string;
  inside: string;
  privacy: string;
  /** Read out at the sign behind a heading, and for a table that scrolls. */
  toSection: string;
  table: string;
  /** Behind the name of a page that is in English only. */
  english: string;
}

export const WORDS: Record<Language, DocsWords> = {
  en: {
    skip: "Skip to the text",
    documentation: "Documentation",
    inside: "On this page",
    privacy: "Nothing you do here leaves your browser.",
    toSection: "Link to this section",
    table: "Table",
    english: "",
  },
  de: {
    skip: "Zum Text springen",
    documentation: "Dokumentation",
    inside: "Auf dieser Seite",
    privacy: "Nichts von dem, was hier geschieht, verlässt den Browser.",
    toSection: "Link zu diesem Abschnitt",
    table: "Tabelle",
    english: "(englisch)",
  },
};

/** On a page that is in English only, for those who would rather read German. */
export const ONLY_ENGLISH = {
  text: "Diese Seite gibt es nur auf Englisch. Auf Deutsch gibt es",
  link: "die Seiten für den Unterricht",
};
