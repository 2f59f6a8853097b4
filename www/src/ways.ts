// Ways to think as the page offers them: groups, settings that can be changed, a blend's parts, why a thought was ended. No words, no DOM.

import type { Noise, Policy, PolicyPreset, PolicySettings } from "soft-thinking-lab";

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
const SHOWN = {
  discrete: [...DRAWING, "max_thought_length"],
  soft: [
    ...DRAWING,
    "soft_top_k",
    "gumbel_temperature",
    "noise_scale",
    "noise_clamp",
    "dirichlet_alpha",
    "cold_stop_entropy",
    "cold_stop_length",
    "max_thought_length",
  ],
  soft_tokens: ["temperature", "embedding_noise", "max_thought_length"],
  multiplex: [...DRAWING, "multiplex_width", "weighted", "max_thought_length"],
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
  dirichlet_alpha: "dirichlet",
};

/** The settings that can be changed, each with the preset's value. */
export function settingsOf(policy: PolicySettings): { key: SettingKey; value: number | boolean }[] {
  const noise = policy.kind === "soft" ? (policy.noise ?? "gumbel") : undefined;
  return SHOWN[policy.kind].flatMap((key) => {
    const needed = NEEDS_NOISE[key];
    const value = (policy as unknown as Record<string, unknown>)[key];
    const known = typeof value === "number" || typeof value === "boolean";
    return known && (needed === undefined || needed === noise) ? [{ key, value }] : [];
  });
}

/** What is sent: the name alone, or with what the visitor changed. */
export function policyOf(name: string, changed: Record<string, string>): Policy {
  const own = typed(changed);
  return Object.keys(own).length === 0 ? name : { preset: name, ...own };
}

/** A preset with what the visitor changed laid over it. */
export function wayOf({ name, policy }: PolicyPreset, changed: Record<string, string>): Way {
  const own = typed(changed);
  return { name, settings: { ...policy, ...own }, own };
}

/** The way of that name; SofT-GRPO's where the engine has not said yet what there is. */
export function wayNamed(name: string, policies: readonly PolicyPreset[], changed: Record<string, string>): Way {
  const preset = policies.find((one) => one.name === name);
  return preset === undefined ? SOFT : wayOf(preset, changed);
}

/** What was filled in, as numbers and truths where it is such: what is neither is for the engine to refuse by name. */
export function typed(settings: Record<string, string>): Record<string, number | string | boolean> {
  const found: Record<string, number | string | boolean> = {};
  for (const [key, text] of Object.entries(settings)) {
    const trimmed = text.trim();
    if (trimmed === "") continue;
    const number = Number(trimmed);
    found[key] =
      trimmed === "true" || trimmed === "false" ? trimmed === "true" : Number.isNaN(number) ? trimmed : number;
  }
  return found;
}

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
