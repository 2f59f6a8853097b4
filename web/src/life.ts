// Whether a worker is alive: browsers say nothing when they kill one for its memory. It holds a lock as long as it lives, and the page
// waits for that lock. Where there are no Web Locks, only what the browser says is heard.

import type { HoldLock, LockHeld } from "./protocol.js";

/** The types promise them everywhere; pages over plain http and old browsers do not have them. */
export function webLocks(): LockManager | undefined {
  return (navigator as { locks?: LockManager }).locks;
}

/** The page's end: `worker`, which calls `onerror` when it is gone. */
export function watched(worker: Worker): Worker {
  const locks = webLocks();
  if (locks === undefined) return worker;
  const ended = new AbortController();
  const lock = `soft-thinking-lab-worker-${crypto.randomUUID()}`;
  worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isHeld(data, lock)) return;
    locks
      .request(lock, { signal: ended.signal }, () => {
        worker.onerror?.(new ErrorEvent("error", { message: "the browser ended it, perhaps for want of memory" }));
      })
      // Aborted, since the page itself ended the worker; or there may be no locks here after all.
      .catch(() => undefined);
  });
  worker.postMessage({ type: "hold", lock } satisfies HoldLock);
  const terminate = worker.terminate.bind(worker);
  worker.terminate = () => {
    ended.abort();
    terminate();
  };
  return worker;
}

/** The worker's end. */
export function holdWhileAlive(message: HoldLock, post: (message: LockHeld) => void): void {
  webLocks()
    ?.request(message.lock, () => {
      post({ type: "held", lock: message.lock });
      return new Promise(() => undefined);
    })
    .catch(() => undefined);
}

function isHeld(data: unknown, lock: string): boolean {
  const { type, lock: held } = Object(data) as Partial<LockHeld>;
  return type === "held" && held === lock;
}
