// The site's service worker: made last, since it lists every file of the site with its hash. None while developing, where files change
// under its hands; one that a built site left at the same address is sent away then.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformWithOxc } from "vite";
import type { Plugin } from "vite";

const SOURCE = fileURLToPath(new URL("./src/offline/service-worker.ts", import.meta.url));
const NAME = "service-worker.js";
/** What a page needs; the rest, as models and the runs of experiments, when it is first used. */
const NOW = /\.(html|js|css|wasm|svg)$|^models\/index\.json$|^results\/index\.json$/;
const NEVER = ".map";

const LEAVE = `addEventListener("install", () => skipWaiting());
addEventListener("activate", async () => {
  for (const name of await caches.keys()) if (name.startsWith("soft-thinking-lab")) await caches.delete(name);
  await registration.unregister();
  for (const tab of await clients.matchAll({ type: "window" })) tab.navigate(tab.url);
});
`;

export function offlineBuild(): Plugin {
  return {
    name: "offline-build",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (new URL(request.url ?? "/", "http://localhost").pathname.slice(1) !== NAME) {
          next();
          return;
        }
        response.setHeader("content-type", "text/javascript");
        response.end(LEAVE);
      });
    },
    async writeBundle({ dir = "" }) {
      const now: Record<string, string> = {};
      const whenUsed: Record<string, string> = {};
      for (const found of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        if (!found.isFile()) continue;
        const path = join(found.parentPath, found.name);
        const name = path.slice(dir.length + 1).replaceAll("\\", "/");
        if (name === NAME || name.endsWith(NEVER)) continue;
        const hash = createHash("sha256").update(readFileSync(path)).digest("base64");
        (NOW.test(name) ? now : whenUsed)[name] = hash;
      }
      const { code } = await transformWithOxc(readFileSync(SOURCE, "utf8"), SOURCE);
      writeFileSync(join(dir, NAME), `const FILES = ${JSON.stringify({ now, whenUsed })};\n${code}`);
    },
  };
}
