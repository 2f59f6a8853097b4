// The words of the lab's tools, in English: presets, history, comparison, samples, files, every setting.

import type { SettingGroup } from "../../train-settings.ts";

export const tools = {
  presets: {
    title: "Try",
    other:
      "Its other half: press Train. GRPO answers the same questions from the same model; the SofT-GRPO run is laid over the charts.",
    sentences: {
      add: {
        text: "Teach it to add two-digit numbers with SofT-GRPO",
        time: "10 s",
        next: "Press Train. Reward climbs in the first chart, unevenly; the dots are questions it was never trained on.",
      },
      both: {
        text: "See GRPO and SofT-GRPO on the same questions",
        time: "2 × 10 s",
        next: "Press Train: SofT-GRPO goes first. When it is done, press this sentence again for GRPO on the same questions.",
      },
      collapse: {
        text: "Watch a run collapse",
        time: "5 s",
        next: "Press Train. The learning rate is seven times the usual one: reward falls within ten steps, and the run pauses by itself and says why.",
      },
      loophole: {
        text: "Find the loophole of Puzzle 24",
        time: "20 s",
        next: "Press Train, then read the table: where reward is 1 and the honest grade 0, the answer makes 24 but not of the numbers given.",
      },
      compare: {
        text: "See one question thought softly and in tokens",
        time: "1 s",
        next: "Press Think. Where a bar is split, the soft thought keeps two ways open; the other one must choose.",
      },
      pause: {
        text: "Let it pause instead of thinking",
        time: "1 s",
        next: "Press Think. The thought is twelve pause tokens: compare its answer with the one thought in single tokens below.",
      },
      pitfall: {
        text: "Look how soft a blend without noise really is",
        time: "2 s",
        next: "Press Look closely. A distance to the heaviest token near 0 means that the model reads the blend as that token.",
      },
      spell: {
        text: "Teach it to spell backwards",
        time: "30 s",
        next: "Press Train. Watch the dots: words that are wholly right. Reward is for every letter in its place, so it starts high and hardly moves.",
      },
    },
  },
  save: {
    menu: "Save…",
    svg: "as SVG picture",
    png: "as PNG picture",
    csv: "numbers as CSV",
    json: "numbers and settings as JSON",
    samples: "Save these tries as JSON",
    step: "training step",
    failed: (message: string) => `The picture could not be saved: ${message}`,
  },
  history: {
    title: "Runs so far",
    lead: "Runs that finished or were stopped in this browser. Choose one or more to lay them over the charts; nothing is sent anywhere.",
    bounds: (runs: number, rows: number) =>
      `The newest ${runs} are kept, each with at most ${rows} rows, evenly spread; the run on the page has all of its own.`,
    empty: "A run appears here once it is done or stopped, and stays over a reload.",
    columns: {
      show: "lay over",
      name: "run",
      task: "task",
      method: "method",
      steps: "steps",
      seed: "seed",
      reward: "last reward",
      pass: "pass@1",
      when: "ended",
      actions: "",
    },
    usual: (method: string, number: number) => `${method} ${number}`,
    show: (name: string) => `Lay ${name} over the charts`,
    here: "on the page",
    trainedBefore: (steps: number) => `on a model trained for ${steps} steps`,
    stopped: (steps: number) => `${steps}, stopped`,
    use: "Use its settings",
    rename: "Rename",
    newName: "New name",
    keep: "Keep the name",
    remove: "Delete",
    removed: (name: string) => `${name} is deleted.`,
    used: (name: string) => `Train is set up as for ${name}.`,
    usedOwn: (name: string, model: string) =>
      `Train is set up as for ${name}. It began with ${model}, a file of yours: open it under “The model” for the same start.`,
    full: (most: number) => `${most} runs at once are the most that can be told apart.`,
    notKept: (message: string) => `This browser keeps no runs over a reload: ${message}`,
    busy: "Wait for what is loading, or stop the training run first.",
    table: "Runs so far, as a table",
  },
  diff: {
    runs: "What differs between the chosen runs",
    same: "The chosen runs have the same settings.",
    setting: "setting",
    absent: "–",
    mine: "What you changed",
    preset: (name: string) => `${name} has`,
    yours: "you have",
    unchanged: "Nothing: the next run takes the method's own settings.",
  },
  samples: {
    strips: "as strips",
    table: "as a table",
    how: "show tries",
    caption: "The tries of the newest step, all questions",
    columns: {
      question: "question",
      completion: "completion",
      answer: "answer",
      expected: "expected",
      reward: "reward",
      advantage: "advantage",
    },
    sort: { asked: "as they were asked", most: "most reward first", least: "least reward first" },
  },
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
