// The model in use: what it is, where it came from, another one, and how to take it along.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { number } from "../format.ts";
import type { Session } from "../session.ts";
import { isRunning } from "../state.ts";
import type { State } from "../state.ts";
import { en } from "../strings/en.ts";

export function modelView(state: State, session: Session): TemplateResult {
  const { model } = state;
  const busy = isRunning(state.run) || state.progress !== undefined;
  return html`
    <section class="panel model" aria-labelledby="model-title">
      <h2 id="model-title">${en.model.title}</h2>
      ${model === undefined ? nothing : facts(state)}
      <div class="buttons">
        <button
          type="button"
          class="quiet-button"
          ?disabled=${model === undefined}
          @click=${() => session.exportModel("safetensors")}
        >
          ${en.model.exportSafetensors}
        </button>
        <button
          type="button"
          class="quiet-button"
          ?disabled=${model === undefined}
          @click=${() => session.exportModel("gguf")}
        >
          ${en.model.exportGguf}
        </button>
        <label class="file quiet-button">
          ${en.model.choose}
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
                ${en.model.again}
              </button>`
            : nothing
        }
      </div>
      <p class="quiet">${en.model.exportHint} ${en.model.drop}</p>
    </section>
  `;
}

function facts(state: State): TemplateResult | typeof nothing {
  const { model } = state;
  if (model === undefined) return nothing;
  const rows: [string, string][] = [
    [en.model.parameters, number(model.parameters)],
    [en.model.layers, String(model.layers)],
    [en.model.hidden_size, String(model.hidden_size)],
    [en.model.vocab_size, String(model.vocab_size)],
    [en.model.format, model.format],
    [en.model.source, state.modelName],
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
    ${state.trainedSteps > 0 ? html`<p><span class="chip">${en.model.trained(state.trainedSteps)}</span></p>` : nothing}
    ${other ? html`<p class="off">${en.model.wrongTask(model.task ?? "")}</p>` : nothing}
  `;
}
