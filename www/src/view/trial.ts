// Try the question yourself: two ways to learn, run in this tab and drawn over the published runs.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { armTitle } from "../engine-words.ts";
import type { ArmSummary, TaskSummary } from "../experiment.ts";
import { ago, duration, fixed } from "../format.ts";
import { passHere, passOver, placesOf, rewardOver } from "../overlay.ts";
import { OWN } from "../findings.ts";
import { chosenTask } from "../results-state.ts";
import type { State } from "../state.ts";
import { HELD_OUT } from "../state.ts";
import { strings } from "../strings/lab.ts";
import type { Trial } from "../trial.ts";
import { isTrying, reduced, timeLeft, usualArms } from "../trial-state.ts";
import type { Going, TrialState } from "../trial-state.ts";
import { chart, range } from "./result-charts.ts";

const words = strings.trial;
/** How both sides are measured. */
const VIEW = { split: HELD_OUT, mode: OWN };

export function trialView(state: State, trial: Trial): TemplateResult | typeof nothing {
  const { plan, summary } = state.results;
  const task = chosenTask(state.results);
  if (summary === undefined || task === undefined) return nothing;
  const { going } = state.trial;
  const shown = going?.plan.name === summary.experiment && going.task === task.task ? going : undefined;
  return html`<section class="trial" aria-labelledby="trial-title">
    <h3 id="trial-title">${words.title}</h3>
    <p>${words.lead}</p>
    ${plan === undefined ? html`<p class="empty">${words.noPlan}</p>` : choices(state, task, trial)}
    ${status(state, trial)}
    ${shown === undefined ? nothing : shown.arms.map((name) => armView(name, shown, task, state.trial, trial))}
  </section>`;
}

/** Above everything, while something kept waits to be gone on with. */
export function trialBanner(state: State, trial: Trial): TemplateResult | typeof nothing {
  const { going, phase, savedAt } = state.trial;
  if (phase !== "stopped" || going === undefined || savedAt === undefined) return nothing;
  return html`<div class="banner resume trial-kept">
    <p>${keptWords(going, savedAt)}</p>
    <button
      type="button"
      class="main"
      @click=${async () => {
        void trial.resume();
        // The panel opens first.
        await new Promise((later) => setTimeout(later, 300));
        document.getElementById("trial-title")?.scrollIntoView({ block: "start" });
      }}
    >
      ${words.resume}
    </button>
    <button type="button" class="quiet-button" @click=${() => trial.forget()}>${words.forget}</button>
  </div>`;
}

function keptWords({ arms, records, current, plan }: Going, savedAt: number): string {
  const under =
    current === undefined ? "" : words.keptAt(armTitle(plan.arms, current.arm), current.curve.length, current.steps);
  return words.keptText(records.length, arms.length, under, ago(Date.now() - savedAt));
}

function choices(state: State, task: TaskSummary, trial: Trial): TemplateResult | typeof nothing {
  const { plan } = state.results;
  const usual = plan === undefined ? undefined : usualArms(plan);
  if (plan === undefined || usual === undefined) return nothing;
  const { arms = usual, seed = plan.seeds[0] ?? 1 } = state.trial;
  const trying = isTrying(state.trial);
  const offered = plan.arms.filter(({ name }) => task.arms.some(({ arm }) => arm === name));
  const arm = (place: 0 | 1) =>
    html`<label>
      ${words.arm(place + 1)}
      <select
        name="trial-arm-${place}"
        ?disabled=${trying}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          const [first, second] = arms;
          trial.choose({ arms: place === 0 ? [value, second] : [first, value] });
        }}
      >
        ${offered.map(({ name }) => html`<option value=${name} .selected=${name === arms[place]}>${armTitle(offered, name)}</option>`)}
      </select>
    </label>`;
  const small = reduced(plan, task.task, arms, seed);
  const { questions = 0, samples = 0 } = small.evaluate ?? {};
  const fewer = questions < (plan.evaluate?.questions ?? 128);
  const same = arms[0] === arms[1];
  return html`<div class="filters">
      ${arm(0)} ${arm(1)}
      <label>
        ${words.seed}
        <input
          name="trial-seed"
          type="number"
          min="0"
          max="999999999"
          step="1"
          ?disabled=${trying}
          .value=${String(seed)}
          @change=${(event: Event) => {
            trial.choose({ seed: Math.max(0, Math.trunc((event.target as HTMLInputElement).valueAsNumber || 0)) });
          }}
        />
      </label>
      ${
        trying
          ? nothing
          : html`<button
              type="button"
              class="main"
              ?disabled=${same || state.model === undefined}
              @click=${() => trial.start()}
            >
              ${words.start}
            </button>`
      }
    </div>
    <p class="quiet">
      ${same ? words.same : words.what(questions, samples)}
      ${fewer ? words.fewer(plan.evaluate?.questions ?? 128) : nothing}
      ${plan.seeds.includes(seed) ? nothing : words.otherSeed(plan.seeds.join(", "))}
    </p>`;
}

