// Bytes from an address or a file, with progress and abort. Knows nothing of what the bytes mean.

import { bodyOf } from "./body.js";
import { LabError, asLabError, cancelledError } from "./error.js";
import type { Progress } from "./protocol.js";

/** More than any model this lab can run; a larger file is refused before it fills the tab's memory. */
export const BYTES_MAX = 1 << 30;

const PROGRESS_EVERY_MS = 50;

export interface DownloadOptions {
  phase: string;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  /** Past every HTTP cache. */
  reload?: boolean | undefined;
  /** What comes is checked afterwards. */
  checked?: boolean | undefined;
}

/** All bytes of `source`. Rejects with `cancelled`, `network` or `bad-weights` (too large). */
export async function download(
  source: string | URL | Blob,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = options;
  const name = source instanceof Blob ? "this file" : source.toString();
  const { stream, total } =
    source instanceof Blob ? { stream: source.stream(), total: source.size } : await bodyOf(source, options);
  refuseTooLarge(name, total);

  const pieces: Uint8Array[] = [];
  let loaded = 0;
  await drain(counted(stream, total, options), signal, (piece) => {
    pieces.push(piece);
    loaded += piece.byteLength;
    refuseTooLarge(name, loaded);
  });
  return joined(pieces);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

function refuseTooLarge(name: string, bytes: number): void {
  if (bytes <= BYTES_MAX) return;
  throw new LabError(
    "bad-weights",
    `${name} has ${bytes} bytes, more than the ${BYTES_MAX} this lab reads; choose a smaller model`,
  );
}

/** The same bytes, with their progress told. */
export function counted(
  body: ReadableStream<Uint8Array>,
  total: number,
  options: DownloadOptions,
): ReadableStream<Uint8Array> {
  let loaded = 0;
  let reported = -PROGRESS_EVERY_MS;
  let later: ReturnType<typeof setTimeout> | undefined;
  const report = () => {
    clearTimeout(later);
    later = undefined;
    if (options.signal.aborted) return;
    reported = performance.now();
    options.onProgress({ phase: options.phase, loaded, total, text: `${loaded} bytes` });
  };
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      loaded += piece.byteLength;
      // The last of what came before a line stalls is told too.
      const wait = reported + PROGRESS_EVERY_MS - performance.now();
      if (wait <= 0) report();
      else later ??= setTimeout(report, wait);
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
