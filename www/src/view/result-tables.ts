// The tables of an experiment: the end of training, differences, meetings at equal compute and reward, what was forgotten.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { ArmSummary, Interval, Split, TaskSummary } from "../experiment.ts";
import {
  OWN,
  atK,
  contrastsOf,
  endsOf,
  finalOf,
  forgettingOf,
  inksOf,
  meetingsOf,
  reachOf,
  verdictOf,
} from "../findings.ts";
import type { View } from "../findings.ts";
import { duration, fixed, interval as between, number, percent } from "../format.ts";
import { strings } from "../strings/lab.ts";
import { signOf } from "./line-sign.ts";
import { range } from "./result-charts.ts";

/** A table that scrolls by itself, with the name it goes by. */
function table(name: string, head: TemplateResult, rows: unknown): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${name}>
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function column(words: string, define = ""): TemplateResult {
  return html`<th scope="col" class="number" title=${define === "" ? nothing : define}>${words}</th>`;
}

function interval(value: Interval | undefined): TemplateResult {
  return html`<td class="number">
    ${value === undefined ? "–" : html`${fixed(value.mean, 3)} <span class="quiet">${range(value.low, value.high)}</span>`}
  </td>`;
}

/** The arm's name as the head of its row, with the sign of its line. */
function armHead(task: TaskSummary | undefined, arm: ArmSummary): TemplateResult {
  return html`<th scope="row">
    ${signOf(task === undefined ? undefined : inksOf(task.arms).get(arm.arm))}${arm.title}
  </th>`;
}

export function finalTable(task: TaskSummary, arms: readonly ArmSummary[], view: View): TemplateResult {
  const words = strings.results.table;
  const ends = endsOf(task);
  const head = html`
    <th scope="col">${words.arm}</th>
    ${ends.map((k) => column(strings.measure.passAt(k), strings.measure.define.pass))}
    ${column(words.majority, words.define.majority)} ${column(words.length, words.define.length)}
    ${column(words.entropy, words.define.entropy)} ${column(words.nearOneHot, words.define.nearOneHot)}
    ${column(words.secondsPerStep, words.define.seconds)} ${column(words.seeds)}
    ${column(words.collapses, words.define.collapses)}
  `;
  const row = (arm: ArmSummary) => {
    const found = finalOf(arm, view);
    const near = found?.near_one_hot ?? undefined;
    return html`<tr>
      ${armHead(task, arm)} ${ends.map((k) => interval(atK(found?.pass_at_k, k)))}
      <td class="number">${fixed(found?.majority, 3)}</td>
      <td class="number">${fixed(found?.mean_length, 1)}</td>
      <td class="number">${fixed(found?.entropy, 3)}</td>
      <td class="number">${near === undefined ? "–" : percent(near)}</td>
      <td class="number">${number(arm.seconds_per_step)}</td>
      <td class="number">${arm.seeds.length}</td>
      <td class="number">${arm.collapses}</td>
    </tr>`;
  };
  const guess = html`<tr class="guessing">
    <th scope="row">${strings.results.guessing}</th>
    ${ends.map((k) => html`<td class="number">${fixed(task.guessing.find(([of]) => of === k)?.[1], 3)}</td>`)}
    <td colspan="7"></td>
  </tr>`;
  const title = words.title(view.mode === OWN ? "" : words.how(view.mode));
  return html`<section class="result-table">
    <h3>${title}</h3>
    ${table(title, head, html`${arms.map(row)}${guess}`)}
  </section>`;
}

