// `<pass-at-k>`: how often a question is solved within k tries: of a published experiment, with bands, or of a model measured here.
//
// Attributes: `results` (the address of an experiment's summary, or of its pass-at-k.json, which is the part of it that is shown here;
// default: results/nano/pass-at-k.json beside the elements' own file), `task` (default: the experiment's first), `arms` (names, with spaces
// between; default "base grpo softgrpo-code"); or `live`: the figure measures `model` on `task` and `difficulty` instead, when somebody asks
// it to. And that of every figure: `engine`.

import { css, html, nothing } from "lit";
import type { PropertyDeclarations, TemplateResult } from "lit";

import type { ArmSummary, Report, Summary, TaskSummary } from "../index.js";
import { chart, chartStyle, twin } from "./chart.js";
import type { Line, Tone } from "./chart.js";
import { LabFigure } from "./figure.js";
import { beside } from "./labs.js";

/** Questions and tries of each that a model is measured with. */
const MEASURED = { questions: 64, samples: 32, k: [1, 2, 4, 8, 16, 32] };

export class PassAtK extends LabFigure {
  static override properties: PropertyDeclarations = {
    ...LabFigure.properties,
    results: {},
    task: {},
    difficulty: { type: Number },
    arms: {},
    live: { type: Boolean },
    summary: { state: true },
    measured: { state: true },
    measuring: { state: true },
  };
  static override styles = [...LabFigure.styles, chartStyle, style()];

  declare results: string | undefined;
  declare task: string | undefined;
  declare difficulty: number | undefined;
  declare arms: string;
  declare live: boolean;
  declare protected summary: Summary | undefined;
  declare protected measured: { soft: Report; discrete: Report } | undefined;
  declare protected measuring: AbortController | undefined;

  constructor() {
    super();
    this.arms = "base grpo softgrpo-code";
    this.live = false;
  }

  protected override isComputed(): boolean {
    return this.live;
  }

  protected override async begin(): Promise<void> {
    if (this.live) return;
    const address =
      this.results === undefined ? beside("results/nano/pass-at-k.json") : new URL(this.results, document.baseURI).href;
    const answer = await fetch(address, { signal: this.here });
    if (!answer.ok) throw new Error(this.words.pass.refused(address, answer.status));
    this.summary = (await answer.json()) as Summary;
  }

  readonly #measure = () =>
    void this.attempt(async () => {
      const measuring = new AbortController();
      const signal = AbortSignal.any([measuring.signal, this.here]);
      this.measuring = measuring;
      try {
        const lab = await this.lab();
        const options = {
          task: this.task ?? "chain_sum",
          ...(this.difficulty === undefined ? {} : { difficulty: this.difficulty }),
          ...MEASURED,
          signal,
        };
        const soft = await lab.evaluate({ ...options, policy: "soft" });
        const discrete = await lab.evaluate({ ...options, policy: "discrete" });
        this.measured = { soft, discrete };
        this.news = this.words.pass.measured(
          this.speech.number(soft.pass_at_1),
          this.speech.number(discrete.pass_at_1),
        );
      } finally {
        this.measuring = undefined;
      }
    });

  protected override content(): TemplateResult {
    const lines = this.live ? this.#measuredLines() : this.#publishedLines();
    const ks = lines[0]?.points.map(([x]) => x) ?? [0, 5];
    const text = (x: number) => String(Math.round(2 ** x));
    return html`
      <div class="row">${this.live ? this.#measureControl() : this.#taskControl()}</div>
      ${chart({
        speech: this.speech,
        label: this.words.pass.chart,
        lines,
        width: Math.max(240, Math.min(this.room, 760)),
        height: 320,
        // Each doubling of the tries is one step to the right.
        x: { from: ks[0] ?? 0, to: ks.at(-1) ?? 5, label: this.words.pass.tries, ticks: ks, text },
        y: this.words.pass.solved,
      })}
      <p class="said">${this.#said()}</p>
      ${lines.length === 0 ? nothing : twin(this.words.pass.solved, lines, this.words.pass.tries, this.speech, text)}
    `;
  }

