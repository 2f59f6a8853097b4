// The choice of a method: the lab's own settings, or those of a paper, with the sentence that says what it is.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";

import { langOf } from "../engine-words.ts";
import { OBJECTIVES, methodOf, objectiveOf } from "../methods.ts";
import type { Method } from "../methods.ts";
import { isRunning } from "../state.ts";
import type { State, Store } from "../state.ts";
import { strings } from "../strings/lab.ts";

/** The objectives that the lab offers with settings of its own; they share their names with no preset's value. */
const OWN = ["soft_grpo", "grpo"] as const;

export function methodChoice(state: State, store: Store): TemplateResult {
  const { methods } = state.presets;
  const { method } = state;
  const option = (one: Method, value: string, words: string) =>
    html`<option value=${value} .selected=${one.preset === method.preset && one.objective === method.objective}>
      ${words}
    </option>`;
  const choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    const preset = methods.find(({ name }) => `preset ${name}` === value);
    store.change({
      method: preset === undefined ? { objective: objectiveOf({ objective: value }) } : methodOf(preset),
    });
  };
  return html`
    <label class="method foldable">
      ${strings.train.objective}
      <select name="method" aria-describedby="method-text" ?disabled=${isRunning(state.run)} @change=${choose}>
        <optgroup label=${strings.train.ownMethods}>
          ${OWN.map((objective) =>
            option(
              { objective },
              objective,
              strings.train.ownMethod(strings.train.objectives[objective], strings.train.objectiveHints[objective]),
            ),
          )}
        </optgroup>
        ${OBJECTIVES.map((objective) => {
          const own = methods.filter(({ config }) => objectiveOf(config) === objective);
          return html`<optgroup label=${strings.train.methodGroups[objective]}>
            ${own.map((one) => option(methodOf(one), `preset ${one.name}`, one.name))}
          </optgroup>`;
        })}
      </select>
    </label>
    <p class="method-text foldable quiet" id="method-text" lang=${langOf(sentence(state)) ?? nothing}>
      ${sentence(state)}
    </p>
  `;
}

function sentence({ method, presets }: State): string {
  const preset = presets.methods.find(({ name }) => name === method.preset);
  if (preset !== undefined) return preset.text;
  return method.objective === "grpo" ? strings.train.ownMethodText.grpo : strings.train.ownMethodText.soft_grpo;
}
