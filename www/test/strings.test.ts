// The languages of the page and of the package's figures say the same: nothing missing, nothing empty, nothing left in English.

import { expect, test } from "vitest";

import { de as germanFigures } from "../../web/src/elements/strings/de.ts";
import { en as englishFigures } from "../../web/src/elements/strings/en.ts";
import { bring as germanBring } from "../src/strings/de/bring.ts";
import { lab as germanLab } from "../src/strings/de/lab.ts";
import { learn as germanLearn } from "../src/strings/de/learn.ts";
import { semantic as germanSemantic } from "../src/strings/de/semantic.ts";
import { site as germanSite } from "../src/strings/de/site.ts";
import { bring as englishBring } from "../src/strings/en/bring.ts";
import { lab as englishLab } from "../src/strings/en/lab.ts";
import { learn as englishLearn } from "../src/strings/en/learn.ts";
import { semantic as englishSemantic } from "../src/strings/en/semantic.ts";
import { site as englishSite } from "../src/strings/en/site.ts";
import { formatsIn } from "../../web/src/elements/format.ts";
import { languageFor, withLanguage } from "../src/strings/language.ts";
import type { Wishes } from "../src/strings/language.ts";

const PAIRS = {
  lab: [englishLab, germanLab],
  bring: [englishBring, germanBring],
  learn: [englishLearn, germanLearn],
  semantic: [englishSemantic, germanSemantic],
  site: [englishSite, germanSite],
  figures: [englishFigures, germanFigures],
} as const;

/** Every leaf of a tree of words, by its path. */
function leaves(words: unknown, path: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  if (typeof words !== "object" || words === null) return found.set(path, words);
  for (const [key, value] of Object.entries(words)) {
    for (const [at, leaf] of leaves(value, `${path}/${key}`)) found.set(at, leaf);
  }
  return found;
}

/** Names and signs, which are the same in German. */
const SAME = [
  /^lab\/name$/,
  /^site\/titles\/lab$/,
  /^lab\/engine\/(label|choices\/(auto|cpu|gpu)|cpu|gpu)$/,
  /^lab\/engine\/card\/limits\/adapter$/,
  /^lab\/engine\/card\/adapter$/,
  /^lab\/keys\/rows\/\d\/0$/,
  /^lab\/ways\/(kinds|groups)\/\w+$/,
  /^lab\/train\/(objectives|methodGroups)\/\w+$/,
  /^lab\/charts\/kl\/(title|series\/kl)$/,
  /^lab\/samples\/arrow$/,
  /^lab\/measure\/curve$/,
  /^lab\/results\/charts\/pass\/title$/,
  /^lab\/trial\/charts\/pass\/title$/,
  /^lab\/results\/table\/seeds$/,
  /^lab\/(think|trial)\/seed$/,
  /^lab\/tools\/history\/columns\/(seed|pass)$/,
  /^lab\/tools\/diff\/absent$/,
  /^lab\/units\/\w+$/,
  /^lab\/tools\/presets\/sentences\/\w+\/time$/,
  /^lab\/results\/experiment$/,
  /^figures\/race\/racers\/\w+$/,
  /^figures\/semantic\/arms\/[\w-]+\/name$/,
  /^figures\/mixture\/sliders\/soft_top_k\/name$/,
];
/** Where there is nothing to say, in either language. */
const EMPTY = [/^lab\/think\/(shareWhy|changedMark)\/discrete$/, /^lab\/tools\/history\/columns\/actions$/];
/** A name of the field is no sentence: "Reward", "Token", "pass@1". */
const LONG = 12;

function isOneOf(path: string, forms: readonly RegExp[]): boolean {
  return forms.some((form) => form.test(path));
}

for (const [name, [english, german]] of Object.entries(PAIRS)) {
  const here = leaves(english, name);
  const there = leaves(german, name);

  test(`${name}: German has every entry of English, and no other`, () => {
    expect([...there.keys()].sort()).toEqual([...here.keys()].sort());
  });

  test(`${name}: no German entry is empty, in English or of another kind`, () => {
    const wrong = [...here].filter(([path, value]) => {
      const other = there.get(path);
      if (typeof other !== typeof value) return true;
      if (typeof value !== "string" || typeof other !== "string") return typeof value === "string";
      if (isOneOf(path, EMPTY)) return value !== "" || other !== "";
      return (
        other.trim() === "" ||
        (other === value && !isOneOf(path, SAME) && (other.length > LONG || !/^[A-Z]/.test(other)))
      );
    });
    expect(wrong.map(([path]) => path)).toEqual([]);
  });

  test(`${name}: sentences with gaps have the same gaps, and fill every one that English fills`, () => {
    const wrong: string[] = [];
    for (const [path, value] of here) {
      const other = there.get(path);
      if (typeof value !== "function" || typeof other !== "function") continue;
      if (value.length !== other.length) wrong.push(`${path}: ${value.length} gaps, German has ${other.length}`);
      if (sample(value as Sentence) === sample(other as Sentence) && !isOneOf(path, SAME_SENTENCES)) {
        wrong.push(`${path}: ${sample(value as Sentence)}`);
      }
      const [said, saidToo] = [value, other].map((words) => gapsSaid(words as Sentence));
      if (JSON.stringify(said) !== JSON.stringify(saidToo))
        wrong.push(`${path}: ${String(said)} and ${String(saidToo)}`);
    }
    expect(wrong).toEqual([]);
  });
}

