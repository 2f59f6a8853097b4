// Answers for the site's own files without a network. All that a page needs is fetched when the worker is installed, each file checked by
// its hash; models and results when they are first used. A new version waits until it is asked to take over, so that no tab gets files
// of two versions. Own, since workbox's precaching alone is larger than this and its build brings some hundred packages.

/** The site's files and their hashes; the build (../../offline-build.ts) writes both in. */
declare const FILES: { now: Record<string, string>; whenUsed: Record<string, string> };

/** What this file uses of its globals; the DOM types know only the page's. */
interface Extended extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetched extends Extended {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Asked extends Extended {
  data: unknown;
  source: { postMessage(message: unknown): void } | null;
}
interface Scope {
  registration: { scope: string };
  clients: { claim(): Promise<void>; matchAll(options: object): Promise<unknown[]> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Extended) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetched) => void): void;
  addEventListener(type: "message", listener: (event: Asked) => void): void;
}
const scope = globalThis as unknown as Scope;
const root = scope.registration.scope;
const CACHE = `soft-thinking-lab ${root}`;
const hashes: Record<string, string> = { ...FILES.whenUsed, ...FILES.now };

/** A file of another version has another key: two versions may be kept at once. */
function keyOf(file: string): string {
  return `${root}${file}?version=${encodeURIComponent(hashes[file] ?? "")}`;
}

/** The site's file at that address, if it is one. */
function fileOf({ url, mode }: Request): string | undefined {
  if (!url.startsWith(root)) return undefined;
  const path = decodeURIComponent(new URL(url).pathname.slice(new URL(root).pathname.length));
  const names = mode === "navigate" ? [path, `${path}index.html`, `${path}.html`] : [path];
  return names.find((name) => hashes[name] !== undefined);
}

async function isWhole(file: string, bytes: ArrayBuffer): Promise<boolean> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...hash)) === hashes[file];
}

/** Made anew: an answer that was redirected may not be given for a page, and the bytes are no longer compressed. */
function plain({ headers: old }: Response, bytes: ArrayBuffer): Response {
  const headers = new Headers(old);
  headers.delete("content-encoding");
  headers.set("content-length", String(bytes.byteLength));
  return new Response(bytes, { headers });
}

async function keepNow(cache: Cache, file: string): Promise<void> {
  const key = keyOf(file);
  if ((await cache.match(key)) !== undefined) return;
  const response = await fetch(root + file, { cache: "no-cache" });
  const bytes = await response.arrayBuffer();
  // Hosts add to pages, as a line that counts visits; whatever else differs is of another version.
  if (!response.ok || !(file.endsWith(".html") || (await isWhole(file, bytes)))) {
    throw new Error(`${file} is not the one this version was built with`);
  }
  await cache.put(key, plain(response, bytes));
}

async function answer(request: Request, file: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = request.cache === "reload" ? undefined : await cache.match(keyOf(file));
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.status !== 200) return response;
  const bytes = await response.clone().arrayBuffer();
  // A disk that is full keeps nothing more; that is no reason not to answer.
  if (await isWhole(file, bytes)) await cache.put(keyOf(file), plain(response, bytes)).catch(() => undefined);
  return response;
}

scope.addEventListener("install", (event) => {
  const install = async () => {
    const cache = await caches.open(CACHE);
    await Promise.all(Object.keys(FILES.now).map((file) => keepNow(cache, file)));
  };
  event.waitUntil(install());
});

scope.addEventListener("activate", (event) => {
  const tidy = async () => {
    const cache = await caches.open(CACHE);
    const wanted = new Set(Object.keys(hashes).map((file) => new URL(keyOf(file)).href));
    for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
    await scope.clients.claim();
  };
  event.waitUntil(tidy());
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range")) return;
  const file = fileOf(request);
  if (file !== undefined) event.respondWith(answer(request, file));
});

scope.addEventListener("message", (event) => {
  if (event.data !== "take-over") return;
  const takeOver = async () => {
    const tabs = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
    if (tabs.length > 1) event.source?.postMessage("other-tabs");
    else await scope.skipWaiting();
  };
  event.waitUntil(takeOver());
});
