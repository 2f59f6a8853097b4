// Large files by ranges: over a real server on this machine, with a shelf in memory. In a browser: tests/page/language-model.test.mjs.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, expect, test } from "vitest";

import { openLanguageSource } from "../src/language-file.js";
import type { Progress } from "../src/protocol.js";
import { blobSource } from "../src/source.js";
import type { Source } from "../src/source.js";
import { ModelShelfInMemory } from "./fake-stores.js";

/** Longer than what is read at once. */
const FILE = Buffer.from(Uint32Array.from({ length: 2_400_000 }, (_, index) => index * 2654435761).buffer);
const INTEGRITY = `sha256-${createHash("sha256").update(FILE).digest("base64")}`;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Asked {
  from: number;
  to: number;
}

/** Serves `FILE`, with parts of it where `ranges`. `cut`: the line breaks once, so many bytes into an answer that long. */
async function serve({ ranges = true, etag = '"1"', cut = 0 } = {}): Promise<{ address: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const host = { etag, cut };
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const found = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    const from = ranges ? Number(found?.[1] ?? 0) : 0;
    const last = ranges && found?.[2] ? Math.min(Number(found[2]), FILE.length - 1) : FILE.length - 1;
    asked.push({ from, to: last + 1 });
    const part = ranges && found !== null;
    response.writeHead(part ? 206 : 200, {
      ...(host.etag === "" ? {} : { etag: host.etag }),
      "content-length": last + 1 - from,
      ...(part ? { "content-range": `bytes ${from}-${last}/${FILE.length}` } : {}),
    });
    const breaks = host.cut > 0 && last + 1 - from > host.cut;
    const to = breaks ? from + host.cut : last + 1;
    if (breaks) host.cut = 0;
    response.write(FILE.subarray(from, to), () => {
      if (!breaks) response.end();
      else setTimeout(() => response.destroy(), 30);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.gguf`, asked };
}

function options() {
  const abort = new AbortController();
  const seen: Progress[] = [];
  return { seen, abort, signal: abort.signal, onProgress: (one: Progress) => seen.push(one) };
}

async function isAll(source: Source): Promise<void> {
  expect(source.size).toBe(FILE.length);
  for (const [from, length] of [
    [0, 8],
    [5_000_001, 3_000_000],
    [FILE.length - 7, 7],
    [1_000_000, 100_000],
  ] as const) {
    expect(Buffer.from(await source.read(from, length)).equals(FILE.subarray(from, from + length))).toBe(true);
  }
}

test("the beginning alone is fetched before the plan is agreed to, then the whole, which is kept", async () => {
  const { address, asked } = await serve();
  const [shelf, how] = [new ModelShelfInMemory(), options()];
  const opened = await openLanguageSource({ source: address }, how, shelf);
  expect(Buffer.from(await opened.beginning.read(0, 1 << 20)).equals(FILE.subarray(0, 1 << 20))).toBe(true);
  expect(asked).toEqual([{ from: 0, to: 1 << 20 }]);
  expect([opened.toFetch, opened.kept]).toEqual([FILE.length, true]);
  await isAll(await opened.whole());
  await opened.close();
  expect(how.seen.at(-1)).toMatchObject({ phase: "model", loaded: FILE.length, total: FILE.length });

  const again = await openLanguageSource({ source: address }, options(), shelf);
  expect(again.toFetch).toBe(0);
  const before = asked.length;
  await isAll(await again.whole());
  expect(asked.length).toBe(before);
});

test("a known hash needs no network the second time, and another file is refused and not kept", async () => {
  const { address, asked } = await serve();
  const shelf = new ModelShelfInMemory();
  const wanted = { source: address, integrity: INTEGRITY };
  await (await openLanguageSource(wanted, options(), shelf)).whole();
  const before = asked.length;
  await isAll(await (await openLanguageSource(wanted, options(), shelf)).whole());
  expect(asked.length).toBe(before);

  const other = { source: address, integrity: `sha256-${createHash("sha256").update("x").digest("base64")}` };
  const opened = await openLanguageSource(other, options(), shelf);
  await expect(opened.whole()).rejects.toMatchObject({ code: "integrity" });
  expect([shelf.kept.size, shelf.parts.size]).toEqual([1, 0]);
});

test("a download that is cancelled is gone on with at the next try", async () => {
  const { address, asked } = await serve();
  const [shelf, how] = [new ModelShelfInMemory(), options()];
  const opened = await openLanguageSource({ source: address }, how, shelf);
  const first = opened.whole();
  await expect.poll(() => how.seen.some(({ loaded }) => loaded > 0), { timeout: 10_000 }).toBe(true);
  how.abort.abort();
  await expect(first).rejects.toMatchObject({ code: "cancelled" });
  await opened.close();
  const [part] = shelf.parts.values();
  const there = part?.byteLength ?? 0;
  expect(there).toBeGreaterThan(0);
  expect(there).toBeLessThan(FILE.length);
  const again = await openLanguageSource({ source: address }, options(), shelf);
  expect(again.toFetch).toBe(FILE.length - there);
  await isAll(await again.whole());
  expect(asked.at(-1)).toEqual({ from: there, to: FILE.length });
});

test("a line that is cut is taken up where it broke", async () => {
  const { address, asked } = await serve({ cut: 3_000_000 });
  const opened = await openLanguageSource({ source: address }, options(), new ModelShelfInMemory());
  await isAll(await opened.whole());
  expect(asked.map(({ from }) => from)).toEqual([0, 0, 3_000_000]);
});

test("from a server without ranges the whole file goes to the shelf; where there is none it says what to do", async () => {
  const { address } = await serve({ ranges: false });
  const shelf = new ModelShelfInMemory();
  const opened = await openLanguageSource({ source: address }, options(), shelf);
  expect(Buffer.from(await opened.beginning.read(10, 2_000_000)).equals(FILE.subarray(10, 2_000_010))).toBe(true);
  await isAll(await opened.whole());
  shelf.closed = true;
  shelf.kept.clear();
  const without = await openLanguageSource({ source: address }, options(), shelf);
  await expect(without.whole()).rejects.toMatchObject({ code: "storage" });
});

test("where nothing can be kept, ranges are read from the server as they are needed", async () => {
  const { address, asked } = await serve();
  const shelf = new ModelShelfInMemory();
  shelf.closed = true;
  await isAll(await (await openLanguageSource({ source: address }, options(), shelf)).whole());
  expect(asked.every(({ from, to }) => to - from <= 4 << 20)).toBe(true);
});

test("what cannot be told from a later file is not kept", async () => {
  const { address } = await serve({ etag: "" });
  const shelf = new ModelShelfInMemory();
  const opened = await openLanguageSource({ source: address }, options(), shelf);
  expect(opened.kept).toBe(false);
  await isAll(await opened.whole());
  await opened.close();
  expect(shelf.kept.size).toBe(0);
});

test("a kept file that was damaged is dropped and fetched anew", async () => {
  const { address } = await serve();
  const shelf = new ModelShelfInMemory();
  await (await openLanguageSource({ source: address }, options(), shelf)).whole();
  const [[name, kept]] = [...shelf.kept] as [[string, { file: Blob; integrity: string }]];
  shelf.kept.set(name, { ...kept, file: new Blob([FILE.subarray(1)]) });
  const how = options();
  const opened = await openLanguageSource({ source: address }, how, shelf);
  expect(how.seen.some(({ phase, text }) => phase === "notice" && text.includes("damaged"))).toBe(true);
  await isAll(await opened.whole());
});

test("a file from disk is read where it lies", async () => {
  const file = new File([FILE], "m.gguf");
  const opened = await openLanguageSource({ source: file }, options(), new ModelShelfInMemory());
  expect([opened.toFetch, opened.kept]).toEqual([0, false]);
  await isAll(await opened.whole());
  const wanted = { source: file, integrity: INTEGRITY.replace("sha256-", "sha256-A").slice(0, -2) + "=" };
  await expect(openLanguageSource(wanted, options(), new ModelShelfInMemory())).rejects.toMatchObject({
    code: "integrity",
  });
  const abort = new AbortController();
  const source = blobSource(file, abort.signal);
  abort.abort();
  await expect(source.read(0, 1)).rejects.toMatchObject({ code: "cancelled" });
});
