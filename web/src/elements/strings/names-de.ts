// Names of tasks and of arms of experiments in German, by the engine's names. The lab's page has them from here too.

export const tasks: Readonly<Record<string, string>> = {
  chain_sum: "Kettenrechnung",
  number_sorting: "Zahlen sortieren",
  reach: "Erreichbarkeit",
  path_star: "Pfad im Stern",
  countdown: "Countdown",
  count_bits: "Einsen zählen",
  spell_backward: "Rückwärts buchstabieren",
  puzzle24: "Puzzle 24",
  mix: "Alles gemischt",
};

export const arms: Readonly<Record<string, string>> = {
  base: "Vor dem Training",
  grpo: "GRPO",
  "softgrpo-code": "SofT-GRPO, wie im Code",
  "softgrpo-paper": "SofT-GRPO, wie in der Arbeit",
  "softgrpo-dirichlet": "Dirichlet-Kontrolle",
  "softgrpo-gaussian": "Gauß-Kontrolle",
  "soft-tokens": "Soft Tokens",
  "fuzzy-tokens": "Fuzzy Tokens",
  multiplex: "Multiplex",
  pause: "Pausentoken",
};
