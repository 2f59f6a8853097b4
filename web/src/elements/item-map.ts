// Items as points on the two principal axes of their vectors, in the colour of their first code, with the codewords among them; who
// changed codes in the last epoch is seen to go, led to the new codeword by a line, or ringed. Its twin is a table.

import { css, html, nothing, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";

import type { SemanticScene, SemanticSnapshot } from "../index.js";
import type { Speech } from "./speech.js";

export type Shown = "nearest" | "kept";

type Point = readonly [number, number];

const HEIGHT_MAX = 420;
const EDGE = 14;
const RING = 5;
/** A move to another code, from the old codeword to the new one: shorter than an epoch. */
const MOVE_MS = 600;
/** More dots at once are a cloud, and slow. */
const MOVERS_MAX = 250;
/** Rows of the table; more make a page slow and are read by nobody. */
const ROWS_MAX = 500;

export interface Mapped {
  scene: SemanticScene;
  now: SemanticSnapshot;
  /** The epoch before, where there was one. */
  before: SemanticSnapshot | undefined;
  shown: Shown;
}

/** The codes of an item, of the kind that is shown. */
function codesOf(snapshot: SemanticSnapshot, shown: Shown): readonly number[] {
  return shown === "kept" ? snapshot.ids : snapshot.nearest;
}

/** Of each item the first level at which its code changed since the epoch before; undefined: none did. */
function changes({ scene, now, before, shown }: Mapped): (number | undefined)[] {
  const { items, levels } = scene;
  if (before === undefined) return new Array<undefined>(items).fill(undefined);
  const [codes, old] = [codesOf(now, shown), codesOf(before, shown)];
  return Array.from({ length: items }, (_, item) => {
    const at = Array.from({ length: levels }, (_, level) => level).find(
      (level) => codes[item * levels + level] !== old[item * levels + level],
    );
    return at;
  });
}

/** In its own hue, every other one a little lighter: neighbours in number are told apart. */
function ink(code: number, codes: number): string {
  const hue = Math.round((code * 360) / codes);
  const lift = code % 2 === 0 ? 0 : 0.08;
  return `light-dark(oklch(${(0.55 + lift).toFixed(2)} 0.14 ${hue}), oklch(${(0.72 + lift).toFixed(2)} 0.13 ${hue}))`;
}

/** How large the map is, and where on it a point lies. */
function layout({ scene, now }: Mapped, room: number) {
  const width = Math.max(240, room);
  const height = Math.min(HEIGHT_MAX, Math.round(width * 0.7));
  const words = now.words[0] ?? [];
  return { width, height, words, place: placing([...scene.points, ...words], width, height) };
}

export function itemMap(mapped: Mapped, room: number, speech: Speech): TemplateResult {
  const { scene, now, shown, before } = mapped;
  const { items, levels, codes, points } = scene;
  const { map } = speech.words.semantic;
  const { width, height, words, place } = layout(mapped, room);
  const of = codesOf(now, shown);
  const moved = changes(mapped);
  const paths = new Array<string>(codes).fill("");
  let [lines, rings] = ["", ""];
  points.forEach((point, item) => {
    const code = of[item * levels] ?? 0;
    const [x, y] = place(point);
    paths[code] = `${paths[code] ?? ""}M${x} ${y}h0`;
    const level = moved[item];
    const word = words[code];
    if (level === undefined) return;
    if (level > 0 || word === undefined) rings += ring(x, y);
    else lines += `M${x} ${y}L${place(word).join(" ")}`;
  });
  const changed = moved.filter((level) => level !== undefined).length;
  const first = moved.filter((level) => level === 0).length;
  return html`
    <div class="map">
      <svg role="img" aria-label=${map.label} width=${width} height=${height} data-changed=${changed}>
        <path class="lines" d=${lines} />
        ${paths.map((path, code) => (path === "" ? nothing : svg`<path class="items" d=${path} stroke=${ink(code, codes)} />`))}
        <path class="rings" d=${rings} />
        ${words.map((word, code) => codeword(place(word), code, paths[code] === ""))}
        <g class="movers"></g>
      </svg>
      <p class="changed">
        ${before === undefined ? map.start(items) : map.changed(changed, items, speech.percent(changed / items), first)}
      </p>
      <p class="quiet">${map.note}</p>
    </div>
  `;
}

/** Where the codes of an item say that it is, down to a level: a codeword, and the steps from it. */
function said(snapshot: SemanticSnapshot, codes: readonly number[], item: number, levels: number, deep: number): Point {
  let [x, y] = [0, 0];
  for (let level = 0; level <= deep; level += 1) {
    const [dx, dy] = snapshot.words[level]?.[codes[item * levels + level] ?? 0] ?? [0, 0];
    [x, y] = [x + dx, y + dy];
  }
  return [x, y];
}

/**
 * Lets a dot go for each item that changed codes: where the first code changed, from the old codeword by way of the item to the new one, in
 * the colours of the two; else from the place that the old codes say to that of the new. Rings come up. `map` is what `itemMap` drew of the
 * same. Nothing moves where the browser is asked for less motion, or nobody looks.
 */
export function animateMoves(map: SVGSVGElement, mapped: Mapped, room: number): void {
  const { scene, now, before, shown } = mapped;
  const layer = map.querySelector(".movers");
  if (layer === null || before === undefined) return;
  layer.replaceChildren();
  if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const { levels, codes, points } = scene;
  const { place } = layout(mapped, room);
  const [is, was] = [codesOf(now, shown), codesOf(before, shown)];
  const at = (point: Point) => {
    const [x, y] = place(point);
    return `translate(${x}px, ${y}px)`;
  };
  const going = changes(mapped).flatMap((level, item) => (level === undefined ? [] : [{ level, item }]));
  // Those that go far first: they are the ones to be seen.
  going.sort((a, b) => a.level - b.level);
  for (const { level, item } of going.slice(0, MOVERS_MAX)) {
    const [old, code] = [was, is].map((all) => ink(all[item * levels] ?? 0, codes));
    const deep = level === 0 ? 0 : levels - 1;
    const [from, via, to] = [said(before, was, item, levels, deep), points[item], said(now, is, item, levels, deep)];
    const way = [
      { transform: at(from), fill: old },
      ...(level > 0 || via === undefined
        ? []
        : [
            { transform: at(via), fill: old, offset: 0.4 },
            { transform: at(via), fill: code, offset: 0.6 },
          ]),
      { transform: at(to), fill: code },
    ];
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("r", level === 0 ? "4.5" : "3");
    layer.append(dot);
    dot.animate(way, { duration: MOVE_MS, easing: "ease-in-out" }).onfinish = () => {
      dot.remove();
    };
  }
  map.querySelector(".rings")?.animate([{ opacity: 0 }, { opacity: 1 }], { duration: MOVE_MS, easing: "ease-out" });
}

function codeword([x, y]: readonly [number, number], code: number, dead: boolean): SVGTemplateResult {
  return svg`<text class=${dead ? "word off" : "word"} x=${x} y=${y + 4} text-anchor="middle">${dead ? "×" : ""}${code}</text>`;
}

function ring(x: number, y: number): string {
  return `M${x - RING} ${y}a${RING} ${RING} 0 1 0 ${2 * RING} 0a${RING} ${RING} 0 1 0 ${-2 * RING} 0`;
}

/** The same scale both ways: distances are what they are. */
function placing(
  all: readonly (readonly [number, number])[],
  width: number,
  height: number,
): (point: readonly [number, number]) => [number, number] {
  const xs = all.map(([x]) => x).filter(Number.isFinite);
  const ys = all.map(([, y]) => y).filter(Number.isFinite);
  const range = (values: number[]) => {
    const [low, high] = values.reduce(([a, b], one) => [Math.min(a, one), Math.max(b, one)], [Infinity, -Infinity]);
    return { middle: (low + high) / 2, size: Math.max(high - low, 1e-9) };
  };
  const [x, y] = [range(xs), range(ys)];
  const scale = Math.min((width - 2 * EDGE) / x.size, (height - 2 * EDGE) / y.size);
  const tenth = (value: number) => Math.round(value * 10) / 10;
  return ([px, py]) => [tenth(width / 2 + (px - x.middle) * scale), tenth(height / 2 - (py - y.middle) * scale)];
}

/** `of`: the arm, which tells one figure's tables from another's. */
export function itemTable(mapped: Mapped, of: string, speech: Speech): TemplateResult {
  const { scene, now, shown } = mapped;
  const { items, levels, names } = scene;
  const { words } = speech;
  const { map } = words.semantic;
  const all = codesOf(now, shown);
  const moved = changes(mapped);
  const rows = Array.from({ length: Math.min(items, ROWS_MAX) }, (_, item) => item);
  return html`
    <div class="scroll tall" tabindex="0" role="region" aria-label=${words.chart.tableOf(`${map.table}, ${of}`)}>
      <table class="items">
        <thead>
          <tr>
            <th scope="col">${map.item}</th>
            <th scope="col">${map.id}</th>
            <th scope="col">${map.moved}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (item) =>
              html`<tr>
                <th scope="row">${names[item]}</th>
                <td class="token">${all.slice(item * levels, (item + 1) * levels).join(" ")}</td>
                <td>${moved[item] === undefined ? nothing : map.yes}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${rows.length === items ? nothing : html`<p class="quiet">${map.more(rows.length, items)}</p>`}
  `;
}

export const itemMapStyle = css`
  .map {
    display: grid;
    gap: 4px;
  }
  .map svg {
    display: block;
    max-width: 100%;
  }
  .map path {
    fill: none;
    stroke-linecap: round;
  }
  .map .items {
    stroke-width: 6;
  }
  .map .movers circle {
    stroke: var(--ink);
    stroke-width: 1;
  }
  .map .lines {
    stroke: var(--ink-quiet);
    stroke-width: 1;
    opacity: 0.55;
  }
  .map .rings {
    stroke: var(--ink);
    stroke-width: 1.25;
  }
  .map .word {
    font-size: 13px;
    font-weight: 700;
    fill: var(--ink);
    stroke: var(--paper);
    stroke-width: 4;
    paint-order: stroke;
  }
  .map .word.off {
    fill: var(--discrete-ink);
    font-weight: 400;
  }
  .map .changed {
    font-size: 14px;
  }
`;
