// The live part: which arms, their settings, own data, and the figures side by side with their curves.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { SemanticArmName, SemanticEvent } from "soft-thinking-lab";

import { semantic as all } from "../strings/semantic.ts";
import { fixed, number } from "../written.ts";
import { ARMS, NONE, PACES, SETTINGS, SHOWN } from "./choices.ts";
import type { Choices, Pace } from "./choices.ts";
import { curvesView } from "./curves.ts";
import { engineView } from "./engine-view.ts";
import type { Live } from "./live.ts";
import { ownView } from "./own-view.ts";
import { savingsOf } from "./saving.ts";
import type { PageState, Side } from "./state.ts";
import { againView, copyButton, truthView } from "./truth-view.ts";

const words = all.live;
export function liveView(
  state: PageState,
  nameOf: (arm: SemanticArmName) => string,
  live: Live,
  say: (words: string) => void,
): TemplateResult {
  const { choices, phase, ignored, remark } = state;
  const { given } = live;
  const busy = phase !== "idle";
  const named = ({ arm }: Side) => nameOf(arm);
  const savings = savingsOf(state, given, named);
  return html`<section class="panel semantic-live" id="live" aria-labelledby="live-title">
    <header>
      <h2 id="live-title">${words.title}</h2>
      <p>${words.lead}</p>
    </header>
    ${ignored.length === 0 ? nothing : html`<p class="remark">${words.ignored(ignored.join(", "))}</p>`}
    ${remark === undefined ? nothing : html`<p class="remark" role="status">${remark}</p>`}
    <div class="semantic-choices">
      ${armChoice("arm", words.arm, choices.arm, busy, nameOf, (arm) => {
        if (arm !== NONE) live.choose({ arm });
      })}
      ${armChoice("beside", words.beside, choices.beside, busy, nameOf, (beside) => {
        live.choose({ beside });
      })}
      ${numberField("seed", words.seed, choices.seed, busy, (seed) => {
        live.choose({ seed: seed ?? 0 });
      })}
      ${numberField("epochs", words.epochs, choices.epochs, busy, (epochs) => {
        live.choose({ epochs });
      })}
      ${
        choices.data === "own"
          ? nothing
          : numberField("items", words.items, choices.items, busy, (items) => {
              live.choose({ items });
            })
      }
      <p class="buttons">${buttons(state, live)}</p>
    </div>
    ${settingsFrom(state, nameOf, busy, live)} ${engineView(state, nameOf, busy, live)}
    ${moreSettings(choices, busy, live)} ${ownView(state, busy, live)}
    <label class="which">
      ${words.which}
      <select
        name="shown"
        @change=${(event: Event) => {
          live.choose({ shown: (event.target as HTMLSelectElement).value as Choices["shown"] });
        }}
      >
        ${SHOWN.map((one) => html`<option value=${one} .selected=${one === choices.shown}>${words.shown[one]}</option>`)}
      </select>
      <span class="quiet">${words.whichHint}</span>
    </label>
    ${state.ran ? glance(state, nameOf) : nothing}
    ${
      savings.some((one) => one !== undefined)
        ? html`<div class="savings">
            ${savings.map((menu, place) => {
              const side = state.sides[place];
              return menu === undefined || side === undefined
                ? nothing
                : html`<span><strong>${nameOf(side.arm)}</strong> ${menu}</span>`;
            })}
            ${copyButton(all.again.link, "", () => location.href, say)}
          </div>`
        : nothing
    }
    <div class="semantic-sides">
      ${state.sides.map(
        ({ arm }, place) =>
          html`<semantic-ids
            controls="none"
            worker="own"
            .arm=${arm}
            .seed=${choices.seed}
            .engine=${choices.engine}
            .epochs=${given.settings[place]?.epochs}
            .codes=${choices.shown}
            .settings=${given.settings[place]}
            .catalogue=${given.catalogue}
            .csv=${given.csv}
            @semantic-event=${(event: CustomEvent<SemanticEvent>) => {
              live.heard(place, event.detail);
            }}
            @semantic-problem=${(event: CustomEvent<{ code: string }>) => {
              live.failed(event.detail.code);
            }}
          ></semantic-ids>`,
      )}
    </div>
    ${state.ran ? curvesView(state.sides, choices.shown, named) : nothing} ${againView(state, given, named, say)}
    ${truthView()}
    <p class="unseen" role="status">${state.announcement}</p>
  </section>`;
}

