// The package's palette in the style sheets of the pages: `@palette light;` and `@palette dark;` become its colours as custom properties, when
// the site is built, so they are there before any script. Not here: the colours (web/src/elements/palette.ts).

import { PALETTE } from "../web/src/elements/palette.ts";

const GROUNDS = ["light", "dark"];

/** As PostCSS has it, of which no more is needed. */
interface AtRule {
  params: string;
  replaceWith: (...declarations: { prop: string; value: string }[]) => void;
  error: (message: string) => Error;
}

/** A PostCSS plugin. */
export const palette = {
  postcssPlugin: "palette",
  AtRule: {
    palette(rule: AtRule): void {
      const ground = GROUNDS.indexOf(rule.params);
      if (ground < 0) throw rule.error(`@palette: expected ${GROUNDS.join(" or ")}, got "${rule.params}"`);
      rule.replaceWith(
        ...Object.entries(PALETTE).map(([name, pair]) => ({ prop: `--${name}`, value: pair[ground] ?? "" })),
      );
    },
  },
};
