// What went into one step: candidates, log-probabilities, noise, perturbed values, weights, and whether the noise decided.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { ThinkStep } from "soft-thinking-lab";

import { fixed, number, percent, token } from "../format.ts";
import type { Kind } from "../state.ts";
import { en } from "../strings/en.ts";

/** Candidates that top-p removed keep log(1e-6) nats: shown as cut, since no noise can bring them back. */
const CUT_BELOW = -13;

export function stepCard(step: ThinkStep, kind: Kind): TemplateResult {
  const soft = kind === "soft" && step.soft;
  return html`
    <section class="card ${kind}" aria-label=${en.card.title(step.step + 1)}>
      <header>
        <h4>${en.card.title(step.step + 1)}</h4>
        <p>
          ${en.think[kind]}, ${en.card.phase[step.phase]} · ${en.card.projection(token(step.token))} ·
          ${en.card.entropies(number(step.entropy), number(step.model_entropy))}
        </p>
      </header>
      ${candidates(step, soft)} ${soft ? html`<p>${winnerSentence(step)}</p>` : nothing}
      ${soft ? html`<p class="quiet">${en.card.formula}</p>` : nothing}
    </section>
  `;
}

function winnerSentence(step: ThinkStep): string {
  const favourite = step.candidates[step.log_probs.indexOf(Math.max(...step.log_probs))] ?? "";
  return step.winner_changed ? en.card.changed(token(step.token), token(favourite)) : en.card.kept(token(step.token));
}

function candidates(step: ThinkStep, soft: boolean): TemplateResult {
  const { define } = en.card;
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${en.card.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">${en.card.candidate}</th>
            <th scope="col" class="number" title=${define.log_prob}>${en.card.log_prob}</th>
            ${
              soft
                ? html`
                    <th scope="col" class="number" title=${define.noise}>${en.card.noise}</th>
                    <th scope="col" class="number" title=${define.perturbed}>${en.card.perturbed}</th>
                  `
                : nothing
            }
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

function row(step: ThinkStep, candidate: string, index: number, soft: boolean): TemplateResult {
  const weight = step.mixture[index] ?? 0;
  const logProb = step.log_probs[index];
  const cut = logProb !== undefined && logProb < CUT_BELOW;
  return html`
    <tr class=${cut ? "cut" : ""}>
      <th scope="row" class="token">${token(candidate)}</th>
      <td class="number">${cut ? en.card.cut : fixed(logProb)}</td>
      ${
        soft
          ? html`
              <td class="number">${cut ? "" : fixed(step.noise[index])}</td>
              <td class="number">${cut ? "" : fixed(step.perturbed[index])}</td>
            `
          : nothing
      }
      <td class="weight">
        <span class="share"><span style="width:${weight * 100}%"></span></span>
        <span class="number">${percent(weight)}</span>
      </td>
    </tr>
  `;
}
