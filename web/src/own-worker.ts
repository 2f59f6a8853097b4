// The package's own worker, wherever the package lies: beside the page, in a bundle, or on another origin such as a CDN.

/** The package's file as it is shipped; a bundler gives it another name. */
const SHIPPED = /^https?:.*\/soft-thinking-lab\.js$/;

export function ownWorker(): Worker {
  const address = import.meta.url;
  if (SHIPPED.test(address) && new URL(address).origin !== globalThis.location.origin) return foreignWorker(address);
  // Written in one piece: bundlers recognise a worker by this form.
  return new Worker(new URL("./soft-thinking-lab.worker.js", import.meta.url), { type: "module" });
}

let stub: string | undefined;

/** A worker must begin on the page's origin, but what it imports need not: one line there imports the rest. */
function foreignWorker(address: string): Worker {
  if (stub === undefined) {
    const worker = address.replace(/\.js$/, ".worker.js");
    stub = URL.createObjectURL(new Blob([`import ${JSON.stringify(worker)};`], { type: "text/javascript" }));
  }
  return new Worker(stub, { type: "module" });
}