/** Sentences that are names and signs only. */
const SAME_SENTENCES = [
  /^lab\/engine\/gpuNamed$/,
  /^lab\/card\/of$/,
  /^lab\/train\/ownMethod$/,
  /^lab\/measure\/(passAt|change)$/,
  /^lab\/tools\/history\/usual$/,
  /^figures\/failed$/,
  /^semantic\/results\/seed$/,
  /^figures\/pass\/(taskName|armTitle)$/,
];

function sample(sentence: Sentence): string {
  try {
    const said = sentence(...Array.from({ length: sentence.length }, (_, place) => `+${70_001 + place}`));
    if (typeof said === "string") return said;
  } catch {
    // It takes a list.
  }
  // Or one of a few names: its text is compared then.
  return String(sentence);
}

/** What it is given may be of a kind it does not take: then it may say anything. */
type Sentence = (...gaps: unknown[]) => unknown;

/** Which gaps are seen in the sentence: numbers that stand nowhere else, or texts where numbers are not taken. */
function gapsSaid(sentence: Sentence): boolean[] {
  const places = Array.from({ length: sentence.length }, (_, place) => place);
  const numbers = places.map((place) => 70_001 + place);
  const texts = places.map((place) => `+${70_001 + place}`);
  const lists = places.map((place) => [`+${70_001 + place}`]);
  const said = [numbers, texts, lists].map((gaps) => {
    try {
      return String(sentence(...gaps));
    } catch {
      return "";
    }
  });
  return places.map((place) => said.some((text) => text.includes(String(70_001 + place))));
}

test("German sentences read well where a number decides", () => {
  expect(germanLab.train.skipped(1)).toBe(
    "Ein Update dieses Trainings bisher ausgelassen; hin und wieder eines schadet nicht.",
  );
  expect(germanLab.when.days(1)).toBe("vor 1 Tag");
  expect(germanLab.card.noise(0.5)).toBe("+ 0,5 × Rauschen");
  expect(germanFigures.group.sentence(1, 2, "7", "+0,40", "−1,20")).toContain("unwahrscheinlicher");
});

const NOBODY: Wishes = { hash: "", query: "", stored: null, browser: [], framed: false };

test("the language: address, then this browser's choice, then what the browser asks for, then English", () => {
  expect(languageFor(NOBODY)).toBe("en");
  expect(languageFor({ ...NOBODY, browser: ["fr-FR", "de-AT", "en"] })).toBe("de");
  expect(languageFor({ ...NOBODY, browser: ["de"], stored: "en" })).toBe("en");
  expect(languageFor({ ...NOBODY, browser: ["en"], stored: "en", query: "?lang=de" })).toBe("de");
  expect(languageFor({ ...NOBODY, query: "?lang=de", hash: "#task=reach&lang=en" })).toBe("en");
  expect(languageFor({ ...NOBODY, hash: "#lang=xx", browser: ["de-DE"] })).toBe("de");
  expect(languageFor({ ...NOBODY, hash: "#lang=auto", stored: "de", browser: ["en"] })).toBe("de");
});

test("a frame speaks as its address says, whoever looks at it; or as they wish, where it says that", () => {
  const visitor = { ...NOBODY, framed: true, stored: "de", browser: ["de-DE"] };
  expect(languageFor(visitor)).toBe("en");
  expect(languageFor({ ...visitor, hash: "#lang=auto" })).toBe("de");
  expect(languageFor({ ...NOBODY, framed: true, hash: "#task=reach&lang=de" })).toBe("de");
});

test("a language takes the place of another in the address, and nothing else", () => {
  expect(withLanguage("#task=reach&lang=en&seed=3", "de")).toBe("#task=reach&seed=3&lang=de");
  expect(withLanguage("", "de")).toBe("#lang=de");
});

test("numbers are written as German has them", () => {
  const { number, fixed, percent, bytes, plain, signed } = formatsIn("de");
  expect([0, 0.0123456, 4.567, 135424, -2.5, 2e-7].map(number)).toEqual([
    "0",
    "0,0123",
    "4,57",
    "135.424",
    "−2,50",
    "2,0e−7",
  ]);
  expect([fixed(-13.8155), fixed(-0.001), signed(0.4), percent(0.37), plain(0.25), bytes(2_400_000)]).toEqual([
    "−13,82",
    "0,00",
    "+0,40",
    "37 %",
    "0,25",
    "2,4 MB",
  ]);
});
