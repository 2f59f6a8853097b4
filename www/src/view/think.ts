// Think: a question, the same question thought in the chosen way and in single tokens, and what to look for.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { langOf } from "../engine-words.ts";
import { isMark, number, percent, wayWords } from "../format.ts";
import type { Measurer } from "../measuring.ts";
import { likeOf } from "../own-tasks.ts";
import type { Session } from "../session.ts";
import { sharpSteps } from "../state.ts";
import type { Slot, State, Store, Thought } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { isShipped } from "../stored.ts";
import { DISCRETE, drawnAs } from "../ways.ts";
import { diagnoseView } from "./diagnose.ts";
import { fold } from "./fold.ts";
import { stepCard } from "./step-card.ts";
import { strip } from "./strip.ts";
import { wayChoice, waySettings } from "./way.ts";

export function thinkView(state: State, store: Store, session: Session, measurer: Measurer): TemplateResult {
  return html`
    <section class="panel think" aria-labelledby="think-title">
      <h2 id="think-title" class="unseen">${strings.think.title}</h2>
      ${questionRow(state, store, session)} ${state.stored ? storedNote(state) : nothing}
      <div class="thoughts">${thoughtRow("chosen", state, session)} ${thoughtRow("compared", state, session)}</div>
      ${state.chosen === undefined && !state.thinking ? html`<p class="empty">${strings.think.empty}</p>` : nothing}
      <div class="reading">${selectedCard(state)} ${shareNote(state.chosen)}</div>
      ${diagnoseView(state, session, measurer)}
      <details class="truth">
        <summary>${strings.truth.title}</summary>
        <ul>
          ${strings.truth.points.map((point) => html`<li>${point}</li>`)}
        </ul>
      </details>
    </section>
  `;
}

function questionRow(state: State, store: Store, session: Session): TemplateResult {
  const task = state.tasks.find((one) => one.name === state.task);
  const ready = state.model !== undefined && state.progress === undefined;
  const text = state.typed ?? state.question?.prompt ?? state.chosen?.result?.question ?? "";
  return html`
    <form
      class="question"
      @submit=${(event: Event) => {
        event.preventDefault();
        void session.thoughts.think();
      }}
    >
      <label class="ask">
        <span>${strings.think.question}</span>
        <input
          class="prompt"
          name="question"
          autocomplete="off"
          spellcheck="false"
          title=${strings.think.own}
          .value=${text}
          ?disabled=${!ready}
          @input=${(event: InputEvent) => {
            session.questions.type((event.target as HTMLInputElement).value);
          }}
        />
      </label>
      <button
        type="button"
        class="quiet-button"
        ?disabled=${!ready || state.thinking}
        @click=${() => session.questions.next()}
      >
        ${strings.think.another} <span aria-hidden="true">↻</span>
      </button>
      ${
        state.thinking
          ? html`<button
              type="button"
              class="main"
              @click=${() => {
                session.thoughts.stop();
              }}
            >
              <span aria-hidden="true">■</span> ${strings.think.stop}
            </button>`
          : html`<button type="submit" class="main" ?disabled=${!ready || text === ""}>
              <span aria-hidden="true">▶</span> ${strings.think.button}
            </button>`
      }
      ${fold(store, state, "think", `${wayWords(session.thoughts.chosenWay())} · ${task?.title ?? state.task} · ${strings.think.seed} ${state.seed}`)}
      <div class="choices foldable">
        <div class="way">${wayChoice(state, session)}</div>
        <label>
          ${strings.task.label}
          <select
            name="task"
            ?disabled=${state.tasks.length === 0}
            @change=${(event: Event) => session.questions.chooseTask((event.target as HTMLSelectElement).value)}
          >
            ${offered(state).map(
              (one) => html`<option value=${one.name} .selected=${one.name === state.task}>${one.title}</option>`,
            )}
          </select>
        </label>
        ${difficultyChoice(state, task, session)}
        <label title=${strings.think.seedHint}>
          ${strings.think.seed}
          <input
            name="seed"
            type="number"
            min="0"
            max="999999999"
            step="1"
            .value=${String(state.seed)}
            @change=${(event: Event) => {
              session.questions.chooseSeed(
                Math.max(0, Math.trunc((event.target as HTMLInputElement).valueAsNumber || 0)),
              );
            }}
          />
        </label>
        ${task === undefined ? nothing : html`<p class="quiet" lang=${langOf(task.description) ?? nothing}>${task.description}</p>`}
        ${waySettings(state, session)}
      </div>
    </form>
  `;
}

