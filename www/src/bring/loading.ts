// A brought language model on its way in: its lab, its plan and the person's word about it, the file, what this browser keeps of such files.

import { LabError, createLab, forgetModel, keptModels, openKeptModel } from "soft-thinking-lab";
import type { EngineChoice, KeptModel, Lab, Progress } from "soft-thinking-lab";

import { said } from "../engine-words.ts";
import { integrityOf } from "./known-files.ts";
import type { Settings, Store, Trouble } from "./state.ts";
import { bring as words } from "../strings/bring.ts";
import { bytes } from "../written.ts";

/** What the page around lends. */
export interface Around {
  engineChoice: () => EngineChoice;
  /** The address of the model goes into the page's own; undefined for a file from disk. */
  toldAddress: (address: string | undefined) => void;
  /** A model is loaded here: leaving the page loses it. */
  toldLoaded: (loaded: boolean) => void;
}

/** An address, a file, the files of a folder. */
type From = string | File | File[];

interface Wanted {
  source: From;
  name: string;
  /** Known of what this browser keeps, and of some public files. */
  integrity?: string | undefined;
}

export class Loading {
  readonly #store: Store;
  readonly #around: Around;
  #lab: Lab | undefined;
  #labEngine: EngineChoice | undefined;
  #abort: AbortController | undefined;
  #decide: ((agreed: boolean) => void) | undefined;
  #wanted: Wanted | undefined;
  /** Another model comes, or the one that was there is let go. */
  onChanged: () => void = () => undefined;

  constructor(store: Store, around: Around) {
    this.#store = store;
    this.#around = around;
  }

  /** That loading a model takes now, if nothing else is chosen. */
  get engineChoice(): EngineChoice {
    return this.#store.state.engineChoice ?? this.#around.engineChoice();
  }

  get lab(): Lab | undefined {
    return this.#lab;
  }

  /** The files of a Hugging Face folder. */
  async loadFolder(files: File[], name: string): Promise<void> {
    await this.#load({ source: files, name });
  }

  /** From an address, or a file from disk. */
  async load(source: string | File): Promise<void> {
    if (typeof source !== "string") await this.#load({ source, name: source.name });
    else await this.#load({ source, name: nameIn(source), integrity: integrityOf(source) });
  }

  /** From this browser's own files: no network is needed. */
  async loadKept(kept: KeptModel): Promise<void> {
    const found = await openKeptModel(kept.file);
    if (found === undefined) await this.lookForKept();
    else await this.#load({ source: found.file, name: kept.name, integrity: found.integrity });
  }

  /** Reads the beginning, shows the plan, and goes on when that was agreed to; `agreed`: it was before. */
  async #load(wanted: Wanted, agreed = false): Promise<void> {
    if (this.#abort !== undefined) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#wanted = wanted;
    const { source, name } = wanted;
    const fresh = { plan: undefined, loaded: undefined, engine: undefined, question: undefined, typed: undefined };
    this.#store.change({ ...fresh, phase: "opening", name, trouble: undefined, said: "", progress: undefined });
    this.#store.change({ thoughts: {}, selected: undefined, measured: [], rate: undefined });
    this.onChanged();
    this.#around.toldLoaded(false);
    this.#around.toldAddress(typeof source === "string" ? source : undefined);
    try {
      await this.#loadInto(await this.#openLab(abort.signal), { ...wanted, agreed }, abort.signal);
    } catch (thrown) {
      await this.#failed(thrown, source);
    } finally {
      this.#abort = undefined;
      this.#decide = undefined;
      this.#store.change({ progress: undefined, rate: undefined });
      await this.lookForKept();
    }
  }

