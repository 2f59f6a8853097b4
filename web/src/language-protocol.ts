// Language models on the wire, as types: what is asked for, and the plan that comes before anything large is fetched.

import type { Folder } from "./language-folder.js";
import type { CacheChoice } from "./protocol.js";

/** Bytes of each part, for one completion of at most `context` tokens, its prompt included. */
export interface MemoryPlan {
  /** The whole file: what is downloaded. */
  file: number;
  weights: number;
  /** Keys and values of every position. */
  cache: number;
  scratch: number;
  vocabulary: number;
  /** More while an adapter learns: rank 8 beside all matrices, 8 completions of 208 positions with their prompt. */
  learning?: number;
  largestTensor: number;
  largestTensorName: string;
  context: number;
  rows: number;
}

/** What an adapter takes while it learns, beside what thinking takes, on the engine that is open: bytes. */
export interface LearningPlan {
  /** The adapter and its gradient. */
  parameters: number;
  /** The optimizer's two moments. */
  moments: number;
  /** The adapter three times more: the reference, the start and the best moment. */
  references: number;
  /** The input of each layer, of the positions that go side by side. */
  kept: number;
  /** Everything inside one layer, forward and back, of those positions. */
  passes: number;
  /** Logits of a tile of positions, and the slopes of one. */
  logits: number;
  /** Positions that go side by side. */
  positions: number;
  /** All of it. */
  total: number;
}

/** What the beginning of a language model's file says, and whether it fits here. */
export interface LanguagePlan {
  /** Where it would think, and so what `memory` counts: that of the processor, or of the GPU. */
  engine: "cpu" | "gpu";
  /** As the file calls it. */
  name?: string;
  /** The architecture: "llama", "qwen2". */
  family: string;
  parameters: number;
  layers: number;
  hiddenSize: number;
  vocabSize: number;
  maxPositions: number;
  /** The file says how it is spoken to. */
  chatTemplate: boolean;
  memory: MemoryPlan;
  /** All of `memory` but the file, bytes. */
  total: number;
  /** What there is here for a model, bytes; an estimate. */
  available: number;
  /** Why it cannot be loaded here, with the numbers. */
  refused?: string | null;
  /** Bytes still to be fetched: 0 for a file from disk and one that this browser keeps. */
  toFetch: number;
  /** What is fetched is kept in this browser, for the next time. */
  kept: boolean;
}

export interface LanguageRequest {
  /** An address, a GGUF file, or a Hugging Face folder. */
  source: string | File | Folder;
  /** Tokens of the longest prompt and completion together. */
  context: number;
  /** In the place of the estimate, bytes. */
  memory?: number;
  integrity?: string;
  cache?: CacheChoice;
  chatTemplate?: string;
  instruction?: string;
  wholeMark?: boolean;
  bridge?: string;
}
