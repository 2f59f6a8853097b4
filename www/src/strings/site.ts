// Words that all pages of the site share: their names and where they lie.

/** The pages, in the order of the menu. Addresses are relative: the site works from any folder. */
export const PLACES = [
  { name: "learn", address: "./learn.html", text: "Learn" },
  { name: "lab", address: "./index.html", text: "Lab" },
  { name: "docs", address: "./docs/index.html", text: "Docs" },
] as const;
export type Place = (typeof PLACES)[number]["name"];

export const site = { nav: "Pages of this site" };
