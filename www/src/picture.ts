// A chart as a picture to keep: an SVG with axes, names and a legend, drawn anew from the chart's numbers. No DOM, no lab.

import { ticks } from "./ticks.ts";
import { plain } from "./written.ts";

export interface PictureLine {
  name: string;
  /** A CSS colour variable. */
  colour: string;
  dash: readonly number[];
  marks: boolean;
  y: readonly (number | null)[];
  low?: readonly (number | null)[] | undefined;
  high?: readonly (number | null)[] | undefined;
}

export interface Picture {
  title: string;
  xLabel: string;
  yLabel: string;
  x: readonly number[];
  /** Over log2: each doubling is one step to the right. */
  doublings: boolean;
  /** Top of the y axis where it has a natural one. */
  top: number | undefined;
  lines: readonly PictureLine[];
  /** What guessing alone would reach: a hatched area. */
  guessing?: { name: string; y: readonly (number | null)[] } | undefined;
}

/** What a colour variable stands for where the picture is made. */
export type Ink = (variable: string) => string;

export const WIDTH = 720;
const LEFT = 64;
const RIGHT = WIDTH - 24;
const PLOT_HEIGHT = 300;
const FONT = 13;
/** Mean width of a letter of that size, generously: a legend wraps a little early rather than late. */
const LETTER = 7.2;
const SIGN = 36;
const LEGEND_LINE = 20;

interface Scales {
  top: number;
  bottom: number;
  x: (value: number) => number;
  y: (value: number) => number;
}

export function heightOf(picture: Picture): number {
  return plotTop(picture) + PLOT_HEIGHT + 56;
}

export function svgOf(picture: Picture, ink: Ink): string {
  const height = heightOf(picture);
  const scales = scalesOf(picture);
  const body = [
    `<rect width="${WIDTH}" height="${height}" fill="${ink("--panel")}"/>`,
    text(picture.title, LEFT, 30, { size: 18, weight: "bold", fill: ink("--ink") }),
    ...legend(picture, ink),
    ...axes(picture, scales, ink),
    ...guessing(picture, scales, ink),
    ...picture.lines.map((line) => band(picture, line, scales, ink)),
    ...picture.lines.map((line) => curve(picture, line, scales, ink)),
  ];
  const hatch = `<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 8L8 0" stroke="${ink("--base")}" stroke-opacity="0.7"/></pattern>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif" font-size="${FONT}" role="img" aria-label="${escaped(picture.title)}">`;
  return `${head}\n<title>${escaped(picture.title)}</title>\n<defs>${hatch}</defs>\n${body.filter((one) => one !== "").join("\n")}\n</svg>\n`;
}

// ---------------------------------------------------------------- parts

interface Entry {
  name: string;
  x: number;
  row: number;
}

/** Where each name of the legend stands: from left to right, wrapped. */
function entries({ lines, guessing: area }: Picture): Entry[] {
  const names = [...lines.map(({ name }) => name), ...(area === undefined ? [] : [area.name])];
  let [x, row] = [LEFT, 0];
  return names.map((name) => {
    const width = SIGN + name.length * LETTER + 16;
    if (x > LEFT && x + width > RIGHT) [x, row] = [LEFT, row + 1];
    const entry = { name, x, row };
    x += width;
    return entry;
  });
}

function plotTop(picture: Picture): number {
  const rows = (entries(picture).at(-1)?.row ?? 0) + 1;
  return 44 + rows * LEGEND_LINE + 16;
}

function legend(picture: Picture, ink: Ink): string[] {
  return entries(picture).map(({ name, x, row }, place) => {
    const y = 54 + row * LEGEND_LINE;
    const line = picture.lines[place];
    const sign =
      line === undefined
        ? `<rect x="${x}" y="${y - 6}" width="28" height="12" fill="url(#hatch)" stroke="${ink("--base")}"/>`
        : `<path d="M${x} ${y}h28" ${stroke(line, ink)}/>${line.marks ? mark(x + 14, y, line, ink) : ""}`;
    return sign + text(name, x + SIGN, y + 4, { fill: ink("--ink") });
  });
}

function scalesOf(picture: Picture): Scales {
  const { x, doublings, lines, guessing: area, top: wanted } = picture;
  const at = (value: number) => (doublings ? Math.log2(value) : value);
  const first = x[0] === undefined ? 0 : at(x[0]);
  const last = Math.max(first + 1, at(x.at(-1) ?? 1));
  const known = [...lines.flatMap(({ y, high = [] }) => [...y, ...high]), ...(area?.y ?? [])];
  const most = Math.max(0, ...known.filter((value) => value !== null && Number.isFinite(value)).map(Number));
  const reach = wanted === undefined ? Math.max(most * 1.1, 1e-4) : Math.max(wanted, most);
  const top = plotTop(picture);
  const bottom = top + PLOT_HEIGHT;
  return {
    top,
    bottom,
    x: (value) => LEFT + ((at(value) - first) / (last - first)) * (RIGHT - LEFT),
    y: (value) => bottom - (value / reach) * PLOT_HEIGHT,
  };
}

