// `<semantic-ids>`: one arm of the second lab, trained in this tab. Watch its code-book as a heat map and its items move between codes.
// Several of them may stand side by side. Not here: curves over epochs, which the page around draws from the events.

import { css, html, nothing } from "lit";
import type { PropertyDeclarations, PropertyValues, TemplateResult } from "lit";

import { LabError } from "../index.js";
import type {
  SemanticArmName,
  SemanticCatalogue,
  SemanticEnd,
  SemanticEpoch,
  SemanticEvent,
  SemanticLab,
  SemanticRanking,
  SemanticRun,
  SemanticRunOptions,
  SemanticScene,
  SemanticSettings,
  SemanticSnapshot,
} from "../index.js";
import { codeBook, codeBookStyle, codeBookTable } from "./code-book.js";
import { codeHealth } from "./code-health.js";
import { LabFigure } from "./figure.js";
import { itemMap, itemMapStyle, itemTable } from "./item-map.js";
import type { Shown } from "./item-map.js";
import { semanticLab } from "./labs.js";

type Phase = "idle" | "starting" | "running" | "pausing" | "paused" | "testing" | "ended";
const WIDE = 880;
/** A run belongs to these. */
const WISHES = ["arm", "seed", "epochs", "settings", "catalogue", "csv"];

export class SemanticIds extends LabFigure {
  static override properties: PropertyDeclarations = {
    ...LabFigure.properties,
    arm: {},
    seed: { type: Number },
    epochs: { type: Number },
    codes: {},
    controls: {},
    where: { attribute: "worker" },
    settings: { attribute: false },
    catalogue: { attribute: false },
    csv: { attribute: false },
    phase: { state: true },
    scene: { state: true },
    now: { state: true },
    earlier: { state: true },
    epoch: { state: true },
    validation: { state: true },
    end: { state: true },
    share: { state: true },
    itemsOpen: { state: true },
  };
  static override styles = [...LabFigure.styles, codeBookStyle, itemMapStyle, style()];

  /** Attribute: one of the nine arms; default "dril". */
  declare arm: SemanticArmName;
  /** Attribute: of catalogue, code-books and noise; default 0. */
  declare seed: number;
  /** Attribute: default the arm's own. */
  declare epochs: number | undefined;
  /** Attribute: which codes are shown, "nearest" (default) or "kept". */
  declare codes: Shown;
  /** Attribute: "none" leaves the buttons to the page around. */
  declare controls: string | undefined;
  /** Attribute `worker`: "shared" (default): the page's worker, where runs take turns; or "own". */
  declare where: "shared" | "own";
  /** Property: settings besides, by their names in the package. */
  declare settings: SemanticSettings | undefined;
  /** Property: of the made-up catalogue. */
  declare catalogue: SemanticCatalogue | undefined;
  /** Property: own data in its place, as texts. */
  declare csv: SemanticRunOptions["csv"];
  declare protected phase: Phase;
  declare protected scene: SemanticScene | undefined;
  declare protected now: SemanticSnapshot | undefined;
  declare protected earlier: SemanticSnapshot | undefined;
  declare protected epoch: SemanticEpoch | undefined;
  declare protected validation: SemanticRanking | undefined;
  declare protected end: SemanticEnd | undefined;
  /** Of all epochs, the share that is done. */
  declare protected share: number;
  declare protected itemsOpen: boolean;

  #lab: SemanticLab | undefined;
  #running: SemanticRun | undefined;
  #of = 0;
  /** Time that it trained, without pauses, and since when it has. */
  #trained = { ms: 0, since: 0 };

  constructor() {
    super();
    this.arm = "dril";
    this.seed = 0;
    this.codes = "nearest";
    this.where = "shared";
    this.phase = "idle";
    this.share = 0;
    this.itemsOpen = false;
  }

