// What all figures have in common: nothing is fetched before the figure comes near the screen; until the model is there a recorded example
// stands in its place and says so; loading, trouble and news are said in words; what was begun ends when the figure leaves the page. What a
// figure shows is its heirs' business.

import { LitElement, html, nothing } from "lit";
import type { PropertyDeclarations, PropertyValues, TemplateResult } from "lit";

import { LabError } from "../index.js";
import type { EngineChoice, EngineInfo, Lab, Progress } from "../index.js";
import { forgetLab, ownLab, sharedLab } from "./labs.js";
import type { ReadyLab } from "./labs.js";
import { langAround, onLangChange } from "./lang.js";
import { english, languageOf, speechFor } from "./speech.js";
import type { FigureWords, Speech } from "./speech.js";
import { theme } from "./theme.js";

/** How far below the screen a figure begins to load. */
const AHEAD = "400px";

export abstract class LabFigure extends LitElement {
  static override properties: PropertyDeclarations = {
    model: {},
    engine: {},
    progress: { state: true },
    problem: { state: true },
    stored: { state: true },
    computes: { state: true },
    news: { state: true },
    room: { state: true },
    speech: { state: true },
  };
  static override styles = [theme];

  /** Attribute: the address of a model file; default: nano-chain_sum beside the elements' own file. */
  declare model: string | undefined;
  /** Attribute: "auto" (default), "cpu" or "gpu". */
  declare engine: EngineChoice | undefined;
  /** What is being fetched; undefined when nothing is. */
  declare protected progress: Progress | undefined;
  declare protected problem: string | undefined;
  /** What is shown was recorded earlier, from this very model and these settings. */
  declare protected stored: boolean;
  /** What computes, once something does. */
  declare protected computes: EngineInfo["kind"] | undefined;
  /** For those who hear the page: answers and milestones. */
  declare protected news: string;
  /** Pixels there are from side to side. */
  declare protected room: number;
  /** The figure's words and how it writes numbers; until they are there, nothing is shown. */
  declare protected speech: Speech;

