// Where requests arrive in the worker: each is served in turn and ends in exactly one of done, failed, cancelled. Runs: runs.ts.
// Knows neither the browser's worker globals nor how the wasm module is fetched: both are handed in, so tests can.

import type { Bench } from "./bench.js";
import { forget } from "./claimed-store.js";
import type { Door, DoorLab, Notice } from "./door.js";
import { LabError, asLabError, cancelledError } from "./error.js";
import { bytesOf } from "./fetching.js";
import { loadLanguageModel } from "./language-loading.js";
import type { Loading } from "./language-loading.js";
import { buildGrader } from "./own-grader.js";
import type { Job } from "./job.js";
import type { Work } from "./once.js";
import type {
  FromWorker,
  Kind,
  LoadRequest,
  ModelInfo,
  OpenAnswer,
  OwnQuestions,
  Progress,
  Request,
  TaskInfo,
  ToWorker,
  Wire,
} from "./protocol.js";
import type { Stores } from "./run-store.js";
import { Runs } from "./runs.js";
import type { SemanticArms } from "./semantic-protocol.js";

export type Post = (message: FromWorker, transfer?: Transferable[]) => void;
export type OpenDoor = Work<Door>;

export class Desk {
  readonly #openDoor: OpenDoor;
  readonly #stores: Stores;
  readonly #post: Post;
  readonly #bench: Bench;
  readonly #jobs = new Map<number, Job>();
  #door: Door | undefined;
  #lab: DoorLab | undefined;
  /** The job whose engine call is running now. */
  #running: Job | undefined;
  readonly #runs: Runs;

