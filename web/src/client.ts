// The package's front: `createLab` and the lab's methods. Translates calls into requests; the worker does the work.

import { Calls } from "./calls.js";
import { LabError } from "./error.js";
import type { ExperimentEnd, ExperimentOptions, SavedExperiment } from "./experiment.js";
import { readFolder } from "./language-folder.js";
import type { LanguagePlan, LearningPlan } from "./language-protocol.js";
import type {
  Abortable,
  ExperimentCallOptions,
  LabOptions,
  LanguageModelOptions,
  LoadOptions,
  OwnTask,
  Watchable,
} from "./lab-options.js";
import { portFor } from "./port-for.js";
import type {
  Adapter,
  DiagnoseOptions,
  Diagnosis,
  EngineInfo,
  EvaluateOptions,
  ExportFormat,
  ModelInfo,
  OpenAnswer,
  Presets,
  Question,
  QuestionOptions,
  Report,
  SavedRun,
  TaskInfo,
  ThinkOptions,
  ThinkResult,
  ThinkStep,
  TrainConfig,
} from "./protocol.js";
import { Run } from "./run.js";
import type { TrainCallOptions } from "./run.js";
import { Stream } from "./stream.js";

/** Fetches the engine and opens a lab in a worker of its own. */
export async function createLab(options: LabOptions = {}): Promise<Lab> {
  const { engine = "auto", seed, keepRuns = true, signal, onProgress, worker } = options;
  const calls = new Calls(portFor(worker));
  try {
    const body = { engine, keepRuns, ...(seed === undefined ? {} : { seed }) };
    return new Lab(calls, await calls.start("open", body, { signal, onEvent: onProgress }).done);
  } catch (thrown) {
    calls.close(new LabError("disposed", "the lab was never opened"));
    throw thrown;
  }
}

export class Lab {
  readonly version: string;
  /** What each number of a training step means, by its key. */
  readonly metricDefinitions: Readonly<Record<string, string>>;
  /** Ways to think and to learn that have a name, each with a sentence and its settings. */
  readonly presets: Presets;
  readonly #calls: Calls;
  #tasks: readonly TaskInfo[];
  #engine: EngineInfo | null = null;

  /** Made by `createLab`. */
  constructor(calls: Calls, opened: OpenAnswer) {
    this.#calls = calls;
    this.version = opened.version;
    this.#tasks = opened.tasks;
    this.metricDefinitions = opened.metricDefinitions;
    this.presets = opened.presets;
  }

  /** What can be asked of the model that is loaded: of a language model `word_problems` too, first. Before one is loaded, of small models. */
  get tasks(): readonly TaskInfo[] {
    return this.#tasks;
  }

  /** What computes, as last heard: null before a model is loaded. `engineInfo()` asks anew. */
  get engine(): EngineInfo | null {
    return this.#engine;
  }

  /** What computes now, and why; null before a model is loaded. */
  async engineInfo(): Promise<EngineInfo | null> {
    this.#engine = await this.#calls.start("engine", null).done;
    return this.#engine;
  }

  /** Reads a GGUF or safetensors model from an address, a file or bytes. An ArrayBuffer is moved to the worker, not copied. */
  async loadModel(source: string | URL | File | ArrayBuffer, options: LoadOptions = {}): Promise<ModelInfo> {
    const transfer = source instanceof ArrayBuffer ? [source] : [];
    // The worker lives at another address: what is relative here must be made absolute here.
    const sent = typeof source === "string" || source instanceof URL ? absolute(source) : source;
    const { signal, onProgress, integrity, cache = "opfs" } = options;
    const body = integrity === undefined ? { source: sent, cache } : { source: sent, integrity, cache };
    const model = await this.#calls.start("load", body, { signal, onEvent: onProgress, transfer }).done;
    this.#loaded(model);
    return model;
  }

