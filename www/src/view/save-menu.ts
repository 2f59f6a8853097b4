// The menus that save something as a file, in the lab page's words.

import type { TemplateResult } from "lit-html";

import type { Picture } from "../picture.ts";
import { tools } from "../strings/lab.ts";
import { chartMenuOf, menuOf } from "./disclosed.ts";
import type { Saving } from "./disclosed.ts";

export type { Saving } from "./disclosed.ts";

export function saveMenu(what: string, savings: readonly Saving[]): TemplateResult {
  return menuOf(tools.save, what, savings);
}

export function chartMenu(title: string, picture: () => Picture): TemplateResult {
  return chartMenuOf(tools.save, title, picture);
}
