// The colours that the figures of the package and the pages of the site share, each on light and on dark ground: written here and nowhere
// else. The pages take them when they are built (www/palette-build.ts). Their meaning: theme.ts. Not here: what is mixed from them.

/** After Okabe and Ito: told apart without red and green too (www/test/palette.test.ts measures it). On dark ground the hues stay and the
 * lightness rises. */
export const PALETTE = {
  soft: ["#0072b2", "#4aa8e0"],
  discrete: ["#d55e00", "#f08a3c"],
  base: ["#6b6b6b", "#9a9a9a"],
  good: ["#009e73", "#2cc295"],
  attention: ["#e69f00", "#f0b840"],
  ink: ["#1c1f23", "#e8eaec"],
  "ink-quiet": ["#5a6168", "#a3abb2"],
  /** The ground that a figure lies on. */
  panel: ["#ffffff", "#1b1f23"],
  line: ["#e3e5e7", "#2c3238"],
  /** Text on `soft`. */
  "on-soft": ["#ffffff", "#0c1418"],
} as const satisfies Record<string, readonly [light: string, dark: string]>;
