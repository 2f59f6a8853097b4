// The newest step's groups: pick a question, see its tries as small strips with reward and advantage, open one as a thought.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Sample, SampleStep } from "soft-thinking-lab";

import { fixed, isMark, number, percent, token } from "../format.ts";
import { groupsOf, shownTries } from "../state.ts";
import type { RunState, State } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { kindOf, triesWay } from "../methods.ts";
import type { RunHistory } from "../run-history.ts";
import type { Trainer } from "../training.ts";
import { partsOf } from "../ways.ts";
import type { Kind, Part } from "../ways.ts";
import { sampleTable, samplesHow } from "./sample-table.ts";
import { stepCard } from "./step-card.ts";
import { isBlend, strip } from "./strip.ts";

/** Advantages beyond this many standard deviations fill the bar; those that are no multiples of one, beyond 1. */
const ADVANTAGE_MAX = 2.5;
/** Colours of a blend's parts, largest first, as in the large strips. */
const RANKS = ["--soft", "--soft-1", "--soft-2", "--soft-3", "--soft-3"] as const;

export function groupView({ run, tools }: State, trainer: Trainer, history: RunHistory): TemplateResult {
  const groups = groupsOf(run);
  const picked = groups[run.group] ?? groups[0];
  return html`
    <section class="samples" aria-labelledby="samples-title">
      <header>
        <h3 id="samples-title">${strings.samples.title}</h3>
        ${picked === undefined ? nothing : html`<p class="quiet">${stepWords(run)}</p>`}
      </header>
      ${
        picked === undefined
          ? html`<p class="empty">${strings.samples.empty}</p>`
          : html`${samplesHow(tools, run, history)}
            ${
              tools.samplesAsTable
                ? sampleTable(tools, run, history)
                : html`${picker(groups, run, trainer)}
                    <div class="group">${tries(picked, run, trainer)}${opened(picked, run, trainer)}</div>`
            }`
      }
    </section>
  `;
}

function stepWords(run: RunState): string {
  const { step } = shownTries(run);
  return run.held === undefined ? strings.samples.step(step) : strings.samples.held(step);
}

/** Advantages are standard deviations from the group's mean. */
function isScaled({ config = {} }: RunState): boolean {
  const { scale_rewards: scale = "group", baseline = "group_mean" } = config;
  return scale === "group" && baseline === "group_mean";
}

function right(group: readonly Sample[]): number {
  return group.filter((sample) => sample.reward >= 1).length;
}

function picker(groups: readonly Sample[][], run: RunState, trainer: Trainer): TemplateResult {
  return html`
    <div class="picker" role="group" aria-label=${strings.samples.pick}>
      ${groups.map(
        (group, index) =>
          html`<button
            type="button"
            class="pick"
            aria-pressed=${index === run.group ? "true" : "false"}
            @click=${() => {
              trainer.pickGroup(index);
            }}
          >
            <span class="token">${group[0]?.question ?? ""}</span>
            <span class="quiet">${strings.samples.rightOf(right(group), group.length)}</span>
          </button>`,
      )}
    </div>
  `;
}

function tries(group: readonly Sample[], run: RunState, trainer: Trainer): TemplateResult {
  const same = group.every((sample) => sample.reward === group[0]?.reward);
  return html`
    <div class="tries">
      <p>${strings.samples.expected} <strong class="token">${group[0]?.expected ?? ""}</strong></p>
      <ol>
        ${group.map((sample, index) => tryRow(sample, index, run, trainer))}
      </ol>
      ${group.some(({ audit }) => audit !== undefined) ? html`<p class="quiet">${strings.audit.define}</p>` : nothing}
      <p class="quiet">
        ${same ? strings.samples.same : `${strings.samples.advantage}: ${isScaled(run) ? strings.samples.advantageHint : strings.samples.advantageUnscaled}`}
      </p>
    </div>
  `;
}

