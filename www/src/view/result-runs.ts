// Every run of an experiment: its settings one click away, and a button that puts it into the Train view.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import type { Arm, ArmSummary, RunRecord } from "../experiment.ts";
import { armOfRun, fileName } from "../findings.ts";
import { duration } from "../format.ts";
import type { OpenRun } from "../results-state.ts";
import type { Results } from "../results.ts";
import { shippedModel } from "../own-tasks.ts";
import { strings } from "../strings/lab.ts";

const CARD = "result-run";

export function runsView(
  arms: readonly ArmSummary[],
  run: OpenRun | undefined,
  results: Results,
  busy: boolean,
): TemplateResult {
  const words = strings.results.run;
  const open = arms.find(({ arm }) => arm === run?.arm);
  return html`<section class="result-table runs">
    <h3>${words.title}</h3>
    <p class="quiet">${words.lead}</p>
    <ul>
      ${arms.map(
        ({ arm, title, seeds }) =>
          html`<li>
            <span>${title}</span>
            ${seeds.map((seed) => {
              const shown = run?.arm === arm && run.seed === seed;
              return html`<button
                type="button"
                class="quiet-button"
                aria-expanded=${shown ? "true" : "false"}
                aria-controls=${CARD}
                @click=${() => void results.openRun(arm, seed)}
              >
                ${words.open(seed)}<span class="unseen">: ${title}</span>
              </button>`;
            })}
          </li>`,
      )}
    </ul>
    <div id=${CARD}>${run === undefined || open === undefined ? nothing : card(run, open.title, results, busy)}</div>
  </section>`;
}

function card(run: OpenRun, title: string, results: Results, busy: boolean): TemplateResult {
  const words = strings.results.run;
  const { record, problem, address } = run;
  return html`<section class="run-card" aria-labelledby="result-run-title">
    <h4 id="result-run-title">${words.heading(title, run.seed)}</h4>
    ${record === undefined ? html`<p class="empty" role="status">${problem ?? words.loading}</p>` : settings(record, title, results, busy)}
    <p class="buttons">
      ${record === undefined ? nothing : html`<a href=${address}>${words.file}</a>`}
      <button
        type="button"
        class="quiet-button"
        @click=${() => {
          results.closeRun();
        }}
      >
        ${strings.close}
      </button>
    </p>
  </section>`;
}

function settings(record: RunRecord, title: string, results: Results, busy: boolean): TemplateResult {
  const words = strings.results.run;
  const arm = armOfRun(record, title);
  const facts = [
    [words.facts.model, fileName(record.model)],
    [words.facts.engine, record.engine],
    [words.facts.version, record.version],
    ...(arm === undefined ? [] : [[words.facts.seconds, duration(record.train_seconds)]]),
  ];
  const shown = (name: string, value: unknown) =>
    html`<h5>${name}</h5>
      <pre class="scroll" tabindex="0" role="region" aria-label=${name}>${JSON.stringify(value, null, 1)}</pre>`;
  return html`
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${record.collapse === null ? nothing : html`<p class="remark">${record.collapse}</p>`}
    ${arm === undefined ? html`<p class="quiet">${words.untrained}</p>` : yourself(arm, results, busy)}
    ${arm === undefined ? nothing : shown(words.settings, record.config)} ${shown(words.thinking, record.policy)}
    ${shown(words.measured, record.evaluate)}
  `;
}

function yourself(arm: Arm, results: Results, busy: boolean): TemplateResult {
  const words = strings.results.run;
  return html`<p class="buttons">
      <button
        type="button"
        class="main"
        ?disabled=${busy}
        @click=${async () => {
          await results.runYourself(arm);
          // The button that is to be focused is drawn as usable only in the next frame.
          await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
          const train = document.getElementById("train-title");
          train?.scrollIntoView({ block: "start" });
          document.querySelector<HTMLElement>(".train .controls .buttons button.main")?.focus({ preventScroll: true });
        }}
      >
        ${words.yourself}
      </button>
    </p>
    <p class="quiet">
      ${busy ? words.busy : arm.model === shippedModel(arm.task) ? words.yourselfHint(arm.model) : words.otherModel(arm.model)}
    </p>`;
}
