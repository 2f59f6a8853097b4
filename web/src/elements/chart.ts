// A small line chart as SVG: it takes its colours from CSS, so that a theme or a page's own properties need no redrawing. Lines differ in
// colour, dashes and marks, each named at its end or in a legend; its twin is a table.

import { css, html, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";

import type { Speech } from "./speech.js";

export type Tone = "soft" | "discrete" | "base" | "guessing";

export interface Line {
  name: string;
  tone: Tone;
  /** Measured points; without marks they are joined only. */
  points: readonly (readonly [x: number, y: number])[];
  marks?: boolean;
  /** A thin line for numbers that jump. */
  thin?: boolean;
  band?: readonly (readonly [x: number, low: number, high: number])[];
}

export interface Chart {
  speech: Speech;
  /** What it shows, for those who hear it. */
  label: string;
  lines: readonly Line[];
  /** From side to side, pixels. */
  width: number;
  height?: number;
  x: { from: number; to: number; label: string; ticks: readonly number[]; text?: (tick: number) => string };
  /** From 0 to 1. */
  y: string;
}

const LEFT = 40;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 36;
const LEVELS = [0, 0.25, 0.5, 0.75, 1];

export function chart({ speech, label, lines, width, height = 260, x, y }: Chart): TemplateResult {
  const right = Math.max(width - RIGHT, LEFT + 1);
  const bottom = height - BOTTOM;
  const across = (value: number) => LEFT + ((value - x.from) / Math.max(x.to - x.from, 1e-9)) * (right - LEFT);
  const up = (value: number) => bottom - Math.max(0, Math.min(1, value)) * (bottom - TOP);
  const path = (points: readonly (readonly [number, number])[]) =>
    points.map(([px, py], index) => `${index === 0 ? "M" : "L"}${across(px).toFixed(1)} ${up(py).toFixed(1)}`).join("");
  const text = x.text ?? speech.plain;
  return html`
    <div class="chart">
      <svg width=${width} height=${height} role="img" aria-label=${label}>
        <defs>
          <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="8" class="hatch" />
          </pattern>
        </defs>
        ${LEVELS.map(
          (level) => svg`<line class="grid" x1=${LEFT} x2=${right} y1=${up(level)} y2=${up(level)} />
            <text x=${LEFT - 6} y=${up(level) + 4} text-anchor="end">${speech.plain(level)}</text>`,
        )}
        ${x.ticks.map((tick) => svg`<text x=${across(tick)} y=${bottom + 16} text-anchor="middle">${text(tick)}</text>`)}
        <text x=${(LEFT + right) / 2} y=${height - 4} text-anchor="middle">${x.label}</text>
        ${lines.map((line) => drawn(line, path, across, up))}
      </svg>
      <p class="legend">
        <span class="quiet">${y}:</span>
        ${lines.map(
          ({ name, tone, thin }) =>
            html`<span class=${tone}
              ><svg width="28" height="12" aria-hidden="true">
                ${
                  tone === "guessing"
                    ? svg`<rect width="28" height="12" fill="url(#hatch)" />`
                    : svg`<line class="line ${thin === true ? "thin" : ""}" x1="0" x2="28" y1="6" y2="6" />${mark(tone, 14, 6)}`
                }</svg
              >${name}</span
            >`,
        )}
      </p>
    </div>
  `;
}

function drawn(
  { tone, points, marks = false, thin = false, band }: Line,
  path: (points: readonly (readonly [number, number])[]) => string,
  across: (x: number) => number,
  up: (y: number) => number,
): SVGTemplateResult {
  if (tone === "guessing") {
    const last = points.at(-1);
    const first = points[0];
    if (first === undefined || last === undefined) return svg``;
    return svg`<path class="ceiling" d="${path([[first[0], 0], ...points, [last[0], 0]])}Z" fill="url(#hatch)" data-points=${points.length} />`;
  }
  const around =
    band === undefined || band.length === 0
      ? ""
      : path([
          ...band.map(([x, , high]) => [x, high] as const),
          ...[...band].reverse().map(([x, low]) => [x, low] as const),
        ]) + "Z";
  return svg`<g class=${tone} data-points=${points.length}>
    ${around === "" ? nothing : svg`<path class="band" d=${around} />`}
    <path class="line ${thin ? "thin" : ""}" d=${path(points)} />
    ${marks ? points.map(([px, py]) => mark(tone, across(px), up(py))) : nothing}
  </g>`;
}

/** A form of its own for each, so that hue is not all that tells them apart. */
function mark(tone: Tone, x: number, y: number): SVGTemplateResult {
  if (tone === "discrete") return svg`<rect class="mark" x=${x - 3.5} y=${y - 3.5} width="7" height="7" />`;
  if (tone === "base") return svg`<path class="mark" d="M${x} ${y - 5}l5 9h-10z" />`;
  return svg`<circle class="mark" cx=${x} cy=${y} r="4" />`;
}

/** The chart's numbers as a table: one row an x, one column a line. */
export function twin(
  what: string,
  lines: readonly Line[],
  xLabel: string,
  { words, number, plain }: Speech,
  text: (x: number) => string = plain,
): TemplateResult {
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  return html`
    <details>
      <summary>${words.chart.table}</summary>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${words.chart.tableOf(what)}>
        <table>
          <thead>
            <tr>
              <th scope="col">${xLabel}</th>
              ${lines.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${xs.map(
              (x) =>
                html`<tr>
                  <th scope="row">${text(x)}</th>
                  ${lines.map(({ points, band }) => {
                    const around = band?.find(([at]) => at === x);
                    const value = number(points.find(([at]) => at === x)?.[1]);
                    return html`<td class="number">
                      ${value}${around === undefined ? nothing : ` [${number(around[1])}, ${number(around[2])}]`}
                    </td>`;
                  })}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}

export const chartStyle = css`
  .chart {
    min-height: 300px;
  }
  .chart svg {
    display: block;
    max-width: 100%;
    overflow: visible;
  }
  .chart text {
    fill: var(--ink-quiet);
    font-size: 12px;
  }
  .grid {
    stroke: var(--line);
  }
  .hatch {
    stroke: var(--base);
    stroke-width: 1.5;
    opacity: 0.7;
  }
  .line {
    fill: none;
    stroke: var(--tone);
    stroke-width: 2.5;
  }
  .line.thin {
    stroke-width: 1.25;
    opacity: 0.7;
  }
  .mark {
    fill: var(--tone);
  }
  .band {
    fill: var(--tone);
    opacity: 0.14;
  }
  .chart .soft {
    --tone: var(--soft);
  }
  .chart .discrete {
    --tone: var(--discrete);
  }
  .chart .discrete .line {
    stroke-dasharray: 6 4;
  }
  .chart .base {
    --tone: var(--base);
  }
  .chart .base .line {
    stroke-dasharray: 2 4;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    max-width: none;
    font-size: 14px;
  }
  .legend > span {
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .tall {
    max-height: 320px;
    overflow-y: auto;
  }
`;
