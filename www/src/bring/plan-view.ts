// What a model needs against what is here, as a bar and as the table that says the same, with the question whether to go on; then the
// progress of what was agreed to.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { LanguagePlan } from "soft-thinking-lab";

import type { Loading } from "./loading.ts";
import type { BringState } from "./state.ts";
import { bring as words } from "../strings/bring.ts";
import { language } from "../strings/language.ts";
import { bytes } from "../written.ts";

const COMPACT = new Intl.NumberFormat(language, { notation: "compact", maximumSignificantDigits: 3 });
const PARTS = ["weights", "cache", "scratch", "vocabulary"] as const;

export function planView(state: BringState, loading: Loading): TemplateResult | typeof nothing {
  const { plan, phase, name } = state;
  if (plan === undefined) return nothing;
  const { family, parameters, layers, vocabSize, chatTemplate } = plan;
  const refused = typeof plan.refused === "string";
  const open = phase === "planned" && !refused;
  return html`<section class="bring-plan" aria-labelledby="bring-plan-title">
    <h3 id="bring-plan-title">${words.plan.title(name)}</h3>
    <p class="quiet">
      ${words.plan.facts(family, COMPACT.format(parameters), layers, vocabSize.toLocaleString(language))}.
      ${plan.name === undefined ? nothing : words.plan.called(plan.name)}
      ${chatTemplate ? words.plan.template : words.plan.noTemplate}
    </p>
    ${memoryBar(plan)} ${memoryTable(plan)}
    <p class="verdict ${refused ? "off" : "good"}">
      <strong
        >${refused ? "✗" : "✓"}
        ${(refused ? words.plan.unfit : words.plan.fits)(bytes(plan.total), bytes(plan.available))}</strong
      >
      <span class="quiet">${words.plan.estimate}</span>
    </p>
    ${refused ? nothing : html`<p>${fetchWords(plan)}</p>`}
    ${
      open
        ? html`<div class="buttons">
            <button
              type="button"
              class="main"
              @click=${() => {
                loading.agree();
              }}
            >
              ${plan.toFetch > 0 ? words.plan.agree : words.plan.agreeHere}
            </button>
            <button
              type="button"
              class="quiet-button"
              @click=${() => {
                loading.refuse();
              }}
            >
              ${words.plan.refuse}
            </button>
          </div>`
        : nothing
    }
  </section>`;
}

function fetchWords(plan: LanguagePlan): string {
  const { toFetch, kept, memory } = plan;
  if (toFetch === 0) return kept ? words.plan.fromKept : words.plan.fromDisk;
  const what =
    toFetch < memory.file ? words.plan.rest(bytes(toFetch), bytes(memory.file)) : words.plan.fetch(bytes(toFetch));
  return `${what} ${kept ? words.plan.willKeep : words.plan.willNotKeep}`;
}

/** Its scale ends at what there is, or at what is needed where that is more: then a line shows where the room ends. */
function memoryBar({ memory, total, available }: LanguagePlan): TemplateResult {
  const whole = Math.max(total, available);
  return html`<div class="memory-bar" role="img" aria-label=${words.plan.bar(bytes(total), bytes(available))}>
    ${PARTS.map((part) => html`<span class="part ${part}" .style="flex-grow:${memory[part] / whole}"></span>`)}
    <span class="room" .style="flex-grow:${Math.max(0, (whole - total) / whole)}"></span>
    ${total > available ? html`<i class="limit" .style="left:${(100 * available) / whole}%"></i>` : nothing}
  </div>`;
}

function memoryTable({ memory, total, available }: LanguagePlan): TemplateResult {
  return html`<table class="memory-table">
    <thead class="unseen">
      <tr>
        <th scope="col">${words.plan.columns.part}</th>
        <th scope="col">${words.plan.columns.bytes}</th>
      </tr>
    </thead>
    <tbody>
      ${PARTS.map(
        (part) =>
          html`<tr>
            <th scope="row">
              <span class="swatch ${part}" aria-hidden="true"></span>${words.plan.parts[part]}
              ${part === "cache" ? html`<span class="quiet">${words.plan.cacheNote(memory.context.toLocaleString(language))}</span>` : nothing}
            </th>
            <td class="number">${bytes(memory[part])}</td>
          </tr>`,
      )}
      <tr class="sum">
        <th scope="row">${words.plan.total}</th>
        <td class="number">${bytes(total)}</td>
      </tr>
      <tr>
        <th scope="row"><span class="swatch room" aria-hidden="true"></span>${words.plan.available}</th>
        <td class="number">${bytes(available)}</td>
      </tr>
    </tbody>
  </table>`;
}

export function progressView(state: BringState, loading: Loading): TemplateResult | typeof nothing {
  const { phase, progress } = state;
  if (phase !== "opening" && phase !== "loading") return nothing;
  const total = progress?.total ?? 0;
  const said = progressWords(state);
  return html`<div class="bring-progress">
    <p>${said}</p>
    ${
      total > 0
        ? html`<progress max=${total} value=${progress?.loaded ?? 0} aria-label=${said}></progress>`
        : html`<progress aria-label=${said}></progress>`
    }
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        loading.cancel();
      }}
    >
      ${words.cancel}
    </button>
  </div>`;
}

function progressWords({ progress, rate, phase }: BringState): string {
  const loaded = bytes(progress?.loaded ?? 0);
  const total = bytes(progress?.total ?? 0);
  switch (progress?.phase) {
    case "engine":
      return words.progress.engine(loaded);
    case "header":
      return words.progress.header(loaded);
    case "model":
      return words.progress.model(loaded, total) + (rate === undefined ? "" : ` · ${bytes(rate)}/s`);
    case "check":
      return words.progress.check(loaded, total);
    case "read":
      return words.progress.read(loaded, total);
    default:
      return phase === "opening" ? words.progress.open : words.progress.compile;
  }
}
