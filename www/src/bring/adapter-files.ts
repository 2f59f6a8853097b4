// The two files of an adapter, as Hugging Face PEFT has them, and the same adapter without effect. Not here: what the engine makes of them.

import { LabError } from "soft-thinking-lab";
import type { Adapter } from "soft-thinking-lab";

/** Of an adapter for a model that fits into a tab. */
const LARGEST = 256 << 20;

export async function readAdapter(config: File, weights: File): Promise<Adapter> {
  const large = [config, weights].find(({ size }) => size > LARGEST);
  if (large !== undefined) {
    throw new LabError("bad-weights", `${large.name}: expected at most ${LARGEST} bytes, found ${large.size}`);
  }
  return { config: await config.text(), weights: new Uint8Array(await weights.arrayBuffer()) };
}

/**
 * An adapter adds scale · B · A · x to what each matrix makes of x: with all of B at 0 the model is as it came. The layout is safetensors':
 * eight bytes of length, a header in JSON, the tensors.
 */
export function withoutEffect({ config, weights }: Adapter): Adapter {
  const copy = weights.slice();
  const length = Number(new DataView(copy.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(copy.subarray(8, 8 + length))) as Record<
    string,
    { data_offsets?: [number, number] }
  >;
  for (const [name, { data_offsets: at }] of Object.entries(header)) {
    if (at !== undefined && name.includes(".lora_B.")) copy.fill(0, 8 + length + at[0], 8 + length + at[1]);
  }
  return { config, weights: copy };
}
