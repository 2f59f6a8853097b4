// `<soft-mixture>`: one step of a real thought under settings that can be dragged: what the model offers, the noise, the blend, and what
// the model says next after the blend and after its heaviest token alone.
//
// Attributes: `task` (default "chain_sum"), `difficulty`, `question` or `question-seed` (default 20), `seed` (default 7), `step` (which step,
// from 0; default 0), and those of every figure: `model`, `engine`.

import { css, html, nothing } from "lit";
import type { PropertyDeclarations, TemplateResult } from "lit";

import { isResult } from "../index.js";
import type { Lab, ThinkStep } from "../index.js";
import { LabFigure } from "./figure.js";
import { token } from "./format.js";
import type { Speech } from "./speech.js";
import { cardStyle, share } from "./step-card.js";
import { stored } from "./stored.js";

interface Slider {
  key: "temperature" | "noise_scale" | "gumbel_temperature" | "soft_top_k";
  from: number;
  to: number;
  step: number;
  /** The slider's place is the logarithm of the value. */
  log?: boolean;
}
const SLIDERS: readonly Slider[] = [
  { key: "temperature", from: 0.1, to: 3, step: 0.05 },
  { key: "noise_scale", from: 0, to: 3, step: 0.05 },
  { key: "gumbel_temperature", from: -2, to: 1, step: 0.05, log: true },
  { key: "soft_top_k", from: 2, to: 10, step: 1 },
];
type Settings = Record<Slider["key"], number>;

/** At so small a τ the weights are those of the heaviest token alone; the noise and the winner stay. */
const ONE_TOKEN = 1e-4;
/** Noise beyond this fills its bar. */
const NOISE_MAX = 4;

export interface Shown {
  step: ThinkStep;
  /** The model's distribution after the blend, and after its heaviest token alone. */
  blend: ThinkStep | undefined;
  alone: ThinkStep | undefined;
}

export class SoftMixture extends LabFigure {
  static override properties: PropertyDeclarations = {
    ...LabFigure.properties,
    task: {},
    difficulty: { type: Number },
    question: {},
    questionSeed: { type: Number, attribute: "question-seed" },
    seed: { type: Number },
    step: { type: Number },
    asked: { state: true },
    settings: { state: true },
    shown: { state: true },
  };
  static override styles = [...LabFigure.styles, cardStyle, style()];

  declare task: string;
  declare difficulty: number | undefined;
  declare question: string | undefined;
  declare questionSeed: number;
  declare seed: number;
  declare step: number;
  declare protected asked: string | undefined;
  declare protected settings: Settings;
  declare protected shown: Shown | undefined;
  #lab: Lab | undefined;
  #papers: Settings;
  /** Settings changed while the lab was thinking: it thinks once more, with the newest. */
  #stale = false;
  #thinking = false;

  constructor() {
    super();
    this.task = "chain_sum";
    this.questionSeed = 20;
    this.seed = 7;
    this.step = 0;
    this.#papers = { temperature: 1, noise_scale: 1, gumbel_temperature: 0.1, soft_top_k: 5 };
    this.settings = this.#papers;
  }

  protected override showStored(): boolean {
    const { task, difficulty, question, questionSeed, seed, step } = this;
    const recorded = task === "chain_sum" && questionSeed === 20 && seed === 7 && step === 0;
    if (!recorded || difficulty !== undefined || question !== undefined) return false;
    Object.assign(this, stored.mixture);
    return true;
  }

