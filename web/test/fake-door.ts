// A door that does nothing but keep time: what the desk does with it is what is tested. What it answers: fake-answers.ts.

import type {
  ArmOptions,
  ArmStep,
  Collapse,
  Door,
  DoorLab,
  DoorLanguageFile,
  FolderTexts,
  Notice,
  RenderTemplate,
} from "../src/door.js";
import type { RunRecord } from "../src/experiment.js";
import type { LearningPlan } from "../src/language-protocol.js";
import type { GraderFunction } from "../src/own-grader.js";
import type { EngineChoice, EngineInfo, StepProgress, ThinkStep, TrainConfig } from "../src/protocol.js";
import {
  CPU,
  DIAGNOSIS,
  EVALUATION,
  GPU,
  RECORD,
  REPORT,
  RESULT,
  SAMPLE,
  STEP,
  TASK,
  languagePlan,
  metrics,
} from "./fake-answers.js";
import type { Source } from "../src/source.js";
import { renderTemplate } from "../src/templates.js";
import { CodedError } from "./coded-error.js";
import { FakeSemanticLab, SEMANTIC_CATALOGUE } from "./fake-semantic.js";

export class FakeLab implements DoorLab {
  stepMs = 1;
  openMs = 1;
  trained = 0;
  /** Of every step, as it begins. */
  told: StepProgress[] = [];
  stepsMax: number | undefined;
  running = 0;
  runningMax = 0;
  crash = false;
  /** What is asked for, then what computes. */
  choice: EngineChoice = "cpu";
  engine: EngineInfo | null = null;
  /** Losses that are recovered from; the next one is final. */
  recoveries = 1;
  hasGpu = true;
  freed = false;
  /** After this step the run shows a sign of collapse, once. */
  collapseAt = Infinity;
  keepsBest = true;
  asked: string[] = [];
  armRun: RunRecord = RECORD;
  armSteps = 0;
  language: DoorLanguageFile | undefined;
  adapter: { config: string; weights: number[] } | undefined;
  folder: { texts: FolderTexts; lengths: number[] } | undefined;
  /** Bytes of the file that was opened last. */
  fileSize = 0;
  languageBytes = new Uint8Array();
  prompt = "";
  /** Those that were read and never handed back. */
  files = 0;
  #collapse: Collapse | null = null;
  #lost = false;
  #notices: Notice[] = [];
  #reject: ((error: Error) => void) | undefined;

