// Train: method, how long, start to stop, the charts, the newest tries, all numbers.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Objective } from "soft-thinking-lab";

import { duration, methodWords } from "../format.ts";
import { armInEffect, isRunning } from "../state.ts";
import type { RunState, State, Store } from "../state.ts";
import { strings } from "../strings/lab.ts";
import type { RunHistory } from "../run-history.ts";
import type { Trainer } from "../training.ts";
import { chartsView } from "./charts.ts";
import { collapseView } from "./collapse.ts";
import { fold } from "./fold.ts";
import { groupView } from "./group.ts";
import { historyView } from "./history.ts";
import { methodChoice } from "./method.ts";
import { numbersView } from "./numbers.ts";
import { settingsView } from "./train-settings.ts";

const STEP_CHOICES: readonly (number | undefined)[] = [30, 60, 120, 300, 1000, undefined];
export function trainView(state: State, store: Store, trainer: Trainer, history: RunHistory): TemplateResult {
  const { run } = state;
  return html`
    <section class="panel train" aria-labelledby="train-title">
      <header>
        <h2 id="train-title">${strings.train.title}</h2>
        <p>${strings.train.lead}</p>
      </header>
      ${controls(state, store, trainer)} ${setUp(state, store)} ${collapseView(run, trainer)}
      <p class="status">${status(state)}</p>
      ${run.remark === undefined ? nothing : html`<p class="remark">${run.remark.text} ${strings.train.skipped(run.remark.skipped)}</p>`}
      ${chartsView(state, guessing(state))} ${groupView(state, trainer, history)} ${historyView(state, history)}
      ${settingsView(state, trainer)} ${numbersView(state)}
    </section>
  `;
}

/** Known for the usual difficulty only. */
function guessing(state: State): number | undefined {
  const task = state.tasks.find((one) => one.name === state.task);
  const difficulty = state.difficulty ?? task?.default_difficulty;
  if (task?.default_difficulty !== difficulty || task === undefined) return undefined;
  return 1 / task.guess_space;
}

function controls(state: State, store: Store, trainer: Trainer): TemplateResult {
  const running = isRunning(state.run);
  const { stepsWanted } = state;
  // A run of an experiment may have any number of steps.
  const choices = STEP_CHOICES.includes(stepsWanted) ? STEP_CHOICES : [stepsWanted, ...STEP_CHOICES];
  return html`
    ${fold(store, state, "train", `${methodWords(state.method)} · ${stepsWanted ?? strings.train.untilStopped}`)}
    <div class="controls">
      ${state.presets.methods.length === 0 ? objectives(state, store) : methodChoice(state, store)}
      <label class="steps foldable">
        ${strings.train.steps}
        <select
          name="steps"
          ?disabled=${running}
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            store.change({ stepsWanted: value === "" ? undefined : Number(value) });
          }}
        >
          ${choices.map(
            (steps) =>
              html`<option value=${steps ?? ""} .selected=${steps === stepsWanted}>
                ${steps ?? strings.train.untilStopped}
              </option>`,
          )}
        </select>
      </label>
      <div class="buttons">${buttons(state, trainer)}</div>
    </div>
  `;
}

/** Which run of an experiment the next one is set up like. */
function setUp(state: State, store: Store): TemplateResult | typeof nothing {
  const arm = armInEffect(state);
  if (arm === undefined) return nothing;
  return html`<div class="set-up">
    <p>${strings.results.setUp(arm.title, arm.seed)}</p>
    <button
      type="button"
      class="quiet-button"
      ?disabled=${isRunning(state.run)}
      @click=${() => {
        store.change({ arm: undefined });
      }}
    >
      ${strings.results.usual}
    </button>
  </div>`;
}

/** Where the engine names no methods: its own two. */
function objectives(state: State, store: Store): TemplateResult {
  return html`<fieldset class="foldable" ?disabled=${isRunning(state.run)}>
    <legend>${strings.train.objective}</legend>
    ${(["soft_grpo", "grpo"] as const).map((objective) => objectiveChoice(objective, state, store))}
  </fieldset>`;
}

function objectiveChoice(objective: Objective, state: State, store: Store): TemplateResult {
  return html`
    <label class="choice ${objective === "grpo" ? "discrete" : "soft"}">
      <input
        type="radio"
        name="objective"
        value=${objective}
        .checked=${state.method.objective === objective}
        @change=${() => {
          store.change({ method: { objective } });
        }}
      />
      <span><strong>${strings.train.objectives[objective]}</strong> ${strings.train.objectiveHints[objective]}</span>
    </label>
  `;
}

function buttons(state: State, trainer: Trainer): TemplateResult {
  const { phase } = state.run;
  const button = (words: string, sign: string, act: () => void, main: boolean, disabled = false) =>
    html`<button type="button" class=${main ? "main" : "quiet-button"} ?disabled=${disabled} @click=${act}>
      <span aria-hidden="true">${sign}</span> ${words}
    </button>`;
  const stop = button(
    strings.train.stop,
    "■",
    () => {
      trainer.stop();
    },
    false,
  );
  switch (phase) {
    case "starting":
    case "running":
      return html`${button(
        strings.train.pause,
        "❚❚",
        () => {
          trainer.pause();
        },
        true,
        phase === "starting",
      )}${stop}`;
    case "pausing":
      return html`${button(strings.train.pausing, "❚❚", () => undefined, true, true)}${stop}`;
    case "paused":
      return html`${button(
        strings.train.resume,
        "▶",
        () => {
          trainer.resume();
        },
        true,
      )}${stop}`;
    case "collapsed":
      return html``;
    default:
      return button(
        strings.train.start,
        "▶",
        () => void trainer.start(),
        true,
        state.model === undefined || state.progress !== undefined,
      );
  }
}

function status(state: State): TemplateResult | string {
  const { run } = state;
  switch (run.phase) {
    case "idle":
      return state.model === undefined ? strings.train.needModel : strings.train.idle;
    case "starting":
      return strings.train.starting;
    case "running":
    case "pausing":
      return html`${progressBar(run)}${runningWords(run)}
        <span class="quiet">${run.saved ?? ""} ${strings.train.hidden}</span>`;
    case "paused":
      return html`${strings.train.paused(run.step)} <span class="quiet">${run.saved ?? ""}</span>`;
    case "collapsed":
      return strings.collapse.waiting(run.step);
    case "finished":
      return html`${strings.train.done(run.step)} <span class="quiet">${run.saved ?? ""}</span>`;
    case "stopped":
      return html`${strings.train.stopped(run.step)} <span class="quiet">${run.saved ?? ""}</span>`;
  }
}

function runningWords(run: RunState): string {
  const { step, stepsMax, secondsPerStep } = run;
  const time = secondsPerStep === undefined ? "–" : duration(secondsPerStep);
  const words = strings.train.running(step, stepsMax === undefined ? "" : strings.train.of(stepsMax), time);
  if (stepsMax === undefined || secondsPerStep === undefined || step >= stepsMax) return words;
  return words + strings.train.left(duration((stepsMax - step) * secondsPerStep));
}

function progressBar(run: RunState): TemplateResult | typeof nothing {
  if (run.stepsMax === undefined) return nothing;
  return html`<progress max=${run.stepsMax} value=${run.step} aria-label=${strings.train.steps}></progress>`;
}
