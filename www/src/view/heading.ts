// The heading of a page besides the lab: its title, the theme, where else to go, and what it is about. Not here: the lab's own (page.ts).

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

import { speak } from "../strings/language.ts";
import { site } from "../strings/site.ts";
import { nextTheme, themeWords } from "../theme.ts";
import { siteNav } from "./site-nav.ts";

type Place = Parameters<typeof siteNav>[0];

export function heading(here: Place, words: { title: string; lead: string }, draw: () => void): TemplateResult {
  return html`
    <header class="heading">
      <h1>${words.title}</h1>
      <div class="tools">
        <button
          type="button"
          class="icon"
          aria-label=${themeWords(site.theme)}
          title=${themeWords(site.theme)}
          @click=${() => {
            nextTheme();
            draw();
          }}
        >
          <span aria-hidden="true">◐</span>
        </button>
      </div>
      ${siteNav(here, speak)}
      <p>${words.lead}</p>
    </header>
  `;
}
