// What went into one step: candidates, log-probabilities, noise, perturbed values, weights, and whether the noise decided.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { SampleStep, ThinkStep } from "soft-thinking-lab";

import { fixed, number, percent, token } from "../format.ts";
import type { Kind } from "../state.ts";
import { en } from "../strings/en.ts";

/** Candidates that top-p removed keep log(1e-6) nats: shown as cut, since no noise can bring them back. */
const CUT_BELOW = -13;

/** A step of a thought, or of a training try, which keeps less: no log-probabilities, no perturbed values. */
type CardStep = SampleStep &
  Pick<ThinkStep, "step" | "soft"> &
  Partial<Pick<ThinkStep, "log_probs" | "perturbed" | "model_entropy" | "winner_changed">>;

/** `whose`: the thought it belongs to, for those who hear the page: there may be two cards. */
export function stepCard(step: CardStep, kind: Kind, whose: string): TemplateResult {
  const soft = kind === "soft" && step.soft;
  return html`
    <section class="card ${kind}" aria-label=${en.card.of(whose, en.card.title(step.step + 1))}>
      <header>
        <h4>${en.card.title(step.step + 1)}</h4>
        <p>
          ${en.think[kind]}, ${en.card.phase[step.phase]} · ${en.card.projection(token(step.token))} ·
          ${
            step.model_entropy === undefined
              ? en.card.entropy(number(step.entropy))
              : en.card.entropies(number(step.entropy), number(step.model_entropy))
          }
        </p>
      </header>
      ${candidates(step, soft, whose)}
      ${soft && step.log_probs !== undefined ? html`<p>${winnerSentence(step, step.log_probs)}</p>` : nothing}
      ${soft ? html`<p class="quiet">${en.card.formula}</p>` : nothing}
    </section>
  `;
}

function winnerSentence(step: CardStep, logProbs: readonly number[]): string {
  const favourite = step.candidates[logProbs.indexOf(Math.max(...logProbs))] ?? "";
  return step.winner_changed ? en.card.changed(token(step.token), token(favourite)) : en.card.kept(token(step.token));
}

function candidates(step: CardStep, soft: boolean, whose: string): TemplateResult {
  const { define } = en.card;
  const head = (words: string, title: string, shown: boolean) =>
    shown ? html`<th scope="col" class="number" title=${title}>${words}</th>` : nothing;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${en.card.of(whose, en.card.table)}>
      <table>
        <thead>
          <tr>
            <th scope="col">${en.card.candidate}</th>
            ${head(en.card.log_prob, define.log_prob, step.log_probs !== undefined)}
            ${head(en.card.noise, define.noise, soft)}
            ${head(en.card.perturbed, define.perturbed, soft && step.perturbed !== undefined)}
            <th scope="col" class="weight" title=${define.weight}>${en.card.weight}</th>
          </tr>
        </thead>
        <tbody>
          ${step.candidates.map((candidate, index) => row(step, candidate, index, soft))}
        </tbody>
      </table>
    </div>
  `;
}

function row(step: CardStep, candidate: string, index: number, soft: boolean): TemplateResult {
  const weight = step.mixture[index] ?? 0;
  const logProb = step.log_probs?.[index];
  const cut = logProb !== undefined && logProb < CUT_BELOW;
  const cell = (value: number | undefined, shown: boolean) =>
    shown ? html`<td class="number">${cut ? "" : fixed(value)}</td>` : nothing;
  return html`
    <tr class=${cut ? "cut" : ""}>
      <th scope="row" class="token">${token(candidate)}</th>
      ${step.log_probs === undefined ? nothing : html`<td class="number">${cut ? en.card.cut : fixed(logProb)}</td>`}
      ${cell(step.noise[index], soft)} ${cell(step.perturbed?.[index], soft && step.perturbed !== undefined)}
      <td class="weight">
        <span class="share"><span style="width:${weight * 100}%"></span></span>
        <span class="number">${percent(weight)}</span>
      </td>
    </tr>
  `;
}
