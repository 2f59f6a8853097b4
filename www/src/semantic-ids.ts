// Starts the page of the second lab: choices from the address, two figures that run side by side, their curves, the published results.

import { html, render } from "lit-html";
import type { SemanticArmName, SemanticEvent, SemanticSettings } from "soft-thinking-lab";
import { SemanticIds, speechFor } from "soft-thinking-lab/elements";
import "uplot/dist/uPlot.min.css";

import { problemText } from "./engine-words.ts";
import { dressDocument } from "./head.ts";
import { NONE, USUAL, readChoices, writeChoices } from "./semantic/choices.ts";
import type { Choices } from "./semantic/choices.ts";
import { liveView } from "./semantic/live-view.ts";
import type { Given, LiveActions } from "./semantic/live-view.ts";
import { resultsView } from "./semantic/results-view.ts";
import type { ResultsActions } from "./semantic/results-view.ts";
import { isArm, readPublished, readRun, shownAtFirst } from "./semantic/results.ts";
import type { PublishedArm } from "./semantic/results.ts";
import { afterEvent, freshSides, initialState } from "./semantic/state.ts";
import type { Loaded, OwnData, PageState } from "./semantic/state.ts";
import { carried, language } from "./strings/language.ts";
import { semantic } from "./strings/semantic.ts";
import { site } from "./strings/site.ts";
import "./style/base.css";
import "./style/results.css";
import "./style/site.css";
import "./style/semantic.css";
import { applyTheme, currentTheme, useTheme } from "./theme.ts";
import { heading } from "./view/heading.ts";
import { percent } from "./written.ts";

const root = document.querySelector<HTMLElement>("#semantic");
if (root === null) throw new Error("semantic-ids.html lacks #semantic");

/** The arms' names and sentences are the figure's. */
const { arms } = (await speechFor(language)).words.semantic;
const nameOf = (name: string) => (isArm(name) ? arms[name].name : name);

const read = readChoices(location.hash);
let state: PageState = initialState(read.found, read.ignored);
let drawn = true;

function change(part: Partial<PageState>): void {
  state = { ...state, ...part };
  // Several changes in one frame are drawn once; a hidden tab gets no frames.
  if (!drawn) return;
  drawn = false;
  if (document.hidden) setTimeout(draw, 250);
  else requestAnimationFrame(draw);
}

// ---------------------------------------------------------------- what runs are given

let given: Given = givenFor(state);

/** The same objects as long as nothing was chosen anew: the figures take a new one for a new wish. */
function givenFor({ choices, own, loaded }: PageState): Given {
  const { users, ...settings } = choices.settings;
  const published: SemanticSettings & { arm?: string } = { ...loaded?.run.config };
  delete published.arm;
  return {
    settings: { ...published, ...settings },
    catalogue: {
      ...loaded?.run.catalogue,
      ...(choices.items === undefined ? {} : { items: choices.items }),
      ...(users === undefined ? {} : { users }),
    },
    csv: own.on ? { items: own.items, interactions: own.interactions } : undefined,
  };
}

function wish(part: Partial<PageState>): void {
  const next = { ...state, ...part };
  given = givenFor(next);
  change({ ...part, sides: freshSides(next.choices), ran: false });
}

// ---------------------------------------------------------------- the live part

const figures = () => [...document.querySelectorAll<SemanticIds>("semantic-ids")];

