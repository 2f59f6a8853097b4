// A run that shows a sign of collapse: what was seen, and the three things to do about it. Seeing it is the engine's business.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { langOf, said } from "../engine-words.ts";
import type { RunState } from "../state.ts";
import { strings } from "../strings/lab.ts";
import type { Trainer } from "../training.ts";

export function collapseView({ collapse }: RunState, trainer: Trainer): TemplateResult | typeof nothing {
  if (collapse === undefined) return nothing;
  const button = (words: string, act: () => void, main = false) =>
    html`<button type="button" class=${main ? "main" : "quiet-button"} @click=${act}>${words}</button>`;
  return html`<div class="banner problem collapse" role="alert" data-sign=${collapse.sign}>
    <p>
      <strong>${strings.collapse.title}</strong>
      <span lang=${langOf(said(collapse.message)) ?? nothing}>${said(collapse.message)}</span>
      <span class="quiet">${strings.collapse.hint}</span>
    </p>
    ${
      collapse.bestStep === undefined
        ? nothing
        : button(
            strings.collapse.back(collapse.bestStep),
            () => {
              trainer.returnToBest();
            },
            true,
          )
    }
    ${button(strings.collapse.on, () => {
      trainer.resume();
    })}
    ${button(strings.collapse.stop, () => {
      trainer.stop();
    })}
  </div>`;
}
