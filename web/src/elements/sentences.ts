// Sentences of the engine in another language: each is known by its form in the engine's source, gaps and all, and what stood in the gaps is
// put into the other language's sentence. No sentences here: those are in strings/.

/** A sentence as the engine's source has it, `{gaps}` included, and as another language says it. Gaps without a name are called 0, 1, … in
 * their order; `{#gap}` is a number for people, with that language's decimal sign. */
export type Said = readonly [english: string, here: string];

/** What stands in a gap: of Rust `{}`, `{name}`, `{name:.3}`, of TypeScript `${name}`. */
const GAP = /\$\{(\w*)\}|\{(\w*)(?::[^{}]*)?\}/g;
const WANTED = /\{(#?)(\w+)\}/g;

interface Known {
  form: RegExp;
  gaps: string[];
  here: string;
}

/** A function that says a sentence of the engine; "" where it is not among `sentences`. The first whose form fits is taken. What stood in a gap
 * may be such a sentence itself. */
export function sayer(sentences: readonly Said[], decimal: string): (english: string) => string {
  let known: Known[] | undefined;
  const say = (english: string): string => {
    known ??= sentences.map(knownFrom);
    for (const { form, gaps, here } of known) {
      const found = form.exec(english);
      if (found === null) continue;
      return here.replaceAll(WANTED, (_, written: string, name: string) => {
        const value = found[gaps.indexOf(name) + 1] ?? "";
        return written === "#" ? value.replace(".", decimal) : say(value) || value;
      });
    }
    return "";
  };
  return say;
}

function knownFrom([english, here]: Said): Known {
  const gaps: string[] = [];
  let unnamed = 0;
  let form = "";
  let at = 0;
  for (const gap of english.matchAll(GAP)) {
    form += `${escaped(english.slice(at, gap.index))}([^]*?)`;
    const name = gap[1] ?? gap[2] ?? "";
    gaps.push(name === "" ? String(unnamed++) : name);
    at = gap.index + gap[0].length;
  }
  return { form: new RegExp(`^${form}${escaped(english.slice(at))}$`), gaps, here };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The names of the gaps of either side of a sentence, for those who hold them against each other. */
export function gapsOf([english, here]: Said): { given: string[]; wanted: string[] } {
  return { given: knownFrom([english, here]).gaps, wanted: [...here.matchAll(WANTED)].map((found) => found[2] ?? "") };
}

/** What stands between the gaps of a sentence. */
export function piecesOf([english]: Said): string[] {
  return english.split(new RegExp(GAP.source.replaceAll("(\\w*)", "\\w*"))).filter((piece) => piece !== "");
}
