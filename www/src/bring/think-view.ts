// Thinking with a brought model: the question, the same question softly and in single tokens, one step's numbers, and how many problems it
// gets right.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { TASK } from "./asking.ts";
import type { Asking } from "./asking.ts";
import { wilson } from "./interval.ts";
import { isLearning } from "./learn-state.ts";
import { select } from "./select.ts";
import { SLOTS, speedOf } from "./state.ts";
import type { BringState, Measured, Slot, Store, WordThought } from "./state.ts";
import { isSplit, wordsView } from "./words-view.ts";
import { duration, fixed, number, percent } from "../format.ts";
import { bring as words } from "../strings/bring.ts";
import { stepCard } from "../view/step-card.ts";

const { think: said } = words;
const LONGEST = [32, 64, 96, 160, 256, 448];
const QUESTIONS = [10, 20, 50, 100];

export function thinkingView(state: BringState, store: Store, asking: Asking): TemplateResult {
  return html`
    ${questionForm(state, store, asking)}
    ${
      state.thoughts.soft === undefined
        ? html`<p class="empty">${said.empty}</p>`
        : html`<div class="word-thoughts">${SLOTS.map((slot) => thoughtView(slot, state, asking))}</div>
            <p class="quiet">${said.legend}</p>`
    }
    ${selectedCard(state)} ${measureView(state, store, asking)}
  `;
}

/** Those of the word problems, as the engine tells them. */
function difficulties({ loaded, difficulty }: BringState): readonly number[] {
  const [least, most] = loaded?.model.tasks.find(({ name }) => name === TASK)?.difficulties ?? [difficulty, difficulty];
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}

function questionForm(state: BringState, store: Store, asking: Asking): TemplateResult {
  const text = state.typed ?? state.question?.prompt ?? "";
  const learns = isLearning(state.learning);
  const busy = state.thinking !== undefined || state.measuring !== undefined || learns;
  return html`<form
    class="bring-question"
    @submit=${(event: Event) => {
      event.preventDefault();
      void asking.think();
    }}
  >
    <label class="bring-ask">
      ${said.question}
      <textarea
        name="word-question"
        rows="3"
        maxlength="2000"
        .value=${text}
        @input=${(event: Event) => {
          store.change({ typed: (event.target as HTMLTextAreaElement).value });
        }}
      ></textarea>
    </label>
    <div class="buttons">
      ${
        state.thinking === undefined
          ? html`<button type="submit" class="main" ?disabled=${busy || text.trim() === ""}>
              <span aria-hidden="true">▶</span> ${said.button}
            </button>`
          : html`<button
              type="button"
              class="main"
              @click=${() => {
                asking.stop();
              }}
            >
              <span aria-hidden="true">■</span> ${said.stop}
            </button>`
      }
      <button type="button" class="quiet-button" ?disabled=${busy} @click=${() => asking.another()}>
        ${said.another} <span aria-hidden="true">↻</span>
      </button>
    </div>
    ${learns ? html`<p class="quiet">${words.learn.busy}</p>` : nothing} ${choices(state, store, asking, busy)}
  </form>`;
}

function choices(state: BringState, store: Store, asking: Asking, busy: boolean): TemplateResult {
  const soft = state.policies.filter(({ policy }) => policy.kind !== "discrete").map(({ name }) => name);
  return html`<div class="bring-choices">
    ${select("word-policy", said.policy, soft, state.policy, busy, (policy) => {
      store.change({ policy });
    })}
    ${select("word-longest", said.longest, LONGEST, state.longest, busy, (longest) => {
      store.change({ longest });
    })}
    ${select("word-difficulty", said.difficulty, difficulties(state), state.difficulty, busy, (difficulty) => {
      void asking.chooseDifficulty(difficulty);
    })}
    <label>
      ${said.seed}
      <input
        name="word-seed"
        type="number"
        min="0"
        max="999999999"
        step="1"
        ?disabled=${busy}
        .value=${String(state.seed)}
        @change=${(event: Event) => {
          store.change({ seed: Math.max(0, Math.trunc((event.target as HTMLInputElement).valueAsNumber || 0)) });
        }}
      />
    </label>
  </div>`;
}

function thoughtView(slot: Slot, state: BringState, asking: Asking): TemplateResult {
  const thought = state.thoughts[slot];
  const { selected, thinking } = state;
  const waiting = thinking === slot ? said.waiting : thinking === undefined ? "" : said.next;
  return html`<section class="word-thought ${slot}" data-slot=${slot} aria-label=${words.inWords(words.slots[slot])}>
    <h3><span class="sign ${slot}" aria-hidden="true"></span>${words.slots[slot]}</h3>
    ${
      thought === undefined || thought.steps.length === 0
        ? html`<p class="empty">${waiting}</p>`
        : wordsView({
            steps: thought.steps,
            label: `${words.slots[slot]}, ${said.thought}`,
            selected: selected?.slot === slot ? selected.step : undefined,
            onSelect: (step) => {
              asking.select(slot, step);
            },
          })
    }
    ${thought === undefined ? nothing : verdict(slot, thought)}
  </section>`;
}

