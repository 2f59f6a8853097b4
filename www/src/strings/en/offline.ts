// What the page says of keeping itself in this browser, of what it fetches, of links, and of things that went wrong on the way.

export const offline = {
  yes: "The page works. Models work that were used once.",
  notYet: "Not yet: the page is kept in this browser once the lab is open.",
  notSecure: "Does not work: browsers keep a page only if it comes by https or from this machine.",
  noWorkers: "Does not work: this browser keeps no pages, as in private windows.",
  refused: (why: string) => `Does not work: the browser did not keep the page (${why}).`,
  update:
    "A newer version of this page is here. It comes when you reload; a run that is going goes on from its checkpoint.",
  updateOthers: "The newer version cannot come while other tabs of this page are open. Close them, then reload.",
  reload: "Reload now",
  later: "Later",
};

export const failures = {
  again: "Try again",
  openNew: "Open a new lab",
  crashed: "The new lab has the model as it came.",
  crashedInRun: "In the new lab the run goes on from its newest checkpoint, at most ten steps back.",
  reopened: "A new lab is open, with the model as it came.",
  reopenedAt: (step: number) => `A new lab is open. The run goes on from step ${step}.`,
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
  engine: (size: string) => `the engine, ${size} (about a third of it where the host compresses)`,
  model: (name: string, size: string) => `the model ${name}, ${size}`,
  nothing: "Nothing: the engine and the model are kept in this browser.",
  list: (parts: string[]) => `Once: ${parts.join(", and ")}.`,
  kept: (what: string) => `Only ${what}. The rest is kept in this browser.`,
  storage: "Kept in this browser",
  storageOf: (quota: string) => `What was fetched and the newest run, in the ${quota} that this browser allows.`,
  storageOn: "What was fetched and the newest run.",
  storageOff: (why: string) => `Nothing. ${why} All works, and is fetched anew at each visit.`,
  offline: "Without a network",
  lastTime: (time: string, engine: string) => `The last run here took ${time} a training step, on: ${engine}.`,
  typical: "On two cores without a GPU a training step was measured to take about 80 ms, so sixty steps take 5 s.",
  held: "This browser asks to save data, so nothing is fetched until you say so. The thought below is a stored example.",
  go: "Fetch it",
  stored: "Stored example, recorded from the shipped model.",
};
