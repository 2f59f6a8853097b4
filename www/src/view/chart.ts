// One small chart: named series over training steps.

import type { HistoryRow } from "soft-thinking-lab";
import type uPlot from "uplot";

import type { Ink } from "../findings.ts";
import { plain } from "../written.ts";
import { stepsOf, valuesAt } from "../run-lines.ts";
import { PlotElement } from "./plot.ts";
import type { Drawing } from "./plot.ts";

export interface Series {
  key: string;
  /** A CSS colour variable. */
  colour: string;
  style: "line" | "dashed" | "marks";
}
export interface ChartData {
  series: readonly Series[];
  rows: readonly HistoryRow[];
  /** Top of the y axis where it has a natural one. */
  top?: number | undefined;
  /** A level to compare with, drawn dotted. */
  level?: number | undefined;
  /** Its numbers may be small, and need room to be written. */
  small?: boolean;
  /** Earlier runs, with the same series in inks of their own. */
  over?: readonly OverRun[] | undefined;
}
export interface OverRun {
  id: string;
  rows: readonly HistoryRow[];
  ink: Ink;
}

const NONE: readonly OverRun[] = [];
function ids({ over = NONE }: ChartData): string {
  return over.map(({ id, ink }) => id + ink.colour).join();
}

/** Of runs that go on beside this one. */
function sameRows({ over: before = NONE }: ChartData, { over = NONE }: ChartData): boolean {
  return over.every(({ rows }, index) => rows === before[index]?.rows);
}

export class MetricChart extends PlotElement {
  #data: ChartData | undefined;
  #drawn = false;

  set data(data: ChartData) {
    const before = this.#data;
    const same = before?.rows === data.rows && before.series === data.series && before.level === data.level;
    if (same && ids(before) === ids(data) && sameRows(before, data)) return;
    this.#data = data;
    this.drawSoon();
  }

  protected drawing(): Drawing | undefined {
    const data = this.#data;
    const empty = data === undefined || (data.rows.length === 0 && (data.over ?? NONE).length === 0);
    if (data === undefined || (empty && !this.#drawn)) return undefined;
    this.#drawn = true;
    const shape = data.series.map((one) => one.key + one.colour).join() + String([data.level, data.top]) + ids(data);
    return { data: columns(data), shape, options: () => this.#options(data) };
  }

  #options(data: ChartData): Omit<uPlot.Options, "width" | "height"> {
    const axis = this.axis();
    return {
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: (_plot, _min, max) => [0, Math.max(10, max)] },
        y: { range: (_plot, _min, max) => [0, data.top ?? Math.max(max * 1.1, 1e-4)] },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 24, space: 48 },
        {
          ...axis,
          size: data.small === true ? 56 : 44,
          space: 32,
          values: (_plot, ticks) => ticks.map(plain),
        },
      ],
      series: [
        {},
        ...data.series.map((one) => ({
          stroke: this.colour(one.colour),
          width: one.style === "marks" ? 2.5 : 1.5,
          ...(one.style === "dashed" ? { dash: [6, 4] } : {}),
          points: { show: one.style === "marks", size: 7, fill: this.colour(one.colour) },
          // A number measured only now and then is joined across the steps between.
          spanGaps: true,
        })),
        ...(data.over ?? NONE).flatMap(({ ink }) =>
          data.series.map(({ style }) => ({
            stroke: this.colour(ink.colour),
            width: style === "marks" ? 2.5 : 1.5,
            dash: [...ink.dash],
            points: { show: style === "marks", size: 6, fill: this.colour("--panel") },
            spanGaps: true,
          })),
        ),
        ...(data.level === undefined
          ? []
          : [{ stroke: this.colour("--base"), width: 1.5, dash: [2, 4], points: { show: false } }]),
      ],
    };
  }
}

function columns({ series, rows, level, over = NONE }: ChartData): uPlot.AlignedData {
  const x = over.length === 0 ? rows.map((row) => row.step) : stepsOf([rows, ...over.map((one) => one.rows)]);
  const measured = (of: readonly HistoryRow[]) => series.map(({ key }) => valuesAt(x, of, key));
  const own = over.length === 0 ? series.map(({ key }) => rows.map((row) => row[key] ?? null)) : measured(rows);
  const others = over.flatMap((one) => measured(one.rows));
  return [x, ...own, ...others, ...(level === undefined ? [] : [x.map(() => level)])];
}

customElements.define("metric-chart", MetricChart);
