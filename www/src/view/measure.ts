// Measure: held-out pass@k, one row a measurement, with what guessing would score in the same table.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { number } from "../format.ts";
import type { Session } from "../session.ts";
import type { Measurement, State } from "../state.ts";
import { en } from "../strings/en.ts";

export function measureView(state: State, session: Session): TemplateResult {
  const { measuring, measurements } = state;
  const disabled = state.model === undefined || state.progress !== undefined;
  return html`
    <section class="panel measure" aria-labelledby="measure-title">
      <header>
        <h2 id="measure-title">${en.measure.title}</h2>
        <p>${en.measure.lead}</p>
      </header>
      <div class="buttons">
        ${
          measuring === undefined
            ? html`<button type="button" class="quiet-button" ?disabled=${disabled} @click=${() => session.measure()}>
                ${en.measure.button}
              </button>`
            : html`
                <progress max=${measuring.total || 1} value=${measuring.loaded}></progress>
                <span>${en.progress.evaluate(measuring.loaded, measuring.total)}</span>
                <button
                  type="button"
                  class="quiet-button"
                  @click=${() => {
                    session.cancelMeasuring();
                  }}
                >
                  ${en.cancel}
                </button>
              `
        }
      </div>
      ${measurements.length === 0 ? html`<p class="empty">${en.measure.empty}</p>` : table(measurements)}
    </section>
  `;
}

function table(measurements: readonly Measurement[]): TemplateResult {
  const ks = measurements[0]?.report.pass_at_k.map((one) => one.k) ?? [];
  const newest = measurements.at(-1);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${en.measure.caption}>
      <table>
        <caption class="unseen">
          ${en.measure.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${en.measure.model}</th>
            <th scope="col">${en.measure.policy}</th>
            ${ks.map((k) => html`<th scope="col" class="number" title=${en.measure.define.pass}>${en.measure.passAt(k)}</th>`)}
            <th scope="col" class="number" title=${en.measure.define.majority}>${en.measure.majority}</th>
            <th scope="col" class="number" title=${en.measure.define.length}>${en.measure.length}</th>
            <th scope="col" class="number" title=${en.measure.define.entropy}>${en.measure.entropy}</th>
            <th scope="col" class="number">${en.measure.questions}</th>
          </tr>
        </thead>
        <tbody>
          ${measurements.map(({ label, kind, report }) => {
            const at = (k: number) => report.pass_at_k.find((one) => one.k === k)?.value;
            return html`<tr>
              <th scope="row">${label}</th>
              <td><span class="sign ${kind}" aria-hidden="true"></span>${en.think[kind]}</td>
              ${ks.map((k) => html`<td class="number">${number(at(k))}</td>`)}
              <td class="number">${number(report.majority)}</td>
              <td class="number">${number(report.mean_length)}</td>
              <td class="number">${number(report.mixture_entropy)}</td>
              <td class="number">${report.questions} × ${report.samples}</td>
            </tr>`;
          })}
          ${
            newest === undefined
              ? nothing
              : html`<tr class="guessing">
                  <th scope="row">${en.measure.guessing}</th>
                  <td></td>
                  ${ks.map((k) => html`<td class="number">${number(newest.report.guessing.find((one) => one.k === k)?.value)}</td>`)}
                  <td colspan="4"></td>
                </tr>`
          }
        </tbody>
      </table>
    </div>
  `;
}
