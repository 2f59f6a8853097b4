// Starts the page: state, session, trainer, the drawing, keys, dropped files, title and address.

import { render } from "lit-html";
import "uplot/dist/uPlot.min.css";

import { readAddress, writeAddress } from "./address.ts";
import { Bring } from "./bring.ts";
import { reshape, readShape, shape, unshaped, withShape } from "./embed/shape.ts";
import { number } from "./format.ts";
import { dressDocument } from "./head.ts";
import { Measurer } from "./measuring.ts";
import { Site } from "./offline/site.ts";
import { OwnTasks } from "./own-tasks.ts";
import { Presets } from "./presets.ts";
import { Results } from "./results.ts";
import { RunHistory } from "./run-history.ts";
import { Session } from "./session.ts";
import { Store, isRunning } from "./state.ts";
import type { State } from "./state.ts";
import { strings } from "./strings/lab.ts";
import "./style/base.css";
import "./style/diagnose.css";
import "./style/embed.css";
import "./style/own.css";
import "./style/results.css";
import "./style/save.css";
import "./style/site.css";
import "./style/think.css";
import "./style/tools.css";
import "./style/train.css";
import "./style/trial.css";
import { applyTheme, currentTheme, useTheme } from "./theme.ts";
import { Trainer } from "./training.ts";
import { Trial } from "./trial.ts";
import { closeEngineCard } from "./view/engine.ts";
import { pageView } from "./view/page.ts";

export const root = pageRoot();

const store = new Store();
const session = new Session(store);
const trainer = new Trainer(store, session);
const results = new Results(store, session);
const measurer = new Measurer(store, session);
const own = new OwnTasks(store, session);
const trial = new Trial(store, session, results);
const site = new Site(store);
const runs = new RunHistory(store, session);
const presets = new Presets(store, session, runs);
const bring = new Bring(store);
export const parts = { store, session, trainer, measurer, own, results, trial, site, runs, presets, bring };

let drawn = true;
function draw(): void {
  drawn = true;
  render(pageView(store.state, parts), root);
  document.title = title(store.state);
  const written = writeAddress({ ...store.state, theme: currentTheme() }, unshaped(location.hash));
  const address = withShape(written, shape);
  if (address !== location.hash) history.replaceState(null, "", address);
}

store.listen(() => {
  // Several changes in one frame are drawn once. A hidden tab gets no frames: its title must go on.
  if (!drawn) return;
  drawn = false;
  if (document.hidden) setTimeout(draw, 250);
  else requestAnimationFrame(draw);
});
document.addEventListener("visibilitychange", () => {
  store.change({});
  if (!drawn) draw();
});

function pageRoot(): HTMLElement {
  const found = document.querySelector<HTMLElement>("#page");
  if (found === null) throw new Error("the page lacks #page");
  return found;
}

function title(state: State): string {
  const { run } = state;
  const reward = number(run.history.at(-1)?.reward);
  const now =
    run.phase === "running" || run.phase === "pausing"
      ? strings.title.training(run.step, reward)
      : run.phase === "paused" || run.phase === "collapsed"
        ? strings.title.paused(run.step)
        : state.progress !== undefined
          ? strings.title.loading
          : state.thinking
            ? strings.title.thinking
            : undefined;
  return now === undefined ? strings.name : `${now} · ${strings.name}`;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    store.change({ keysShown: false });
    closeEngineCard(store);
  }
  const typing =
    event.target instanceof Element && event.target.closest("input, select, textarea, button, summary") !== null;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?" && !(event.target instanceof HTMLInputElement)) {
    store.change({ keysShown: !store.state.keysShown });
  }
  if (typing) return;
  if (event.key === " ") {
    event.preventDefault();
    trainer.toggle();
  }
  if (event.key === "t") void session.thoughts.think();
  if (event.key === "n") void session.questions.next();
});

// Another link opened in this tab: the page begins anew with it, unless there is something to lose.
addEventListener("hashchange", () => {
  const { run, trainedSteps, ownModel, bring: brought } = store.state;
  if (isRunning(run) || trainedSteps > 0 || ownModel || brought.loaded)
    store.change({ notice: strings.link.notOpened });
  else location.reload();
});

document.addEventListener("pointerdown", (event) => {
  if (event.target instanceof Element && event.target.closest("#engine") === null) closeEngineCard(store);
});
// For tests of what comes after; no page sends it.
document.addEventListener("lose-device", () => {
  session.loseDevice();
});

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  if (!store.state.dropping) store.change({ dropping: true });
});
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) store.change({ dropping: false });
});
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  store.change({ dropping: false });
  const drop = event.dataTransfer;
  const file = drop?.files[0];
  // The panel of brought models hears what is dropped on it itself.
  const there = event.target instanceof Element && event.target.closest(".bring-body") !== null;
  if (drop === null || there || bring.takes(drop)) return;
  if (file !== undefined) void session.loadFile(file);
});

dressDocument("lab");
applyTheme();
reshape(readShape(location.hash));
const { found, ignored } = readAddress(location.hash);
const { theme, ...choices } = found;
if (theme !== undefined) useTheme(theme);
store.change({ ...choices, ...(ignored.length > 0 ? { notice: strings.link.ignored(ignored.join(", ")) } : {}) });
draw();
// Chrome and Edge tell; elsewhere it is not known.
const { saveData = false } = (navigator as { connection?: { saveData?: boolean } }).connection ?? {};
void (saveData ? session.hold() : Promise.resolve()).then(async () => {
  await session.open();
  await trial.look();
  await site.keep();
});
void runs.open();
setTimeout(() => {
  store.change({ stage: 1 });
  setTimeout(() => {
    store.change({ stage: 2 });
    // A link with a model shows the panel, filled in.
    if (found.modelAddress !== undefined) bring.show(true);
  }, 50);
}, 50);
