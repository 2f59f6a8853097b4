// The running half of `<semantic-ids>`: what it is asked for, its run from start to test, and what was told of it, which can be put back
// after the page was loaded anew. Not here: how it looks (semantic-ids.ts).

import type { PropertyDeclarations, PropertyValues } from "lit";

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
import { LabFigure } from "./figure.js";
import type { Shown } from "./item-map.js";
import { semanticLab } from "./labs.js";
import type { SemanticRecord } from "./semantic-record.js";
import { Stopwatch } from "./stopwatch.js";

/** `lost`: put back from a record of a run that was not over. */
type Phase = "idle" | "starting" | "running" | "pausing" | "paused" | "testing" | "ended" | "lost";
/** Errors of a browser without a GPU. */
const LACKING = new Set<string>(["no-webgpu", "no-adapter"]);
/** A run belongs to these. */
const WISHES = ["arm", "seed", "epochs", "engine", "settings", "catalogue", "csv"];

export abstract class SemanticRunFigure extends LabFigure {
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
    engineName: { state: true },
  };
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
  /** What computes the updates, by its name. */
  declare protected engineName: string | undefined;

  #lab: SemanticLab | undefined;
  #running: SemanticRun | undefined;
  #of = 0;
  #watch = new Stopwatch();

  constructor() {
    super();
    this.arm = "dril";
    this.seed = 0;
    this.codes = "nearest";
    this.where = "shared";
    this.phase = "idle";
    this.share = 0;
  }

  /** What is shown is of what is asked for now: another wish after a run clears it. */
  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!this.#over || !WISHES.some((wish) => changed.has(wish))) return;
    this.#clear();
  }

  #clear(): void {
    this.phase = "idle";
    this.scene = this.now = this.earlier = this.epoch = this.validation = this.end = undefined;
    this.computes = this.engineName = undefined;
  }

  /** Nothing is fetched or trained before somebody runs it. */
  protected override begin(): Promise<void> {
    return Promise.resolve();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    this.#clear();
  }

  /** What is shown of the run, to be kept; undefined before there is anything. */
  get record(): SemanticRecord | undefined {
    const { scene, now: snapshot, epoch, earlier, validation, end, engineName: engine } = this;
    if (scene === undefined || snapshot === undefined || epoch === undefined) return undefined;
    return { scene, snapshot, epoch, earlier, validation, end, epochs: this.#of, engine };
  }

  /** Shows what was kept of a run with the present wishes; a run under way is left alone. A run that was not over cannot be gone on with. */
  async restore(record: SemanticRecord): Promise<void> {
    await this.updateComplete;
    if (this.busy) return;
    const { scene, snapshot, earlier, epoch, validation, epochs, end, engine } = record;
    Object.assign(this, { scene, now: snapshot, earlier, epoch, validation, end });
    if (engine !== undefined) this.#computesOn(engine);
    this.#of = epochs;
    this.phase = end === undefined ? "lost" : "ended";
  }

  #leave(): void {
    this.#lab?.dispose();
    this.#lab = undefined;
    this.#running = undefined;
  }

  /** Trains the arm from the start; undefined where that did not work, which the figure says. Nothing while a run is under way. */
  async run(): Promise<SemanticEnd | undefined> {
    if (this.busy) return undefined;
    let end: SemanticEnd | undefined;
    await this.attempt(async () => {
      this.phase = "starting";
      this.end = this.validation = this.earlier = this.computes = this.engineName = undefined;
      this.share = 0;
      try {
        end = await this.#train();
      } catch (thrown) {
        this.phase = "idle";
        const { code, message } = thrown instanceof LabError ? thrown : new LabError("failed", String(thrown));
        // Only what was asked was wrong; anything else may have broken the engine.
        if (code !== "bad-input") this.#leave();
        this.#tell("problem", { code, message });
        // The engine speaks English, and of the first lab.
        throw LACKING.has(code) ? new LabError(code, this.words.semantic.noGpu) : thrown;
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
    const { seed, epochs, engine, csv } = this;
    const settings = {
      ...this.settings,
      seed,
      ...(epochs === undefined ? {} : { epochs }),
      ...(engine === undefined ? {} : { engine }),
    };
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
    this.news = this.told();
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

  protected get busy(): boolean {
    return this.phase !== "idle" && !this.#over;
  }

  get #over(): boolean {
    return this.phase === "ended" || this.phase === "lost";
  }

  /** There is a run to be paused or stopped. */
  protected get steerable(): boolean {
    return this.#running !== undefined && this.phase !== "testing";
  }

  #note(event: SemanticEvent): void {
    switch (event.type) {
      case "started":
        this.#computesOn(event.engine);
        this.scene = event.scene;
        this.#of = event.config.epochs;
        this.#take(event.epoch, event.snapshot);
        this.#watch = new Stopwatch();
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
        this.#watch.pause();
        if (this.phase === "pausing") this.phase = "paused";
        this.news = this.told();
        break;
      case "resumed":
        this.#watch.resume();
        if (this.phase === "paused") this.phase = "running";
        break;
    }
    this.#tell("event", event);
  }

  /** Names begin with what it is: "CPU (Burn)", "GPU (WGSL) on …". */
  #computesOn(name: string): void {
    this.engineName = name;
    this.computes = name.startsWith("GPU") ? "gpu" : "cpu";
  }

  #take(epoch: SemanticEpoch, snapshot: SemanticSnapshot): void {
    this.epoch = epoch;
    this.now = snapshot;
    this.validation = epoch.validation ?? this.validation;
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`semantic-${name}`, { detail, bubbles: true, composed: true }));
  }

  /** Where the run stands, in words. */
  protected told(): string {
    const words = this.words.semantic;
    const { epoch: at = 0 } = this.epoch ?? {};
    const { number } = this.speech;
    switch (this.phase) {
      case "idle":
        return words.idle(this.epochs === undefined ? words.usual : String(this.epochs));
      case "starting":
        return words.starting;
      case "running":
        return words.running(at, this.#of, this.#watch.left(this.share));
      case "pausing":
        return words.pausing;
      case "paused":
        return words.paused(at);
      case "testing":
        return words.testing;
      case "lost":
        return words.lost(at, this.#of);
      case "ended":
        return words.ended(
          at,
          number(this.end?.test.recall[1]),
          number(this.end?.test.ndcg[1]),
          this.end?.test.users ?? 0,
        );
    }
  }
}