  async #work<T>(ms: number, value: () => T): Promise<T> {
    if (this.crash) throw new WebAssembly.RuntimeError("unreachable");
    this.running += 1;
    this.runningMax = Math.max(this.runningMax, this.running);
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        this.#reject = (error) => {
          clearTimeout(timer);
          reject(error);
        };
      });
      this.#recover();
      return value();
    } finally {
      this.#reject = undefined;
      this.running -= 1;
    }
  }

  #recover() {
    if (!this.#lost) return;
    this.#lost = false;
    if (this.recoveries === 0) throw new CodedError("device-lost", "the GPU was lost twice: use the CPU engine");
    this.recoveries -= 1;
    // Back to the last good state, as the engine does.
    const step = this.trained > 0 ? { step: (this.trained -= this.trained % 10) } : {};
    this.#notices.push({ kind: "recovered", message: "The GPU was lost and came back.", ...step });
  }

  learningPlan({ lora_r: rank = 8 }: TrainConfig): LearningPlan | null {
    if (this.language === undefined) return null;
    if (rank === 0) throw new CodedError("bad-input", "lora_r: expected 1 or more");
    const parts = { parameters: 2, moments: 2, references: 3, kept: 4, passes: 5, logits: 6, positions: 7 };
    return { ...parts, total: 22 };
  }
  async loadModel(bytes: Uint8Array, onProgress: (phase: "engine", done: number, total: number) => void) {
    return await this.#work(this.stepMs, () => {
      if (bytes[0] !== 1) throw new CodedError("bad-weights", "magic: expected 1");
      this.engine = this.choice === "cpu" ? CPU : GPU;
      if (this.engine.kind === "gpu") for (let done = 1; done <= 3; done += 1) onProgress("engine", done, 3);
      return {
        parameters: 1,
        layers: 1,
        hidden_size: 1,
        vocab_size: 1,
        format: "gguf",
        metadata: {},
        tokens: ["7"],
        tasks: [TASK],
        engine: this.engine,
      };
    });
  }
  planLanguageModel(_file: DoorLanguageFile, context: number, memory: number) {
    return Promise.resolve(languagePlan(this.fileSize, context, memory));
  }
  /** Reads the file to its end, as the engine does, in pieces. */
  async loadLanguageModel(file: DoorLanguageFile, source: Source, _options: unknown, render: RenderTemplate) {
    this.language = file;
    const pieces: Uint8Array[] = [];
    for (let from = 0; from < source.size; from += 50_000) {
      if (this.crash) throw new WebAssembly.RuntimeError("unreachable");
      pieces.push(await source.read(from, Math.min(50_000, source.size - from)));
    }
    this.languageBytes = new Uint8Array(pieces.flatMap((piece) => [...piece]));
    this.prompt = render("{{ messages[0].content }}", "2+2?", "<s>", "</s>");
    const model = await this.loadModel(new Uint8Array([1]), () => undefined);
    return { ...model, tasks: [{ ...TASK, name: "word_problems" }, ...model.tasks] };
  }
  engineInfo() {
    return this.engine;
  }
  takeNotices() {
    return this.#notices.splice(0);
  }
  loseDevice() {
    this.#lost = true;
  }
  question() {
    return { prompt: "3+4=", answer: "7" };
  }
  async think(_options: unknown, onStep: (step: ThinkStep) => void) {
    for (let step = 0; step < 2; step += 1) {
      await this.#work(this.stepMs, () => undefined);
      onStep({ ...STEP, step });
    }
    return RESULT;
  }
  startTraining(config: Record<string, unknown>) {
    if ("lerning_rate" in config) throw new CodedError("bad-input", "lerning_rate: unknown key");
    const stepsMax = this.stepsMax ? { max_steps: this.stepsMax } : {};
    return Promise.resolve({ config: { ...config, num_generations: 2, ...stepsMax }, step: 0 });
  }
  trainStep(onProgress: (progress: StepProgress) => void) {
    this.told.forEach(onProgress);
    return this.#work(this.stepMs, () => {
      this.trained += 1;
      if (this.trained === this.collapseAt) {
        this.#collapse = { sign: "reward", message: "The reward fell.", step: this.trained, best_step: 2 };
        this.collapseAt = Infinity;
      }
      return metrics(this.trained);
    });
  }
  remarks() {
    return [`step ${this.trained}`];
  }
  collapse() {
    return this.#collapse;
  }
  acknowledgeCollapse() {
    this.asked.push("acknowledge");
    this.#collapse = null;
  }
  restoreBest() {
    this.asked.push("restore");
    if (!this.keepsBest) return Promise.reject(new CodedError("not-ready", "no best moment was kept"));
    this.trained = this.#collapse?.best_step ?? 0;
    this.#collapse = null;
    return Promise.resolve(this.trained);
  }
  samples() {
    return [SAMPLE, SAMPLE, SAMPLE];
  }
  evaluate(_options: unknown, onProgress: (done: number, total: number) => void) {
    onProgress(1, 2);
    return this.#work(this.stepMs, () => REPORT);
  }
  diagnose(_options: unknown, onProgress: (done: number, total: number) => void) {
    onProgress(1, 2);
    return this.#work(this.stepMs, () => DIAGNOSIS);
  }
  addTask(name: string, jsonl: string, grader: "exact" | "numeric" | GraderFunction) {
    for (const [place, line] of jsonl.split("\n").entries()) {
      const { question, answer } = JSON.parse(line) as { question: string; answer: string };
      if (typeof grader === "string") continue;
      let grade = NaN;
      try {
        grade = grader(question, answer, answer);
      } catch {
        // As the engine: what throws gives no number.
      }
      if (!(grade >= 0 && grade <= 1)) throw new CodedError("bad-input", `line ${place + 1}: it gives ${grade}`);
    }
    return { ...TASK, name };
  }
  startArm({ plan, task, arm, seed }: ArmOptions) {
    const planned = plan.arms.find(({ name }) => name === arm);
    if (planned === undefined) throw new CodedError("bad-input", `arm: no ${arm}`);
    this.armSteps = planned.train ? 25 : 0;
    this.trained = 0;
    this.armRun = { ...RECORD, task, arm, seed, curve: [], evaluations: [] };
    return { steps: this.armSteps };
  }
  async resumeArm(options: ArmOptions, record: RunRecord, checkpoint?: Uint8Array) {
    const { steps } = this.startArm(options);
    if (checkpoint !== undefined) await this.resumeRun(checkpoint);
    this.armRun = structuredClone(record);
    return { steps };
  }
  async armStep(onProgress: (phase: "train" | "evaluate", done: number, total: number) => void): Promise<ArmStep> {
    const { armRun, armSteps } = this;
    if (armSteps > 0 && armRun.config === null) {
      armRun.config = { max_steps: armSteps };
      return { did: "started", config: armRun.config };
    }
    if (this.trained < armSteps) {
      const row = (await this.trainStep(() => undefined)) as Record<string, number>;
      armRun.curve.push(row);
      return { did: "trained", metrics: row };
    }
    if (armRun.evaluations.length > 0) return { did: "done" };
    await this.#work(this.stepMs, () => {
      onProgress("evaluate", 2, 2);
    });
    armRun.evaluations.push(EVALUATION);
    return { did: "measured" };
  }
  armRecord() {
    return structuredClone(this.armRun);
  }
  exportAdapter() {
    return Promise.resolve({ config: "{}", weights: new Uint8Array([4]) });
  }
  loadAdapter(config: string, weights: Uint8Array) {
    this.adapter = { config, weights: [...weights] };
    return Promise.resolve();
  }
  exportModel() {
    return Promise.resolve(new Uint8Array([1, 2, 3]));
  }
  saveRun() {
    return Promise.resolve(new Uint8Array([this.trained]));
  }
  resumeRun(bytes: Uint8Array) {
    this.trained = bytes[0] ?? 0;
    return Promise.resolve({
      config: { task: "chain_sum", num_generations: 2, max_steps: 25 },
      step: this.trained,
    });
  }
  cancel() {
    this.#reject?.(new CodedError("cancelled", "cancelled"));
  }
  free() {
    this.freed = true;
    this.cancel();
  }
}

