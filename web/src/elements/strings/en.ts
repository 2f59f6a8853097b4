// Every word the figures show, in English.

export const en = {
  again: "Try again",
  kinds: { soft: "Soft", discrete: "Discrete" },
  loading(phase: string, loaded: string, total: string | undefined): string {
    const of = total === undefined ? loaded : `${loaded} of ${total}`;
    if (phase === "engine") return `Fetching the engine: ${of}`;
    if (phase === "model") return `Fetching the model: ${of}`;
    if (phase === "compile") return "Preparing the GPU";
    return "Reading the model";
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
};