function verdict(slot: Slot, thought: WordThought): TemplateResult {
  const { result, steps, firstMs } = thought;
  const speed = speedOf(thought);
  const first = duration((firstMs ?? 0) / 1000);
  const blends = steps.filter((step) => step.soft);
  const split = blends.filter(isSplit).length;
  const cut = steps.some((step) => step.forced && step.phase === "think");
  return html`
    ${result === undefined ? nothing : answerView(result)}
    ${steps.length === 0 ? nothing : html`<p class="quiet stats" title=${said.speedHint}>${speed === undefined ? said.statsFew(steps.length, first) : said.stats(steps.length, first, number(speed))}</p>`}
    ${slot === "soft" && blends.length > 0 ? html`<p>${said.soft(split, blends.length)}</p>` : nothing}
    ${result !== undefined && cut ? html`<p class="quiet">${said.cut}</p>` : nothing}
  `;
}

function answerView(result: NonNullable<WordThought["result"]>): TemplateResult {
  const known = result.expected !== "";
  const right = result.grade === 1;
  return html`<p class="verdict ${!known ? "" : right ? "good" : "off"}">
    ${said.answer} <strong class="token">${result.answer ?? said.none}</strong>
    ${
      known
        ? html`<span class="grade">${right ? `✓ ${said.right}` : `✗ ${said.wrong}`}</span>
            ${right ? nothing : html`<span class="quiet">${said.expected(result.expected)}</span>`}`
        : html`<span class="quiet">${said.free}</span>`
    }
  </p>`;
}

function selectedCard({ selected, thoughts }: BringState): TemplateResult | typeof nothing {
  const thought = selected === undefined ? undefined : thoughts[selected.slot];
  const step = thought?.steps[selected?.step ?? -1];
  if (selected === undefined || thought === undefined || step === undefined) return nothing;
  return html`<div>${stepCard(step, thought.way, words.inWords(words.slots[selected.slot]))}</div>`;
}

// ---------------------------------------------------------------- measuring

function measureView(state: BringState, store: Store, asking: Asking): TemplateResult {
  const { measuring, measured, questions } = state;
  const busy = state.thinking !== undefined || measuring !== undefined || isLearning(state.learning);
  const time = timeFor(state);
  return html`<section class="bring-measure" aria-labelledby="bring-measure-title">
    <h3 id="bring-measure-title">${words.measure.title}</h3>
    <p>${words.measure.lead}</p>
    <div class="bring-choices">
      ${select("word-problems", words.measure.questions, QUESTIONS, questions, busy, (wanted) => {
        store.change({ questions: wanted });
      })}
      ${
        measuring === undefined
          ? html`<button type="button" class="quiet-button" ?disabled=${busy} @click=${() => asking.measure()}>
                ${words.measure.button}
              </button>
              ${time === undefined ? nothing : html`<span class="quiet">${words.measure.time(time)}</span>`}`
          : html`<progress
                max=${measuring.total || 1}
                value=${measuring.loaded}
                aria-label=${words.measure.title}
              ></progress>
              <span>${words.measure.progress(words.slots[measuring.slot], measuring.loaded, measuring.total)}</span>
              <button
                type="button"
                class="quiet-button"
                @click=${() => {
                  asking.stop();
                }}
              >
                ${words.cancel}
              </button>`
      }
    </div>
    ${measured.length === 0 ? html`<p class="empty">${words.measure.empty}</p>` : table(measured)}
  </section>`;
}

/** Both ways, by what the thoughts on the screen took. */
function timeFor({ thoughts, questions }: BringState): string | undefined {
  const seconds = SLOTS.map((slot) => {
    const thought = thoughts[slot];
    return thought?.result === undefined ? undefined : ((thought.firstMs ?? 0) + (thought.restMs ?? 0)) / 1000;
  });
  const [soft, discrete] = seconds;
  return soft === undefined || discrete === undefined ? undefined : duration(questions * (soft + discrete));
}

function table(measured: readonly Measured[]): TemplateResult {
  const { columns } = words.measure;
  return html`<div class="wide" tabindex="0" role="region" aria-label=${words.measure.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">${columns.way}</th>
            <th scope="col" class="number">pass@1</th>
            <th scope="col" class="number">${columns.interval}</th>
            <th scope="col" class="number">${columns.problems}</th>
            <th scope="col" class="number">${columns.difficulty}</th>
            <th scope="col" class="number">${columns.length}</th>
            <th scope="col" class="number">${columns.sharp}</th>
          </tr>
        </thead>
        <tbody>
          ${measured.map(({ slot, way, difficulty, report }) => {
            const { low, high } = wilson(report.pass_at_1, report.questions);
            return html`<tr>
              <th scope="row"><span class="sign ${slot}" aria-hidden="true"></span>${way}</th>
              <td class="number">${fixed(report.pass_at_1)}</td>
              <td class="number">${fixed(low)} – ${fixed(high)}</td>
              <td class="number">${report.questions}</td>
              <td class="number">${difficulty}</td>
              <td class="number">${number(report.mean_length)}</td>
              <td class="number">${report.near_one_hot === null ? "–" : percent(report.near_one_hot)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="quiet">${words.measure.note}</p>`;
}
