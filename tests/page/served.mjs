// Folders and pages on an origin of their own, as a plain static host would serve them, with whatever headers a test asks for. The built
// site alone is in site.mjs.

import { once } from "node:events";
import { createServer } from "node:http";

import sirv from "sirv";

/**
 * The policies that the README of the package names: of a site with the lab, of a page that shows one in a frame, and of
 * a page with figures that come from a lab's site.
 * @type {{ site: string, host: (lab: string) => string, figures: (lab: string) => string }}
 */
export const POLICY = {
  site: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:",
  host: (lab) => `default-src 'none'; script-src 'self' ${lab}; frame-src ${lab}`,
  figures: (lab) =>
    `default-src 'none'; script-src 'self' ${lab} 'wasm-unsafe-eval'; connect-src ${lab}; worker-src blob: ${lab}`,
};

/**
 * @typedef {object} Serving
 * @property {string} [base] the folder of the host that it all lies in
 * @property {string} [folder] what is served from the disk
 * @property {Record<string, string>} [pages] what is served besides, by name: HTML, JavaScript
 * @property {(path: string) => Record<string, string>} [headers] of the answer to a path below the base
 */

/** @param {Serving} serving */
export async function serve({ base = "/", folder, pages = {}, headers = () => ({}) }) {
  const files = folder === undefined ? undefined : sirv(folder, { dev: true });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : undefined;
    const page = path === undefined ? undefined : pages[path];
    for (const [name, value] of Object.entries(headers(path ?? ""))) response.setHeader(name, value);
    if (page !== undefined) {
      response.setHeader("content-type", pathname.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8");
      response.end(page);
    } else if (pathname === "/favicon.ico") {
      // Asked for by the browser, not by the page.
      response.writeHead(204).end();
    } else if (path !== undefined && files !== undefined) {
      request.url = `/${path}`;
      files(request, response);
    } else {
      response.writeHead(404).end();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    url: origin + base,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
