// Who has a thing that all tabs of this origin share, by Web Locks: a tab that is closed or crashes gives its locks back. Where there
// are none, everyone may: then the last one to write wins, as it was before there were locks.

import { webLocks } from "./life.js";
import type { Claim } from "./run-store.js";

/** A tab that was just closed or loaded anew still holds its locks for a moment. */
const PATIENCE_MS = 500;

/** Waits `patienceMs` where another has it; then undefined. */
export async function claim(name: string, patienceMs: number): Promise<Claim | undefined> {
  const locks = webLocks();
  if (locks === undefined) return { release: () => undefined };
  return await new Promise((resolve) => {
    const how = patienceMs > 0 ? { signal: AbortSignal.timeout(patienceMs) } : { ifAvailable: true };
    locks
      .request(name, how, async (lock) => {
        if (lock === null) resolve(undefined);
        else {
          await new Promise<void>((release) => {
            resolve({ release });
          });
        }
      })
      .catch((thrown: unknown) => {
        const late = thrown instanceof DOMException && (thrown.name === "TimeoutError" || thrown.name === "AbortError");
        // Locks that a browser forbids, as to a frame whose storage is blocked, protect nobody.
        resolve(late ? undefined : { release: () => undefined });
      });
  });
}

export async function isClaimed(name: string): Promise<boolean> {
  const asked = performance.now();
  for (;;) {
    const { held = [] } =
      (await webLocks()
        ?.query()
        .catch(() => undefined)) ?? {};
    if (!held.some((lock) => lock.name === name)) return false;
    if (performance.now() - asked > PATIENCE_MS) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