  protected override async begin(): Promise<void> {
    const lab = await this.lab();
    this.#lab = lab;
    const paper = lab.presets.policies.find(({ name }) => name === "soft")?.policy;
    this.#papers = { ...this.#papers, ...pick(paper) };
    this.settings = this.#papers;
    const { task, questionSeed } = this;
    this.asked = this.question ?? (await lab.question({ task, ...this.#difficulty(), questionSeed })).prompt;
    await this.#think();
  }

  #difficulty(): { difficulty?: number } {
    return this.difficulty === undefined ? {} : { difficulty: this.difficulty };
  }

  /** Thinks until what is shown is of the newest settings. */
  async #think(): Promise<void> {
    this.#stale = true;
    if (this.#thinking) return;
    this.#thinking = true;
    try {
      while (this.#stale) {
        this.#stale = false;
        const { settings } = this;
        const blended = await this.#steps(settings);
        const alone = await this.#steps({ ...settings, gumbel_temperature: ONE_TOKEN });
        const step = blended[this.step];
        if (step === undefined) throw new Error(this.words.mixture.tooShort(this.step + 1));
        this.shown = { step, blend: blended[this.step + 1], alone: alone[this.step + 1] };
        this.stored = false;
      }
    } finally {
      this.#thinking = false;
    }
    this.news = this.shown === undefined ? "" : sentence(this.shown.step, this.speech);
  }

  async #steps(settings: Settings): Promise<ThinkStep[]> {
    const steps: ThinkStep[] = [];
    if (this.#lab === undefined || this.asked === undefined) return steps;
    const thought = this.#lab.think({
      task: this.task,
      ...this.#difficulty(),
      question: this.asked,
      // So many candidates are kept, and all of them are blended.
      policy: { preset: "soft", ...settings, top_k: settings.soft_top_k },
      seed: this.seed,
      maxSteps: this.step + 2,
      signal: this.here,
    });
    for await (const item of thought) if (!isResult(item)) steps[item.step] = item;
    return steps;
  }

  #set(changed: Partial<Settings>): void {
    this.settings = { ...this.settings, ...changed };
    void this.attempt(() => this.#think());
  }

  protected override content(): TemplateResult {
    const { shown } = this;
    const live = shown !== undefined && !this.stored;
    return html`
      <div class="row">
        <p>${this.words.thought.question} <strong class="token">${this.asked ?? "…"}</strong></p>
        <button
          type="button"
          ?disabled=${!live}
          @click=${() => {
            this.seed += 1;
            this.#set({});
          }}
        >
          ${this.words.mixture.otherNoise}
        </button>
        <button
          type="button"
          ?disabled=${!live}
          @click=${() => {
            this.#set(this.#papers);
          }}
        >
          ${this.words.mixture.papers}
        </button>
      </div>
      <div class="parts">
        <div class="sliders">${SLIDERS.map((slider) => this.#slider(slider))}</div>
        <div class="scroll" tabindex="0" role="region" aria-label=${this.words.mixture.table}>
          ${shown === undefined ? nothing : table(shown.step, this.settings.noise_scale, this.speech)}
        </div>
      </div>
      <p class="sentence">${shown === undefined ? nothing : sentence(shown.step, this.speech)}</p>
      <div class="next">
        ${shown === undefined ? nothing : [next(this.words.mixture.afterBlend, shown.blend, "soft", this.speech), next(this.words.mixture.afterToken(token(shown.step.token)), shown.alone, "discrete", this.speech)]}
      </div>
    `;
  }

  #slider({ key, from, to, step, log = false }: Slider): TemplateResult {
    const value = this.settings[key];
    const { name, what } = this.words.mixture.sliders[key];
    return html`
      <label>
        <span class="row"><span>${name}</span> <output>${this.speech.plain(value)}</output></span>
        <input
          type="range"
          name=${key}
          min=${from}
          max=${to}
          step=${step}
          aria-valuetext=${this.speech.plain(value)}
          .value=${String(log ? Math.log10(value) : value)}
          ?disabled=${this.shown === undefined || this.stored}
          @input=${(event: Event) => {
            const place = (event.target as HTMLInputElement).valueAsNumber;
            this.#set({ [key]: log ? Number((10 ** place).toPrecision(3)) : place });
          }}
        />
        <span class="quiet">${what}</span>
      </label>
    `;
  }
}

/** What a preset says of the settings that can be dragged. */
function pick(policy: object | undefined): Partial<Settings> {
  const found: Partial<Settings> = {};
  for (const [key, value] of Object.entries(policy ?? {})) {
    const slider = SLIDERS.find((one) => one.key === key);
    if (slider !== undefined && typeof value === "number") found[slider.key] = value;
  }
  return found;
}

