// `<thought-group>`: one question tried eight times by SofT-GRPO, with rewards and advantages, and which noise gets the credit.
//
// The tries are those of a real training step with a learning rate of 0, so the model stays as it is. Attributes: `task` (default
// "chain_sum"), `difficulty`, `seed` (default 1), and those of every figure: `model`, `engine`.

import { css, html, nothing } from "lit";
import type { PropertyDeclarations, TemplateResult } from "lit";

import type { Sample, SampleStep } from "../index.js";
import { LabFigure } from "./figure.js";
import { token } from "./format.js";
import type { Speech } from "./speech.js";
import { cardStyle, share } from "./step-card.js";
import { stored } from "./stored.js";
import { isBlend, mostDivided, strip, stripStyle, target } from "./strip.js";

/** Tries of a question. */
const GROUP = 8;
/** Advantages beyond this many standard deviations fill the bar. */
const ADVANTAGE_MAX = 2.5;

export class ThoughtGroup extends LabFigure {
  static override properties: PropertyDeclarations = {
    ...LabFigure.properties,
    task: {},
    difficulty: { type: Number },
    seed: { type: Number },
    groups: { state: true },
    group: { state: true },
    row: { state: true },
    at: { state: true },
  };
  static override styles = [...LabFigure.styles, stripStyle, cardStyle, style()];

  declare task: string;
  declare difficulty: number | undefined;
  declare seed: number;
  /** Groups whose rewards differ: from the others nothing is learned. */
  declare protected groups: Sample[][];
  declare protected group: number;
  declare protected row: number;
  declare protected at: number;

  constructor() {
    super();
    this.task = "chain_sum";
    this.seed = 1;
    this.groups = [];
    this.group = 0;
    this.row = 0;
    this.at = 0;
  }

  protected override showStored(): boolean {
    if (this.task !== "chain_sum" || this.difficulty !== undefined || this.seed !== 1) return false;
    this.groups = stored.group.groups;
    this.#open(0);
    return true;
  }

  protected override async begin(): Promise<void> {
    const lab = await this.freshLab();
    const run = lab.train(
      {
        task: this.task,
        ...(this.difficulty === undefined ? {} : { difficulty: this.difficulty }),
        objective: "soft_grpo",
        learning_rate: 0,
        max_steps: 1,
        num_generations: GROUP,
        generation_batch_size: GROUP * 8,
        eval_steps: 0,
        seed: this.seed,
        collapse_watch: false,
      },
      { signal: this.here },
    );
    await run.finished;
    const samples = run.samples;
    const groups = Array.from({ length: samples.length / GROUP }, (_, index) =>
      samples.slice(index * GROUP, (index + 1) * GROUP),
    );
    this.disposeOwn();
    const differing = groups.filter((group) => group.some(({ reward }) => reward !== group[0]?.reward));
    if (differing.length === 0) throw new Error(this.words.group.allAlike);
    this.groups = differing;
    // The stored group was the same one: whoever looks at a step of it goes on looking.
    if (this.stored) this.stored = false;
    else this.#open(0);
  }

