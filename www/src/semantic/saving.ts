// What was run here as files: curves as CSV, the run as JSON, code-books and items as pictures. Not here: the charts' own menus.

import type { TemplateResult } from "lit-html";
import type { SemanticIds, SemanticPicture } from "soft-thinking-lab/elements";

import { csv } from "../csv.ts";
import { saveFile } from "../save-file.ts";
import { fileName, saveSvg } from "../save-picture.ts";
import type { PictureFormat } from "../save-picture.ts";
import { semantic } from "../strings/semantic.ts";
import { menuOf } from "../view/disclosed.ts";
import type { Given } from "./paces.ts";
import type { PageState, Side } from "./state.ts";

const words = semantic.save;

/** One menu a side; `live` says what the run was asked with. */
export function savingsOf(
  { sides, choices }: PageState,
  given: Given,
  nameOf: (side: Side) => string,
): (TemplateResult | undefined)[] {
  return sides.map((side, place) => {
    if (side.last === undefined) return undefined;
    const name = fileName(`${side.arm} seed ${side.config?.seed ?? choices.seed}`);
    const picture = (which: SemanticPicture, format: PictureFormat) => () => {
      const figure = document.querySelectorAll<SemanticIds>("semantic-ids")[place];
      const still = figure?.still(which);
      if (still !== undefined) void saveSvg(still, `${name}-${which}`, format);
    };
    return menuOf(words, nameOf(side), [
      {
        words: words.csv,
        save: () => {
          saveFile(`${name}.csv`, new Blob([csv(side.rows, keysOf(side))], { type: "text/csv" }));
        },
      },
      {
        words: words.json,
        save: () => {
          saveFile(`${name}.json`, new Blob([recordOf(side, given)], { type: "application/json" }));
        },
      },
      { words: words.bookSvg, save: picture("book", "svg") },
      { words: words.bookPng, save: picture("book", "png") },
      { words: words.itemsSvg, save: picture("items", "svg") },
      { words: words.itemsPng, save: picture("items", "png") },
    ]);
  });
}

/** The epoch first, the rest by name. */
function keysOf({ rows }: Side): string[] {
  const all = new Set(rows.flatMap((row) => Object.keys(row)));
  all.delete("step");
  return ["step", ...[...all].sort()];
}

/** A run as others can read it: every setting, every number. */
function recordOf({ arm, config, rows, last, end }: Side, { catalogue, csv: own }: Given): string {
  const record = { arm, config, catalogue: own === undefined ? catalogue : "own", epochs: rows, last_epoch: last, end };
  return `${JSON.stringify(record, (_key, value: unknown) => value ?? null, 1)}\n`;
}
