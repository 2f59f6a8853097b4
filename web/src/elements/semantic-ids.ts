// `<semantic-ids>`: one arm of the second lab, trained in this tab. Watch its code-book as a heat map and its items move between codes.
// Several of them may stand side by side. Not here: the run (semantic-run.ts), curves over epochs, which the page around draws from the events.

import { css, html, nothing } from "lit";
import type { PropertyDeclarations, PropertyValues, TemplateResult } from "lit";

import { codeBook, codeBookStyle, codeBookTable, levelTitle } from "./code-book.js";
import { codeHealth } from "./code-health.js";
import { animateMoves, itemMap, itemMapStyle, itemTable } from "./item-map.js";
import type { Shown } from "./item-map.js";
import { SemanticRunFigure } from "./semantic-run.js";
import { stillOf } from "./still.js";

const WIDE = 880;
export type SemanticPicture = "book" | "items";

export class SemanticIds extends SemanticRunFigure {
  static override properties: PropertyDeclarations = {
    ...SemanticRunFigure.properties,
    itemsOpen: { state: true },
  };
  static override styles = [...SemanticRunFigure.styles, codeBookStyle, itemMapStyle, style()];

  declare protected itemsOpen: boolean;

  constructor() {
    super();
    this.itemsOpen = false;
  }

  protected override isComputed(): boolean {
    return this.phase !== "idle" && this.phase !== "lost";
  }

  /** Items that changed their first code are seen to go, once an epoch; nothing moves for those who do not want it. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { scene, now, earlier: before, codes: shown } = this;
    if (!changed.has("now") || !this.busy || scene === undefined || now === undefined || before === undefined) return;
    const map = this.renderRoot.querySelector<SVGSVGElement>(".map svg");
    if (map !== null) animateMoves(map, { scene, now, before, shown }, this.#room);
  }

  /** Pixels that each of the two pictures has. */
  get #room(): number {
    return this.room >= WIDE ? (this.room - 32) / 2 : this.room;
  }

  /** A picture of what is shown as an SVG file's text; undefined before there is anything. */
  still(which: SemanticPicture): string | undefined {
    const words = this.words.semantic;
    const { epoch } = this;
    if (epoch === undefined || !this.hasUpdated) return undefined;
    const pictures =
      which === "book"
        ? [...this.renderRoot.querySelectorAll<SVGSVGElement>("svg.codes")]
        : [...this.renderRoot.querySelectorAll<SVGSVGElement>(".map svg")];
    const levels = this.codes === "kept" ? epoch.levels : epoch.nearest;
    const title = `${words.arms[this.arm].name}: ${which === "book" ? words.book.title : words.map.title}`;
    return stillOf(
      `${title}, ${words.after(epoch.epoch)}`,
      pictures.map((picture, level) => ({
        picture,
        title: which === "book" ? levelTitle(levels, level, this.speech) : words.codes[this.codes],
      })),
    );
  }

  protected override content(): TemplateResult {
    const words = this.words.semantic;
    const arm = Object.hasOwn(words.arms, this.arm) ? words.arms[this.arm] : undefined;
    return html`
      <div class="head">
        <h3>${arm?.name ?? words.unknownArm(this.arm)}</h3>
        <p class="quiet">${arm?.text}</p>
      </div>
      <div class="row">
        <p class="words">${this.told()}</p>
        ${this.busy ? html`<progress max="1" .value=${this.share} aria-label=${words.done}></progress>` : nothing}
        ${this.controls === "none" ? nothing : this.#buttons()}
      </div>
      ${this.#drawn()}
    `;
  }

  #buttons(): TemplateResult {
    const words = this.words.semantic;
    const [waits, rests] = [!this.steerable, this.phase === "paused" || this.phase === "pausing"];
    return this.busy
      ? html`<button
            type="button"
            class="main"
            ?disabled=${waits}
            @click=${() => {
              if (rests) this.resume();
              else this.pause();
            }}
          >
            ${rests ? words.resume : words.pause}
          </button>
          <button
            type="button"
            ?disabled=${waits}
            @click=${() => {
              this.stop();
            }}
          >
            ${words.stop}
          </button>`
      : html`<button type="button" class="main" @click=${() => void this.run()}>
          ${this.phase === "idle" ? words.run : words.again}
        </button>`;
  }

  #drawn(): TemplateResult | typeof nothing {
    const { scene, now, epoch, earlier, codes: shown } = this;
    if (scene === undefined || now === undefined || epoch === undefined) return nothing;
    const words = this.words.semantic;
    const levels = shown === "kept" ? epoch.levels : epoch.nearest;
    const room = this.#room;
    const mapped = { scene, now, before: earlier, shown };
    const { name } = words.arms[this.arm];
    return html`
      ${this.controls === "none" ? nothing : this.#which()}
      <div class="sides" data-epoch=${epoch.epoch}>
        <div class="side">
          <h4>${words.book.title}</h4>
          ${codeBook(levels, room, this.speech)} ${codeBookTable(levels, name, this.speech)}
        </div>
        <div class="side">
          <h4>${words.map.title}</h4>
          ${itemMap(mapped, room, this.speech)}
          <details
            @toggle=${(event: Event) => {
              this.itemsOpen = (event.target as HTMLDetailsElement).open;
            }}
          >
            <summary>${words.map.table}</summary>
            ${this.itemsOpen ? itemTable(mapped, name, this.speech) : nothing}
          </details>
        </div>
      </div>
      <h4>${words.health.title}</h4>
      ${codeHealth(epoch, this.validation, shown, name, this.speech)}
    `;
  }

  #which(): TemplateResult {
    const words = this.words.semantic;
    return html`<label>
      ${words.which}
      <select
        @change=${(event: Event) => {
          this.codes = (event.target as HTMLSelectElement).value as Shown;
        }}
      >
        ${(["nearest", "kept"] as const).map(
          (one) => html`<option value=${one} .selected=${one === this.codes}>${words.codes[one]}</option>`,
        )}
      </select>
    </label>`;
  }
}

function style() {
  return css`
    .head {
      display: grid;
      gap: 4px;
      align-content: start;
      min-height: 92px;
    }
    .words {
      min-height: 48px;
    }
    .sides {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(424px, 100%), 1fr));
      gap: 16px 32px;
    }
    .side {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 8px;
      align-content: start;
    }
    .health {
      display: flex;
      flex-wrap: wrap;
      gap: 16px 48px;
      align-items: start;
    }
    .levels thead th {
      white-space: normal;
      vertical-align: bottom;
    }
    .tall {
      max-height: 320px;
      overflow-y: auto;
    }
  `;
}

customElements.define("semantic-ids", SemanticIds);
