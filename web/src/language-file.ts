// Where a language model's file is read from: its beginning at once, all of it when that was agreed to. Files from addresses go through
// this browser's own files, piece by piece, so that the next time fetches nothing; where none can be kept, ranges of the address do.

import { ask, bodyOf, versionOf } from "./body.js";
import type { Answer } from "./body.js";
import { counted } from "./download.js";
import { LabError, cancelledError } from "./error.js";
import { RunningIntegrity, digest, readIntegrity } from "./integrity.js";
import type { Folder } from "./language-folder.js";
import type { LanguageRequest } from "./language-protocol.js";
import type { ModelShelf, Part } from "./model-shelf.js";
import type { Progress } from "./protocol.js";
import { BeginningSource, RangeSource, blobSource, readUpTo } from "./source.js";
import type { Source } from "./source.js";

/** The engine's first read. */
const FIRST = 1 << 20;
const STRETCH = 4 << 20;
const PROGRESS_EVERY_MS = 50;

export interface FileOptions {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

export interface LanguageSource {
  /** The beginning can be read from it. */
  beginning: Source;
  /** Bytes that `whole` will fetch. */
  toFetch: number;
  kept: boolean;
  /** The source is the weights of a Hugging Face folder, and these its other files. */
  folder?: Pick<Folder, "texts" | "lengths">;
  /** All of the file, fetched now if it was not before. */
  whole(): Promise<Source>;
  /** Called once, at the end of all. */
  close(): Promise<void>;
}

export async function openLanguageSource(
  { source, integrity, cache }: Pick<LanguageRequest, "source" | "integrity" | "cache">,
  options: FileOptions,
  shelf: ModelShelf,
): Promise<LanguageSource> {
  const wanted = integrity === undefined ? undefined : readIntegrity(integrity);
  if (typeof source !== "string" && "texts" in source) {
    if (wanted !== undefined) {
      throw new LabError("bad-input", "integrity is of a single file; a folder's files are not checked");
    }
    return { ...here(source.weights, options.signal, false), folder: source };
  }
  if (typeof source !== "string") {
    if (wanted !== undefined) refuseOther(source.name, await hashOf(source, options), wanted);
    return here(source, options.signal, false);
  }
  const keeping = cache === "none" ? undefined : shelf;
  const byHash = wanted === undefined ? undefined : await takeWhole(digest(wanted), options, keeping);
  if (byHash !== undefined) return here(byHash, options.signal, true);
  return await openAddress(source, wanted, options, keeping);
}

function here(file: Blob, signal: AbortSignal, kept: boolean): LanguageSource {
  const source = blobSource(file, signal);
  return { beginning: source, toFetch: 0, kept, whole: () => Promise.resolve(source), close: () => Promise.resolve() };
}

async function openAddress(
  address: string,
  integrity: string | undefined,
  options: FileOptions,
  shelf: ModelShelf | undefined,
): Promise<LanguageSource> {
  const { signal } = options;
  const first = await ask(address, { signal, headers: { Range: `bytes=0-${FIRST - 1}` } }, "");
  const size = await sizeOf(address, first, signal);
  const version = versionOf(first);
  // What cannot be told from a later file is written down only to be read once.
  const lasting = integrity !== undefined || version !== undefined;
  const name = digest(integrity ?? (lasting ? [address, version, size].join("\n") : crypto.randomUUID()));
  const kept = integrity === undefined ? await takeWhole(name, options, shelf) : undefined;
  if (kept !== undefined) {
    await first.reader.cancel().catch(() => undefined);
    return here(kept, signal, true);
  }
  const parts = first.status === 206;
  const beginning = parts
    ? new RangeSource(address, size, version, await readUpTo(first.reader, FIRST), signal)
    : new BeginningSource(first.reader, size);
  const release = async () => {
    if (beginning instanceof BeginningSource) await beginning.close();
  };
  return {
    beginning,
    toFetch: size - Math.min(size, lasting ? ((await shelf?.started(name)) ?? 0) : 0),
    kept: shelf !== undefined && lasting,
    async whole() {
      await release();
      const part = await shelf?.write(name, size);
      if (part !== undefined) {
        return blobSource(await fill(part, { address, size, version, integrity, lasting }, options), signal);
      }
      if (parts && integrity === undefined) return beginning;
      const why = parts ? "only a whole file can be checked" : "its server sends no parts of files";
      throw new LabError(
        "storage",
        `${address} cannot be read from where it is (${why}), and this browser keeps no file of ${size} bytes for this page; download it and open it from disk`,
      );
    },
    async close() {
      await release();
      if (!lasting) await shelf?.drop(name);
    },
  };
}

/** Every other site may hide the range it sent, but not the length of the whole. */
async function sizeOf(address: string, first: Answer, signal: AbortSignal): Promise<number> {
  const inRange = /^bytes 0-\d+\/(\d+)$/.exec(first.headers.get("content-range") ?? "")?.[1];
  if (first.status === 206 && inRange !== undefined) return Number(inRange);
  let { headers } = first;
  if (first.status === 206) {
    const whole = await fetch(address, { method: "HEAD", signal }).catch(() => undefined);
    headers = whole?.ok === true ? whole.headers : new Headers();
  }
  const size = headers.has("content-encoding") ? 0 : Number(headers.get("content-length") ?? 0);
  if (size > 0) return size;
  await first.reader.cancel().catch(() => undefined);
  throw new LabError(
    "network",
    `${address} does not say how long the file is, so no plan can be made; download it and open it from disk`,
  );
}

/** Only what is as it was kept. */
async function takeWhole(name: string, options: FileOptions, shelf: ModelShelf | undefined): Promise<Blob | undefined> {
  const kept = await shelf?.take(name);
  if (kept === undefined) return undefined;
  if ((await hashOf(kept.file, options)) === kept.integrity) return kept.file;
  const text = "A model kept in this browser was damaged. It was dropped and is fetched anew.";
  options.onProgress({ phase: "notice", loaded: 0, total: 0, text });
  await shelf?.drop(name);
  return undefined;
}

interface Wanted {
  address: string;
  size: number;
  version: string | undefined;
  integrity: string | undefined;
  lasting: boolean;
}

/** Fetches what is missing of a part, and keeps it when it is whole and right. */
async function fill(part: Part, wanted: Wanted, { signal, onProgress }: FileOptions): Promise<Blob> {
  const { address, size, version, integrity, lasting } = wanted;
  const hash = new RunningIntegrity();
  let ended = false;
  try {
    for (let from = 0; from < part.length; from += STRETCH) {
      hash.add(part.read(from, Math.min(STRETCH, part.length - from)));
      await pause(signal);
    }
    const from = part.length;
    if (from < size) {
      const body = await bodyOf(address, { signal, checked: integrity !== undefined, from });
      if (integrity === undefined && body.version !== version) throw changed(address);
      const report = (progress: Progress) => {
        onProgress({ ...progress, loaded: from + progress.loaded, total: size });
      };
      const reader = counted(body.stream, size, { phase: "model", signal, onProgress: report }).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (signal.aborted) await reader.cancel().catch(() => undefined);
        if (signal.aborted) throw cancelledError();
        if (done) break;
        hash.add(value);
        part.append(value);
      }
    }
    const found = hash.end();
    if (part.length !== size || (integrity !== undefined && found !== integrity)) {
      ended = true;
      await part.drop();
      if (integrity === undefined) throw changed(address);
      refuseOther(address, found, integrity);
    }
    ended = true;
    return await part.keep(found, new URL(address).pathname.split("/").at(-1) ?? "");
  } finally {
    if (!ended && lasting) part.leave();
    else if (!ended) await part.drop();
  }
}

function changed(address: string): LabError {
  return new LabError("network", `${address} changed while it was fetched; try again`);
}

async function hashOf(file: Blob, { signal, onProgress }: FileOptions): Promise<string> {
  const hash = new RunningIntegrity();
  let told = -PROGRESS_EVERY_MS;
  for (let from = 0; from < file.size; from += STRETCH) {
    hash.add(new Uint8Array(await file.slice(from, from + STRETCH).arrayBuffer()));
    if (signal.aborted) throw cancelledError();
    const now = performance.now();
    if (now - told >= PROGRESS_EVERY_MS) {
      told = now;
      onProgress({ phase: "check", loaded: Math.min(from + STRETCH, file.size), total: file.size, text: "" });
    }
  }
  return hash.end();
}

/** Lets messages in. */
async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (signal.aborted) throw cancelledError();
}

function refuseOther(name: string, found: string, wanted: string): void {
  if (found === wanted) return;
  throw new LabError("integrity", `${name} is not the file it should be: expected ${wanted}, it is ${found}`);
}
