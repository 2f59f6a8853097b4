// Pictures of views kept in screenshots/ and compared with how the views look now. Machines have different fonts, so a few pixels may
// differ; UPDATE=1 writes the pictures anew.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const folder = fileURLToPath(new URL("screenshots/", import.meta.url));
/** How different a pixel's colour must be to count, from 0 to 1. */
const THRESHOLD = 0.25;
/** The share of pixels that may differ. */
const SHARE = 0.02;
/** How much of the height or width may differ: another font breaks a line here and there. */
const STRETCH = 0.03;

/**
 * Two pictures over the area they share.
 * @param {Buffer} one
 * @param {Buffer} other
 */
export function compare(one, other) {
  const [a, b] = [PNG.sync.read(one), PNG.sync.read(other)];
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
  const stretch = Math.max(Math.abs(a.width - b.width) / width, Math.abs(a.height - b.height) / height);
  const diff = new PNG({ width, height });
  const [left, right] = [cut(a, width, height), cut(b, width, height)];
  const pixels = pixelmatch(left, right, diff.data, width, height, { threshold: THRESHOLD });
  const share = pixels / (width * height);
  return { same: share <= SHARE && stretch <= STRETCH, share, stretch, diff: PNG.sync.write(diff) };
}

/** @param {PNG} png @param {number} width @param {number} height */
function cut(png, width, height) {
  const part = new PNG({ width, height });
  PNG.bitblt(png, part, 0, 0, width, height, 0, 0);
  return part.data;
}

/**
 * Whether a picture is kept under this name.
 * @param {string} name
 */
export function isKept(name) {
  return existsSync(join(folder, `${name}.png`));
}

/**
 * A view against its kept picture. Where it has changed, `words` say by how much and where the differences are drawn.
 * @param {Buffer} now
 * @param {string} name
 * @param {string} diffs a folder for the drawn differences
 * @param {string} [narrower] the same view on a narrower screen: where it looks the same there, one picture is kept for both
 */
export function against(now, name, diffs, narrower) {
  const path = join(folder, `${name}.png`);
  const shared = narrower !== undefined && isKept(narrower);
  if (process.env.UPDATE === "1") {
    rmSync(path, { force: true });
    if (shared && compare(readFileSync(join(folder, `${narrower}.png`)), now).same)
      return { same: true, words: `${name}: as ${narrower}` };
    mkdirSync(folder, { recursive: true });
    // Without transparency and as small as the format allows.
    writeFileSync(path, PNG.sync.write(PNG.sync.read(now), { colorType: 2, deflateLevel: 9, filterType: -1 }));
    return { same: true, words: `${name}: written` };
  }
  if (!existsSync(path) && shared) return against(now, narrower, diffs);
  if (!existsSync(path)) return { same: false, words: `${name}: no picture is kept; UPDATE=1 writes it` };
  const { same, share, stretch, diff } = compare(readFileSync(path), now);
  const words = `${name}: ${(share * 100).toFixed(2)} % of pixels and ${(stretch * 100).toFixed(1)} % of its size differ`;
  if (same) return { same, words };
  const [seen, drawn] = [join(diffs, `${name}.png`), join(diffs, `${name}-diff.png`)];
  writeFileSync(seen, now);
  writeFileSync(drawn, diff);
  return { same, words: `${words}: see ${drawn} and ${seen}; if it is meant, UPDATE=1 writes the picture anew` };
}
