// The live curves over epochs: a small chart a number, both arms in each, with its numbers as a table.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { HistoryRow } from "soft-thinking-lab";

import type { Picture } from "../picture.ts";
import { semantic as words } from "../strings/semantic.ts";
import "../view/chart.ts";
import type { Series } from "../view/chart.ts";
import { chartMenuOf } from "../view/disclosed.ts";
import { signOf } from "../view/line-sign.ts";
import { number } from "../written.ts";
import { INKS } from "./choices.ts";
import type { Choices } from "./choices.ts";
import type { Side } from "./state.ts";

/** Rows of a chart's table: enough to see the course. */
const ROWS_MAX = 13;

interface Spec {
  key: string;
  title: string;
  note: string;
  top?: number;
  marks?: boolean;
}

export function curvesView(
  sides: readonly Side[],
  shown: Choices["shown"],
  nameOf: (side: Side) => string,
): TemplateResult {
  const { curves } = words;
  const levels = sides[0]?.last?.levels.length ?? 3;
  const codes = sides[0]?.last?.levels[0]?.counts.length;
  const specs: Spec[] = [
    ...Array.from({ length: levels }, (_, level) => ({
      key: `${shown}_${level + 1}`,
      title: curves.effective(level + 1),
      note: curves.effectiveNote,
      ...(codes === undefined ? {} : { top: codes }),
    })),
    { key: "recall", title: curves.recall, note: curves.recallNote, marks: true },
    { key: "ndcg", title: curves.ndcg, note: curves.ndcgNote, marks: true },
    { key: "agreement", title: curves.agreement, note: curves.agreementNote, top: 1 },
    { key: "sigma", title: curves.sigma, note: curves.sigmaNote },
    { key: "moved", title: curves.moved, note: curves.movedNote, top: 1 },
    { key: "drift", title: curves.drift, note: curves.driftNote, top: 1 },
  ];
  return html`<h3>${curves.title}</h3>
    <div class="semantic-charts">${specs.map((spec) => chart(spec, sides, nameOf))}</div>`;
}

/** Made once each: the chart element tells a new shape from new points by identity. */
const made = new Map<string, Series[]>();
function seriesOf({ arm }: Side, { key, marks = false }: Spec): Series[] {
  const name = `${arm} ${key}`;
  const { colour, dash } = INKS[arm];
  const found = made.get(name) ?? [{ key, colour, style: marks ? "marks" : dash.length > 0 ? "dashed" : "line" }];
  made.set(name, found);
  return found;
}

function chart(spec: Spec, sides: readonly Side[], nameOf: (side: Side) => string): TemplateResult {
  const [first, second] = sides;
  if (first === undefined) return html``;
  const has = sides.some(({ rows }) => rows.some((row) => row[spec.key] !== undefined));
  const over = second === undefined ? [] : [{ id: second.arm, rows: second.rows, ink: INKS[second.arm] }];
  const newest = (rows: readonly HistoryRow[]) => rows.findLast((row) => row[spec.key] !== undefined)?.[spec.key];
  return html`<figure class="chart">
    <figcaption>
      <h4>${spec.title}</h4>
      ${sides.map(
        (side) =>
          html`<span class="latest"
            >${signOf(INKS[side.arm])}${nameOf(side)} <strong>${number(newest(side.rows))}</strong></span
          >`,
      )}
      ${has ? chartMenuOf(words.save, spec.title, () => pictureOf(spec, sides, nameOf)) : nothing}
    </figcaption>
    <metric-chart
      aria-hidden="true"
      .data=${{ series: seriesOf(first, spec), rows: first.rows, top: spec.top, over }}
    ></metric-chart>
    ${has ? nothing : html`<p class="waiting">${words.curves.waiting}</p>`}
    <p class="quiet">${spec.note}</p>
    ${has ? twin(spec, sides, nameOf) : nothing}
  </figure>`;
}

function pictureOf(
  { key, title, top, marks = false }: Spec,
  sides: readonly Side[],
  nameOf: (side: Side) => string,
): Picture {
  const values = sides.map(({ rows }) => new Map(rows.map((row) => [row.step, row[key]])));
  const x = [...new Set(values.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return {
    title,
    xLabel: words.curves.epoch,
    yLabel: title,
    x,
    doublings: false,
    top,
    lines: sides.map((side, place) => ({
      name: nameOf(side),
      ...INKS[side.arm],
      marks,
      y: x.map((step) => values[place]?.get(step) ?? null),
    })),
  };
}

/** The chart for those who would rather read. */
function twin({ key, title }: Spec, sides: readonly Side[], nameOf: (side: Side) => string): TemplateResult {
  const { curves } = words;
  const values = sides.map(({ rows }) => new Map(rows.map((row) => [row.step, row[key]])));
  const all = [
    ...new Set(values.flatMap((one) => [...one].flatMap(([step, value]) => (value === undefined ? [] : step)))),
  ];
  const steps = sparse(all.sort((a, b) => a - b));
  return html`<details>
    <summary>${curves.table}<span class="unseen">: ${title}</span></summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${curves.tableOf(title)}>
      <table>
        <thead>
          <tr>
            <th scope="col">${curves.epoch}</th>
            ${sides.map((side) => html`<th scope="col" class="number">${nameOf(side)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${steps.map(
            (step) =>
              html`<tr>
                <th scope="row">${step}</th>
                ${values.map((one) => html`<td class="number">${number(one.get(step))}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** Evenly, with the first and the last. */
export function sparse(steps: readonly number[]): number[] {
  if (steps.length <= ROWS_MAX) return [...steps];
  const places = Array.from({ length: ROWS_MAX }, (_, row) => Math.round((row * (steps.length - 1)) / (ROWS_MAX - 1)));
  return places.flatMap((place) => steps[place] ?? []);
}
