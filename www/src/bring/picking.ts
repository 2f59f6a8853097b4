// What somebody chose or dropped: a model's file, a model's Hugging Face folder, an adapter's two files. Not here: what is in them.

/** A file and where it lay in what was chosen, from the folder's own name on. */
export interface Placed {
  file: File;
  path: string;
}

export type Picked =
  | { kind: "file"; file: File }
  /** `files` are those of one folder, without its sub-folders'. */
  | { kind: "folder"; name: string; files: File[] }
  | { kind: "adapter"; config: File; weights: File }
  /** Half of an adapter. */
  | { kind: "half"; missing: string }
  | { kind: "nothing" };

const ADAPTER_CONFIG = "adapter_config.json";
const ADAPTER_WEIGHTS = "adapter_model.safetensors";

export function pick(placed: readonly Placed[]): Picked {
  const gguf = placed.find(({ path }) => /\.gguf$/i.test(path));
  if (gguf !== undefined) return { kind: "file", file: gguf.file };
  const model = highest(placed, "config.json");
  if (model !== undefined) {
    const at = folderOf(model.path);
    const files = placed.filter(({ path }) => folderOf(path) === at).map(({ file }) => file);
    return { kind: "folder", name: at.split("/").at(-1) ?? "", files };
  }
  const config = highest(placed, ADAPTER_CONFIG);
  const weights = highest(placed, ADAPTER_WEIGHTS);
  if (config !== undefined && weights !== undefined) {
    return { kind: "adapter", config: config.file, weights: weights.file };
  }
  if (config !== undefined) return { kind: "half", missing: ADAPTER_WEIGHTS };
  if (weights !== undefined) return { kind: "half", missing: ADAPTER_CONFIG };
  const [only] = placed;
  if (only === undefined) return { kind: "nothing" };
  if (placed.length === 1) return { kind: "file", file: only.file };
  // Whoever reads it says what is missing.
  return { kind: "folder", name: folderOf(only.path).split("/")[0] ?? "", files: placed.map(({ file }) => file) };
}

function folderOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}

/** A clone of a repository has the same names in its sub-folders: the least deep counts. */
function highest(placed: readonly Placed[], name: string): Placed | undefined {
  const depth = ({ path }: Placed) => path.split("/").length;
  return placed
    .filter(({ path }) => path.split("/").at(-1) === name)
    .reduce<Placed | undefined>(
      (best, one) => (best === undefined || depth(one) < depth(best) ? one : best),
      undefined,
    );
}

export function chosen(input: HTMLInputElement): Placed[] {
  return [...(input.files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** More than one file, or a folder, is dropped. Asked while the drop is handled. */
export function isSeveral({ items, files }: DataTransfer): boolean {
  return files.length > 1 || [...items].some((item) => item.webkitGetAsEntry()?.isDirectory === true);
}

/** All files of a drop, those in folders too. Called while the drop is handled: what is dropped is gone afterwards. */
export function dropped({ items, files }: DataTransfer): Promise<Placed[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve([...files].map((file) => ({ file, path: file.name })));
  return Promise.all(entries.map(filesOf)).then((lists) => lists.flat());
}

async function filesOf(entry: FileSystemEntry): Promise<Placed[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ file, path }];
  }
  // What git keeps for itself may be thousands of files.
  if (!entry.isDirectory || entry.name.startsWith(".")) return [];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(filesOf))).flat();
}
