// What this browser keeps or would fetch, offered above the panels: a saved run, a newer version of the page, the lab itself.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { SavedRun } from "soft-thinking-lab";

import { ago, methodWords } from "../format.ts";
import { methodIn } from "../methods.ts";
import type { Site } from "../offline/site.ts";
import type { Session } from "../session.ts";
import { isRunning } from "../state.ts";
import type { State, Store } from "../state.ts";
import { en } from "../strings/en.ts";
import type { Trainer } from "../training.ts";
import { engineFacts } from "./engine.ts";

export function savedRunBanner(state: State, session: Session, trainer: Trainer): TemplateResult | typeof nothing {
  const { savedRun, progress, model, run } = state;
  if (savedRun === undefined || isRunning(run) || model === undefined || progress !== undefined) return nothing;
  const method = methodWords(methodIn(savedRun.config));
  const task = state.tasks.find(({ name }) => name === savedRun.task)?.title ?? savedRun.task;
  if (savedRun.elsewhere === true) return elsewhereBanner(method, task, savedRun, session);
  return html`<div class="banner resume">
    <p>${en.resume.text(method, task, savedRun.step, ago(Date.now() - savedRun.savedAt))}</p>
    <button type="button" class="main" @click=${() => trainer.resumeSaved(savedRun)}>${en.resume.go}</button>
    <button type="button" class="quiet-button" @click=${() => trainer.forgetSaved()}>${en.resume.forget}</button>
  </div>`;
}

function elsewhereBanner(method: string, task: string, { step }: SavedRun, session: Session): TemplateResult {
  return html`<div class="banner elsewhere">
    <p>${en.elsewhere.text(method, task, step)}</p>
    <button type="button" class="quiet-button" @click=${() => session.lookForSavedRun()}>${en.elsewhere.look}</button>
  </div>`;
}

/** Before anything is fetched, where the browser asks to save data. */
export function heldBanner(state: State, session: Session): TemplateResult {
  return html`<div class="banner held">
    <p>${en.fetching.held}</p>
    <button type="button" class="main" @click=${session.go}>${en.fetching.go}</button>
    ${engineFacts(state)}
  </div>`;
}

export function updateBanner({ site: kept }: State, store: Store, site: Site): TemplateResult | typeof nothing {
  if (kept.update === undefined) return nothing;
  return html`<div class="banner update" role="status">
    <p>${kept.update === "others" ? en.offline.updateOthers : en.offline.update}</p>
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        site.takeUpdate();
      }}
    >
      ${en.offline.reload}
    </button>
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        store.change({ site: { ...kept, update: undefined } });
      }}
    >
      ${en.offline.later}
    </button>
  </div>`;
}
