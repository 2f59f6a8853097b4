// The words of published results, in English, and of trying their question in this tab. No numbers are worked out here, only worded.

export const results = {
  results: {
    title: "Results",
    lead: "The lab's own experiments: the same model, budget and questions for every way to learn, several seeds each, measured by this lab's command.",
    open: "Show the results",
    loading: "Fetching the results…",
    none: "There are no results yet.",
    problem: (message: string) => `The results cannot be shown: ${message}`,
    notAnIndex: "results/index.json is not a list of experiments.",
    notAPlan: (file: string) => `results/${file} is not there, or is no plan of an experiment.`,
    notASummary: (file: string) => `results/${file} is not there, or is no summary of an experiment.`,
    refused: (address: string, status: number) => `${address} was answered with ${status}.`,
    runs: (runs: number, planned: number, model: string) =>
      runs < planned
        ? `${runs} of ${planned} runs are in: unfinished, so read it with care. ${model}`
        : `All ${planned} runs are in. ${model}`,
    guessSpace: (title: string, difficulty: number, answers: string) =>
      `${title}, difficulty ${difficulty}: guessing is up against ${answers} equally likely answers.`,
    honest:
      "Brackets and bands: 95 % bootstrap intervals over questions and seeds (of rewards: smallest to largest seed). Of twenty such intervals about one misses by chance, so one clear difference among many is weak evidence. An interval without width means that all resamples agreed, not that nothing can go otherwise. What guessing reaches is hatched: luck, not skill.",
    fewSeeds: (seeds: number) =>
      `${seeds === 1 ? "One seed only: intervals are over questions alone" : `Only ${seeds} seeds: intervals over so few are rough`}, so “no clear difference” may become one, and the other way round, with more.`,
    experiment: "experiment",
    task: "task",
    arms: "ways to learn",
    split: "questions",
    splits: {
      held_out: "held out",
      train: "trained on",
      out_of_distribution: "out of distribution",
      ood: "out of distribution",
    } as Record<string, string>,
    mode: "thinking",
    own: "each as it was trained",
    noArm: "Choose at least one way to learn.",
    asTable: "The same as a table",
    every: (shown: number, all: number) => `${shown} of ${all} rows, evenly spread; the run files have them all.`,
    nothing: "Nothing was measured here.",
    guessing: "guessing",
    charts: {
      pass: {
        title: "pass@k",
        x: "k, tries a question",
        note: "Left end: how often one try is right. Right end: what is within reach of many tries. A curve that gains on the left and sinks on the right has narrowed what the model can do.",
      },
      reward: {
        title: "Reward while learning",
        x: "training step",
        note: "Mean of the seeds; the band is from the smallest to the largest of them. On training questions: pass@k above is the judge.",
      },
      entropy: {
        title: "Entropy while learning",
        x: "training step",
        note: "How undecided the model is about the next token, in nats. Falling to 0 means that it no longer tries alternatives.",
      },
      position: {
        title: "Entropy by position",
        x: "token of the completion",
        note: "Nats at each place, at the end of training. High places are where the model still weighs ways; the answer is at the end.",
      },
      length: {
        title: "Length while learning",
        x: "training step",
        note: "Mean tokens per try. A way that earns more by writing more shows here.",
      },
    },
    table: {
      title: (how: string) => `At the end of training${how}`,
      how: (mode: string) => `, thinking: ${mode}`,
      arm: "way to learn",
      seeds: "seeds",
      secondsPerStep: "s per step",
      nearOneHot: "near one token",
      collapses: "collapses",
      length: "length",
      entropy: "entropy",
      majority: "majority",
      define: {
        seconds: "Seconds of one training step on the machine that ran the experiment, mean over steps and seeds.",
        nearOneHot: "Share of soft steps with more than 95 % of the weight on one token.",
        collapses: "Runs in which the watch saw a sign of collapse.",
        entropy: "How undecided the model was, mean nats per token.",
        length: "Mean tokens per try.",
        majority: "Share of questions where the commonest answer is right.",
      },
    },
    contrasts: {
      title: (title: string) => `Against ${title}`,
      lead: "Difference of pass@k on the same questions with the same seeds, both thinking as they were trained.",
      of: "of",
      difference: "difference",
      picture: "interval",
      verdict: "says",
      verdicts: { more: "better", less: "worse", unclear: "no clear difference" },
    },
    forgetting: {
      title: "What was forgotten",
      lead: "Nats per token on worked answers to tasks the model knew before: more is worse. Intervals are over seeds.",
      task: "task known before",
      before: "before",
      after: "after",
      change: "change",
      verdicts: {
        more: "forgot",
        less: "better than before",
        unclear: "no clear change",
        same: "unchanged",
        "one-seed": "one seed: no interval",
      },
    },
    meetings: {
      compute: (seconds: string) => `At equal compute: ${seconds} of training`,
      reward: (reward: string) => `At equal reward: ${reward} on training questions`,
      lead: {
        compute: "Where each stood when the cheapest had finished. Seconds are of the machine that ran the experiment.",
        reward:
          "Where each stood when it first earned what the least rewarded ever earned (smoothed over five steps; one that never earns what the others start with does not count).",
      },
      step: "at step",
      none: "nothing measured by then",
      note: "The evaluation is the last one by then, on held-out questions.",
    },
    run: {
      title: "Every run",
      lead: "Open a run for every setting it was made with.",
      open: (seed: number) => `seed ${seed}`,
      label: (title: string, seed: number) => `${title}, seed ${seed}: settings`,
      heading: (title: string, seed: number) => `${title}, seed ${seed}`,
      loading: "Fetching the run…",
      file: "The whole file",
      settings: "Settings in effect",
      thinking: "How it thinks when measured",
      measured: "How it was measured",
      facts: { model: "began with", engine: "computed by", version: "lab version", seconds: "training took" },
      yourself: "Run this yourself",
      yourselfHint: (model: string) =>
        `Puts task, method, steps, seed and every setting into Train above and starts from the shipped model, as the run did (${model}). Another engine rounds differently, so numbers will differ a little.`,
      otherModel: (model: string) =>
        `Puts task, method, steps, seed and every setting into Train above. The run began with ${model}, though, and here the shipped model is the start: expect other numbers, or open that file in The model.`,
      busy: "Wait for what is loading, or stop the training run first.",
      untrained: "This model was not trained: Measure above, before training, measures the same kind of thing.",
    },
    noRun: "That run's file is not there.",
    ready: (title: string, steps: number, seed: number) =>
      `Train is set up as in the experiment: ${title}, ${steps} steps, seed ${seed}.`,
    setUp: (title: string, seed: number) =>
      `Set up as in the experiment: ${title}, seed ${seed}, with every setting of that run. What you change below comes before it.`,
    usual: "Back to the usual settings",
  },
  audit: {
    of: (grade: string) => `honest grade ${grade}`,
    short: (grade: string) => `honest ${grade}`,
    column: "honest grade",
    define:
      "This task's grader can be tricked: that is its exhibit of reward hacking. The grade is what training sees and rewards; the honest grade is what a strict check says, and is never a reward. Where the first is high and the second is low, the model found the trick.",
  },
  trial: {
    title: "Try the question yourself",
    lead: "Runs two ways to learn in this tab, with the published plan's model, settings and steps, and draws them over the published runs. The lab above stays free meanwhile; a reload of the page loses at most ten steps.",
    noPlan: "This experiment was published without its plan, so it cannot be run here.",
    arm: (place: number) => (place === 1 ? "way to learn" : "and"),
    seed: "seed",
    start: "Run both here",
    same: "Choose two different ways to learn.",
    what: (questions: number, tries: number) =>
      `Each trains with every step of the plan, then is measured on ${questions} held-out questions, ${tries} tries each.`,
    fewer: (questions: number) =>
      `The published runs were measured on ${questions}: fewer here, so that it is done in minutes.`,
    otherSeed: (seeds: string) => `The published runs have the seeds ${seeds}; another seed is another try.`,
    loading: "Opening an engine of its own and fetching the model…",
    training: (arm: string, step: number, of: number) => `${arm}: training, step ${step} of ${of}`,
    evaluating: (arm: string, done: number, of: number) => `${arm}: measuring, question ${done} of ${of}`,
    timing: "timing the first steps",
    left: (time: string) => `about ${time} left, as timed here`,
    leftTraining: (time: string) => `about ${time} of training left, as timed here; then the measuring`,
    begins: (arm: string) => `${arm}: begins.`,
    milestone: (arm: string, step: number, of: number) => `${arm}: step ${step} of ${of}.`,
    armDone: (arm: string) => `${arm}: done and measured.`,
    done: "Both runs are done.",
    cancelled: "Cancelled. What was kept can be gone on with.",
    kept: "Kept in this browser as it goes.",
    keptText: (done: number, of: number, under: string, when: string) =>
      `An experiment is kept in this browser: ${done} of ${of} runs done${under}, ${when}.`,
    keptAt: (arm: string, step: number, of: number) => `, ${arm} at step ${step} of ${of}`,
    resume: "Go on with it",
    forget: "Forget it",
    problem: (message: string) => `It could not go on: ${message}`,
    published: (seeds: number) => `published, ${seeds} ${seeds === 1 ? "seed" : "seeds"}`,
    here: (seed: number) => `this tab, seed ${seed}`,
    now: "Running now. It is compared when it has been measured.",
    later: "Not run here yet.",
    nothingPublished: "Nothing was published to compare it with.",
    verdict: (places: string[]) =>
      places.every((place) => place === "inside")
        ? "This tab's run lies inside the published intervals."
        : places.some((place) => place === "inside")
          ? "This tab's run lies inside one published interval and outside the other."
          : "This tab's run lies outside the published intervals.",
    at: (k: number, here: string, mean: string, range: string, place: string) =>
      ` pass@${k}: ${here} here, ${mean} ${range} published: ${place}.`,
    places: { inside: "inside", above: "above", below: "below" },
    caution: (seeds: number, seed: number) =>
      `The interval is of the mean of ${seeds} ${seeds === 1 ? "seed" : "seeds"}; this is one run, seed ${seed}, and single runs scatter more than their mean. Outside is no refutation, inside no proof.`,
    download: "Download the run file",
    by: (engine: string, time: string) => `Computed by ${engine}${time === "" ? "" : `; training took ${time}`}.`,
    charts: {
      reward: {
        title: "Reward while learning",
        x: "training step",
        note: "Band: from the smallest to the largest published seed, around their mean.",
      },
      pass: {
        title: "pass@k",
        x: "k, tries a question",
        note: "Band: the published 95 % interval. This tab's points come when it has been measured.",
      },
    },
  },
};
