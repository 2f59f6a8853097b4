// What went into one step: candidates, log-probabilities, noise, weights, whether the noise decided, and whether the thought was ended.

import { html, nothing } from "lit-html";
import type { TemplateResult } from "lit-html";
import type { Noise, SampleStep, ThinkStep } from "soft-thinking-lab";

import { fixed, number, percent, token } from "../format.ts";
import { strings } from "../strings/lab.ts";
import { drawnAs, endingOf } from "../ways.ts";
import type { Way } from "../ways.ts";

/** Candidates that top-p removed keep log(1e-6) nats: shown as cut, since no noise can bring them back. */
const CUT_BELOW = -13;
/** A rest of the vocabulary lighter than this is not worth a row. */
const REST_MIN = 0.0005;

/** A step of a thought, or of a training try, which keeps less: no log-probabilities, no perturbed values. */
type CardStep = SampleStep &
  Pick<ThinkStep, "step" | "soft"> &
  Partial<Pick<ThinkStep, "log_probs" | "perturbed" | "model_entropy" | "winner_changed" | "forced">>;

/** One column of the table between token and weight. */
interface Column {
  head: string;
  title: string;
  values: readonly number[];
}

/** `whose`: the thought it belongs to, for those who hear the page: there may be two cards. */
export function stepCard(step: CardStep, way: Way, whose: string): TemplateResult {
  const { kind } = way.settings;
  return html`
    <section class="card ${drawnAs(way)}" aria-label=${strings.card.of(whose, strings.card.title(step.step + 1))}>
      <header>
        <h4>${strings.card.title(step.step + 1)}</h4>
        <p>
          ${strings.ways.kinds[kind]}, ${strings.card.phase[step.phase]} · ${strings.card.projection(token(step.token))}
          ·
          ${
            step.model_entropy === undefined
              ? strings.card.entropy(number(step.entropy))
              : strings.card.entropies(number(step.entropy), number(step.model_entropy))
          }
        </p>
      </header>
      ${step.forced === true ? html`<p class="ended">${endingSentence(step, way)}</p>` : nothing}
      ${candidates(step, way, whose)} ${step.soft ? html`<p>${winnerSentence(step, way)}</p>` : nothing}
      ${step.soft ? html`<p class="quiet">${formula(way)}</p>` : nothing}
    </section>
  `;
}

function endingSentence(step: CardStep, way: Way): string {
  const ending = endingOf(way, step);
  const { ended } = strings.card;
  if (ending.why === "shadow") return ended.shadow;
  return ending.why === "cold" ? ended.cold(ending.steps, number(ending.entropy)) : ended.length(ending.steps);
}

function noiseOf({ settings }: Way): Noise | "none" {
  if (settings.kind !== "soft") return "none";
  const { noise = "gumbel", noise_scale = 1 } = settings;
  return noise === "gumbel" && noise_scale === 0 ? "none" : noise;
}

function winnerSentence(step: CardStep, way: Way): string | typeof nothing {
  const { winner_changed: changed, log_probs: logProbs } = step;
  if (changed === undefined || logProbs === undefined) return nothing;
  const winner = token(step.token);
  if (way.settings.kind === "multiplex")
    return changed ? strings.card.drawn.changed(winner) : strings.card.drawn.same(winner);
  if (noiseOf(way) === "none") return nothing;
  const favourite = step.candidates[logProbs.indexOf(Math.max(...logProbs))] ?? "";
  return changed ? strings.card.changed(winner, token(favourite)) : strings.card.kept(winner);
}

function formula(way: Way): string {
  const { settings } = way;
  const words = strings.card.formula;
  switch (settings.kind) {
    case "soft": {
      const noise = noiseOf(way);
      return noise === "none" ? words.plain : noise === "gumbel" ? words.gumbel : words.samples;
    }
    case "soft_tokens":
      return settings.embedding_noise === 0 ? words.vector : `${words.vector} ${words.noisyVector}`;
    case "multiplex":
      return settings.weighted === true ? words.weightedDraws : words.draws;
    case "discrete":
      return "";
  }
}

/** What there is to show of a step, in the order in which it is worked out. */
function columns(step: CardStep, way: Way): Column[] {
  const { define } = strings.card;
  const found: Column[] = [];
  const add = (head: string, title: string, values: readonly number[] | undefined) => {
    if (values !== undefined && values.length > 0) found.push({ head, title, values });
  };
  add(strings.card.log_prob, define.log_prob, step.log_probs);
  if (!step.soft) return found;
  const noise = noiseOf(way);
  if (noise === "gumbel") {
    const scale = way.settings.kind === "soft" ? (way.settings.noise_scale ?? 1) : 1;
    add(strings.card.noise(scale), define.noise, step.noise);
    add(strings.card.perturbed, define.perturbed, step.perturbed);
  } else if (noise !== "none") {
    add(strings.card.deviation, define.deviation, step.noise);
    add(strings.card.sample, define.sample, step.perturbed);
  }
  return found;
}

function candidates(step: CardStep, way: Way, whose: string): TemplateResult {
  const { kind } = way.settings;
  const shown = columns(step, way);
  const rest = 1 - step.mixture.reduce((sum, weight) => sum + weight, 0);
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${strings.card.of(whose, strings.card.table)}>
      <table>
        <thead>
          <tr>
            <th scope="col">${kind === "multiplex" && step.soft ? strings.card.draw : strings.card.candidate}</th>
            ${shown.map(({ head, title }) => html`<th scope="col" class="number" title=${title}>${head}</th>`)}
            <th scope="col" class="weight" title=${strings.card.define.weight}>${strings.card.weight}</th>
          </tr>
        </thead>
        <tbody>
          ${step.candidates.map((candidate, index) => row(step, candidate, index, shown, kind === "soft"))}
          ${
            kind === "soft_tokens" && step.soft && rest > REST_MIN
              ? html`<tr class="cut">
                  <th scope="row" colspan=${shown.length + 1}>${strings.card.rest}</th>
                  ${weightCell(rest)}
                </tr>`
              : nothing
          }
        </tbody>
      </table>
    </div>
  `;
}

function row(step: CardStep, candidate: string, index: number, shown: Column[], cuts: boolean): TemplateResult {
  const logProb = step.log_probs?.[index];
  const cut = cuts && logProb !== undefined && logProb < CUT_BELOW;
  return html`
    <tr class=${cut ? "cut" : ""}>
      <th scope="row" class="token">${token(candidate)}</th>
      ${shown.map(
        ({ values }, place) =>
          html`<td class="number">${cut ? (place === 0 ? strings.card.cut : "") : fixed(values[index])}</td>`,
      )}
      ${weightCell(step.mixture[index] ?? 0)}
    </tr>
  `;
}

function weightCell(weight: number): TemplateResult {
  // Gaussian noise may make weights below 0 and above 1.
  const width = Math.max(0, Math.min(1, weight)) * 100;
  return html`<td class="weight">
    <span class="share"><span .style="width:${width}%"></span></span> <span class="number">${percent(weight)}</span>
  </td>`;
}