  constructor(openDoor: OpenDoor, stores: Stores, post: Post, bench: Bench) {
    this.#openDoor = openDoor;
    this.#stores = stores;
    this.#post = post;
    this.#bench = bench;
    this.#runs = new Runs({
      stores,
      turn: (job, work) => this.#turn(job, work),
      taking: (job, work) => this.#taking(job, work),
      crashed: () => this.#bench.crash !== undefined,
      interrupt: (job) => {
        this.#interrupt(job);
      },
      door: () => {
        if (this.#door === undefined) throw notOpen();
        return this.#door;
      },
    });
  }

  /** Ends all calls and gives the engine's memory back; the other desks of the bench go on. */
  async close(): Promise<void> {
    for (const job of this.#jobs.values()) job.abort.abort();
    await this.#bench.turns.take(this, "close", new AbortController().signal, () => {
      // What a crashed engine holds is lost with it.
      if (this.#bench.crash === undefined) this.#lab?.free();
      this.#lab = undefined;
    });
  }

  receive(message: ToWorker): void {
    const job = this.#jobs.get(message.id);
    switch (message.type) {
      case "request":
        void this.#serve(message);
        break;
      case "cancel":
        // An unknown id is one that ended while the message was on its way: its answer stands.
        job?.abort.abort();
        break;
      case "control":
        if (message.action === "confirm") job?.confirm?.();
        else job?.training?.control(message.action);
        break;
    }
  }

  async #serve(request: Request): Promise<void> {
    const { id, kind } = request;
    const notify = ({ message }: Notice) => {
      this.#post({ type: "event", id, body: { phase: "recovered", loaded: 0, total: 0, text: message } });
    };
    const job: Job = { id, kind, abort: new AbortController(), notify };
    this.#jobs.set(id, job);
    job.abort.signal.addEventListener("abort", () => {
      this.#interrupt(job);
    });
    try {
      const body = await this.#perform(request, job);
      const transfer = body instanceof Uint8Array ? [body.buffer] : [];
      this.#post({ type: "done", id, body }, transfer);
    } catch (thrown) {
      const { code, message } = asLabError(thrown);
      // What breaks because it was aborted has been cancelled, whatever it calls itself: a compiler whose bytes stop coming
      // complains of the bytes.
      const cancelled = code === "cancelled" || job.abort.signal.aborted;
      this.#post(cancelled ? { type: "cancelled", id } : { type: "failed", id, failure: { code, message } });
    } finally {
      this.#jobs.delete(id);
    }
  }

  #perform(request: Request, job: Job): Promise<Wire[Kind]["done"]> {
    const emit = (body: Wire[Kind]["event"]) => {
      this.#post({ type: "event", id: job.id, body });
    };
    switch (request.kind) {
      case "open":
        return this.#open(request.body, job, emit);
      case "load":
        return this.#load(request.body, job, emit);
      case "load-language":
        return this.#loadLanguage(request.body, job, emit);
      case "engine":
        return this.#turn(job, (lab) => lab.engineInfo());
      case "question":
        return this.#turn(job, (lab) => lab.question(request.body));
      case "think":
        return this.#turn(job, (lab) => lab.think(request.body, emit));
      case "train":
        return this.#runs.train(job, emit, (training) => training.begin(request.body));
      case "resume":
        return this.#runs.train(job, emit, (training) => training.resumeSaved());
      case "experiment":
        return this.#runs.experiment(job, emit, (one) => one.begin(request.body));
      case "resume-experiment":
        return this.#runs.experiment(job, emit, (one) => one.resumeSaved());
      case "saved-experiment":
        return this.#runs.experimenting(job, emit).saved();
      case "forget-experiment":
        return forget(this.#stores.experiment, "an experiment").then(() => null);
      case "add-task":
        return this.#addTask(request.body, job);
      case "evaluate":
        return this.#turn(job, (lab) =>
          lab.evaluate(request.body, (loaded, total) => {
            emit({ phase: "evaluate", loaded, total, text: `${loaded} of ${total}` });
          }),
        );
      case "diagnose":
        return this.#turn(job, (lab) =>
          lab.diagnose(request.body, (loaded, total) => {
            emit({ phase: "diagnose", loaded, total, text: `${loaded} of ${total}` });
          }),
        );
      case "semantic-open":
        return this.#openSemantic(job, emit);
      case "semantic-run":
        return this.#runs.semantic(request.body, job, emit);
      case "export":
        return this.#turn(job, (lab) => lab.exportModel(request.body.format));
      case "learning-plan":
        return this.#turn(job, (lab) => lab.learningPlan(request.body));
      case "export-adapter":
        return this.#turn(job, (lab) => lab.exportAdapter());
      case "load-adapter":
        return this.#turn(job, async (lab) => {
          this.#runs.refuseDuring("load an adapter");
          await lab.loadAdapter(request.body.config, request.body.weights);
          return null;
        });
      case "saved":
        return this.#runs.saved();
      case "forget":
        return this.#runs.forget();
      case "lose-device":
        return this.#loseDevice(job);
    }
  }

  async #open(options: Wire["open"]["send"], job: Job, emit: (body: Progress) => void): Promise<OpenAnswer> {
    if (this.#lab !== undefined)
      throw new LabError("bad-input", "this lab is open already: make another with createLab()");
    const { keepRuns = true, ...chosen } = options;
    const door = await this.#openDoor(job.abort.signal, emit);
    const lab = await this.#taking(job, () => door.Lab.open(chosen));
    if (job.abort.signal.aborted) {
      lab.free();
      throw cancelledError();
    }
    this.#door = door;
    this.#lab = lab;
    this.#runs.kept = keepRuns;
    return {
      version: door.version(),
      tasks: door.tasks(),
      metricDefinitions: door.metricDefinitions(),
      presets: door.presets(),
    };
  }

  async #load(request: LoadRequest, job: Job, emit: (body: Progress) => void): Promise<ModelInfo> {
    this.#runs.refuseDuring("load a model");
    const fetching: Work<Uint8Array<ArrayBuffer>> = (signal, onProgress) =>
      bytesOf(request, { phase: "model", signal, onProgress }, this.#stores.files);
    const { source, integrity } = request;
    const bytes =
      typeof source === "string"
        ? await this.#bench.weights([source, integrity].join(" "), fetching, job.abort.signal, emit)
        : await fetching(job.abort.signal, emit);
    emit({ phase: "read", loaded: bytes.byteLength, total: bytes.byteLength, text: "reading the weights" });
    return await this.#turn(job, (lab) => {
      this.#runs.refuseDuring("load a model");
      return lab.loadModel(bytes, (_phase, done, total) => {
        emit({ phase: "compile", loaded: done, total, text: `${done} of ${total} pipelines` });
      });
    });
  }

  async #loadLanguage(request: Wire["load-language"]["send"], job: Job, emit: Loading["emit"]): Promise<ModelInfo> {
    this.#runs.refuseDuring("load a model");
    const door = this.#door;
    if (door === undefined) throw notOpen();
    const turn: Loading["turn"] = (work) =>
      this.#turn(job, (lab) => {
        this.#runs.refuseDuring("load a model");
        return work(lab);
      });
    return await loadLanguageModel(request, job, { door, shelf: this.#stores.models, emit, turn });
  }

  async #openSemantic(job: Job, emit: (body: Progress) => void): Promise<SemanticArms> {
    this.#door ??= await this.#openDoor(job.abort.signal, emit);
    return this.#door.semanticArms();
  }

  #addTask({ name, jsonl, grader }: OwnQuestions, job: Job): Promise<TaskInfo> {
    return this.#turn(job, (lab) => {
      const built = buildGrader(grader);
      try {
        return lab.addTask(name, jsonl, built.grader);
      } catch (error) {
        const thrown = built.thrown();
        if (thrown === undefined) throw error;
        const { code, message } = asLabError(error);
        throw new LabError(code, `${message}: the grader threw ${thrown}`);
      }
    });
  }

  /** In the middle of what is running, where the engine lets itself be disturbed; between two operations otherwise. */
  async #loseDevice(job: Job): Promise<null> {
    try {
      this.#lab?.loseDevice();
    } catch {
      await this.#turn(job, (lab) => {
        lab.loseDevice();
      });
    }
    return null;
  }

  #turn<T>(job: Job, work: (lab: DoorLab) => T | Promise<T>): Promise<T> {
    return this.#taking(job, async () => {
      if (this.#lab === undefined) throw notOpen();
      const lab = this.#lab;
      this.#running = job;
      try {
        return await work(lab);
      } finally {
        this.#running = undefined;
      }
    });
  }

  /** Uses the engine when it is free, and hears of what happened there meanwhile. */
  #taking<T>(job: Job, work: () => Promise<T>): Promise<T> {
    const bench = this.#bench;
    return bench.turns.take(this, job.kind, job.abort.signal, async () => {
      // Messages that arrived meanwhile go first: a stop or a cancel must not wait for one more operation.
      await new Promise((resolve) => setTimeout(resolve, 0));
      job.abort.signal.throwIfAborted();
      if (bench.crash !== undefined) throw bench.crash;
      try {
        return await work();
      } catch (thrown) {
        const error = asLabError(thrown);
        if (error.code === "crashed") bench.crash = error;
        throw error;
      } finally {
        // Before the answer: what it meant is read first. A crashed engine is asked nothing more.
        if (bench.crash === undefined) this.#lab?.takeNotices().forEach(job.notify);
      }
    });
  }

  #interrupt(job: Job): void {
    job.interrupt?.();
    if (this.#running === job) this.#lab?.cancel();
  }
}

function notOpen(): LabError {
  return new LabError("bad-input", "the lab is not open yet: wait for createLab()");
}
