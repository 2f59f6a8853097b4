// The newest group of tries: what each thought and answered, what it earned, and how much likelier it is made.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Sample } from "soft-thinking-lab";

import { fixed, isMark, number, token } from "../format.ts";
import type { RunState } from "../state.ts";
import { en } from "../strings/en.ts";
import type { Trainer } from "../training.ts";
import { strip } from "./strip.ts";

/** Advantages beyond this many standard deviations fill the bar. */
const ADVANTAGE_MAX = 2.5;

export function samplesView(run: RunState, trainer: Trainer): TemplateResult {
  const first = run.samples[0];
  return html`
    <section class="samples" aria-labelledby="samples-title">
      <h3 id="samples-title">${en.samples.title}</h3>
      ${
        first === undefined
          ? html`<p class="empty">${en.samples.empty}</p>`
          : html`
              <p>
                <span class="chip">${first.question}</span> ${en.samples.expected(first.expected)}
                <span class="quiet">· ${en.samples.step(run.step)}</span>
              </p>
              <ol>
                ${run.samples.map((sample, index) => sampleRow(sample, index, run, trainer))}
              </ol>
              <p class="quiet">${en.samples.advantage}: ${en.samples.advantageHint}</p>
            `
      }
    </section>
  `;
}

/** The thinking steps before the closing mark. */
function thoughtOf(sample: Sample): Sample["steps"] {
  return sample.steps.filter((step) => step.phase === "think" && !isMark(step.token));
}

function sampleRow(sample: Sample, index: number, run: RunState, trainer: Trainer): TemplateResult {
  const open = run.openSample === index;
  const thought = thoughtOf(sample)
    .map((step) => token(step.token))
    .join("");
  const share = Math.max(-1, Math.min(1, sample.advantage / ADVANTAGE_MAX));
  const side = share < 0 ? `right:50%;width:${-share * 50}%` : `left:50%;width:${share * 50}%`;
  return html`
    <li>
      <button
        type="button"
        class="sample"
        aria-expanded=${open ? "true" : "false"}
        aria-label=${en.samples.label(index + 1, thought, sample.answer ?? en.think.none, number(sample.reward), fixed(sample.advantage))}
        @click=${() => {
          trainer.openSample(index);
        }}
      >
        <span
          aria-hidden="true"
          class="dot ${sample.reward >= 1 ? "good" : "off"}"
          title="${en.samples.reward} ${number(sample.reward)}"
          >${sample.reward >= 1 ? "✓" : "✗"}</span
        >
        <span class="token words" aria-hidden="true">${thought}</span>
        <span class="token answer" aria-hidden="true">${en.samples.arrow} ${sample.answer ?? en.think.none}</span>
        <span class="advantage" aria-hidden="true" title="${en.samples.advantage} ${fixed(sample.advantage)}"
          ><span class=${share < 0 ? "less" : "more"} style=${side}></span
        ></span>
        <span class="number" aria-hidden="true">${fixed(sample.advantage)}</span>
      </button>
      ${
        open
          ? strip({
              kind: run.objective === "grpo" ? "discrete" : "soft",
              steps: sample.steps,
              label: en.samples.open(index + 1),
              small: true,
            })
          : nothing
      }
    </li>
  `;
}
