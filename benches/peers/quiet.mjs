// Waits until the machine has nothing else to do, and says how busy it was: figures taken beside a compiler are the compiler's.
// Not here: what is measured then.

import { cpus, loadavg } from "node:os";

/** Busy cores up to which a machine counts as quiet: a browser between two rows takes less. */
const QUIET = 0.3;
const SAMPLE_MS = 500;

/** How many cores were busy during the last half second. */
async function busyCores() {
  const count = () => {
    const times = cpus().map(({ times }) => times);
    const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
    return { all, idle: times.reduce((sum, { idle }) => sum + idle, 0), cores: times.length };
  };
  const before = count();
  await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  const after = count();
  const share = 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
  return share * after.cores;
}

/**
 * @param {number} patience seconds; then the row is taken all the same, and says how busy the machine was
 */
export async function quiet(patience) {
  const begun = Date.now();
  let busy = await busyCores();
  while (busy > QUIET && Date.now() - begun < patience * 1000) busy = await busyCores();
  return { load_average: loadavg()[0] ?? 0, busy_cores: Math.round(busy * 100) / 100 };
}
