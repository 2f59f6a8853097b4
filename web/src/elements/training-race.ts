// `<training-race>`: SofT-GRPO against GRPO, live, from the same model and seed, a step each in turn in the page's one worker.
//
// Attributes: `task` (default "chain_sum"), `difficulty`, `seed` (default 1), `max-steps` (default 40), and those of every figure: `model`,
// `engine`.

import { css, html, nothing } from "lit";
import type { PropertyDeclarations, TemplateResult } from "lit";

import type { Objective, Run } from "../index.js";
import { chart, chartStyle, twin } from "./chart.js";
import type { Line } from "./chart.js";
import { LabFigure } from "./figure.js";
import { stored } from "./stored.js";
import type { Kind } from "./strip.js";

const RACERS: readonly { kind: Kind; objective: Objective }[] = [
  { kind: "soft", objective: "soft_grpo" },
  { kind: "discrete", objective: "grpo" },
];
/** Steps between two measurements on held-out questions. */
const EVAL_EVERY = 10;
/** Pause between two drawings of the curves. */
const DRAW_EVERY_MS = 250;

export interface Track {
  reward: [step: number, value: number][];
  /** Held-out pass@1. */
  passed: [step: number, value: number][];
}
type Phase = "idle" | "running" | "paused" | "done" | "stopped";

export class TrainingRace extends LabFigure {
  static override properties: PropertyDeclarations = {
    ...LabFigure.properties,
    task: {},
    difficulty: { type: Number },
    seed: { type: Number },
    maxSteps: { type: Number, attribute: "max-steps" },
    phase: { state: true },
    tracks: { state: true },
    left: { state: true },
  };
  static override styles = [...LabFigure.styles, chartStyle, style()];

  declare task: string;
  declare difficulty: number | undefined;
  declare seed: number;
  declare maxSteps: number;
  declare protected phase: Phase;
  declare protected tracks: Record<Kind, Track>;
  /** Seconds until both are done, as far as can be told. */
  declare protected left: number | undefined;
  #runs: Run[] = [];
  /** What the runs have told so far; `tracks` is what of it is drawn. */
  #taken = empty();
  #due: ReturnType<typeof setTimeout> | undefined;
  /** Time that both trained, without pauses, and since when they have. */
  #trained = { ms: 0, since: 0 };

  constructor() {
    super();
    this.task = "chain_sum";
    this.seed = 1;
    this.maxSteps = 40;
    this.phase = "idle";
    this.tracks = empty();
  }

  protected override showStored(): boolean {
    if (this.task !== "chain_sum" || this.difficulty !== undefined || this.seed !== 1 || this.maxSteps !== 40)
      return false;
    this.tracks = stored.race.tracks;
    return true;
  }

  /** Nothing is fetched or trained before somebody starts it. */
  protected override begin(): Promise<void> {
    return Promise.resolve();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#due);
    this.phase = "idle";
  }

  readonly #start = () => void this.attempt(() => this.#race());

