// The labs behind the figures of a page: one worker for all of them, one lab a model for those that only think.

import { createLab, createSemanticLab } from "../index.js";
import type { EngineChoice, Lab, ModelInfo, Progress, SemanticLab } from "../index.js";

/** Apart from the addresses made of it, so that bundlers do not take those for files of this package. */
const here = import.meta.url;

/** What the figures' sites have beside this file. */
export function beside(path: string): string {
  return new URL(path, here).href;
}

/** The model that figures show unless they are told otherwise. */
// Written in one piece: bundlers recognise a file by this form, and take it along.
export const DEFAULT_MODEL = new URL("./models/nano-chain_sum.gguf", import.meta.url).href;

export interface ReadyLab {
  lab: Lab;
  model: ModelInfo;
}

export interface LabWishes {
  engine?: EngineChoice;
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

interface Opening {
  ready: Promise<ReadyLab>;
  listeners: Set<(progress: Progress) => void>;
}

const openings = new Map<string, Opening>();

/**
 * The page's lab with the model at that address, opened when it is first asked for and shared by all who ask. It is for thinking and
 * measuring: who trains takes `ownLab`, since training changes the model under everybody's hands.
 */
export async function sharedLab(
  model = DEFAULT_MODEL,
  { engine = "auto", onProgress }: LabWishes = {},
): Promise<ReadyLab> {
  const key = `${engine} ${model}`;
  const opening = openings.get(key) ?? open(key, model, engine);
  if (onProgress !== undefined) opening.listeners.add(onProgress);
  try {
    return await opening.ready;
  } finally {
    if (onProgress !== undefined) opening.listeners.delete(onProgress);
  }
}

function open(key: string, model: string, engine: EngineChoice): Opening {
  const listeners: Opening["listeners"] = new Set();
  const onProgress = (progress: Progress) => {
    listeners.forEach((tell) => {
      tell(progress);
    });
  };
  const opening = { ready: ownLab(model, { engine, onProgress }), listeners };
  openings.set(key, opening);
  // What failed may work the next time.
  opening.ready.catch(() => openings.delete(key));
  return opening;
}

/** The lab is of no more use, say since its engine stopped: the next who asks for its model gets a new one. */
export function forgetLab({ lab }: ReadyLab): void {
  for (const [key, opening] of openings) {
    void opening.ready.then(
      (ready) => {
        if (ready.lab === lab && openings.get(key) === opening) openings.delete(key);
      },
      () => undefined,
    );
  }
  lab.dispose();
}

/** A lab of its own in the page's worker, for training; whoever asks disposes of it. Its runs are not saved. */
export async function ownLab(
  model = DEFAULT_MODEL,
  { engine = "auto", onProgress, signal }: LabWishes = {},
): Promise<ReadyLab> {
  const lab = await createLab({ engine, worker: "shared", keepRuns: false, onProgress, signal });
  try {
    return { lab, model: await lab.loadModel(model, { onProgress, signal }) };
  } catch (thrown) {
    lab.dispose();
    throw thrown;
  }
}

/** A second lab, whose items are written in codes: in the page's worker, where runs take turns, or in one of its own. */
export function semanticLab(
  where: "shared" | "own",
  { onProgress, signal }: Omit<LabWishes, "engine">,
): Promise<SemanticLab> {
  return createSemanticLab({ onProgress, signal, ...(where === "shared" ? { worker: where } : {}) });
}