function axes(picture: Picture, scales: Scales, ink: Ink): string[] {
  const { x, doublings, xLabel, yLabel } = picture;
  const { top, bottom } = scales;
  const reach = PLOT_HEIGHT / (bottom - scales.y(1));
  const [quiet, line] = [ink("--ink-quiet"), ink("--line")];
  const across = doublings ? [...x] : ticks(x[0] ?? 0, x.at(-1) ?? 1, 8, true);
  const rows = ticks(0, reach, 6, false).map((value) => {
    const y = scales.y(value).toFixed(1);
    const label = text(plain(value), LEFT - 8, Number(y) + 4, { fill: quiet, anchor: "end" });
    return `<path d="M${LEFT} ${y}H${RIGHT}" stroke="${line}"/>${label}`;
  });
  const columns = across.map((value) =>
    text(plain(value), scales.x(value), bottom + 20, { fill: quiet, anchor: "middle" }),
  );
  const middle = (top + bottom) / 2;
  return [
    ...rows,
    ...columns,
    text(xLabel, (LEFT + RIGHT) / 2, bottom + 42, { fill: quiet, anchor: "middle" }),
    `<g transform="rotate(-90 16 ${middle})">${text(yLabel, 16, middle, { fill: quiet, anchor: "middle" })}</g>`,
  ];
}

type At = readonly [x: number, y: number];

/** The points that were measured; lines join across what was not. */
function measured(picture: Picture, y: readonly (number | null)[], scales: Scales): At[] {
  return picture.x.flatMap((x, place) => {
    const value = y[place];
    return value === null || value === undefined || !Number.isFinite(value)
      ? []
      : [[scales.x(x), scales.y(value)] as const];
  });
}

function path(points: readonly At[]): string {
  return points.map(([x, y], place) => `${place === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

function guessing(picture: Picture, scales: Scales, ink: Ink): string[] {
  if (picture.guessing === undefined) return [];
  const points = measured(picture, picture.guessing.y, scales);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const closed = `${path(points)}L${last[0].toFixed(1)} ${scales.bottom}L${first[0].toFixed(1)} ${scales.bottom}Z`;
  return [
    `<path d="${closed}" fill="url(#hatch)"/>`,
    `<path d="${path(points)}" fill="none" stroke="${ink("--base")}"/>`,
  ];
}

function band(picture: Picture, { low, high, colour }: PictureLine, scales: Scales, ink: Ink): string {
  if (low === undefined || high === undefined) return "";
  const [upper, lower] = [measured(picture, high, scales), measured(picture, low, scales)];
  if (upper.length === 0 || lower.length === 0) return "";
  const back = lower.toReversed().map(([x, y]) => `L${x.toFixed(1)} ${y.toFixed(1)}`);
  return `<path d="${path(upper)}${back.join("")}Z" fill="${ink(colour)}" fill-opacity="0.14"/>`;
}

function curve(picture: Picture, line: PictureLine, scales: Scales, ink: Ink): string {
  const points = measured(picture, line.y, scales);
  if (points.length === 0) return "";
  const marks = line.marks || points.length === 1 ? points.map(([x, y]) => mark(x, y, line, ink)).join("") : "";
  return `<path d="${path(points)}" ${stroke(line, ink)}/>${marks}`;
}

function stroke({ colour, dash }: PictureLine, ink: Ink): string {
  const dashes = dash.length === 0 ? "" : ` stroke-dasharray="${dash.join(" ")}"`;
  return `fill="none" stroke="${ink(colour)}" stroke-width="2"${dashes}`;
}

function mark(x: number, y: number, { colour }: PictureLine, ink: Ink): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5" fill="${ink(colour)}"/>`;
}

interface Style {
  fill: string;
  size?: number;
  weight?: string;
  anchor?: string;
}

function text(words: string, x: number, y: number, { fill, size, weight, anchor }: Style): string {
  const extra = [
    size === undefined ? "" : ` font-size="${size}"`,
    weight === undefined ? "" : ` font-weight="${weight}"`,
    anchor === undefined ? "" : ` text-anchor="${anchor}"`,
  ].join("");
  return `<text x="${Number(x.toFixed(1))}" y="${Number(y.toFixed(1))}" fill="${fill}"${extra}>${escaped(words)}</text>`;
}

export function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
