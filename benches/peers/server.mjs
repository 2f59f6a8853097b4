// Bundles the pages and serves them from this machine to itself, with or without the headers that allow threads.
// Not here: the pages, the browser that opens them (chromium.mjs).

import { createReadStream } from "node:fs";
import { copyFile, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = fileURLToPath(new URL("./", import.meta.url));
const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript"],
  [".wasm", "application/wasm"],
]);

/** The pages that time training steps. */
const PAGES = ["jax", "tfjs", "ours", "burn"];

/**
 * Writes the pages into `folder`, and our worker where a page of ours wants it.
 * @param {string} folder
 */
export async function bundle(folder, pages = PAGES) {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [...pages, ...(pages.includes("ours") ? ["ours-worker"] : [])].map((name) =>
      join(here, "pages", `${name}.mjs`),
    ),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    outdir: folder,
    absWorkingDir: here,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  const wasm = join(here, "node_modules/@tensorflow/tfjs-backend-wasm/dist");
  for (const name of await readdir(wasm))
    if (name.endsWith(".wasm")) await copyFile(join(wasm, name), join(folder, name));
  for (const name of pages) {
    const html = `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">`;
    await writeFile(join(folder, `${name}.html`), `${html}<script type="module" src="./${name}.js"></script>\n`);
  }
}

/**
 * Serves `folders` (address prefix to folder) on a free port.
 * @param {Record<string, string>} folders
 * @param {boolean} isolated with the headers that SharedArrayBuffer asks for
 */
export async function serve(folders, isolated) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://here");
    const prefix = Object.keys(folders)
      .filter((one) => pathname.startsWith(one))
      .sort((a, b) => b.length - a.length)[0];
    const folder = prefix === undefined ? undefined : folders[prefix];
    const path = folder && prefix ? join(folder, normalize(`/${pathname.slice(prefix.length)}`)) : "";
    if (isolated) {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    }
    stat(path).then(
      (file) => {
        if (!file.isFile()) return response.writeHead(404).end();
        // A part of a file, where one is asked for: models are read by ranges.
        const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
        const start = Number(asked?.[1] ?? 0);
        const end = Math.min(asked?.[2] ? Number(asked[2]) : file.size - 1, file.size - 1);
        response.writeHead(asked ? 206 : 200, {
          "Content-Type": TYPES.get(extname(path)) ?? "application/octet-stream",
          "Content-Length": end - start + 1,
          "Accept-Ranges": "bytes",
          ...(asked ? { "Content-Range": `bytes ${start}-${end}/${file.size}` } : {}),
          "Cache-Control": "no-store",
        });
        return createReadStream(path, { start, end }).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve(undefined);
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return { url: `http://127.0.0.1:${address.port}/`, stop: () => server.close() };
}
