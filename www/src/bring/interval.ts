// How sure a share of right answers is. No DOM, no lab.

/** Two-sided 95 %. */
const Z = 1.959964;

/** Wilson's interval for a share of `tries` answers, each of another question. Source: E. B. Wilson, JASA 22 (1927), 209. */
export function wilson(share: number, tries: number): { low: number; high: number } {
  if (!(tries > 0)) return { low: 0, high: 1 };
  const z2 = (Z * Z) / tries;
  const centre = (share + z2 / 2) / (1 + z2);
  const half = (Z * Math.sqrt((share * (1 - share)) / tries + z2 / (4 * tries))) / (1 + z2);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
