// The published experiment of the second lab: a sentence a question, curves with bands, the table of arms, differences, and a button a run
// that puts its settings into the live part.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Interval } from "soft-thinking-lab";

import { experimentTitle } from "../engine-words.ts";
import type { Plotted } from "../findings.ts";
import type { Picture } from "../picture.ts";
import { saveFile } from "../save-file.ts";
import { semantic as all } from "../strings/semantic.ts";
import { chartMenuOf, menuOf } from "../view/disclosed.ts";
import { signOf } from "../view/line-sign.ts";
import "../view/result-chart.ts";
import { fixed, interval as between, number, percent, signed } from "../written.ts";
import { sparse } from "./curves.ts";
import { COLUMNS, CURVES, FATES, FOLDER, QUESTIONS, contrastOf, csvOf, curveOf, inkOf, verdictOf } from "./results.ts";
import type { Curve, Published, PublishedArm } from "./results.ts";
import type { PageState } from "./state.ts";

const words = all.results;
const NDCG = "ndcg@10";
const COLLAPSE = "nearest_effective_last";

export interface ResultsActions {
  chart: (name: string, shown: boolean) => void;
  yourself: (arm: PublishedArm, seed: number) => void;
}

export type NameOf = (name: string) => string;

export function resultsView(state: PageState, nameOf: NameOf, actions: ResultsActions): TemplateResult {
  const { published, problem } = state;
  const said =
    problem !== undefined
      ? words.problem(problem)
      : published === undefined
        ? words.loading
        : published === null
          ? words.none
          : undefined;
  return html`<section class="panel semantic-results" id="results" aria-labelledby="results-title">
    <header>
      <h2 id="results-title">${words.title}</h2>
      ${published ? html`<p>${experimentTitle("semantic-ids", published.title)}. ${words.lead(published.runs, published.runs_planned)}</p>` : nothing}
    </header>
    ${said === undefined ? nothing : html`<p class="empty" role="status">${said}</p>`}
    ${published ? found(published, state, nameOf, actions) : nothing}
  </section>`;
}

function found(published: Published, state: PageState, nameOf: NameOf, actions: ResultsActions): TemplateResult {
  const { arms } = published;
  const charted = arms.filter(({ name }) => state.charted.includes(name));
  return html`
    <p class="quiet">${words.honest}</p>
    <h3>${words.said}</h3>
    <ul class="said">
      ${sentences(published, nameOf).map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
    ${armsTable(arms, nameOf)} ${contrastTable(published, nameOf)}
    <fieldset class="charted">
      <legend>${words.shown}</legend>
      ${arms.map(
        ({ name, arm }) =>
          html`<label class="arm">
            <input
              type="checkbox"
              name="charted"
              value=${name}
              .checked=${state.charted.includes(name)}
              @change=${(event: Event) => {
                actions.chart(name, (event.target as HTMLInputElement).checked);
              }}
            />
            ${signOf(inkOf({ name, arm }))}${nameOf(name)}
          </label>`,
      )}
    </fieldset>
    <div class="result-charts">${CURVES.map((key) => chart(key, charted, nameOf))}</div>
    ${yourself(published, state, nameOf, actions)}
  `;
}

/** What the experiment says to each question, whichever way it went. */
function sentences(published: Published, nameOf: NameOf): string[] {
  const collapse = published.arms
    .filter(({ name }) => FATES.includes(name))
    .flatMap(({ name, numbers }) => {
      const value = numbers[COLLAPSE];
      return value === undefined
        ? []
        : words.collapse(
            nameOf(name),
            fixed(value.mean, 1),
            interval(value, (one) => fixed(one, 1)),
          );
    });
  const contrasts = QUESTIONS.flatMap(([a, b]) => {
    const value = contrastOf(published, a, b, NDCG);
    if (value === undefined) return [];
    const said = words.contrast(
      nameOf(a),
      nameOf(b),
      signed(value.mean, 3),
      interval(value, (one) => signed(one, 3)),
    );
    const verdict = verdictOf(value);
    return `${said} ${verdict === "unclear" ? words.unclear : words[verdict](nameOf(a))}`;
  });
  return [...collapse, ...contrasts];
}

function interval({ low, high }: Interval, write: (value: number) => string): string {
  return between(write(low), write(high));
}

const WRITE: Record<(typeof COLUMNS)[number], (value: number) => string> = {
  "recall@10": (value) => fixed(value, 3),
  "ndcg@10": (value) => fixed(value, 3),
  nearest_effective_last: (value) => fixed(value, 1),
  nearest_dead_last: (value) => fixed(value, 1),
  unique: percent,
  drift_total: percent,
  seconds: number,
};

