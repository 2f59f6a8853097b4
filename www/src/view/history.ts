// Runs so far: a table of earlier runs to lay over the charts, set up again, rename, delete or save; below it what differs between them.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { ago, methodWords, number } from "../format.ts";
import { ROWS_MAX, RUNS_MAX, nameOf } from "../run-history.ts";
import type { RunHistory } from "../run-history.ts";
import { saveRunCsv, saveRunJson } from "../save-run.ts";
import { isRunning } from "../state.ts";
import type { State } from "../state.ts";
import { tools } from "../strings/lab.ts";
import { SHOWN_MAX, inkOfShown, lastOf } from "../tools-state.ts";
import type { KeptRun } from "../tools-state.ts";
import { runsDiff } from "./diff.ts";
import { signOf } from "./line-sign.ts";
import { saveMenu } from "./save-menu.ts";

const words = tools.history;

export function historyView(state: State, history: RunHistory): TemplateResult {
  const { kept = [], problem, shown } = state.tools;
  return html`
    <section class="history" aria-labelledby="history-title">
      <header>
        <h3 id="history-title">${words.title}</h3>
        <p class="quiet">${kept.length === 0 ? words.empty : words.lead}</p>
      </header>
      ${problem === undefined ? nothing : html`<p class="remark">${words.notKept(problem)}</p>`}
      ${
        kept.length === 0
          ? nothing
          : html`${table(kept, state, history)}
              <p class="quiet">
                ${words.bounds(RUNS_MAX, ROWS_MAX)} ${shown.length < SHOWN_MAX ? nothing : words.full(SHOWN_MAX)}
              </p>
              ${runsDiff(state)}`
      }
    </section>
  `;
}

function table(kept: readonly KeptRun[], state: State, history: RunHistory): TemplateResult {
  const { columns } = words;
  const numbers = ["steps", "seed", "reward", "pass"];
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${words.table}>
    <table>
      <thead>
        <tr>
          ${Object.entries(columns).map(([key, name]) =>
            name === ""
              ? html`<td></td>`
              : html`<th scope="col" class=${numbers.includes(key) ? "number" : ""}>${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${kept.map((run) => row(run, state, history))}
      </tbody>
    </table>
  </div>`;
}

function row(run: KeptRun, state: State, history: RunHistory): TemplateResult {
  const { tools: known, tasks } = state;
  const name = nameOf(run);
  const shown = known.shown.includes(run.id);
  const current = known.current === run.id;
  const { seed } = run.config;
  return html`<tr>
    <td>
      <label class="lay">
        <input
          type="checkbox"
          name="history-show"
          aria-label=${words.show(name)}
          .checked=${shown}
          ?disabled=${!shown && known.shown.length >= SHOWN_MAX}
          @change=${() => {
            history.toggle(run.id);
          }}
        />
        ${current ? html`<span class="quiet">${words.here}</span>` : signOf(inkOfShown(known, run.id))}
      </label>
    </td>
    <th scope="row">
      ${known.renaming === run.id ? nameField(run, name, history) : name}
      ${run.trainedBefore === 0 ? nothing : html`<span class="quiet">${words.trainedBefore(run.trainedBefore)}</span>`}
    </th>
    <td>${tasks.find((one) => one.name === run.task)?.title ?? run.task}</td>
    <td>${methodWords(run.method)}</td>
    <td class="number">${run.end === "finished" ? run.steps : words.stopped(run.steps)}</td>
    <td class="number">${typeof seed === "number" ? seed : "–"}</td>
    <td class="number">${number(lastOf(run.rows, "reward"))}</td>
    <td class="number">${number(lastOf(run.rows, "val/pass@1"))}</td>
    <td>${ago(Date.now() - run.endedAt)}</td>
    <td><div class="row-buttons">${actions(run, name, state, history)}</div></td>
  </tr>`;
}

function actions(run: KeptRun, name: string, state: State, history: RunHistory): TemplateResult {
  const busy = isRunning(state.run) || state.progress !== undefined || state.model === undefined;
  const button = (what: string, act: () => unknown, disabled = false) =>
    html`<button type="button" title=${disabled ? words.busy : ""} ?disabled=${disabled} @click=${act}>
      ${what}<span class="unseen"> ${name}</span>
    </button>`;
  return html`
    ${button(words.use, () => history.use(run), busy)}
    ${button(words.rename, () => {
      history.startRenaming(state.tools.renaming === run.id ? undefined : run.id);
    })}
    ${saveMenu(name, [
      {
        words: tools.save.csv,
        save: () => {
          saveRunCsv(run, name);
        },
      },
      {
        words: tools.save.json,
        save: () => {
          saveRunJson(run, name);
        },
      },
    ])}
    ${button(words.remove, () => history.remove(run.id))}
  `;
}

function nameField(run: KeptRun, name: string, history: RunHistory): TemplateResult {
  return html`<form
    class="rename"
    @submit=${(event: Event) => {
      event.preventDefault();
      const field = (event.target as HTMLFormElement).elements.namedItem("run-name") as HTMLInputElement;
      void history.rename(run.id, field.value);
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key === "Escape") history.startRenaming(undefined);
    }}
  >
    <input
      name="run-name"
      maxlength="80"
      autocomplete="off"
      aria-label="${words.newName}: ${name}"
      .value=${run.name}
      placeholder=${name}
    />
    <button type="submit">${words.keep}</button>
  </form>`;
}
