// One small chart: named series over training steps. A custom element, so that the canvas outlives redraws of the page.

import type { HistoryRow } from "soft-thinking-lab";
import uPlot from "uplot";

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

const HEIGHT = 148;

export class MetricChart extends HTMLElement {
  #data: ChartData | undefined;
  #plot: uPlot | undefined;
  #shape = "";
  #due = false;
  readonly #resize = new ResizeObserver(() => {
    this.#fit();
  });
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  readonly #restyle = () => {
    this.#shape = "";
    this.#drawSoon();
  };

  set data(data: ChartData) {
    if (this.#data?.rows === data.rows && this.#data.series === data.series && this.#data.level === data.level) return;
    this.#data = data;
    this.#drawSoon();
  }

  connectedCallback(): void {
    this.#resize.observe(this);
    this.#dark.addEventListener("change", this.#restyle);
    document.addEventListener("theme", this.#restyle);
    this.#drawSoon();
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
    this.#dark.removeEventListener("change", this.#restyle);
    document.removeEventListener("theme", this.#restyle);
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#shape = "";
  }

  /** Points drawn, for tests: a canvas cannot be asked. */
  get points(): number {
    return this.#plot?.data[0].length ?? 0;
  }

  #fit(): void {
    if (this.#plot === undefined) this.#drawSoon();
    else if (this.clientWidth > 0) this.#plot.setSize({ width: this.clientWidth, height: HEIGHT });
  }

  /** In a task of its own: four charts drawn in one would hold up the page. */
  #drawSoon(): void {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      this.#draw();
    }, 0);
  }

  #draw(): void {
    const data = this.#data;
    if (data === undefined || !this.isConnected || this.clientWidth === 0) return;
    // Nothing to draw yet: the page says so in words.
    if (data.rows.length === 0 && this.#plot === undefined) return;
    const shape = data.series.map((one) => one.key + one.colour).join() + String(data.level);
    if (this.#plot === undefined || shape !== this.#shape) {
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#options(data), columns(data), this);
      this.#shape = shape;
    } else {
      this.#plot.setData(columns(data));
    }
  }

  #options(data: ChartData): uPlot.Options {
    const colour = (name: string) => getComputedStyle(this).getPropertyValue(name).trim();
    const font = `12px ${getComputedStyle(this).fontFamily}`;
    const axis = {
      stroke: colour("--ink-quiet"),
      font,
      ticks: { show: false },
      grid: { stroke: colour("--line"), width: 1 },
    };
    return {
      width: this.clientWidth,
      height: HEIGHT,
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
          stroke: colour(one.colour),
          width: one.style === "marks" ? 2.5 : 1.5,
          ...(one.style === "dashed" ? { dash: [6, 4] } : {}),
          points: { show: one.style === "marks", size: 7, fill: colour(one.colour) },
          // A number measured only now and then is joined across the steps between.
          spanGaps: true,
        })),
        ...(data.level === undefined
          ? []
          : [{ stroke: colour("--base"), width: 1.5, dash: [2, 4], points: { show: false } }]),
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
