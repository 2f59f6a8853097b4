// Every sentence of the engine and of the package that German knows, in the order in which they are tried. Which those are: beside this file.

import { sayer } from "../sentences.js";
import type { Said } from "../sentences.js";
import { assembled, fetched, weights } from "./files-de.js";
import { adapters, inside, large } from "./large-de.js";
import { going, machine } from "./machine-de.js";
import { plans, semantic } from "./plans-de.js";
import { foreign, own, questions, settings } from "./settings-de.js";

/** Those that stand in the sources of this project. */
export const ours: readonly Said[] = [
  ...machine,
  ...going,
  ...fetched,
  ...inside,
  ...weights,
  ...large,
  ...adapters,
  ...questions,
  ...own,
  ...settings,
  ...plans,
  ...semantic,
];
export { assembled };
/** A value of a setting that is of the wrong kind: its key, and what the library that read it says. */
const keyed: Said = ["`{key}`: {e}", "`{key}`: {e}"];

export const sayInGerman = sayer([...assembled, ...ours, ...foreign, keyed], ",");
