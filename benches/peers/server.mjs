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

/** A page for each of these, and our worker. */
const PAGES = ["jax", "tfjs", "ours", "burn"];

/**
 * Writes the pages into `folder`.
 * @param {string} folder
 */
export async function bundle(folder) {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [...PAGES, "ours-worker"].map((name) => join(here, "pages", `${name}.mjs`)),
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
  for (const name of PAGES) {
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
        response.writeHead(200, {
          "Content-Type": TYPES.get(extname(path)) ?? "application/octet-stream",
          "Cache-Control": "no-store",
        });
        return createReadStream(path).pipe(response);
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