  /**
   * Reads a language model (Llama or Qwen2) range by range: a GGUF file by its address or from disk, or the files of a Hugging Face
   * folder (config.json, tokenizer.json, safetensors). The file is never in memory as a whole. The model thinks
   * about any question, under the task "word_problems", and `train` teaches it by an adapter beside its weights. What is fetched is kept in this browser.
   */
  async loadLanguageModel(
    source: string | URL | File | File[],
    options: LanguageModelOptions = {},
  ): Promise<ModelInfo> {
    const { signal, onProgress, onPlan, context = 2048, ...others } = options;
    const settings = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
    const sent = Array.isArray(source) ? await readFolder(source) : source instanceof File ? source : absolute(source);
    const body = { source: sent, context, ...settings };
    const decide = async (plan: LanguagePlan) => {
      const agreed = await onPlan?.(plan);
      this.#calls.send(agreed === false ? { type: "cancel", id } : { type: "control", id, action: "confirm" });
    };
    let refusal: { thrown: unknown } | undefined;
    const { id, done } = this.#calls.start("load-language", body, {
      signal,
      onEvent: (event) => {
        if (!("plan" in event)) onProgress?.(event);
        else
          decide(event.plan).catch((thrown: unknown) => {
            refusal = { thrown };
            this.#calls.send({ type: "cancel", id });
          });
      },
    });
    const model = await done.catch((thrown: unknown) => {
      throw refusal === undefined ? thrown : refusal.thrown;
    });
    this.#loaded(model);
    return model;
  }

  #loaded({ engine, tasks }: ModelInfo): void {
    this.#engine = engine;
    this.#tasks = tasks;
  }

  /** The task's question of that seed. The same seed gives the same question. */
  question(options: QuestionOptions & Abortable): Promise<Question> {
    const { signal, ...body } = options;
    return this.#calls.start("question", body, { signal }).done;
  }

  /** Each step as it is taken; the last item is the result, with `answer` and `grade`. Leaving the loop early cancels. */
  think(options: ThinkOptions & Watchable): AsyncIterableIterator<ThinkStep | ThinkResult> {
    const { signal, onProgress, ...body } = options;
    const stream = new Stream<ThinkStep | ThinkResult>(() => {
      this.#calls.send({ type: "cancel", id: call.id });
    });
    const call = this.#calls.start("think", body, {
      signal,
      onEvent: (event) => {
        if ("text" in event) onProgress?.(event);
        else stream.push(event);
      },
    });
    call.done.then(
      (result) => {
        stream.push(result);
        stream.finish();
      },
      (error: unknown) => {
        stream.fail(error);
      },
    );
    return stream;
  }

  /** Starts a run with TRL's names for its settings; those left out take the engine's defaults. */
  train(config: TrainConfig, options: TrainCallOptions = {}): Run {
    return new Run(this.#calls, "train", config, options);
  }

  /** The run that was saved in this browser, or null. Saved every ten steps, on pause, and at the end. */
  savedRun(): Promise<SavedRun | null> {
    return this.#calls.start("saved", null).done;
  }

  /** Goes on with the saved run: parameters, optimizer, configuration and step as they were. */
  resumeRun(options: TrainCallOptions = {}): Run {
    return new Run(this.#calls, "resume", null, options);
  }

  async forgetRun(): Promise<void> {
    await this.#calls.start("forget", null).done;
  }

  /**
   * Runs of a plan, one after the other, each from the model that is loaded now, just as `lab experiment` does them: the same seeds give
   * the same records. Kept in this browser every ten steps; see `resumeExperiment`. The model is another one afterwards.
   */
  experiment(options: ExperimentOptions, { signal, onEvent }: ExperimentCallOptions = {}): Promise<ExperimentEnd> {
    return this.#calls.start("experiment", options, { signal, onEvent }).done;
  }

  /** Goes on with the experiment kept in this browser: runs that are done stay, the one under way goes on from its checkpoint. */
  resumeExperiment({ signal, onEvent }: ExperimentCallOptions = {}): Promise<ExperimentEnd> {
    return this.#calls.start("resume-experiment", null, { signal, onEvent }).done;
  }

  /** The experiment kept in this browser, finished or not, or null. */
  savedExperiment(): Promise<SavedExperiment | null> {
    return this.#calls.start("saved-experiment", null).done;
  }

  async forgetExperiment(): Promise<void> {
    await this.#calls.start("forget-experiment", null).done;
  }

  /**
   * Makes a task of own questions; from then on this lab knows it by its name like any other. Rejects with `bad-input` naming the
   * line at fault.
   */
  addTask({ name, jsonl, grader, signal }: OwnTask): Promise<TaskInfo> {
    const sent = typeof grader === "function" ? { source: grader.toString() } : grader;
    return this.#calls.start("add-task", { name, jsonl, grader: sent }, { signal }).done;
  }

  /** Measures the model on held-out questions, with the unbiased pass@k and what guessing would score. */
  evaluate(options: EvaluateOptions & Watchable): Promise<Report> {
    const { signal, onProgress, ...body } = options;
    return this.#calls.start("evaluate", body, { signal, onEvent: onProgress }).done;
  }

  /** What the thoughts of a policy are like on held-out questions, whatever their answers: how soft they really are. */
  diagnose(options: DiagnoseOptions & Watchable): Promise<Diagnosis> {
    const { signal, onProgress, ...body } = options;
    return this.#calls.start("diagnose", body, { signal, onEvent: onProgress }).done;
  }

  /** The model as it is now, in one file. */
  exportModel(options: { format: ExportFormat } & Watchable): Promise<Uint8Array<ArrayBuffer>> {
    const { signal, onProgress, format } = options;
    return this.#calls.start("export", { format }, { signal, onEvent: onProgress }).done;
  }

  /**
   * What a run by these settings would take of memory beside what thinking takes, on the engine that computes; null for a small model,
   * which learns as a whole. `bad-input` where the settings are refused.
   */
  learningPlan(config: TrainConfig, { signal }: Abortable = {}): Promise<LearningPlan | null> {
    return this.#calls.start("learning-plan", config, { signal }).done;
  }

  /** What a language model has learned: an adapter that Hugging Face PEFT loads. `bad-input` where it has learned nothing. */
  exportAdapter({ signal }: Abortable = {}): Promise<Adapter> {
    return this.#calls.start("export-adapter", null, { signal }).done;
  }

  /** Puts an adapter, the lab's or PEFT's, beside the weights of the language model that is loaded; the one before is replaced. */
  async loadAdapter(adapter: Adapter, { signal }: Abortable = {}): Promise<void> {
    await this.#calls.start("load-adapter", adapter, { signal }).done;
  }

  /**
   * Destroys the GPU's device, as a driver's crash would: for tests of what comes after. Nothing happens on the CPU engine.
   * @internal
   */
  async loseDevice(): Promise<void> {
    await this.#calls.start("lose-device", null).done;
  }

  /** Ends the worker, if no other lab lives there. What is running rejects with `disposed`. */
  dispose(): void {
    this.#calls.close(new LabError("disposed", "the lab was disposed: make another with createLab()"));
  }
}

/** Whether an item of `lab.think` is the last one. */
export function isResult(item: ThinkStep | ThinkResult): item is ThinkResult {
  return "grade" in item;
}

function absolute(address: string | URL): string {
  return new URL(address, globalThis.document.baseURI).toString();
}
