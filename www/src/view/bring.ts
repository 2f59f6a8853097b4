// Where the panel of brought language models stands on the lab page. What is in it is fetched when it is opened (bring/panel.ts), and draws
// itself: what changes on the page leaves it alone.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { Bring } from "../bring.ts";
import type { State } from "../state.ts";
import { strings } from "../strings/lab.ts";

const words = strings.bringFrame;

export function bringView({ bring }: State, opener: Bring): TemplateResult {
  return html`<section class="panel bring" aria-labelledby="bring-title">
    <header>
      <h2 id="bring-title">${words.title}</h2>
      <p>${words.lead}</p>
    </header>
    <details
      class="bring-fold"
      .open=${bring.shown}
      @toggle=${(event: Event) => {
        if (event.target === event.currentTarget) opener.show((event.target as HTMLDetailsElement).open);
      }}
    >
      <summary>${words.open}</summary>
      ${bring.opening ? html`<p class="empty" role="status">${words.opening}</p>` : nothing}
      ${
        bring.problem === undefined
          ? nothing
          : html`<p class="problem-line" role="alert">
              ${words.failed(bring.problem)}
              <button type="button" class="quiet-button" @click=${() => opener.open()}>${words.retry}</button>
            </p>`
      }
      <div class="bring-body"></div>
    </details>
  </section>`;
}
