// What the page knows of its own files in this browser. No DOM, no lab.

export interface SiteState {
  /** The next visit needs no network. */
  offline: boolean;
  /** Why it will; undefined while that is not known. */
  whyNot: string | undefined;
  /** The model of the task in the address; undefined until that was looked for. */
  modelKept: boolean | undefined;
  /** Nothing is fetched until the visitor says so. */
  held: boolean;
  /** A newer version is here and waits; `others`: it cannot come while other tabs of the site are open. */
  update: "ready" | "others" | undefined;
}

export function initialSite(): SiteState {
  return { offline: false, whyNot: undefined, modelKept: undefined, held: false, update: undefined };
}
