// A piece of a line of a chart, as its sign in legends and tables.

import { html, nothing, svg } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { Ink } from "../findings.ts";

export function signOf(ink: Ink | undefined): TemplateResult | typeof nothing {
  if (ink === undefined) return nothing;
  return html`<svg class="line-sign" width="28" height="8" viewBox="0 0 28 8" aria-hidden="true">
    ${svg`<line x1="0" y1="4" x2="28" y2="4" stroke="var(${ink.colour})" stroke-width="2.5" stroke-dasharray=${ink.dash.join(" ")} />`}
  </svg>`;
}
