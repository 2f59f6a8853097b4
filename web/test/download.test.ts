import { expect, test, vi } from "vitest";

import { download } from "../src/download.js";
import type { Progress } from "../src/protocol.js";

function options(signal = new AbortController().signal) {
  const seen: Progress[] = [];
  return { seen, options: { phase: "model", signal, onProgress: (progress: Progress) => seen.push(progress) } };
}

test("bytes arrive whole and in order, and the last progress says all of them", async () => {
  const { seen, options: how } = options();
  const file = new File([new Uint8Array(300_000).fill(7), new Uint8Array([8])], "m.gguf");
  const bytes = await download(file, how);
  expect(bytes.length).toBe(300_001);
  expect(bytes.at(-1)).toBe(8);
  expect(seen.at(-1)).toMatchObject({ phase: "model", loaded: 300_001, total: 300_001 });
});

test("an answer that is not 200 is a network failure that names the address", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("no", { status: 404 })));
  await expect(download("http://127.0.0.1/x.gguf", options().options)).rejects.toMatchObject({ code: "network" });
  vi.unstubAllGlobals();
});

test("abort ends a download that would never end", async () => {
  const abort = new AbortController();
  const endless = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.enqueue(new Uint8Array(10));
    },
  });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(endless)));
  setTimeout(() => {
    abort.abort();
  }, 30);
  await expect(download("http://127.0.0.1/x", options(abort.signal).options)).rejects.toMatchObject({
    code: "cancelled",
  });
  vi.unstubAllGlobals();
});
