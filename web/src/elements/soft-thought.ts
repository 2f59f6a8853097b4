// `<soft-thought>`: the same question thought in blends and in single tokens, with the same seed, step by step.
//
// Attributes: `task` (default "chain_sum"), `difficulty`, `question` (its text) or `question-seed` (default 16), `seed` (default 7), `policy`
// (the soft one; default "soft"), and those of every figure: `model`, `engine`.

import { css, html, nothing } from "lit";
import type { PropertyDeclarations, PropertyValues, TemplateResult } from "lit";

import { isResult } from "../index.js";
import type { ThinkResult, ThinkStep } from "../index.js";
import { LabFigure } from "./figure.js";
import { isMark, token } from "./format.js";
import type { Speech } from "./speech.js";
import { stored } from "./stored.js";
import { cardStyle, stepCard } from "./step-card.js";
import { mostDivided, strip, stripStyle, target } from "./strip.js";
import type { Kind } from "./strip.js";

/** How long a step stands before the next, while playing. */
const STEP_MS = 600;

export interface Thought {
  steps: ThinkStep[];
  result: ThinkResult;
}

export class SoftThought extends LabFigure {
  static override properties: PropertyDeclarations = {
    ...LabFigure.properties,
    task: {},
    difficulty: { type: Number },
    question: {},
    questionSeed: { type: Number, attribute: "question-seed" },
    seed: { type: Number },
    policy: {},
    soft: { state: true },
    discrete: { state: true },
    at: { state: true },
    playing: { state: true },
  };
  static override styles = [...LabFigure.styles, stripStyle, cardStyle, style()];

