// A thought as a strip of columns, one a step: the blend as a stacked bar, the token it is read as, entropy as a line above.

import { html, nothing, svg } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { SampleStep, ThinkStep } from "soft-thinking-lab";

import { isMark, number, percent, token } from "../format.ts";
import { strings } from "../strings/lab.ts";
import { partsOf } from "../ways.ts";
import type { Kind, Part } from "../ways.ts";

/** Pixels; the same in style/strip.css (`--column`). */
const COLUMN = 44;
const LINE_HEIGHT = 22;
/** Entropy of five equal parts, nats: the top of the line's scale. */
const ENTROPY_MAX = Math.log(5);
/** Segments beyond this place look like it. */
const RANK_MAX = 4;
/** A segment lower than this share of the bar has no room for its token. */
const LABEL_SHARE = 0.22;

type Step = ThinkStep | SampleStep;

export interface StripOptions {
  kind: Kind;
  steps: readonly Step[];
  label: string;
  /** Index of the column that is open in the card, if any. */
  selected?: number | undefined;
  onSelect?: ((index: number) => void) | undefined;
}

export function strip(options: StripOptions): TemplateResult {
  const { kind, steps, label, selected, onSelect } = options;
  const onKeydown = (event: KeyboardEvent) => {
    const to = target(event.key, selected ?? 0, steps.length);
    if (to === undefined || onSelect === undefined) return;
    event.preventDefault();
    onSelect(to);
    const row = event.currentTarget as HTMLElement;
    row.querySelectorAll<HTMLElement>(".column")[to]?.focus();
  };
  return html`
    <div class="strip ${kind}">
      ${kind === "soft" ? entropyLine(steps) : nothing}
      <div class="columns" role="group" aria-label=${label} @keydown=${onKeydown}>
        ${steps.map((step, index) => column(step, index, options))}
      </div>
    </div>
  `;
}

/** Whether the next input was a blend. A sample does not say: there, it is every thinking step but the closing mark. */
export function isBlend(step: Step, kind: Kind): boolean {
  if (kind === "discrete") return false;
  return "soft" in step ? step.soft : step.phase === "think" && !isMark(step.token);
}

function target(key: string, from: number, count: number): number | undefined {
  const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to));
}

function column(step: Step, index: number, { kind, selected, onSelect }: StripOptions): TemplateResult {
  const blend = isBlend(step, kind);
  const changed = blend && "winner_changed" in step && step.winner_changed;
  const ended = "forced" in step && step.forced && step.candidates.length === 1;
  const parts = blend ? partsOf(step) : [{ text: step.token, weight: 1 }];
  const words = token(step.token);
  const weight = parts.find((part) => part.text === step.token)?.weight ?? 0;
  const label =
    (blend
      ? strings.think.column(index + 1, words, percent(weight), number(step.entropy))
      : strings.think.columnDiscrete(index + 1, words)) + (ended ? `, ${strings.think.ended}` : "");
  const bar = html`
    <span class="bar" aria-hidden="true"> ${parts.map((part, rank) => segment(part, Math.min(rank, RANK_MAX)))} </span>
    <span class="read ${isMark(step.token) ? "mark" : ""}" aria-hidden="true">
      ${isMark(step.token) ? (step.token.startsWith("</") ? "›" : "‹") : words}
    </span>
  `;
  const classes = `column ${step.phase} ${blend ? "blend" : "single"} ${changed ? "changed" : ""} ${ended ? "ended" : ""}`;
  if (onSelect === undefined) return html`<span class=${classes} title=${label}>${bar}</span>`;
  return html`
    <button
      type="button"
      class=${classes}
      aria-pressed=${selected === index ? "true" : "false"}
      tabindex=${index === (selected ?? 0) ? 0 : -1}
      @click=${() => {
        onSelect(index);
      }}
    >
      <span class="unseen">${label}</span>${bar}
    </button>
  `;
}

function segment({ text, weight }: Part, rank: number): TemplateResult | typeof nothing {
  if (!(weight > 0.004)) return nothing;
  const labelled = weight >= LABEL_SHARE;
  return html`<span class="segment rank-${rank} ${isMark(text) ? "mark" : ""}" .style="flex-grow:${weight}"
    >${labelled ? (isMark(text) ? text.slice(1, -1) : token(text)) : nothing}</span
  >`;
}

/** Entropy of each blend over the thinking steps, 0 at the foot, five equal parts at the top. */
function entropyLine(steps: readonly Step[]): TemplateResult {
  const blends = steps.filter((step) => isBlend(step, "soft"));
  const points = blends.map((step, index) => {
    const x = (index + 0.5) * COLUMN;
    const y = LINE_HEIGHT - 2 - (Math.min(step.entropy, ENTROPY_MAX) / ENTROPY_MAX) * (LINE_HEIGHT - 4);
    return [x, y] as const;
  });
  return html`
    <svg class="entropy" width=${steps.length * COLUMN} height=${LINE_HEIGHT} aria-hidden="true">
      ${svg`<line class="zero" x1="0" x2=${blends.length * COLUMN} y1=${LINE_HEIGHT - 2} y2=${LINE_HEIGHT - 2} />`}
      ${svg`<polyline points=${points.map(([x, y]) => `${x},${y}`).join(" ")} />`}
      ${points.map(([x, y]) => svg`<circle cx=${x} cy=${y} r="2" />`)}
    </svg>
  `;
}
