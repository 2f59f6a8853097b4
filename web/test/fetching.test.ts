// Files of a known hash, and downloads that are cut, over a real server on this machine.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, expect, test } from "vitest";

import { fetchChecked, fetchModule } from "../src/fetching.js";
import { download } from "../src/download.js";
import { integrityOf, readIntegrity } from "../src/integrity.js";
import type { Progress } from "../src/protocol.js";
import { ShelfInMemory } from "./fake-stores.js";

const FILE = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 251));
const INTEGRITY = `sha256-${createHash("sha256").update(FILE).digest("base64")}`;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Serves; the answer's address is that of a file. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.gguf`;
}

function options() {
  const seen: Progress[] = [];
  return { seen, phase: "model", signal: new AbortController().signal, onProgress: (one: Progress) => seen.push(one) };
}

/** Sends from `start`, and cuts the line before `end` where that is not the file's. */
function send(response: ServerResponse, start: number, end: number): void {
  response.write(FILE.subarray(start, end), () => {
    if (end === FILE.length) response.end();
    else setTimeout(() => response.destroy(), 30);
  });
}

const startOf = ({ headers }: IncomingMessage) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);

test("a download that is cut goes on with a Range request, from where it stopped", async () => {
  const starts: number[] = [];
  const address = await serve((request, response) => {
    const start = startOf(request);
    starts.push(start);
    const range = start > 0 ? { "content-range": `bytes ${start}-${FILE.length - 1}/${FILE.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { etag: '"a"', "content-length": FILE.length - start, ...range });
    send(response, start, starts.length < 3 ? start + 70_000 : FILE.length);
  });
  const how = options();
  expect(Buffer.from(await download(address, how)).equals(FILE)).toBe(true);
  expect(starts).toEqual([0, 70_000, 140_000]);
  expect(how.seen.at(-1)).toMatchObject({ loaded: FILE.length, total: FILE.length });
});

test("where the server knows no ranges it begins anew, and what came before is not there twice", async () => {
  let asked = 0;
  const address = await serve((_, response) => {
    asked += 1;
    response.writeHead(200, { "last-modified": "Fri, 27 Nov 2026 12:00:00 GMT", "content-length": FILE.length });
    send(response, 0, asked < 2 ? 90_000 : FILE.length);
  });
  expect(Buffer.from(await download(address, options())).equals(FILE)).toBe(true);
  expect(asked).toBe(2);
});

test("a file that changed while it was fetched is not put together from two", async () => {
  let asked = 0;
  const address = await serve((_, response) => {
    asked += 1;
    response.writeHead(200, { etag: `"${asked}"`, "content-length": FILE.length });
    send(response, 0, asked < 2 ? 90_000 : FILE.length);
  });
  await expect(download(address, options())).rejects.toMatchObject({ code: "network" });
});

test("a download that cannot go on says how many bytes came", async () => {
  let asked = 0;
  const address = await serve((_, response) => {
    asked += 1;
    if (asked > 1) {
      response.destroy();
      return;
    }
    response.writeHead(200, { etag: '"a"', "content-length": FILE.length });
    send(response, 0, 90_000);
  });
  await expect(download(address, options())).rejects.toMatchObject({
    code: "network",
    message: expect.stringMatching(/broke off after 90000 of 200000 bytes .* try again$/) as string,
  });
  expect(asked).toBe(4);
});

test("a web page in place of a model is named as one", async () => {
  const address = await serve((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end("<!doctype html>");
  });
  await expect(download(address, options())).rejects.toMatchObject({
    code: "network",
    message: expect.stringContaining("a web page instead of a file") as string,
  });
});

test("a file of known hash is checked, kept, and not asked for again", async () => {
  let asked = 0;
  const address = await serve((_, response) => {
    asked += 1;
    response.end(FILE);
  });
  const shelf = new ShelfInMemory();
  expect(await integrityOf(await fetchChecked(address, INTEGRITY, options(), shelf))).toBe(INTEGRITY);
  const how = options();
  await fetchChecked(address, INTEGRITY, how, shelf);
  expect(asked).toBe(1);
  expect(how.seen).toEqual([{ phase: "model", loaded: FILE.length, total: FILE.length, text: "kept in this browser" }]);
});

test("another file than expected is asked for once more past the HTTP cache, then refused, and never kept", async () => {
  const caches: (string | undefined)[] = [];
  const address = await serve(({ headers }, response) => {
    caches.push(headers["cache-control"]);
    response.end("an older file");
  });
  const shelf = new ShelfInMemory();
  await expect(fetchChecked(address, INTEGRITY, options(), shelf)).rejects.toMatchObject({ code: "integrity" });
  expect(caches).toEqual([undefined, "no-cache"]);
  expect(shelf.kept.size).toBe(0);
});

test("the module streams while it is checked; a wrong one is known by the time it has ended", async () => {
  const address = await serve((request, response) => {
    response.end(request.url === "/m.gguf" ? FILE : "another");
  });
  const shelf = new ShelfInMemory();
  const right = await fetchModule(address, INTEGRITY, options(), shelf);
  expect(right.response.headers.get("content-type")).toBe("application/wasm");
  expect((await right.response.arrayBuffer()).byteLength).toBe(FILE.length);
  await right.whole;
  expect(shelf.kept.has(INTEGRITY)).toBe(true);
  const wrong = await fetchModule(`${address}?wrong`, INTEGRITY, options(), new ShelfInMemory());
  await expect(wrong.response.arrayBuffer()).rejects.toThrow();
  await expect(wrong.whole).rejects.toMatchObject({ code: "integrity" });
});

test("integrity has one form, and the hash is the same where the page has no subtle crypto", async () => {
  expect(readIntegrity(INTEGRITY)).toBe(INTEGRITY);
  for (const bad of ["", "md5-abc", INTEGRITY.slice(0, -1), `${INTEGRITY} ${INTEGRITY}`]) {
    expect(() => readIntegrity(bad)).toThrow(/openssl/);
  }
  const whole = globalThis.crypto;
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  try {
    expect(await integrityOf(new Uint8Array(FILE))).toBe(INTEGRITY);
  } finally {
    Object.defineProperty(globalThis, "crypto", { value: whole, configurable: true });
  }
});
