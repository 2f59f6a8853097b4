// What the page says in English, as pieces of text that can be looked for on a page that speaks another language: from the strings
// themselves, so that a new sentence is looked for too. Not here: looking.

import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import ts from "typescript";

const PAGE = fileURLToPath(new URL("../../www/src/strings/en/", import.meta.url));
const FIGURES = fileURLToPath(new URL("../../web/src/elements/strings/", import.meta.url));
/** What the engine says of its tasks, presets and numbers: recorded from it, and held against it by docs.test.mjs. */
const ENGINE = new URL("../../www/docs/reference.json", import.meta.url);
const RESULTS = new URL("../../www/results/", import.meta.url);
/** Shorter pieces are names of the field, or in both languages by chance. */
const SHORTEST = 12;
/** Names, the same in German. */
const NAMES = [
  "Soft Thinking Lab",
  " · Soft Thinking Lab",
  "Puzzle 24",
  "SofT-GRPO",
  "Straight-through",
  "Fuzzy Tokens",
  "Soft Tokens",
];

/** @returns {Promise<string[]>} sentences, and what stands between the gaps of those that have some */
export async function englishPieces() {
  const folder = await mkdtemp(join(tmpdir(), "strings-"));
  try {
    const files = (await readdir(PAGE)).map((name) => [join(PAGE, name), name]);
    files.push([join(FIGURES, "en.ts"), "figures.ts"]);
    for (const [path = "", name = ""] of files) {
      const source = await readFile(path, "utf8");
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
      });
      await writeFile(join(folder, name.replace(".ts", ".mjs")), outputText.replaceAll('.ts"', '.mjs"'));
    }
    /** @type {Set<string>} */
    const found = new Set();
    for (const name of ["lab", "bring", "learn", "semantic", "site", "figures"]) {
      collect(await import(pathToFileURL(join(folder, `${name}.mjs`)).href), found);
    }
    for (const said of await engineSays()) found.add(asSeen(said));
    return [...found].filter((piece) => piece.length > SHORTEST && !NAMES.includes(piece));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Sentences of tasks, presets and numbers, titles of tasks, experiments and arms. @returns {Promise<string[]>} */
async function engineSays() {
  const { tasks, policies, methods, metrics } = JSON.parse(await readFile(ENGINE, "utf8"));
  const index = JSON.parse(await readFile(new URL("index.json", RESULTS), "utf8"));
  const summaries = await Promise.all(
    index.map(async (/** @type {any} */ one) => JSON.parse(await readFile(new URL(one.summary, RESULTS), "utf8"))),
  );
  const arms = summaries.flatMap((/** @type {any} */ one) => one.tasks.flatMap((/** @type {any} */ task) => task.arms));
  return [
    ...[...tasks, ...index, ...summaries, ...arms].map((one) => one.title),
    ...tasks.map((/** @type {any} */ one) => one.description),
    ...[...policies, ...methods].map((one) => one.text),
    .../** @type {string[]} */ (Object.values(metrics)),
  ];
}

/** @param {unknown} words @param {Set<string>} found */
function collect(words, found) {
  if (typeof words === "string") found.add(asSeen(words));
  else if (typeof words === "function") for (const piece of piecesOf(words)) found.add(asSeen(piece));
  else if (typeof words === "object" && words !== null) for (const one of Object.values(words)) collect(one, found);
}

const GAP = "\u0001";

/** @param {Function} sentence */
function piecesOf(sentence) {
  // A gap takes a text, or a list of some; where it decides between sentences, the one for "some other" is looked for.
  for (const gap of [GAP, [GAP]]) {
    try {
      const said = sentence(...Array.from({ length: sentence.length }, () => gap));
      if (typeof said === "string") return said.split(GAP);
    } catch {
      // It takes the other kind.
    }
  }
  return [];
}

/** As a browser's text has it. @param {string} text */
export function asSeen(text) {
  return text.replaceAll(/\s+/g, " ").trim();
}
