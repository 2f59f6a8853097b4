// Fetched files that this browser keeps, by what they must be: in the origin's private file system, each named after its hash. A file
// that is not what its name says is dropped. Where nothing can be kept that is said once, and all works without.

import { integrityOf } from "./integrity.js";
import type { StorageReport } from "./protocol.js";

const FOLDER = "soft-thinking-lab";
/** Files of older versions go when all together are more. */
const BYTES_KEPT = 1 << 27;

export interface Shelf {
  /** The file of that hash, if it is kept and whole. */
  take(integrity: string, notice: (text: string) => void): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(integrity: string, bytes: Uint8Array<ArrayBuffer>, notice: (text: string) => void): Promise<void>;
}

/** What the DOM types do not know yet: a handle that writes at once, in workers; moving, in the private file system. */
interface WorkerHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<{ write(bytes: Uint8Array): number; flush(): void; close(): void }>;
  move?(name: string): Promise<void>;
}

export function browserShelf(): Shelf {
  let told = false;
  const tellOnce = (text: string, notice: (text: string) => void) => {
    if (!told) notice(text);
    told = true;
  };
  return {
    async take(integrity, notice) {
      const folder = await openFolder(false).catch(() => undefined);
      const handle = await folder?.getFileHandle(nameOf(integrity)).catch(() => undefined);
      if (folder === undefined || handle === undefined) return undefined;
      try {
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        if ((await integrityOf(bytes)) === integrity) return bytes;
      } catch {
        // Not readable is as good as damaged.
      }
      notice("A file kept in this browser was damaged. It was dropped and fetched anew.");
      await folder.removeEntry(nameOf(integrity)).catch(() => undefined);
      return undefined;
    },
    async put(integrity, bytes, notice) {
      try {
        const folder = await openFolder(true);
        await write(folder, nameOf(integrity), bytes);
        await tidy(folder, nameOf(integrity));
      } catch (thrown) {
        const text = whyNotKept(thrown);
        if (text !== undefined) tellOnce(text, notice);
      }
    },
  };
}

/** Whether a file of that hash is kept here; never throws. For words before a download: `take` finds out whether it is whole. */
export async function isKept(integrity: string): Promise<boolean> {
  try {
    await (await openFolder(false)).getFileHandle(nameOf(integrity));
    return true;
  } catch {
    return false;
  }
}

/** What this browser keeps for this page; never throws. */
export async function storageHere(): Promise<StorageReport> {
  const storage = (globalThis as { navigator?: { storage?: StorageManager } }).navigator?.storage;
  const [asked, persisted, { usage, quota }] = await Promise.all([
    openFolder(true).then(
      () => "",
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
    ),
    storage?.persisted().catch(() => false) ?? false,
    storage?.estimate().catch(() => ({})) ?? {},
  ] as [Promise<string>, Promise<boolean>, Promise<StorageEstimate>]);
  const reason = asked === "" ? "" : `This browser keeps no files for this page (${asked}).`;
  return {
    usable: reason === "",
    reason,
    ...(usage === undefined ? {} : { used: usage }),
    ...(quota === undefined ? {} : { quota }),
    persisted,
  };
}

async function openFolder(create: boolean): Promise<FileSystemDirectoryHandle> {
  // The types promise it everywhere; pages over plain http do not have it.
  const storage = (globalThis as { navigator?: { storage?: StorageManager } }).navigator?.storage;
  if (storage === undefined) throw new DOMException("it did not come by https", "SecurityError");
  return await (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
}

/** Base64 with characters that a file's name may have. */
function nameOf(integrity: string): string {
  return integrity.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Under another name until it is whole: a tab closed in the middle leaves no half a file behind. */
async function write(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array): Promise<void> {
  const part = `${name}.part`;
  const handle = (await folder.getFileHandle(part, { create: true })) as WorkerHandle;
  const file = await handle.createSyncAccessHandle();
  try {
    if (file.write(bytes) !== bytes.byteLength) throw new DOMException("not all was written", "QuotaExceededError");
    file.flush();
  } catch (thrown) {
    file.close();
    await folder.removeEntry(part).catch(() => undefined);
    throw thrown;
  }
  file.close();
  if (handle.move === undefined) throw new DOMException("files cannot be moved", "NotSupportedError");
  await handle.move(name);
}

async function tidy(folder: FileSystemDirectoryHandle, newest: string): Promise<void> {
  const files: File[] = [];
  for await (const handle of folder.values()) {
    if (handle.kind === "file") files.push(await handle.getFile());
  }
  files.sort((a, b) => b.lastModified - a.lastModified);
  let sum = 0;
  for (const { name, size } of files) {
    sum += size;
    if (sum > BYTES_KEPT && name !== newest) await folder.removeEntry(name).catch(() => undefined);
  }
}

/** undefined where another tab is writing the same file just now. */
function whyNotKept(thrown: unknown): string | undefined {
  const { name, message } = thrown instanceof Error ? thrown : { name: "", message: String(thrown) };
  if (name === "NoModificationAllowedError" || name === "InvalidStateError") return undefined;
  if (name === "QuotaExceededError") {
    return "There is no room left for this page in this browser, so what is fetched is not kept: all works, and is fetched anew at the next visit. Free some disk space to change that.";
  }
  return `This browser keeps no files for this page (${message}), so what is fetched is not kept: all works, and is fetched anew at the next visit. Private windows and blocked storage do that.`;
}
