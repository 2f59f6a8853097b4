// Measure: held-out pass@k, one row a measurement, with what guessing would score in the same table.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { number } from "../format.ts";
import type { Measurer } from "../measuring.ts";
import type { Picture } from "../picture.ts";
import { splitInEffect } from "../state.ts";
import type { Measurement, State } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { drawnAs } from "../ways.ts";
import "./pass-chart.ts";
import { chartMenu } from "./save-menu.ts";

export function measureView(state: State, measurer: Measurer): TemplateResult {
  const { measuring, measurements } = state;
  const disabled = state.model === undefined || state.progress !== undefined;
  return html`
    <section class="panel measure" aria-labelledby="measure-title">
      <header>
        <h2 id="measure-title">${strings.measure.title}</h2>
        <p>${strings.measure.lead}</p>
      </header>
      <div class="buttons">
        ${splitChoice(state, measurer)}
        ${
          measuring === undefined
            ? html`<button type="button" class="quiet-button" ?disabled=${disabled} @click=${() => measurer.measure()}>
                ${strings.measure.button}
              </button>`
            : html`
                <progress
                  max=${measuring.total || 1}
                  value=${measuring.loaded}
                  aria-label=${strings.measure.title}
                ></progress>
                <span>${strings.progress.evaluate(measuring.label, measuring.loaded, measuring.total)}</span>
                <button
                  type="button"
                  class="quiet-button"
                  @click=${() => {
                    measurer.cancelMeasuring();
                  }}
                >
                  ${strings.cancel}
                </button>
              `
        }
      </div>
      ${measurements.length === 0 ? html`<p class="empty">${strings.measure.empty}</p>` : html`${curves(measurements)}${table(measurements)}`}
    </section>
  `;
}

/** Which questions; nothing to choose where there is one kind. */
function splitChoice(state: State, measurer: Measurer): TemplateResult | typeof nothing {
  const offered = state.tasks.find((one) => one.name === state.task)?.splits.filter((split) => split !== "train") ?? [];
  if (offered.length < 2) return nothing;
  const chosen = splitInEffect(state);
  return html`<label title=${strings.measure.splitHint}>
    ${strings.results.split}
    <select
      name="measure-split"
      ?disabled=${state.measuring !== undefined}
      @change=${(event: Event) => {
        measurer.chooseSplit((event.target as HTMLSelectElement).value);
      }}
    >
      ${offered.map((split) => html`<option value=${split} .selected=${split === chosen}>${strings.results.splits[split] ?? split}</option>`)}
    </select>
  </label>`;
}

/** The newest measurement against the start of the same kind of thinking. */
function curves(measurements: readonly Measurement[]): TemplateResult | typeof nothing {
  const now = measurements.at(-1);
  if (now === undefined) return nothing;
  const first = measurements.find((one) => one.way.name === now.way.name && one.split === now.split && one.steps === 0);
  const start = first === now ? undefined : first;
  const kind = drawnAs(now.way);
  return html`
    <figure class="chart pass ${kind}">
      <figcaption>
        <h3>${strings.measure.curve}</h3>
        <span class="latest now"><span class="sign ${kind}" aria-hidden="true"></span>${now.label}</span>
        ${
          start === undefined
            ? nothing
            : html`<span class="latest level"><span class="sign" aria-hidden="true"></span>${start.label}</span>`
        }
        <span class="latest hatched"><span class="sign" aria-hidden="true"></span>${strings.measure.guessing}</span>
        ${chartMenu(strings.measure.curve, () => passPicture(now, start))}
      </figcaption>
      <pass-chart aria-hidden="true" .curves=${{ kind, now: now.report, start: start?.report }}></pass-chart>
      <p class="axis quiet" aria-hidden="true">${strings.measure.tries}</p>
      <p>${verdict(now, start)}</p>
      <p class="quiet">${strings.measure.curveNote}</p>
    </figure>
  `;
}

