// What computes: the choice, the badge, and the card that says on what, how fast, why not more and what to do about it.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import type { AdapterLimits, Capabilities, EngineChoice } from "soft-thinking-lab";

import { said, saidAll } from "../engine-words.ts";
import { adapterWords, bytes, duration, engineWords } from "../format.ts";
import type { Session } from "../session.ts";
import { lastSpeed } from "../speed.ts";
import { isRunning } from "../state.ts";
import type { State, Store } from "../state.ts";
import { strings } from "../strings/lab.ts";
import { fetched, keptRows } from "./fetches.ts";

const CHOICES: readonly EngineChoice[] = ["auto", "cpu", "gpu"];
const BADGE = "engine-badge";
const CARD = "engine-card";

export function engineView(state: State, store: Store, session: Session): TemplateResult {
  return html`<div class="engine" id="engine">
    ${choice(state, session)} ${badge(state, store)} ${card(state, store)}
  </div>`;
}

function choice(state: State, session: Session): TemplateResult {
  const running = isRunning(state.run);
  return html`<label title=${running ? strings.engine.duringRun : nothing}>
    <span class="what">${strings.engine.label}</span>
    <select
      name="engine"
      .value=${live(state.engineChoice)}
      ?disabled=${running || state.progress !== undefined}
      @change=${(event: Event) => session.chooseEngine((event.target as HTMLSelectElement).value as EngineChoice)}
    >
      ${CHOICES.map(
        (one) =>
          html`<option value=${one} ?selected=${one === state.engineChoice}>${strings.engine.choices[one]}</option>`,
      )}
    </select>
  </label>`;
}

function badge(state: State, store: Store): TemplateResult {
  const { engine, engineCardShown: open } = state;
  const words = engineWords(engine);
  return html`<button
    type="button"
    class="badge"
    id=${BADGE}
    data-kind=${engine?.kind ?? "none"}
    title=${words}
    aria-expanded=${open ? "true" : "false"}
    aria-controls=${CARD}
    @click=${() => {
      store.change({ engineCardShown: !open });
    }}
  >
    <span class="unseen">${strings.engine.badge}</span>
    <span class="lamp" aria-hidden="true"></span>
    <span class="words">${words}</span>
    <span class="turn" aria-hidden="true">▾</span>
  </button>`;
}

function card(state: State, store: Store): TemplateResult {
  return html`<section
    class="panel engine-card"
    id=${CARD}
    aria-labelledby="engine-card-title"
    ?hidden=${!state.engineCardShown}
  >
    <h2 id="engine-card-title">${strings.engine.card.title}</h2>
    ${engineFacts(state)} ${state.capabilities === undefined ? nothing : details(state.capabilities)}
    <button
      type="button"
      class="quiet-button"
      @click=${() => {
        closeEngineCard(store);
      }}
    >
      ${strings.close}
    </button>
  </section>`;
}

/** Closes the card; who was in it is back at the badge. */
export function closeEngineCard(store: Store): void {
  if (!store.state.engineCardShown) return;
  if (document.getElementById(CARD)?.contains(document.activeElement)) document.getElementById(BADGE)?.focus();
  store.change({ engineCardShown: false });
}

/** What will run or runs, on what, how fast, why not more, and the one thing to do about it. `loading`: without the rows that come with
 * the engine, which would push the others away while they are read. */
export function engineFacts(state: State, loading = false): TemplateResult {
  const { capabilities, engine } = state;
  const words = strings.engine.card;
  const rows: [string, string | undefined][] = [
    engine === undefined ? [words.willRun, forecast(state)] : [words.runs, running(state)],
    [words.why, loading ? undefined : engine && said(engine.reason)],
    [words.speed, speed(state)],
    [words.onCpu, loading ? undefined : engine && saidAll(engine.on_cpu)],
    [words.whyNot, capabilities && said(capabilities.webgpuReason)],
    [words.advice, capabilities === undefined ? undefined : advised(capabilities)],
    ...keptRows(state),
    // Known last, so that it pushes nothing away.
    [strings.fetching.label, fetched(state)],
  ];
  return html`<dl class="engine-facts">
    ${rows.map(([name, value]) =>
      value === undefined || value === ""
        ? nothing
        : html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>`;
}

function advised({ advice }: Capabilities): string {
  const [first] = advice;
  return first === undefined ? strings.engine.card.noneNeeded : said(first);
}

function running({ engine, capabilities }: State): string {
  if (engine === undefined) return "";
  if (engine.kind === "gpu") return engineWords(engine);
  return capabilities === undefined ? engine.name : strings.engine.card.cores(engine.name, capabilities.cores);
}

function forecast({ engineChoice, capabilities }: State): string {
  if (capabilities === undefined) return strings.engine.card.looking;
  const { adapter, cores } = capabilities;
  const cpu = strings.engine.card.cores(strings.engine.cpu, cores);
  if (adapter === null || engineChoice === "cpu") return cpu;
  const gpu = adapterWords(adapter);
  return engineChoice === "gpu" ? gpu : strings.engine.card.either(cpu, gpu);
}

function speed({ engine, run }: State): string {
  const words = strings.engine.card;
  const seen = run.secondsPerStep === undefined ? "" : words.seen(duration(run.secondsPerStep));
  if (engine?.measured === undefined) return seen === "" ? known() : seen;
  const { cpu_ms, gpu_ms } = engine.measured;
  return `${words.measured(duration(cpu_ms / 1000), duration(gpu_ms / 1000))} ${seen}`.trim();
}

/** Before anything was measured on this visit. */
function known(): string {
  const last = lastSpeed();
  return last === undefined
    ? strings.fetching.typical
    : strings.fetching.lastTime(duration(last.secondsPerStep), last.engine);
}

function details({ adapter, limits, f16, wasmSimd, secureContext }: Capabilities): TemplateResult {
  const words = strings.engine.card;
  const yes = (truth: boolean) => (truth ? words.yes : words.no);
  const rows: [string, string][] = [
    [words.wasmSimd, yes(wasmSimd)],
    [words.secureContext, yes(secureContext)],
  ];
  if (adapter !== null) rows.push([words.adapter, adapterWords(adapter)], [words.f16, yes(f16)]);
  if (limits !== null) {
    for (const key of Object.keys(words.limits) as (keyof AdapterLimits)[]) {
      rows.push([words.limits[key], key.endsWith("Size") ? bytes(limits[key]) : String(limits[key])]);
    }
  }
  return html`<details>
    <summary>${words.details}</summary>
    <dl class="engine-facts">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </details>`;
}
