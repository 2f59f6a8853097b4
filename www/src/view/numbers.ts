// Every number of a run as a table, the charts' twin for those who would rather read, and as files.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { HistoryRow } from "soft-thinking-lab";

import { fixed, number } from "../format.ts";
import { keptOf } from "../run-history.ts";
import { keysOf, saveRunCsv, saveRunJson } from "../save-run.ts";
import type { State } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { keyName } from "./entry.ts";

/** Rows kept in the page; the downloads have them all. */
const ROWS_MAX = 50;
const FILE = "training";
/** Counts are written whole. */
const COUNTS = [
  "step",
  "num_tokens",
  "num_gen_batches",
  "skipped_updates",
  "completions/min_length",
  "completions/max_length",
];

export function numbersView(state: State): TemplateResult {
  const { history } = state.run;
  return html`
    <details class="numbers">
      <summary>${strings.numbers.title}</summary>
      ${history.length === 0 ? html`<p class="empty">${strings.numbers.empty}</p>` : filled(history, state)}
    </details>
  `;
}

function filled(history: readonly HistoryRow[], state: State): TemplateResult {
  const { definitions } = state;
  const keys = keysOf(history);
  const rows = history.slice(-ROWS_MAX).reverse();
  return html`
    <p>
      <button
        type="button"
        class="quiet-button"
        @click=${() => {
          saveRunCsv({ rows: [...history] }, FILE);
        }}
      >
        ${strings.numbers.csv}
      </button>
      <button
        type="button"
        class="quiet-button"
        @click=${() => {
          saveRunJson({ ...keptOf(state), rows: [...history] }, FILE);
        }}
      >
        ${strings.numbers.json}
      </button>
      <span class="quiet">${strings.numbers.shown(rows.length, history.length)}</span>
    </p>
    <div class="scroll tall" tabindex="0" role="region" aria-label=${strings.numbers.title}>
      <table>
        <thead>
          <tr>
            ${keys.map((key) => html`<th scope="col" class="number" title=${definitions[key] ?? ""}>${key}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${keys.map((key) => html`<td class="number">${COUNTS.includes(key) ? fixed(row[key], 0) : number(row[key])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <details class="definitions">
      <summary>${strings.numbers.definitions}</summary>
      <dl>
        ${keys.map(
          (key) =>
            html`<div>
              <dt class="token">${keyName(key)}</dt>
              <dd>${definitions[key] ?? ""}</dd>
            </div>`,
        )}
      </dl>
    </details>
  `;
}
