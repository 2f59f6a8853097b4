// What the engine says, in English: it says it itself.

import type { EngineWords } from "../engine.ts";

export const engine: EngineWords = {
  tasks: {},
  policies: {},
  methods: {},
  metrics: {},
  settings: {},
  experiments: {},
  arms: {},
  help: {},
  otherHelp: "",
  itsWords: "",
  say: (sentence) => sentence,
};
