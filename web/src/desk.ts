// Where requests arrive in the worker: each is served in turn and ends in exactly one of done, failed, cancelled.
// Knows neither the browser's worker globals nor how the wasm module is fetched: both are handed in, so tests can.

import type { Bench } from "./bench.js";
import { forget } from "./claimed-store.js";
import type { Door, DoorLab, Notice } from "./door.js";
import { LabError, asLabError, cancelledError } from "./error.js";
import { Experimenting } from "./experimenting.js";
import { bytesOf } from "./fetching.js";
import { buildGrader } from "./own-grader.js";
import type { Work } from "./once.js";
import type {
  ControlAction,
  FromWorker,
  Kind,
  LoadRequest,
  ModelInfo,
  OpenAnswer,
  OwnQuestions,
  Progress,
  Request,
  SavedRun,
  TaskInfo,
  ToWorker,
  Wire,
} from "./protocol.js";
import type { RunStore, Stores } from "./run-store.js";
import type { SemanticArms, SemanticEnd, SemanticRunOptions } from "./semantic-protocol.js";
import { SemanticServing } from "./semantic-serving.js";
import { Training } from "./training.js";

export type Post = (message: FromWorker, transfer?: Transferable[]) => void;
export type OpenDoor = Work<Door>;

interface Job {
  id: number;
  kind: Kind;
  abort: AbortController;
  /** Tells the page what happened besides. */
  notify: (notice: Notice) => void;
  training?: { control(action: ControlAction): void };
  /** Ends its engine call that is running, where that is not the lab's. */
  interrupt?: () => void;
}

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
  #run: Job | undefined;
  /** Runs are saved in this browser. */
  #keepsRuns = true;

  constructor(openDoor: OpenDoor, stores: Stores, post: Post, bench: Bench) {
    this.#openDoor = openDoor;
    this.#stores = stores;
    this.#post = post;
    this.#bench = bench;
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
        job?.training?.control(message.action);
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
      case "engine":
        return this.#turn(job, (lab) => lab.engineInfo());
      case "question":
        return this.#turn(job, (lab) => lab.question(request.body));
      case "think":
        return this.#turn(job, (lab) => lab.think(request.body, emit));
      case "train":
        return this.#train(job, emit, (training) => training.begin(request.body));
      case "resume":
        return this.#train(job, emit, (training) => training.resumeSaved());
      case "experiment":
        return this.#experiment(job, emit, (one) => one.begin(request.body));
      case "resume-experiment":
        return this.#experiment(job, emit, (one) => one.resumeSaved());
      case "saved-experiment":
        return this.#experimenting(job, emit).saved();
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
        return this.#semantic(request.body, job, emit);
      case "export":
        return this.#turn(job, (lab) => lab.exportModel(request.body.format));
      case "saved":
        return this.#saved();
      case "forget":
        return this.#runs === undefined ? Promise.resolve(null) : forget(this.#runs, "a training run").then(() => null);
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
    this.#keepsRuns = keepRuns;
    return {
      version: door.version(),
      tasks: door.tasks(),
      metricDefinitions: door.metricDefinitions(),
      presets: door.presets(),
    };
  }

  async #load(request: LoadRequest, job: Job, emit: (body: Progress) => void): Promise<ModelInfo> {
    this.#refuseDuringRun("load a model");
    const fetching: Work<Uint8Array<ArrayBuffer>> = (signal, onProgress) =>
      bytesOf(request, { phase: "model", signal, onProgress }, this.#stores.files);
    const { source, integrity } = request;
    const bytes =
      typeof source === "string"
        ? await this.#bench.weights([source, integrity].join(" "), fetching, job.abort.signal, emit)
        : await fetching(job.abort.signal, emit);
    emit({ phase: "read", loaded: bytes.byteLength, total: bytes.byteLength, text: "reading the weights" });
    return await this.#turn(job, (lab) => {
      this.#refuseDuringRun("load a model");
      return lab.loadModel(bytes, (_phase, done, total) => {
        emit({ phase: "compile", loaded: done, total, text: `${done} of ${total} pipelines` });
      });
    });
  }

  async #train(
    job: Job,
    emit: (body: Wire["train"]["event"]) => void,
    go: (training: Training) => Promise<Wire["train"]["done"]>,
  ): Promise<Wire["train"]["done"]> {
    this.#refuseDuringRun("start a run");
    const training = new Training({
      store: this.#runs,
      signal: job.abort.signal,
      emit,
      turn: (work) => this.#turn(job, work),
      interrupt: () => {
        this.#interrupt(job);
      },
    });
    job.training = training;
    job.notify = ({ message, step }) => {
      training.recovered(message, step);
    };
    this.#run = job;
    try {
      return await go(training);
    } finally {
      this.#run = undefined;
    }
  }

  async #experiment(
    job: Job,
    emit: (body: Wire["experiment"]["event"]) => void,
    go: (experimenting: Experimenting) => Promise<Wire["experiment"]["done"]>,
  ): Promise<Wire["experiment"]["done"]> {
    this.#refuseDuringRun("start an experiment");
    job.notify = ({ message }) => {
      emit({ type: "recovered", message });
    };
    this.#run = job;
    try {
      return await go(this.#experimenting(job, emit));
    } finally {
      this.#run = undefined;
    }
  }

  #experimenting(job: Job, emit: (body: Wire["experiment"]["event"]) => void): Experimenting {
    return new Experimenting({
      store: this.#stores.experiment,
      emit,
      turn: (work) => this.#turn(job, work),
      summarise: (plan, records) => {
        if (this.#door === undefined) throw notOpen();
        return this.#door.summarise(plan, records);
      },
    });
  }

  async #openSemantic(job: Job, emit: (body: Progress) => void): Promise<SemanticArms> {
    this.#door ??= await this.#openDoor(job.abort.signal, emit);
    return this.#door.semanticArms();
  }

  async #semantic(
    options: SemanticRunOptions,
    job: Job,
    emit: (body: Wire["semantic-run"]["event"]) => void,
  ): Promise<SemanticEnd> {
    this.#refuseDuringRun("start a run");
    if (this.#door === undefined) throw notOpen();
    const door = this.#door;
    const turn = <T>(work: () => T | Promise<T>) => this.#taking(job, async () => await work());
    this.#run = job;
    try {
      const lab = await turn(() => door.SemanticLab.start(options));
      try {
        const serving = new SemanticServing({ signal: job.abort.signal, emit, turn });
        job.training = serving;
        job.interrupt = () => {
          lab.cancel();
        };
        return await serving.run(lab);
      } finally {
        if (this.#bench.crash === undefined) lab.free();
      }
    } finally {
      this.#run = undefined;
    }
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

  async #saved(): Promise<SavedRun | null> {
    const run = await this.#runs?.load();
    if (run === undefined) return null;
    const { task, step, savedAt, config, history } = run;
    const elsewhere = this.#run === undefined && (await this.#stores.run.isClaimed());
    return { elsewhere, task, step, savedAt, config, history };
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

  /** Where runs are saved, if they are. */
  get #runs(): RunStore | undefined {
    return this.#keepsRuns ? this.#stores.run : undefined;
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

  #refuseDuringRun(what: string): void {
    if (this.#run === undefined) return;
    throw new LabError("busy", `cannot ${what} while a training run is in progress: stop it first`);
  }
}

function notOpen(): LabError {
  return new LabError("bad-input", "the lab is not open yet: wait for createLab()");
}
