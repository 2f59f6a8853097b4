// A file that is read in ranges: from disk or this browser's own files, or from a server that sends parts. Not here: which of them it is
// to be, and what is kept (language-file.ts).

import { ask, versionOf, wait } from "./body.js";
import type { Answer } from "./body.js";
import { LabError, cancelledError } from "./error.js";

/** What the engine reads a large model from. */
export interface Source {
  /** Bytes of the file. */
  readonly size: number;
  /** Exactly that range, which lies inside the file. */
  read(from: number, length: number): Promise<Uint8Array>;
}

/** Fetched at once where less is asked for: tensors lie one after the other. */
const AHEAD = 4 << 20;
const TRIES = 3;
const FIRST_WAIT_MS = 300;

export function blobSource(blob: Blob, signal: AbortSignal): Source {
  return {
    size: blob.size,
    async read(from, length) {
      if (signal.aborted) throw cancelledError();
      try {
        return new Uint8Array(await blob.slice(from, from + length).arrayBuffer());
      } catch (thrown) {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        throw new LabError("io", `the file can no longer be read (${why}): it was moved or changed; choose it again`);
      }
    },
  };
}

/** The same source, with what was read told. */
export function told(source: Source, onRead: (bytes: number) => void): Source {
  let sum = 0;
  return {
    size: source.size,
    async read(from, length) {
      const bytes = await source.read(from, length);
      onRead((sum += bytes.byteLength));
      return bytes;
    },
  };
}

/** A server's file, of which `first` are the first bytes, and whose other ranges are fetched when they are asked for. */
export class RangeSource implements Source {
  readonly size: number;
  readonly #address: string;
  readonly #version: string | undefined;
  readonly #signal: AbortSignal;
  #from = 0;
  #bytes: Uint8Array;

  constructor(address: string, size: number, version: string | undefined, first: Uint8Array, signal: AbortSignal) {
    this.size = size;
    this.#address = address;
    this.#version = version;
    this.#signal = signal;
    this.#bytes = first;
  }

  async read(from: number, length: number): Promise<Uint8Array> {
    if (this.#signal.aborted) throw cancelledError();
    if (from < this.#from || from + length > this.#from + this.#bytes.byteLength) {
      const to = Math.min(this.size, from + Math.max(length, AHEAD));
      this.#bytes = await this.#fetch(from, to);
      this.#from = from;
    }
    return this.#bytes.subarray(from - this.#from, from - this.#from + length);
  }

  async #fetch(from: number, to: number): Promise<Uint8Array> {
    const headers = { Range: `bytes=${from}-${to - 1}` };
    for (let tries = 1; ; tries += 1) {
      try {
        const answer = await ask(this.#address, { signal: this.#signal, headers }, `from byte ${from} on`);
        return await this.#part(answer, from, to);
      } catch (thrown) {
        if (this.#signal.aborted) throw cancelledError();
        if (tries === TRIES) throw thrown;
        await wait(FIRST_WAIT_MS * 2 ** (tries - 1), this.#signal);
      }
    }
  }

  async #part(answer: Answer, from: number, to: number): Promise<Uint8Array> {
    const range = answer.headers.get("content-range") ?? `bytes ${from}-`;
    if (answer.status !== 206 || !range.startsWith(`bytes ${from}-`) || versionOf(answer) !== this.#version) {
      await answer.reader.cancel().catch(() => undefined);
      throw new LabError(
        "network",
        `${this.#address} changed while it was read, or sends no parts any more; try again`,
      );
    }
    const bytes = await readUpTo(answer.reader, to - from);
    if (bytes.byteLength === to - from) return bytes;
    throw new LabError("network", `${this.#address} sent ${bytes.byteLength} bytes of ${to - from}; try again`);
  }
}

/** A server's file that comes in one piece: its beginning, as far as it is asked for. Later parts are not to be had from it. */
export class BeginningSource implements Source {
  readonly size: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #pieces: Uint8Array = new Uint8Array();

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, size: number) {
    this.size = size;
    this.#reader = reader;
  }

  async read(from: number, length: number): Promise<Uint8Array> {
    const missing = from + length - this.#pieces.byteLength;
    if (missing > 0) {
      const more = await readUpTo(this.#reader, missing, true);
      const all = new Uint8Array(this.#pieces.byteLength + more.byteLength);
      all.set(this.#pieces);
      all.set(more, this.#pieces.byteLength);
      this.#pieces = all;
    }
    return this.#pieces.subarray(from, from + length);
  }

  /** Lets the rest go. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}

/** At least `count` bytes where the stream has them, no more unless `over`: a piece comes whole. */
export async function readUpTo(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  count: number,
  over = false,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let sum = 0;
  while (sum < count) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    sum += value.byteLength;
  }
  const bytes = new Uint8Array(sum);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return over ? bytes : bytes.subarray(0, count);
}
