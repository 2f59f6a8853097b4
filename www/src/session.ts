// The lab in the page's hands: its engine and its model, and what went wrong with them. What is asked of it: questions.ts and thoughts.ts.

import { LabError, probe } from "soft-thinking-lab";
import type { EngineChoice, ExportFormat, Lab, ModelInfo, Progress, TaskInfo } from "soft-thinking-lab";

import { engineWords } from "./format.ts";
import { Loader, isGpuRefusal } from "./loader.ts";
import type { Source } from "./loader.ts";
import { likeOf, modelFor, teach } from "./own-tasks.ts";
import { Questions } from "./questions.ts";
import { saveFile } from "./save-file.ts";
import type { Store } from "./state.ts";
import { initialRun, isGpuCode, isRunning } from "./state.ts";
import { isShipped } from "./stored.ts";
import { en } from "./strings/en.ts";
import { Thoughts } from "./thoughts.ts";
import { SOFT } from "./ways.ts";

export class Session {
  readonly #store: Store;
  readonly #loader: Loader;
  readonly thoughts: Thoughts;
  readonly questions: Questions;
  #lab: Lab | undefined;
  /** Aborted when what is measured would be of another lab or another task. */
  #same = new AbortController();
  #source: URL | File | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.thoughts = new Thoughts(store, this);
    this.questions = new Questions(store, this);
    this.#loader = new Loader(store, (message) => {
      this.recovered(message);
    });
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
    void probe().then((capabilities) => {
      this.#store.change({ capabilities });
    });
    await this.guard(async () => {
      const lab = await this.#openChosen();
      this.#lab = lab;
      const { state } = this.#store;
      const usable = ({ name }: TaskInfo) => isShipped(name) || likeOf(state, name) !== undefined;
      const task = state.tasks.some((one) => one.name === state.task && usable(one))
        ? state.task
        : (lab.tasks[0]?.name ?? "");
      const { version, presets, metricDefinitions: definitions } = lab;
      const policy = presets.policies.some((one) => one.name === state.policy) ? state.policy : SOFT.name;
      this.#store.change({ version, definitions, presets, task, policy });
      await this.#lookForSavedRun(lab);
      // A cancel that came as the engine was just ready means the model too.
      if (!this.#loader.cancelled) await this.loadShipped();
    });
  }

  /** A lab with the chosen engine; where that is a GPU and there is none, says why and takes what there is. */
  async #openChosen(): Promise<Lab> {
    const { engineChoice } = this.#store.state;
    try {
      return await this.#createLab(engineChoice);
    } catch (thrown) {
      if (engineChoice !== "gpu" || !isGpuRefusal(thrown)) throw thrown;
      this.#store.change({ engineChoice: "auto" });
      this.report(thrown, en.engine.fellBack);
      return await this.#createLab("auto");
    }
  }

  /** A lab that knows the visitor's own tasks. */
  async #createLab(engine: EngineChoice): Promise<Lab> {
    const lab = await this.#loader.createLab(engine);
    const { known, lost } = await teach(lab, this.#store.state.own.kept);
    const tasks = [...lab.tasks, ...known];
    this.#store.change({ tasks, ...(lost === undefined ? {} : { notice: lost }) });
    return lab;
  }

  async #lookForSavedRun(lab: Lab): Promise<void> {
    const saved = await lab.savedRun().catch(() => null);
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
      fresh = await this.#createLab(engineChoice);
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
        ...(engine === undefined ? { progress: undefined } : { announcement: en.engine.now(engineWords(engine)) }),
        ...(untrained ? { trainedSteps: 0, trainedBy: undefined } : {}),
      });
      // A run that the GPU took with it can go on here from where it was saved.
      if (gpuFailed || untrained) await this.#lookForSavedRun(fresh);
    } catch (thrown) {
      fresh?.dispose();
      this.#store.change({ engineChoice: before });
      this.report(thrown, en.engine.kept(engineWords(state.engine)));
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
    await this.#load(new URL(`models/${name}`, document.baseURI), name, false);
  }

  async loadFile(file: File): Promise<void> {
    await this.#load(file, file.name, true);
  }

  async #load(source: URL | File, modelName: string, ownModel: boolean): Promise<void> {
    if (this.#lab === undefined) return;
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
        announcement: en.model.loaded(modelName, engineWords(model.engine)),
        ...(isRunning(run) ? {} : { run: initialRun(this.#store.state.method) }),
        ...(own !== undefined && own.name !== task ? { task: own.name, difficulty: undefined } : { difficulty }),
      });
      await this.questions.ask();
    });
  }

  /** A GPU that fails before it ever worked is given up for the CPU; later, the lab in use stays as it is. */
  async #readOrFallBack(source: Source): Promise<{ lab: Lab; model: ModelInfo }> {
    const lab = this.#lab;
    if (lab === undefined) throw new LabError("not-ready", en.problem.notOpen);
    try {
      return { lab, model: await this.#loader.read(lab, source) };
    } catch (thrown) {
      const { engineChoice, model } = this.#store.state;
      if (engineChoice === "cpu" || model !== undefined || !isGpuRefusal(thrown)) throw thrown;
      this.#store.change({ engineChoice: "cpu" });
      this.report(thrown, en.engine.fellBack);
      const other = await this.#createLab("cpu");
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
    this.#store.change({ notice: message, announcement: message });
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
    if (lab === undefined) return;
    await this.guard(async () => {
      const bytes = await lab.exportModel({ format, onProgress: this.onNotice });
      const { task, trainedSteps } = this.#store.state;
      const steps = trainedSteps > 0 ? `-${trainedSteps}-steps` : "";
      const name = format === "safetensors" ? `nano-${task}${steps}.safetensors` : `nano-${task}${steps}.gguf`;
      saveFile(name, new Blob([bytes], { type: "application/octet-stream" }));
    });
  }

  readonly onNotice = (progress: Progress): void => {
    if (progress.phase === "recovered") this.recovered(progress.text);
  };

  /** Shows what went wrong; a cancel is no problem, it was asked for. */
  async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.report(thrown);
    }
  }

  /** `note`: what it means for the lab. */
  report(thrown: unknown, note?: string): void {
    const error = thrown instanceof LabError ? thrown : new LabError("internal", String(thrown));
    if (error.code === "cancelled" || error.code === "disposed") return;
    this.#store.change({ problem: { code: error.code, message: error.message, note } });
    if (!isGpuCode(error.code)) return;
    // That it came back was true once. The engine moves the model to the CPU where it can.
    this.#store.change({ notice: undefined });
    this.refreshEngine();
  }
}
