// Own files: two texts, to be pasted or opened, used or forgotten. Not here: what they are used for.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { semantic } from "../strings/semantic.ts";
import type { Live } from "./live.ts";
import type { OwnData, PageState } from "./state.ts";

const { data } = semantic;
/** A longer file is not shown to be edited: a text field would hold up the page. */
const SHOWN_MAX = 200_000;

export function ownView({ own, choices }: PageState, busy: boolean, live: Live): TemplateResult {
  const used = choices.data === "own";
  const any = own.items !== "" || own.interactions !== "";
  const quiet = (words: string, act: () => void) =>
    html`<button type="button" class="quiet-button" ?disabled=${busy} @click=${act}>${words}</button>`;
  return html`<details class="more own-data" ?open=${used}>
    <summary>${data.title}</summary>
    <p class="quiet">${data.lead}</p>
    <div class="own-files">
      ${file("items", data.items, data.itemsExample, own, busy, live)}
      ${file("interactions", data.interactions, data.interactionsExample, own, busy, live)}
    </div>
    ${own.lacking ? html`<p class="off" role="alert">${data.needed}</p>` : nothing}
    <p class="buttons">
      ${
        used
          ? html`<span>${data.on}</span> ${quiet(data.back, () => {
                live.choose({ data: "made-up", pace: "exaggerated" });
              })}`
          : html`<button
              type="button"
              ?disabled=${busy}
              @click=${() => {
                live.useOwn();
              }}
            >
              ${data.use}
            </button>`
      }
      ${
        any
          ? quiet(data.forget, () => {
              live.forgetFiles();
            })
          : nothing
      }
    </p>
  </details>`;
}

function file(
  name: "items" | "interactions",
  label: string,
  example: string,
  own: OwnData,
  busy: boolean,
  live: Live,
): TemplateResult {
  const text = own[name];
  const id = `csv-${name}`;
  return html`<div class="own-file">
    <label for=${id}>${label}</label>
    ${
      text.length > SHOWN_MAX
        ? html`<p class="quiet">${data.size(text.split("\n").length)}</p>`
        : html`<textarea
            id=${id}
            name=${id}
            rows="5"
            spellcheck="false"
            placeholder=${example}
            ?disabled=${busy}
            .value=${text}
            @change=${(event: Event) => {
              live.own({ [name]: (event.target as HTMLTextAreaElement).value });
            }}
          ></textarea>`
    }
    <label class="file quiet-button">
      ${data.file}<span class="unseen">: ${label}</span>
      <input
        type="file"
        accept=".csv,text/csv,text/plain"
        ?disabled=${busy}
        @change=${async (event: Event) => {
          const input = event.target as HTMLInputElement;
          const content = await input.files?.[0]?.text();
          input.value = "";
          if (content !== undefined) live.own({ [name]: content });
        }}
      />
    </label>
  </div>`;
}
