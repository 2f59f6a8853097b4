import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("the licences that go with the package are those of the repository", () => {
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) expect(read(`../${name}`)).toBe(read(`../../${name}`));
});
