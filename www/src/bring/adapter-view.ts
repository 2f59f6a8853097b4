// What a brought model has learned, on the page: how large it is, switched off and on, out to files and in from them.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { isOpen } from "./learn-state.ts";
import type { LearnState } from "./learn-state.ts";
import type { Learning } from "./learning.ts";
import { chosen } from "./picking.ts";
import type { Placed } from "./picking.ts";
import type { BringState } from "./state.ts";
import { bring } from "../strings/bring.ts";
import { bytes } from "../written.ts";

const { adapter: words } = bring.learn;

export function adapterView(
  state: BringState,
  learning: Learning,
  take: (placed: readonly Placed[]) => void,
): TemplateResult {
  const { learning: run } = state;
  const busy = isOpen(run) || state.thinking !== undefined || state.measuring !== undefined;
  return html`<section class="learn-adapter" aria-labelledby="learn-adapter-title">
    <h4 id="learn-adapter-title">${words.title}</h4>
    ${run.kept === undefined ? html`<p class="empty">${words.none}</p>` : keptView(run, learning, busy)}
    <p>
      <label class="file quiet-button">
        ${words.open}
        <input
          type="file"
          name="adapter-files"
          accept=".json,.safetensors"
          multiple
          ?disabled=${busy}
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            take(chosen(input));
            input.value = "";
          }}
        />
      </label>
      <span class="quiet">${words.openHint}</span>
    </p>
  </section>`;
}

function keptView({ kept, adapter, source }: LearnState, learning: Learning, busy: boolean): TemplateResult {
  const size = bytes(kept?.weights.length ?? 0);
  const save = (which: "config" | "weights", name: string) =>
    html`<button
      type="button"
      class="quiet-button"
      @click=${() => {
        learning.save(which);
      }}
    >
      ${words.save} <span class="token">${name}</span>
    </button>`;
  return html`<p>
      ${source === "loaded" ? words.fromFile(size) : words.learned(size)}
      <strong>${adapter === "on" ? words.isOn : words.isOff}</strong>
      ${adapter === "off" ? words.offStart : nothing} ${source === "learned" ? words.keepsNothing : nothing}
    </p>
    <div class="buttons">
      <button type="button" class="quiet-button" ?disabled=${busy} @click=${() => learning.toggle()}>
        ${adapter === "on" ? words.off : words.on}
      </button>
      ${save("config", "adapter_config.json")} ${save("weights", "adapter_model.safetensors")}
    </div>
    <p class="quiet">${words.offHint} ${words.saveHint}</p>`;
}
