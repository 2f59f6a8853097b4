// Starts the page of the second lab: choices from the address, two figures that run side by side, their curves, the published results.

import { html, render } from "lit-html";
import type { SemanticArmName } from "soft-thinking-lab";
import { probe } from "soft-thinking-lab";
import { speechFor } from "soft-thinking-lab/elements";
import "uplot/dist/uPlot.min.css";

import { problemText } from "./engine-words.ts";
import { dressDocument } from "./head.ts";
import { readChoices, writeChoices } from "./semantic/choices.ts";
import { liveView } from "./semantic/live-view.ts";
import { Live } from "./semantic/live.ts";
import { resultsView } from "./semantic/results-view.ts";
import type { ResultsActions } from "./semantic/results-view.ts";
import { isArm, isControl, readPublished, readRun, shownAtFirst } from "./semantic/results.ts";
import type { PublishedArm } from "./semantic/results.ts";
import { initialState } from "./semantic/state.ts";
import type { PageState } from "./semantic/state.ts";
import { carried, language } from "./strings/language.ts";
import { semantic } from "./strings/semantic.ts";
import { site } from "./strings/site.ts";
import "./style/base.css";
import "./style/results.css";
import "./style/save.css";
import "./style/site.css";
import "./style/semantic.css";
import { applyTheme, currentTheme, useTheme } from "./theme.ts";
import { heading } from "./view/heading.ts";
import { percent } from "./written.ts";

const root = document.querySelector<HTMLElement>("#semantic");
if (root === null) throw new Error("semantic-ids.html lacks #semantic");

/** The arms' names and sentences are the figure's, the controls' the page's. */
const { arms } = (await speechFor(language)).words.semantic;
const nameOf = (name: string) => (isArm(name) ? arms[name].name : isControl(name) ? semantic.controls[name] : name);

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

// ---------------------------------------------------------------- the live part

const live = new Live({
  state: () => state,
  change,
  words: {
    loaded: ({ name, seed }) => semantic.live.loaded(nameOf(name), seed),
    notKept: semantic.keeping.notKept,
    noFiles: semantic.keeping.noFiles,
    noRun: semantic.keeping.noRun,
  },
});

function say(announcement: string): void {
  change({ announcement });
}

// ---------------------------------------------------------------- the published results

const results: ResultsActions = {
  chart(name, shown) {
    const { charted } = state;
    change({ charted: shown ? [...charted, name] : charted.filter((one) => one !== name) });
  },
  yourself(arm: PublishedArm, seed: number) {
    void attempt(async () => {
      const run = await readRun(arm.name, seed);
      live.load({ name: arm.name, seed, run });
    });
  },
};

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
        ${liveView(state, (arm: SemanticArmName) => nameOf(arm), live, say)}
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
void live.open();
void probe().then((capabilities) => {
  change({ capabilities });
});
void attempt(async () => {
  const published = await readPublished();
  change({ published, charted: published === null ? [] : shownAtFirst(published.arms) });
});