/** Where settings come from that nobody changed, and what that means. */
function settingsFrom(
  { choices, loaded }: PageState,
  nameOf: (arm: SemanticArmName) => string,
  busy: boolean,
  live: Live,
): TemplateResult {
  if (loaded !== undefined) {
    return html`<p class="remark loaded">
      ${words.loaded(nameOf(loaded.run.config.arm), loaded.seed)}
      ${words.published(number(loaded.run.test.recall[1]), number(loaded.run.test.ndcg[1]))}
      <button
        type="button"
        class="quiet-button"
        ?disabled=${busy}
        @click=${() => {
          live.forget();
        }}
      >
        ${words.forget}
      </button>
    </p>`;
  }
  return html`<div class="pace">
    <label>
      ${words.pace}
      <select
        name="pace"
        ?disabled=${busy}
        @change=${(event: Event) => {
          live.choose({ pace: (event.target as HTMLSelectElement).value as Pace });
        }}
      >
        ${PACES.map((pace) => html`<option value=${pace} .selected=${pace === choices.pace}>${words.paces[pace].name}</option>`)}
      </select>
    </label>
    <p class="remark">${words.paces[choices.pace].text}</p>
  </div>`;
}

/** Collapse and its cure in a line each. */
function glance({ sides, choices }: PageState, nameOf: (arm: SemanticArmName) => string): TemplateResult {
  const line = ({ arm, last }: Side) => {
    const level = (choices.shown === "kept" ? last?.levels : last?.nearest)?.at(-1);
    if (last === undefined || level === undefined) return nothing;
    const { dead, counts, effective_codes } = level;
    return html`<li>
      ${words.glance(nameOf(arm), last.levels.length, dead, counts.length, fixed(effective_codes, 1))}
    </li>`;
  };
  return html`<ul class="glance">
    ${sides.map(line)}
  </ul>`;
}

function buttons({ phase, ran }: PageState, live: Live): TemplateResult {
  if (phase === "idle") {
    return html`<button type="button" class="main" @click=${() => void live.run()}>
      ${ran ? words.again : words.run}
    </button>`;
  }
  return html`
    ${
      phase === "paused"
        ? html`<button
            type="button"
            class="main"
            @click=${() => {
              live.resume();
            }}
          >
            ${words.resume}
          </button>`
        : html`<button
            type="button"
            class="main"
            @click=${() => {
              live.pause();
            }}
          >
            ${words.pause}
          </button>`
    }
    <button
      type="button"
      @click=${() => {
        live.stop();
      }}
    >
      ${words.stop}
    </button>
  `;
}

function armChoice(
  name: "arm" | "beside",
  label: string,
  chosen: string,
  busy: boolean,
  nameOf: (arm: SemanticArmName) => string,
  choose: (arm: SemanticArmName | typeof NONE) => void,
): TemplateResult {
  return html`<label>
    ${label}
    <select
      name=${name}
      ?disabled=${busy}
      @change=${(event: Event) => {
        choose((event.target as HTMLSelectElement).value as SemanticArmName | typeof NONE);
      }}
    >
      ${name === "beside" ? html`<option value=${NONE} .selected=${chosen === NONE}>${words.none}</option>` : nothing}
      ${ARMS.map((arm) => html`<option value=${arm} .selected=${arm === chosen}>${nameOf(arm)}</option>`)}
    </select>
  </label>`;
}

function numberField(
  name: string,
  label: string,
  value: number | undefined,
  busy: boolean,
  choose: (value: number | undefined) => void,
): TemplateResult {
  return html`<label>
    ${label}
    <input
      type="number"
      name=${name}
      min="0"
      step="any"
      placeholder=${words.own}
      ?disabled=${busy}
      .value=${value === undefined ? "" : String(value)}
      @change=${(event: Event) => {
        const { valueAsNumber } = event.target as HTMLInputElement;
        choose(Number.isNaN(valueAsNumber) ? undefined : valueAsNumber);
      }}
    />
  </label>`;
}

function moreSettings({ settings }: Choices, busy: boolean, live: Live): TemplateResult {
  return html`<details class="more">
    <summary>${words.more}</summary>
    <p class="quiet">${words.moreHint}</p>
    <div class="semantic-choices">
      ${SETTINGS.map((name) =>
        numberField(name, words.settings[name], settings[name], busy, (value) => {
          const others = Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name));
          live.choose({ settings: value === undefined ? others : { ...others, [name]: value } });
        }),
      )}
    </div>
  </details>`;
}
