// What an epoch is measured by, in two small tables: level by level, and of the whole.

import { html } from "lit";
import type { TemplateResult } from "lit";

import type { SemanticEpoch, SemanticRanking } from "../index.js";
import type { Shown } from "./item-map.js";
import type { Speech } from "./speech.js";

/** `validation`: the newest there is; it is not asked every epoch. `of`: the arm. */
export function codeHealth(
  epoch: SemanticEpoch,
  validation: SemanticRanking | undefined,
  shown: Shown,
  of: string,
  { words, number, fixed, percent }: Speech,
): TemplateResult {
  const { health, book } = words.semantic;
  const levels = shown === "kept" ? epoch.levels : epoch.nearest;
  const started = epoch.epoch > 0;
  const later = (text: string) => (started ? text : "–");
  const facts: [string, string][] = [
    [health.unique, percent(epoch.conflicts.unique)],
    [health.most, String(epoch.conflicts.most)],
    [health.drift, later(percent(epoch.drift))],
    [health.driftTotal, later(percent(epoch.drift_total))],
    [health.agreement, later(percent(epoch.agreement))],
    [health.noisy, later(percent(epoch.noisy))],
    [health.sigma, number(epoch.sigma)],
    [health.temperature, number(epoch.temperature)],
    [health.recall, number(validation?.recall[1])],
    [health.ndcg, number(validation?.ndcg[1])],
  ];
  return html`
    <div class="health">
      <div class="scroll" tabindex="0" role="region" aria-label=${`${health.title}, ${of}`}>
        <table class="levels">
          <thead>
            <tr>
              <th scope="col">${health.level}</th>
              ${[health.used, health.dead, health.effective, health.entropy, health.balance].map(
                (name) => html`<th scope="col" class="number">${name}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${levels.map(
              ({ used, dead, effective_codes, usage_entropy, balance }, index) =>
                html`<tr>
                  <th scope="row">${book.levelShort(index + 1)}</th>
                  <td class="number">${used}</td>
                  <td class="number">${dead}</td>
                  <td class="number">${fixed(effective_codes, 1)}</td>
                  <td class="number">${fixed(usage_entropy)}</td>
                  <td class="number">${fixed(balance)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <table class="facts">
        <tbody>
          ${facts.map(
            ([name, value]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td class="number">${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}
