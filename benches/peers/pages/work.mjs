// The work that every peer is given: sizes, the same first weights, the same tokens, the same AdamW. torch/work.py says it again
// in Python. Not here: how a peer does it, how it is timed.

/**
 * V vocabulary, D width, H heads, L layers, B rows, T positions; SwiGLU is 4 D wide, the output head is the embedding.
 * @typedef {{ V: number, D: number, H: number, L: number, B: number, T: number }} Size
 */

/** @type {Record<string, Size>} */
export const SIZES = {
  small: { V: 64, D: 64, H: 4, L: 2, B: 8, T: 32 }, // 135,488 parameters
  mid: { V: 64, D: 128, H: 4, L: 4, B: 16, T: 64 }, // 1,057,920 parameters
};

/** Burn's defaults of AdamW. The weight decay is decoupled: it does not go through the moments. */
export const ADAMW = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-5, decay: 1e-4 };

export const NORM_EPSILON = 1e-5;
/** In place of the logits of positions that lie ahead. */
export const MASKED = -1e9;

/** @param {string} name */
export function sizeOf(name) {
  const size = SIZES[name];
  if (size === undefined) throw new Error(`size: expected ${Object.keys(SIZES).join(" or ")}, found ${name}`);
  return size;
}

/**
 * Uniform numbers in [0, 1) by Mulberry32, so that each language draws the same ones from one seed.
 * @param {number} seed
 */
function uniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Names and shapes, in the order in which their values are drawn. Matrices are (inputs, outputs).
 * @param {Size} size
 * @returns {[string, number[]][]}
 */
function tensors({ V, D, L }) {
  const layer = (/** @type {number} */ i) =>
    /** @type {[string, number[]][]} */ ([
      [`${i}.norm1`, [D]],
      [`${i}.q`, [D, D]],
      [`${i}.k`, [D, D]],
      [`${i}.v`, [D, D]],
      [`${i}.o`, [D, D]],
      [`${i}.norm2`, [D]],
      [`${i}.gate`, [D, 4 * D]],
      [`${i}.up`, [D, 4 * D]],
      [`${i}.down`, [4 * D, D]],
    ]);
  return [["embedding", [V, D]], ...Array.from({ length: L }, (_, i) => layer(i)).flat(), ["norm", [D]]];
}

/**
 * The first weights: 1 in norms, uniform within ± .5 in the embedding, within ± 1/√inputs elsewhere.
 * @param {Size} size
 */
export function weights(size) {
  const draw = uniform(1);
  return tensors(size).map(([name, shape]) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1);
    const bound = name === "embedding" ? 0.5 : 1 / Math.sqrt(shape[0] ?? 1);
    if (shape.length > 1) for (let i = 0; i < data.length; i += 1) data[i] = (draw() * 2 - 1) * bound;
    return { name, shape, data };
  });
}

/**
 * The tokens (B, T), row after row.
 * @param {Size} size
 */
export function tokens({ V, B, T }) {
  return Int32Array.from({ length: B * T }, (_, j) => (j * 7 + Math.floor(j / 3)) % V);
}
