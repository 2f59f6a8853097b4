// Ways to learn as the page offers them: a method, how it thinks, the settings that can be changed. No words, no DOM.

import type { MethodPreset, Objective, PolicyPreset } from "soft-thinking-lab";

import { DISCRETE, SOFT, wayOf } from "./ways.ts";
import type { Kind, Way } from "./ways.ts";

/** What a run is told to do: one of the lab's own objectives, or what a paper does. */
export interface Method {
  objective: Objective;
  preset?: string | undefined;
}

export const OBJECTIVES: readonly Objective[] = ["soft_grpo", "grpo", "soft_tokens", "multiplex"];

/** The objective that settings name. */
export function objectiveOf({ objective }: Record<string, unknown>): Objective {
  return OBJECTIVES.find((one) => one === objective) ?? "soft_grpo";
}

export function methodOf({ name, config }: MethodPreset): Method {
  return { objective: objectiveOf(config), preset: name };
}

/** The method of a run whose settings are known. */
export function methodIn(config: Record<string, unknown>): Method {
  const { preset } = config;
  return { objective: objectiveOf(config), preset: typeof preset === "string" ? preset : undefined };
}

export function kindOf(objective: Objective): Kind {
  return objective === "grpo" ? "discrete" : "soft";
}

const OBJECTIVES_WAY: Record<Objective, string> = {
  soft_grpo: "soft",
  grpo: "discrete",
  soft_tokens: "soft-tokens",
  multiplex: "multiplex",
};

/** The way to think in which a method's models are measured: its own where it has one. */
export function thinkingOf(method: Method, policies: readonly PolicyPreset[]): Way {
  const wanted = method.preset;
  const own =
    policies.find(({ name }) => name === wanted) ??
    policies.find(({ name }) => name === OBJECTIVES_WAY[method.objective]);
  return own === undefined ? (kindOf(method.objective) === "soft" ? SOFT : DISCRETE) : wayOf(own, {});
}

/** How the tries of a run thought, as far as its settings say. */
export function triesWay({ method, config = {} }: Tries): Way {
  const { objective } = method;
  const kind = objective === "grpo" ? "discrete" : objective === "soft_grpo" ? "soft" : objective;
  const { noise } = config;
  const name = OBJECTIVES_WAY[objective];
  if (kind !== "soft") return { name, settings: { kind } };
  return { name, settings: { kind, noise: noise === "dirichlet" || noise === "gaussian" ? noise : "gumbel" } };
}
interface Tries {
  method: Method;
  config?: Record<string, unknown> | undefined;
}
