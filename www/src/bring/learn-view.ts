// Learning of a brought model on the page: what to choose, what it takes, the run, and what it learned. Its charts and tries: learn-run-view.ts;
// where it stands: learn-status-view.ts.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { LanguagePlan } from "soft-thinking-lab";

import { adapterView } from "./adapter-view.ts";
import { runView } from "./learn-run-view.ts";
import { status } from "./learn-status-view.ts";
import { LEARN_OBJECTIVES, LEARN_TASKS, TARGETS, isOpen, secondsOfStep, tokensOf } from "./learn-state.ts";
import type { Foreseen, LearnChoices, LearnState, Target } from "./learn-state.ts";
import type { Learning } from "./learning.ts";
import type { Placed } from "./picking.ts";
import { select } from "./select.ts";
import { speedOf } from "./state.ts";
import type { BringState } from "./state.ts";
import { langOf, said } from "../engine-words.ts";
import { duration } from "../format.ts";
import { bring as words } from "../strings/bring.ts";
import { strings } from "../strings/lab.ts";
import { bytes } from "../written.ts";
import "../style/bring-learn.css";

const { learn } = words;
const ROLLOUTS = [2, 4, 8, 16];
const TOKENS = [16, 24, 32, 48, 64, 96, 128, 192];
const STEPS = [3, 10, 20, 50, 100, 300];
/** Typed as they are, in this order. */
const TYPED = ["alpha", "questions", "beta", "temperature", "format", "seed"] as const;

export function learnView(
  state: BringState,
  learning: Learning,
  take: (placed: readonly Placed[]) => void,
): TemplateResult {
  const { learning: run } = state;
  return html`<section class="bring-learn" aria-labelledby="bring-learn-title">
    <h3 id="bring-learn-title">${learn.title}</h3>
    <p>${learn.lead}</p>
    ${form(run, learning)} ${beforehand(state)}
    <div class="buttons">${buttons(state, learning)}</div>
    ${status(run)} ${collapse(run, learning)}
    ${run.remark === undefined ? nothing : html`<p class="remark" lang=${langOf(run.remark) ?? nothing}>${run.remark}</p>`}
    <p class="quiet honest">${learn.honest}</p>
    ${runView(run, learning)} ${adapterView(state, learning, take)}
  </section>`;
}

function form({ choices, ...run }: LearnState, learning: Learning): TemplateResult {
  const { fields } = learn;
  const open = isOpen({ choices, ...run });
  const set = (part: Partial<LearnChoices>) => {
    learning.choose(part);
  };
  const typed = (key: "rank" | "rate" | (typeof TYPED)[number]) =>
    html`<label>
      ${fields[key]}
      <input
        name="learn-${key}"
        inputmode="decimal"
        autocomplete="off"
        ?disabled=${open}
        .value=${choices[key]}
        @change=${(event: Event) => {
          set({ [key]: (event.target as HTMLInputElement).value });
        }}
      />
    </label>`;
  return html`<div class="bring-choices learn-choices">
      ${select(
        "learn-task",
        fields.task,
        LEARN_TASKS,
        choices.task,
        open,
        (task) => {
          set({ task });
        },
        (one) => fields.tasks[one],
      )}
      ${select(
        "learn-objective",
        fields.objective,
        LEARN_OBJECTIVES,
        choices.objective,
        open,
        (objective) => {
          set({ objective });
        },
        (one) => fields.objectives[one],
      )}
      ${select("learn-rollouts", fields.rollouts, ROLLOUTS, choices.rollouts, open, (rollouts) => {
        set({ rollouts });
      })}
      ${select("learn-thought", fields.thought, TOKENS, choices.thought, open, (thought) => {
        set({ thought });
      })}
      ${select("learn-answer", fields.answer, TOKENS, choices.answer, open, (answer) => {
        set({ answer });
      })}
      ${select("learn-steps", fields.steps, STEPS, choices.steps, open, (steps) => {
        set({ steps });
      })}
      ${typed("rank")} ${typed("rate")}
    </div>
    <details class="learn-more">
      <summary>${fields.more}</summary>
      <p class="quiet">${fields.moreHint}</p>
      <div class="bring-choices learn-choices">${TYPED.map(typed)}</div>
      ${targets(choices, open, set)}
    </details>`;
}

