// The pass@k curve: the model now against the model it started as, over what guessing alone would reach (hatched).

import type { Report } from "soft-thinking-lab";
import type uPlot from "uplot";

import type { Kind } from "../ways.ts";
import { PlotElement } from "./plot.ts";
import type { Drawing } from "./plot.ts";

export interface PassCurves {
  kind: Kind;
  now: Report;
  /** The same measurement before the first step, where there is one. */
  start: Report | undefined;
}

type Points = Report["pass_at_k"];

export class PassChart extends PlotElement {
  #curves: PassCurves | undefined;

  set curves(curves: PassCurves) {
    if (this.#curves?.now === curves.now && this.#curves.start === curves.start) return;
    this.#curves = curves;
    this.drawSoon();
  }

  protected drawing(): Drawing | undefined {
    const curves = this.#curves;
    if (curves === undefined) return undefined;
    const { now, start, kind } = curves;
    const ks = now.pass_at_k.map((one) => one.k);
    const at = (points: Points | undefined) => ks.map((k) => points?.find((one) => one.k === k)?.value ?? null);
    // Over log2 k, since the k are doublings: each doubling of the tries is one step to the right.
    const data: uPlot.AlignedData = [
      ks.map((k) => Math.log2(k)),
      at(now.guessing),
      at(start?.pass_at_k),
      at(now.pass_at_k),
    ];
    return { data, shape: kind + ks.join(), options: () => this.#options(kind) };
  }

  #options(kind: Kind): Omit<uPlot.Options, "width" | "height"> {
    const axis = this.axis();
    const [base, ink] = [this.colour("--base"), this.colour(kind === "soft" ? "--soft" : "--discrete")];
    return {
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: (_plot, min, max) => [min, Math.max(max, min + 1)] }, y: { range: [0, 1] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 24,
          splits: (plot) => [...plot.data[0]],
          values: (_plot, ticks) => ticks.map((tick) => String(Math.round(2 ** tick))),
        },
        { ...axis, size: 36, space: 32 },
      ],
      series: [
        {},
        { stroke: base, width: 1, fill: hatch(base), points: { show: false } },
        { stroke: base, width: 2, dash: [2, 4], points: { show: true, size: 6, fill: this.colour("--panel") } },
        {
          stroke: ink,
          width: 2.5,
          ...(kind === "discrete" ? { dash: [6, 4] } : {}),
          points: { show: true, size: 7, fill: ink },
        },
      ],
    };
  }
}

/** Diagonal lines as a fill: grey that cannot be taken for a curve. */
export function hatch(colour: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  if (pen === null) return "transparent";
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.7;
  pen.beginPath();
  for (const offset of [-8, 0, 8]) {
    pen.moveTo(offset, 8);
    pen.lineTo(offset + 8, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat") ?? "transparent";
}

customElements.define("pass-chart", PassChart);
