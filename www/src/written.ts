// How the page's language writes numbers. No words: pages that do not speak the lab's words take it from here.

import { formatsIn } from "../../web/src/elements/format.ts";
import { language } from "./strings/language.ts";

export const { number, fixed, signed, percent, bytes, plain, interval } = formatsIn(language);
