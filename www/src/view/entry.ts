// A setting's field: its name, and its value while a person may be typing into it: drawing the page anew leaves what is typed and not yet
// entered. Not here: what becomes of it when it is entered (the views' listeners).

import { html, noChange } from "lit-html";
import type { TemplateResult } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";
import type { PropertyPart } from "lit-html/directive.js";
import { setCommittedValue } from "lit-html/directive-helpers.js";

class Typed extends Directive {
  render(value: string): unknown {
    return value;
  }
  override update(part: PropertyPart, [value]: [string]): unknown {
    const field = part.element as HTMLInputElement;
    if (field === document.activeElement || field.value === value) return noChange;
    // Whatever was drawn last, the field has something else now.
    setCommittedValue(part);
    return value;
  }
}

/** For `.value=`. */
export const entry = directive(Typed);

/** The name of a setting, which breaks behind its underlines where it must. */
export function keyName(key: string): TemplateResult[] {
  const parts = key.split("_");
  return parts.map((part, index) => html`${index === parts.length - 1 ? part : html`${part}_<wbr />`}`);
}
