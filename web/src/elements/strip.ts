// A thought as a strip of columns, one a step: the blend as a stacked bar, its heaviest at the foot, and the token it is read as.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { SampleStep, ThinkStep } from "../index.js";
import { isMark, token } from "./format.js";
import type { Speech } from "./speech.js";

export type Kind = "soft" | "discrete";
export type Step = ThinkStep | SampleStep;

/** A segment lower than this share of the bar has no room for its token. */
const LABEL_SHARE = 0.25;
/** Segments beyond this place look like it. */
const RANK_MAX = 3;

export interface StripOptions {
  speech: Speech;
  kind: Kind;
  steps: readonly Step[];
  label: string;
  /** The step that is shown below. */
  selected?: number | undefined;
  onSelect: (index: number) => void;
  /** A word or mark under a column, and what it says. */
  mark?: (step: Step) => { text: string; words: string; tone: "good" | "off" } | undefined;
  /** Steps that were not reached yet are drawn empty, so that the strip keeps its place. */
  reached?: number;
}

export function strip(options: StripOptions): TemplateResult {
  const { kind, steps, label, reached = steps.length } = options;
  return html`
    <div class="strip ${kind}" role="group" aria-label=${label}>
      ${steps.map((step, index) => column(step, index, options, index < reached))}
    </div>
  `;
}

/** Whether the next input was a blend. A sample does not say: there, it is every thinking step but the closing mark. */
export function isBlend(step: Step, kind: Kind): boolean {
  if (kind === "discrete") return false;
  return "soft" in step ? step.soft : step.phase === "think" && !isMark(step.token);
}

/** The place that a key leads to, in a row of so many. */
export function target(key: string, from: number, count: number): number | undefined {
  const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(count - 1, to));
}

/** The step that is least decided, where looking begins. */
export function mostDivided(steps: readonly Step[]): number {
  let most = 0;
  steps.forEach((step, index) => {
    if (step.phase === "think" && step.entropy > (steps[most]?.entropy ?? 0)) most = index;
  });
  return most;
}

function column(step: Step, index: number, options: StripOptions, reached: boolean): TemplateResult {
  const { speech, kind, selected, onSelect, mark } = options;
  if (!reached) return html`<span class="column ahead"></span>`;
  const blend = isBlend(step, kind);
  const changed = blend && "winner_changed" in step && step.winner_changed;
  const words = token(step.token);
  const found = mark?.(step);
  const weight = step.mixture[step.candidates.indexOf(step.token)] ?? 0;
  const label = blend
    ? speech.words.strip.blend(index + 1, words, speech.percent(weight), speech.number(step.entropy))
    : speech.words.strip.single(index + 1, words);
  const parts = blend ? step.candidates.map((text, at) => ({ text, weight: step.mixture[at] ?? 0 })) : [];
  return html`
    <button
      type="button"
      class="column ${step.phase} ${blend ? "blend" : "single"} ${changed ? "changed" : ""}"
      aria-pressed=${selected === index ? "true" : "false"}
      tabindex=${index === (selected ?? 0) ? 0 : -1}
      @click=${() => {
        onSelect(index);
      }}
    >
      <span class="unseen">${label}${found === undefined ? "" : `, ${found.words}`}</span>
      <span class="bar" aria-hidden="true"
        >${blend ? parts.map((part, rank) => segment(part, Math.min(rank, RANK_MAX))) : html`<span class="whole">${short(step.token)}</span>`}</span
      >
      <span class="read" aria-hidden="true"
        >${isMark(step.token) ? (step.token.startsWith("</") ? "›" : "‹") : words}</span
      >
      ${found === undefined ? nothing : html`<span class="under ${found.tone}" aria-hidden="true">${found.text}</span>`}
    </button>
  `;
}

function short(text: string): string {
  return isMark(text) ? "" : token(text);
}

function segment({ text, weight }: { text: string; weight: number }, rank: number): TemplateResult | typeof nothing {
  if (!(weight > 0.004)) return nothing;
  return html`<span class="segment rank-${rank} ${isMark(text) ? "mark" : ""}" .style=${`flex-grow:${weight}`}
    >${weight >= LABEL_SHARE ? short(text) : nothing}</span
  >`;
}

export const stripStyle = css`
  .strip {
    display: flex;
    gap: 2px;
    overflow-x: auto;
    scroll-snap-type: x proximity;
    padding: 4px 4px 8px;
  }
  .column {
    /* What is unseen in it scrolls with it. */
    position: relative;
    flex: none;
    display: flex;
    flex-direction: column;
    gap: 2px;
    align-items: stretch;
    width: 44px;
    min-height: 0;
    padding: 3px;
    border: 1px solid transparent;
    border-radius: 4px;
    scroll-snap-align: start;
    white-space: nowrap;
  }
  .column.ahead {
    border: 1px dashed var(--line);
  }
  .column[aria-pressed="true"] {
    border-color: var(--ink);
  }
  .bar {
    display: flex;
    flex-direction: column-reverse;
    height: var(--bar, 88px);
    border-radius: 3px;
    overflow: hidden;
    font: 14px/1 var(--mono);
    text-align: center;
  }
  .segment,
  .whole {
    display: grid;
    place-items: center;
    min-height: 1px;
    flex-basis: 0;
    overflow: hidden;
  }
  .segment + .segment {
    border-bottom: 1px solid var(--paper);
  }
  .rank-0 {
    background: var(--soft);
    color: var(--on-soft);
  }
  .rank-1 {
    background: var(--soft-1);
    color: light-dark(#0c1418, #ffffff);
  }
  .rank-2 {
    background: var(--soft-2);
  }
  .rank-3 {
    background: var(--soft-3);
  }
  .segment.mark {
    font-size: 11px;
  }
  .whole {
    flex: 1;
    border: 2px solid var(--discrete);
    border-radius: 3px;
    color: var(--discrete-ink);
  }
  .soft .whole {
    border: 1px solid var(--line-strong);
    color: var(--ink-quiet);
  }
  .read {
    font: 16px/1.4 var(--mono);
    text-align: center;
  }
  .answer .read {
    color: var(--ink-quiet);
  }
  .changed .read::after {
    content: "*";
    color: var(--attention-ink);
  }
  .under {
    font-size: 12px;
    line-height: 1.2;
    text-align: center;
  }
`;
