// On a narrow screen a panel's choices fold under one button that names what is chosen. Wide screens show them all; CSS decides.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { Panel, State, Store } from "../state.ts";
import { strings } from "../strings/lab.ts";

/** Stands before the elements of class `foldable` that it shows and hides. */
export function fold(store: Store, { unfolded }: State, panel: Panel, chosen: string): TemplateResult {
  const open = unfolded[panel];
  return html`<button
    type="button"
    class="fold ${open ? "open" : ""}"
    aria-expanded=${open ? "true" : "false"}
    @click=${() => {
      store.change({ unfolded: { ...unfolded, [panel]: !open } });
    }}
  >
    <span>${strings.fold[panel]}</span> <span class="quiet">${chosen}</span>
    <span class="turn" aria-hidden="true">▾</span>
  </button>`;
}
