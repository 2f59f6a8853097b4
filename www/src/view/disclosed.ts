// A menu that saves something as a file, in the formats it has. A native disclosure: Enter and Space open it, Escape closes it. Its words
// are handed in.

import { html } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { Picture } from "../picture.ts";
import { fileName, savePicture } from "../save-picture.ts";
import type { PictureFormat } from "../save-picture.ts";

export interface Saving {
  words: string;
  save: () => void;
}

export interface MenuWords {
  menu: string;
  svg: string;
  png: string;
}

/** `what`: whose menu it is, for those who do not see where it stands. */
export function menuOf({ menu }: Pick<MenuWords, "menu">, what: string, savings: readonly Saving[]): TemplateResult {
  return html`<details class="save" @keydown=${onKey} @focusout=${onLeave}>
    <summary>${menu}<span class="unseen"> ${what}</span></summary>
    <div class="save-formats" role="group" aria-label="${menu} ${what}">
      ${savings.map(
        ({ words, save }) =>
          html`<button
            type="button"
            @click=${(event: Event) => {
              save();
              close(event, true);
            }}
          >
            ${words}
          </button>`,
      )}
    </div>
  </details>`;
}

/** The menu of a chart; `picture` is made when it is asked for. */
export function chartMenuOf(words: MenuWords, title: string, picture: () => Picture): TemplateResult {
  const save = (format: PictureFormat) => () => {
    void savePicture(picture(), fileName(title), format);
  };
  return menuOf(words, title, [
    { words: words.svg, save: save("svg") },
    { words: words.png, save: save("png") },
  ]);
}

function close(event: Event, back: boolean): void {
  const menu = event.currentTarget instanceof Element ? event.currentTarget.closest("details") : null;
  if (menu === null) return;
  menu.open = false;
  if (back) menu.querySelector("summary")?.focus();
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Escape") close(event, true);
}

function onLeave(event: FocusEvent): void {
  const to = event.relatedTarget;
  // Where a browser focuses no button that is pressed, focus goes nowhere: the press must still find its button.
  if (to instanceof Node && event.currentTarget instanceof Element && !event.currentTarget.contains(to))
    close(event, false);
}

document.addEventListener("pointerdown", ({ target }) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.save[open]"))
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
});
