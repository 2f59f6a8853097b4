// What a run is asked with: by the pace and the arm, a published run, own data, and what was changed by hand. The same as a command for a
// terminal. No words, no DOM.

import type { SemanticArmName, SemanticCatalogue, SemanticSettings } from "soft-thinking-lab";

import type { Choices, Pace } from "./choices.ts";
import { armsOf } from "./state.ts";
import type { PageState } from "./state.ts";

/** As in benches/semantic_ids/plan.toml: of three tries each, the best on validation. */
const TUNED: Record<SemanticArmName, SemanticSettings> = {
  frozen: { learning_rate: 2e-2 },
  "straight-through": { codebook_learning_rate: 1e-4 },
  dril: { codebook_learning_rate: 1e-4 },
  "dril-frequency": { codebook_learning_rate: 1e-4 },
  "dril-uncertainty": { codebook_learning_rate: 1e-4 },
  "dril-both": { codebook_learning_rate: 1e-4 },
  detached: { codebook_learning_rate: 1e-3 },
  annealed: { codebook_learning_rate: 1e-3 },
  gaussian: { codebook_learning_rate: 1e-4 },
};

/** What a pace sets for an arm. Exaggerated: as in benches/semantic_ids/exaggerated.toml; the frozen arm's code-books stay frozen. */
export function paceOf(pace: Pace, arm: SemanticArmName): SemanticSettings {
  if (pace === "tuned") return { epochs: 60, learning_rate: 1e-2, ...TUNED[arm] };
  return { epochs: 40, codes: 32, ...(arm === "frozen" ? {} : { codebook_learning_rate: 3e-2 }) };
}

export interface Given {
  /** Of each side. */
  settings: SemanticSettings[];
  catalogue: SemanticCatalogue;
  csv: { items: string; interactions: string } | undefined;
}

export function givenFor({ choices, own, loaded }: Pick<PageState, "choices" | "own" | "loaded">): Given {
  const { users, ...changed } = choices.settings;
  const published: SemanticSettings & { arm?: string } = { ...loaded?.run.config };
  delete published.arm;
  // Which engine is this browser's business.
  delete published.engine;
  return {
    settings: armsOf(choices).map((arm) => ({
      ...(loaded === undefined ? paceOf(choices.pace, arm) : published),
      ...changed,
      ...(choices.epochs === undefined ? {} : { epochs: choices.epochs }),
    })),
    catalogue: {
      ...loaded?.run.catalogue,
      ...(choices.items === undefined ? {} : { items: choices.items }),
      ...(users === undefined ? {} : { users }),
    },
    csv: choices.data === "own" ? { items: own.items, interactions: own.interactions } : undefined,
  };
}

/** The run of a side as a command of the crate. */
export function commandOf(choices: Choices, { settings, catalogue, csv }: Given, side: number): string {
  const arm = armsOf(choices)[side] ?? choices.arm;
  const pairs = (flag: string, values: object) =>
    Object.entries(values)
      .filter(([key, value]) => key !== "seed" && value !== null && value !== undefined)
      .map(([key, value]) => `--${flag} ${key}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
  return [
    "cargo run --release --features native -- semantic-ids run",
    `--arm ${arm} --seed ${choices.seed}`,
    ...(choices.engine === "cpu" ? [] : [`--engine ${choices.engine}`]),
    ...pairs("set", settings[side] ?? {}),
    ...(csv === undefined
      ? [...pairs("catalogue", catalogue), `--catalogue seed=${choices.seed}`]
      : ["--items items.csv --interactions interactions.csv"]),
  ].join(" ");
}