function targets(choices: LearnChoices, open: boolean, set: (part: Partial<LearnChoices>) => void): TemplateResult {
  const toggle = (target: Target, on: boolean) => {
    set({ targets: TARGETS.filter((one) => (one === target ? on : choices.targets.includes(one))) });
  };
  return html`<fieldset class="learn-targets" ?disabled=${open}>
    <legend>${learn.fields.targets}</legend>
    ${TARGETS.map(
      (target) =>
        html`<label>
          <input
            type="checkbox"
            name="learn-${target}"
            .checked=${choices.targets.includes(target)}
            @change=${(event: Event) => {
              toggle(target, (event.target as HTMLInputElement).checked);
            }}
          />
          <span class="token">${target}</span>
        </label>`,
    )}
  </fieldset>`;
}

/** What it will take, before it starts. */
function beforehand(state: BringState): TemplateResult | typeof nothing {
  const { learning: run, loaded } = state;
  if (loaded === undefined || isOpen(run)) return nothing;
  return html`<p class="learn-takes">${memory(run.foreseen, loaded.plan)} ${time(state)}</p>`;
}

function memory(foreseen: Foreseen | undefined, { available, total }: LanguagePlan): TemplateResult | typeof nothing {
  if (foreseen === undefined) return nothing;
  if ("refused" in foreseen) {
    const why = said(foreseen.refused);
    return html`${learn.refused} <span lang=${langOf(why) ?? nothing}>${why}</span>.`;
  }
  if (foreseen.plan === null) return nothing;
  const left = available - total;
  return html`${learn.memory(bytes(foreseen.plan.total))}
  ${foreseen.plan.total > left ? html`<strong>${learn.memoryShort(bytes(Math.max(0, left)))}</strong>` : nothing}`;
}

function time({ learning: run, thoughts }: BringState): string {
  const { steps } = run.choices;
  const { measured } = run;
  if (measured !== undefined) {
    const seconds = (measured.seconds * tokensOf(run.choices)) / measured.tokens;
    return learn.timeMeasured(duration(seconds), duration(steps * seconds));
  }
  const thought = thoughts.soft ?? thoughts.discrete;
  const guessed = secondsOfStep(run, thought === undefined ? undefined : speedOf(thought));
  if (guessed === undefined) return learn.timeUnknown;
  return learn.timeGuessed(duration(guessed), duration(steps * guessed));
}

function buttons(state: BringState, learning: Learning): TemplateResult {
  const { learning: run, thinking, measuring } = state;
  const button = (name: string, sign: string, act: () => void, main: boolean, disabled = false, title = "") =>
    html`<button
      type="button"
      class=${main ? "main" : "quiet-button"}
      ?disabled=${disabled}
      title=${title === "" ? nothing : title}
      @click=${act}
    >
      <span aria-hidden="true">${sign}</span> ${name}
    </button>`;
  const stop = button(
    learn.stop,
    "■",
    () => {
      learning.stop();
    },
    false,
    false,
    learn.stopHint,
  );
  switch (run.phase) {
    case "starting":
    case "running":
      return html`${button(
        learn.pause,
        "❚❚",
        () => {
          learning.pause();
        },
        true,
        run.phase === "starting",
      )}${stop}`;
    case "pausing":
      return html`${button(learn.pausing, "❚❚", () => undefined, true, true)}${stop}`;
    case "stopping":
      return button(learn.stopping, "■", () => undefined, false, true);
    case "paused":
      return html`${button(
        learn.resume,
        "▶",
        () => {
          learning.resume();
        },
        true,
      )}${stop}`;
    case "collapsed":
      return stop;
    default:
      return button(
        run.adapter === "on" ? learn.again : learn.start,
        "▶",
        () => void learning.start(),
        true,
        thinking !== undefined || measuring !== undefined,
      );
  }
}

function collapse({ collapse: found, phase }: LearnState, learning: Learning): TemplateResult | typeof nothing {
  if (found === undefined || phase !== "collapsed") return nothing;
  const sentence = said(found.message);
  return html`<div class="problem-line" role="alert">
    <p><strong>${strings.collapse.title}</strong> <span lang=${langOf(sentence) ?? nothing}>${sentence}</span></p>
    ${
      found.bestStep === undefined
        ? nothing
        : html`<button
            type="button"
            class="main"
            @click=${() => {
              learning.returnToBest();
            }}
          >
            ${learn.collapse.back(found.bestStep)}
          </button>`
    }
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        learning.resume();
      }}
    >
      ${learn.collapse.on}
    </button>
  </div>`;
}