export function fakeDoor(lab: FakeLab): Door {
  return {
    default: () => Promise.resolve(),
    version: () => "0.1.0",
    tasks: () => [],
    metricDefinitions: () => ({ reward: "Mean grade." }),
    summarise: (plan, records) => ({
      experiment: plan.name,
      title: plan.title,
      runs: records.length,
      runs_planned: plan.arms.length,
      tasks: [],
    }),
    presets: () => ({
      policies: [{ name: "greedy", text: "The likeliest.", policy: { kind: "discrete" } }],
      methods: [],
    }),
    semanticArms: () => ({ arms: [], catalogue: SEMANTIC_CATALOGUE }),
    LanguageFile: {
      async open(source) {
        const start = await source.read(0, 4);
        if (new TextDecoder().decode(start) !== "GGUF") return null;
        lab.files += 1;
        lab.fileSize = source.size;
        return {
          free: () => (lab.files -= 1),
        };
      },
      openFolder(texts, lengths, source) {
        lab.files += 1;
        lab.fileSize = source.size;
        lab.folder = { texts, lengths: [...lengths] };
        return Promise.resolve({
          free: () => (lab.files -= 1),
        });
      },
    },
    templates: () => Promise.resolve(renderTemplate),
    SemanticLab: { start: (options) => new FakeSemanticLab(options) },
    Lab: {
      open: async ({ engine }) => {
        await new Promise((resolve) => setTimeout(resolve, lab.openMs));
        if (engine === "gpu" && !lab.hasGpu) throw new CodedError("no-adapter", "the browser offers no GPU: use cpu");
        lab.choice = engine;
        return lab;
      },
    },
  };
}
