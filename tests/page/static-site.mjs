// A plain static host for a folder, with the faults a test asks for: cut lines, web pages in place of files, a strict policy, an outage,
// a site that is replaced by its next version. Not here: building the site.

import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { extname, join } from "node:path";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

/** What the documentation tells hosts to send, no more. */
export const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * @typedef {object} Faults
 * @property {string} root the folder that is served
 * @property {string} base the address's path, beginning and ending with a slash
 * @property {Record<string, string>} headers sent with every answer
 * @property {boolean} down whether every line is cut before an answer
 * @property {(path: string) => { cutAt?: number, stallAt?: number, page?: boolean, status?: number } | undefined} fault what goes wrong with a file
 * @property {boolean} ranges whether the host knows Range requests
 */

/** @param {Partial<Faults> & { root: string }} wanted */
export async function serveFolder(wanted) {
  /** @type {Faults} */
  const host = { base: "/", headers: {}, down: false, fault: () => undefined, ranges: true, ...wanted };
  /** @type {{ path: string, range: string | undefined }[]} */
  const asked = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    if (host.down) {
      request.socket.destroy();
      return;
    }
    const file = path.startsWith(host.base) ? path.slice(host.base.length) || "index.html" : "";
    asked.push({ path: file, range: request.headers.range });
    const { cutAt, stallAt, page, status } = host.fault(file) ?? {};
    const found = join(host.root, page === true ? "index.html" : file);
    const size = status === undefined ? statSync(found, { throwIfNoEntry: false })?.size : undefined;
    if (size === undefined) {
      response.writeHead(status ?? 404, host.headers).end();
      return;
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(host.ranges ? (request.headers.range ?? "") : "");
    const start = Number(range?.[1] ?? 0);
    const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    response.writeHead(range === null ? 200 : 206, {
      "content-type": TYPES[page === true ? ".html" : extname(file)] ?? "application/octet-stream",
      "content-length": end + 1 - start,
      "last-modified": statSync(found).mtime.toUTCString(),
      "cache-control": "no-cache",
      ...(range === null ? {} : { "content-range": `bytes ${start}-${end}/${size}` }),
      ...host.headers,
    });
    // The line stays, and nothing more comes.
    if (stallAt !== undefined) response.write(readFileSync(found).subarray(start, Math.max(stallAt, start)));
    else if (cutAt === undefined) createReadStream(found, { start, end }).pipe(response);
    // What was written is on its way before the line is cut.
    else
      response.write(readFileSync(found).subarray(start, Math.max(cutAt, start)), () =>
        setTimeout(() => response.destroy(), 50),
      );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return {
    host,
    asked,
    url: `http://127.0.0.1:${address.port}${host.base}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
