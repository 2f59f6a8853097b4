// The whole page from the state: heading, banners, the panels. Drawn anew on every change; lit-html touches only what differs.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { saidOf } from "../engine-words.ts";
import { bytes } from "../format.ts";
import type { Bring } from "../bring.ts";
import type { Measurer } from "../measuring.ts";
import type { Site } from "../offline/site.ts";
import type { OwnTasks } from "../own-tasks.ts";
import type { Session } from "../session.ts";
import type { Presets } from "../presets.ts";
import type { RunHistory } from "../run-history.ts";
import type { Results } from "../results.ts";
import { isGpuCode, isRunning, wouldLose } from "../state.ts";
import type { State, Store } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { speak } from "../strings/language.ts";
import { site as siteWords } from "../strings/site.ts";
import { nextTheme, themeWords } from "../theme.ts";
import type { Trainer } from "../training.ts";
import type { Trial } from "../trial.ts";
import { bringView } from "./bring.ts";
import { itsWords } from "./its-words.ts";
import { engineFacts, engineView } from "./engine.ts";
import { measureView } from "./measure.ts";
import { modelView } from "./model.ts";
import { ownView } from "./own.ts";
import { presetsView } from "./presets.ts";
import { resultsView } from "./results.ts";
import { siteNav } from "./site-nav.ts";
import { copyLinkButton } from "./link.ts";
import { heldBanner, languageBanner, savedRunBanner, updateBanner } from "./kept.ts";
import { thinkView } from "./think.ts";
import { trainView } from "./train.ts";
import { trialBanner } from "./trial.ts";

export interface Parts {
  store: Store;
  session: Session;
  trainer: Trainer;
  measurer: Measurer;
  own: OwnTasks;
  results: Results;
  trial: Trial;
  site: Site;
  runs: RunHistory;
  presets: Presets;
  bring: Bring;
}

export function pageView(state: State, parts: Parts): TemplateResult {
  const { store, session, trainer, measurer, own, results, trial, runs, presets, bring } = parts;
  return html`
    <a class="skip" href="#think-title" @click=${skip}>${strings.skip}</a>
    ${heading(state, parts)}
    <main>
      ${banners(state, parts)} ${presetsView(state, presets)} ${thinkView(state, store, session, measurer)}
      ${state.stage < 1 ? nothing : trainView(state, store, trainer, runs)}
      ${
        state.stage < 2
          ? nothing
          : html`<div class="pair">${measureView(state, measurer)} ${modelView(state, session)}</div>
              ${bringView(state, bring)} ${ownView(state, own)} ${resultsView(state, results, trial)}`
      }
    </main>
    <footer>
      <p>
        ${strings.name}${state.version === "" ? "" : ` · ${strings.engine.version(state.version)}`} ·
        ${strings.engine.label}: ${state.engine === undefined ? strings.engine.starting : state.engine.name}
      </p>
      <p>${strings.privacy}</p>
    </footer>
    <p class="unseen" aria-live="polite" id="live">${state.announcement}</p>
    ${state.keysShown ? keysList(store) : nothing}
    ${state.dropping ? html`<div class="dropping" aria-hidden="true">${strings.model.dropping}</div>` : nothing}
  `;
}

function skip(event: Event): void {
  // The address bar holds the page's state: a fragment must not replace it.
  event.preventDefault();
  document.querySelector<HTMLElement>(".prompt")?.focus();
}

function heading(state: State, { store, session }: Parts): TemplateResult {
  return html`
    <header class="heading">
      <h1>${strings.name}</h1>
      <div class="tools">
        ${engineView(state, store, session)}
        <button
          type="button"
          class="icon"
          aria-label=${themeWords(siteWords.theme)}
          title=${themeWords(siteWords.theme)}
          @click=${() => {
            nextTheme();
            store.change({});
          }}
        >
          ◐
        </button>
        ${copyLinkButton(store)}
        <button
          type="button"
          class="icon"
          aria-label=${strings.keys.button}
          title=${strings.keys.button}
          @click=${() => {
            store.change({ keysShown: true });
          }}
        >
          ?
        </button>
      </div>
      ${siteNav("lab", (wanted) => {
        if (wouldLose(state)) store.change({ languageAsked: wanted });
        else speak(wanted);
      })}
      <p>${strings.lead} <span class="quiet">${strings.privacy}</span></p>
    </header>
  `;
}

