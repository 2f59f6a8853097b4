import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { PATIENCE_MS, probe } from "../src/probe.js";

const LIMITS = {
  maxBufferSize: 268_435_456,
  maxStorageBufferBindingSize: 134_217_728,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBuffersPerShaderStage: 8,
};
const CHROME_LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36";
const FIREFOX_LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

function adapter(info: object, features: string[] = [], more: object = {}) {
  return { info, features: new Set(features), limits: { ...LIMITS, maxTextureDimension2D: 8192 }, ...more };
}

interface Browser {
  requestAdapter?: () => Promise<unknown>;
  userAgent?: string;
  secure?: boolean;
  origin?: string;
}

function pretend({ requestAdapter, userAgent = CHROME_LINUX, secure = true, origin = "https://lab.example" }: Browser) {
  const gpu = requestAdapter === undefined ? {} : { gpu: { requestAdapter } };
  vi.stubGlobal("navigator", { userAgent, hardwareConcurrency: 2, ...gpu });
  vi.stubGlobal("isSecureContext", secure);
  vi.stubGlobal("location", { origin });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the probe answers even where there is no browser, and finds SIMD in this engine", async () => {
  vi.stubGlobal("navigator", undefined);
  const found = await probe();
  expect(found).toMatchObject({ wasmSimd: true, webgpu: false, adapter: null, limits: null, cores: 1 });
  expect(found.webgpuReason).not.toBe("");
});

test("a real GPU is described with its limits, and there is nothing to do", async () => {
  const info = { vendor: "intel", architecture: "gen-12lp", description: "", device: "", isFallbackAdapter: false };
  pretend({ requestAdapter: () => Promise.resolve(adapter(info, ["shader-f16"])) });
  expect(await probe()).toEqual({
    wasmSimd: true,
    webgpu: true,
    webgpuReason: "",
    adapter: { vendor: "intel", architecture: "gen-12lp", description: "", fallback: false },
    f16: true,
    limits: LIMITS,
    secureContext: true,
    cores: 2,
    storage: {
      usable: false,
      reason: "This browser keeps no files for this page (it did not come by https).",
      persisted: false,
    },
    engine: { bytes: 7, kept: false },
    advice: [],
  });
});

test.each([
  ["what the browser says in its info", adapter({ vendor: "x", isFallbackAdapter: true })],
  ["what older browsers say on the adapter", adapter({ vendor: "x" }, [], { isFallbackAdapter: true })],
  ["SwiftShader's name", adapter({ vendor: "google", architecture: "swiftshader" })],
  ["llvmpipe's name", adapter({ vendor: "", description: "llvmpipe (LLVM 15.0.6, 256 bits)" })],
  [
    "a name told by the old method",
    { ...adapter({}), info: undefined, requestAdapterInfo: () => Promise.resolve({ device: "lavapipe" }) },
  ],
])("a GPU in software is known by %s, and the CPU is recommended", async (_how, software) => {
  pretend({ requestAdapter: () => Promise.resolve(software) });
  const found = await probe();
  expect(found).toMatchObject({ webgpu: true, adapter: { fallback: true } });
  expect(found.advice[0]).toContain("CPU engine will usually be faster");
});

test("a page by plain http from another machine is told to come by https or localhost", async () => {
  pretend({ secure: false, origin: "http://192.168.1.20:8080" });
  const found = await probe();
  expect(found.webgpuReason).toContain("http://192.168.1.20:8080");
  expect(found.advice).toEqual([
    "Open this page by https, or on the machine that serves it by http://localhost, instead of http://192.168.1.20:8080.",
  ]);
});

test.each([
  ["Chrome on Linux", CHROME_LINUX, "chrome://flags"],
  ["Firefox on Linux", FIREFOX_LINUX, "dom.webgpu.enabled"],
  ["Safari", "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.3 Safari/605.1.15", "Safari 26"],
  ["another", "Lynx/2.9", "Update the browser"],
])("%s without a GPU is told what to switch on", async (_name, userAgent, what) => {
  for (const requestAdapter of [undefined, () => Promise.resolve(null)]) {
    pretend({ userAgent, ...(requestAdapter && { requestAdapter }) });
    const found = await probe();
    expect(found).toMatchObject({ webgpu: false, adapter: null });
    expect(found.advice[0]).toContain(what);
  }
});

test("a browser that never answers is not waited for, and one that throws is quoted", async () => {
  pretend({ requestAdapter: () => new Promise(() => undefined) });
  const waiting = probe();
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect((await waiting).webgpuReason).toContain("3 seconds");
  pretend({ requestAdapter: () => Promise.reject(new TypeError("no such thing")) });
  expect((await probe()).webgpuReason).toContain("no such thing");
  pretend({
    requestAdapter: () => {
      throw new Error("at once");
    },
  });
  expect((await probe()).webgpuReason).toContain("at once");
});
