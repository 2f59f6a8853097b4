// Why there is no GPU here and what a person can do about it, in sentences. Looks at names only; the looking is probe.ts.

import type { AdapterReport } from "./protocol.js";

/** What the advice depends on. */
export interface Host {
  wasmSimd: boolean;
  secureContext: boolean;
  /** The page's origin. */
  address: string;
  /** The user agent: nothing else tells a Firefox from a Chrome where there is no WebGPU to ask. */
  browser: string;
}

export function whyNoWebgpu(host: Host): string {
  return host.secureContext
    ? "This browser does not offer WebGPU."
    : `Browsers hide WebGPU from pages that come over plain http${host.address === "" ? "" : `, as this one does from ${host.address}`}.`;
}

export function whyNoAdapter(): string {
  return "This browser knows WebGPU but offers no GPU for it: the driver is missing, too old, or on the browser's block list.";
}

export function advise(host: Host, adapter: AdapterReport | null, noGpu: boolean): string[] {
  const advice: string[] = [];
  if (!host.wasmSimd) {
    advice.push(
      "This browser lacks WebAssembly SIMD, which the engine needs: update it to one of the last three years.",
    );
  }
  if (noGpu) advice.push(...(host.secureContext ? howToGetGpu(host.browser) : [openSafely(host.address)]));
  if (adapter?.fallback === true) {
    const name = adapter.description || adapter.architecture || adapter.vendor;
    advice.push(
      `The GPU here is imitated by the processor${name === "" ? "" : ` (${name})`}: the CPU engine will usually be faster. A driver for the real GPU, if there is one, changes that.`,
    );
  }
  return advice;
}

function openSafely(address: string): string {
  const elsewhere = "Open this page by https, or on the machine that serves it by http://localhost";
  return address === "" ? `${elsewhere}.` : `${elsewhere}, instead of ${address}.`;
}

function howToGetGpu(browser: string): string[] {
  const linux = /Linux|X11/.test(browser) && !browser.includes("Android");
  if (browser.includes("Firefox/")) {
    const switchOn = "In Firefox, open about:config, set dom.webgpu.enabled to true, and reload this page.";
    return linux
      ? [
          switchOn,
          "If that is on already, install a Vulkan driver (mesa-vulkan-drivers on Debian and Ubuntu) and set gfx.webgpu.ignore-blocklist to true.",
        ]
      : [switchOn, "Or update Firefox: since version 141 on Windows and 145 on macOS WebGPU is on by itself."];
  }
  if (browser.includes("Chrome/")) {
    return linux
      ? [
          "In Chrome on Linux, open chrome://flags, enable “Unsafe WebGPU Support” and “Vulkan”, and start the browser again.",
          "If that is on already, install a Vulkan driver (mesa-vulkan-drivers on Debian and Ubuntu, or the GPU maker's own).",
        ]
      : [
          "Update the browser and the GPU's driver, and switch hardware acceleration on in the browser's settings.",
          "chrome://gpu says under “WebGPU” what is blocked and why.",
        ];
  }
  if (browser.includes("Safari/")) return ["Update to Safari 26 (macOS 26, iOS 26) or newer: it has WebGPU."];
  return ["Update the browser: current versions of Chrome, Edge, Firefox and Safari have WebGPU."];
}
