// The menu over all pages of the site; the page one is on is named and is no link. Beside the pages, the other languages.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

import { LANGUAGES, carried, language } from "../strings/language.ts";
import type { Language } from "../strings/language.ts";
import { PLACES, docsAddress, site, sites } from "../strings/site.ts";
import type { Place } from "../strings/site.ts";

/** `choose`: another language was. */
export function siteNav(here: Place, choose: (wanted: Language) => void): TemplateResult {
  return html`<nav class="site" aria-label=${site.nav}>
    ${PLACES.map(({ name, address }) =>
      name === here
        ? html`<span aria-current="page">${site.places[name]}</span>`
        : html`<a href=${name === "docs" ? docsAddress() : address + carried()}>${site.places[name]}</a>`,
    )}
    ${LANGUAGES.filter((one) => one !== language).map((one) => languageButton(one, choose))}
  </nav>`;
}

/** Says in its own language what it does: who needs it may not read the page's. */
function languageButton(wanted: Language, choose: (wanted: Language) => void): TemplateResult {
  const { name, change } = sites[wanted].language;
  return html`<button
    type="button"
    class="language"
    lang=${wanted}
    aria-label="${name}: ${change}"
    title=${change}
    @click=${() => {
      choose(wanted);
    }}
  >
    ${name}
  </button>`;
}