  /** A group, at the most divided step of its best try. */
  #open(group: number): void {
    const tries = this.groups[group] ?? [];
    this.group = group;
    this.row = tries.findIndex(({ advantage }) => advantage === Math.max(...tries.map((one) => one.advantage)));
    this.at = mostDivided(tries[this.row]?.steps ?? []);
    this.news = this.#sentence();
  }

  #select(row: number, at: number): void {
    this.row = row;
    this.at = Math.min(at, (this.groups[this.group]?.[row]?.steps.length ?? 1) - 1);
    this.news = this.#sentence();
  }

  readonly #onKeydown = (event: KeyboardEvent) => {
    const tries = this.groups[this.group] ?? [];
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = target(event.key, this.at, tries[this.row]?.steps.length ?? 0);
    if (down === undefined && at === undefined) return;
    event.preventDefault();
    this.#select(Math.max(0, Math.min(tries.length - 1, this.row + (down ?? 0))), at ?? this.at);
    void this.updateComplete.then(() => {
      const row = this.renderRoot.querySelectorAll(".try")[this.row];
      row?.querySelectorAll<HTMLElement>(".column")[this.at]?.focus();
    });
  };

  protected override content(): TemplateResult {
    const tries = this.groups[this.group] ?? [];
    const [first] = tries;
    return html`
      <div class="row">
        <p>
          ${this.words.thought.question} <strong class="token">${first?.question ?? "…"}</strong> ·
          ${this.words.group.expected}
          <strong class="token">${first?.expected ?? "…"}</strong>
        </p>
        <button
          type="button"
          ?disabled=${this.groups.length < 2}
          @click=${() => {
            this.#open((this.group + 1) % this.groups.length);
          }}
        >
          ${this.words.thought.another}
        </button>
      </div>
      <ol class="tries" @keydown=${this.#onKeydown}>
        ${tries.map((sample, row) => this.#try(sample, row))}
      </ol>
      <div class="credit">${this.#credit()}</div>
    `;
  }

  #try(sample: Sample, row: number): TemplateResult {
    const right = sample.reward >= 1;
    const share = Math.max(-1, Math.min(1, sample.advantage / ADVANTAGE_MAX)) * 50;
    const words = this.words.group.try(
      row + 1,
      token(sample.answer ?? this.words.thought.none),
      this.speech.number(sample.reward),
      this.speech.signed(sample.advantage),
    );
    const thought = sample.steps.filter((step) => step.phase === "think");
    return html`
      <li class="try">
        <span class="dot ${right ? "good" : "off"}" aria-hidden="true">${right ? "✓" : "✗"}</span>
        <div
          @pointerover=${(event: Event) => {
            const column = (event.target as Element).closest(".column");
            const at = column === null ? -1 : [...(column.parentElement?.children ?? [])].indexOf(column);
            if (at >= 0) this.#select(row, at);
          }}
          @focusin=${(event: Event) => {
            const column = event.target as Element;
            const at = [...(column.parentElement?.children ?? [])].indexOf(column);
            if (at >= 0 && (row !== this.row || at !== this.at)) this.#select(row, at);
          }}
        >
          ${strip({
            speech: this.speech,
            kind: "soft",
            steps: thought,
            label: words,
            selected: row === this.row ? this.at : undefined,
            onSelect: (index) => {
              this.#select(row, index);
            },
            mark: (step) => this.#mark(step, sample),
          })}
        </div>
        <span class="answer"><span class="token">${token(sample.answer ?? this.words.thought.none)}</span></span>
        <span class="advantage" aria-hidden="true"
          ><span
            class=${share < 0 ? "less" : "more"}
            .style=${share < 0 ? `right:50%;width:${-share}%` : `left:50%;width:${share}%`}
          ></span
        ></span>
        <span class="number" aria-hidden="true">${this.speech.signed(sample.advantage)}</span>
      </li>
    `;
  }

  /** Credit or blame of the winner's noise, under its column. */
  #mark(step: SampleStep | { token: string }, { advantage }: Sample) {
    if (!("noise" in step) || !isBlend(step, "soft")) return undefined;
    const noise = step.noise[step.candidates.indexOf(step.token)] ?? 0;
    const credit = Math.sign(noise) * Math.sign(advantage);
    if (credit === 0) return undefined;
    return credit > 0
      ? { text: "▲", words: this.words.group.credit, tone: "good" as const }
      : { text: "▼", words: this.words.group.blame, tone: "off" as const };
  }

  #opened(): { sample: Sample; step: SampleStep } | undefined {
    const sample = this.groups[this.group]?.[this.row];
    const step = sample?.steps[this.at];
    return sample === undefined || step === undefined ? undefined : { sample, step };
  }

  #sentence(): string {
    const opened = this.#opened();
    if (opened === undefined) return "";
    const { sample, step } = opened;
    if (!isBlend(step, "soft")) return this.words.group.single(this.row + 1, this.at + 1, token(step.token));
    const noise = step.noise[step.candidates.indexOf(step.token)] ?? 0;
    return this.words.group.sentence(
      this.row + 1,
      this.at + 1,
      token(step.token),
      this.speech.signed(noise),
      this.speech.signed(sample.advantage),
    );
  }

  #credit(): TemplateResult | typeof nothing {
    const opened = this.#opened();
    if (opened === undefined) return nothing;
    const { sample, step } = opened;
    const blend = isBlend(step, "soft");
    return html`
      <p class="said">${this.#sentence()}</p>
      ${
        blend
          ? html`<div class="scroll" tabindex="0" role="region" aria-label=${this.words.group.table}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">${this.words.card.candidate}</th>
                    <th scope="col">${this.words.card.weight}</th>
                    <th scope="col" class="number">${this.words.card.noise}</th>
                    <th scope="col">${this.words.group.pushed(this.speech.signed(sample.advantage))}</th>
                  </tr>
                </thead>
                <tbody>
                  ${step.candidates.map((candidate, index) => creditRow(candidate, step, index, sample.advantage, this.speech))}
                </tbody>
              </table>
            </div>`
          : nothing
      }
    `;
  }
}

