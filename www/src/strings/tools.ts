// The words of the lab's tools, in English: presets, history, comparison, samples, files, every setting.

import type { SettingGroup } from "../train-settings.ts";

export const tools = {
  results: {
    all: (arms: number) => `Show all ${arms} ways to learn`,
    few: "Only the main three",
  },
  settings: {
    every: "Every other setting",
    everyHint:
      "All that the engine's training configuration has; src/train/config.rs defines each. “null” takes an optional one away.",
    left: (usual: string) => (usual === "default" ? "default" : `as it is: ${usual}`),
    groups: {
      sampling: "how tries are drawn and scored",
      reward: "from rewards to advantages",
      loss: "the loss",
      optimiser: "updates",
      watching: "measuring and watching",
    } satisfies Record<SettingGroup, string>,
  },
};
