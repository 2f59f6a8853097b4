// The button that takes the link of this page, with every choice in it.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { Store } from "../state.ts";
import { strings } from "../strings/lab.ts";

export function copyLinkButton(store: Store): TemplateResult {
  return html`<button type="button" class="quiet-button copy-link" @click=${() => copyLink(store)}>
    ${strings.link.copy}
  </button>`;
}

async function copyLink(store: Store): Promise<void> {
  const said = await write(location.href).then(
    () => strings.link.copied,
    () => strings.link.notCopied,
  );
  store.change({ notice: said, announcement: said });
}

async function write(text: string): Promise<void> {
  // The types promise it everywhere; pages over plain http do not have it.
  const { clipboard } = navigator as { clipboard?: Clipboard };
  if (clipboard === undefined) throw new Error("no clipboard");
  await clipboard.writeText(text);
}
