// Ways to think as the page offers them: groups, settings that can be changed, a blend's parts, why a thought was ended. No words, no DOM.

import type { Drawing, Noise, Policy, PolicyPreset, PolicySettings } from "soft-thinking-lab";

export type PolicyKind = PolicySettings["kind"];
/** How a way is drawn: blends or single tokens. */
export type Kind = "soft" | "discrete";

/** A way to think with the settings in effect. */
export interface Way {
  /** The preset's. */
  name: string;
  settings: PolicySettings;
  /** What the visitor changed of the preset. */
  own?: Readonly<Record<string, unknown>>;
}

export const SOFT: Way = { name: "soft", settings: { kind: "soft" } };
export const DISCRETE: Way = { name: "discrete", settings: { kind: "discrete" } };

export function drawnAs(way: Way): Kind {
  return way.settings.kind === "discrete" ? "discrete" : "soft";
}

export const GROUPS = ["discrete", "soft", "soft_tokens", "multiplex", "inference"] as const;
export type Group = (typeof GROUPS)[number];

/** The six inference modes of "Soft Tokens, Hard Truths" stand together, whatever their kind. */
export function groupOf({ name, policy }: PolicyPreset): Group {
  return /^(hard|soft|fuzzy)-(greedy|sample)$/.test(name) ? "inference" : policy.kind;
}

const DRAWING = ["temperature", "top_k", "top_p", "min_p"] as const;
/** How the answer is drawn: a part of the policy with a name of its own. */
const ANSWER = ["answer.temperature", "answer.top_k", "answer.top_p", "answer.min_p"] as const;
const SHOWN = {
  discrete: [...DRAWING, "pause_length", "max_thought_length", ...ANSWER],
  soft: [
    ...DRAWING,
    "soft_top_k",
    "noise",
    "gumbel_temperature",
    "noise_scale",
    "noise_clamp",
    "log_epsilon",
    "dirichlet_alpha",
    "noise_before_top_k",
    "cold_stop_entropy",
    "cold_stop_length",
    "max_thought_length",
    ...ANSWER,
  ],
  soft_tokens: ["temperature", "embedding_noise", "max_thought_length", ...ANSWER],
  multiplex: [...DRAWING, "multiplex_width", "weighted", "max_thought_length", ...ANSWER],
} as const satisfies Record<PolicyKind, readonly string[]>;
export type SettingKey = (typeof SHOWN)[PolicyKind][number];

/** Whatever the way to think. */
export function allPolicySettings(): readonly string[] {
  return [...new Set<string>(Object.values(SHOWN).flat())];
}

/** Settings that mean something for one noise only. */
const NEEDS_NOISE: Partial<Record<SettingKey, Noise>> = {
  gumbel_temperature: "gumbel",
  noise_scale: "gumbel",
  noise_clamp: "gumbel",
  log_epsilon: "gumbel",
  dirichlet_alpha: "dirichlet",
};
export const NOISES: readonly Noise[] = ["gumbel", "dirichlet", "gaussian"];

/** What answers are drawn by where the policy does not say: as the thought, or (soft tokens) the model's own distribution. */
function answerOf(policy: PolicySettings): Required<Drawing> {
  const own = { temperature: 1, top_k: 0, top_p: 1, min_p: 0 };
  if (policy.answer) return { ...own, ...policy.answer };
  if (policy.kind === "soft_tokens") return own;
  const { temperature = 1, top_k = 0, top_p = 1, min_p = 0 } = policy;
  return { temperature, top_k, top_p, min_p };
}

type Value = number | boolean | string;

/** The settings that can be changed, each with the preset's value; `changed` may make others meaningful. */
export function settingsOf(policy: PolicySettings, changed: Typed = {}): { key: SettingKey; value: Value }[] {
  const noise = policy.kind === "soft" ? (changed.noise ?? policy.noise ?? "gumbel") : undefined;
  const flat: Record<string, unknown> = { ...policy };
  for (const [key, value] of Object.entries(answerOf(policy))) flat[`answer.${key}`] = value;
  return SHOWN[policy.kind].flatMap((key) => {
    const needed = NEEDS_NOISE[key];
    const value = flat[key];
    const known = typeof value === "number" || typeof value === "boolean" || typeof value === "string";
    return known && (needed === undefined || needed === noise) ? [{ key, value }] : [];
  });
}

