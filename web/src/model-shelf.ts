// Large files that this browser keeps, written piece by piece: what a download leaves when it is cut is gone on with at the next try.
// In a folder of their own beside the small files of shelf.ts. Not here: whether a file is what it should be (language-file.ts).

const FOLDER = "soft-thinking-lab-models";
const PART = ".part";

export interface KeptFile {
  file: Blob;
  /** What it was when it was kept, as in `integrity`. */
  integrity: string;
}

/** A file that is being written. One of the three ends must be called. */
export interface Part {
  /** Bytes that are there. */
  readonly length: number;
  /** Of those. */
  read(from: number, count: number): Uint8Array<ArrayBuffer>;
  append(bytes: Uint8Array): void;
  /** It is whole: keeps it under its name. `label`: what people know it by. */
  keep(integrity: string, label: string): Promise<Blob>;
  /** Leaves what is there for another try. */
  leave(): void;
  drop(): Promise<void>;
}

export interface ModelShelf {
  take(name: string): Promise<KeptFile | undefined>;
  drop(name: string): Promise<void>;
  /** Bytes that an earlier try left. */
  started(name: string): Promise<number>;
  /** undefined where this browser keeps no files, another tab writes this one, or there is no room for `size` bytes. */
  write(name: string, size: number): Promise<Part | undefined>;
}

interface SyncAccess {
  getSize(): number;
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  flush(): void;
  close(): void;
}
interface WorkerHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccess>;
  move?(name: string): Promise<void>;
}

/** The names of whole files: NAME~HASH, or NAME~HASH~LABEL. */
const SPLIT = "~";
const LABEL_LONGEST = 100;
const fileName = (name: string, integrity: string, label: string) => {
  const hash = integrity.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const plain = label.replace(/[^\w.-]+/g, "_").slice(-LABEL_LONGEST);
  return [name, hash, ...(plain === "" ? [] : [plain])].join(SPLIT);
};
const integrityIn = (fileName: string) => {
  const [, hash = ""] = fileName.split(SPLIT);
  return `${hash.slice(0, 7)}${hash.slice(7).replaceAll("-", "+").replaceAll("_", "/")}=`;
};

export function browserModelShelf(): ModelShelf {
  return {
    async take(name) {
      try {
        const folder = await openFolder(false);
        const handle = await find(folder, name);
        return handle === undefined ? undefined : { file: await handle.getFile(), integrity: integrityIn(handle.name) };
      } catch {
        return undefined;
      }
    },
    async drop(name) {
      const folder = await openFolder(false).catch(() => undefined);
      const handle = folder && (await find(folder, name));
      if (handle !== undefined) await folder?.removeEntry(handle.name).catch(() => undefined);
    },
    async started(name) {
      try {
        const part = await (await openFolder(false)).getFileHandle(name + PART);
        return (await part.getFile()).size;
      } catch {
        return 0;
      }
    },
    async write(name, size) {
      try {
        const folder = await openFolder(true);
        await makeRoom(folder, name, size);
        const handle = (await folder.getFileHandle(name + PART, { create: true })) as WorkerHandle;
        if (handle.move === undefined) return undefined;
        return partOf(folder, handle, await handle.createSyncAccessHandle(), name);
      } catch {
        return undefined;
      }
    },
  };
}

/** A language model's file that this browser keeps for this page. */
export interface KeptModel {
  /** What `forgetModel` takes. */
  file: string;
  /** The last piece of the address it came from; empty where that is not known. */
  name: string;
  bytes: number;
  /** False for what a download left that was cut or cancelled: the next try goes on from there. */
  whole: boolean;
}

/** The language models that this browser keeps for this page, newest first; none where it keeps no files. Never throws. */
export async function keptModels(): Promise<KeptModel[]> {
  const found: { model: KeptModel; modified: number }[] = [];
  try {
    for await (const handle of (await openFolder(false)).values()) {
      if (handle.kind !== "file") continue;
      const { size, lastModified } = await handle.getFile();
      const [, , name = ""] = handle.name.split(SPLIT);
      const model = { file: handle.name, name, bytes: size, whole: !handle.name.endsWith(PART) };
      found.push({ model, modified: lastModified });
    }
  } catch {
    // No folder, or one that changes while it is read: what was found is told.
  }
  return found.sort((a, b) => b.modified - a.modified).map(({ model }) => model);
}

/** A whole file of `keptModels`, with what it must be, for `loadLanguageModel`: without a network too. undefined where it is gone. */
export async function openKeptModel(file: string): Promise<{ file: File; integrity: string } | undefined> {
  try {
    const handle = await (await openFolder(false)).getFileHandle(file);
    return file.endsWith(PART) ? undefined : { file: await handle.getFile(), integrity: integrityIn(file) };
  } catch {
    return undefined;
  }
}

/** Drops a file of `keptModels`. False where it cannot be, as while it is being written. A model that is loaded from it stays. */
export async function forgetModel(file: string): Promise<boolean> {
  try {
    await (await openFolder(false)).removeEntry(file);
    return true;
  } catch {
    return false;
  }
}

function partOf(folder: FileSystemDirectoryHandle, handle: WorkerHandle, access: SyncAccess, name: string): Part {
  let length = access.getSize();
  return {
    get length() {
      return length;
    },
    read(from, count) {
      const bytes = new Uint8Array(count);
      return bytes.subarray(0, access.read(bytes, { at: from }));
    },
    append(bytes) {
      if (access.write(bytes, { at: length }) !== bytes.byteLength) {
        throw new DOMException("not all was written", "QuotaExceededError");
      }
      length += bytes.byteLength;
    },
    async keep(integrity, label) {
      access.flush();
      access.close();
      await handle.move?.(fileName(name, integrity, label));
      return await handle.getFile();
    },
    leave() {
      access.flush();
      access.close();
    },
    async drop() {
      access.close();
      await folder.removeEntry(name + PART).catch(() => undefined);
    },
  };
}

async function find(folder: FileSystemDirectoryHandle, name: string): Promise<FileSystemFileHandle | undefined> {
  for await (const handle of folder.values()) {
    if (handle.kind === "file" && handle.name.startsWith(name + SPLIT)) return handle;
  }
  return undefined;
}

async function openFolder(create: boolean): Promise<FileSystemDirectoryHandle> {
  const storage = (globalThis as { navigator?: { storage?: StorageManager } }).navigator?.storage;
  if (storage === undefined) throw new DOMException("it did not come by https", "SecurityError");
  return await (await storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
}

/** The files unused for longest go until `size` bytes fit. Throws where they never do. */
async function makeRoom(folder: FileSystemDirectoryHandle, name: string, size: number): Promise<void> {
  const { usage = 0, quota = Infinity } = await navigator.storage.estimate();
  let missing = usage + size - quota;
  if (missing <= 0) return;
  const files: File[] = [];
  for await (const handle of folder.values()) {
    if (handle.kind === "file" && !handle.name.startsWith(name)) files.push(await handle.getFile());
  }
  files.sort((a, b) => a.lastModified - b.lastModified);
  if (files.reduce((sum, file) => sum + file.size, 0) < missing)
    throw new DOMException("no room", "QuotaExceededError");
  for (const file of files) {
    if (missing <= 0) return;
    await folder.removeEntry(file.name).catch(() => undefined);
    missing -= file.size;
  }
}
