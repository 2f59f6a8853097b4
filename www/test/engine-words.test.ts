// What the engine says, in German: every task, preset, number and setting of the engine has its words, every sentence German knows is one that
// the sources say, and its values come through. The engine's own lists are those of the reference (docs/reference.json), which
// tests/page/docs.test.mjs holds against the running engine.

import { readFileSync, readdirSync } from "node:fs";

import { expect, test } from "vitest";

import { gapsOf, piecesOf, sayer } from "../../web/src/elements/sentences.ts";
import { assembled, ours, sayInGerman } from "../../web/src/elements/strings/engine-de.ts";
import { tasks as titles } from "../../web/src/elements/strings/names-de.ts";
import { rowsOf } from "../docs-build/interfaces.ts";
import { engine as german } from "../src/strings/de/engine.ts";
import { allTrainSettings } from "../src/train-settings.ts";

const repository = new URL("../../", import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(new URL(path, repository), "utf8")) as unknown;

interface Named {
  name: string;
}
const reference = json("www/docs/reference.json") as {
  tasks: (Named & { title: string; description: string })[];
  policies: (Named & { text: string })[];
  methods: (Named & { text: string })[];
  metrics: Record<string, string>;
  train: Record<string, Record<string, unknown>>;
};

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}
const namesOf = (all: readonly Named[]) => sorted(all.map(({ name }) => name));

test("every task of the engine has its German title and sentence, and no other has", () => {
  expect(sorted(Object.keys(german.tasks))).toEqual(namesOf(reference.tasks));
  for (const { name, description } of reference.tasks) {
    expect(german.tasks[name]?.description).not.toBe(description);
    // The figures call it so too.
    expect(german.tasks[name]?.title).toBe(titles[name]);
  }
});

test("every way to think and to learn has its German sentence, and no other has", () => {
  expect(sorted(Object.keys(german.policies))).toEqual(namesOf(reference.policies));
  expect(sorted(Object.keys(german.methods))).toEqual(namesOf(reference.methods));
  for (const [here, all] of [
    [german.policies, reference.policies],
    [german.methods, reference.methods],
  ] as const) {
    for (const { name, text } of all) {
      expect(here[name]).not.toBe(text);
      // The numbers of the sentence are the method's.
      expect(numbersIn(here[name] ?? "", ","), name).toEqual(numbersIn(text, "."));
    }
  }
});

test("every number of a step has its German definition, and no other has", () => {
  expect(sorted(Object.keys(german.metrics))).toEqual(sorted(Object.keys(reference.metrics)));
  for (const [key, text] of Object.entries(reference.metrics)) expect(german.metrics[key]).not.toBe(text);
});

test("every setting of training has its German sentence, and no other has", () => {
  const engines = sorted(Object.values(reference.train).flatMap((one) => Object.keys(one)));
  expect(sorted(Object.keys(german.settings))).toEqual(engines);
  expect(engines).toEqual(expect.arrayContaining([...allTrainSettings()]));
  // It says what the package's types say, where those say something.
  const spoken = rowsOf("LossKeys").filter(({ text }) => text !== "");
  expect(spoken.length).toBeGreaterThan(5);
  for (const { key, text } of spoken) expect(german.settings[key]).not.toBe(text);
}, 60_000);

test("every published experiment and every arm of it has its German title", () => {
  const folder = new URL("www/results/", repository);
  const experiments = readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory());
  expect(experiments.length).toBeGreaterThan(2);
  for (const { name } of experiments) {
    expect(german.experiments[name], name).toBeDefined();
    const summary = json(`www/results/${name}/summary.json`) as { tasks?: { arms: { arm: string }[] }[] };
    for (const arm of (summary.tasks ?? []).flatMap(({ arms }) => arms))
      expect(german.arms[arm.arm], arm.arm).toBeDefined();
  }
});

