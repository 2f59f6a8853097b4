// One small chart: named series over training steps.

import type { HistoryRow } from "soft-thinking-lab";
import type uPlot from "uplot";

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
}

export class MetricChart extends PlotElement {
  #data: ChartData | undefined;
  #drawn = false;

  set data(data: ChartData) {
    if (this.#data?.rows === data.rows && this.#data.series === data.series && this.#data.level === data.level) return;
    this.#data = data;
    this.drawSoon();
  }

  protected drawing(): Drawing | undefined {
    const data = this.#data;
    if (data === undefined || (data.rows.length === 0 && !this.#drawn)) return undefined;
    this.#drawn = true;
    const shape = data.series.map((one) => one.key + one.colour).join() + String(data.level);
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
          size: 44,
          space: 32,
          values: (_plot, ticks) => ticks.map((tick) => String(Number(tick.toPrecision(3)))),
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
        ...(data.level === undefined
          ? []
          : [{ stroke: this.colour("--base"), width: 1.5, dash: [2, 4], points: { show: false } }]),
      ],
    };
  }
}

function columns({ series, rows, level }: ChartData): uPlot.AlignedData {
  const x = rows.map((row) => row.step);
  const measured = series.map((one) => rows.map((row) => row[one.key] ?? null));
  return [x, ...measured, ...(level === undefined ? [] : [rows.map(() => level)])];
}

customElements.define("metric-chart", MetricChart);