  /** Aborts when the figure leaves the page. */
  #here = new AbortController();
  #ready: ReadyLab | undefined;
  #own: Lab[] = [];
  #near: IntersectionObserver | undefined;
  /** The words that are on their way. */
  #speaks: Promise<void> | undefined;
  #began = false;
  #shown = false;
  #stopListening: (() => void) | undefined;
  readonly #sized = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.room = Math.round(entry.contentRect.width);
  });

  constructor() {
    super();
    this.news = "";
    this.room = 0;
    this.speech = english;
    this.stored = false;
  }

  /** Fetches what is to be shown and shows it; called when the figure comes near the screen, and again after a failure. */
  protected abstract begin(): Promise<void>;
  /** What there is to see now, before anything was fetched too. */
  protected abstract content(): TemplateResult;

  /** Shows what was recorded of this figure, where it is set up as it was then; whether it did. */
  protected showStored(): boolean {
    return false;
  }

  /** Whether a lab is behind what is shown; without one there is nothing to say of it. */
  protected isComputed(): boolean {
    return true;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    // Not before there are words to tell of it.
    if (this.#began || this.#speaks !== undefined) return;
    this.#began = true;
    this.stored = this.model === undefined && this.showStored();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#here = new AbortController();
    this.#sized.observe(this);
    this.#listen();
    this.#stopListening = onLangChange(this.#listen);
    this.#near = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.#near?.disconnect();
        void this.attempt(async () => {
          await this.#speaks;
          await this.begin();
        });
      },
      { rootMargin: AHEAD },
    );
    this.#near.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#near?.disconnect();
    this.#stopListening?.();
    this.#sized.disconnect();
    this.#here.abort();
    this.disposeOwn();
  }

  /** Takes the language that is spoken around. */
  readonly #listen = () => {
    const tag = langAround(this);
    if (languageOf(tag) === this.speech.language) {
      this.#speaks = undefined;
      return;
    }
    const speaks = speechFor(tag).then((speech) => {
      // Asked for another one meanwhile, the newest is spoken.
      if (this.#speaks !== speaks) return;
      this.#speaks = undefined;
      this.speech = speech;
      this.requestUpdate();
    });
    this.#speaks = speaks;
    this.requestUpdate();
  };

  protected get words(): FigureWords {
    return this.speech.words;
  }

  protected get here(): AbortSignal {
    return this.#here.signal;
  }

  /** The page's lab of this figure's model, for thinking and measuring. */
  protected async lab(): Promise<Lab> {
    try {
      this.#ready = await sharedLab(this.#address(), { ...this.#wishes(), onProgress: this.#onProgress });
      this.computes = this.#ready.model.engine.kind;
      return this.#ready.lab;
    } finally {
      this.progress = undefined;
    }
  }

  /** A fresh lab with the model as it is in its file, for training. */
  protected async freshLab(): Promise<Lab> {
    try {
      const wishes = { ...this.#wishes(), onProgress: this.#onProgress, signal: this.here };
      const { lab, model } = await ownLab(this.#address(), wishes);
      this.computes = model.engine.kind;
      this.#own.push(lab);
      return lab;
    } finally {
      this.progress = undefined;
    }
  }

  /** Gives back the labs that were this figure's own. */
  protected disposeOwn(): void {
    for (const lab of this.#own.splice(0)) lab.dispose();
  }

  /** Does `work` and says what went wrong, if anything; being cancelled is no failure. */
  protected async attempt(work: () => Promise<void>): Promise<void> {
    this.problem = undefined;
    try {
      await work();
    } catch (thrown) {
      if (this.here.aborted || (thrown instanceof LabError && thrown.code === "cancelled")) return;
      this.problem = this.words.failed(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  readonly #onProgress = (progress: Progress) => {
    this.progress = progress;
  };

  #address(): string | undefined {
    return this.model === undefined ? undefined : new URL(this.model, document.baseURI).href;
  }

  #wishes(): { engine?: EngineChoice } {
    return this.engine === undefined ? {} : { engine: this.engine };
  }

  readonly #again = () => {
    if (this.#ready !== undefined) forgetLab(this.#ready);
    this.#ready = undefined;
    this.disposeOwn();
    void this.attempt(() => this.begin());
  };

  /** Words of the wrong language are not shown: those of the right one are on their way. */
  protected override render(): TemplateResult | typeof nothing {
    if (this.#speaks !== undefined && !this.#shown) return nothing;
    this.#shown = true;
    return html`
      <figure lang=${this.speech.language} aria-busy=${this.progress === undefined ? "false" : "true"}>
        ${this.#state()} ${this.content()}
        <p class="unseen" role="status">${this.news}</p>
      </figure>
    `;
  }

  /** A line that is there from the beginning, so that nothing moves when what it says changes. */
  #state(): TemplateResult {
    const { problem } = this;
    return html`
      ${
        problem === undefined
          ? nothing
          : html`<div class="state problem" role="alert">
              <p>${problem}</p>
              <button type="button" @click=${this.#again}>${this.words.again}</button>
            </div>`
      }
      ${this.isComputed() ? this.#source() : nothing}
    `;
  }

  #source(): TemplateResult {
    const { stored, computes } = this;
    return html`
      <div class="state source" data-engine=${computes !== undefined && !stored ? computes : nothing}>
        ${stored ? html`<span class="chip">${this.words.source.stored}</span>` : nothing} ${this.#loading()}
        ${!stored && computes !== undefined ? html`<span>${this.words.source.live[computes]}</span>` : nothing}
      </div>
    `;
  }

  #loading(): TemplateResult | typeof nothing {
    if (this.progress === undefined) return nothing;
    const { phase, loaded, total } = this.progress;
    const words = this.words.loading(
      phase,
      this.speech.bytes(loaded),
      total > 0 ? this.speech.bytes(total) : undefined,
    );
    return html`<span class="loading">
      <span>${words}</span>
      ${
        total > 0
          ? html`<progress max=${total} .value=${loaded} aria-label=${words}></progress>`
          : html`<progress aria-label=${words}></progress>`
      }
    </span>`;
  }
}
