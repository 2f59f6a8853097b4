// What the page says of keeping itself in this browser, of what it fetches, of links, and of things that went wrong on the way.

export const offline = {
  yes: "works without a network from now on",
  notYet: "not yet: the page is being kept in this browser",
  notSecure: "needs a network: browsers keep a page only if it comes by https or from this machine",
  noWorkers: "needs a network: this browser keeps no pages (private windows do not)",
  refused: (why: string) => `needs a network: the browser did not keep the page (${why})`,
  update:
    "A newer version of this page is here. It comes when you reload; a run that is going goes on from its checkpoint.",
  updateOthers: "The newer version cannot come while other tabs of this page are open. Close them, then reload.",
  reload: "Reload now",
  later: "Later",
};

export const failures = {
  again: "Try again",
  openNew: "Open a new lab",
  openNewAt: (step: number) => `Open a new lab, go on from step ${step}`,
  reopened: "A new lab is open, with the model as it came.",
  reopenedAt: (step: number) => `A new lab is open. The run goes on from step ${step}.`,
  offlineFirst:
    "This machine is offline. Once it is connected, try again; after one visit with a network the page works without.",
};

export const elsewhere = {
  text: (method: string, task: string, step: number) =>
    `Another tab of this browser is doing a run: ${method} on ${task}, step ${step} when last saved. It is kept there; a run of this tab would not be saved meanwhile. It can be resumed here once it is stopped there or that tab is closed.`,
  look: "Look again",
};

export const link = {
  copy: "Copy link",
  copied: "The link is in the clipboard. It holds every choice on this page, and no result.",
  notCopied: "The browser did not allow it. The address bar has the same link.",
  ignored: (parts: string) => `Parts of the link were not understood and left out: ${parts}.`,
  notOpened: "The link was not opened, since it would end what this tab has learned. Open it in a tab of its own.",
};

export const fetching = {
  label: "What it fetches",
  engine: (size: string) => `the engine (${size}, less on the way)`,
  model: (name: string, size: string) => `the model ${name} (${size})`,
  nothing: "Nothing: the engine and the model are kept in this browser.",
  list: (parts: string[]) => `${parts.join(" and ")}.`,
  kept: (what: string) => `Only ${what}: the rest is kept in this browser.`,
  storage: "Kept here",
  storageUsed: (used: string, quota: string) => `${used} of the ${quota} this browser allows the page`,
  storageOn: "what was fetched and the newest run",
  offline: "Without a network",
  lastTime: (time: string, engine: string) => `Here last time: ${time} a training step, on ${engine}.`,
  typical: "On two cores without a GPU a training step takes about 80 ms, sixty steps about 5 s.",
};
