// The built site behind `vite preview` on a free port, for as long as a test needs it. Not here: building it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const www = fileURLToPath(new URL("../../www/", import.meta.url));
/** The site's folder: DIST, or where `npm run build` in www puts it. */
export const dist = process.env.DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/**
 * Serves the site at `base`; the answer's `stop` ends it.
 * @param {string} [base]
 */
export async function serveSite(base = "/") {
  if (!existsSync(`${dist}/index.html`))
    throw new Error(`${dist} lacks index.html: build the site first (npm run build in www)`);
  const port = await freePort();
  const vite = [`${www}node_modules/vite/bin/vite.js`, "preview", "--host", "127.0.0.1", "--port", String(port)];
  const server = spawn(process.execPath, [...vite, "--strictPort", "--outDir", dist, "--base", base], {
    cwd: www,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}${base}`;
  const stop = async () => {
    if (server.exitCode !== null) return;
    server.kill();
    await once(server, "exit");
  };
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`vite preview ended with ${server.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return { url, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${url} did not answer within 30 s`);
}
