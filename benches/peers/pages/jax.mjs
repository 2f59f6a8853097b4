// The peer jax-js: the whole step (forward, backward, AdamW) is one `jit`. AdamW is written out because its optax is not on the
// registry. Not here: sizes and weights (work.mjs), timing (meter.mjs).
//
// jax-js counts references: an array is consumed by the operation it enters, and `.ref` keeps it for another use.

import * as jax from "@jax-js/jax";

import { countGpuCalls } from "./gpu-calls.mjs";
import { measure, offer } from "./meter.mjs";
import { ADAMW, MASKED, NORM_EPSILON, sizeOf, tokens, weights } from "./work.mjs";

const { nn, numpy: np, tree } = jax;

/** @typedef {jax.Array} Tensor */
/** @typedef {Record<string, Tensor>} Parameters */

offer(async (options) => {
  const gpu = options.backend === "webgpu";
  if (gpu) countGpuCalls();
  const device = gpu ? "webgpu" : "wasm";
  if (!(await jax.init(device)).includes(device)) throw new Error(`jax-js has no ${device} here`);
  jax.defaultDevice(device);

  const size = sizeOf(options.size);
  const loss = lossOf(size);
  const step = jax.jit(stepOf(loss));
  const score = jax.jit(loss);
  let parameters = /** @type {Parameters} */ ({});
  for (const { name, shape, data } of weights(size)) parameters[name] = np.array(data).reshape(shape);
  let first = zerosLike(parameters);
  let second = zerosLike(parameters);
  const batch = np.array(tokens(size), { dtype: np.int32 }).reshape([size.B, size.T]);
  let count = 0;
  let hostMs = 0;

  const update = async () => {
    count += 1;
    const begun = performance.now();
    const time = np.array(count, { dtype: np.float32 });
    const [value, ...state] = step(parameters, first, second, time, batch.ref);
    [parameters, first, second] = state;
    hostMs = performance.now() - begun;
    // A GPU's queue is in order, so its last array waits for all; each further one would be a read-back more.
    await jax.blockUntilReady(gpu ? parameters.norm : [parameters, first, second]);
    return (await value.data())[0] ?? Number.NaN;
  };
  const read = async () => (await score(tree.ref(parameters), batch.ref).data())[0] ?? Number.NaN;
  return measure({ update, score: read, hostMs: () => (gpu ? hostMs : null) }, options, gpu);
});

/** @param {Parameters} like */
function zerosLike(like) {
  return Object.fromEntries(Object.entries(like).map(([name, array]) => [name, np.zeros(array.shape)]));
}

/**
 * Mean negative log-probability of the next token (B, T - 1).
 * @param {import("./work.mjs").Size} size
 * @returns {(parameters: Parameters, batch: Tensor) => Tensor}
 */
function lossOf({ V, D, H, L, B, T }) {
  const N = B * T;
  const norm = (/** @type {Tensor} */ x, /** @type {Tensor} */ gain) => {
    const scale = np.reciprocal(np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(NORM_EPSILON)));
    return x.mul(scale).mul(gain);
  };
  const heads = (/** @type {Tensor} */ x) => x.reshape([B, T, H, D / H]).transpose([0, 2, 1, 3]); // (B, H, T, D/H)

  return (parameters, batch) => {
    const take = (/** @type {string} */ name) => {
      const found = parameters[name];
      if (found === undefined) throw new Error(`no parameter ${name}`);
      return found;
    };
    const embedding = take("embedding");
    let x = np.take(embedding.ref, batch.ref.reshape([N]), 0); // (N, D)
    for (let i = 0; i < L; i += 1) {
      const y = norm(x.ref, take(`${i}.norm1`));
      const q = heads(np.matmul(y.ref, take(`${i}.q`)));
      const k = heads(np.matmul(y.ref, take(`${i}.k`)));
      const v = heads(np.matmul(y, take(`${i}.v`)));
      const logits = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(D / H)); // (B, H, T, T)
      const seen = np.tri(T, T, 0, { dtype: np.bool });
      const attention = nn.softmax(np.where(seen, logits, MASKED), -1);
      const mixed = np.matmul(attention, v).transpose([0, 2, 1, 3]).reshape([N, D]);
      x = x.add(np.matmul(mixed, take(`${i}.o`)));
      const z = norm(x.ref, take(`${i}.norm2`));
      const gate = nn.silu(np.matmul(z.ref, take(`${i}.gate`)));
      x = x.add(np.matmul(gate.mul(np.matmul(z, take(`${i}.up`))), take(`${i}.down`)));
    }
    const logits = np.matmul(norm(x, take("norm")), embedding.transpose()).reshape([B, T, V]);
    const logProbs = nn.logSoftmax(logits, -1).slice([], [0, T - 1]);
    const targets = nn.oneHot(batch.slice([], [1, T]), V);
    return logProbs
      .mul(targets)
      .sum()
      .mul(-1 / (B * (T - 1)));
  };
}

/**
 * Forward, backward and AdamW: loss, parameters, first and second moments.
 * @param {(parameters: Parameters, batch: Tensor) => Tensor} loss
 * @returns {(p: Parameters, m: Parameters, v: Parameters, time: Tensor, batch: Tensor) => [Tensor, Parameters, Parameters, Parameters]}
 */
function stepOf(loss) {
  const { rate, beta1, beta2, epsilon, decay } = ADAMW;
  return (p, m, v, time, batch) => {
    const [value, gradients] = jax.valueAndGrad(loss)(tree.ref(p), batch);
    const bias1 = np.subtract(1, np.power(beta1, time.ref));
    const bias2 = np.subtract(1, np.power(beta2, time));
    const next = /** @type {[Parameters, Parameters, Parameters]} */ ([{}, {}, {}]);
    for (const [name, parameter] of Object.entries(p)) {
      const [gradient, before1, before2] = [gradients[name], m[name], v[name]];
      if (!gradient || !before1 || !before2) throw new Error(`no gradient of ${name}`);
      const first = before1.mul(beta1).add(gradient.ref.mul(1 - beta1));
      const second = before2.mul(beta2).add(np.square(gradient).mul(1 - beta2));
      const root = np.sqrt(second.ref.div(bias2.ref)).add(epsilon);
      const move = first.ref.div(bias1.ref).div(root);
      next[0][name] = parameter.mul(1 - rate * decay).sub(move.mul(rate));
      next[1][name] = first;
      next[2][name] = second;
    }
    bias1.dispose();
    bias2.dispose();
    return [value, ...next];
  };
}