test("every code of an error has its headline and what to do in German", async () => {
  const { frame } = await import("../src/strings/de/frame.ts");
  const codes = new Set(
    [...readFileSync(new URL("src/error.rs", repository), "utf8").matchAll(/=> "([a-z-]+)"/g)].map(
      ([, code]) => code ?? "",
    ),
  );
  for (const source of sourcesUnder("web/src/", ".ts")) {
    for (const [, code = ""] of source.matchAll(/new LabError\(\s*"([a-z-]+)"/g)) codes.add(code);
  }
  expect(codes.size).toBeGreaterThan(14);
  // What was asked for is no trouble; `failed` is for other pages' code.
  for (const quiet of ["cancelled", "failed"]) codes.delete(quiet);
  expect([...codes].filter((code) => german.help[code] === undefined)).toEqual([]);
  const shown = [...codes].filter((code) => !["disposed", "internal", "io", "no-eval"].includes(code));
  expect(shown.filter((code) => (frame.problem.title as Record<string, string>)[code] === undefined)).toEqual([]);
});

// ---------------------------------------------------------------- sentences

function* filesUnder(folder: string, ending: string): Generator<string> {
  for (const one of readdirSync(new URL(folder, repository), { withFileTypes: true })) {
    if (one.isDirectory()) yield* filesUnder(`${folder}${one.name}/`, ending);
    else if (one.name.endsWith(ending) && !one.name.endsWith(`-de${ending}`)) yield `${folder}${one.name}`;
  }
}

function* sourcesUnder(folder: string, ending: string): Generator<string> {
  for (const path of filesUnder(folder, ending)) yield readFileSync(new URL(path, repository), "utf8");
}

/** As the compilers read it: lines that go on joined, signs without their strokes. */
function written(source: string): string {
  return source
    .replaceAll(/\\\n\s*/g, "")
    .replaceAll(/\\(["`])/g, "$1")
    .replaceAll("{{", "{")
    .replaceAll("}}", "}");
}

test("every sentence that German knows is one that the sources say", () => {
  const sources = [...sourcesUnder("src/", ".rs"), ...sourcesUnder("web/src/", ".ts")].map(written).join("\n");
  const gone = ours.filter((one) => {
    const pieces = piecesOf(one).filter((piece) => piece.trim().length > 1);
    return pieces.length === 0 || pieces.some((piece) => !sources.includes(piece));
  });
  expect(gone.map(([english]) => english)).toEqual([]);
  // Of those that are put together most runs of three words are there; at the joints they are not.
  const loose = assembled.filter((one) => {
    const runs = piecesOf(one).flatMap((piece) => {
      const words = piece.trim().split(" ");
      return words.slice(2).map((_, at) => words.slice(at, at + 3).join(" "));
    });
    return runs.filter((run) => sources.includes(run)).length < 0.5 * runs.length;
  });
  expect(loose.map(([english]) => english)).toEqual([]);
});

test("every German sentence asks only for gaps that its English has, and is another one", () => {
  for (const one of [...assembled, ...ours]) {
    const { given, wanted } = gapsOf(one);
    expect(
      wanted.filter((gap) => !given.includes(gap)),
      one[0],
    ).toEqual([]);
    expect(one[1]).not.toBe(one[0]);
  }
});

test("no sentence is hidden behind an earlier one", () => {
  const hidden = [...assembled, ...ours].filter((one) => {
    const { given } = gapsOf(one);
    let at = 0;
    const english = one[0].replaceAll(/\$?\{\w*(?::[^{}]*)?\}/g, () => `‹${given[at++] ?? ""}›`);
    at = 0;
    const german = one[1].replaceAll(/\{#?(\w+)\}/g, (_, gap: string) => `‹${gap}›`);
    return sayInGerman(english) !== german;
  });
  expect(hidden.map(([english]) => english)).toEqual([]);
});

test("values come through, sentences in gaps are said too, and what is not known is not guessed", () => {
  expect(sayInGerman("there is no setting `learning_rat`; did you mean `learning_rate`?")).toBe(
    "Eine Einstellung `learning_rat` gibt es nicht. Gemeint ist vielleicht `learning_rate`.",
  );
  expect(sayInGerman("line 3: the question must have 1 to 64 characters, it has 0")).toBe(
    "Zeile 3: Die Frage muss 1 bis 64 Zeichen haben, sie hat 0.",
  );
  expect(sayInGerman('policy "soft": `gumbel_temperature` must be 0.0001 to 100; got -1')).toBe(
    "Denkweise „soft“: `gumbel_temperature` muss zwischen 0.0001 und 100 liegen, angegeben ist -1.",
  );
  expect(
    sayInGerman("The smoothed reward has fallen from 0.344 to 0.115. The best moment kept is step 3, with 0.359."),
  ).toBe(
    "Der geglättete Reward ist von 0,344 auf 0,115 gefallen. Der beste aufbewahrte Augenblick ist Schritt 3 mit 0,359.",
  );
  expect(
    sayInGerman(
      "this model needs 812 MiB and 400 are there: 640 for its weights, 96 for 1 × 1024 positions, 76 to compute with; take a smaller model, fewer bits a weight, or a shorter context",
    ),
  ).toBe(
    "Dieses Modell braucht 812 MiB, vorhanden sind 400: 640 für die Gewichte, 96 für 1 × 1024 Positionen, 76 zum Rechnen. Ein kleineres Modell, weniger Bits je Gewicht oder kürzere Texte nehmen.",
  );
  expect(
    sayInGerman(
      "the weight file is not usable: `blk.0.attn_q.weight`: type: expected F32, F16, Q4_0, found ggml type 16",
    ),
  ).toBe(
    "An der Stelle `blk.0.attn_q.weight`: Die Gewichte sind auf eine Art gepackt (ggml-Typ 16), die dieses Labor nicht liest. Es liest F32, F16, Q4_0.",
  );
  expect(sayInGerman("items, line 3: expected 4 numbers as in the first line, got 2")).toBe(
    "items, Zeile 3: Erwartet werden 4 Zahlen wie in der ersten Zeile, es sind 2.",
  );
  expect(sayInGerman("the moon is made of cheese")).toBe("");
  expect(sayer([["a {} c", "{0}"]], ",")("a.b.c")).toBe("");
});

/** The numbers of a sentence with a decimal sign, which no word stands for. */
function numbersIn(text: string, decimal: string): string[] {
  return [...text.matchAll(/\d+([.,])\d+/g)]
    .filter(([, sign]) => sign === decimal)
    .map(([found]) => found.replace(decimal, "."));
}
