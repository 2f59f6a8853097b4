// A labelled list to choose from. No words of its own.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

/** `named`: how one is called, where it is not by itself. */
export function select<T extends string | number>(
  name: string,
  label: string,
  offered: readonly T[],
  chosen: T,
  disabled: boolean,
  choose: (one: T) => void,
  named: (one: T) => string = String,
): TemplateResult {
  return html`<label>
    ${label}
    <select
      name=${name}
      ?disabled=${disabled}
      @change=${(event: Event) => {
        const one = offered[(event.target as HTMLSelectElement).selectedIndex];
        if (one !== undefined) choose(one);
      }}
    >
      ${offered.map((one) => html`<option .selected=${one === chosen}>${named(one)}</option>`)}
    </select>
  </label>`;
}