  async #race(): Promise<void> {
    this.phase = "running";
    this.stored = false;
    this.#taken = empty();
    this.#draw();
    this.left = undefined;
    this.disposeOwn();
    try {
      const labs = [await this.freshLab(), await this.freshLab()];
      this.#trained = { ms: 0, since: performance.now() };
      this.#runs = RACERS.map(({ objective, kind }, index) => {
        const lab = labs[index];
        if (lab === undefined) throw new Error(this.words.race.noLab);
        const config = {
          task: this.task,
          ...(this.difficulty === undefined ? {} : { difficulty: this.difficulty }),
          objective,
          max_steps: this.maxSteps,
          seed: this.seed,
          eval_steps: EVAL_EVERY,
          collapse_watch: false,
        };
        return lab.train(config, {
          signal: this.here,
          onEvent: (event) => {
            if (event.type === "started") this.#note(kind, 0, undefined, event.start["val/pass@1"]);
            if (event.type !== "metrics") return;
            const { step, reward, "val/pass@1": passed } = event.metrics;
            this.#note(kind, step, reward, passed);
          },
        });
      });
      const ends = await Promise.all(this.#runs.map((run) => run.finished));
      this.#draw();
      this.phase = ends.every(({ reason }) => reason === "finished") ? "done" : "stopped";
      this.news = this.#words();
    } catch (thrown) {
      this.phase = "idle";
      throw thrown;
    } finally {
      this.#runs = [];
      this.disposeOwn();
    }
  }

  #note(kind: Kind, step: number, reward: number | undefined, passed: number | undefined): void {
    const track = this.#taken[kind];
    if (reward !== undefined) track.reward.push([step, reward]);
    if (passed !== undefined) track.passed.push([step, passed]);
    this.#due ??= setTimeout(this.#draw, DRAW_EVERY_MS);
  }

  /** Steps come faster than an eye follows: several are drawn at once, and the page's thread stays free. */
  readonly #draw = () => {
    clearTimeout(this.#due);
    this.#due = undefined;
    const { soft, discrete } = this.#taken;
    this.tracks = { soft, discrete };
    const done = soft.reward.length + discrete.reward.length;
    if (done === 0 || this.phase !== "running") return;
    const ms = this.#trained.ms + performance.now() - this.#trained.since;
    this.left = (ms / done / 1000) * (RACERS.length * this.maxSteps - done);
  };

  readonly #pause = () => {
    for (const run of this.#runs) run.pause();
    this.#trained.ms += performance.now() - this.#trained.since;
    this.phase = "paused";
    this.news = this.words.race.paused;
  };

  readonly #resume = () => {
    for (const run of this.#runs) run.resume();
    this.#trained.since = performance.now();
    this.phase = "running";
  };

  readonly #stop = () => {
    for (const run of this.#runs) run.stop();
  };

  protected override content(): TemplateResult {
    const going = this.phase === "running" || this.phase === "paused";
    const lines = this.#lines();
    const every = Math.max(1, Math.ceil(this.maxSteps / 4));
    return html`
      <div class="row">
        <p class="words">${this.#words()}</p>
        ${
          going
            ? html`<button
                  type="button"
                  class="main"
                  ?disabled=${this.#runs.length === 0}
                  @click=${this.phase === "paused" ? this.#resume : this.#pause}
                >
                  ${this.phase === "paused" ? this.words.race.resume : this.words.race.pause}
                </button>
                <button type="button" ?disabled=${this.#runs.length === 0} @click=${this.#stop}>
                  ${this.words.race.stop}
                </button>`
            : html`<button type="button" class="main" @click=${this.#start}>
                ${this.phase === "idle" ? this.words.race.start : this.words.race.again}
              </button>`
        }
      </div>
      <div class="charts">
        ${this.#chart(this.words.race.reward, lines.reward, every)}
        ${this.#chart(this.words.race.passed, lines.passed, every)}
      </div>
      ${
        lines.reward.some(({ points }) => points.length > 0)
          ? twin(
              `${this.words.race.reward}, ${this.words.race.passed}`,
              [...lines.reward, ...lines.passed],
              this.words.race.step,
              this.speech,
            )
          : nothing
      }
    `;
  }

  #chart(y: string, lines: readonly Line[], every: number): TemplateResult {
    const wide = this.room > 720;
    const ticks = Array.from({ length: 5 }, (_, index) => index * every).filter((tick) => tick <= this.maxSteps);
    return chart({
      speech: this.speech,
      label: this.words.race.chart(y),
      lines: lines.map((line) => ({ ...line, name: line.name.split(",")[0] ?? line.name })),
      width: Math.max(240, wide ? (this.room - 32) / 2 : this.room),
      x: { from: 0, to: this.maxSteps, label: this.words.race.step, ticks },
      y,
    });
  }

  #lines(): { reward: Line[]; passed: Line[] } {
    const of = (key: keyof Track, what: string): Line[] =>
      RACERS.map(({ kind }) => ({
        name: `${this.words.race.racers[kind]}, ${what}`,
        tone: kind,
        points: this.tracks[kind][key],
        marks: key === "passed",
      }));
    return { reward: of("reward", this.words.race.reward), passed: of("passed", this.words.race.passed) };
  }

  #words(): string {
    const { soft, discrete } = this.tracks;
    if (this.phase === "idle") return this.words.race.idle(this.maxSteps);
    const step = Math.min(soft.reward.length, discrete.reward.length);
    if (this.phase === "paused") return this.words.race.paused;
    if (this.phase === "running")
      return this.words.race.running(step, this.maxSteps, this.left === undefined ? undefined : Math.ceil(this.left));
    const { number } = this.speech;
    const from = (track: Track) => number(track.passed[0]?.[1]);
    const to = (track: Track) => number(track.passed.at(-1)?.[1]);
    return this.words.race.ended(step, from(soft), to(soft), from(discrete), to(discrete));
  }
}

function empty(): Record<Kind, Track> {
  return { soft: { reward: [], passed: [] }, discrete: { reward: [], passed: [] } };
}

function style() {
  return css`
    :host {
      --least-height: 420px;
    }
    .words {
      min-height: 48px;
    }
    .charts {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(344px, 100%), 1fr));
      gap: 16px 32px;
    }
  `;
}

customElements.define("training-race", TrainingRace);
