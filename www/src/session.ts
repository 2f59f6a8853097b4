// The lab in the page's hands: its engine and its model, and what went wrong with them. What is asked of it: questions.ts and thoughts.ts.

import { LabError } from "soft-thinking-lab";
import type { EngineChoice, ExportFormat, Lab, ModelInfo, Progress, TaskInfo } from "soft-thinking-lab";

import { definitionsHere, presetsHere, said } from "./engine-words.ts";
import { engineWords } from "./format.ts";
import { knownChoices } from "./known-choices.ts";
import { Loader, isGpuRefusal } from "./loader.ts";
import type { Source } from "./loader.ts";
import { hasModel, modelFor } from "./own-tasks.ts";
import { Questions } from "./questions.ts";
import { Hold, look } from "./looking.ts";
import { canComeYet, problemOf } from "./problems.ts";
import { saveModel } from "./save-model.ts";
import type { Problem, Store } from "./state.ts";
import { initialRun, isGpuCode, isRunning } from "./state.ts";
import { strings } from "./strings/lab.ts";
import { Thoughts } from "./thoughts.ts";

interface Wanted {
  source: URL | File;
  modelName: string;
  ownModel: boolean;
}

export class Session {
  readonly #store: Store;
  readonly #loader: Loader;
  readonly thoughts: Thoughts;
  readonly questions: Questions;
  readonly #hold: Hold;
  #lab: Lab | undefined;
  /** Aborted when what is measured would be of another lab or another task. */
  #same = new AbortController();
  #source: URL | File | undefined;
  /** What was asked for last, to be fetched again where it did not come. */
  #wanted: Wanted | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.thoughts = new Thoughts(store, this);
    this.questions = new Questions(store, this);
    this.#hold = new Hold(store);
    this.#loader = new Loader(store, this);
  }

  get lab(): Lab | undefined {
    return this.#lab;
  }

  /** Where the model came from, to measure it as it was before training. */
  get source(): URL | File | undefined {
    return this.#source;
  }

  /** Aborts when lab, task or difficulty become others. */
  get same(): AbortSignal {
    return this.#same.signal;
  }

  #becomesOther(): void {
    this.#same.abort();
    this.#same = new AbortController();
  }

  /** Looks at the browser, opens the engine, then the shipped model of the task in the address. */
  async open(): Promise<void> {
    this.thoughts.showStored();
    look(this.#store);
    await this.guard(async () => {
      const lab = await this.#loader.openChosen();
      this.#lab = lab;
      const { state } = this.#store;
      const { version } = lab;
      const presets = presetsHere(lab.presets);
      const definitions = definitionsHere(lab.metricDefinitions);
      const usable = ({ name }: TaskInfo) => hasModel(state, name);
      const { ignored, ...known } = knownChoices({ ...state, tasks: state.tasks.filter(usable), presets });
      this.#store.change({ version, definitions, presets, ...known });
      if (ignored.length > 0) {
        const before = this.#store.state.notice ?? "";
        this.#store.change({ notice: `${before} ${strings.link.ignored(ignored.join(", "))}`.trim() });
      }
      await this.lookForSavedRun();
      // A cancel that came as the engine was just ready means the model too.
      if (!this.#loader.cancelled) await this.loadShipped();
    }, true);
  }

  /** Fetches again what did not come. */
  async tryAgain(): Promise<void> {
    this.#store.change({ problem: undefined });
    if (this.#lab === undefined || this.#wanted === undefined) await this.open();
    else await this.#load(this.#wanted);
  }

  /** After a crash: a new lab, with the model as it came. */
  async reopen(): Promise<void> {
    this.thoughts.stop();
    this.#becomesOther();
    this.#lab?.dispose();
    this.#lab = undefined;
    this.#store.change({ problem: undefined, trainedSteps: 0, trainedBy: undefined });
    const wanted = this.#wanted;
    if (wanted === undefined) {
      await this.open();
      return;
    }
    await this.guard(async () => {
      this.#lab = await this.#loader.openChosen();
      await this.lookForSavedRun();
      await this.#load(wanted);
    }, true);
  }

  /** For a browser that asks to save data: nothing is fetched before the visitor says so. */
  async hold(): Promise<void> {
    this.thoughts.showStored();
    await this.#hold.wait();
  }

  /** Ends what `hold` waits for. */
  readonly go = (): void => {
    this.#hold.go();
  };

  async lookForSavedRun(): Promise<void> {
    const saved = await this.#lab?.savedRun().catch(() => null);
    this.#store.change({ savedRun: saved ?? undefined });
  }

  /**
   * Another engine, with the model as it is now. The lab in use goes only when the new one works; where that fails, the reason is
   * shown and nothing has changed.
   */
  async chooseEngine(engineChoice: EngineChoice): Promise<void> {
    const { state } = this.#store;
    const before = state.engineChoice;
    const old = this.#lab;
    if (engineChoice === before || isRunning(state.run)) return;
    const gpuFailed = state.problem !== undefined && isGpuCode(state.problem.code);
    this.#store.change({ engineChoice, problem: undefined, notice: undefined });
    if (old === undefined) {
      await this.open();
      return;
    }
    this.thoughts.stop();
    this.#becomesOther();
    let fresh: Lab | undefined;
    try {
      fresh = await this.#loader.createLab(engineChoice);
      // Still at it: nothing may be started on the lab that is about to go.
      this.#store.change({ progress: { phase: "open", loaded: 0, total: 0, text: "" } });
      const trained = state.trainedSteps > 0 ? await this.#trainedModel(old) : undefined;
      const source = trained ?? this.#source;
      const engine = source === undefined ? undefined : (await this.#loader.read(fresh, source)).engine;
      this.#lab = fresh;
      old.dispose();
      const untrained = state.trainedSteps > 0 && trained === undefined;
      this.#store.change({
        engine,
        ...(engine === undefined ? { progress: undefined } : { announcement: strings.engine.now(engineWords(engine)) }),
        ...(untrained ? { trainedSteps: 0, trainedBy: undefined } : {}),
      });
      // A run that the GPU took with it can go on here from where it was saved.
      if (gpuFailed || untrained) await this.lookForSavedRun();
    } catch (thrown) {
      fresh?.dispose();
      this.#store.change({ engineChoice: before });
      this.report(thrown, strings.engine.kept(engineWords(state.engine)));
    }
  }

  /** undefined where the engine that holds it is past answering: then what was saved in this browser is what there is. */
  async #trainedModel(lab: Lab): Promise<ArrayBuffer | undefined> {
    const bytes = await lab.exportModel({ format: "safetensors" }).catch(() => undefined);
    return bytes?.buffer;
  }

  /** A model that comes with the page: that of the task, if no other file is named. */
  async loadShipped(file?: string): Promise<void> {
    // After a cancelled start this button begins anew.
    if (this.#lab === undefined) {
      await this.open();
      return;
    }
    const name = file ?? modelFor(this.#store.state);
    await this.#load({ source: new URL(`models/${name}`, document.baseURI), modelName: name, ownModel: false });
  }

  async loadFile(file: File): Promise<void> {
    await this.#load({ source: file, modelName: file.name, ownModel: true });
  }

  async #load(wanted: Wanted): Promise<void> {
    if (this.#lab === undefined) return;
    const { source, modelName, ownModel } = wanted;
    this.#wanted = wanted;
    this.thoughts.stop();
    await this.guard(async () => {
      const { lab, model } = await this.#readOrFallBack(source);
      this.#source = source;
      const { task, difficulty, run } = this.#store.state;
      const own = ownModel ? lab.tasks.find((one) => one.name === model.task) : undefined;
      this.#store.change({
        model,
        engine: model.engine,
        modelName,
        ownModel,
        trainedSteps: 0,
        trainedBy: undefined,
        measurements: [],
        diagnosed: undefined,
        announcement: strings.model.loaded(modelName, engineWords(model.engine)),
        ...(isRunning(run) ? {} : { run: initialRun(this.#store.state.method) }),
        ...(own !== undefined && own.name !== task ? { task: own.name, difficulty: undefined } : { difficulty }),
      });
      await this.questions.ask();
    }, true);
  }

  /** A GPU that fails before it ever worked is given up for the CPU; later, the lab in use stays as it is. */
  async #readOrFallBack(source: Source): Promise<{ lab: Lab; model: ModelInfo }> {
    const lab = this.#lab;
    if (lab === undefined) throw new LabError("not-ready", strings.problem.notOpen);
    try {
      return { lab, model: await this.#loader.read(lab, source) };
    } catch (thrown) {
      const { engineChoice, model } = this.#store.state;
      if (engineChoice === "cpu" || model !== undefined || !isGpuRefusal(thrown)) throw thrown;
      this.#store.change({ engineChoice: "cpu" });
      this.report(thrown, strings.engine.fellBack);
      const other = await this.#loader.createLab("cpu");
      lab.dispose();
      this.#lab = other;
      return { lab: other, model: await this.#loader.read(other, source) };
    }
  }

  cancelLoading(): void {
    this.#loader.cancel();
  }

  /** The GPU was lost and came back by itself: said, but in nobody's way. */
  recovered(message: string): void {
    const here = said(message);
    this.#store.change({ notice: here, announcement: here });
    this.refreshEngine();
  }

  /** Asks what computes now, since it may have changed by itself. */
  refreshEngine(): void {
    const lab = this.#lab;
    void lab
      ?.engineInfo()
      .then((engine) => {
        if (engine !== null && lab === this.#lab) this.#store.change({ engine });
      })
      .catch(() => undefined);
  }

  /** For tests: what a driver's crash would do. */
  loseDevice(): void {
    void this.#lab?.loseDevice();
  }

  /** What was measured of another task says nothing of this one. */
  forgetFound(): void {
    this.#becomesOther();
    this.#store.change({ measurements: [], diagnosed: undefined });
  }

  async exportModel(format: ExportFormat): Promise<void> {
    const lab = this.#lab;
    if (lab !== undefined) await this.guard(() => saveModel(lab, format, this.#store.state, this.onNotice));
  }

  readonly onNotice = (progress: Progress): void => {
    if (progress.phase === "recovered") this.recovered(progress.text);
  };

  /** Shows what went wrong; a cancel is no problem, it was asked for. `fetches`: it can be tried again. */
  async guard(work: () => Promise<void>, fetches = false): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.report(thrown, undefined, { again: fetches && canComeYet(thrown) });
    }
  }

  /** `note`: what it means for the lab. */
  report(thrown: unknown, note?: string, more: Pick<Problem, "again" | "inRun"> = {}): void {
    const problem = problemOf(thrown, note, more);
    if (problem === undefined) return;
    this.#store.change({ problem });
    if (!isGpuCode(problem.code)) return;
    // That it came back was true once. The engine moves the model to the CPU where it can.
    this.#store.change({ notice: undefined });
    this.refreshEngine();
  }
}
