// The models that come with the site, by name: what each weighs, and which bytes it must have. No lab, no words.

import { models } from "virtual:models";

export type ShippedModel = (typeof models)[number];

export function shippedModelNamed(name: string): ShippedModel | undefined {
  return models.find((one) => one.name === name);
}

/** How a source is loaded: what comes from the site is checked, and kept in this browser. */
export function checkOf(source: unknown): { integrity?: string } {
  if (!(source instanceof URL)) return {};
  const folder = new URL("models/", document.baseURI).href;
  const name = source.href.startsWith(folder) ? source.href.slice(folder.length) : "";
  const integrity = shippedModelNamed(name)?.integrity;
  return integrity === undefined ? {} : { integrity };
}
