// A chart of an experiment: a line an arm with its band, and beside pass@k what guessing alone would reach (hatched).

import type uPlot from "uplot";

import type { Plotted } from "../findings.ts";
import { plain } from "../written.ts";
import { PlotElement } from "./plot.ts";
import type { Drawing } from "./plot.ts";
import { hatch } from "./pass-chart.ts";

export interface ResultData {
  plotted: Plotted;
  /** Over log2 k: each doubling of the tries is one step to the right. */
  doublings: boolean;
  /** Top of the y axis where it has a natural one; a reward may lie above it. */
  top?: number | undefined;
}

/** How strongly a band is filled, as two hexadecimal digits of opacity: bands of many arms lie on each other. */
const BAND = "24";

/** Distances between the marks of an axis that counts. */
const STEPS = [1, 2, 5].flatMap((one) => [1, 10, 100, 1000].map((scale) => one * scale)).sort((a, b) => a - b);

export class ResultChart extends PlotElement {
  #data: ResultData | undefined;

  set data(data: ResultData) {
    this.#data = data;
    this.drawSoon();
  }

  protected drawing(): Drawing | undefined {
    const data = this.#data;
    if (data === undefined || data.plotted.x.length === 0) return undefined;
    const { x, lines, guessing } = data.plotted;
    const columns: (number | null)[][] = guessing === undefined ? [] : [guessing];
    for (const { y, low, high } of lines) columns.push(y, ...(low && high ? [high, low] : []));
    const shape = JSON.stringify([data.top, x.length, lines.map(({ arm, ink, low }) => [arm, ink, low !== undefined])]);
    return { data: [data.doublings ? x.map(Math.log2) : x, ...columns], shape, options: () => this.#options(data) };
  }

  #options({ plotted, doublings, top }: ResultData): Omit<uPlot.Options, "width" | "height"> {
    const axis = this.axis();
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    if (plotted.guessing !== undefined) {
      const base = this.colour("--base");
      series.push({ stroke: base, width: 1, fill: hatch(base), points: { show: false } });
    }
    for (const { ink, low, high } of plotted.lines) {
      const stroke = this.colour(ink.colour);
      const marked = doublings || plotted.x.length < 3;
      series.push({
        stroke,
        width: 2,
        dash: [...ink.dash],
        spanGaps: true,
        points: { show: marked, size: 6, fill: stroke },
      });
      if (low === undefined || high === undefined) continue;
      const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
      bands.push({ series: [series.length, series.length + 1], fill: stroke + BAND });
      series.push(edge, edge);
    }
    return {
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: (_plot, min, max) => [min, Math.max(max, min + 1)] },
        y: { range: (_plot, _min, max) => [0, top === undefined ? Math.max(max * 1.1, 1e-4) : Math.max(top, max)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 24,
          space: 48,
          ...(doublings
            ? {
                splits: (plot: uPlot) => [...plot.data[0]],
                values: (_plot: uPlot, ticks: number[]) => ticks.map((tick) => String(Math.round(2 ** tick))),
              }
            : // Half a training step is none.
              { incrs: STEPS }),
        },
        {
          ...axis,
          size: 44,
          space: 32,
          values: (_plot, ticks) => ticks.map(plain),
        },
      ],
      series,
      bands,
    };
  }
}

customElements.define("result-chart", ResultChart);
