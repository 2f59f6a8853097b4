// Rows of the engine card: what is fetched and what of it is here already, what this browser keeps, whether the page needs a network.

import { said } from "../engine-words.ts";
import { bytes } from "../format.ts";
import { modelFor } from "../own-tasks.ts";
import { shippedModelNamed } from "../shipped-models.ts";
import type { State } from "../state.ts";
import { strings } from "../strings/lab.ts";

/** Where things are when they are here. */
export function keptRows(state: State): [string, string | undefined][] {
  const words = strings.fetching;
  return [
    [words.storage, storage(state)],
    // With the others: a row that stood there before them would be pushed away.
    [words.offline, state.capabilities === undefined ? undefined : offline(state)],
  ];
}

/** Before the model is here: afterwards it is of no use to know. */
export function fetched(state: State): string | undefined {
  const { capabilities, site } = state;
  if (state.model !== undefined || capabilities === undefined || site.modelKept === undefined) return undefined;
  const words = strings.fetching;
  const model = shippedModelNamed(modelFor(state));
  const parts: string[] = [];
  if (!capabilities.engine.kept) parts.push(words.engine(bytes(capabilities.engine.bytes)));
  if (model !== undefined && !site.modelKept) parts.push(words.model(model.name, bytes(model.bytes)));
  if (parts.length === 0) return words.nothing;
  return parts.length === 1 ? words.kept(parts.join("")) : words.list(parts);
}

function storage({ capabilities }: State): string | undefined {
  if (capabilities === undefined) return undefined;
  const { usable, reason, quota } = capabilities.storage;
  const words = strings.fetching;
  if (!usable) return words.storageOff(said(reason));
  return quota === undefined ? words.storageOn : words.storageOf(bytes(quota));
}

function offline({ site }: State): string {
  return site.offline ? strings.offline.yes : (site.whyNot ?? strings.offline.notYet);
}
