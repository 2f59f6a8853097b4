// Files for the engine. One of a known hash: from what this browser keeps or from its address, checked either way, and kept.

import { bodyOf } from "./body.js";
import { counted, download, joined } from "./download.js";
import type { DownloadOptions } from "./download.js";
import { LabError } from "./error.js";
import { integrityOf, readIntegrity } from "./integrity.js";
import type { LoadRequest, Progress } from "./protocol.js";
import type { Shelf } from "./shelf.js";

export type FetchOptions = Pick<DownloadOptions, "phase" | "signal" | "onProgress">;

/** What a model is read from. */
export async function bytesOf(
  { source, integrity, cache }: LoadRequest,
  options: FetchOptions,
  shelf: Shelf,
): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof File || integrity === undefined) return await download(source, options);
  return await fetchChecked(source, readIntegrity(integrity), options, cache === "none" ? undefined : shelf);
}

/** `shelf` undefined: not to be kept. */
export async function fetchChecked(
  address: string,
  integrity: string,
  options: FetchOptions,
  shelf: Shelf | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { notice } = tell(options);
  const kept = await shelf?.take(integrity, notice);
  if (kept !== undefined) {
    tell(options).whole(kept.byteLength);
    return kept;
  }
  let bytes = await download(address, { ...options, checked: true });
  // An HTTP cache may hold the file of before an update.
  if ((await integrityOf(bytes)) !== integrity) {
    bytes = await download(address, { ...options, checked: true, reload: true });
  }
  await refuseOther(address, bytes, integrity);
  await shelf?.put(integrity, bytes, notice);
  return bytes;
}

/** For the compiler, which begins before all is there. `whole` rejects where the bytes are to blame for what it says,
 * and resolves when they are kept. */
export async function fetchModule(
  address: string,
  integrity: string,
  options: FetchOptions & { reload?: boolean },
  shelf: Shelf,
): Promise<{ response: Response; whole: Promise<void> }> {
  const { notice, whole } = tell(options);
  const kept = await shelf.take(integrity, notice);
  const init = { headers: { "content-type": "application/wasm" } };
  if (kept !== undefined) {
    whole(kept.byteLength);
    return { response: new Response(kept, init), whole: Promise.resolve() };
  }
  const { stream, total } = await bodyOf(address, { ...options, checked: true });
  const pieces: Uint8Array[] = [];
  let settle: { resolve: () => void; reject: (error: unknown) => void };
  const checked = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  checked.catch(() => undefined);
  const check = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      // A copy: the compiler's stream takes the memory of what it is given.
      pieces.push(piece.slice());
      controller.enqueue(piece);
    },
    async flush() {
      const bytes = joined(pieces);
      await refuseOther(address, bytes, integrity);
      // The compiler need not wait for it to be kept.
      void shelf.put(integrity, bytes, notice).then(settle.resolve);
    },
  });
  counted(stream, total, options)
    .pipeTo(check.writable)
    .catch((thrown: unknown) => {
      settle.reject(thrown);
    });
  return { response: new Response(check.readable, init), whole: checked };
}

function tell({ phase, onProgress }: { phase: string; onProgress: (progress: Progress) => void }) {
  return {
    notice: (text: string) => {
      onProgress({ phase: "notice", loaded: 0, total: 0, text });
    },
    whole: (bytes: number) => {
      onProgress({ phase, loaded: bytes, total: bytes, text: "kept in this browser" });
    },
  };
}

async function refuseOther(address: string, bytes: Uint8Array<ArrayBuffer>, integrity: string): Promise<void> {
  const found = await integrityOf(bytes);
  if (found === integrity) return;
  throw new LabError(
    "integrity",
    `${address} is not the file it should be (expected ${integrity}, came ${found} of ${bytes.byteLength} bytes): the site is being updated, or something on the way changed the file; try again in a minute`,
  );
}
