// Counts what a page asks of WebGPU, by standing in front of the browser's own methods: the same ruler for every peer.
// Not here: what the calls cost. Buffers that are dropped without `destroy()` count as held, for nobody says when they go.

/** Totals since the page was opened. */
const totals = { dispatches: 0, submits: 0, read_backs: 0, creations: 0, live_bytes: 0 };

/** @typedef {typeof totals} Counts */

/**
 * Puts `before` in front of a method; it sees the arguments and, where it returns a function, the result.
 * @param {{ prototype: object } | undefined} type
 * @param {string} method
 * @param {(self: any, args: any[]) => void | ((result: any) => void)} before
 */
function watch(type, method, before) {
  const original = type && Reflect.get(type.prototype, method);
  if (type === undefined || typeof original !== "function") return;
  /** @type {(this: unknown, ...args: unknown[]) => unknown} */
  const watched = function (...args) {
    const after = before(this, args);
    const result = Reflect.apply(original, this, args);
    after?.(result);
    return result;
  };
  Reflect.set(type.prototype, method, watched);
}

/** Call once, before the peer asks for its device. */
export function countGpuCalls() {
  const scope = /** @type {Record<string, { prototype: object } | undefined>} */ (/** @type {unknown} */ (globalThis));
  for (const method of ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"])
    watch(scope.GPUComputePassEncoder, method, () => void (totals.dispatches += 1));
  watch(scope.GPUQueue, "submit", () => void (totals.submits += 1));
  watch(scope.GPUBuffer, "mapAsync", (_, [mode]) => void (totals.read_backs += mode === 1 ? 1 : 0));
  /** @type {WeakMap<object, number>} */
  const sizes = new WeakMap();
  watch(scope.GPUDevice, "createBuffer", (_, [descriptor]) => (buffer) => {
    const size = Number(descriptor.size);
    totals.creations += 1;
    totals.live_bytes += size;
    sizes.set(buffer, size);
  });
  watch(scope.GPUBuffer, "destroy", (buffer) => {
    totals.live_bytes -= sizes.get(buffer) ?? 0;
    sizes.delete(buffer);
  });
  const others = ["Texture", "BindGroup", "ShaderModule", "ComputePipeline", "ComputePipelineAsync"];
  for (const what of others) watch(scope.GPUDevice, `create${what}`, () => void (totals.creations += 1));
}

/** @returns {Counts} */
export const gpuCalls = () => ({ ...totals });

/**
 * What was asked for since `start`, per step; the bytes are those held now.
 * @param {Counts} start
 * @param {number} steps
 * @returns {Counts}
 */
export function callsPerStep(start, steps) {
  const per = (/** @type {keyof Counts} */ key) => Math.round((10 * (totals[key] - start[key])) / steps) / 10;
  return {
    dispatches: per("dispatches"),
    submits: per("submits"),
    read_backs: per("read_backs"),
    creations: per("creations"),
    live_bytes: totals.live_bytes,
  };
}

/** The adapter's own words, or null without WebGPU. */
export async function adapterName() {
  const gpu = /** @type {{ requestAdapter(): Promise<{ info: Record<string, string> } | null> } | undefined} */ (
    Reflect.get(navigator, "gpu")
  );
  const adapter = await gpu?.requestAdapter();
  if (!adapter) return null;
  const { vendor, architecture, device, description } = adapter.info;
  return [vendor, architecture, device, description].filter(Boolean).join(" ");
}
