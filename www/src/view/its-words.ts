// What the engine itself said, behind what the page's language says of it: for those who look it up or report it.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { engineSays } from "../strings/engine.ts";

/** Nothing where the page says the engine's own words already. */
export function itsWords(english: string | undefined): TemplateResult | typeof nothing {
  if (english === undefined) return nothing;
  return html`<details class="its-words">
    <summary>${engineSays.itsWords}</summary>
    <p lang="en">${english}</p>
  </details>`;
}
