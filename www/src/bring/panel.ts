// The panel of brought language models, drawn into a place that the lab page lends; fetched when somebody opens it.

import { html, nothing, render } from "lit-html";
import type { TemplateResult } from "lit-html";

import { Asking } from "./asking.ts";
import { isLearning } from "./learn-state.ts";
import { learnView } from "./learn-view.ts";
import { Learning } from "./learning.ts";
import { Loading } from "./loading.ts";
import type { Around } from "./loading.ts";
import { dropped, pick } from "./picking.ts";
import type { Placed } from "./picking.ts";
import { planView, progressView } from "./plan-view.ts";
import { sourceView } from "./source-view.ts";
import { Store } from "./state.ts";
import type { BringState } from "./state.ts";
import { thinkingView } from "./think-view.ts";
import { langOf, said, saidOf } from "../engine-words.ts";
import { duration, engineWords } from "../format.ts";
import { bring as words } from "../strings/bring.ts";
import { strings } from "../strings/lab.ts";
import { bytes } from "../written.ts";
import { itsWords } from "../view/its-words.ts";
import "../style/bring.css";

export interface Panel {
  /** Shows the plan of what was dropped on the page: a file, a folder's files; or takes an adapter. */
  take: (placed: readonly Placed[]) => void;
}

/** `address`: of the page's link. It is filled in; nothing is fetched. */
export function mount(place: HTMLElement, address: string, around: Around): Panel {
  let drawn = true;
  let asked = false;
  const draw = () => {
    drawn = true;
    const followed = [...place.querySelectorAll<HTMLElement>(".words")].map(
      (row) => [row, row.scrollHeight - row.scrollTop - row.clientHeight < 32] as const,
    );
    render(view(store.state, parts), place);
    // A thought that grows is followed to its end, unless somebody scrolled away from there.
    for (const [row, atEnd] of followed)
      if (atEnd && store.state.thinking !== undefined) row.scrollTop = row.scrollHeight;
  };
  const store = new Store(address, () => {
    if (store.state.phase !== "ready") asked = false;
    else if (!asked) {
      asked = true;
      void asking.ask();
    }
    if (store.state.phase === "ready") void learning.foresee();
    // Several changes in one frame are drawn once; a hidden tab gets no frames.
    if (!drawn) return;
    drawn = false;
    if (document.hidden) setTimeout(draw, 250);
    else requestAnimationFrame(draw);
  });
  const loading = new Loading(store, around);
  const asking = new Asking(store, loading);
  const learning = new Learning(store, loading);
  loading.onChanged = () => {
    learning.forget();
  };
  const take = (placed: readonly Placed[]) => {
    if (isLearning(store.state.learning)) store.change({ said: words.learn.busy, announcement: words.learn.busy });
    else taken(placed, { store, loading, learning });
  };
  const parts = { store, loading, asking, learning, take };
  place.addEventListener("drop", (event) => {
    const drop = event.dataTransfer;
    if (drop?.types.includes("Files") !== true) return;
    event.preventDefault();
    void dropped(drop).then(take);
  });
  draw();
  void loading.lookForKept();
  return { take };
}

interface Parts {
  store: Store;
  loading: Loading;
  asking: Asking;
  learning: Learning;
  take: (placed: readonly Placed[]) => void;
}

function taken(placed: readonly Placed[], { store, loading, learning }: Omit<Parts, "asking" | "take">): void {
  const picked = pick(placed);
  switch (picked.kind) {
    case "file":
      store.change({ address: "" });
      void loading.load(picked.file);
      break;
    case "folder":
      store.change({ address: "" });
      void loading.loadFolder(picked.files, picked.name === "" ? words.source.folderName : picked.name);
      break;
    case "adapter":
      void learning.load(picked.config, picked.weights);
      break;
    case "half":
      say(store, words.learn.adapter.half(picked.missing));
      break;
    case "nothing":
      say(store, words.source.nothing);
      break;
  }
}

function say(store: Store, said: string): void {
  store.change({ said, announcement: said });
}

function view(state: BringState, parts: Parts): TemplateResult {
  const { store, loading, asking, learning, take } = parts;
  return html`
    <p>${words.how}</p>
    <p class="quiet">${words.engine}</p>
    ${sourceView(state, store, loading, take)} ${troubleView(state, loading)}
    ${state.said === "" ? nothing : html`<p class="said">${state.said}</p>`}
    ${state.phase === "ready" ? nothing : planView(state, loading)} ${progressView(state, loading)}
    ${loadedView(state, loading)}
    ${state.phase === "ready" ? html`${thinkingView(state, store, asking)} ${learnView(state, learning, take)}` : nothing}
    <p class="unseen" aria-live="polite">${state.announcement}</p>
  `;
}

function loadedView({ loaded, engine }: BringState, loading: Loading): TemplateResult | typeof nothing {
  if (loaded === undefined) return nothing;
  const { plan, name, loadMs } = loaded;
  return html`<section class="bring-loaded" aria-labelledby="bring-loaded-title">
    <header>
      <h3 id="bring-loaded-title">${words.loaded.title(name)}</h3>
      <button
        type="button"
        class="quiet-button"
        @click=${() => {
          loading.unload();
        }}
      >
        ${words.loaded.unload}
      </button>
    </header>
    <p>
      ${words.loaded.facts(duration(loadMs / 1000), bytes(plan.total), engineWords(engine))}${plan.toFetch === 0 && plan.kept ? ` · ${words.loaded.cached}` : ""}
    </p>
    ${engine?.reason === undefined ? nothing : html`<p class="quiet" lang=${langOf(said(engine.reason)) ?? nothing}>${said(engine.reason)}</p>`}
    <details>
      <summary>${words.plan.title(name)}</summary>
      ${planView({ ...BARE, plan, name, phase: "ready" }, loading)}
    </details>
  </section>`;
}

/** What the plan's view looks at besides the plan. */
const BARE = new Store("", () => undefined).state;

function troubleView({ trouble }: BringState, loading: Loading): TemplateResult | typeof nothing {
  if (trouble === undefined) return nothing;
  const { code, message, again, elsewhere } = trouble;
  const here = saidOf(code, message);
  return html`<div class="problem-line" role="alert" data-code=${code}>
    <p>
      <strong>${strings.problem.title[code] ?? strings.problem.other}</strong>
      <span>${here.text.replace(/[^.!?]$/, "$&.")}</span> ${elsewhere ? words.elsewhere : nothing}
      <span class="quiet">(${code})</span>
    </p>
    ${itsWords(here.english)}
    ${again ? html`<button type="button" class="quiet-button" @click=${() => loading.again()}>${words.again}</button>` : nothing}
  </div>`;
}
