// The choice of a way to think: every preset with its sentence, and the settings that its kind has.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { langOf } from "../engine-words.ts";
import { setting } from "../format.ts";
import type { Session } from "../session.ts";
import type { State } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { GROUPS, NOISES, groupOf, settingsOf, typed } from "../ways.ts";
import type { SettingKey } from "../ways.ts";
import { entry, keyName } from "./entry.ts";

export function wayChoice(state: State, session: Session): TemplateResult {
  const { policies } = state.presets;
  const text = policies.find((one) => one.name === state.policy)?.text ?? "";
  const groups = GROUPS.map((group) => ({ group, presets: policies.filter((one) => groupOf(one) === group) }));
  return html`
    <label>
      ${strings.ways.label}
      <select
        name="policy"
        aria-describedby="policy-text"
        ?disabled=${policies.length === 0}
        @change=${(event: Event) => {
          session.thoughts.choosePolicy((event.target as HTMLSelectElement).value);
        }}
      >
        ${
          // Until the engine says what there is, the chosen one keeps the place, so that nothing moves.
          policies.length === 0 ? html`<option>${state.policy}</option>` : nothing
        }
        ${groups.map(({ group, presets }) =>
          presets.length === 0
            ? nothing
            : html`<optgroup label=${strings.ways.groups[group]}>
                ${presets.map(
                  ({ name }) => html`<option value=${name} .selected=${name === state.policy}>${name}</option>`,
                )}
              </optgroup>`,
        )}
      </select>
    </label>
    <p class="quiet" id="policy-text" lang=${langOf(text) ?? nothing}>${text}</p>
  `;
}

/** The preset's values stand in the empty fields. */
export function waySettings(state: State, session: Session): TemplateResult {
  const preset = state.presets.policies.find((one) => one.name === state.policy);
  const settings = preset === undefined ? [] : settingsOf(preset.policy, typed(state.policySettings));
  return html`
    <details class="way-settings">
      <summary>${strings.ways.settings}</summary>
      <p class="quiet">${strings.ways.settingsHint}</p>
      <div class="fields">
        ${settings.map(({ key, value }) =>
          typeof value === "boolean"
            ? truth(key, value, state, session)
            : typeof value === "string"
              ? noiseChoice(key, value, state, session)
              : field(key, value, state, session),
        )}
      </div>
    </details>
  `;
}

function field(key: SettingKey, value: number, state: State, session: Session): TemplateResult {
  return html`<label title=${strings.ways.define[key]}>
    <span class="token">${keyName(key)}</span>
    <input
      name="policy.${key}"
      inputmode="decimal"
      autocomplete="off"
      placeholder=${setting(value)}
      .value=${entry(state.policySettings[key] ?? "")}
      @change=${(event: Event) => {
        session.thoughts.setPolicy(key, (event.target as HTMLInputElement).value);
      }}
    />
  </label>`;
}

function truth(key: SettingKey, value: boolean, state: State, session: Session): TemplateResult {
  const changed = state.policySettings[key];
  return html`<label class="truth-field" title=${strings.ways.define[key]}>
    <span class="token">${keyName(key)}</span>
    <input
      type="checkbox"
      name="policy.${key}"
      .checked=${live(changed === undefined ? value : changed === "true")}
      @change=${(event: Event) => {
        session.thoughts.setPolicy(key, String((event.target as HTMLInputElement).checked));
      }}
    />
  </label>`;
}

/** The one setting that is a word. */
function noiseChoice(key: SettingKey, value: string, state: State, session: Session): TemplateResult {
  const chosen = state.policySettings[key] ?? value;
  return html`<label title=${strings.ways.define[key]}>
    <span class="token">${keyName(key)}</span>
    <select
      name="policy.${key}"
      @change=${(event: Event) => {
        session.thoughts.setPolicy(key, (event.target as HTMLSelectElement).value);
      }}
    >
      ${NOISES.map((noise) => html`<option value=${noise} .selected=${noise === chosen}>${noise}</option>`)}
    </select>
  </label>`;
}