  #measureControl(): TemplateResult {
    return html`<p>${this.words.pass.live}</p>
      ${
        this.measuring === undefined
          ? html`<button type="button" class="main" @click=${this.#measure}>${this.words.pass.measure}</button>`
          : html`<button
              type="button"
              @click=${() => {
                this.measuring?.abort();
              }}
            >
              ${this.words.pass.cancel}
            </button>`
      }`;
  }

  #taskControl(): TemplateResult {
    const tasks = this.summary?.tasks.filter(({ guessing }) => guessing.length > 0) ?? [];
    const chosen = this.#task();
    return html`<p class="quiet">${this.summary === undefined ? "" : this.words.pass.published(this.summary.runs)}</p>
      <label
        >${this.words.pass.task}
        <select
          ?disabled=${tasks.length === 0}
          @change=${(event: Event) => {
            this.task = (event.target as HTMLSelectElement).value;
          }}
        >
          ${tasks.map(
            ({ task, difficulty }) =>
              html`<option value=${task} .selected=${task === chosen?.task}>
                ${this.words.pass.taskName(task)} ${difficulty}
              </option>`,
          )}
        </select>
      </label>`;
  }

  #task(): TaskSummary | undefined {
    return this.summary?.tasks.find(({ task }) => task === this.task) ?? this.summary?.tasks[0];
  }

  #shownArms(): ArmSummary[] {
    const wanted = this.arms.split(/[\s,]+/);
    return this.#task()?.arms.filter(({ arm }) => wanted.includes(arm)) ?? [];
  }

  #publishedLines(): Line[] {
    const task = this.#task();
    if (task === undefined) return [];
    const lines = this.#shownArms().flatMap((arm): Line[] => {
      const at = arm.measured.findLast(({ split, mode }) => split === "held_out" && mode === "own")?.pass_at_k ?? [];
      return [
        {
          name: this.words.pass.armTitle(arm.arm, arm.title),
          tone: toneOf(arm),
          marks: true,
          points: at.map(({ k, mean }) => [Math.log2(k), mean]),
          band: at.map(({ k, low, high }) => [Math.log2(k), low, high]),
        },
      ];
    });
    return [...lines, guessing(this.words.pass.guessing, task.guessing)];
  }

  #measuredLines(): Line[] {
    const { measured } = this;
    if (measured === undefined) return [];
    const line = (kind: "soft" | "discrete"): Line => ({
      name: this.words.kinds[kind],
      tone: kind,
      marks: true,
      points: measured[kind].pass_at_k.map(({ k, value }) => [Math.log2(k), value]),
    });
    return [
      line("soft"),
      line("discrete"),
      guessing(
        this.words.pass.guessing,
        measured.soft.guessing.map(({ k, value }) => [k, value]),
      ),
    ];
  }

  /** What the summary says of the two trained arms at the largest k, and whether that can be told from nothing. */
  #said(): string {
    const task = this.#task();
    if (this.live || task === undefined) return "";
    const [soft, other] = [this.#shownArms().find((arm) => toneOf(arm) === "soft"), "grpo"];
    const k = Math.max(...task.guessing.map(([k]) => k));
    const found = task.contrasts.find(
      (one) => one.a === soft?.arm && one.b === other && one.split === "held_out" && one.k === k,
    );
    if (found === undefined || soft === undefined) return "";
    const { mean, low, high } = found;
    const { fixed, signed, interval } = this.speech;
    const clear = low > 0 || high < 0;
    return this.words.pass.contrast(
      this.words.pass.armTitle(soft.arm, soft.title),
      k,
      signed(mean, 3),
      interval(fixed(low, 3), fixed(high, 3)),
      clear,
    );
  }
}

function toneOf({ arm, curve }: ArmSummary): Tone {
  return curve.length === 0 ? "base" : arm === "grpo" ? "discrete" : "soft";
}

function guessing(name: string, points: readonly (readonly [k: number, value: number])[]): Line {
  return { name, tone: "guessing", points: points.map(([k, value]) => [Math.log2(k), value]) };
}

function style() {
  return css`
    :host {
      --least-height: 520px;
    }
    .chart {
      min-height: 352px;
    }
    .said {
      min-height: 48px;
    }
  `;
}

customElements.define("pass-at-k", PassAtK);
