// The words of thinking, in English: the question, ways to think and their settings, a step's card, how soft a thought is, how true. No numbers are worked out here, only worded.

import type { Group, PolicyKind, SettingKey } from "../../ways.ts";

export const think = {
  think: {
    title: "Think",
    question: "Question",
    own: "Type your own question, or take the next one",
    another: "Another question",
    button: "Think",
    stop: "Stop",
    seed: "seed",
    seedHint: "The same question, model and seed give the same thought.",
    stored: "Stored example, recorded from the shipped model. The live model is being loaded.",
    storedReady: "Stored example, recorded from the shipped model. Press Think to run it here.",
    empty: "The thought will appear here, one column a step. It takes about a second.",
    comparedHint: "Same question, same seed: each step feeds one sampled token back.",
    lookFor: "What to look for",
    entropyLine: "Line above the bars: entropy of the blend, 0 to 1.61 nats (five equal parts).",
    answer: "answer",
    none: "no answer",
    right: "right",
    wrong: "wrong",
    partly: (grade: string) => `graded ${grade}`,
    expected: (answer: string) => `expected ${answer}`,
    stats: (steps: number, entropy: string) => `${steps} thinking steps · blend entropy ${entropy} nats`,
    steps: (steps: number) => `${steps} thinking steps`,
    announce: (kind: string, answer: string, verdict: string) => `${kind} thinking: answer ${answer}, ${verdict}.`,
    share: (sharp: number, all: number, percent: string) =>
      `In this thought ${sharp} of ${all} blends (${percent}) put more than 95 % of their weight on one token.`,
    shareWhy: {
      discrete: "",
      soft: "A model that is sure makes blends that are nearly one token, whatever the settings. Where a bar is split, the model keeps more than one way open.",
      soft_tokens:
        "The blend is the whole vocabulary's mean embedding, and a model that is sure makes it nearly one token's. The noise is added to the embedding, so the bars do not show it.",
      multiplex: "Draws that agree make one token. Where a bar is split, the draws differed: the model is not sure.",
    } satisfies Record<PolicyKind, string>,
    changedMark: {
      discrete: "",
      soft: "* the noise changed the winner.",
      soft_tokens: "The grey part of a bar is the rest of the vocabulary.",
      multiplex: "* the first draw, which is what graders read, is not the likeliest token.",
    } satisfies Record<PolicyKind, string>,
    ended: "ended for the model",
    forcedMark: "▪ the thought was ended for the model.",
    column: (step: number, token: string, weight: string, entropy: string) =>
      `Step ${step}: ${token}, ${weight} of the blend, entropy ${entropy} nats`,
    columnDiscrete: (step: number, token: string) => `Step ${step}: ${token}`,
  },
  ways: {
    label: "way to think",
    settings: "Change its settings",
    settingsHint: "Left empty, a setting is the preset's own. The names are those of the lab's other doors.",
    groups: {
      discrete: "one token a step",
      soft: "soft thinking",
      soft_tokens: "soft tokens",
      multiplex: "multiplex",
      inference: "six inference modes of Soft Tokens",
    } satisfies Record<Group, string>,
    kinds: {
      discrete: "Discrete",
      soft: "Soft",
      soft_tokens: "Soft tokens",
      multiplex: "Multiplex",
    } satisfies Record<PolicyKind, string>,
    hints: {
      discrete: "Each step feeds one token back into the model.",
      soft: "Each step feeds a blend of a few tokens back into the model.",
      soft_tokens: "Each step feeds the mean embedding of the whole vocabulary back; its heaviest tokens are shown.",
      multiplex: "Each step draws several tokens and feeds their mean back into the model.",
    } satisfies Record<PolicyKind, string>,
    define: {
      temperature:
        "Logits are divided by this before probabilities are taken; small is nearly the likeliest token alone.",
      top_k: "Keep this many of the likeliest tokens; 0 keeps all.",
      top_p: "Keep the smallest set of tokens with at least this mass.",
      min_p: "Drop tokens below this share of the likeliest one's probability.",
      soft_top_k: "Tokens in a blend.",
      gumbel_temperature: "Temperature of the softmax over perturbed values; small is nearly one token.",
      pause_length:
        "The thought is so many pause tokens and the closing mark, whatever the model would say; 0: it thinks its own.",
      noise: "What perturbs a blend. Dirichlet and Gaussian noise are SofT-GRPO's controls.",
      log_epsilon: "Added to probabilities before the logarithm, as SofT-GRPO's code does; 0 as in the paper.",
      noise_before_top_k: "Perturb all candidates first and keep the largest then, instead of the other way round.",
      "answer.temperature": "The same for the answer, which is drawn one token at a time.",
      "answer.top_k": "The same for the answer; 0 keeps all.",
      "answer.top_p": "The same for the answer.",
      "answer.min_p": "The same for the answer.",
      noise_scale: "Multiplies the Gumbel noise; 0 is deterministic.",
      noise_clamp: "Keep Gumbel noise within −1.5 to 3, as SofT-GRPO's code does.",
      dirichlet_alpha: "Probabilities times this are the shapes of the samples; large stays close to them.",
      cold_stop_entropy: "Cold Stop: a step with an entropy (nats) below this is certain.",
      cold_stop_length: "Cold Stop: so many certain steps in a row end the thought; 0 never.",
      max_thought_length: "Longest thought in tokens; 0 for no limit of its own.",
      embedding_noise:
        "Deviation of the noise on the mean embedding, as a share of the embeddings' root mean square; 0 for none.",
      multiplex_width: "Tokens drawn at each step.",
      weighted: "Weigh draws by their probability instead of equally.",
    } satisfies Record<SettingKey, string>,
  },
  diagnose: {
    title: "How soft is this thought?",
    lead: (questions: number, samples: number) =>
      `Thinks on ${questions} held-out questions, ${samples} times each, in the way chosen above, and looks at every step. At some steps single tokens are tried in the blend's place.`,
    button: "Look closely",
    again: "Look again",
    done: "The look at soft thoughts is done.",
    of: (way: string, model: string, rollouts: number, steps: number) =>
      `${way} · ${model} · ${rollouts} thoughts, ${steps} soft steps`,
    asShipped: "model as loaded",
    changed: (way: string) => `These numbers are for “${way}”. Look again for the way that is chosen now.`,
    histogram: "Largest weight of a step",
    axis: "largest weight",
    share: "share of soft steps",
    table: "The same as a table",
    bin: (from: string, to: string) => `${from} to ${to}`,
    range: "range",
    columns: { max_weight: "weight", js_top_1: "distance to 1st", js_top_2: "to 2nd" },
    columnsHint:
      "Shares of steps in each twentieth of the scale: of weights from 0 to 1, of distances from 0 to ln 2 = .693 nats.",
    noSoft: "Single tokens only: this way makes no blends.",
    rows: {
      near_one_hot: {
        name: "nearly one token",
        text: "Share of soft steps with more than 95 % of the weight on one token.",
      },
      effective_tokens: {
        name: "effective tokens",
        text: "How many equal parts a blend amounts to: e to the entropy of its weights. 1 is a single token.",
      },
      js_top_1: {
        name: "distance to the heaviest token",
        text: "How differently the model goes on after the blend than after its heaviest token alone. Near 0, it reads the blend as that token, as it must where blends are nearly one token, and often does where they are not: the greedy pitfall (Wu et al. 2025).",
      },
      js_top_2: {
        name: "distance to the second",
        text: "The same for the second heaviest token alone, at the steps that have one. Far from 0 beside a small number above, the second token went unheard.",
      },
      edit_distance_to_greedy: {
        name: "edits to the greedy thought",
        text: "How far thoughts stray from always taking the likeliest token: 0 is the same thought, 1 shares nothing with it.",
      },
    },
    nats: (value: string) => `${value} nats`,
    pull: (times: string) =>
      `After a blend the model goes on ${times} times closer to its heaviest token than to its second.`,
  },
  card: {
    title: (step: number) => `Step ${step}`,
    of: (whose: string, what: string) => `${whose}: ${what}`,
    phase: { think: "thinking", answer: "answering, one token at a time" },
    projection: (token: string) => `read as ${token}`,
    table: "Candidates of this step",
    candidate: "token",
    log_prob: "log-prob",
    draw: "token drawn",
    noise: (scale: number) => (scale === 1 ? "+ noise" : `+ ${scale} × noise`),
    perturbed: "= perturbed",
    deviation: "sample − prob",
    sample: "sample",
    weight: "weight",
    cut: "cut",
    rest: "all others",
    changed: (winner: string, favourite: string) =>
      `The noise changed the winner: alone, the model favoured ${favourite}; after noise, ${winner} leads.`,
    kept: (winner: string) => `The noise did not change the winner: ${winner} led before it too.`,
    formula: {
      gumbel:
        "weight = softmax(perturbed ÷ Gumbel temperature). The blend of embeddings, so weighted, is the next input.",
      plain: "No noise: the weights follow from the probabilities alone. The blend of embeddings is the next input.",
      samples: "weight = sample ÷ sum of samples. The blend of embeddings, so weighted, is the next input.",
      draws: "The mean of the embeddings drawn is the next input. Graders read the first draw.",
      weightedDraws:
        "The mean of the embeddings drawn, weighted by their probabilities, is the next input. Graders read the first draw.",
      vector: "The blend is over the whole vocabulary; these are its heaviest tokens. Graders read the likeliest.",
      noisyVector: "Gaussian noise was then added to the blended embedding, so the next input is no exact blend.",
    },
    ended: {
      cold: (steps: number, entropy: string) =>
        `The thought was ended for the model: Cold Stop, since it was certain (entropy below ${entropy} nats) for ${steps} steps in a row.`,
      length: (steps: number) =>
        `The thought was ended for the model: it had reached its longest allowed length, ${steps} ${steps === 1 ? "step" : "steps"}.`,
      shadow: "The likeliest token closes the thought. Nothing was drawn here, so training does not score this step.",
    },
    drawn: {
      changed: (first: string) => `The first draw, ${first}, is not the token that the model found likeliest.`,
      same: (first: string) => `The first draw, ${first}, is the likeliest token too.`,
    },
    entropy: (blend: string) => `entropy ${blend} nats`,
    entropies: (blend: string, model: string) => `entropy: blend ${blend} nats, model ${model} nats`,
    define: {
      log_prob: "Natural logarithm of the candidate's probability, renormalised over the candidates kept.",
      noise: "A draw from the Gumbel(0, 1) distribution, clamped to the method's range.",
      perturbed: "Log-probability plus noise. This is the action that SofT-GRPO stores and scores.",
      deviation: "The sample minus the candidate's probability: what the control noise did.",
      sample:
        "A draw of the control noise in the place of the candidate's probability. This is the action that is scored.",
      weight: "Share of this candidate's embedding in the blend that is fed back.",
    },
  },
  truth: {
    title: "How true is this?",
    points: [
      "Every column is a real step of the model in this tab, with the numbers it used. Nothing is replayed, except where a strip says “stored”. Columns are drawn at most fifteen a second so that you can follow; the model is faster.",
      "The model is tiny (about a tenth of a million weights) and knows one toy task. It shows how the method works, not how well it does on large models.",
      "SofT-GRPO's soft step is Gumbel noise, then a softmax at temperature 0.1. That makes most blends nearly one token, as the paper's own pictures show. “Soft” does not mean that the model always weighs many ways. The other ways to think are those of their papers, with their settings.",
      "Same seed does not mean same luck: soft and discrete thinking share the seed's random numbers, but they spend them differently, so one right and one wrong answer prove nothing. Measure on many questions below.",
      "The answer itself is written one token at a time in every way to think.",
    ],
  },
};
