// The model in use: what it is, where it came from, another one, and how to take it along.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { number } from "../format.ts";
import type { Session } from "../session.ts";
import { isRunning } from "../state.ts";
import type { State } from "../state.ts";
import { strings } from "../strings/lab.ts";

export function modelView(state: State, session: Session): TemplateResult {
  const { model } = state;
  const busy = isRunning(state.run) || state.progress !== undefined;
  return html`
    <section class="panel model" aria-labelledby="model-title">
      <h2 id="model-title">${strings.model.title}</h2>
      ${model === undefined ? nothing : facts(state)}
      <div class="buttons">
        <button
          type="button"
          class="quiet-button"
          ?disabled=${model === undefined}
          @click=${() => session.exportModel("safetensors")}
        >
          ${strings.model.exportSafetensors}
        </button>
        <button
          type="button"
          class="quiet-button"
          ?disabled=${model === undefined}
          @click=${() => session.exportModel("gguf")}
        >
          ${strings.model.exportGguf}
        </button>
        <label class="file quiet-button">
          ${strings.model.choose}
          <input
            type="file"
            accept=".gguf,.safetensors"
            ?disabled=${busy}
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement;
              const file = input.files?.[0];
              if (file !== undefined) void session.loadFile(file);
              input.value = "";
            }}
          />
        </label>
        ${
          state.ownModel || state.trainedSteps > 0
            ? html`<button type="button" class="quiet-button" ?disabled=${busy} @click=${() => session.loadShipped()}>
                ${strings.model.again}
              </button>`
            : nothing
        }
      </div>
      <p class="quiet">${strings.model.exportHint} ${strings.model.drop}</p>
    </section>
  `;
}

function facts(state: State): TemplateResult | typeof nothing {
  const { model } = state;
  if (model === undefined) return nothing;
  const rows: [string, string][] = [
    [strings.model.parameters, number(model.parameters)],
    [strings.model.layers, String(model.layers)],
    [strings.model.hidden_size, String(model.hidden_size)],
    [strings.model.vocab_size, String(model.vocab_size)],
    [strings.model.format, model.format],
    [strings.model.source, state.modelName],
  ];
  const other = model.task !== undefined && model.task !== "" && model.task !== state.task;
  return html`
    <dl class="facts">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${state.trainedSteps > 0 ? html`<p><span class="chip">${strings.model.trained(state.trainedSteps)}</span></p>` : nothing}
    ${other ? html`<p class="off">${strings.model.wrongTask(model.task ?? "")}</p>` : nothing}
  `;
}