const live: LiveActions = {
  choose(part) {
    const choices = { ...state.choices, ...part };
    // Which codes are looked at changes nothing that was run.
    if (Object.keys(part).every((key) => key === "shown")) change({ choices });
    else wish({ choices, loaded: undefined });
  },
  run() {
    const sides = freshSides(state.choices);
    change({ phase: "running", sides, announcement: "" });
    const running = figures().map((figure) => figure.run());
    void Promise.all(running).then((ends) => {
      const ended = ends.some((end) => end !== undefined);
      change({ phase: "idle", ran: state.ran && ended });
    });
  },
  pause() {
    for (const figure of figures()) figure.pause();
    change({ phase: "paused" });
  },
  resume() {
    for (const figure of figures()) figure.resume();
    change({ phase: "running" });
  },
  stop() {
    for (const figure of figures()) figure.stop();
  },
  heard(place: number, event: SemanticEvent) {
    if (event.type !== "started" && event.type !== "epoch") return;
    const sides = state.sides.map((side, at) => (at === place ? afterEvent(side, event) : side));
    change({ sides, ran: true });
  },
  own(part: Partial<OwnData>) {
    const own = { ...state.own, ...part, lacking: false };
    if (state.own.on || own.on) wish({ own, loaded: undefined });
    else change({ own });
  },
  useOwn() {
    const { items, interactions } = state.own;
    if (items.trim() === "" || interactions.trim() === "") change({ own: { ...state.own, lacking: true } });
    else live.own({ on: true });
  },
  forget() {
    wish({ choices: { ...USUAL, shown: state.choices.shown }, loaded: undefined });
  },
};

// ---------------------------------------------------------------- the published results

const results: ResultsActions = {
  chart(name, shown) {
    const { charted } = state;
    change({ charted: shown ? [...charted, name] : charted.filter((one) => one !== name) });
  },
  yourself(arm: PublishedArm, seed: number) {
    void attempt(async () => {
      const run = await readRun(arm.name, seed);
      load({ name: arm.name, seed, run });
    });
  },
};

/** Puts a published run's settings into the live part, ready to be run. */
function load(loaded: Loaded): void {
  const { config, catalogue } = loaded.run;
  const choices: Choices = {
    ...USUAL,
    arm: config.arm,
    beside: NONE,
    seed: loaded.seed,
    epochs: config.epochs,
    items: catalogue.items,
    shown: state.choices.shown,
  };
  wish({
    choices,
    loaded,
    own: { ...state.own, on: false },
    announcement: semantic.live.loaded(nameOf(config.arm), loaded.seed),
  });
  requestAnimationFrame(() => {
    document.querySelector("#live")?.scrollIntoView({ block: "start" });
    document.querySelector<HTMLElement>("#live button.main")?.focus({ preventScroll: true });
  });
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    change({ problem: problemText(thrown) });
  }
}

// ---------------------------------------------------------------- drawing

function draw(): void {
  drawn = true;
  if (root === null) return;
  const { how } = semantic;
  render(
    html`
      ${heading("semantic", semantic, draw)}
      <main>
        ${liveView(state, given, (arm: SemanticArmName) => nameOf(arm), live)}
        <section class="panel how" aria-labelledby="how-title">
          <header><h2 id="how-title">${how.title}</h2></header>
          <ol>
            ${how.points.map((point) => html`<li>${point}</li>`)}
          </ol>
          <p>${how.first} <a href="./learn.html${carried()}">${how.firstLink}</a>.</p>
          <p>${how.docs} <a href="./docs/semantic-ids.html">${how.docsLink}</a>.</p>
        </section>
        ${resultsView(state, nameOf, results)}
      </main>
      <footer><p>${semantic.privacy}</p></footer>
    `,
    root,
  );
  document.title = title();
  const address = writeChoices(state.choices, currentTheme(), location.hash);
  if (address !== location.hash)
    history.replaceState(null, "", address === "" ? location.pathname + location.search : address);
}

function title(): string {
  const { phase, sides } = state;
  const share = Math.min(...sides.map((side) => side.share));
  const now =
    phase === "running"
      ? semantic.live.titleRunning(percent(share))
      : phase === "paused"
        ? semantic.live.titlePaused
        : undefined;
  return now === undefined ? site.titles.semantic : `${now} · ${site.titles.semantic}`;
}

// Another link opened in this tab: the page begins anew with it.
addEventListener("hashchange", () => {
  location.reload();
});

dressDocument("semantic");
applyTheme();
if (read.theme !== undefined) useTheme(read.theme);
draw();
void attempt(async () => {
  const published = await readPublished();
  change({ published, charted: published === null ? [] : shownAtFirst(published.arms) });
});
