// The code-book as a heat map: a row of cells a level, a cell a code, darker the more items it has. A code without items is struck
// through, so that colour is not all that tells it. Its twin is a table.

import { css, html, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";

import type { SemanticLevel } from "../index.js";
import type { Speech } from "./speech.js";

/** Pixels of a cell from side to side: fewer cannot be told apart, more look empty. */
const CELL_MIN = 14;
const CELL_MAX = 40;
const CELL_HEIGHT = 30;
const GAP = 2;

/** `levels`: each with its items per code. `width`: pixels there are. */
export function codeBook(levels: readonly SemanticLevel[], width: number, speech: Speech): TemplateResult {
  const words = speech.words.semantic.book;
  const most = Math.max(1, ...levels.flatMap(({ counts }) => counts));
  return html`
    <div class="book">
      ${levels.map((level, index) => {
        const { counts } = level;
        return html`<p class="level">${levelTitle(levels, index, speech)}</p>
          ${row(counts, { level: index + 1, width, most, speech })}`;
      })}
      <p class="key quiet">
        <span>${words.few}</span>
        <svg width="96" height="14" aria-hidden="true">
          ${[0.1, 0.4, 0.7, 1].map(
            (share, place) => svg`<rect x=${place * 24} width="22" height="14" fill=${shade(share)} />`,
          )}
        </svg>
        <span>${words.many}</span>
        <svg width="22" height="14" aria-hidden="true">${dead(0, 0, 22, 14)}</svg>
        <span>${words.none}</span>
      </p>
    </div>
  `;
}

/** What stands over a level's row. */
export function levelTitle(levels: readonly SemanticLevel[], index: number, { words, fixed }: Speech): string {
  const level = levels[index];
  if (level === undefined) return "";
  const { used, counts, effective_codes } = level;
  return words.semantic.book.level(index + 1, used, counts.length, fixed(effective_codes, 1));
}

interface Row {
  level: number;
  width: number;
  most: number;
  speech: Speech;
}

function row(counts: readonly number[], { level, width, most, speech }: Row): TemplateResult {
  const words = speech.words.semantic.book;
  const across = Math.max(1, Math.min(counts.length, Math.floor(width / CELL_MIN)));
  const cell = Math.max(CELL_MIN, Math.min(CELL_MAX, width / across));
  const lines = Math.ceil(counts.length / across);
  const label = `${words.label}. ${words.levelShort(level)}`;
  return html`<svg
    class="codes"
    role="img"
    aria-label=${label}
    width=${across * cell}
    height=${lines * CELL_HEIGHT}
    data-level=${level}
  >
    ${counts.map((items, code) => {
      const x = (code % across) * cell;
      const y = Math.floor(code / across) * CELL_HEIGHT;
      const [wide, high] = [cell - GAP, CELL_HEIGHT - GAP];
      const share = Math.sqrt(items / most);
      return svg`<g data-items=${items}>
        <title>${words.cell(level, code, items)}</title>
        ${
          items === 0
            ? dead(x, y, wide, high)
            : svg`<rect x=${x} y=${y} width=${wide} height=${high} fill=${shade(share)} />
              ${cell < 24 ? svg`` : svg`<text class=${share > 0.55 ? "on" : ""} x=${x + wide / 2} y=${y + high / 2 + 4} text-anchor="middle">${items}</text>`}`
        }
      </g>`;
    })}
  </svg>`;
}

/** The ground of a table's cell is paper: few items are a little more than that. */
function shade(share: number): string {
  return `color-mix(in oklab, var(--soft) ${Math.round(12 + 88 * share)}%, var(--paper))`;
}

function dead(x: number, y: number, width: number, height: number): SVGTemplateResult {
  return svg`<rect class="dead" x=${x + 0.5} y=${y + 0.5} width=${width - 1} height=${height - 1} />
    <path class="dead" d="M${x + 3} ${y + 3}L${x + width - 3} ${y + height - 3}M${x + width - 3} ${y + 3}L${x + 3} ${y + height - 3}" />`;
}

/** `of`: the arm, which tells one figure's tables from another's. */
export function codeBookTable(levels: readonly SemanticLevel[], of: string, { words }: Speech): TemplateResult {
  const { book } = words.semantic;
  const codes = levels[0]?.counts.length ?? 0;
  return html`
    <details>
      <summary>${book.table}</summary>
      <div class="scroll tall" tabindex="0" role="region" aria-label=${words.chart.tableOf(`${book.table}, ${of}`)}>
        <table class="counts">
          <thead>
            <tr>
              <th scope="col">${book.code}</th>
              ${levels.map((_, index) => html`<th scope="col" class="number">${book.levelShort(index + 1)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${Array.from(
              { length: codes },
              (_, code) =>
                html`<tr>
                  <th scope="row">${code}</th>
                  ${levels.map(({ counts }) => html`<td class="number">${counts[code]}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  `;
}

export const codeBookStyle = css`
  .book {
    display: grid;
    gap: 4px;
    justify-items: start;
  }
  .book .level {
    font-size: 14px;
  }
  .book .level:not(:first-child) {
    margin-top: 8px;
  }
  .codes {
    display: block;
    max-width: 100%;
  }
  .codes text {
    font-size: 12px;
    fill: var(--ink);
  }
  .codes text.on {
    fill: var(--on-soft);
  }
  .dead {
    fill: none;
    stroke: var(--discrete);
    stroke-width: 1.5;
  }
  rect.dead {
    stroke-dasharray: 3 3;
  }
  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    margin-top: 8px;
  }
`;
