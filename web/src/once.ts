// Work that several ask for and that is done once: the engine, the weights of an address. Not a cache with limits: what was done is kept.

import { cancelledError } from "./error.js";
import type { Progress } from "./protocol.js";

export type Work<T> = (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<T>;

interface Doing<T> {
  result: Promise<T>;
  /** Those who wait for it. It is cut short when the last of them gives up. */
  waiting: Set<(progress: Progress) => void>;
  abort: AbortController;
}

/** `work`, done at the first call; those that come meanwhile share it and its progress. Where it failed, the next call tries anew. */
export function once<T>(work: Work<T>): Work<T> {
  let doing: Doing<T> | undefined;

  const begin = (): Doing<T> => {
    const abort = new AbortController();
    const waiting = new Set<(progress: Progress) => void>();
    const result = work(abort.signal, (progress) => {
      waiting.forEach((tell) => {
        tell(progress);
      });
    });
    const begun = { result, waiting, abort };
    result.catch(() => {
      if (doing === begun) doing = undefined;
    });
    return begun;
  };

  return async (signal, onProgress) => {
    if (signal.aborted) throw cancelledError();
    const mine = (doing ??= begin());
    // A listener of its own: the same function may wait twice.
    const tell = (progress: Progress) => {
      onProgress(progress);
    };
    mine.waiting.add(tell);
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => {
        mine.waiting.delete(tell);
        if (mine.waiting.size === 0) {
          mine.abort.abort();
          if (doing === mine) doing = undefined;
        }
        reject(cancelledError());
      };
    });
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([mine.result, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      mine.waiting.delete(tell);
    }
  };
}
