// Every number of a run as a table, the charts' twin for those who would rather read, and as files.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { HistoryRow } from "soft-thinking-lab";

import { csv, number } from "../format.ts";
import { saveFile } from "../save-file.ts";
import type { RunState, State } from "../state.ts";
import { en } from "../strings/en.ts";

/** Rows kept in the page; the downloads have them all. */
const ROWS_MAX = 50;
/** The order people look at first; what is not named follows. */
const FIRST = ["step", "reward", "val/pass@1", "entropy", "kl", "completions/mean_thought_length"];

export function numbersView(run: RunState, definitions: State["definitions"]): TemplateResult {
  const { history } = run;
  return html`
    <details class="numbers">
      <summary>${en.numbers.title}</summary>
      ${history.length === 0 ? html`<p class="empty">${en.numbers.empty}</p>` : filled(history, definitions)}
    </details>
  `;
}

function filled(history: readonly HistoryRow[], definitions: State["definitions"]): TemplateResult {
  const keys = keysOf(history);
  const rows = history.slice(-ROWS_MAX).reverse();
  return html`
    <p>
      <button
        type="button"
        class="quiet-button"
        @click=${() => {
          download("csv", history, keys);
        }}
      >
        ${en.numbers.csv}
      </button>
      <button
        type="button"
        class="quiet-button"
        @click=${() => {
          download("json", history, keys);
        }}
      >
        ${en.numbers.json}
      </button>
      <span class="quiet">${en.numbers.shown(rows.length, history.length)}</span>
    </p>
    <div class="scroll tall" tabindex="0" role="region" aria-label=${en.numbers.title}>
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
                ${keys.map((key) => html`<td class="number">${number(row[key])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function keysOf(history: readonly HistoryRow[]): string[] {
  const all = new Set(history.flatMap((row) => Object.keys(row)));
  const rest = [...all].filter((key) => !FIRST.includes(key)).sort();
  return [...FIRST.filter((key) => all.has(key)), ...rest];
}

function download(kind: "csv" | "json", history: readonly HistoryRow[], keys: readonly string[]): void {
  const text = kind === "csv" ? csv(history, keys) : JSON.stringify(history, null, 1);
  saveFile(`training.${kind}`, new Blob([text], { type: kind === "csv" ? "text/csv" : "application/json" }));
}