  async #loadInto(
    lab: Lab,
    { source, name, integrity, agreed }: Wanted & { agreed: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    let began = performance.now();
    const model = await lab.loadLanguageModel(source, {
      ...optionsOf(this.#store.state.settings),
      integrity,
      signal,
      onProgress: this.#watch(),
      onPlan: async (told) => {
        const kept = told.kept || (source instanceof File && integrity !== undefined);
        this.#store.change({
          phase: "planned",
          plan: { ...told, kept },
          progress: undefined,
          announcement: words.plan.shown,
        });
        // Nobody needs to agree to what is refused, nor twice to the same.
        const yes = typeof told.refused === "string" || agreed || (await this.#word());
        began = performance.now();
        if (yes) this.#store.change({ phase: "loading" });
        return yes;
      },
    });
    const { plan } = this.#store.state;
    if (plan === undefined) throw new LabError("internal", "a model came without a plan");
    const loadMs = performance.now() - began;
    this.#store.change({
      phase: "ready",
      loaded: { model, plan, name, loadMs },
      engine: model.engine,
      policies: lab.presets.policies,
      announcement: words.loaded.announce(name),
    });
    this.#around.toldLoaded(true);
  }

  #word(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  agree(): void {
    this.#decide?.(true);
  }

  refuse(): void {
    this.#decide?.(false);
  }

  cancel(): void {
    this.#abort?.abort();
  }

  /** What was cut goes on without a second question. */
  async again(): Promise<void> {
    if (this.#wanted !== undefined) await this.#load(this.#wanted, this.#store.state.plan !== undefined);
  }

  /** Lets the model and its memory go. */
  unload(): void {
    this.#lab?.dispose();
    this.#lab = undefined;
    this.#store.change({ phase: "empty", loaded: undefined, plan: undefined, thoughts: {}, measured: [] });
    this.#store.change({ selected: undefined, question: undefined, typed: undefined, said: words.loaded.gone });
    this.#around.toldLoaded(false);
    this.onChanged();
  }

  async lookForKept(): Promise<void> {
    this.#store.change({ kept: await keptModels() });
  }

  async forget(file: string, name: string): Promise<void> {
    const said = (await forgetModel(file)) ? words.kept.forgotten(name) : words.kept.inUse(name);
    this.#store.change({ said, announcement: said });
    await this.lookForKept();
  }

  /** A lab of its own: the page's model and its training stay where they are. */
  async #openLab(signal: AbortSignal): Promise<Lab> {
    const engine = this.engineChoice;
    if (this.#lab !== undefined && this.#labEngine === engine) return this.#lab;
    this.#lab?.dispose();
    this.#lab = undefined;
    const lab = await createLab({ engine, keepRuns: false, signal, onProgress: this.#watch() });
    this.#lab = lab;
    this.#labEngine = engine;
    return lab;
  }

  #watch(): (progress: Progress) => void {
    let start: { at: number; loaded: number } | undefined;
    return (progress) => {
      if (progress.phase === "notice") {
        const text = said(progress.text);
        this.#store.change({ said: text, announcement: text });
        return;
      }
      if (progress.phase !== "model") {
        this.#store.change({ progress, rate: undefined });
        return;
      }
      start ??= { at: performance.now(), loaded: progress.loaded };
      const seconds = (performance.now() - start.at) / 1000;
      const rate = seconds < 0.5 ? undefined : (progress.loaded - start.loaded) / seconds;
      this.#store.change({ progress, rate });
    };
  }

  async #failed(thrown: unknown, source: From): Promise<void> {
    const error = thrown instanceof LabError ? thrown : new LabError("internal", String(thrown));
    const { plan } = this.#store.state;
    if (error.code === "crashed") {
      this.#lab?.dispose();
      this.#lab = undefined;
    }
    if (error.code === "cancelled") {
      const part = (await keptModels()).find((one) => !one.whole);
      const text = part === undefined ? words.cancelled : words.cancelledPart(bytes(part.bytes));
      this.#store.change({ phase: "empty", plan: undefined, said: text, announcement: text });
      return;
    }
    this.#store.change({ phase: "empty", trouble: troubleOf(error, source), plan });
  }
}

function troubleOf({ code, message }: LabError, source: From): Trouble {
  const network = code === "network";
  const elsewhere =
    network && typeof source === "string" && new URL(source, document.baseURI).origin !== location.origin;
  return { code, message, again: network || code === "crashed", elsewhere };
}

function nameIn(address: string): string {
  const { pathname } = new URL(address, document.baseURI);
  return decodeURIComponent(pathname.split("/").at(-1) ?? address);
}

function optionsOf({ context, memory, instruction, chatTemplate, bridge, wholeMark }: Settings) {
  const text = (value: string) => (value === "" ? undefined : value);
  const megabytes = Number(memory);
  return {
    context: Math.max(16, Math.trunc(Number(context)) || 1024),
    memory: megabytes > 0 ? megabytes * 1e6 : undefined,
    instruction: text(instruction),
    chatTemplate: text(chatTemplate),
    bridge: text(bridge),
    wholeMark: wholeMark ? true : undefined,
  };
}
