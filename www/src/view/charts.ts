// The four charts of a run, always in this order, each with a sentence on what is normal and what is not.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { number } from "../format.ts";
import { kindOf } from "../methods.ts";
import type { RunState, State } from "../state.ts";
import { en } from "../strings/en.ts";
import "./chart.ts";
import type { Kind } from "../ways.ts";
import type { Series } from "./chart.ts";

interface Spec {
  words: { title: string; note: string; waiting: string; absent?: string; series: Record<string, string> };
  top?: number;
  series: Record<Kind, Series[]>;
}

function spec(words: Spec["words"], marked: readonly string[] = [], top?: number): Spec {
  const series = (kind: Kind) =>
    Object.keys(words.series).map((key): Series => ({
      key,
      colour: `--${kind}`,
      style: marked.includes(key) ? "marks" : kind === "discrete" ? "dashed" : "line",
    }));
  return {
    words,
    series: { soft: series("soft"), discrete: series("discrete") },
    ...(top === undefined ? {} : { top }),
  };
}

const NO_ROWS: RunState["history"] = [];
// Made once: the chart element tells a new shape from new points by identity.
const SPECS = [
  spec(en.charts.reward, ["val/pass@1"], 1),
  spec(en.charts.entropy),
  spec(en.charts.kl),
  spec(en.charts.length),
];

/** `guessing`: the share of right answers that drawing them at random would have, where it is known. */
export function chartsView({ run, definitions }: State, guessing: number | undefined): TemplateResult {
  return html`<div class="charts">
    ${SPECS.map((one, index) => chart(one, run, definitions, index === 0 ? guessing : undefined))}
  </div>`;
}

function chart(
  { words, series, top }: Spec,
  run: RunState,
  definitions: State["definitions"],
  level: number | undefined,
): TemplateResult {
  const kind = kindOf(run.method.objective);
  const shown = series[kind];
  const measured = run.history.some((row) => shown.some(({ key }) => row[key] !== undefined));
  const waiting = run.history.length === 0 ? words.waiting : measured ? undefined : words.absent;
  return html`
    <figure class="chart ${kind}">
      <figcaption>
        <h3>${words.title}</h3>
        ${shown.map((one) => latest(one, words.series[one.key] ?? one.key, run, definitions))}
        ${
          level === undefined
            ? nothing
            : html`<span class="latest level"
                ><span class="sign" aria-hidden="true"></span>${en.measure.guessing}
                <strong>${number(level)}</strong></span
              >`
        }
      </figcaption>
      <metric-chart
        aria-hidden="true"
        .data=${{ series: shown, rows: measured ? run.history : NO_ROWS, top, level }}
      ></metric-chart>
      ${waiting === undefined ? nothing : html`<p class="waiting">${waiting}</p>`}
      <p class="quiet">${words.note}</p>
    </figure>
  `;
}

/** The newest value, which is the chart's legend as well. */
function latest(one: Series, name: string, run: RunState, definitions: State["definitions"]): TemplateResult {
  const value = run.history.findLast((row) => row[one.key] !== undefined)?.[one.key];
  return html`<span class="latest ${one.style}" title=${definitions[one.key] ?? ""}
    ><span class="sign" aria-hidden="true"></span>${name} <strong>${number(value)}</strong></span
  >`;
}