function passPicture(now: Measurement, start: Measurement | undefined): Picture {
  const x = now.report.pass_at_k.map(({ k }) => k);
  const at = (points: Measurement["report"]["guessing"]) =>
    x.map((k) => points.find((one) => one.k === k)?.value ?? null);
  const kind = drawnAs(now.way);
  const lines = [
    ...(start === undefined
      ? []
      : [{ name: start.label, colour: "--base", dash: [2, 4], marks: true, y: at(start.report.pass_at_k) }]),
    {
      name: now.label,
      colour: `--${kind}`,
      dash: kind === "discrete" ? [6, 4] : [],
      marks: true,
      y: at(now.report.pass_at_k),
    },
  ];
  const guessing = { name: strings.measure.guessing, y: at(now.report.guessing) };
  const { curve, tries } = strings.measure;
  return { title: curve, xLabel: tries, yLabel: curve, x, doublings: true, top: 1, lines, guessing };
}

/** What the curves say, in words and with their two ends. */
function verdict(now: Measurement, start: Measurement | undefined): string {
  if (start === undefined) return strings.measure.trainNow;
  const ends = [now.report.pass_at_k[0], now.report.pass_at_k.at(-1)].flatMap((one) => {
    const before = start.report.pass_at_k.find((other) => other.k === one?.k);
    return one === undefined || before === undefined ? [] : [{ k: one.k, before: before.value, after: one.value }];
  });
  return ends.map(({ k, before, after }) => strings.measure.change(k, number(before), number(after))).join(" ");
}

function table(measurements: readonly Measurement[]): TemplateResult {
  const ks = measurements[0]?.report.pass_at_k.map((one) => one.k) ?? [];
  const newest = measurements.at(-1);
  const audited = measurements.some(({ report }) => report.audit !== undefined);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${strings.measure.caption}>
      <table>
        <caption class="unseen">
          ${strings.measure.caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${strings.measure.model}</th>
            <th scope="col">${strings.measure.policy}</th>
            <th scope="col">${strings.results.split}</th>
            ${ks.map((k) => html`<th scope="col" class="number" title=${strings.measure.define.pass}>${strings.measure.passAt(k)}</th>`)}
            ${audited ? html`<th scope="col" class="number" title=${strings.audit.define}>${strings.audit.column}</th>` : nothing}
            <th scope="col" class="number" title=${strings.measure.define.majority}>${strings.measure.majority}</th>
            <th scope="col" class="number" title=${strings.measure.define.length}>${strings.measure.length}</th>
            <th scope="col" class="number" title=${strings.measure.define.entropy}>${strings.measure.entropy}</th>
          </tr>
        </thead>
        <tbody>
          ${measurements.map(({ label, way, split, report }) => {
            const at = (k: number) => report.pass_at_k.find((one) => one.k === k)?.value;
            return html`<tr>
              <th scope="row">${label}</th>
              <td><span class="sign ${drawnAs(way)}" aria-hidden="true"></span>${way.name}</td>
              <td>${strings.results.splits[split] ?? split}</td>
              ${ks.map((k) => html`<td class="number">${number(at(k))}</td>`)}
              ${audited ? html`<td class="number">${number(report.audit)}</td>` : nothing}
              <td class="number">${number(report.majority)}</td>
              <td class="number">${number(report.mean_length)}</td>
              <td class="number">${number(report.mixture_entropy)}</td>
            </tr>`;
          })}
          ${
            newest === undefined
              ? nothing
              : html`<tr class="guessing">
                  <th scope="row">${strings.measure.guessing}</th>
                  <td></td>
                  <td>${strings.results.splits[newest.split] ?? newest.split}</td>
                  ${ks.map((k) => html`<td class="number">${number(newest.report.guessing.find((one) => one.k === k)?.value)}</td>`)}
                  <td colspan=${audited ? 4 : 3}></td>
                </tr>`
          }
        </tbody>
      </table>
    </div>
    ${
      newest === undefined
        ? nothing
        : html`<p class="quiet">
            ${strings.measure.asked(newest.report.questions, newest.report.samples)}
            ${audited ? strings.audit.define : nothing}
          </p>`
    }
  `;
}
