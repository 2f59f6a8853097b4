// Where a language model comes from: an address, a file, the list of public files, what is kept in this browser; and the model's settings.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { KNOWN_FILES } from "./known-files.ts";
import { isLearning } from "./learn-state.ts";
import type { Loading } from "./loading.ts";
import { chosen } from "./picking.ts";
import type { Placed } from "./picking.ts";
import type { BringState, Settings, Store } from "./state.ts";
import { bring as words } from "../strings/bring.ts";
import { strings } from "../strings/lab.ts";
import { bytes } from "../written.ts";

/** The papers', which counts where none is given. */
const INSTRUCTION = "Let's think step by step and output the final answer within \\boxed{}.";

const ENGINES = ["auto", "cpu", "gpu"] as const;

/** `take`: what was chosen from disk. */
export function sourceView(
  state: BringState,
  store: Store,
  loading: Loading,
  take: (placed: readonly Placed[]) => void,
): TemplateResult {
  const busy = (state.phase !== "empty" && state.phase !== "ready") || isLearning(state.learning);
  const fromDisk = (event: Event) => {
    const input = event.target as HTMLInputElement;
    take(chosen(input));
    input.value = "";
  };
  return html`
    <form
      class="bring-source"
      aria-label=${words.source.legend}
      @submit=${(event: Event) => {
        event.preventDefault();
        if (state.address.trim() !== "") void loading.load(state.address.trim());
      }}
    >
      <label class="bring-address">
        ${words.source.address}
        <input
          name="model-address"
          inputmode="url"
          autocomplete="off"
          spellcheck="false"
          placeholder="https://…/model.gguf"
          .value=${state.address}
          ?disabled=${busy}
          @input=${(event: Event) => {
            store.change({ address: (event.target as HTMLInputElement).value });
          }}
        />
      </label>
      <button
        type="submit"
        class="main"
        title=${words.source.buttonHint}
        ?disabled=${busy || state.address.trim() === ""}
      >
        ${words.source.button}
      </button>
      <label class="file quiet-button">
        ${words.source.file}
        <input type="file" name="model-file" accept=".gguf" ?disabled=${busy} @change=${fromDisk} />
      </label>
      <label class="file quiet-button" title=${words.source.folderHint}>
        ${words.source.folder}
        <input type="file" name="model-folder" webkitdirectory multiple ?disabled=${busy} @change=${fromDisk} />
      </label>
      <label class="bring-engine" title=${words.source.engineNote}>
        ${words.source.engine}
        <select
          name="model-engine"
          ?disabled=${busy}
          @change=${(event: Event) => {
            store.change({ engineChoice: ENGINES[(event.target as HTMLSelectElement).selectedIndex] });
          }}
        >
          ${ENGINES.map((one) => html`<option value=${one} .selected=${one === loading.engineChoice}>${strings.engine.choices[one]}</option>`)}
        </select>
      </label>
      <p class="quiet">
        ${words.source.outside} ${words.source.drop} ${words.source.folderHint} ${words.source.engineNote}
      </p>
    </form>
    <div class="bring-more">
      ${list(store, busy)} ${settingsView(state.settings, store)} ${keptView(state, loading, busy)}
    </div>
  `;
}

function list(store: Store, busy: boolean): TemplateResult {
  const { columns } = words.source;
  return html`<details class="bring-list">
    <summary>${words.source.list}</summary>
    <p class="quiet">${words.source.listNote}</p>
    <div class="wide" tabindex="0" role="region" aria-label=${words.source.list}>
      <table>
        <thead>
          <tr>
            <th scope="col">${columns.name}</th>
            <th scope="col" class="number">${columns.size}</th>
            <th scope="col">${columns.state}</th>
          </tr>
        </thead>
        <tbody>
          ${KNOWN_FILES.map(
            (one) =>
              html`<tr>
                <th scope="row">
                  <button
                    type="button"
                    class="quiet-button"
                    ?disabled=${busy}
                    @click=${() => {
                      store.change({ address: one.address });
                      document.querySelector<HTMLElement>(".bring-source button.main")?.focus();
                    }}
                  >
                    ${one.name} ${one.packing}
                  </button>
                </th>
                <td class="number">${bytes(one.bytes)}</td>
                <td>${one.run ? words.source.run : words.source.notRun}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

function settingsView(settings: Settings, store: Store): TemplateResult {
  const set = (part: Partial<Settings>) => {
    store.change({ settings: { ...settings, ...part } });
  };
  const said = (event: Event) => (event.target as HTMLInputElement | HTMLTextAreaElement).value;
  const field = (name: "context" | "memory" | "bridge", label: string, digits: boolean) =>
    html`<label>
      ${label}
      <input
        name="model-${name}"
        inputmode=${digits ? "numeric" : "text"}
        autocomplete="off"
        spellcheck="false"
        .value=${settings[name]}
        @change=${(event: Event) => {
          set({ [name]: said(event) });
        }}
      />
    </label>`;
  return html`<details class="bring-settings">
    <summary>${words.settings.title}</summary>
    <div class="bring-fields">
      ${field("context", words.settings.context, true)} ${field("memory", words.settings.memory, true)}
      <label>
        ${words.settings.instruction}
        <textarea
          name="model-instruction"
          rows="2"
          placeholder=${INSTRUCTION}
          .value=${settings.instruction}
          @change=${(event: Event) => {
            set({ instruction: said(event) });
          }}
        ></textarea>
      </label>
      <label>
        ${words.settings.template}
        <textarea
          name="model-template"
          rows="2"
          spellcheck="false"
          .value=${settings.chatTemplate}
          @change=${(event: Event) => {
            set({ chatTemplate: said(event) });
          }}
        ></textarea>
      </label>
      ${field("bridge", words.settings.bridge, false)}
      <label class="bring-truth" title=${words.settings.wholeMarkHint}>
        <input
          type="checkbox"
          name="model-whole-mark"
          .checked=${settings.wholeMark}
          @change=${(event: Event) => {
            set({ wholeMark: (event.target as HTMLInputElement).checked });
          }}
        />
        <span>${words.settings.wholeMark}</span>
      </label>
      <p class="quiet">${words.settings.wholeMarkHint} ${words.settings.note}</p>
    </div>
  </details>`;
}

function keptView({ kept }: BringState, loading: Loading, busy: boolean): TemplateResult | typeof nothing {
  if (kept.length === 0) return nothing;
  return html`<section class="bring-kept" aria-labelledby="bring-kept-title">
    <h3 id="bring-kept-title">${words.kept.title}</h3>
    <ul>
      ${kept.map((one) => {
        const { file, name, bytes: size, whole } = one;
        const known = !whole ? words.kept.part : name === "" ? words.kept.unknown : name;
        return html`<li>
          <span class="token">${known}</span> <span class="quiet">${bytes(size)}</span>
          ${
            whole
              ? html`<button type="button" class="quiet-button" ?disabled=${busy} @click=${() => loading.loadKept(one)}>
                  ${words.source.button}<span class="unseen">: ${known}</span>
                </button>`
              : nothing
          }
          <button type="button" class="quiet-button" ?disabled=${busy} @click=${() => loading.forget(file, known)}>
            ${words.kept.forget}<span class="unseen">: ${known}</span>
          </button>
        </li>`;
      })}
    </ul>
  </section>`;
}
