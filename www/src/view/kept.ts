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
import { strings } from "../strings/lab.ts";
import { speak } from "../strings/language.ts";
import { sites } from "../strings/site.ts";
import type { Trainer } from "../training.ts";
import { engineFacts } from "./engine.ts";

export function savedRunBanner(state: State, session: Session, trainer: Trainer): TemplateResult | typeof nothing {
  const { savedRun, progress, model, run } = state;
  if (savedRun === undefined || isRunning(run) || model === undefined || progress !== undefined) return nothing;
  const method = methodWords(methodIn(savedRun.config));
  const task = state.tasks.find(({ name }) => name === savedRun.task)?.title ?? savedRun.task;
  if (savedRun.elsewhere === true) return elsewhereBanner(method, task, savedRun, session);
  return html`<div class="banner resume">
    <p>${strings.resume.text(method, task, savedRun.step, ago(Date.now() - savedRun.savedAt))}</p>
    <button type="button" class="main" @click=${() => trainer.resumeSaved(savedRun)}>${strings.resume.go}</button>
    <button type="button" class="quiet-button" @click=${() => trainer.forgetSaved()}>${strings.resume.forget}</button>
  </div>`;
}

function elsewhereBanner(method: string, task: string, { step }: SavedRun, session: Session): TemplateResult {
  return html`<div class="banner elsewhere">
    <p>${strings.elsewhere.text(method, task, step)}</p>
    <button type="button" class="quiet-button" @click=${() => session.lookForSavedRun()}>
      ${strings.elsewhere.look}
    </button>
  </div>`;
}

/** Before anything is fetched, where the browser asks to save data. */
export function heldBanner(state: State, session: Session): TemplateResult {
  return html`<div class="banner held">
    <p>${strings.fetching.held}</p>
    <button type="button" class="main" @click=${session.go}>${strings.fetching.go}</button>
    ${engineFacts(state)}
  </div>`;
}

/** In the language that was asked for: who asked may not read the page's. */
export function languageBanner({ languageAsked: wanted }: State, store: Store): TemplateResult | typeof nothing {
  if (wanted === undefined) return nothing;
  const { ask, reload, stay } = sites[wanted].language;
  return html`<div class="banner language" role="alert" lang=${wanted}>
    <p>${ask}</p>
    <button
      type="button"
      class="main"
      @click=${() => {
        speak(wanted);
      }}
    >
      ${reload}
    </button>
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        store.change({ languageAsked: undefined });
      }}
    >
      ${stay}
    </button>
  </div>`;
}

export function updateBanner({ site: kept }: State, store: Store, site: Site): TemplateResult | typeof nothing {
  if (kept.update === undefined) return nothing;
  return html`<div class="banner update" role="status">
    <p>${kept.update === "others" ? strings.offline.updateOthers : strings.offline.update}</p>
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        site.takeUpdate();
      }}
    >
      ${strings.offline.reload}
    </button>
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        store.change({ site: { ...kept, update: undefined } });
      }}
    >
      ${strings.offline.later}
    </button>
  </div>`;
}
