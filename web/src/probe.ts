// What this browser can do, told before anything is fetched. Never throws, never hangs, and asks for no device: an adapter
// gives only one, and that is the engine's. What to do about what is lacking stands in advice.ts.

import { advise, whyNoAdapter, whyNoWebgpu } from "./advice.js";
import type { Host } from "./advice.js";
import { engineFile } from "./engine-file.js";
import type { AdapterLimits, AdapterReport, Capabilities, StorageReport } from "./protocol.js";
import { isKept, storageHere } from "./shelf.js";

/** The smallest module that uses a SIMD instruction: `i8x16.splat` and `i8x16.popcnt` of zero, dropped. */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** A browser that takes longer to name its GPU is taken to have none. */
export const PATIENCE_MS = 3000;

/** Processors that imitate a GPU, by the names their drivers give them. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|\bcpu\b/i;

export async function probe(): Promise<Capabilities> {
  const host: Host = {
    wasmSimd: attempt(() => WebAssembly.validate(SIMD_MODULE)) ?? false,
    secureContext: attempt(() => globalThis.isSecureContext) ?? false,
    address: attempt(() => globalThis.location.origin) ?? "",
    browser: attempt(() => navigator.userAgent) ?? "",
  };
  const cores = attempt(() => navigator.hardwareConcurrency) ?? 1;
  const [{ found, reason }, kept] = await Promise.all([lookForAdapter(host), lookAtStorage()]);
  const adapter = found?.adapter ?? null;
  return {
    wasmSimd: host.wasmSimd,
    webgpu: found !== undefined,
    webgpuReason: reason,
    adapter,
    f16: found?.f16 ?? false,
    limits: found?.limits ?? null,
    secureContext: host.secureContext,
    cores,
    storage: kept.storage,
    engine: { bytes: engineFile.bytes, kept: kept.engine },
    advice: advise(host, adapter, reason !== ""),
  };
}

interface Found {
  adapter: AdapterReport;
  f16: boolean;
  limits: AdapterLimits;
}

async function lookForAdapter(host: Host): Promise<{ found: Found | undefined; reason: string }> {
  const none = (reason: string) => ({ found: undefined, reason });
  // The types promise it everywhere; old browsers and plain http do not keep that promise.
  const gpu = attempt(() => (navigator as { gpu?: GPU }).gpu);
  if (gpu === undefined) return none(whyNoWebgpu(host));
  try {
    const answer = await inTime(gpu.requestAdapter().then((adapter) => (adapter === null ? null : describe(adapter))));
    if (answer === "late") {
      return none(`The browser did not name a GPU within ${PATIENCE_MS / 1000} seconds of being asked.`);
    }
    return answer === null ? none(whyNoAdapter()) : { found: answer, reason: "" };
  } catch (thrown) {
    return none(`Asking the browser for a GPU failed: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
}

async function lookAtStorage(): Promise<{ storage: StorageReport; engine: boolean }> {
  const look = async () => ({ storage: await storageHere(), engine: await isKept(engineFile.integrity) });
  const answer = await inTime(look());
  if (answer !== "late") return answer;
  const reason = `The browser did not say within ${PATIENCE_MS / 1000} seconds whether it keeps files.`;
  return { storage: { usable: false, reason, persisted: false }, engine: false };
}

async function inTime<T>(work: Promise<T>): Promise<T | "late"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, "late");
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function describe(adapter: GPUAdapter): Promise<Found> {
  const info = await infoOf(adapter);
  const { vendor = "", architecture = "", description = "", device = "" } = info;
  const fallback =
    info.isFallbackAdapter === true ||
    (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter === true ||
    SOFTWARE.test(`${vendor} ${architecture} ${description} ${device}`);
  const { limits } = adapter;
  return {
    adapter: { vendor, architecture, description: description || device, fallback },
    f16: adapter.features.has("shader-f16"),
    limits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
  };
}

/** Browsers of before 2025 tell it by a method, and some not at all. */
async function infoOf(adapter: GPUAdapter): Promise<Partial<GPUAdapterInfo>> {
  const old = adapter as { info?: GPUAdapterInfo; requestAdapterInfo?: () => Promise<GPUAdapterInfo> };
  return old.info ?? (await old.requestAdapterInfo?.().catch(() => undefined)) ?? {};
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
