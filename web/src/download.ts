// Bytes from an address or a file, with progress and abort. Knows nothing of what the bytes mean.

import { LabError, asLabError, cancelledError } from "./error.js";
import type { Progress } from "./protocol.js";

/** More than any model this lab can run; a larger file is refused before it fills the tab's memory. */
export const BYTES_MAX = 1 << 30;

const PROGRESS_EVERY_MS = 50;

export interface DownloadOptions {
  phase: string;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** All bytes of `source`. Rejects with `cancelled`, `network` or `bad-weights` (too large). */
export async function download(source: string | URL | Blob, options: DownloadOptions): Promise<Uint8Array> {
  const name = source instanceof Blob ? "this file" : source.toString();
  const { body, total } = source instanceof Blob ? fromFile(source) : await fromAddress(source, options.signal);
  refuseTooLarge(name, total);

  const pieces: Uint8Array[] = [];
  let loaded = 0;
  await drain(counted(body, total, options), options.signal, (piece) => {
    pieces.push(piece);
    loaded += piece.byteLength;
    refuseTooLarge(name, loaded);
  });
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** A response whose body reports its progress as it is read: for `WebAssembly.instantiateStreaming`, which wants a Response. */
export async function downloadResponse(address: URL, type: string, options: DownloadOptions): Promise<Response> {
  const { body, total } = await fromAddress(address, options.signal);
  return new Response(counted(body, total, options), { headers: { "content-type": type } });
}

interface Source {
  body: ReadableStream<Uint8Array>;
  total: number;
}

function fromFile(file: Blob): Source {
  return { body: file.stream(), total: file.size };
}

async function fromAddress(address: string | URL, signal: AbortSignal): Promise<Source> {
  let response: Response;
  try {
    response = await fetch(address, { signal });
  } catch (thrown) {
    if (signal.aborted) throw cancelledError();
    throw new LabError(
      "network",
      `could not fetch ${address.toString()}: ${String(thrown)}; check the address and the network`,
    );
  }
  if (!response.ok || response.body === null) {
    throw new LabError(
      "network",
      `${address.toString()} answered ${response.status} ${response.statusText}; check the address`,
    );
  }
  // A compressed body is longer than its content-length says: then the total is not known.
  const compressed = response.headers.has("content-encoding");
  return { body: response.body, total: compressed ? 0 : Number(response.headers.get("content-length") ?? 0) };
}

function refuseTooLarge(name: string, bytes: number): void {
  if (bytes <= BYTES_MAX) return;
  throw new LabError(
    "bad-weights",
    `${name} has ${bytes} bytes, more than the ${BYTES_MAX} this lab reads; choose a smaller model`,
  );
}

function counted(
  body: ReadableStream<Uint8Array>,
  total: number,
  options: DownloadOptions,
): ReadableStream<Uint8Array> {
  let loaded = 0;
  let reported = -PROGRESS_EVERY_MS;
  const report = () => {
    options.onProgress({ phase: options.phase, loaded, total, text: `${loaded} bytes` });
  };
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      loaded += piece.byteLength;
      const now = performance.now();
      if (now - reported >= PROGRESS_EVERY_MS) {
        reported = now;
        report();
      }
      controller.enqueue(piece);
    },
    flush: report,
  });
  return body.pipeThrough(counter);
}

async function drain(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  const reader = body.getReader();
  const onAbort = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw cancelledError();
      if (done) return;
      take(value);
    }
  } catch (thrown) {
    await reader.cancel().catch(() => undefined);
    throw asLabError(thrown);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