  /** What is shown is of what is asked for now: another wish after a run clears it. */
  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.phase !== "ended" || !WISHES.some((wish) => changed.has(wish))) return;
    this.phase = "idle";
    this.scene = this.now = this.earlier = this.epoch = this.validation = this.end = undefined;
  }

  /** Nothing is fetched or trained before somebody runs it. */
  protected override begin(): Promise<void> {
    return Promise.resolve();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    this.phase = "idle";
  }

  #leave(): void {
    this.#lab?.dispose();
    this.#lab = undefined;
    this.#running = undefined;
  }

  /** Trains the arm from the start; undefined where that did not work, which the figure says. Nothing while a run is under way. */
  async run(): Promise<SemanticEnd | undefined> {
    if (this.#busy) return undefined;
    let end: SemanticEnd | undefined;
    await this.attempt(async () => {
      this.phase = "starting";
      this.end = this.validation = this.earlier = undefined;
      this.share = 0;
      try {
        end = await this.#train();
      } catch (thrown) {
        this.phase = "idle";
        const { code, message } = thrown instanceof LabError ? thrown : new LabError("failed", String(thrown));
        // Only what was asked was wrong; anything else may have broken the engine.
        if (code !== "bad-input") this.#leave();
        this.#tell("problem", { code, message });
        throw thrown;
      } finally {
        this.#running = undefined;
        this.progress = undefined;
      }
    });
    return end;
  }

  async #train(): Promise<SemanticEnd> {
    const onProgress = (progress: typeof this.progress) => {
      this.progress = progress;
    };
    this.#lab ??= await semanticLab(this.where, { onProgress, signal: this.here });
    this.progress = undefined;
    this.computes = "cpu";
    const { seed, epochs, csv } = this;
    const settings = { ...this.settings, seed, ...(epochs === undefined ? {} : { epochs }) };
    const data = csv === undefined ? { catalogue: { ...this.catalogue, seed } } : { csv };
    const run = this.#lab.run(
      { arm: this.arm, settings, ...data },
      {
        signal: this.here,
        onEvent: (event) => {
          this.#note(event);
        },
      },
    );
    this.#running = run;
    const end = await run.done;
    this.end = end;
    this.phase = "ended";
    this.news = this.#words();
    this.#tell("end", end);
    return end;
  }

  /** After the epoch under way. */
  pause(): void {
    if (this.phase !== "running") return;
    this.phase = "pausing";
    this.#running?.pause();
  }

  resume(): void {
    if (this.phase !== "paused" && this.phase !== "pausing") return;
    this.#running?.resume();
    if (this.phase === "pausing") this.phase = "running";
  }

  /** After the epoch under way; what was learned is tested. */
  stop(): void {
    if (this.#running === undefined) return;
    this.phase = "testing";
    this.#running.stop();
  }

  get #busy(): boolean {
    return this.phase !== "idle" && this.phase !== "ended";
  }

  #note(event: SemanticEvent): void {
    switch (event.type) {
      case "started":
        this.scene = event.scene;
        this.#of = event.config.epochs;
        this.#take(event.epoch, event.snapshot);
        this.#trained = { ms: 0, since: performance.now() };
        if (this.phase === "starting") this.phase = "running";
        break;
      case "updates":
        this.share = (event.epoch - 1 + event.done / event.total) / Math.max(this.#of, 1);
        break;
      case "epoch":
        this.earlier = this.now;
        this.#take(event.epoch, event.snapshot);
        this.share = event.epoch.epoch / Math.max(this.#of, 1);
        if (event.epoch.epoch === this.#of) this.phase = "testing";
        break;
      case "paused":
        this.#trained.ms += performance.now() - this.#trained.since;
        if (this.phase === "pausing") this.phase = "paused";
        this.news = this.#words();
        break;
      case "resumed":
        this.#trained.since = performance.now();
        if (this.phase === "paused") this.phase = "running";
        break;
    }
    this.#tell("event", event);
  }

  #take(epoch: SemanticEpoch, snapshot: SemanticSnapshot): void {
    this.epoch = epoch;
    this.now = snapshot;
    this.validation = epoch.validation ?? this.validation;
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`semantic-${name}`, { detail, bubbles: true, composed: true }));
  }

  /** Seconds; undefined before there is anything to go by. */
  get #left(): number | undefined {
    if (this.share < 0.02) return undefined;
    const ms = this.#trained.ms + performance.now() - this.#trained.since;
    return Math.ceil((ms * (1 - this.share)) / this.share / 1000);
  }

  #words(): string {
    const words = this.words.semantic;
    const { epoch: at = 0 } = this.epoch ?? {};
    const { number } = this.speech;
    switch (this.phase) {
      case "idle":
        return words.idle(this.epochs === undefined ? words.usual : String(this.epochs));
      case "starting":
        return words.starting;
      case "running":
        return words.running(at, this.#of, this.#left);
      case "pausing":
        return words.pausing;
      case "paused":
        return words.paused(at);
      case "testing":
        return words.testing;
      case "ended":
        return words.ended(
          at,
          number(this.end?.test.recall[1]),
          number(this.end?.test.ndcg[1]),
          this.end?.test.users ?? 0,
        );
    }
  }

  protected override isComputed(): boolean {
    return this.phase !== "idle";
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
        <p class="words">${this.#words()}</p>
        ${this.#busy ? html`<progress max="1" .value=${this.share} aria-label=${words.done}></progress>` : nothing}
        ${this.controls === "none" ? nothing : this.#buttons()}
      </div>
      ${this.#drawn()}
    `;
  }

  #buttons(): TemplateResult {
    const words = this.words.semantic;
    const [waits, rests] = [
      this.#running === undefined || this.phase === "testing",
      this.phase === "paused" || this.phase === "pausing",
    ];
    return this.#busy
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
    const room = this.room >= WIDE ? (this.room - 32) / 2 : this.room;
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
