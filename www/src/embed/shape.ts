// How the lab is shaped by its address: `hide=` leaves parts of the page away, `theme=` sets light or dark. Hidden parts are not drawn, not
// focusable and not read out (style/embed.css does it, so the templates are the same with and without). The rest of the address is
// address.ts's business.

import { embedWords } from "../strings/en/embed.ts";
import { THEMES } from "../theme-names.ts";
import type { Theme } from "../theme-names.ts";
import { useTheme } from "../theme.ts";

/** What `hide=` can name; style/embed.css has a rule for each. */
export const PARTS = [
  "heading",
  "engine",
  "sentences",
  "think",
  "choices",
  "compare",
  "step",
  "diagnose",
  "train",
  "settings",
  "charts",
  "samples",
  "numbers",
  "history",
  "measure",
  "model",
  "own",
  "bring",
  "results",
  "footer",
  "text",
] as const;
type Part = (typeof PARTS)[number];

export interface Shape {
  hide: readonly Part[];
  theme: Theme | undefined;
}

/** The shape that an address asks for, and what in it means nothing here. */
export function readShape(hash: string): Shape & { unknown: string[] } {
  const pairs = new URLSearchParams(hash.replace(/^#/, ""));
  const names = (pairs.get("hide") ?? "").split(/[\s,]+/).filter((name) => name !== "");
  const wanted = pairs.get("theme") ?? "";
  const theme = THEMES.find((one) => one === wanted);
  return {
    hide: PARTS.filter((part) => names.includes(part)),
    theme,
    unknown: [
      ...names.filter((name) => !(PARTS as readonly string[]).includes(name)).map((name) => `hide=${name}`),
      ...(wanted === "" || theme !== undefined ? [] : [`theme=${wanted}`]),
    ],
  };
}

/** The address with the shape in it, so that a reload and a copied link keep it. The theme is address.ts's to write. */
export function withShape(hash: string, { hide }: Pick<Shape, "hide">): string {
  // Part names are plain words: commas between them need no escape, and are read better without.
  return hide.length > 0 ? `${hash}&hide=${hide.join(",")}` : hash;
}

/** The address without the shape that it was opened with. */
export function unshaped(hash: string): string {
  const pieces = hash.replace(/^#/, "").split("&");
  return pieces.filter((piece) => piece.split("=")[0] !== "hide").join("&");
}

/** The shape of this page now; `reshape` changes it. */
export let shape: Shape = { hide: [], theme: undefined };

export function reshape(asked: Shape & { unknown: string[] }): void {
  shape = { hide: asked.hide, theme: asked.theme };
  document.documentElement.dataset.hide = shape.hide.join(" ");
  if (shape.theme !== undefined) useTheme(shape.theme);
  for (const name of asked.unknown) console.warn(embedWords.unknown(name, PARTS.join(", "), THEMES.join(", ")));
}