function tryRow(sample: Sample, index: number, run: RunState, trainer: Trainer): TemplateResult {
  const open = run.openSample === index;
  const good = sample.reward >= 1;
  const share = Math.max(-1, Math.min(1, sample.advantage / (isScaled(run) ? ADVANTAGE_MAX : 1)));
  const side = share < 0 ? `right:50%;width:${-share * 50}%` : `left:50%;width:${share * 50}%`;
  const thought = sample.steps.filter((step) => step.phase === "think" && !isMark(step.token));
  const words = thought.map((step) => token(step.token)).join("");
  const answer = sample.answer ?? strings.think.none;
  const { audit } = sample;
  const honest = audit === undefined ? "" : `, ${strings.audit.of(number(audit))}`;
  return html`
    <li>
      <button
        type="button"
        class="sample"
        aria-pressed=${open ? "true" : "false"}
        @click=${() => {
          trainer.openSample(index);
        }}
      >
        <span class="unseen"
          >${strings.samples.label(index + 1, words, answer, number(sample.reward), fixed(sample.advantage)) + honest}</span
        >
        <span
          aria-hidden="true"
          class="dot ${good ? "good" : "off"}"
          title="${strings.samples.reward} ${number(sample.reward)}"
          >${good ? "✓" : "✗"}</span
        >
        <span class="mini" aria-hidden="true"
          >${thought.map((step) => miniColumn(step, kindOf(run.method.objective)))}</span
        >
        <span class="token answer" aria-hidden="true">${strings.samples.arrow} ${answer}</span>
        ${audit === undefined ? nothing : html`<span class="audit ${audit < sample.reward ? "off" : ""}" aria-hidden="true" title=${strings.audit.define}>${strings.audit.short(number(audit))}</span>`}
        <span class="advantage" aria-hidden="true" title="${strings.samples.advantage} ${fixed(sample.advantage)}"
          ><span class=${share < 0 ? "less" : "more"} .style=${side}></span
        ></span>
        <span class="number" aria-hidden="true">${fixed(sample.advantage)}</span>
      </button>
    </li>
  `;
}

/** One element a step: eight strips are drawn anew at every training step. */
function miniColumn(step: SampleStep, kind: Kind): TemplateResult {
  const blend = isBlend(step, kind);
  return html`<span class="mini-column ${blend ? "blend" : "single"}"
    ><span .style=${blend ? `background:${stacked(partsOf(step))}` : ""}></span>${token(step.token)}</span
  >`;
}

/** The blend as a stack, largest at the bottom; what it does not name stays grey. */
function stacked(parts: readonly Part[]): string {
  let foot = 0;
  const stops = parts.slice(0, RANKS.length).map(({ weight }, rank) => {
    const from = foot;
    foot += Math.max(0, weight) * 100;
    return `var(${RANKS[rank] ?? "--soft-3"}) ${from.toFixed(1)}% ${foot.toFixed(1)}%`;
  });
  return `linear-gradient(to top,${stops.join()},var(--line) ${foot.toFixed(1)}%)`;
}

function opened(group: readonly Sample[], run: RunState, trainer: Trainer): TemplateResult {
  const index = run.openSample;
  const sample = index === undefined ? undefined : group[index];
  if (index === undefined || sample === undefined) {
    return html`<p class="opened empty">${strings.samples.openHint}</p>`;
  }
  const kind = kindOf(run.method.objective);
  const step = sample.steps[run.openStep];
  return html`
    <section class="opened thought ${kind}" aria-label=${strings.samples.open(index + 1)}>
      <header>
        <h4><span class="sign" aria-hidden="true"></span>${strings.samples.open(index + 1)}</h4>
        <button
          type="button"
          class="quiet-button"
          @click=${() => {
            trainer.openSample(index);
          }}
        >
          ${strings.samples.follow}
        </button>
        <p class="quiet">
          ${strings.think.answer} <strong class="token">${sample.answer ?? strings.think.none}</strong> ·
          ${strings.samples.reward}
          ${number(sample.reward)}${sample.audit === undefined ? "" : ` · ${strings.audit.of(number(sample.audit))}`} ·
          ${strings.samples.advantage} ${fixed(sample.advantage)} · ${sharpest(sample, kind)}
        </p>
      </header>
      <div class="thoughts">
        ${strip({
          kind,
          steps: sample.steps,
          label: strings.samples.open(index + 1),
          selected: run.openStep,
          onSelect: (to) => {
            trainer.openStep(to);
          },
        })}
      </div>
      ${step === undefined ? nothing : stepCard({ ...step, step: run.openStep, soft: isBlend(step, kind) }, triesWay(run), strings.samples.open(index + 1))}
    </section>
  `;
}

function sharpest(sample: Sample, kind: Kind): string {
  const blends = sample.steps.filter((step) => isBlend(step, kind));
  if (blends.length === 0)
    return strings.think.steps(sample.steps.filter((step) => step.phase === "think" && !isMark(step.token)).length);
  const mean = blends.reduce((sum, step) => sum + (partsOf(step)[0]?.weight ?? 0), 0) / blends.length;
  return strings.samples.leading(percent(mean));
}