  declare task: string;
  declare difficulty: number | undefined;
  declare question: string | undefined;
  declare questionSeed: number;
  declare seed: number;
  declare policy: string;
  declare protected soft: Thought | undefined;
  declare protected discrete: Thought | undefined;
  /** The step that is shown; while playing also the last that is drawn. */
  declare protected at: number;
  declare protected playing: boolean;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.task = "chain_sum";
    this.questionSeed = 16;
    this.seed = 7;
    this.policy = "soft";
    this.at = 0;
    this.playing = false;
  }

  protected override showStored(): boolean {
    const { task, difficulty, question, questionSeed, seed, policy } = this;
    const recorded = task === "chain_sum" && questionSeed === 16 && seed === 7 && policy === "soft";
    if (!recorded || difficulty !== undefined || question !== undefined) return false;
    const { soft, discrete } = stored.thought;
    Object.assign(this, { soft, discrete, at: mostDivided(soft.steps) });
    return true;
  }

  protected override async begin(): Promise<void> {
    const lab = await this.lab();
    const difficulty = this.difficulty === undefined ? {} : { difficulty: this.difficulty };
    const asked =
      this.question ?? (await lab.question({ task: this.task, ...difficulty, questionSeed: this.questionSeed })).prompt;
    const think = async (policy: string): Promise<Thought> => {
      const steps: ThinkStep[] = [];
      const options = { task: this.task, ...difficulty, question: asked, policy, seed: this.seed, signal: this.here };
      for await (const item of lab.think(options)) {
        if (isResult(item)) return { steps, result: item };
        steps[item.step] = item;
      }
      throw new Error(this.words.thought.noEnd);
    };
    const soft = await think(this.policy);
    const discrete = await think("discrete");
    // The stored thought was the same one: whoever walks it is not sent back.
    Object.assign(this, { soft, discrete, stored: false, at: this.stored ? this.at : mostDivided(soft.steps) });
    this.news = `${this.words.kinds.soft}: ${verdict(soft, this.speech)} ${this.words.kinds.discrete}: ${verdict(discrete, this.speech)}`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pause();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // Another question or seed, once there was a first thought.
    const asked = ["task", "difficulty", "question", "questionSeed", "seed", "policy", "model", "engine"];
    if (this.soft !== undefined && asked.some((name) => changed.has(name) && changed.get(name) !== undefined)) {
      this.#pause();
      void this.attempt(() => this.begin());
    }
  }

  get #count(): number {
    return Math.max(this.soft?.steps.length ?? 0, this.discrete?.steps.length ?? 0);
  }

  readonly #play = () => {
    if (this.playing) {
      this.#pause();
      return;
    }
    if (this.at >= this.#count - 1) this.at = 0;
    this.playing = true;
    this.#clock = setInterval(() => {
      this.at += 1;
      if (this.at >= this.#count - 1) this.#pause();
    }, STEP_MS);
  };

  #pause(): void {
    clearInterval(this.#clock);
    this.playing = false;
  }

  #go(to: number): void {
    this.#pause();
    this.at = Math.max(0, Math.min(this.#count - 1, to));
  }

  readonly #onKeydown = (event: KeyboardEvent) => {
    const to = target(event.key, this.at, this.#count);
    if (to === undefined || !(event.target instanceof Element) || event.target.closest("select, input") !== null)
      return;
    event.preventDefault();
    const inStrip = event.target.closest(".strip");
    this.#go(to);
    // The focus goes along, so that the next key is heard and the column comes into view.
    if (inStrip !== null) {
      void this.updateComplete.then(() => inStrip.querySelectorAll<HTMLElement>(".column")[this.at]?.focus());
    }
  };

  readonly #another = () => {
    this.question = undefined;
    this.questionSeed += 1;
  };

  protected override content(): TemplateResult {
    const { soft, discrete } = this;
    const ready = soft !== undefined && discrete !== undefined;
    return html`
      <div class="thoughts" @keydown=${this.#onKeydown}>
        <div class="row">
          <p>${this.words.thought.question} <strong class="token">${soft?.result.question ?? "…"}</strong></p>
          <span class="row" role="group" aria-label=${this.words.thought.controls}>
            <button
              type="button"
              ?disabled=${!ready || this.at === 0}
              @click=${() => {
                this.#go(this.at - 1);
              }}
            >
              ${this.words.thought.back}
            </button>
            <button type="button" class="main" ?disabled=${!ready} @click=${this.#play}>
              ${this.playing ? this.words.thought.pause : this.words.thought.play}
            </button>
            <button
              type="button"
              ?disabled=${!ready || this.at >= this.#count - 1}
              @click=${() => {
                this.#go(this.at + 1);
              }}
            >
              ${this.words.thought.step}
            </button>
            <button type="button" ?disabled=${!ready || this.stored} @click=${this.#another}>
              ${this.words.thought.another}
            </button>
          </span>
        </div>
        ${this.#thought("soft", soft)} ${this.#thought("discrete", discrete)}
      </div>
      <div class="cards">${this.#card("soft", soft)}${this.#card("discrete", discrete)}</div>
    `;
  }

  #thought(kind: Kind, thought: Thought | undefined): TemplateResult {
    const ended = thought !== undefined && (!this.playing || this.at >= thought.steps.length - 1);
    const right = thought?.result.grade === 1;
    return html`
      <section class=${kind}>
        <h3><span class="sign" aria-hidden="true"></span>${this.words.kinds[kind]}</h3>
        ${
          ended
            ? html`<p class=${right ? "good" : "off"}>${verdict(thought, this.speech)}</p>`
            : html`<p class="quiet">${this.words.thought[kind]}</p>`
        }
        ${strip({
          speech: this.speech,
          kind,
          steps: thought?.steps ?? [],
          label: this.words.kinds[kind],
          selected: Math.min(this.at, (thought?.steps.length ?? 1) - 1),
          ...(this.playing ? { reached: this.at + 1 } : {}),
          onSelect: (index) => {
            this.#go(index);
          },
        })}
      </section>
    `;
  }

  #card(kind: Kind, thought: Thought | undefined): TemplateResult | typeof nothing {
    const step = thought?.steps[this.at];
    if (thought === undefined) return nothing;
    const title = this.words.thought.card(this.words.kinds[kind], this.at + 1);
    return step === undefined
      ? html`<div class="card">
          <h4>${title}</h4>
          <p class="quiet">${this.words.thought.over}</p>
        </div>`
      : stepCard(step, title, this.speech);
  }
}

function verdict({ steps, result }: Thought, { words, number }: Speech): string {
  const thinking = steps.filter((step) => step.phase === "think" && !isMark(step.token)).length;
  const answer = token(result.answer ?? words.thought.none);
  return result.grade === 1
    ? words.thought.right(answer, thinking)
    : words.thought.wrong(answer, result.expected, number(result.grade), thinking);
}

function style() {
  return css`
    :host {
      --least-height: 640px;
    }
    .thoughts {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    section {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 4px;
    }
    .strip {
      min-height: 136px;
    }
    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr));
      gap: 16px 32px;
    }
  `;
}

customElements.define("soft-thought", SoftThought);
