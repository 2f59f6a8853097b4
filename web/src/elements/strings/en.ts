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
    right: (kind: string, answer: string, steps: number) =>
      `${kind}: answer ${answer} ✓ right, after ${steps} steps of thought.`,
    wrong: (kind: string, answer: string, expected: string, grade: string, steps: number) =>
      `${kind}: answer ${answer} ✗ ${grade === "0" ? "wrong" : `grade ${grade}`}, expected ${expected}, after ${steps} steps of thought.`,
  },
};
