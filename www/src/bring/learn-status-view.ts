// Where a run of learning stands: its step of how many, what the step is doing, how long it may take.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { StepProgress } from "soft-thinking-lab";

import { tokensOf } from "./learn-state.ts";
import type { LearnState } from "./learn-state.ts";
import { duration } from "../format.ts";
import { bring } from "../strings/bring.ts";

const { learn } = bring;

export function status(run: LearnState): TemplateResult | typeof nothing {
  switch (run.phase) {
    case "idle":
      return nothing;
    case "starting":
      return html`<p class="status">${learn.starting}</p>`;
    case "running":
    case "pausing":
      return running(run);
    case "stopping":
      return html`<p class="status">${learn.stoppingWords}</p>`;
    case "paused":
      return html`<p class="status">${learn.paused(run.step)}</p>`;
    case "finished":
      return html`<p class="status">${learn.done(run.step)}</p>`;
    case "stopped":
      return html`<p class="status">${run.step === 0 ? learn.stoppedAtOnce : learn.stopped(run.step)}</p>`;
    case "collapsed":
      return nothing;
  }
}

/** The engine tells what a long step is doing; until it does, the time of the last one says how far it may be. */
function running(run: LearnState): TemplateResult {
  const { step, stepsMax, seconds, stepBegan, now, choices, within } = run;
  const soFar = stepBegan === undefined ? 0 : Math.max(0, now - stepBegan) / 1000;
  const at = learn.running(Math.min(step + 1, stepsMax), stepsMax, duration(Math.floor(soFar)));
  const left = seconds === undefined ? undefined : Math.max(0, (stepsMax - step) * seconds - soFar);
  const rest =
    seconds === undefined || left === undefined
      ? learn.firstStep
      : `${learn.last(duration(seconds))} · ${learn.left(duration(left))}`;
  const tries = tokensOf(choices) / (choices.thought + choices.answer);
  const bar = (label: string, share: number | undefined) =>
    share === undefined
      ? html`<progress class="within" aria-label=${label}></progress>`
      : html`<progress class="within" max="1" value=${Math.min(1, share)} aria-label=${label}></progress>`;
  return html`<div class="learn-progress">
    <p class="status">${at} · ${rest}</p>
    <div class="learn-bars">
      <progress class="whole" max=${stepsMax} value=${step} aria-label=${learn.fields.steps}></progress>
      ${
        within === undefined
          ? bar(at, seconds === undefined ? undefined : soFar / seconds)
          : bar(learn.phases[within.phase], within.done / within.total)
      }
    </div>
    ${within === undefined ? nothing : html`<p class="within">${withinWords(within)}</p>`}
    <p class="quiet">${learn.within(tries, choices.thought + choices.answer)}</p>
  </div>`;
}

function withinWords({ phase, done, total }: StepProgress): string {
  const so = learn.phases[phase];
  if (phase === "think") return learn.tokensSoFar(so, Math.round(done), total);
  if (phase === "measure") return learn.shareSoFar(so, Math.round((100 * done) / total));
  return learn.triesSoFar(so, Math.floor(done), total);
}
