// The live part: which arms, their settings, own data, and the figures side by side with their curves.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { SemanticArmName, SemanticCatalogue, SemanticEvent, SemanticSettings } from "soft-thinking-lab";

import { semantic as all } from "../strings/semantic.ts";
import { fixed, number } from "../written.ts";
import { ARMS, NONE, SETTINGS, SHOWN } from "./choices.ts";
import type { Choices } from "./choices.ts";
import { curvesView } from "./curves.ts";
import type { OwnData, PageState, Side } from "./state.ts";

const words = all.live;
/** A longer file is not shown to be edited: a text field would hold up the page. */
const SHOWN_MAX = 200_000;

export interface LiveActions {
  choose: (part: Partial<Choices>) => void;
  run: () => void;
  pause: () => void;
  resume: () => void;
  stop: () => void;
  heard: (place: number, event: SemanticEvent) => void;
  own: (part: Partial<OwnData>) => void;
  useOwn: () => void;
  forget: () => void;
}

export interface Given {
  settings: SemanticSettings;
  catalogue: SemanticCatalogue;
  csv: { items: string; interactions: string } | undefined;
}

export function liveView(
  state: PageState,
  given: Given,
  nameOf: (arm: SemanticArmName) => string,
  actions: LiveActions,
): TemplateResult {
  const { choices, phase, loaded, ignored } = state;
  const busy = phase !== "idle";
  return html`<section class="panel semantic-live" id="live" aria-labelledby="live-title">
    <header>
      <h2 id="live-title">${words.title}</h2>
      <p>${words.lead}</p>
    </header>
    ${ignored.length === 0 ? nothing : html`<p class="remark">${words.ignored(ignored.join(", "))}</p>`}
    <div class="semantic-choices">
      ${armChoice("arm", words.arm, choices.arm, busy, nameOf, (arm) => {
        if (arm !== NONE) actions.choose({ arm });
      })}
      ${armChoice("beside", words.beside, choices.beside, busy, nameOf, (beside) => {
        actions.choose({ beside });
      })}
      ${numberField("seed", words.seed, choices.seed, busy, (seed) => {
        actions.choose({ seed: seed ?? 0 });
      })}
      ${numberField("epochs", words.epochs, choices.epochs, busy, (epochs) => {
        actions.choose({ epochs });
      })}
      ${
        state.own.on
          ? nothing
          : numberField("items", words.items, choices.items, busy, (items) => {
              actions.choose({ items });
            })
      }
      <p class="buttons">${buttons(state, actions)}</p>
    </div>
    ${
      loaded === undefined
        ? nothing
        : html`<p class="remark loaded">
            ${words.loaded(nameOf(loaded.run.config.arm), loaded.seed)}
            ${words.published(number(loaded.run.test.recall[1]), number(loaded.run.test.ndcg[1]))}
            <button type="button" class="quiet-button" ?disabled=${busy} @click=${actions.forget}>
              ${words.forget}
            </button>
          </p>`
    }
    ${moreSettings(choices, busy, actions)} ${ownData(state, busy, actions)}
    <label class="which">
      ${words.which}
      <select
        name="shown"
        @change=${(event: Event) => {
          actions.choose({ shown: (event.target as HTMLSelectElement).value as Choices["shown"] });
        }}
      >
        ${SHOWN.map((one) => html`<option value=${one} .selected=${one === choices.shown}>${words.shown[one]}</option>`)}
      </select>
      <span class="quiet">${words.whichHint}</span>
    </label>
    ${state.ran ? glance(state, nameOf) : nothing}
    <div class="semantic-sides">
      ${state.sides.map(
        ({ arm }, place) =>
          html`<semantic-ids
            controls="none"
            worker="own"
            .arm=${arm}
            .seed=${choices.seed}
            .epochs=${choices.epochs}
            .codes=${choices.shown}
            .settings=${given.settings}
            .catalogue=${given.catalogue}
            .csv=${given.csv}
            @semantic-event=${(event: CustomEvent<SemanticEvent>) => {
              actions.heard(place, event.detail);
            }}
          ></semantic-ids>`,
      )}
    </div>
    ${state.ran ? curvesView(state.sides, choices.shown, ({ arm }) => nameOf(arm)) : nothing}
    <p class="unseen" role="status">${state.announcement}</p>
  </section>`;
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

function buttons({ phase, ran }: PageState, actions: LiveActions): TemplateResult {
  if (phase === "idle") {
    return html`<button type="button" class="main" @click=${actions.run}>${ran ? words.again : words.run}</button>`;
  }
  return html`
    ${
      phase === "paused"
        ? html`<button type="button" class="main" @click=${actions.resume}>${words.resume}</button>`
        : html`<button type="button" class="main" @click=${actions.pause}>${words.pause}</button>`
    }
    <button type="button" @click=${actions.stop}>${words.stop}</button>
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

function moreSettings({ settings }: Choices, busy: boolean, actions: LiveActions): TemplateResult {
  return html`<details class="more">
    <summary>${words.more}</summary>
    <p class="quiet">${words.moreHint}</p>
    <div class="semantic-choices">
      ${SETTINGS.map((name) =>
        numberField(name, words.settings[name], settings[name], busy, (value) => {
          const others = Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name));
          actions.choose({ settings: value === undefined ? others : { ...others, [name]: value } });
        }),
      )}
    </div>
  </details>`;
}

function ownData({ own }: PageState, busy: boolean, actions: LiveActions): TemplateResult {
  const { data } = all;
  return html`<details class="more own-data">
    <summary>${data.title}</summary>
    <p class="quiet">${data.lead}</p>
    <div class="own-files">
      ${file("items", data.items, data.itemsExample, own, busy, actions)}
      ${file("interactions", data.interactions, data.interactionsExample, own, busy, actions)}
    </div>
    ${own.lacking ? html`<p class="off" role="alert">${data.needed}</p>` : nothing}
    <p class="buttons">
      ${
        own.on
          ? html`<span>${data.on}</span>
              <button
                type="button"
                class="quiet-button"
                ?disabled=${busy}
                @click=${() => {
                  actions.own({ on: false });
                }}
              >
                ${data.back}
              </button>`
          : html`<button type="button" ?disabled=${busy} @click=${actions.useOwn}>${data.use}</button>`
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
  actions: LiveActions,
): TemplateResult {
  const text = own[name];
  const id = `csv-${name}`;
  return html`<div class="own-file">
    <label for=${id}>${label}</label>
    ${
      text.length > SHOWN_MAX
        ? html`<p class="quiet">${all.data.size(text.split("\n").length)}</p>`
        : html`<textarea
            id=${id}
            name=${id}
            rows="5"
            spellcheck="false"
            placeholder=${example}
            ?disabled=${busy}
            .value=${text}
            @change=${(event: Event) => {
              actions.own({ [name]: (event.target as HTMLTextAreaElement).value });
            }}
          ></textarea>`
    }
    <label class="file quiet-button">
      ${all.data.file}<span class="unseen">: ${label}</span>
      <input
        type="file"
        accept=".csv,text/csv,text/plain"
        ?disabled=${busy}
        @change=${async (event: Event) => {
          const input = event.target as HTMLInputElement;
          const content = await input.files?.[0]?.text();
          input.value = "";
          if (content !== undefined) actions.own({ [name]: content });
        }}
      />
    </label>
  </div>`;
}
