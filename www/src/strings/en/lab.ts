// All words of the lab page, in English.

import { bringFrame } from "./bring-frame.ts";
import { frame } from "./frame.ts";
import { elsewhere, failures, fetching, link, offline } from "./offline.ts";
import { own } from "./own.ts";
import { results } from "./results.ts";
import { think } from "./think.ts";
import { tools } from "./tools.ts";
import { train } from "./train.ts";

export const lab = {
  ...frame,
  ...think,
  ...train,
  ...results,
  bringFrame,
  own,
  offline,
  failures,
  elsewhere,
  link,
  fetching,
  tools,
};