/** Empty until the engine has said what tasks there are: it keeps its place, so that nothing moves. */
function difficultyChoice(state: State, task: State["tasks"][number] | undefined, session: Session): TemplateResult {
  const [from, to] = task?.difficulties ?? [0, -1];
  const levels = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const chosen = state.difficulty ?? task?.default_difficulty;
  return html`
    <label>
      ${strings.task.difficulty}
      <select
        name="difficulty"
        ?disabled=${task === undefined}
        @change=${(event: Event) => session.questions.chooseDifficulty(Number((event.target as HTMLSelectElement).value))}
      >
        ${levels.map((level) => html`<option value=${level} .selected=${level === chosen}>${level}</option>`)}
      </select>
    </label>
  `;
}

function storedWords({ model, progress }: State): string {
  if (model !== undefined) return strings.think.storedReady;
  return progress === undefined ? strings.fetching.stored : strings.think.stored;
}

function storedNote(state: State): TemplateResult {
  const question = state.chosen?.result?.question ?? "";
  return html`<p class="stored"><span class="chip">${question}</span> ${storedWords(state)}</p>`;
}

function thoughtRow(slot: Slot, state: State, session: Session): TemplateResult | typeof nothing {
  const { selected } = state;
  const thought = state[slot];
  const way = thought?.way ?? (slot === "chosen" ? session.thoughts.chosenWay() : DISCRETE);
  // Single tokens are compared with nothing: there is no second strip.
  if (
    slot === "compared" &&
    thought === undefined &&
    (state.chosen?.way ?? session.thoughts.chosenWay()).name === DISCRETE.name
  )
    return nothing;
  const kind = drawnAs(way);
  const name = strings.ways.kinds[way.settings.kind];
  const preset = wayWords(way);
  return html`
    <section class="thought ${kind}" data-slot=${slot} aria-label=${name}>
      <header>
        <h3><span class="sign" aria-hidden="true"></span>${name}</h3>
        ${preset === way.settings.kind.replace("_", "-") ? nothing : html`<span class="chip">${preset}</span>`}
        <p class="quiet">${slot === "compared" ? strings.think.comparedHint : strings.ways.hints[way.settings.kind]}</p>
        ${thought === undefined ? nothing : verdict(thought)}
      </header>
      ${strip({
        kind,
        steps: thought?.steps ?? [],
        label: name,
        selected: selected?.slot === slot ? selected.step : undefined,
        onSelect: (step) => {
          session.thoughts.select(slot, step);
        },
      })}
    </section>
  `;
}

function verdict({ way, steps, result }: Thought): TemplateResult | typeof nothing {
  if (result === undefined) return nothing;
  const right = result.grade === 1;
  const thinking = steps.filter((step) => step.phase === "think" && !isMark(step.token)).length;
  const words = right
    ? strings.think.right
    : result.grade > 0
      ? strings.think.partly(number(result.grade))
      : strings.think.wrong;
  const { audit } = result;
  return html`
    <p class="verdict ${right ? "good" : "off"}">
      ${strings.think.answer} <strong class="token">${result.answer ?? strings.think.none}</strong>
      <span class="grade">${right ? "✓" : "✗"} ${words}</span>
      ${audit === undefined ? nothing : html`<span class="audit ${audit < result.grade ? "off" : ""}" title=${strings.audit.define}>${strings.audit.of(number(audit))}</span>`}
      ${right ? nothing : html`<span class="quiet">${strings.think.expected(result.expected)}</span>`}
      <span class="quiet stats"
        >${drawnAs(way) === "soft" ? strings.think.stats(thinking, number(result.mixture_entropy)) : strings.think.steps(thinking)}</span
      >
    </p>
  `;
}

function shareNote(thought: Thought | undefined): TemplateResult | typeof nothing {
  if (thought?.result === undefined) return nothing;
  const { sharp, all } = sharpSteps(thought);
  if (all === 0) return nothing;
  const { kind } = thought.way.settings;
  const marked = kind === "soft_tokens" || thought.steps.some((step) => step.soft && step.winner_changed);
  const forced = thought.steps.some((step) => step.forced && step.candidates.length === 1);
  return html`<div class="share-note">
    <h3>${strings.think.lookFor}</h3>
    <p><strong>${strings.think.share(sharp, all, percent(sharp / all))}</strong> ${strings.think.shareWhy[kind]}</p>
    <p class="quiet">
      ${strings.think.entropyLine} ${marked ? strings.think.changedMark[kind] : nothing}
      ${forced ? strings.think.forcedMark : nothing}
    </p>
  </div>`;
}

function selectedCard(state: State): TemplateResult | typeof nothing {
  const { selected } = state;
  if (selected === undefined) return nothing;
  const thought = state[selected.slot];
  const step = thought?.steps[selected.step];
  if (thought === undefined || step === undefined) return nothing;
  return stepCard(step, thought.way, strings.ways.kinds[thought.way.settings.kind]);
}

/** Tasks that a model is at hand for, and own ones: all of them once somebody has brought a model. */
function offered(state: State): State["tasks"] {
  const own = ({ name }: { name: string }) => likeOf(state, name) !== undefined;
  return state.tasks.filter((one) => state.ownModel || isShipped(one.name) || own(one) || one.name === state.task);
}
