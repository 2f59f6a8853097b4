// What the document says of itself, in the language the page speaks: its language, its title and its description.

import { language } from "./strings/language.ts";
import { site } from "./strings/site.ts";

/** `document.title` of the lab changes with what it does: only its language and description are set here. */
export function dressDocument(place: "lab" | "learn" | "semantic"): void {
  document.documentElement.lang = language;
  document.title = site.titles[place];
  document.querySelector('meta[name="description"]')?.setAttribute("content", site.descriptions[place]);
}
