// The choice of a way to think: every preset with its sentence, and the settings that its kind has.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";

import { setting } from "../format.ts";
import type { Session } from "../session.ts";
import type { State } from "../state.ts";
import { en } from "../strings/en.ts";
import { GROUPS, NOISES, groupOf, settingsOf, typed } from "../ways.ts";
import type { SettingKey } from "../ways.ts";

export function wayChoice(state: State, session: Session): TemplateResult | typeof nothing {
  const { policies } = state.presets;
  if (policies.length === 0) return nothing;
  const groups = GROUPS.map((group) => ({ group, presets: policies.filter((one) => groupOf(one) === group) }));
  return html`
    <label>
      ${en.ways.label}
      <select
        name="policy"
        aria-describedby="policy-text"
        @change=${(event: Event) => {
          session.thoughts.choosePolicy((event.target as HTMLSelectElement).value);
        }}
      >
        ${groups.map(
          ({ group, presets }) =>
            html`<optgroup label=${en.ways.groups[group]}>
              ${presets.map(
                ({ name }) => html`<option value=${name} .selected=${name === state.policy}>${name}</option>`,
              )}
            </optgroup>`,
        )}
      </select>
    </label>
    <p class="quiet" id="policy-text">${policies.find((one) => one.name === state.policy)?.text ?? ""}</p>
  `;
}

/** The preset's values stand in the empty fields. */
export function waySettings(state: State, session: Session): TemplateResult | typeof nothing {
  const preset = state.presets.policies.find((one) => one.name === state.policy);
  if (preset === undefined) return nothing;
  return html`
    <details class="way-settings">
      <summary>${en.ways.settings}</summary>
      <p class="quiet">${en.ways.settingsHint}</p>
      <div class="fields">
        ${settingsOf(preset.policy, typed(state.policySettings)).map(({ key, value }) =>
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
  return html`<label title=${en.ways.define[key]}>
    <span class="token">${key}</span>
    <input
      name="policy.${key}"
      inputmode="decimal"
      autocomplete="off"
      placeholder=${setting(value)}
      .value=${live(state.policySettings[key] ?? "")}
      @change=${(event: Event) => {
        session.thoughts.setPolicy(key, (event.target as HTMLInputElement).value);
      }}
    />
  </label>`;
}

function truth(key: SettingKey, value: boolean, state: State, session: Session): TemplateResult {
  const changed = state.policySettings[key];
  return html`<label class="truth-field" title=${en.ways.define[key]}>
    <span class="token">${key}</span>
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
  return html`<label title=${en.ways.define[key]}>
    <span class="token">${key}</span>
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
