// Every word the figures show, in English.

export const en = {
  again: "Try again",
  failed: (message: string) => message,
  kinds: { soft: "Soft", discrete: "Discrete" },
  loading(phase: string, loaded: string, total: string | undefined): string {
    const of = total === undefined ? loaded : `${loaded} of ${total}`;
    if (phase === "engine") return `Fetching the engine: ${of}`;
    if (phase === "model") return `Fetching the model: ${of}`;
    if (phase === "compile") return "Preparing the GPU";
    return "Reading the model";
  },
  source: {
    stored: "A stored example, recorded from this model",
    live: { cpu: "Computed in this tab, on the CPU", gpu: "Computed in this tab, on the GPU" },
  },
  strip: {
    blend: (step: number, token: string, weight: string, entropy: string) =>
      `Step ${step}: a blend read as ${token}, weight ${weight}, entropy ${entropy} nats`,
    single: (step: number, token: string) => `Step ${step}: the single token ${token}`,
  },
  card: {
    blend: (entropy: string) => `A blend, entropy ${entropy} nats.`,
    single: "A single token is fed back.",
    changed: (token: string) => `The noise changed the winner: without it ${token} would not be the heaviest.`,
    kept: (token: string) => `The noise left the winner as it was: ${token}.`,
    candidate: "token",
    logProb: "log-prob.",
    noise: "noise",
    weight: "weight",
    cut: "cut",
  },
  chart: { table: "The numbers as a table", tableOf: (what: string) => `Table: ${what}` },
  group: {
    expected: "expected",
    allAlike:
      "In every group all eight tries got the same reward, so there is nothing to learn from: choose another seed.",
    try: (row: number, answer: string, reward: string, advantage: string) =>
      `Try ${row}: answer ${answer}, reward ${reward}, advantage ${advantage}`,
    credit: "pushed up",
    blame: "pushed down",
    table: "Noise and credit of this step",
    pushed: (advantage: string) => `with advantage ${advantage}`,
    more: "made more likely",
    less: "made less likely",
    neither: "left as it is",
    single: (row: number, step: number, token: string) =>
      `Try ${row}, step ${step}: ${token} is a single token, not a blend, and has no noise to give credit to.`,
    sentence: (row: number, step: number, token: string, noise: string, advantage: string) => {
      if (!/[1-9]/.test(advantage))
        return `Try ${row}, step ${step}: the try did as well as its group, so the update leaves ${token} as it is.`;
      const lifted = noise.startsWith("+")
        ? `The noise lifted ${token} by ${noise}`
        : `The noise held ${token} back by ${noise}`;
      const did = advantage.startsWith("+") ? "did better than its group" : "did worse than its group";
      const so =
        noise.startsWith("+") === advantage.startsWith("+")
          ? `so the update makes ${token} more likely at this place`
          : `so the update makes ${token} less likely at this place`;
      return `Try ${row}, step ${step}: ${lifted}, and the try ${did} (advantage ${advantage}), ${so}.`;
    },
  },
  race: {
    racers: { soft: "SofT-GRPO", discrete: "GRPO" },
    idle: (steps: number) => `${steps} training steps each, from the same model. Start them when you like.`,
    start: "Start both",
    again: "Start again",
    pause: "Pause",
    resume: "Go on",
    stop: "Stop",
    paused: "Paused; what was learned stays.",
    running: (step: number, of: number, left: number | undefined) =>
      `Step ${step} of ${of}${left === undefined ? "" : `, about ${left} s left`}.`,
    ended: (step: number, softFrom: string, softTo: string, from: string, to: string) =>
      `Ended after step ${step}. Held-out pass@1: SofT-GRPO ${softFrom} → ${softTo}, GRPO ${from} → ${to}.`,
    reward: "reward",
    passed: "held-out pass@1",
    step: "training step",
    chart: (what: string) =>
      `${what} of SofT-GRPO and GRPO over the training steps; the numbers are in the table below`,
    noLab: "A lab is missing; load the page again.",
  },
  pass: {
    task: "Task",
    /** By the engine's name; other languages have their own. */
    taskName: (task: string) => task,
    /** `title`: the experiment's own for its arm. */
    armTitle: (arm: string, title: string) => title || arm,
    tries: "tries k",
    solved: "questions solved within k tries",
    chart: "pass@k; the numbers are in the table below",
    guessing: "guessing alone",
    published: (runs: number) => `From ${runs} published runs; bands are 95 % intervals over questions and seeds.`,
    refused: (address: string, status: number) => `${address} answered ${status}; check that the results lie there.`,
    contrast: (arm: string, k: number, difference: string, interval: string, clear: boolean) =>
      `${arm} minus GRPO at k = ${k}: ${difference}, interval ${interval}. ${clear ? "The interval leaves out 0." : "The interval holds 0: no difference is shown."}`,
    live: "64 held-out questions, 32 tries each, in blends and in single tokens.",
    measure: "Measure this model",
    cancel: "Cancel",
    measured: (soft: string, discrete: string) => `Measured: pass@1 ${soft} in blends, ${discrete} in single tokens.`,
  },
  mixture: {
    otherNoise: "Draw other noise",
    papers: "The paper's settings",
    table: "The step's candidates",
    offers: "the model offers",
    noise: (scale: string) => `noise × ${scale}`,
    weight: "weight in the blend",
    afterBlend: "Next, after the blend",
    afterToken: (token: string) => `Next, after ${token} alone`,
    over: "The thought ends here.",
    tooShort: (step: number) => `This thought has no step ${step}: choose an earlier one.`,
    blend: (token: string, entropy: string, model: string) =>
      `The blend is read as ${token}; its entropy is ${entropy} nats, that of the model's whole distribution ${model}.`,
    sliders: {
      temperature: { name: "Temperature", what: "Flattens what the model offers." },
      noise_scale: { name: "Noise scale", what: "How much chance decides; 0: none." },
      gumbel_temperature: { name: "τ of the blend", what: "Small: one token. Large: an even blend." },
      soft_top_k: { name: "Top-k", what: "How many candidates are kept and blended." },
    },
  },
  thought: {
    question: "Question",
    controls: "Steps of the thought",
    back: "Back",
    play: "Play",
    pause: "Pause",
    step: "Step",
    another: "Another question",
    soft: "Each next input is a blend of tokens.",
    discrete: "Each next input is one token. Same seed.",
    card: (kind: string, step: number) => `${kind}, step ${step}`,
    over: "This thought had ended before.",
    none: "none",
    noEnd: "The thought ended without a result; load the page again.",
    right: (answer: string, steps: number) => `Answer ${answer} ✓ right, after ${steps} steps of thought.`,
    wrong: (answer: string, expected: string, grade: string, steps: number) =>
      `Answer ${answer} ✗ ${grade === "0" ? "wrong" : `grade ${grade}`}, expected ${expected}, after ${steps} steps of thought.`,
  },
  semantic: {
    arms: {
      frozen: {
        name: "Frozen",
        text: "Codes from content alone, made once; only the recommender learns. Two stages, as TIGER does it.",
      },
      "straight-through": {
        name: "Straight-through",
        text: "The recommendation loss trains the codes through a plain straight-through estimator: always the nearest code, no noise.",
      },
      dril: { name: "DRIL", text: "The same with Gumbel noise on the scores of the codes." },
      "dril-frequency": {
        name: "DRIL + FrqUD",
        text: "Gumbel noise only where a code is taken too often.",
      },
      "dril-uncertainty": {
        name: "DRIL + SDUD",
        text: "Gumbel noise whose scale is learned and fades as the loss falls.",
      },
      "dril-both": { name: "DRIL + both", text: "A learned scale, and only where a code is taken too often." },
      detached: {
        name: "Detached",
        text: "As DRIL, but the recommendation loss never reaches the codes: a control, and what the published code did.",
      },
      annealed: { name: "Annealed", text: "As DRIL, with a temperature that falls instead of noise that fades." },
      gaussian: {
        name: "Gaussian",
        text: "As DRIL, with Gaussian noise of the same mean and variance: a control.",
      },
    },
    unknownArm: (arm: string) => `There is no arm called ${arm}.`,
    idle: (epochs: string) =>
      `Trains the codes and the recommender for ${epochs} epochs in this tab. Run it when you like.`,
    noGpu: "This browser has no GPU to compute on. The CPU engine does the same run.",
    usual: "the usual number of",
    starting: "Making the catalogue, the code-book and the recommender.",
    running: (epoch: number, of: number, left: number | undefined) =>
      `Epoch ${epoch} of ${of}${left === undefined ? "" : `, about ${left} s left`}.`,
    testing: "Testing on the last item of every user.",
    pausing: "Pausing after this epoch.",
    paused: (epoch: number) => `Paused after epoch ${epoch}; what was learned stays.`,
    lost: (epoch: number, of: number) =>
      `Broken off after epoch ${epoch} of ${of} when the page was left. What was seen until then is shown; what was learned is lost, so a run starts from the beginning.`,
    after: (epoch: number) => `after epoch ${epoch}`,
    ended: (epochs: number, recall: string, ndcg: string, users: number) =>
      `Ended after epoch ${epochs}. Recall@10 ${recall}, NDCG@10 ${ndcg} on the last items of ${users} users.`,
    run: "Run",
    again: "Run again",
    pause: "Pause",
    resume: "Go on",
    stop: "Stop",
    done: "epochs done",
    which: "Codes shown",
    codes: { nearest: "the nearest of each item", kept: "those in use" },
    book: {
      title: "Code-book",
      label: "Items per code, level by level; the numbers are in the table below",
      level: (level: number, used: number, codes: number, effective: string) =>
        `Level ${level}: ${used} of ${codes} codes used, as good as ${effective} used evenly`,
      cell: (level: number, code: number, items: number) => `Level ${level}, code ${code}: ${items} items`,
      none: "no item",
      few: "few",
      many: "many items",
      table: "Items of each code",
      code: "code",
      levelShort: (level: number) => `level ${level}`,
    },
    map: {
      title: "Items",
      label: "Items as points; colour and number tell the first code; the codes are in the table below",
      note: "Items near each other are alike in content. Colour: the first code; its number stands at its codeword. A line leads from an item to the codeword it moved to in this epoch, a ring marks one whose deeper code changed; a dot goes the way from the old code to the new one.",
      changed: (changed: number, of: number, share: string, first: number) =>
        `${changed} of ${of} items moved to other codes in this epoch (${share}), ${first} of them to another first code.`,
      start: (items: number) => `${items} items, as k-means wrote them at the start.`,
      table: "Codes of each item",
      item: "item",
      id: "codes",
      moved: "changed in this epoch",
      yes: "yes",
      more: (shown: number, all: number) => `The first ${shown} of ${all} items.`,
    },
    health: {
      title: "How the code-book fares",
      level: "level",
      used: "codes used",
      dead: "dead codes",
      effective: "effective codes",
      entropy: "usage entropy (nats)",
      balance: "balance",
      unique: "different ids per item",
      most: "most items on one id",
      drift: "changed this epoch",
      driftTotal: "changed since the start",
      agreement: "training agrees with evaluation",
      noisy: "assignments with noise",
      sigma: "noise scale σ",
      temperature: "temperature τ",
      recall: "Recall@10, validation",
      ndcg: "NDCG@10, validation",
    },
  },
};
