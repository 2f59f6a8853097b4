import { expect, test } from "vitest";

import { readShape, unshaped, withShape } from "../src/embed/shape.ts";

test("hide and theme are read from the address, and what means nothing is named", () => {
  expect(readShape("#task=reach&hide=train,%20wings,heading&theme=dark")).toEqual({
    hide: ["heading", "train"],
    theme: "dark",
    unknown: ["hide=wings"],
  });
  expect(readShape("#task=reach&theme=blue")).toEqual({ hide: [], theme: undefined, unknown: ["theme=blue"] });
});

test("an address keeps its shape", () => {
  const shaped = withShape("#task=reach&seed=7", { hide: ["heading", "train"] });
  expect(shaped).toBe("#task=reach&seed=7&hide=heading,train");
  expect(readShape(shaped)).toEqual({ hide: ["heading", "train"], theme: undefined, unknown: [] });
  expect(withShape("#task=reach", { hide: [] })).toBe("#task=reach");
  // As the page around changes it: the old shape goes, what else stands there stays.
  expect(withShape(`#${unshaped(shaped)}`, { hide: ["own"] })).toBe("#task=reach&seed=7&hide=own");
});
