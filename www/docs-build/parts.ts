// What a page takes from elsewhere instead of saying it twice, each on a line of its own:
//   {{file RESULTS.md}}, {{file README.md#where-things-are}}   Markdown of the repository, or one section of it
//   {{snippet PATH}}                                           the code of a file, which tests run
//   {{options TrainConfig}}, {{policies}}, {{methods}}, …      the reference (reference.ts)

import { readFileSync } from "node:fs";
import { extname } from "node:path";

import GithubSlugger from "github-slugger";

import { REFERENCE } from "./reference.ts";

const repository = new URL("../../", import.meta.url);

function fileText(path: string): string {
  return readFileSync(new URL(path, repository), "utf8").trimEnd();
}

/** A section of a Markdown text: from its second-level heading to the next. */
function sectionOf(text: string, wanted: string, path: string): string {
  const slugger = new GithubSlugger();
  const parts = text.split(/^(?=## )/m).filter((part) => part.startsWith("## "));
  const found = parts.find((part) => slugger.slug(part.slice(3, part.indexOf("\n"))) === wanted);
  if (found === undefined) throw new Error(`${path} has no section ${wanted}`);
  return found.trimEnd();
}

function file(argument: string, titled: boolean): string {
  const [path = "", section] = argument.split("#");
  const text = fileText(path);
  if (section !== undefined) return sectionOf(text, section, path);
  // A page has one title: where it has its own, that of the file is left out.
  return titled ? text.replace(/^# .*\n+/, "") : text;
}

/** In a fence longer than any that it holds. */
function snippet(path: string): string {
  return `\`\`\`\`${extname(path).slice(1)}\n${fileText(path)}\n\`\`\`\``;
}

/** The source of a page with all its parts in place. Throws for a part that there is not. */
export function fillParts(source: string): string {
  return source.replaceAll(/^\{\{(\w+)(?: ([^}]+))?\}\}$/gm, (_, kind: string, given?: string) => {
    const argument = given ?? "";
    if (kind === "file") return file(argument, source.startsWith("# "));
    if (kind === "snippet") return snippet(argument);
    const part = REFERENCE[kind];
    if (part === undefined) throw new Error(`there is no part {{${kind}}}`);
    return part(argument);
  });
}
