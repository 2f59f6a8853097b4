// The settings of the next run: the usual ones, every other one behind a fold, and what the run on the page was made with.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { setting } from "../format.ts";
import { armInEffect, isRunning } from "../state.ts";
import type { State } from "../state.ts";
import { engineSays } from "../strings/engine.ts";
import { strings } from "../strings/lab.ts";
import { tools } from "../strings/lab.ts";
import { CHOICES, SETTING_GROUPS, firstSettings, restSettings } from "../train-settings.ts";
import type { Trainer } from "../training.ts";
import { settingsDiff } from "./diff.ts";
import { entry, keyName } from "./entry.ts";

type Config = Readonly<Record<string, unknown>> | undefined;

export function settingsView(state: State, trainer: Trainer): TemplateResult {
  const { run, method, presets } = state;
  // Of another method's run the settings in effect say nothing of this one.
  const same = run.method.preset === method.preset && run.method.objective === method.objective;
  const arm = armInEffect(state);
  const config = arm?.config ?? (same ? run.config : presets.methods.find((one) => one.name === method.preset)?.config);
  const { objective } = method;
  const fields = (keys: readonly string[]) => keys.map((key) => field(key, config, state, trainer));
  return html`
    <details class="settings">
      <summary>${strings.train.settings}</summary>
      <p class="quiet">${strings.train.settingsHint}</p>
      <div class="fields">${fields(firstSettings(objective))}</div>
      <details class="every-setting">
        <summary>${tools.settings.every}</summary>
        <p class="quiet">${tools.settings.everyHint}</p>
        ${SETTING_GROUPS.map(
          (group) =>
            html`<fieldset>
              <legend>${tools.settings.groups[group]}</legend>
              <div class="fields">${fields(restSettings(objective, group))}</div>
            </fieldset>`,
        )}
      </details>
      ${settingsDiff(state)}
      ${
        run.config === undefined
          ? nothing
          : html`<h3>${strings.train.inEffect}</h3>
              <pre class="scroll" tabindex="0" role="region" aria-label=${strings.train.inEffect}>
${JSON.stringify(run.config, null, 1)}</pre>`
      }
    </details>
  `;
}

function field(key: string, config: Config, state: State, trainer: Trainer): TemplateResult {
  const known = config?.[key];
  const usual =
    typeof known === "number"
      ? setting(known)
      : known == null
        ? strings.train.default
        : JSON.stringify(known).replaceAll('"', "");
  const chosen = state.settings[key] ?? "";
  const set = (event: Event) => {
    trainer.set(key, (event.target as HTMLInputElement | HTMLSelectElement).value);
  };
  const options = CHOICES[key];
  const disabled = isRunning(state.run);
  return html`<label title=${engineSays.settings[key] ?? nothing}>
    <span class="token">${keyName(key)}</span>
    ${
      options === undefined
        ? html`<input
            name=${key}
            inputmode="decimal"
            autocomplete="off"
            ?disabled=${disabled}
            placeholder=${usual}
            .value=${entry(chosen)}
            @change=${set}
          />`
        : html`<select name=${key} ?disabled=${disabled} @change=${set}>
            <option value="" .selected=${chosen === ""}>${tools.settings.left(usual)}</option>
            ${options.map((one) => html`<option value=${one} .selected=${one === chosen}>${one}</option>`)}
          </select>`
    }
  </label>`;
}
