// Rows of the engine card: what is fetched and what of it is here already, what this browser keeps, whether the page needs a network.

import { bytes } from "../format.ts";
import { modelFor } from "../own-tasks.ts";
import { shippedModelNamed } from "../shipped-models.ts";
import type { State } from "../state.ts";
import { en } from "../strings/en.ts";

export function fetchRows(state: State): [string, string | undefined][] {
  const words = en.fetching;
  return [
    [words.label, state.model === undefined ? fetched(state) : undefined],
    [words.storage, storage(state)],
    [words.offline, offline(state)],
  ];
}

/** Before the model is here: afterwards it is of no use to know. */
export function fetched(state: State): string | undefined {
  const { capabilities, site } = state;
  if (capabilities === undefined || site.modelKept === undefined) return undefined;
  const words = en.fetching;
  const model = shippedModelNamed(modelFor(state));
  const parts: string[] = [];
  if (!capabilities.engine.kept) parts.push(words.engine(bytes(capabilities.engine.bytes)));
  if (model !== undefined && !site.modelKept) parts.push(words.model(model.name, bytes(model.bytes)));
  if (parts.length === 0) return words.nothing;
  return parts.length === 1 ? words.kept(parts.join("")) : words.list(parts);
}

function storage({ capabilities }: State): string | undefined {
  if (capabilities === undefined) return undefined;
  const { usable, reason, used, quota } = capabilities.storage;
  const words = en.fetching;
  if (!usable) return words.storageOff(reason);
  return used === undefined || quota === undefined ? words.storageOn : words.storageUsed(bytes(used), bytes(quota));
}

function offline({ site }: State): string {
  return site.offline ? en.offline.yes : (site.whyNot ?? en.offline.notYet);
}
