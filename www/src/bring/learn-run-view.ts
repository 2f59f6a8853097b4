// A run of learning in the panel: its charts with the table that says the same, and the newest tries in words.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import type { Sample } from "soft-thinking-lab";

import { groupsIn } from "./learn-state.ts";
import type { LearnState } from "./learn-state.ts";
import type { Learning } from "./learning.ts";
import { wordsView } from "./words-view.ts";
import { fixed, isMark, number } from "../format.ts";
import { runPicture } from "../run-lines.ts";
import { keysOf, saveRunCsv, saveSamples } from "../save-run.ts";
import { bring as words } from "../strings/bring.ts";
import "../view/chart.ts";
import type { Series } from "../view/chart.ts";
import { chartMenu } from "../view/save-menu.ts";

const { learn } = words;
const ROWS_MAX = 50;

interface Spec {
  words: { title: string; name: string; note: string };
  key: string;
  top?: number;
  soft: readonly Series[];
  discrete: readonly Series[];
}

function spec(key: string, words: Spec["words"], top?: number): Spec {
  return {
    words,
    key,
    soft: [{ key, colour: "--soft", style: "line" }],
    discrete: [{ key, colour: "--discrete", style: "dashed" }],
    ...(top === undefined ? {} : { top }),
  };
}

// Made once: the chart element tells a new shape from new points by identity.
const SPECS = [
  spec("reward", learn.charts.reward, 1),
  spec("grad_norm", learn.charts.gradient),
  spec("kl", learn.charts.kl),
];

export function runView(run: LearnState, learning: Learning): TemplateResult | typeof nothing {
  if (run.phase === "idle" && run.history.length === 0) return nothing;
  return html`
    <div class="charts learn-charts">${SPECS.map((one) => chart(one, run))}</div>
    ${guard([run.history], () => numbers(run))} ${guard([run.tries, run.open], () => tries(run, learning))}
  `;
}

function chart({ words, key, top, ...inks }: Spec, { history, objective }: LearnState): TemplateResult {
  const kind = objective === "grpo" ? "discrete" : "soft";
  const series = inks[kind];
  const value = history.at(-1)?.[key];
  const picture = () =>
    runPicture({
      title: words.title,
      xLabel: learn.charts.step,
      series: series.map((one) => ({ ...one, name: words.name })),
      rows: [...history],
      top,
      level: undefined,
      over: [],
    });
  return html`<figure class="chart ${kind}">
    <figcaption>
      <h4>${words.title}</h4>
      <span class="latest ${kind === "discrete" ? "dashed" : "line"}"
        ><span class="sign" aria-hidden="true"></span>${words.name} <strong>${number(value)}</strong></span
      >
      ${history.length === 0 ? nothing : chartMenu(words.title, picture)}
    </figcaption>
    <metric-chart aria-hidden="true" .data=${{ series, rows: history, top, small: true }}></metric-chart>
    ${history.length === 0 ? html`<p class="waiting">${learn.charts.waiting}</p>` : nothing}
    <p class="quiet">${words.note}</p>
  </figure>`;
}

function numbers({ history }: LearnState): TemplateResult {
  const { title, csv, empty } = learn.numbers;
  const keys = keysOf(history);
  return html`<details class="numbers">
    <summary>${title}</summary>
    ${
      history.length === 0
        ? html`<p class="empty">${empty}</p>`
        : html`<p>
              <button
                type="button"
                class="quiet-button"
                @click=${() => {
                  saveRunCsv({ rows: [...history] }, "adapter-training");
                }}
              >
                ${csv}
              </button>
            </p>
            <div class="scroll tall" tabindex="0" role="region" aria-label=${title}>
              <table>
                <thead>
                  <tr>
                    ${keys.map((key) => html`<th scope="col" class="number">${key}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${history
                    .slice(-ROWS_MAX)
                    .reverse()
                    .map(
                      (row) =>
                        html`<tr>
                          ${keys.map((key) => html`<td class="number">${key === "step" ? row.step : number(row[key])}</td>`)}
                        </tr>`,
                    )}
                </tbody>
              </table>
            </div>`
    }
  </details>`;
}

function tries(run: LearnState, learning: Learning): TemplateResult {
  const { step, samples } = run.tries;
  const said = learn.tries;
  return html`<section class="learn-tries" aria-labelledby="learn-tries-title">
    <header>
      <h4 id="learn-tries-title">${said.title}</h4>
      ${samples.length === 0 ? nothing : html`<span class="quiet">${said.ofStep(step)}</span>`}
    </header>
    ${
      samples.length === 0
        ? html`<p class="empty">${said.empty}</p>`
        : html`${groupsIn(run.tries).map((group, at) => groupView(group, at * run.tries.group, run, learning))}
            <p>
              <button
                type="button"
                class="quiet-button"
                @click=${() => {
                  saveSamples(step, undefined, samples);
                }}
              >
                ${said.save}
              </button>
            </p>`
    }
  </section>`;
}

/** `from`: the place of its first try among all. */
function groupView(group: readonly Sample[], from: number, run: LearnState, learning: Learning): TemplateResult {
  const said = learn.tries;
  const [first] = group;
  const same = group.every(({ reward }) => reward === first?.reward);
  return html`<div class="learn-group">
    <p>
      ${first?.question ?? ""} <span class="quiet">${said.expected}</span>
      <strong class="token">${first?.expected ?? ""}</strong>
    </p>
    ${same ? html`<p class="quiet">${said.same}</p>` : nothing}
    <ol>
      ${group.map((sample, index) => tryView(sample, index, from, run, learning))}
    </ol>
  </div>`;
}

function tryView(sample: Sample, index: number, from: number, run: LearnState, learning: Learning): TemplateResult {
  const said = learn.tries;
  const { reward, advantage, answer, steps } = sample;
  const soft = run.objective !== "grpo";
  const right = reward >= 1;
  return html`<li>
    <p class="learn-earned">
      <strong>${said.try(index + 1)}</strong>
      <span class="verdict ${right ? "good" : "off"}"
        >${right ? "✓" : "✗"} ${said.answer} <span class="token">${answer ?? said.none}</span></span
      >
      <span class="quiet">${said.reward} ${number(reward)} · ${said.advantage} ${fixed(advantage)}</span>
    </p>
    ${wordsView({
      steps: steps.map((step) => ({ ...step, soft: soft && step.phase === "think" && !isMark(step.token) })),
      label: said.try(index + 1),
      selected: run.open?.at === from + index ? run.open.piece : undefined,
      onSelect: (piece) => {
        learning.look(from + index, piece);
      },
    })}
  </li>`;
}
