// What computes the updates: the choice, which engine runs and why, what is known of its speed, and the way on where there is no GPU.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { SemanticArmName } from "soft-thinking-lab";

import { said } from "../engine-words.ts";
import { semantic } from "../strings/semantic.ts";
import { ENGINES } from "./choices.ts";
import type { Engine } from "./choices.ts";
import type { Live } from "./live.ts";
import type { PageState, Side } from "./state.ts";

const words = semantic.engine;

export function engineView(
  state: PageState,
  nameOf: (arm: SemanticArmName) => string,
  busy: boolean,
  live: Live,
): TemplateResult {
  const { engine } = state.choices;
  return html`<div class="pace engine-of">
      <label>
        ${words.label}
        <select
          name="engine"
          ?disabled=${busy}
          @change=${(event: Event) => {
            live.choose({ engine: (event.target as HTMLSelectElement).value as Engine });
          }}
        >
          ${ENGINES.map((one) => html`<option value=${one} .selected=${one === engine}>${words.choices[one]}</option>`)}
        </select>
      </label>
      <p class=${engine === "cpu" ? "quiet" : "remark"}>
        <span class="engine-now">${runsOn(state, nameOf)}</span> <span class="engine-why">${why(state)}</span>
        ${engine === "cpu" ? nothing : html`<span class="engine-known">${words.known}</span>`}
      </p>
    </div>
    ${state.gpuFailed === undefined ? nothing : wayOn(state, live)}`;
}

const named = ({ sides }: PageState) =>
  sides.filter((side): side is Side & { engine: string } => side.engine !== undefined);
const isGpu = (name: string) => name.startsWith("GPU");

function runsOn(state: PageState, nameOf: (arm: SemanticArmName) => string): string {
  const sides = named(state);
  const names = [...new Set(sides.map(({ engine }) => engine))];
  const [only] = names;
  if (only === undefined) return state.gpuFailed !== undefined || hasNone(state) ? "" : words.will[forecast(state)];
  if (names.length === 1) return words.now(only);
  return sides.map(({ arm, engine }) => words.nowOf(nameOf(arm), engine)).join(" ");
}

/** A GPU is asked for, and there is none. */
function hasNone({ choices, capabilities }: PageState): boolean {
  return choices.engine === "gpu" && capabilities?.adapter === null;
}

function forecast({ choices: { engine }, capabilities }: PageState): Engine {
  if (engine !== "auto" || capabilities === undefined) return engine;
  return takesGpu(capabilities.adapter) ? "auto" : "cpu";
}

/** As the engine itself chooses: a processor that plays a GPU is not taken. */
function takesGpu(adapter: { fallback: boolean } | null): boolean {
  return adapter !== null && !adapter.fallback;
}

function why(state: PageState): string {
  const { choices, capabilities } = state;
  if (hasNone(state)) return words.why.none(said(capabilities?.webgpuReason ?? ""));
  if (choices.engine !== "auto") return words.why[choices.engine];
  const [first] = named(state);
  if (first !== undefined && isGpu(first.engine)) return words.why.hardware;
  if (capabilities === undefined) return "";
  const { adapter, webgpuReason } = capabilities;
  if (adapter === null) return words.why.none(said(webgpuReason));
  if (adapter.fallback) return words.why.software;
  return first === undefined ? words.why.hardware : words.why.notOpened;
}

function wayOn({ capabilities, gpuFailed = "" }: PageState, live: Live): TemplateResult {
  const lacking = gpuFailed === "no-webgpu" || gpuFailed === "no-adapter";
  const first = lacking ? capabilities?.advice[0] : undefined;
  const advice = first === undefined ? undefined : said(first);
  return html`<div class="remark gpu-failed" role="alert" data-code=${gpuFailed}>
    <p>${lacking ? words.lacking : words.broke} ${advice ?? nothing}</p>
    <button type="button" @click=${() => void live.runOnCpu()}>${words.runOnCpu}</button>
  </div>`;
}
