// The peer Burn on wgpu, compiled from burn-web/ by `cargo xtask bench --peers burn`. Not here: the model (burn-web/src).

import { countGpuCalls } from "./gpu-calls.mjs";
import { measure, offer } from "./meter.mjs";
import { sizeOf } from "./work.mjs";

offer(async (options) => {
  countGpuCalls();
  // A variable, so that esbuild leaves the address alone.
  const address = "/burn/burn_web.js";
  const burn = await import(address).catch(() => null);
  if (burn === null)
    return { status: "not built", why: "cargo xtask bench --peers burn builds it, in about ten minutes" };
  await burn.default();
  const { V, D, H, L, B, T } = sizeOf(options.size);
  const peer = await burn.Peer.open(V, D, H, L, B, T);
  const [update, score] = [() => peer.update(), () => peer.score()];
  return measure({ update, score, hostMs: () => peer.host_ms }, options, true);
});
