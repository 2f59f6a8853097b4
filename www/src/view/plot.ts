// A uPlot canvas as a custom element: it outlives redraws of the page, follows its width and the theme. What is drawn is its heirs' business.

import uPlot from "uplot";

export interface Drawing {
  data: uPlot.AlignedData;
  /** The same shape takes new points; another one is built anew. */
  shape: string;
  options: () => Omit<uPlot.Options, "width" | "height">;
}

export abstract class PlotElement extends HTMLElement {
  #plot: uPlot | undefined;
  #shape = "";
  #due = false;
  readonly #resize = new ResizeObserver(() => {
    this.#fit();
  });
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  readonly #restyle = () => {
    this.#shape = "";
    this.drawSoon();
  };

  /** What to draw now; undefined where there is nothing yet and the page says so in words. */
  protected abstract drawing(): Drawing | undefined;

  connectedCallback(): void {
    this.#resize.observe(this);
    this.#dark.addEventListener("change", this.#restyle);
    document.addEventListener("theme", this.#restyle);
    this.drawSoon();
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

  /** In a task of its own: several charts drawn in one would hold up the page. */
  protected drawSoon(): void {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => {
      this.#due = false;
      this.#draw();
    }, 0);
  }

  /** A colour of the theme. */
  protected colour(name: string): string {
    return getComputedStyle(this).getPropertyValue(name).trim();
  }

  /** What the axes of all charts have in common. */
  protected axis(): uPlot.Axis {
    return {
      stroke: this.colour("--ink-quiet"),
      font: `12px ${getComputedStyle(this).fontFamily}`,
      ticks: { show: false },
      grid: { stroke: this.colour("--line"), width: 1 },
    };
  }

  #fit(): void {
    if (this.#plot === undefined) this.drawSoon();
    else if (this.clientWidth > 0) this.#plot.setSize({ width: this.clientWidth, height: this.clientHeight });
  }

  #draw(): void {
    if (!this.isConnected || this.clientWidth === 0) return;
    const drawing = this.drawing();
    if (drawing === undefined) return;
    if (this.#plot === undefined || drawing.shape !== this.#shape) {
      this.#plot?.destroy();
      const size = { width: this.clientWidth, height: this.clientHeight };
      this.#plot = new uPlot({ ...drawing.options(), ...size }, drawing.data, this);
      this.#shape = drawing.shape;
    } else {
      this.#plot.setData(drawing.data);
    }
  }
}
