// The peer TensorFlow.js, operation after operation, as it has no jit. Its Adam has no decoupled decay, which is done beside it.
// Not here: sizes and weights (work.mjs), timing (meter.mjs).

import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";

import { countGpuCalls } from "./gpu-calls.mjs";
import { measure, offer } from "./meter.mjs";
import { ADAMW, MASKED, NORM_EPSILON, sizeOf, tokens, weights } from "./work.mjs";

/** @typedef {Map<string, tf.Variable>} Parameters */

offer(async (options) => {
  const gpu = options.backend === "webgpu";
  if (gpu) countGpuCalls();
  const backend = options.backend.startsWith("wasm") ? "wasm" : options.backend;
  // Beside this page; the threaded build is taken where the page is isolated.
  if (backend === "wasm") setWasmPaths("./");
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} here`);
  await tf.ready();

  const size = sizeOf(options.size);
  /** @type {Parameters} */
  const parameters = new Map(
    weights(size).map(({ name, shape, data }) => [name, tf.variable(tf.tensor(data, shape), true, name)]),
  );
  const variables = [...parameters.values()];
  // The gradient of its gather is not written for wasm: there the embedding is a product with one-hot rows.
  const loss = lossOf(size, parameters, backend === "wasm");
  const { rate, beta1, beta2, epsilon, decay } = ADAMW;
  const adam = tf.train.adam(rate, beta1, beta2, epsilon);
  let hostMs = 0;

  const update = async () => {
    const begun = performance.now();
    const value = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, variables);
      for (const variable of variables) variable.assign(variable.mul(1 - rate * decay));
      adam.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      return value;
    });
    hostMs = performance.now() - begun;
    const number = await read(value);
    // The loss is there before the new parameters are.
    await parameters.get("norm")?.data();
    return number;
  };
  const score = () => read(tf.tidy(loss));
  return measure({ update, score, hostMs: () => (gpu ? hostMs : null) }, options, gpu);
});

/** @param {tf.Scalar} value */
async function read(value) {
  const [number] = await value.data();
  value.dispose();
  return number ?? Number.NaN;
}

/**
 * Mean negative log-probability of the next token (B, T - 1).
 * @param {import("./work.mjs").Size} size
 * @param {Parameters} parameters
 * @param {boolean} oneHot
 * @returns {() => tf.Scalar}
 */
function lossOf(size, parameters, oneHot) {
  const { V, D, H, L, B, T } = size;
  const take = (/** @type {string} */ name) => {
    const found = parameters.get(name);
    if (found === undefined) throw new Error(`no parameter ${name}`);
    return found;
  };
  const batch = tf.tensor1d(tokens(size), "int32");
  const ahead = tf.tidy(() => tf.sub(1, tf.linalg.bandPart(tf.ones([T, T]), -1, 0)).mul(MASKED));
  const norm = (/** @type {tf.Tensor} */ x, /** @type {tf.Tensor} */ gain) =>
    x.mul(tf.rsqrt(tf.mean(tf.square(x), -1, true).add(NORM_EPSILON))).mul(gain);
  const heads = (/** @type {tf.Tensor} */ x) => x.reshape([B, T, H, D / H]).transpose([0, 2, 1, 3]); // (B, H, T, D/H)

  return () => {
    const embedding = take("embedding");
    /** @type {tf.Tensor} */
    let x = oneHot ? tf.matMul(tf.oneHot(batch, V).toFloat(), embedding) : tf.gather(embedding, batch); // (N, D)
    for (let i = 0; i < L; i += 1) {
      const y = norm(x, take(`${i}.norm1`));
      const q = heads(tf.matMul(y, take(`${i}.q`)));
      const k = heads(tf.matMul(y, take(`${i}.k`)));
      const v = heads(tf.matMul(y, take(`${i}.v`)));
      const logits = tf.matMul(q, k, false, true).mul(1 / Math.sqrt(D / H)); // (B, H, T, T)
      const attention = tf.softmax(logits.add(ahead), -1);
      const mixed = tf
        .matMul(attention, v)
        .transpose([0, 2, 1, 3])
        .reshape([B * T, D]);
      x = x.add(tf.matMul(mixed, take(`${i}.o`)));
      const z = norm(x, take(`${i}.norm2`));
      const gate = tf.matMul(z, take(`${i}.gate`));
      const wide = gate.mul(tf.sigmoid(gate)).mul(tf.matMul(z, take(`${i}.up`)));
      x = x.add(tf.matMul(wide, take(`${i}.down`)));
    }
    const logits = tf.matMul(norm(x, take("norm")), embedding, false, true).reshape([B, T, V]);
    const logProbs = tf.logSoftmax(logits, -1).slice([0, 0, 0], [B, T - 1, V]);
    const targets = tf.oneHot(batch.reshape([B, T]).slice([0, 1], [B, T - 1]), V).toFloat();
    return logProbs
      .mul(targets)
      .sum()
      .mul(-1 / (B * (T - 1)));
  };
}
