// The newest tries as a table, sortable by what they earned, and as a file.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Sample } from "soft-thinking-lab";

import { fixed, number } from "../format.ts";
import type { RunHistory } from "../run-history.ts";
import { ordered } from "../sample-order.ts";
import { saveSamples } from "../save-run.ts";
import { shownTries } from "../state.ts";
import type { RunState } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { tools } from "../strings/lab.ts";
import type { SampleOrder, ToolsState } from "../tools-state.ts";

const words = tools.samples;
/** What a press on the reward's heading does next, and how it is told to a screen reader. */
const NEXT: Record<SampleOrder, SampleOrder> = { asked: "most", most: "least", least: "asked" };
const ARIA: Record<SampleOrder, string> = { asked: "none", most: "descending", least: "ascending" };
const SIGNS: Record<SampleOrder, string> = { asked: "↕", most: "↓", least: "↑" };

/** Strips or table, and the file. */
export function samplesHow({ samplesAsTable }: ToolsState, run: RunState, history: RunHistory): TemplateResult {
  const choice = (asTable: boolean, text: string) =>
    html`<button
      type="button"
      aria-pressed=${samplesAsTable === asTable ? "true" : "false"}
      @click=${() => {
        history.showSamples({ samplesAsTable: asTable });
      }}
    >
      ${text}
    </button>`;
  return html`<div class="samples-how">
    <div class="switch" role="group" aria-label=${words.how}>
      ${choice(false, words.strips)}${choice(true, words.table)}
    </div>
    <button
      type="button"
      @click=${() => {
        const { step, samples } = shownTries(run);
        saveSamples(step, run.config, samples);
      }}
    >
      ${tools.save.samples}
    </button>
  </div>`;
}

export function sampleTable({ sampleOrder }: ToolsState, run: RunState, history: RunHistory): TemplateResult {
  const { samples } = shownTries(run);
  const audited = samples.some(({ audit }) => audit !== undefined);
  const { columns } = words;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${words.caption}>
    <table class="sample-table">
      <caption class="unseen">
        ${words.caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${columns.question}</th>
          <th scope="col">${columns.completion}</th>
          <th scope="col">${columns.answer}</th>
          <th scope="col">${columns.expected}</th>
          <th scope="col" class="number" aria-sort=${ARIA[sampleOrder]}>
            <button
              type="button"
              class="sort"
              title=${words.sort[sampleOrder]}
              @click=${() => {
                history.showSamples({ sampleOrder: NEXT[sampleOrder] });
              }}
            >
              ${columns.reward} <span aria-hidden="true">${SIGNS[sampleOrder]}</span>
            </button>
          </th>
          <th scope="col" class="number">${columns.advantage}</th>
          ${audited ? html`<th scope="col" class="number" title=${strings.audit.define}>${strings.audit.column}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${ordered(samples, sampleOrder).map((sample) => row(sample, audited))}
      </tbody>
    </table>
  </div>`;
}

function row({ question, text, answer, expected, reward, advantage, audit }: Sample, audited: boolean): TemplateResult {
  const tricked = audit !== undefined && audit < reward;
  return html`<tr>
    <th scope="row" class="token">${question}</th>
    <td class="token completion">${text}</td>
    <td class="token">${answer ?? strings.think.none}</td>
    <td class="token">${expected}</td>
    <td class="number">${number(reward)}</td>
    <td class="number">${fixed(advantage)}</td>
    ${audited ? html`<td class="number ${tricked ? "off" : ""}">${number(audit)}</td>` : nothing}
  </tr>`;
}
