// The body of an address as one stream: where the network cuts it, the rest is asked for with a Range request, or the whole anew where
// the server knows no ranges. Knows nothing of what the bytes mean.

import { LabError, cancelledError } from "./error.js";

/** Tries to go on, in a row, that bring nothing new. */
const TRIES = 3;
const FIRST_WAIT_MS = 300;

export interface Body {
  stream: ReadableStream<Uint8Array>;
  /** Of the whole file; 0 where it is not known. */
  total: number;
  /** What tells this file from a later one at the same address, where the server says so. */
  version: string | undefined;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

export interface BodyOptions {
  signal: AbortSignal;
  /** Past every HTTP cache, for a file that was not what it should be. */
  reload?: boolean | undefined;
  /** The bytes are checked when they are all there, so that a file that changed meanwhile is found out. */
  checked?: boolean | undefined;
  /** The stream begins at this byte: what is before it is there from an earlier time. */
  from?: number | undefined;
}

export async function bodyOf(
  address: string | URL,
  { signal, reload = false, checked = false, from = 0 }: BodyOptions,
): Promise<Body> {
  const name = address.toString();
  const init: RequestInit = { signal, cache: reload ? "reload" : "default" };
  const first = await ask(name, from === 0 ? init : { ...init, headers: { Range: `bytes=${from}-` } }, "");
  // A compressed body is longer than its content-length says: then the total is not known.
  const compressed = first.headers.has("content-encoding");
  const partial = first.status === 206;
  const told = Number(first.headers.get("content-length") ?? 0);
  const total = compressed || told === 0 ? 0 : told + (partial ? from : 0);
  const version = versionOf(first);
  let reader = partial ? first.reader : await skip(first.reader, from);
  let loaded = from;
  let tries = 0;

  /** A reader that stands at `loaded`. */
  const takeUp = async (): Promise<Reader> => {
    if (loaded === 0) return (await ask(name, init, "")).reader;
    // Offsets count the bytes that came, which of a compressed answer are not those that the server counts.
    const headers = compressed ? {} : { Range: `bytes=${loaded}-` };
    const again = await ask(name, { ...init, headers }, came(loaded, total));
    const same = checked || (version !== undefined && versionOf(again) === version);
    if (!same) throw new Error("the file may have changed meanwhile");
    if (again.status !== 206) return await skip(again.reader, loaded);
    // Another origin may hide where the part begins.
    const range = again.headers.get("content-range") ?? `bytes ${loaded}-`;
    if (!range.startsWith(`bytes ${loaded}-`)) throw new Error(`the server sent ${range} when asked to go on`);
    return again.reader;
  };

  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    for (;;) {
      try {
        const { done, value } = await reader.read();
        // Not every browser minds an answer that is shorter than it said.
        if (done && loaded < total) throw new Error("the answer ended early");
        if (done) {
          controller.close();
          return;
        }
        loaded += value.byteLength;
        tries = 0;
        controller.enqueue(value);
        return;
      } catch (thrown) {
        reader = await goOn(thrown);
      }
    }
  };

  const goOn = async (cause: unknown): Promise<Reader> => {
    let last = cause;
    while (tries < TRIES) {
      tries += 1;
      await wait(FIRST_WAIT_MS * 2 ** (tries - 1), signal);
      try {
        return await takeUp();
      } catch (thrown) {
        if (signal.aborted) throw cancelledError();
        last = thrown;
      }
    }
    const why = last instanceof Error ? last.message : String(last);
    throw new LabError(
      "network",
      `${name} broke off ${came(loaded, total)} (${why}), and ${TRIES} tries to go on failed; check the network and try again`,
    );
  };

  const stream = new ReadableStream<Uint8Array>({
    pull,
    cancel: async () => {
      await reader.cancel().catch(() => undefined);
    },
  });
  return { stream, total, version };
}

function came(loaded: number, total: number): string {
  if (loaded === 0) return "";
  return total > 0 ? `after ${loaded} of ${total} bytes` : `after ${loaded} bytes`;
}

/** What says that a second answer is of the same file. */
export function versionOf({ headers }: Answer): string | undefined {
  return headers.get("etag") ?? headers.get("last-modified") ?? undefined;
}

export interface Answer {
  status: number;
  headers: Headers;
  reader: Reader;
}

/** One answer that is a file or a part of one. Rejects with `network` or `cancelled`. */
export async function ask(name: string, init: RequestInit, when: string): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(name, init);
  } catch (thrown) {
    if (init.signal?.aborted === true) throw cancelledError();
    const offline = (navigator as { onLine?: boolean }).onLine === false;
    const what = offline ? "this machine is offline: connect it" : "check the address and the network";
    throw new LabError(
      "network",
      `could not fetch ${name}${when === "" ? "" : ` ${when}`}: ${String(thrown)}; ${what}, then try again`,
    );
  }
  if (!response.ok || response.body === null) {
    throw new LabError("network", `${name} answered ${response.status} ${response.statusText}; check the address`);
  }
  if (response.headers.get("content-type")?.startsWith("text/html") === true) {
    await response.body.cancel().catch(() => undefined);
    throw new LabError(
      "network",
      `${name} answered with a web page instead of a file: the address is wrong, or the network wants a sign-in first; open the address in a tab of its own to see which, then try again`,
    );
  }
  return { status: response.status, headers: response.headers, reader: response.body.getReader() };
}

/** Reads `count` bytes away. */
async function skip(reader: Reader, count: number): Promise<Reader> {
  let left = count;
  while (left > 0) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the answer ended early");
    if (value.byteLength < left) {
      left -= value.byteLength;
      continue;
    }
    const rest = value.subarray(left);
    return rest.byteLength === 0 ? reader : withFirst(rest, reader);
  }
  return reader;
}

/** A reader that gives `first`, then what `reader` gives. */
function withFirst(first: Uint8Array, reader: Reader): Reader {
  let given = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!given) {
        given = true;
        controller.enqueue(first);
        return;
      }
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => {
      await reader.cancel();
    },
  }).getReader();
}

export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(cancelledError());
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(cancelledError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
