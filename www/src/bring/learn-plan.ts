// What learning takes beside thinking, before it starts: memory from the model's plan, time from the speed of thoughts. No words, no DOM.

import type { LanguagePlan } from "soft-thinking-lab";

export const TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
export type Target = (typeof TARGETS)[number];

/** Positions of a prompt that the page's word problems stay below, the model's usual words around them included. */
const PROMPT = 128;

interface Shape {
  width: number;
  keys: number;
  inner: number;
}

/** The widths that the plan of the processor does not name, from its parts; src/weights/plan.rs has the formulas. The queries of all Llama
 * and Qwen2 models are as wide as the model. */
export function shapeOf({ engine, memory, layers, hiddenSize, vocabSize }: LanguagePlan): Shape | undefined {
  if (engine !== "cpu") return undefined;
  const { cache, scratch, rows, context } = memory;
  const keys = cache / (rows * layers * context * 8);
  const position = (scratch - rows * vocabSize * 8) / Math.max(rows, 32);
  const inner = (position / 4 - 4 * hiddenSize - 2 * (hiddenSize + 2 * keys)) / 4;
  const whole = [keys, inner].every((size) => Number.isInteger(size) && size > 0);
  return whole ? { width: hiddenSize, keys, inner } : undefined;
}

export interface Learned {
  rank: number;
  targets: readonly Target[];
  /** Completions of one question. */
  sequences: number;
  /** Tokens of a completion. */
  tokens: number;
}

/** Parameters that learn. */
export function adapterSize({ width, keys, inner }: Shape, layers: number, { rank, targets }: Learned): number {
  const sides: Record<Target, number> = {
    q_proj: width + width,
    k_proj: width + keys,
    v_proj: width + keys,
    o_proj: width + width,
    gate_proj: width + inner,
    up_proj: width + inner,
    down_proj: inner + width,
  };
  return layers * rank * targets.reduce((sum, target) => sum + sides[target], 0);
}

/** Passes over a part of a batch take no more in a tab, bytes. */
const ROOM = 256 * 2 ** 20;
const LOGITS_TILE = 32;

/** Bytes at most, about; undefined where the plan does not tell. As `LearningPlan` in src/weights/plan.rs, for prompts of usual length. */
export function learningBytes(plan: LanguagePlan, learned: Learned): number | undefined {
  const shape = shapeOf(plan);
  if (shape === undefined) return undefined;
  const { width, keys, inner } = shape;
  const { layers, vocabSize } = plan;
  const position = 4 * (layers * width + 8 * width + 3 * (width + 2 * keys) + 3 * width + 7 * inner);
  const length = PROMPT + learned.tokens;
  const positions = Math.max(Math.min(learned.sequences * length, Math.floor(ROOM / position)), length);
  return 7 * 4 * adapterSize(shape, layers, learned) + positions * position + vocabSize * (4 * LOGITS_TILE + 5 * 8);
}
