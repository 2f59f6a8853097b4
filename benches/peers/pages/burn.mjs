// The peer Burn on wgpu, compiled from burn-web/ by `cargo xtask bench --peers burn`. Not here: the model (burn-web/src).

import { countGpuCalls } from "./gpu-calls.mjs";
import { measure, offer } from "./meter.mjs";
import { ADAMW, sizeOf, tokens, weights } from "./work.mjs";

offer(async (options) => {
  countGpuCalls();
  // A variable, so that esbuild leaves the address alone.
  const address = "/burn/burn_web.js";
  const burn = await import(address).catch(() => null);
  if (burn === null)
    return { status: "not built", why: "cargo xtask bench --peers burn builds it, in about ten minutes" };
  await burn.default();
  const size = sizeOf(options.size);
  const flat = weights(size).flatMap(({ data }) => [...data]);
  const sizes = Uint32Array.of(size.V, size.D, size.H, size.L, size.B, size.T);
  const peer = await burn.Peer.open(sizes, Float32Array.from(flat), tokens(size));
  let hostMs = 0;

  const update = async () => {
    const begun = performance.now();
    peer.update(ADAMW.rate);
    hostMs = performance.now() - begun;
    const loss = await peer.loss();
    // The loss is there before the new parameters are.
    await peer.settle();
    return loss;
  };
  const score = () => {
    peer.score();
    return peer.loss();
  };
  return measure({ update, score, hostMs: () => hostMs }, options, true);
});
