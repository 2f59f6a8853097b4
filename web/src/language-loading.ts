// Loading a language model in the worker: its beginning, the plan, the page's word, the file, the engine. Not here: where the bytes come
// from (language-file.ts), what they mean (the engine).

import type { Door, DoorLab, DoorLanguageFile } from "./door.js";
import { LabError, cancelledError } from "./error.js";
import type { Job } from "./job.js";
import { openLanguageSource } from "./language-file.js";
import type { LanguageSource } from "./language-file.js";
import type { LanguagePlan, LanguageRequest } from "./language-protocol.js";
import { memoryHere } from "./memory-here.js";
import type { ModelShelf } from "./model-shelf.js";
import type { ModelInfo, Progress } from "./protocol.js";
import { told } from "./source.js";

export interface Loading {
  door: Door;
  shelf: ModelShelf;
  emit: (body: Progress | { plan: LanguagePlan }) => void;
  turn: <T>(work: (lab: DoorLab) => T | Promise<T>) => Promise<T>;
}

export async function loadLanguageModel(request: LanguageRequest, job: Job, loading: Loading): Promise<ModelInfo> {
  const { signal } = job.abort;
  const source = await openLanguageSource(request, { signal, onProgress: loading.emit }, loading.shelf);
  const read = { beginning: 0 };
  try {
    const file = await openFile(source, read, loading);
    return await load(file, { ...source, read: read.beginning }, request, job, loading);
  } finally {
    await source.close();
  }
}

async function openFile(
  { beginning, folder }: LanguageSource,
  read: { beginning: number },
  { door, emit }: Loading,
): Promise<DoorLanguageFile> {
  const reading = told(beginning, (loaded) => {
    read.beginning = loaded;
    emit({ phase: "header", loaded, total: 0, text: "reading the beginning of the file" });
  });
  if (folder !== undefined) return await door.LanguageFile.openFolder(folder.texts, folder.lengths, reading);
  const file = await door.LanguageFile.open(reading);
  if (file !== null) return file;
  throw new LabError(
    "bad-weights",
    "the weight file is not usable: `header`: expected the GGUF file of a language model; the lab's own models and safetensors are read by loadModel()",
  );
}

async function load(
  file: DoorLanguageFile,
  source: LanguageSource & { read: number },
  request: LanguageRequest,
  job: Job,
  { door, emit, turn }: Loading,
): Promise<ModelInfo> {
  const { context, memory: available = memoryHere(), chatTemplate, instruction, wholeMark, bridge } = request;
  const handed = { over: false }; // to the engine, which frees it
  try {
    const plan: LanguagePlan = {
      ...(await turn((lab) => lab.planLanguageModel(file, context, available))),
      available,
      toFetch: source.toFetch,
      kept: source.kept,
    };
    const agreed = agreement(job);
    emit({ plan });
    if (typeof plan.refused === "string") throw new LabError("out-of-memory", plan.refused);
    await agreed;
    const [whole, render] = await Promise.all([source.whole(), door.templates()]);
    const { weights } = plan.memory;
    // What the beginning says is not read again: behind the last tensor the engine is made ready.
    const tensors = plan.memory.file - source.read;
    const reading = told(whole, (loaded) => {
      if (loaded < tensors) emit({ phase: "read", loaded, total: plan.memory.file, text: `${loaded} bytes read` });
      else emit({ phase: "prepare", loaded: 0, total: 0, text: "preparing the engine" });
    });
    emit({ phase: "read", loaded: 0, total: plan.memory.file, text: `${weights} bytes of weights` });
    const options = { context, memory: available, chatTemplate, instruction, wholeMark, bridge };
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    return await turn((lab) => {
      handed.over = true;
      return lab.loadLanguageModel(file, reading, given as typeof options, render);
    });
  } finally {
    if (!handed.over) file.free();
  }
}

/** Resolves when the page agrees to the plan; rejects when it does not. */
function agreement(job: Job): Promise<void> {
  const agreed = new Promise<void>((resolve, reject) => {
    job.confirm = resolve;
    job.abort.signal.addEventListener("abort", () => {
      reject(cancelledError());
    });
  });
  // A plan that is refused waits for nobody.
  agreed.catch(() => undefined);
  return agreed;
}