function banners(state: State, parts: Parts): TemplateResult {
  const { store, session, trainer, trial, site } = parts;
  const { progress } = state;
  return html`
    ${problemBanner(state, parts)} ${noticeBanner(state, store)} ${languageBanner(state, store)}
    ${updateBanner(state, store, site)} ${state.site.held ? heldBanner(state, session) : nothing}
    ${progress === undefined ? nothing : progressBanner(state, session)} ${savedRunBanner(state, session, trainer)}
    ${state.model === undefined ? nothing : trialBanner(state, trial)}
  `;
}

function problemBanner(state: State, { store, session, trainer }: Parts): TemplateResult | typeof nothing {
  const { problem, engine, engineChoice } = state;
  if (problem === undefined) return nothing;
  const { code, message, note, again } = problem;
  const said = saidOf(code, message);
  const button = (words: string, act: () => unknown) =>
    html`<button type="button" class="quiet-button" @click=${act}>${words}</button>`;
  // A lost GPU's model may lie on the CPU already, but a lab that was opened for the GPU resumes no run there.
  const gpuFailed = isGpuCode(code) && (code === "device-lost" || engine?.kind === "gpu");
  return html`<div class="banner problem" role="alert" data-code=${code}>
    <p>
      <strong>${strings.problem.title[code] ?? strings.problem.other}</strong>
      <span>${trouble(said.text, note !== undefined)}</span> ${note ?? nothing}
      <span class="quiet">(${code})</span>
    </p>
    ${itsWords(said.english)} ${code === "crashed" ? button(strings.failures.openNew, () => trainer.reopen()) : nothing}
    ${again === true ? button(strings.failures.again, () => session.tryAgain()) : nothing}
    ${gpuFailed && engineChoice !== "cpu" && !isRunning(state.run) ? button(strings.engine.useCpu, () => session.chooseEngine("cpu")) : nothing}
    ${button(strings.dismiss, () => {
      store.change({ problem: undefined });
    })}
  </div>`;
}

/** What went wrong: as it is, or with a stop where a sentence follows. */
function trouble(text: string, followed: boolean): string {
  return followed ? text.replace(/[^.!?]$/, "$&.") : text;
}

/** Its words are in the live region too, so it needs no role of its own. */
function noticeBanner({ notice }: State, store: Store): TemplateResult | typeof nothing {
  if (notice === undefined) return nothing;
  return html`<div class="banner notice">
    <p>${notice}</p>
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        store.change({ notice: undefined });
      }}
    >
      ${strings.dismiss}
    </button>
  </div>`;
}

function progressBanner(state: State, session: Session): TemplateResult | typeof nothing {
  const { progress } = state;
  if (progress === undefined) return nothing;
  const { phase, loaded, total } = progress;
  const of = total > 0 ? strings.progress.of(bytes(total)) : "";
  const words =
    phase === "engine"
      ? strings.progress.engine(bytes(loaded), of)
      : phase === "model"
        ? strings.progress.model(bytes(loaded), of)
        : phase === "read"
          ? strings.progress.read
          : phase === "compile"
            ? strings.progress.compile(loaded, total)
            : strings.progress.open;
  return html`<div class="banner loading">
    <p>${words}</p>
    ${
      total > 0
        ? html`<progress max=${total} value=${loaded} aria-label=${words}></progress>`
        : html`<progress aria-label=${words}></progress>`
    }
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        session.cancelLoading();
      }}
    >
      ${strings.cancel}
    </button>
    ${state.model === undefined ? engineFacts(state, true) : nothing}
  </div>`;
}

function keysList(store: Store): TemplateResult {
  const close = () => {
    store.change({ keysShown: false });
  };
  return html`
    <div class="shade" @click=${close}>
      <section
        class="panel keys"
        role="dialog"
        aria-modal="true"
        aria-labelledby="keys-title"
        @click=${(event: Event) => {
          event.stopPropagation();
        }}
      >
        <h2 id="keys-title">${strings.keys.title}</h2>
        <dl>
          ${strings.keys.rows.map(
            ([key, what]) =>
              html`<div>
                <dt><kbd>${key}</kbd></dt>
                <dd>${what}</dd>
              </div>`,
          )}
        </dl>
        <button type="button" class="quiet-button" autofocus @click=${close}>${strings.close}</button>
      </section>
    </div>
  `;
}
