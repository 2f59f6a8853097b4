// The sentences to begin with: a row of buttons, each with how long it takes; the pressed one says what to do and to look for.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { Presets, SENTENCES } from "../presets.ts";
import type { Control, Sentence } from "../presets.ts";
import type { State } from "../state.ts";
import { tools } from "../strings/lab.ts";

const words = tools.presets;
const CONTROLS: Record<Control, string> = {
  think: ".question button.main",
  train: ".train .controls .buttons button.main",
  look: ".diagnose .buttons button",
};

export function presetsView(state: State, presets: Presets): TemplateResult {
  const { said } = state.tools;
  return html`
    <section class="sentences" aria-labelledby="sentences-title">
      <h2 id="sentences-title">${words.title}</h2>
      <!-- The buttons take the focus of a list that scrolls; until they can, it takes it itself. -->
      <ul tabindex=${Presets.ready(state) ? nothing : "0"}>
        ${SENTENCES.map((one) => sentence(one, state, presets))}
      </ul>
      ${said === undefined ? nothing : html`<p class="said">${said.words}</p>`}
    </section>
  `;
}

function sentence(one: Sentence, state: State, presets: Presets): TemplateResult {
  const { text, time } = words.sentences[one.name];
  return html`<li>
    <button
      type="button"
      class="sentence"
      data-name=${one.name}
      aria-pressed=${state.tools.said?.name === one.name ? "true" : "false"}
      ?disabled=${!Presets.ready(state)}
      @click=${async () => {
        await presets.set(one);
        await moveTo(one.control);
      }}
    >
      ${text} <span class="quiet">${time}</span>
    </button>
  </li>`;
}

async function moveTo(control: Control): Promise<void> {
  // The button that is to be focused is drawn as usable only in the next frame.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const button = document.querySelector<HTMLElement>(CONTROLS[control]);
  button?.scrollIntoView({ block: "center" });
  button?.focus({ preventScroll: true });
}