function creditRow(
  candidate: string,
  step: SampleStep,
  index: number,
  advantage: number,
  speech: Speech,
): TemplateResult {
  const { more, less, neither } = speech.words.group;
  const noise = step.noise[index] ?? 0;
  const credit = Math.sign(noise) * Math.sign(advantage);
  return html`<tr>
    <th scope="row" class="token">${token(candidate)}</th>
    <td>${share(step.mixture[index] ?? 0, "soft", speech)}</td>
    <td class="number">${speech.signed(noise)}</td>
    <td class=${credit > 0 ? "good" : credit < 0 ? "off" : ""}>
      ${credit > 0 ? `▲ ${more}` : credit < 0 ? `▼ ${less}` : neither}
    </td>
  </tr>`;
}

function style() {
  return css`
    :host {
      --least-height: 720px;
      --bar: 32px;
    }
    .tries {
      display: grid;
      grid-template-columns: 20px minmax(0, max-content) auto 120px 56px;
      gap: 4px 12px;
      min-height: 480px;
      align-content: start;
      padding: 0;
      list-style: none;
    }
    .try {
      display: grid;
      grid-column: 1 / -1;
      grid-template-columns: subgrid;
      align-items: center;
      border-bottom: 1px solid var(--line);
    }
    .dot {
      font-weight: 600;
    }
    .column {
      width: 40px;
      padding: 1px;
    }
    .column .read {
      display: none;
    }
    .strip {
      padding: 2px 2px 4px;
    }
    .answer {
      text-align: right;
      overflow-wrap: anywhere;
    }
    .number {
      text-align: right;
    }
    .advantage {
      position: relative;
      height: 16px;
      background: linear-gradient(var(--line-strong), var(--line-strong)) center / 1px 100% no-repeat;
    }
    .advantage > span {
      position: absolute;
      inset-block: 2px;
      background: var(--good);
    }
    .advantage > .less {
      background: repeating-linear-gradient(45deg, var(--attention) 0 4px, transparent 4px 6px);
    }
    .credit {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
      min-height: 240px;
      align-content: start;
    }
    .said {
      min-height: 72px;
    }
    @media (max-width: 720px) {
      .tries {
        grid-template-columns: 16px minmax(0, 1fr) auto 48px;
        gap: 4px 8px;
      }
      .advantage {
        display: none;
      }
      .credit {
        --track: 24px;
      }
      .credit :is(th, td):last-child {
        white-space: normal;
      }
    }
  `;
}

customElements.define("thought-group", ThoughtGroup);
