// How soft thoughts really are: the largest weights as bars and as a table, and five numbers with what each means.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Diagnosis } from "soft-thinking-lab";

import { fixed, number, percent, wayWords } from "../format.ts";
import { DIAGNOSIS } from "../measuring.ts";
import type { Measurer } from "../measuring.ts";
import type { Session } from "../session.ts";
import type { Diagnosed, State } from "../state.ts";
import { strings } from "../strings/lab.ts";
import type { Way } from "../ways.ts";

const words = strings.diagnose;

export function diagnoseView(state: State, session: Session, measurer: Measurer): TemplateResult {
  return html`
    <section class="diagnose" aria-labelledby="diagnose-title">
      <header>
        <h3 id="diagnose-title">${words.title}</h3>
        <p class="quiet">${words.lead(DIAGNOSIS.questions, DIAGNOSIS.samples)}</p>
      </header>
      <div class="buttons">${controls(state, measurer)}</div>
      ${state.diagnosed === undefined ? nothing : found(state.diagnosed, session.thoughts.chosenWay())}
    </section>
  `;
}

function controls({ diagnosing, diagnosed, model, progress }: State, measurer: Measurer): TemplateResult {
  if (diagnosing === undefined) {
    const disabled = model === undefined || progress !== undefined;
    return html`<button type="button" class="quiet-button" ?disabled=${disabled} @click=${() => measurer.diagnose()}>
      ${diagnosed === undefined ? words.button : words.again}
    </button>`;
  }
  const { loaded, total } = diagnosing;
  const text = strings.progress.diagnose(loaded, total);
  return html`
    ${total > 0 ? html`<progress max=${total} value=${loaded} aria-label=${text}></progress>` : html`<progress aria-label=${text}></progress>`}
    <span>${text}</span>
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        measurer.cancelDiagnosing();
      }}
    >
      ${strings.cancel}
    </button>
  `;
}

function found(diagnosed: Diagnosed, chosen: Way): TemplateResult {
  const { way, steps, found } = diagnosed;
  const name = wayWords(way);
  const model = steps === 0 ? words.asShipped : strings.model.trained(steps);
  return html`
    <p class="quiet">${words.of(name, model, found.rollouts, found.soft_steps)}</p>
    ${name === wayWords(chosen) ? nothing : html`<p class="quiet">${words.changed(name)}</p>`}
    ${
      found.soft_steps === 0
        ? html`<p>${words.noSoft}</p>
            ${facts(found)}`
        : html`<div class="findings">
            <div>${bars(found.max_weight)} ${pull(diagnosed)} ${table(found)}</div>
            <div>${facts(found)}</div>
          </div>`
    }
  `;
}

/** Seen only: the table says the same. */
function bars(shares: readonly number[]): TemplateResult {
  const most = Math.max(...shares, Number.MIN_VALUE);
  return html`
    <figure class="histogram" aria-hidden="true">
      <figcaption><strong>${words.histogram}</strong> <span class="quiet">${words.share}</span></figcaption>
      <div class="bars">
        ${shares.map(
          (share) =>
            html`<span title=${percent(share)}
              >${share === most ? html`<em>${percent(share)}</em>` : nothing}<i
                .style="height:${(share / most) * 100}%"
              ></i
            ></span>`,
        )}
      </div>
      <div class="scale quiet"><span>0</span><span>${words.axis}</span><span>1</span></div>
    </figure>
  `;
}

function table({ max_weight, js_top_1_bins, js_top_2_bins }: Diagnosis): TemplateResult {
  const columns = [
    [words.columns.max_weight, max_weight],
    [words.columns.js_top_1, js_top_1_bins],
    [words.columns.js_top_2, js_top_2_bins],
  ] as const;
  const edge = (index: number) => fixed(index / max_weight.length);
  return html`
    <details>
      <summary>${words.table}</summary>
      <p class="quiet">${words.columnsHint}</p>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${words.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">${words.range}</th>
              ${columns.map(([name]) => html`<th scope="col" class="number">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${max_weight.map(
              (_share, index) =>
                html`<tr>
                  <th scope="row">${words.bin(edge(index), edge(index + 1))}</th>
                  ${columns.map(([, shares]) => html`<td class="number">${percent(shares[index] ?? 0)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}

function facts(found: Diagnosis): TemplateResult {
  const { js_top_1, js_top_2 } = found;
  const soft = found.soft_steps > 0;
  const rows: [keyof typeof words.rows, string | undefined, number | undefined][] = [
    ["near_one_hot", soft ? percent(found.near_one_hot) : undefined, found.near_one_hot],
    ["effective_tokens", soft ? number(found.effective_tokens) : undefined, undefined],
    ["js_top_1", js_top_1 === null ? undefined : words.nats(number(js_top_1)), (js_top_1 ?? 0) / Math.LN2],
    ["js_top_2", js_top_2 === null ? undefined : words.nats(number(js_top_2)), (js_top_2 ?? 0) / Math.LN2],
    ["edit_distance_to_greedy", number(found.edit_distance_to_greedy), found.edit_distance_to_greedy],
  ];
  return html`
    <dl class="findings-list">
      ${rows.map(([key, value, share]) =>
        value === undefined
          ? nothing
          : html`<div data-key=${key}>
              <dt>${words.rows[key].name}</dt>
              <dd>
                <strong>${value}</strong>
                ${share === undefined ? nothing : html`<span class="share" aria-hidden="true"><span .style="width:${share * 100}%"></span></span>`}
                <span class="quiet">${words.rows[key].text}</span>
              </dd>
            </div>`,
      )}
    </dl>
  `;
}

/** The two distances in one sentence. Not of Multiplex, whose blends often have one token only: the two are of different steps. */
function pull({ way, found }: Diagnosed): TemplateResult | typeof nothing {
  const { js_top_1: first, js_top_2: second } = found;
  if (way.settings.kind === "multiplex" || first === null || second === null) return nothing;
  return first > 0 && second > first ? html`<p>${words.pull(number(second / first))}</p>` : nothing;
}
