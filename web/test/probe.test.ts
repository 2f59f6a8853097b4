import { expect, test } from "vitest";

import { probe } from "../src/probe.js";

test("the probe answers even where there is no browser, and finds SIMD in this engine", () => {
  expect(probe()).toMatchObject({ wasmSimd: true, webgpu: false });
});