function armsTable(arms: readonly PublishedArm[], nameOf: NameOf): TemplateResult {
  return html`<section class="result-table">
    <header class="with-menu">
      <h3 id="arms-table">${words.table}</h3>
      ${menuOf(all.save, words.table, [
        {
          words: all.save.csv,
          save: () => {
            saveFile("semantic-ids.csv", new Blob([csvOf(arms)], { type: "text/csv" }));
          },
        },
      ])}
    </header>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="arms-table">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.arm}</th>
            ${COLUMNS.map((key) => html`<th scope="col" class="number">${words.columns[key]}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${arms.map(
            ({ name, arm, numbers }) =>
              html`<tr>
                <th scope="row">${signOf(inkOf({ name, arm }))}${nameOf(name)}</th>
                ${COLUMNS.map((key) => {
                  const value = numbers[key];
                  return html`<td class="number">
                    ${value === undefined ? "–" : html`${WRITE[key](value.mean)} <span class="quiet">${interval(value, WRITE[key])}</span>`}
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function contrastTable({ contrasts }: Published, nameOf: NameOf): TemplateResult {
  return html`<section class="result-table">
    <h3 id="contrasts-table">${words.contrasts}</h3>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="contrasts-table">
      <table>
        <thead>
          <tr>
            <th scope="col">${words.arm}</th>
            <th scope="col">${words.against}</th>
            <th scope="col" class="number">${words.difference}</th>
            <th scope="col">${words.says}</th>
          </tr>
        </thead>
        <tbody>
          ${contrasts
            .filter((one) => one.number === NDCG)
            .map(({ a, b, value }) => {
              const verdict = verdictOf(value);
              return html`<tr>
                <th scope="row">${nameOf(a)}</th>
                <td>${nameOf(b)}</td>
                <td class="number">
                  ${signed(value.mean, 3)} <span class="quiet">${interval(value, (one) => signed(one, 3))}</span>
                </td>
                <td><span class="verdict ${verdict}">${words.clear[verdict]}</span></td>
              </tr>`;
            })}
        </tbody>
      </table>
    </div>
  </section>`;
}

function chart(key: Curve, arms: readonly PublishedArm[], nameOf: NameOf): TemplateResult {
  const { title, note } = words.charts[key];
  const plotted = curveOf(arms, key, ({ name }) => nameOf(name));
  const { lines } = plotted;
  return html`<figure class="chart result">
    <figcaption>
      <h3>${title}</h3>
      ${lines.map((line) => html`<span class="latest">${signOf(line.ink)}${line.title}</span>`)}
      ${lines.length === 0 ? nothing : chartMenuOf(all.save, title, () => pictureOf(title, plotted))}
    </figcaption>
    ${
      lines.length === 0
        ? html`<p class="empty">${words.nothing}</p>`
        : html`<result-chart aria-hidden="true" .data=${{ plotted, doublings: false }}></result-chart>
            <p class="axis quiet" aria-hidden="true">${all.curves.epoch}</p>`
    }
    <p class="quiet">${note}</p>
    ${lines.length === 0 ? nothing : twin(title, plotted)}
  </figure>`;
}

function pictureOf(title: string, { x, lines }: Plotted): Picture {
  return {
    title,
    xLabel: all.curves.epoch,
    yLabel: title,
    x,
    doublings: false,
    top: undefined,
    lines: lines.map(({ title: name, ink, y, low, high }) => ({ name, ...ink, marks: false, y, low, high })),
  };
}

function twin(title: string, { x, lines }: Plotted): TemplateResult {
  const rows = sparse(x);
  const cell = (value: number | null | undefined) => number(value);
  return html`<details>
    <summary>${all.curves.table}<span class="unseen">: ${title}</span></summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${words.tableOf(title)}>
      <table>
        <thead>
          <tr>
            <th scope="col">${all.curves.epoch}</th>
            ${lines.map((line) => html`<th scope="col" class="number">${line.title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((epoch) => {
            const at = x.indexOf(epoch);
            return html`<tr>
              <th scope="row">${epoch}</th>
              ${lines.map(
                ({ y, low, high }) =>
                  html`<td class="number">${cell(y[at])} ${between(cell(low?.[at]), cell(high?.[at]))}</td>`,
              )}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${rows.length === x.length ? nothing : html`<p class="quiet">${words.every(rows.length, x.length)}</p>`}
  </details>`;
}

function yourself({ arms }: Published, { phase }: PageState, nameOf: NameOf, actions: ResultsActions): TemplateResult {
  return html`<section class="result-table runs" aria-labelledby="yourself-title">
    <h3 id="yourself-title">${words.yourself}</h3>
    <p class="quiet">${words.yourselfLead} ${words.files} <a href="./${FOLDER}summary.json">summary.json</a></p>
    <ul>
      ${arms.map(
        (arm) =>
          html`<li>
            <span>${nameOf(arm.name)}</span>
            ${arm.seeds.map(
              (seed) =>
                html`<button
                  type="button"
                  class="quiet-button"
                  ?disabled=${phase !== "idle"}
                  @click=${() => {
                    actions.yourself(arm, seed);
                  }}
                >
                  ${words.seed(seed)}<span class="unseen">: ${nameOf(arm.name)}</span>
                </button>`,
            )}
          </li>`,
      )}
    </ul>
  </section>`;
}