export function contrastTables(task: TaskSummary, arms: readonly ArmSummary[], split: Split): TemplateResult {
  const groups = contrastsOf(task, arms, split);
  const words = strings.results.contrasts;
  // One scale a k for all tables, so that they can be compared.
  const all = groups.flatMap(({ rows }) => rows.flatMap(({ at }) => at));
  const reach = reachOf(all);
  return html`${groups.map(({ against, rows }) => {
    const title = words.title(against.title);
    const head = html`<th scope="col">${strings.results.table.arm}</th>
      <th scope="col">${words.of}</th>
      <th scope="col">${words.verdict}</th>
      ${column(words.difference)}
      <th scope="col">${words.picture}</th>`;
    const body = rows.map(({ arm, at }) =>
      at.map((one, place) => {
        const verdict = verdictOf(one);
        return html`<tr class=${place === 0 ? "first" : ""}>
          ${place === 0 ? armHead(task, arm) : html`<th scope="row"><span class="unseen">${arm.title}</span></th>`}
          <td>${strings.measure.passAt(one.k)}</td>
          <td class="verdict-${verdict}">${words.verdicts[verdict]}</td>
          <td class="number">
            ${signed(one.mean, 3)} <span class="quiet">${between(signed(one.low, 3), signed(one.high, 3))}</span>
          </td>
          <td>${bar(one, reach)}</td>
        </tr>`;
      }),
    );
    return html`<section class="result-table contrasts">
      <h3>${title}</h3>
      <p class="quiet">${words.lead}</p>
      ${table(title, head, body)}
    </section>`;
  })}`;
}

function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** The interval on a line with zero in its middle; the numbers stand beside it. */
function bar({ mean, low, high }: Interval, reach: number): TemplateResult {
  const at = (value: number) => 50 + (50 * value) / reach;
  return html`<span class="interval ${verdictOf({ mean, low, high })}" aria-hidden="true">
    <i .style="left:${at(low)}%;width:${at(high) - at(low)}%"></i><b .style="left:${at(mean)}%"></b>
  </span>`;
}

export function forgettingTable(
  arms: readonly ArmSummary[],
  title: (task: string) => string,
): TemplateResult | typeof nothing {
  const rows = forgettingOf(arms);
  if (rows.length === 0) return nothing;
  const words = strings.results.forgetting;
  const head = html`<th scope="col">${strings.results.table.arm}</th>
    <th scope="col">${words.task}</th>
    <th scope="col">${strings.results.contrasts.verdict}</th>
    ${column(words.before)} ${column(words.after)} ${column(words.change)}`;
  const body = rows.map(
    ({ arm, task, before, after, change, verdict }) =>
      html`<tr>
        <th scope="row">${arm.title}</th>
        <td>${title(task)}</td>
        <td class="says">${words.verdicts[verdict]}</td>
        <td class="number">${fixed(before, 3)}</td>
        <td class="number">
          ${fixed(after.mean, 3)}
          ${arm.seeds.length < 2 || verdict === "same" ? nothing : html`<span class="quiet">${range(after.low, after.high)}</span>`}
        </td>
        <td class="number">${signed(change, 3)}</td>
      </tr>`,
  );
  return html`<section class="result-table">
    <h3>${words.title}</h3>
    <p class="quiet">${words.lead}</p>
    ${table(words.title, head, body)}
  </section>`;
}

export function meetingTables(task: TaskSummary, arms: readonly ArmSummary[]): TemplateResult {
  const words = strings.results.meetings;
  const ends = endsOf(task);
  return html`${(["compute", "reward"] as const).map((equal) => {
    const found = meetingsOf(task, arms, equal);
    if (found === undefined || found.rows.length === 0) return nothing;
    const title = equal === "compute" ? words.compute(duration(found.value)) : words.reward(fixed(found.value, 3));
    const head = html`<th scope="col">${strings.results.table.arm}</th>
      ${column(words.step)} ${ends.map((k) => column(strings.measure.passAt(k), strings.measure.define.pass))}`;
    const body = found.rows.map(
      ({ arm, meeting }) =>
        html`<tr>
          ${armHead(task, arm)}
          ${
            meeting === undefined
              ? html`<td class="number">–</td>
                  <td colspan=${ends.length}>${words.none}</td>`
              : html`<td class="number">${meeting.step}</td>
                  ${ends.map((k) => interval(atK(meeting.pass_at_k, k)))}`
          }
        </tr>`,
    );
    return html`<section class="result-table">
      <h3>${title}</h3>
      <p class="quiet">${words.lead[equal]} ${words.note}</p>
      ${table(title, head, body)}
    </section>`;
  })}`;
}
