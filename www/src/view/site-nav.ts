// The menu over all pages of the site; the page one is on is named and is no link.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

import { PLACES, site } from "../strings/site.ts";
import type { Place } from "../strings/site.ts";

export function siteNav(here: Place): TemplateResult {
  return html`<nav class="site" aria-label=${site.nav}>
    ${PLACES.map(({ name, address, text }) =>
      name === here ? html`<span aria-current="page">${text}</span>` : html`<a href=${address}>${text}</a>`,
    )}
  </nav>`;
}
