// Times a peer's steps and, beside them, how long the main thread was not free. Not here: the peers, the medians (xtask's).

import { adapterName, callsPerStep, gpuCalls } from "./gpu-calls.mjs";

/** @typedef {{ backend: string, size: string, steps: number, budget_ms: number }} Options */

/**
 * `update`: one whole step, resolved with the loss when the new parameters are there. `score`: forward only, loss read back.
 * `hostMs`: how long the last update kept the calling thread before it first waited; null where it computes on that thread.
 * @typedef {{ update: () => Promise<number>, score: () => Promise<number>, hostMs: () => number | null }} Peer
 */

/** How often the main thread is asked whether it is free, in milliseconds. */
const TICK = 4;

/** The longest gap between two ticks of a timer is how long a person's click would have waited. */
export function blockMeter() {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, TICK);
  return {
    /** Milliseconds since the last call. */
    take() {
      look();
      const taken = longest;
      longest = 0;
      return taken;
    },
    stop() {
      clearInterval(timer);
    },
  };
}

/** Seconds of processor time that the browser's processes have taken until now (chromium.mjs). */
export const processorSeconds = () => /** @type {Promise<number>} */ (Reflect.get(globalThis, "processorSeconds")());

/** Lets timers and paints have their turn, as a page would. */
export const breathe = () => new Promise((resolve) => setTimeout(resolve, 2 * TICK));

/**
 * One measurement in the words of `lab bench --json`: the first step alone, as it compiles, then `steps` more within the budget.
 * @param {Peer} peer
 * @param {Options} options
 * @param {boolean} gpu
 */
export async function measure(peer, options, gpu) {
  const meter = blockMeter();
  /** @type {number[]} */
  const losses = [];
  await breathe();
  meter.take();
  const update = async () => {
    const begun = performance.now();
    losses.push(await peer.update());
    return performance.now() - begun;
  };
  const first_ms = await update();
  await breathe();
  const block_first_ms = meter.take();

  const times = [];
  const host = [];
  const calls = gpuCalls();
  const begun = performance.now();
  while (times.length < options.steps && (times.length === 0 || performance.now() - begun < options.budget_ms)) {
    times.push(await update());
    host.push(peer.hostMs());
    await breathe();
  }
  const block_ms = meter.take();
  const counts = gpu ? { update: callsPerStep(calls, times.length) } : null;

  const scores = [];
  const rested = performance.now();
  while (
    scores.length < Math.min(6, options.steps) &&
    (scores.length < 2 || performance.now() - rested < options.budget_ms / 2)
  ) {
    const start = performance.now();
    await peer.score();
    scores.push(performance.now() - start);
    await breathe();
  }
  meter.stop();
  return {
    first_ms,
    update_ms: times,
    // The first of them compiles.
    score_ms: scores.slice(1),
    host_ms: gpu ? host : null,
    block_first_ms,
    block_ms,
    counts,
    adapter: gpu ? await adapterName() : null,
    isolated: globalThis.crossOriginIsolated,
    losses,
  };
}

/**
 * What the runner calls, with the row's options.
 * @template T
 * @param {(options: T) => Promise<object>} run
 */
export function offer(run) {
  Object.assign(globalThis, { measurement: run });
}
