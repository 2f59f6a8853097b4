// The charts of an experiment, each with a legend, a sentence, and the same numbers as a table.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { ArmSummary, TaskSummary } from "../experiment.ts";
import { curveLines, passLines, positionLines, sparse } from "../findings.ts";
import type { Plotted, View } from "../findings.ts";
import { fixed, interval } from "../format.ts";
import type { Picture } from "../picture.ts";
import { strings } from "../strings/lab.ts";
import { signOf } from "./line-sign.ts";
import "./result-chart.ts";
import { chartMenu } from "./save-menu.ts";

/** Rows of a chart's table: enough to see the course. */
const ROWS_MAX = 13;

export function resultCharts(task: TaskSummary, arms: readonly ArmSummary[], view: View): TemplateResult {
  const words = strings.results.charts;
  return html`<div class="result-charts">
    ${chart(words.pass, passLines(task, arms, view), { doublings: true, top: 1 })}
    ${chart(words.reward, curveLines(task, arms, "reward"), { top: 1 })}
    ${chart(words.entropy, curveLines(task, arms, "entropy"))} ${chart(words.position, positionLines(task, arms, view))}
    ${chart(words.length, curveLines(task, arms, "length"))}
  </div>`;
}

interface Words {
  title: string;
  x: string;
  note: string;
}

/** One chart with its legend, its sentence and its table. */
export function chart(words: Words, plotted: Plotted, how: { doublings?: boolean; top?: number } = {}): TemplateResult {
  const { lines, guessing } = plotted;
  return html`<figure class="chart result">
    <figcaption>
      <h3>${words.title}</h3>
      ${lines.map(({ ink, title }) => html`<span class="latest">${signOf(ink)}${title}</span>`)}
      ${
        guessing === undefined
          ? nothing
          : html`<span class="latest hatched"
              ><span class="sign" aria-hidden="true"></span>${strings.results.guessing}</span
            >`
      }
      ${lines.length === 0 ? nothing : chartMenu(words.title, () => resultPicture(words, plotted, how))}
    </figcaption>
    ${
      lines.length === 0
        ? html`<p class="empty">${strings.results.nothing}</p>`
        : html`
            <result-chart
              aria-hidden="true"
              .data=${{ plotted, doublings: how.doublings ?? false, top: how.top }}
            ></result-chart>
            <p class="axis quiet" aria-hidden="true">${words.x}</p>
          `
    }
    <p class="quiet">${words.note}</p>
    ${lines.length === 0 ? nothing : twin(words, plotted)}
  </figure>`;
}

function resultPicture(
  words: Words,
  { x, lines, guessing }: Plotted,
  how: { doublings?: boolean; top?: number },
): Picture {
  const { doublings = false, top } = how;
  const marks = doublings || x.length < 3;
  return {
    title: words.title,
    xLabel: words.x,
    yLabel: words.title,
    x,
    doublings,
    top,
    lines: lines.map(({ title, ink, y, low, high }) => ({ name: title, ...ink, marks, y, low, high })),
    ...(guessing === undefined ? {} : { guessing: { name: strings.results.guessing, y: guessing } }),
  };
}

/** The chart for those who would rather read. */
function twin(words: Words, { x, lines, guessing }: Plotted): TemplateResult {
  const rows = sparse(x.length, ROWS_MAX);
  const name = `${words.title}: ${strings.results.asTable}`;
  return html`<details>
    <summary>${strings.results.asTable}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${name}>
      <table>
        <thead>
          <tr>
            <th scope="col">${words.x}</th>
            ${lines.map(({ title }) => html`<th scope="col" class="number">${title}</th>`)}
            ${guessing === undefined ? nothing : html`<th scope="col" class="number">${strings.results.guessing}</th>`}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                <th scope="row">${x[row]}</th>
                ${lines.map(({ y, low, high }) => html`<td class="number">${cell(y[row], low?.[row], high?.[row])}</td>`)}
                ${guessing === undefined ? nothing : html`<td class="number">${cell(guessing[row])}</td>`}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${rows.length === x.length ? nothing : html`<p class="quiet">${strings.results.every(rows.length, x.length)}</p>`}
  </details>`;
}

type Maybe = number | null | undefined;
function cell(value: Maybe, low?: Maybe, high?: Maybe): string {
  const text = fixed(value ?? undefined, 3);
  return low === undefined || high === undefined || low === null || high === null
    ? text
    : `${text} ${range(low, high)}`;
}

export function range(low: number, high: number, digits = 3): string {
  return interval(fixed(low, digits), fixed(high, digits));
}
