// The words that all pages share, in the language the page speaks, and where the pages lie. Those of every language are at hand: who
// wants another one has to be able to read how to get it.

import { site as german } from "./de/site.ts";
import { site as english } from "./en/site.ts";
import { language } from "./language.ts";
import type { Language, Words } from "./language.ts";

/** The pages, in the order of the menu. Addresses are relative: the site works from any folder. */
export const PLACES = [
  { name: "learn", address: "./learn.html" },
  { name: "lab", address: "./index.html" },
  { name: "semantic", address: "./semantic-ids.html" },
  { name: "docs", address: "./docs/index.html" },
] as const;
/** Where the documentation begins in the page's language. */
export function docsAddress(): string {
  return language === "de" ? "./docs/de/index.html" : "./docs/index.html";
}
export type Place = (typeof PLACES)[number]["name"];

export const sites: Record<Language, Words<typeof english>> = { en: english, de: german };
export const site = sites[language];
