// Starts the page of the story: draws it once, and again when the theme changes. The figures live by themselves.

import { html, nothing, render } from "lit-html";
import type { TemplateResult } from "lit-html";
import "soft-thinking-lab/elements";

import { dressDocument } from "./head.ts";
import { carried } from "./strings/language.ts";
import { learn } from "./strings/learn.ts";
import type { Chapter, FigureName } from "./strings/learn.ts";
import "./style/base.css";
import "./style/learn.css";
import "./style/site.css";
import { applyTheme } from "./theme.ts";
import { heading } from "./view/heading.ts";

const root = document.querySelector<HTMLElement>("#story");
if (root === null) throw new Error("learn.html lacks #story");

/** `#engine=cpu` or `gpu`: what the figures compute on; the faster one where it is not said. */
const asked = new URLSearchParams(location.hash.slice(1)).get("engine");
const engine = asked === "cpu" || asked === "gpu" ? asked : nothing;

const FIGURES: Record<FigureName, () => TemplateResult> = {
  mixture: () => html`<soft-mixture engine=${engine}></soft-mixture>`,
  thought: () => html`<soft-thought engine=${engine}></soft-thought>`,
  group: () => html`<thought-group engine=${engine}></thought-group>`,
  race: () => html`<training-race engine=${engine}></training-race>`,
  pass: () => html`<pass-at-k engine=${engine}></pass-at-k>`,
};

const CHAPTERS = Object.entries(learn.chapters) as [FigureName, Chapter][];

function chapter([figure, { title, text, look, truth }]: [FigureName, Chapter], index: number): TemplateResult {
  return html`
    <section id=${figure} aria-labelledby="${figure}-title">
      <h2 id="${figure}-title"><span class="count">${index + 1}</span> ${title}</h2>
      <p>${text}</p>
      <div class="frame">${FIGURES[figure]()}</div>
      <p class="look"><strong>${learn.look}</strong> ${look}</p>
      <details>
        <summary>${learn.truth}</summary>
        <ul>
          ${truth.map((point) => html`<li>${point}</li>`)}
        </ul>
      </details>
    </section>
  `;
}

function draw(): void {
  if (root === null) return;
  render(
    html`
      ${heading("learn", learn, draw)}
      <main>${CHAPTERS.map(chapter)}</main>
      <footer>
        <p class="on">${learn.on} <a href="./index.html${carried()}">${learn.onLab}</a>.</p>
        <p>${learn.privacy}</p>
      </footer>
    `,
    root,
  );
}

dressDocument("learn");
applyTheme();
draw();
