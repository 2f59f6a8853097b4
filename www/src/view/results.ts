// Results: what the lab's experiments found, behind a fold, since their files are only fetched when someone wants them.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";

import type { TaskSummary } from "../experiment.ts";
import { fewestSeeds, hiddenAtFirst, inksOf, modesOf, shownArms, splitsOf } from "../findings.ts";
import { number } from "../format.ts";
import { chosenTask } from "../results-state.ts";
import type { ResultsState } from "../results-state.ts";
import type { Results } from "../results.ts";
import { isRunning } from "../state.ts";
import type { State } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { tools } from "../strings/lab.ts";
import type { Trial } from "../trial.ts";
import { signOf } from "./line-sign.ts";
import { resultCharts } from "./result-charts.ts";
import { runsView } from "./result-runs.ts";
import { contrastTables, finalTable, forgettingTable, meetingTables } from "./result-tables.ts";
import { trialView } from "./trial.ts";

/** With fewer, what a bootstrap over seeds says is said with a caution. */
const SEEDS_ENOUGH = 5;

export function resultsView(state: State, results: Results, trial: Trial): TemplateResult {
  const busy = isRunning(state.run) || state.progress !== undefined || state.model === undefined;
  return html`
    <section class="panel results" aria-labelledby="results-title">
      <header>
        <h2 id="results-title">${strings.results.title}</h2>
        <p>${strings.results.lead}</p>
      </header>
      <details
        class="results-fold"
        .open=${state.results.shown}
        @toggle=${(event: Event) => {
          if (event.target !== event.currentTarget) return;
          const { open } = event.target as HTMLDetailsElement;
          results.show(open);
          if (open) void results.open();
        }}
      >
        <summary>${strings.results.open}</summary>
        ${guard([state.results, busy, state.tasks], () => body(state, results, busy))} ${trialView(state, trial)}
      </details>
    </section>
  `;
}

function body(state: State, results: Results, busy: boolean): TemplateResult {
  const { index, loading, problem, summary } = state.results;
  const task = chosenTask(state.results);
  const said =
    problem !== undefined
      ? strings.results.problem(problem)
      : loading
        ? strings.results.loading
        : index?.length === 0 || (summary !== undefined && task === undefined)
          ? strings.results.none
          : undefined;
  return html`<div class="results-body">
    ${said === undefined ? nothing : html`<p class="empty" role="status">${said}</p>`}
    ${index === undefined || index.length < 2 ? nothing : experiments(state.results, results)}
    ${task === undefined ? nothing : found(task, state, results, busy)}
  </div>`;
}

function experiments({ index = [], chosen, loading }: ResultsState, results: Results): TemplateResult {
  return choice(
    "experiment",
    strings.results.experiment,
    index.map(({ name, title }) => [name, title]),
    chosen?.name,
    (name) => void results.choose(name),
    loading,
  );
}

function choice(
  name: string,
  label: string,
  options: (readonly [value: string, words: string])[],
  chosen: string | undefined,
  choose: (value: string) => void,
  disabled = false,
): TemplateResult {
  return html`<label>
    ${label}
    <select
      name="results-${name}"
      ?disabled=${disabled}
      @change=${(event: Event) => {
        choose((event.target as HTMLSelectElement).value);
      }}
    >
      ${options.map(([value, words]) => html`<option value=${value} .selected=${value === chosen}>${words}</option>`)}
    </select>
  </label>`;
}

function found(task: TaskSummary, state: State, results: Results, busy: boolean): TemplateResult {
  const { summary, hidden, split, mode, run } = state.results;
  if (summary === undefined) return html``;
  const arms = shownArms(task, hidden);
  const view = { split, mode };
  const seeds = fewestSeeds(task.arms);
  const title = (name: string) => state.tasks.find((one) => one.name === name)?.title ?? name;
  return html`
    <h3 class="question-asked">${summary.title}</h3>
    <p>
      ${strings.results.runs(
        summary.runs,
        summary.runs_planned,
        strings.results.guessSpace(title(task.task), task.difficulty, number(task.guess_space)),
      )}
    </p>
    <p class="quiet">${strings.results.honest}</p>
    ${seeds < SEEDS_ENOUGH ? html`<p class="few-seeds">${strings.results.fewSeeds(seeds)}</p>` : nothing}
    <div class="filters">
      ${filters(task, state.results, results, title)}
      <fieldset>
        <legend>${strings.results.arms}</legend>
        ${task.arms.map(
          (one) =>
            html`<label class="arm">
              <input
                type="checkbox"
                name="results-arm"
                value=${one.arm}
                .checked=${!hidden.includes(one.arm)}
                @change=${() => {
                  results.toggleArm(one.arm);
                }}
              />
              ${signOf(inksOf(task.arms).get(one.arm))}${one.title}
            </label>`,
        )}
        ${armsButton(task, hidden, results)}
      </fieldset>
    </div>
    ${
      arms.length === 0
        ? html`<p class="empty">${strings.results.noArm}</p>`
        : html`${resultCharts(task, arms, view)} ${finalTable(task, arms, view)} ${contrastTables(task, arms, split)}
          ${meetingTables(task, arms)} ${forgettingTable(arms, title)} ${runsView(arms, run, results, busy)}`
    }
  `;
}

/** All of the ways to learn at once, and back; nothing where all are shown anyway. */
function armsButton(task: TaskSummary, hidden: readonly string[], results: Results): TemplateResult | typeof nothing {
  if (hiddenAtFirst(task.arms).length === 0) return nothing;
  const all = hidden.length > 0;
  return html`<button
    type="button"
    class="quiet-button arms-button"
    @click=${() => {
      results.showArms(all);
    }}
  >
    ${all ? tools.results.all(task.arms.length) : tools.results.few}
  </button>`;
}

function filters(
  task: TaskSummary,
  { summary, split, mode }: ResultsState,
  results: Results,
  title: (name: string) => string,
): TemplateResult {
  const [splits, modes] = [splitsOf(task), modesOf(task)];
  return html`
    ${choice(
      "task",
      strings.results.task,
      (summary?.tasks ?? []).map((one) => [one.task, title(one.task)]),
      task.task,
      (name) => {
        results.chooseTask(name);
      },
    )}
    ${
      splits.length < 2
        ? nothing
        : choice(
            "split",
            strings.results.split,
            splits.map((one) => [one, strings.results.splits[one] ?? one]),
            split,
            (chosen) => {
              results.chooseView({ split: chosen });
            },
          )
    }
    ${
      modes.length < 2
        ? nothing
        : choice(
            "mode",
            strings.results.mode,
            modes.map((one) => [one, one === "own" ? strings.results.own : one]),
            mode,
            (chosen) => {
              results.chooseView({ mode: chosen });
            },
          )
    }
  `;
}