function status(state: State, trial: Trial): TemplateResult {
  const { phase, problem, saved, savedAt, going } = state.trial;
  return html`
    ${problem === undefined ? nothing : html`<p class="problem-line" role="alert">${words.problem(problem)}</p>`}
    ${isTrying(state.trial) ? progress(state.trial, trial) : nothing}
    ${
      phase === "stopped" && going !== undefined && savedAt !== undefined
        ? html`<p>${keptWords(going, savedAt)}</p>
            <p class="buttons">
              <button type="button" class="main" @click=${() => trial.resume()}>${words.resume}</button>
              <button type="button" class="quiet-button" @click=${() => trial.forget()}>${words.forget}</button>
            </p>`
        : nothing
    }
    ${
      phase === "finished"
        ? html`<p class="buttons">
            <span>${words.done}</span>
            <button type="button" class="quiet-button" @click=${() => trial.forget()}>${words.forget}</button>
          </p>`
        : nothing
    }
    ${saved === undefined || !isTrying(state.trial) ? nothing : html`<p class="quiet">${saved}</p>`}
  `;
}

function progress(state: TrialState, trial: Trial): TemplateResult {
  const { going } = state;
  const current = going?.current;
  const steps = current?.curve.length ?? 0;
  const text =
    going === undefined || current === undefined
      ? words.loading
      : current.phase === "evaluate"
        ? words.evaluating(armTitle(going.plan.arms, current.arm), current.done, current.total)
        : words.training(armTitle(going.plan.arms, current.arm), steps, current.steps);
  const whole = current?.phase === "evaluate" ? current.total : (current?.steps ?? 0);
  const done = current?.phase === "evaluate" ? current.done : steps;
  return html`<div class="buttons trying">
    <progress max=${whole || 1} .value=${done} aria-label=${words.title}></progress>
    <span>${text}</span>
    <span class="quiet left">${leftWords(state)}</span>
    <button type="button" class="quiet-button" @click=${() => trial.cancel()}>${strings.cancel}</button>
  </div>`;
}

function leftWords(state: TrialState): string {
  const left = timeLeft(state);
  if (left === undefined) return words.timing;
  return left.measuring ? words.leftTraining(duration(left.seconds)) : words.left(duration(left.seconds));
}

/** An arm of this tab over the published runs of it, in words and in two charts. */
function armView(
  name: string,
  going: Going,
  task: TaskSummary,
  state: TrialState,
  trial: Trial,
): TemplateResult | typeof nothing {
  const published = task.arms.find(({ arm }) => arm === name);
  const record = going.records.find(({ arm }) => arm === name);
  const curve = record?.curve ?? (going.current?.arm === name ? going.current.curve : []);
  if (published === undefined) return nothing;
  const names = { published: words.published(published.seeds.length), here: words.here(going.seed) };
  const measured = passHere(going.summary, name, VIEW) ?? [];
  const heading = `trial-${name}`;
  const of = (title: string) => ({ title: `${title}: ${published.title}` });
  return html`<section class="trial-arm" aria-labelledby=${heading}>
    <h4 id=${heading}>${published.title}</h4>
    ${measured.length === 0 ? waiting(name, going, state) : verdict(task, published, measured, going)}
    <div class="trial-charts">
      ${
        published.curve.length === 0
          ? nothing
          : chart(
              { ...words.charts.reward, ...of(words.charts.reward.title) },
              rewardOver(task, published, names, curve),
              {
                top: 1,
              },
            )
      }
      ${chart({ ...words.charts.pass, ...of(words.charts.pass.title) }, passOver(task, published, names, VIEW, measured), { doublings: true, top: 1 })}
    </div>
    ${
      record === undefined
        ? nothing
        : html`<p class="buttons">
              <button
                type="button"
                class="quiet-button"
                @click=${() => {
                  trial.download(name);
                }}
              >
                ${words.download}<span class="unseen">: ${published.title}</span>
              </button>
              <span class="quiet"
                >${words.by(record.engine, record.train_seconds > 0 ? duration(record.train_seconds) : "")}</span
              >
            </p>
            ${record.collapse === null ? nothing : html`<p class="remark">${record.collapse}</p>`}`
    }
  </section>`;
}

function waiting(name: string, { current }: Going, state: TrialState): TemplateResult {
  const now = current?.arm === name && isTrying(state);
  return html`<p class="quiet">${now ? words.now : words.later}</p>`;
}

function verdict(
  task: TaskSummary,
  arm: ArmSummary,
  here: ReturnType<typeof passHere> & object,
  going: Going,
): TemplateResult {
  const places = placesOf(task, arm, VIEW, here);
  if (places.length === 0) return html`<p class="quiet">${words.nothingPublished}</p>`;
  const inside = places.every(({ place }) => place === "inside");
  return html`<p class="trial-verdict ${inside ? "good" : "off"}">
      <strong>${words.verdict(places.map(({ place }) => place))}</strong>
      ${places.map(({ k, here, published, place }) =>
        words.at(
          k,
          fixed(here, 3),
          fixed(published.mean, 3),
          range(published.low, published.high),
          words.places[place],
        ),
      )}
    </p>
    <p class="quiet">${words.caution(arm.seeds.length, going.seed)}</p>`;
}