function sentence(step: ThinkStep, { words, number }: Speech): string {
  const changed = step.winner_changed ? words.card.changed(token(step.token)) : words.card.kept(token(step.token));
  return `${words.mixture.blend(token(step.token), number(step.entropy), number(step.model_entropy))} ${changed}`;
}

function table(step: ThinkStep, scale: number, speech: Speech): TemplateResult {
  const { words, fixed } = speech;
  return html`
    <table>
      <thead>
        <tr>
          <th scope="col">${words.card.candidate}</th>
          <th scope="col">${words.mixture.offers}</th>
          <th scope="col">${words.mixture.noise(fixed(scale))}</th>
          <th scope="col">${words.mixture.weight}</th>
        </tr>
      </thead>
      <tbody>
        ${step.candidates.map(
          (candidate, index) => html`
            <tr>
              <th scope="row" class="token">${token(candidate)}</th>
              <td>${share(Math.exp(step.log_probs[index] ?? -Infinity), "base", speech)}</td>
              <td>${noiseBar((step.noise[index] ?? 0) * scale, fixed)}</td>
              <td class="weight">${share(step.mixture[index] ?? 0, "soft", speech)}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

function noiseBar(value: number, fixed: Speech["fixed"]): TemplateResult {
  const width = (Math.min(Math.abs(value), NOISE_MAX) / NOISE_MAX) * 50;
  const side = value < 0 ? `right:50%;width:${width}%` : `left:50%;width:${width}%`;
  return html`<span class="share"
    ><span class="pull"><span .style=${side}></span></span><span>${fixed(value)}</span></span
  >`;
}

function next(title: string, step: ThinkStep | undefined, tone: "soft" | "discrete", speech: Speech): TemplateResult {
  return html`
    <div class=${tone}>
      <h3><span class="sign" aria-hidden="true"></span>${title}</h3>
      ${
        step === undefined
          ? html`<p class="quiet">${speech.words.mixture.over}</p>`
          : html`<table aria-label=${title}>
              <tbody>
                ${step.candidates
                  .map((candidate, index) => ({ candidate, probability: Math.exp(step.log_probs[index] ?? -Infinity) }))
                  .sort((a, b) => b.probability - a.probability)
                  .slice(0, 5)
                  .map(
                    ({ candidate, probability }) =>
                      html`<tr>
                        <th scope="row" class="token">${token(candidate)}</th>
                        <td>${share(probability, tone, speech)}</td>
                      </tr>`,
                  )}
              </tbody>
            </table>`
      }
    </div>
  `;
}

function style() {
  return css`
    :host {
      --least-height: 560px;
    }
    .parts {
      display: grid;
      grid-template-columns: minmax(200px, 1fr) minmax(0, 2.4fr);
      gap: 16px 32px;
    }
    .sliders {
      display: grid;
      gap: 12px;
      align-content: start;
    }
    label {
      display: grid;
      gap: 2px;
    }
    label .row {
      justify-content: space-between;
    }
    input[type="range"] {
      width: 100%;
      height: 24px;
      margin: 0;
      accent-color: var(--soft);
    }
    output {
      font-family: var(--mono);
    }
    .parts .scroll {
      min-height: 200px;
    }
    .pull {
      position: relative;
      width: 96px;
      height: 12px;
      background: linear-gradient(var(--line-strong), var(--line-strong)) center / 1px 100% no-repeat;
    }
    .pull > span {
      position: absolute;
      inset-block: 2px;
      background: var(--attention);
    }
    .sentence {
      min-height: 48px;
    }
    .next {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
      gap: 16px 32px;
      min-height: 180px;
    }
    @media (max-width: 720px) {
      .parts {
        grid-template-columns: minmax(0, 1fr);
      }
      .scroll {
        --track: 56px;
      }
      .pull {
        width: 56px;
      }
    }
  `;
}

customElements.define("soft-mixture", SoftMixture);
