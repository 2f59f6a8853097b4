// What this browser can do, told before anything is fetched. Never throws, never waits.

import type { Capabilities } from "./protocol.js";

/** The smallest module that uses a SIMD instruction: `i8x16.splat` and `i8x16.popcnt` of zero, dropped. */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

export function probe(): Capabilities {
  const wasmSimd = attempt(() => WebAssembly.validate(SIMD_MODULE)) ?? false;
  const webgpu = attempt(() => "gpu" in navigator) ?? false;
  const secureContext = attempt(() => globalThis.isSecureContext) ?? false;
  const cores = attempt(() => navigator.hardwareConcurrency) ?? 1;
  const advice: string[] = [];
  if (!wasmSimd)
    advice.push(
      "This browser lacks WebAssembly SIMD, which the engine needs: update it to one of the last three years.",
    );
  if (!webgpu && !secureContext)
    advice.push("WebGPU needs https or localhost; the CPU engine works here all the same.");
  return { wasmSimd, webgpu, secureContext, cores, advice };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