/** What is sent: the name alone, or with what the visitor changed. `settings`: the preset's own. */
export function policyOf(name: string, changed: Record<string, string>, settings?: PolicySettings): Policy {
  const own = typed(changed);
  if (Object.keys(own).length === 0) return name;
  return { preset: name, ...nested(own, settings) };
}

/** The answer's settings go together: where one is changed, all are said. */
function nested(own: Typed, settings: PolicySettings | undefined): Record<string, unknown> {
  const outer = Object.entries(own).filter(([key]) => !key.startsWith("answer."));
  if (outer.length === Object.keys(own).length) return own;
  // What the visitor changed of the thought's drawing counts for the answer too, unless the preset says otherwise.
  const policy = { ...(settings ?? { kind: "discrete" }), ...Object.fromEntries(outer) };
  const answer: Record<string, unknown> = answerOf(policy);
  for (const [key, value] of Object.entries(own)) {
    if (key.startsWith("answer.")) answer[key.slice("answer.".length)] = value;
  }
  return { ...Object.fromEntries(outer), answer };
}

/** A preset with what the visitor changed laid over it. */
export function wayOf({ name, policy }: PolicyPreset, changed: Record<string, string>): Way {
  const own = typed(changed);
  return { name, settings: { ...policy, ...nested(own, policy) }, own };
}

/** The way of that name; SofT-GRPO's where the engine has not said yet what there is. */
export function wayNamed(name: string, policies: readonly PolicyPreset[], changed: Record<string, string>): Way {
  const preset = policies.find((one) => one.name === name);
  return preset === undefined ? SOFT : wayOf(preset, changed);
}

export type Typed = Record<string, number | string | boolean | null>;

/** What was filled in, as numbers and truths where it is such: what is neither is for the engine to refuse by name. */
export function typed(settings: Record<string, string>): Typed {
  const found: Typed = {};
  for (const [key, text] of Object.entries(settings)) {
    const trimmed = text.trim();
    if (trimmed === "") continue;
    const number = Number(trimmed);
    found[key] = WORDS.has(trimmed) ? (WORDS.get(trimmed) ?? null) : Number.isNaN(number) ? trimmed : number;
  }
  return found;
}
const WORDS = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

export type Ending =
  | { why: "length"; steps: number }
  | { why: "cold"; steps: number; entropy: number }
  /** Soft tokens: the likeliest token was the closing mark, which is no choice that training could score. */
  | { why: "shadow" };

/** Why a step that the model did not choose ended the thought. */
export function endingOf(way: Way, step: { step: number; candidates: readonly string[] }): Ending {
  const { settings } = way;
  // What a stop rule puts in the place of a step has the closing mark alone.
  if (settings.kind === "soft_tokens" && step.candidates.length > 1) return { why: "shadow" };
  const longest = settings.max_thought_length ?? 0;
  if (longest > 0 && step.step + 1 >= longest) return { why: "length", steps: longest };
  const { cold_stop_length = 0, cold_stop_entropy = 0 } = settings.kind === "soft" ? settings : {};
  return cold_stop_length > 0
    ? { why: "cold", steps: cold_stop_length, entropy: cold_stop_entropy }
    : { why: "length", steps: step.step + 1 };
}

// ---------------------------------------------------------------- blends

export interface Part {
  text: string;
  weight: number;
}

/** A blend's tokens, heaviest first. Draws of the same token weigh together. */
export function partsOf({
  candidates,
  mixture,
}: {
  candidates: readonly string[];
  mixture: readonly number[];
}): Part[] {
  const parts = new Map<string, number>();
  candidates.forEach((text, index) => parts.set(text, (parts.get(text) ?? 0) + (mixture[index] ?? 0)));
  return [...parts].map(([text, weight]) => ({ text, weight })).sort((a, b) => b.weight - a.weight);
}
