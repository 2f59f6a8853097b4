// How true what is shown is, and how to do it again: the link, and the command of the crate.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

import { semantic } from "../strings/semantic.ts";
import { commandOf } from "./paces.ts";
import type { Given } from "./paces.ts";
import type { PageState, Side } from "./state.ts";

const { truth, again } = semantic;

export function truthView(): TemplateResult {
  return html`<details class="more truth-of">
    <summary>${truth.title}</summary>
    <ul>
      ${truth.points.map((point) => html`<li>${point}</li>`)}
    </ul>
  </details>`;
}

export function againView(
  { sides, choices }: PageState,
  given: Given,
  nameOf: (side: Side) => string,
  say: (words: string) => void,
): TemplateResult {
  return html`<details class="more again">
    <summary>${again.title}</summary>
    <p class="quiet">${again.lead}${given.csv === undefined ? "" : ` ${again.own}`}</p>
    ${sides.map((side, place) => {
      const command = commandOf(choices, given, place);
      return html`<div class="command">
        <pre tabindex="0" role="region" aria-label="${again.command}: ${nameOf(side)}"><code>${command}</code></pre>
        ${copyButton(again.copy, nameOf(side), () => command, say)}
      </div>`;
    })}
  </details>`;
}

/** `of`: what tells it from its like, for those who do not see where it stands. */
export function copyButton(
  words: string,
  of: string,
  text: () => string,
  say: (words: string) => void,
): TemplateResult {
  return html`<button
    type="button"
    class="quiet-button"
    @click=${() => {
      write(text()).then(
        () => {
          say(again.copied);
        },
        () => {
          say(again.notCopied);
        },
      );
    }}
  >
    ${words}<span class="unseen">${of === "" ? "" : `: ${of}`}</span>
  </button>`;
}

async function write(text: string): Promise<void> {
  // The types promise it everywhere; pages over plain http do not have it.
  const { clipboard } = navigator as { clipboard?: Clipboard };
  if (clipboard === undefined) throw new Error("no clipboard");
  await clipboard.writeText(text);
}
