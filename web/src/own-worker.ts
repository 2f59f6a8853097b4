// The package's own worker, wherever the package lies: beside the page, in a bundle, or on another origin such as a CDN.

import type { WorkerPort } from "./calls.js";

/** The package's files as they are shipped; a bundler gives them other names. */
const SHIPPED = /^https?:.*\/soft-thinking-lab(\.\w+)?\.js$/;

export function ownWorker(): WorkerPort {
  const address = import.meta.url;
  if (SHIPPED.test(address) && new URL(address).origin !== globalThis.location.origin) return foreignWorker(address);
  // Written in one piece: bundlers recognise a worker by this form.
  return new Worker(new URL("./soft-thinking-lab.worker.js", import.meta.url), { type: "module" });
}

let stub: string | undefined;

/** A worker must begin on the page's origin, but what it imports need not: one line there imports the rest. */
function foreignWorker(address: string): WorkerPort {
  if (stub === undefined) {
    const worker = address.replace(
      SHIPPED,
      (whole) => `${whole.slice(0, whole.lastIndexOf("/"))}/soft-thinking-lab.worker.js`,
    );
    stub = URL.createObjectURL(new Blob([`import ${JSON.stringify(worker)};`], { type: "text/javascript" }));
  }
  return new Worker(stub, { type: "module" });
}
