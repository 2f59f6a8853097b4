// What differs between configurations, as tables with the differing settings only.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { changesOf, differences } from "../config-diff.ts";
import type { Difference } from "../config-diff.ts";
import { methodWords } from "../format.ts";
import { nameOf } from "../run-history.ts";
import { armInEffect } from "../state.ts";
import type { State } from "../state.ts";
import { tools } from "../strings/lab.ts";
import { trainSettings } from "../train-settings.ts";
import { typed } from "../ways.ts";

const words = tools.diff;

/** Between the runs that are chosen, the one on the page among them; nothing for fewer than two. */
export function runsDiff(state: State): TemplateResult | typeof nothing {
  const { kept = [], shown } = state.tools;
  const runs = shown.flatMap((id) => kept.find((one) => one.id === id) ?? []);
  if (runs.length < 2) return nothing;
  const found = differences(runs.map(({ config }) => config));
  return html`<section class="diff">
    <h4>${words.runs}</h4>
    ${
      found.length === 0
        ? html`<p class="empty">${words.same}</p>`
        : diffTable(
            words.runs,
            runs.map((run) => nameOf(run)),
            found,
          )
    }
  </section>`;
}

/** Between the settings of the next run and those of its method, or of the run it was set up like. */
export function settingsDiff(state: State): TemplateResult {
  const { method, presets, settings } = state;
  const arm = armInEffect(state);
  const preset = presets.methods.find(({ name }) => name === method.preset)?.config;
  const offered = trainSettings(method.objective);
  const changed = Object.fromEntries(Object.entries(typed(settings)).filter(([key]) => offered.includes(key)));
  const found = changesOf(changed, arm?.config ?? preset ?? ownConfig(state));
  return html`<section class="diff">
    <h4>${words.mine}</h4>
    ${found.length === 0 ? html`<p class="empty">${words.unchanged}</p>` : diffTable(words.mine, [words.preset(arm?.title ?? methodWords(method)), words.yours], found)}
  </section>`;
}

/** The lab's own methods say what they have once a run with them has begun and nothing was changed. */
function ownConfig({ run, method, tools: { kept = [] } }: State): Record<string, unknown> | undefined {
  const plain = kept.find(
    (one) =>
      one.method.preset === undefined &&
      one.method.objective === method.objective &&
      one.arm === undefined &&
      Object.keys(typed(one.settings)).length === 0,
  );
  return method.preset === undefined && run.method.objective === method.objective ? plain?.config : undefined;
}

function diffTable(caption: string, names: readonly string[], found: readonly Difference[]): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${words.setting}</th>
          ${names.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${found.map(
          ({ key, values }) =>
            html`<tr>
              <th scope="row" class="token">${key}</th>
              ${values.map((value) => html`<td class="token">${written(value)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function written(value: unknown): string {
  return value === undefined ? words.absent : typeof value === "string" ? value : JSON.stringify(value);
}
