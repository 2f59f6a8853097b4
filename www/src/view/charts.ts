// The four charts of a run, always in this order, each with a sentence on what is normal and what is not.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { number } from "../format.ts";
import { kindOf } from "../methods.ts";
import { nameOf } from "../run-history.ts";
import { runPicture } from "../run-lines.ts";
import type { RunState, State } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { tools } from "../strings/lab.ts";
import { lastOf, laidOver } from "../tools-state.ts";
import type { Laid } from "../tools-state.ts";
import type { Kind } from "../ways.ts";
import "./chart.ts";
import type { Series } from "./chart.ts";
import { signOf } from "./line-sign.ts";
import { chartMenu } from "./save-menu.ts";

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
  spec(strings.charts.reward, ["val/pass@1"], 1),
  spec(strings.charts.entropy),
  spec(strings.charts.kl),
  spec(strings.charts.length),
];

/** What the charts of a page have in common. */
interface Shared {
  run: RunState;
  definitions: State["definitions"];
  over: readonly (Laid & { name: string })[];
}

/** `guessing`: the share of right answers that drawing them at random would have, where it is known. */
export function chartsView(state: State, guessing: number | undefined): TemplateResult {
  const { run, definitions } = state;
  const over = laidOver(state.tools).map((laid) => ({ ...laid, name: nameOf(laid.run) }));
  const shared = { run, definitions, over };
  return html`<div class="charts">
    ${SPECS.map((one, index) => chart(one, shared, index === 0 ? guessing : undefined))}
  </div>`;
}

function chart({ words, series, top }: Spec, shared: Shared, level: number | undefined): TemplateResult {
  const { run, definitions } = shared;
  const kind = kindOf(run.method.objective);
  const shown = series[kind];
  const has = (rows: RunState["history"]) => rows.some((row) => shown.some(({ key }) => row[key] !== undefined));
  const measured = has(run.history);
  const over = shared.over.filter((one) => has(one.run.rows));
  const waiting =
    over.length > 0 ? undefined : run.history.length === 0 ? words.waiting : measured ? undefined : words.absent;
  const rows = measured ? run.history : NO_ROWS;
  const name = ({ key }: Series) => words.series[key] ?? key;
  const picture = () =>
    runPicture({
      title: words.title,
      xLabel: tools.save.step,
      series: shown.map((one) => ({ ...one, name: name(one) })),
      rows,
      top,
      level: level === undefined ? undefined : { name: strings.measure.guessing, value: level },
      over,
    });
  return html`
    <figure class="chart ${kind}">
      <figcaption>
        <h3>${words.title}</h3>
        ${shown.map((one) => latest(one, name(one), run, definitions))}
        ${
          level === undefined
            ? nothing
            : html`<span class="latest level"
                ><span class="sign" aria-hidden="true"></span>${strings.measure.guessing}
                <strong>${number(level)}</strong></span
              >`
        }
        ${over.map((one) => latestOver(one, shown))}
        ${waiting === undefined ? chartMenu(words.title, picture) : nothing}
      </figcaption>
      <metric-chart
        aria-hidden="true"
        .data=${{
          series: shown,
          rows,
          top,
          level,
          over: over.map((one) => ({ id: one.run.id, rows: one.run.rows, ink: one.ink })),
        }}
      ></metric-chart>
      ${waiting === undefined ? nothing : html`<p class="waiting">${waiting}</p>`}
      <p class="quiet">${words.note}</p>
    </figure>
  `;
}

/** An earlier run's sign, name and newest values. */
function latestOver({ run, ink, name }: Laid & { name: string }, shown: readonly Series[]): TemplateResult {
  const values = shown.map(({ key }) => number(lastOf(run.rows, key)));
  return html`<span class="latest over">${signOf(ink)}${name} <strong>${values.join(" · ")}</strong></span>`;
}

/** The newest value, which is the chart's legend as well. */
function latest(one: Series, name: string, run: RunState, definitions: State["definitions"]): TemplateResult {
  const value = lastOf(run.history, one.key);
  return html`<span class="latest ${one.style}" title=${definitions[one.key] ?? ""}
    ><span class="sign" aria-hidden="true"></span>${name} <strong>${number(value)}</strong></span
  >`;
}
