// A thought in words: its pieces one after the other like a text, the divided blends with what else is in them. Where it is a thought of
// letters: view/strip.ts.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { ThinkStep } from "soft-thinking-lab";

import { SHARP_WEIGHT } from "../state.ts";
import { bring as words } from "../strings/bring.ts";
import { partsOf } from "../ways.ts";
import type { Part } from "../ways.ts";
import { fixed, token } from "../format.ts";

/** Others in a blend that weigh less are not worth a line. */
const OTHER_MIN = 0.02;
const OTHERS_MAX = 2;
const RANK_MAX = 3;

/** A step of a thought, or of a training try, which keeps less. */
export type WordStep = Pick<ThinkStep, "token" | "phase" | "candidates" | "mixture" | "soft"> &
  Partial<Pick<ThinkStep, "forced" | "winner_changed">>;

export interface WordsOptions {
  steps: readonly WordStep[];
  label: string;
  selected: number | undefined;
  onSelect: (index: number) => void;
}

export function isSplit(step: WordStep): boolean {
  return step.soft && !((partsOf(step)[0]?.weight ?? 1) > SHARP_WEIGHT);
}

export function wordsView({ steps, label, selected, onSelect }: WordsOptions): TemplateResult {
  const onKeydown = (event: KeyboardEvent) => {
    const row = event.currentTarget as HTMLElement;
    const pieces = [...row.querySelectorAll<HTMLElement>(".piece")];
    // What has the focus counts: keys may come faster than the page is drawn.
    const from = Math.max(
      0,
      pieces.findIndex((one) => one === document.activeElement),
    );
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: steps.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(steps.length - 1, to));
    onSelect(index);
    pieces[index]?.focus();
  };
  return html`<div class="words" role="group" aria-label=${label} @keydown=${onKeydown}>
    ${steps.map((step, index) => piece(step, index, selected, onSelect))}
  </div>`;
}

function piece(
  step: WordStep,
  index: number,
  selected: number | undefined,
  onSelect: (index: number) => void,
): TemplateResult {
  const split = isSplit(step);
  const parts = step.soft ? partsOf(step) : [];
  const others = parts.filter((part) => part.text !== step.token && part.weight >= OTHER_MIN).slice(0, OTHERS_MAX);
  const said =
    (split
      ? words.think.wordBlend(
          index + 1,
          parts
            .filter((part) => part.weight >= OTHER_MIN)
            .map(weighed)
            .join(", "),
        )
      : words.think.word(index + 1, token(step.token))) + (step.forced === true ? `, ${words.think.forced}` : "");
  const kinds = [
    step.phase,
    step.soft ? "blend" : "single",
    split ? "split" : "",
    step.forced === true ? "forced" : "",
    step.winner_changed === true && step.soft ? "changed" : "",
    step.token.startsWith(" ") ? "spaced" : "",
  ];
  return html`<button
      type="button"
      class="piece ${kinds.join(" ")}"
      aria-pressed=${selected === index ? "true" : "false"}
      tabindex=${index === (selected ?? 0) ? 0 : -1}
      @click=${() => {
        onSelect(index);
      }}
    >
      <span class="unseen">${said}</span>
      <span aria-hidden="true" class="text">${shown(step.token)}</span>
      ${step.soft ? bar(parts) : nothing}
      ${split ? html`<span aria-hidden="true" class="others">${others.map((part) => html`<span>${weighed(part)}</span>`)}</span>` : nothing}</button
    >${step.token.includes("\n") ? html`<span class="new-line"></span>` : nothing}`;
}

/** Spaces between words are gaps; a piece that is nothing else shows them. */
function shown(text: string): string {
  const piece = text.replaceAll("\n", "⏎");
  return piece.trim() === "" ? token(text) : piece.trim();
}

function weighed({ text, weight }: Part): string {
  return `${shown(text)} ${fixed(weight).replace(/^0/, "")}`;
}

function bar(parts: readonly Part[]): TemplateResult {
  return html`<span aria-hidden="true" class="split-bar">
    ${parts
      .filter(({ weight }) => weight > 0.004)
      .map(({ weight }, rank) => html`<i class="rank-${Math.min(rank, RANK_MAX)}" .style="flex-grow:${weight}"></i>`)}
  </span>`;
}
