// The second lab's choices in the address, what a pace sets, and that the numbers its sentences quote are those of the shipped results.

import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { ARMS, USUAL, nameOfWish, readChoices, writeChoices } from "../src/semantic/choices.ts";
import { commandOf, givenFor, paceOf } from "../src/semantic/paces.ts";
import { CONTROLS, csvOf } from "../src/semantic/results.ts";
import { initialState } from "../src/semantic/state.ts";
import { semantic as english } from "../src/strings/en/semantic.ts";
import { semantic as german } from "../src/strings/de/semantic.ts";

interface Plan {
  settings: Record<string, unknown>;
  arms: { name: string | null; arm: string; set: Record<string, unknown> }[];
}
interface Summary {
  arms: { arm: string; numbers: Record<string, { mean: number; low: number; high: number }> }[];
}
const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../results/semantic-ids/${path}`, import.meta.url), "utf8"));

test("an address keeps every choice of a run, and gives it back", () => {
  const all = {
    ...USUAL,
    arm: "annealed",
    beside: "none",
    seed: 7,
    pace: "tuned",
    data: "own",
    engine: "gpu",
    run: "dril-fast-3",
    epochs: 12,
    items: 90,
    shown: "kept",
    settings: { sigma: 0, codebook_learning_rate: 0.001 },
  } as const;
  const hash = writeChoices(all, "dark", "#lang=de");
  expect(readChoices(hash)).toEqual({ found: all, theme: "dark", ignored: [] });
  expect(hash).toContain("lang=de");
  expect(writeChoices(USUAL, "auto", "")).toBe("");
  expect(readChoices("#pace=fast&run=../etc&data=mine").ignored).toEqual(["pace=fast", "run=../etc", "data=mine"]);
  // What is only looked at is no other wish.
  expect(nameOfWish({ ...all, shown: "nearest" })).toBe(nameOfWish(all));
  expect(nameOfWish({ ...all, seed: 8 })).not.toBe(nameOfWish(all));
});

test("the paces are those of the plans that were measured", () => {
  const tuned = read("plan.json") as Plan;
  for (const arm of ARMS) {
    const planned = tuned.arms.find((one) => one.name === null && one.arm === arm);
    const { forward, ...set } = planned?.set ?? {};
    expect(forward === undefined || forward === "sampled").toBe(true);
    expect(paceOf("tuned", arm)).toEqual({ ...tuned.settings, ...set });
  }
  const exaggerated = read("exaggerated/plan.json") as Plan;
  for (const arm of ["straight-through", "dril"] as const)
    expect(paceOf("exaggerated", arm)).toEqual(exaggerated.settings);
  expect(paceOf("exaggerated", "frozen")).not.toHaveProperty("codebook_learning_rate");
});

test("what is changed by hand overrules the pace; the command says the same", () => {
  const { found } = readChoices("#set.sigma=0&set.users=50&epochs=3&seed=4&items=80");
  const state = initialState(found, []);
  const given = givenFor(state);
  const settings = { epochs: 3, codes: 32, codebook_learning_rate: 0.03, sigma: 0 };
  expect(given).toEqual({ settings: [settings, settings], catalogue: { items: 80, users: 50 }, csv: undefined });
  expect(commandOf(found, given, 1)).toBe(
    "cargo run --release --features native -- semantic-ids run --arm dril --seed 4 --set epochs=3 --set codes=32 " +
      "--set codebook_learning_rate=0.03 --set sigma=0 --catalogue items=80 --catalogue users=50 --catalogue seed=4",
  );
  const own = { ...found, data: "own" } as const;
  const files = { items: "a", interactions: "b", lacking: false };
  const command = commandOf(own, givenFor({ ...state, choices: own, own: files }), 0);
  expect(command).toMatch(/--items items\.csv --interactions interactions\.csv$/);
  expect(command).not.toContain("--catalogue");
});

test("the sentence of the exaggerated settings quotes their results", () => {
  const { arms } = read("exaggerated/summary.json") as Summary;
  for (const { arm, numbers } of arms) {
    const value = numbers.nearest_effective_last;
    const [mean, low, high] = [value?.mean, value?.low, value?.high].map((one) => one?.toFixed(1) ?? "");
    expect(english.live.paces.exaggerated.text, arm).toMatch(new RegExp(`${mean}[^;.]*? \\[${low}, ${high}\\]`));
    const comma = [mean, low, high].map((one) => one?.replace(".", ","));
    expect(german.live.paces.exaggerated.text, arm).toContain(`[${comma[1]}; ${comma[2]}]`);
    expect(german.live.paces.exaggerated.text, arm).toContain(comma[0]);
  }
  const main = (read("summary.json") as Summary).arms;
  const worth = (name: string) => main.find(({ arm }) => arm === name)?.numbers.nearest_effective_last?.mean.toFixed(1);
  for (const name of ["straight-through", "dril"]) expect(english.live.paces.tuned.text).toContain(worth(name));
});

test("every arm of the experiment has a readable name", () => {
  const { arms } = read("plan.json") as Plan;
  const names = arms.map(({ name, arm }) => name ?? arm);
  const known: readonly string[] = [...ARMS, ...CONTROLS];
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
});

test("the table of arms as CSV has a column a number and the ends of its interval", () => {
  const number = { mean: 0.5, low: 0.4, high: 0.6 };
  const [head, row] = csvOf([{ name: "dril", arm: "dril", seeds: [1], numbers: { "ndcg@10": number }, curves: {} }])
    .split("\n")
    .map((line) => line.split(","));
  const at = head?.indexOf("ndcg@10") ?? -1;
  expect(head?.slice(at, at + 3)).toEqual(["ndcg@10", "ndcg@10 low", "ndcg@10 high"]);
  expect(row?.slice(at, at + 3)).toEqual(["0.5", "0.4", "0.6"]);
  expect(row?.length).toBe(head?.length);
});
