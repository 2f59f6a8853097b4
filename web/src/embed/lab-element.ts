// <soft-thinking-lab>: the whole lab as one element. It is an iframe with the `embed.html` of a lab's site, so the page's styles and the
// lab's do not touch, with attributes for what it shows and DOM events for what it says. Not here: the single figures.

import { embedLab } from "./embed-lab.js";
import type { EmbeddedLab } from "./embed-lab.js";
import { langAround } from "../elements/lang.js";
import type { LabState } from "./messages.js";

/** Attributes that are keys of the lab's address. */
const STATE = ["task", "difficulty", "question", "seed", "policy", "engine", "hide", "theme"] as const;
const FRAME = ["base", "label", "lang"] as const;

/** Where the lab's site is when no `base` says so. */
let usualBase: string | undefined;

// Imported where there is no DOM, as servers do that render pages, the class must not fail: there it is never used.
const Base =
  (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ?? (Object as unknown as typeof HTMLElement);

/**
 * Attributes: `base` (the folder of the lab's site), `label` (the iframe's accessible name), `task`, `difficulty`, `question`, `seed`,
 * `policy`, `engine`, `hide`, `theme`, `lang` (its own or that of the closest element around it; default English). Events, each with the
 * message as its `detail`: `lab-ready`, `lab-metrics`, `lab-run`, `lab-thought`, `lab-error`, `lab-height`.
 */
export class SoftThinkingLabElement extends Base {
  static readonly observedAttributes = [...STATE, ...FRAME];

  #iframe: HTMLIFrameElement | undefined;
  #lab: EmbeddedLab | undefined;

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styleSheet()];
    const base = this.getAttribute("base") ?? usualBase;
    if (base === undefined) {
      root.textContent =
        '<soft-thinking-lab> does not know where the lab is. Give it the address of a lab\'s site: base="https://…/".';
      return;
    }
    const iframe = this.ownerDocument.createElement("iframe");
    const address = new URL("embed.html", new URL(base, this.ownerDocument.baseURI));
    const lang = langAround(this);
    const asked = { ...(this.#state() as Record<string, string>), ...(lang === "" ? {} : { lang }) };
    address.hash = new URLSearchParams(asked).toString();
    iframe.src = address.href;
    iframe.title = this.getAttribute("label") ?? "Soft Thinking Lab";
    iframe.loading = "lazy";
    root.replaceChildren(iframe);
    this.#iframe = iframe;
    const says = (name: string) => (detail: unknown) => {
      this.dispatchEvent(new CustomEvent(`lab-${name}`, { detail }));
    };
    this.#lab = embedLab(iframe, {
      onReady: says("ready"),
      onMetrics: says("metrics"),
      onRun: says("run"),
      onThought: says("thought"),
      onError: says("error"),
      onHeight: says("height"),
    });
  }

  disconnectedCallback(): void {
    this.#lab?.disconnect();
    this.#lab = undefined;
    this.#iframe = undefined;
    this.shadowRoot?.replaceChildren();
  }

  attributeChangedCallback(name: string, _before: string | null, now: string | null): void {
    if (this.#iframe === undefined) return;
    // The lab settles its language at its start.
    if (name === "base" || name === "lang") {
      this.disconnectedCallback();
      this.connectedCallback();
    } else if (name === "label") {
      this.#iframe.title = now ?? "Soft Thinking Lab";
    } else {
      // Taken away, it is the lab's own choice again.
      this.#lab?.set({ [name]: now ?? "" });
    }
  }

  set(state: LabState): void {
    this.#lab?.set(state);
  }

  think(question?: string): void {
    this.#lab?.think(question);
  }

  train(steps?: number): void {
    this.#lab?.train(steps);
  }

  pause(): void {
    this.#lab?.pause();
  }

  stop(): void {
    this.#lab?.stop();
  }

  #state(): LabState {
    const state: LabState = {};
    for (const name of STATE) {
      const value = this.getAttribute(name);
      if (value !== null) state[name] = value;
    }
    return state;
  }
}

let sheet: CSSStyleSheet | undefined;

/** A sheet made by script, which a strict content security policy lets be. */
function styleSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ":host { display: block; } :host([hidden]) { display: none; }" +
        "iframe { display: block; width: 100%; height: 640px; border: 0; }",
    );
  }
  return sheet;
}

/** `moduleAddress`: that of the file that a page loads; in a lab's site, `embed.html` lies beside it. */
export function defineLabElement(moduleAddress: string): void {
  // A bundler's file has another name and lies somewhere else: then only `base` says where the lab is.
  if (/^https?:.*\/elements\.js$/.test(moduleAddress)) usualBase = new URL("./", moduleAddress).href;
  const registry = (globalThis as { customElements?: CustomElementRegistry }).customElements;
  if (registry !== undefined && registry.get("soft-thinking-lab") === undefined) {
    registry.define("soft-thinking-lab", SoftThinkingLabElement);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "soft-thinking-lab": SoftThinkingLabElement;
  }
}
