// What went into one step, as a table: candidates, the model's own probabilities, noise, weights.

import { css, html, nothing } from "lit";
import type { TemplateResult } from "lit";

import type { ThinkStep } from "../index.js";
import { token } from "./format.js";
import type { Speech } from "./speech.js";

/** Candidates that top-p removed keep log(1e-6) nats: no noise can bring them back. */
const CUT_BELOW = -13;

export function stepCard(step: ThinkStep, title: string, speech: Speech): TemplateResult {
  const { words, fixed, number } = speech;
  const noisy = step.noise.length > 0;
  return html`
    <div class="card">
      <h4>${title}</h4>
      <p class="quiet">
        ${step.soft ? words.card.blend(number(step.entropy)) : words.card.single}
        ${step.soft && noisy ? (step.winner_changed ? words.card.changed(token(step.token)) : words.card.kept(token(step.token))) : nothing}
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label=${title}>
        <table>
          <thead>
            <tr>
              <th scope="col">${words.card.candidate}</th>
              <th scope="col" class="number">${words.card.logProb}</th>
              ${noisy ? html`<th scope="col" class="number">${words.card.noise}</th>` : nothing}
              <th scope="col">${words.card.weight}</th>
            </tr>
          </thead>
          <tbody>
            ${step.candidates.map((candidate, index) => {
              const cut = (step.log_probs[index] ?? 0) < CUT_BELOW;
              return html`<tr class=${cut ? "cut" : ""}>
                <th scope="row" class="token">${token(candidate)}</th>
                <td class="number">${cut ? words.card.cut : fixed(step.log_probs[index])}</td>
                ${noisy ? html`<td class="number">${cut ? "" : fixed(step.noise[index])}</td>` : nothing}
                <td>${share(step.mixture[index] ?? 0, step.soft ? "soft" : "discrete", speech)}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </div>
  `;
}

/** A share of one as a bar with its number. */
export function share(value: number, tone: "soft" | "discrete" | "base", { percent }: Speech): TemplateResult {
  return html`<span class="share ${tone}"
    ><span class="track"><span .style=${`width:${Math.max(0, Math.min(1, value)) * 100}%`}></span></span
    ><span>${percent(value)}</span></span
  >`;
}

export const cardStyle = css`
  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    align-content: start;
  }
  .cut {
    color: var(--ink-quiet);
  }
  .share {
    display: flex;
    gap: 8px;
    align-items: center;
  }
  .track {
    width: var(--track, 96px);
    height: 12px;
    background: var(--line);
    border-radius: 2px;
    overflow: hidden;
  }
  .track > span {
    display: block;
    height: 100%;
    background: var(--soft);
  }
  .share.discrete .track > span {
    background: var(--discrete);
  }
  .share.base .track > span {
    background: var(--base);
  }
  @media (max-width: 720px) {
    .track {
      width: var(--track, 56px);
    }
  }
`;
