// A language model's Hugging Face folder among files that a person chose: its small texts, and its safetensors as one source. Not here:
// what they mean (the engine), single files (language-file.ts).

import type { FolderTexts } from "./door.js";
import { LabError } from "./error.js";

export interface Folder {
  texts: FolderTexts;
  /** Bytes of each safetensors file, in the order in which `weights` has them. */
  lengths: Float64Array;
  weights: Blob;
}

/** Longest text: the tokenizer.json of 152,000 words has 7 MB. */
const LONGEST = 64 << 20;

export async function readFolder(files: readonly File[]): Promise<Folder> {
  const text = async (name: string): Promise<string | undefined> => {
    const file = files.find((one) => one.name === name);
    if (file !== undefined && file.size > LONGEST) {
      throw new LabError("bad-weights", `${name}: expected at most ${LONGEST} bytes of text, found ${file.size}`);
    }
    return await file?.text();
  };
  const needed = async (name: string): Promise<string> => {
    const found = await text(name);
    if (found !== undefined) return found;
    throw missing(name, files);
  };
  const [config, tokenizer] = [await needed("config.json"), await needed("tokenizer.json")];
  const [settings, template] = [await text("tokenizer_config.json"), await text("chat_template.jinja")];
  const shards = files.filter(({ name }) => name.endsWith(".safetensors"));
  if (shards.length === 0) throw missing("a .safetensors file", files);
  shards.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    texts: {
      config,
      tokenizer,
      ...(settings === undefined ? {} : { settings }),
      ...(template === undefined ? {} : { template }),
    },
    lengths: Float64Array.from(shards, ({ size }) => size),
    weights: new Blob(shards),
  };
}

function missing(what: string, files: readonly File[]): LabError {
  const found = files.map(({ name }) => name).slice(0, 8);
  return new LabError(
    "bad-weights",
    `a model's folder must have config.json, tokenizer.json and .safetensors files; ${what} is missing among ${found.join(", ")}`,
  );
}
