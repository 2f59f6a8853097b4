// wllama (llama.cpp in wasm) continues a prompt greedily. Not here: the prompt, the server, the browser (language.mjs).

import { LoggerWithoutDebug, Wllama } from "@wllama/wllama";

import { blockMeter, breathe, offer, processorSeconds } from "./meter.mjs";

/** Words repeat themselves after a while, which is no matter: it is the speed that is asked for. */
offer(
  async (
    /** @type {{ model: string, prompt: string, tokens: number, rounds: number, threads: number, context: number }} */ wanted,
  ) => {
    const asset = new URL("./wllama.wasm", location.href).href;
    const settings = { logger: LoggerWithoutDebug, suppressNativeLog: true };
    const wllama = new Wllama({ default: asset }, settings);
    const file = await (await fetch(wanted.model)).blob();
    const meter = blockMeter();
    await breathe();
    meter.take();
    const begun = performance.now();
    await wllama.loadModel([file], { n_ctx: wanted.context, n_gpu_layers: 0, n_threads: wanted.threads });
    const load_ms = performance.now() - begun;
    const rounds = [];
    for (let round = 0; round < wanted.rounds; round += 1) {
      const before = await processorSeconds();
      const start = performance.now();
      let first = 0;
      let tokens = 0;
      let text = "";
      const options = { max_tokens: wanted.tokens, temperature: 0, ignore_eos: true, cache_prompt: false };
      const pieces = await wllama.createCompletion({ prompt: wanted.prompt, ...options, stream: true });
      for await (const piece of pieces) {
        const words = piece.choices[0]?.text ?? "";
        if (words === "") continue;
        if (tokens === 0) first = performance.now();
        tokens += 1;
        text += words;
      }
      const seconds = (performance.now() - first) / 1000;
      const processor_s = (await processorSeconds()) - before;
      rounds.push({
        first_token_ms: first - start,
        tokens,
        tokens_per_second: (tokens - 1) / seconds,
        processor_s,
        text,
      });
    }
    const block_ms = meter.take();
    meter.stop();
    const threads = wllama.getNumThreads();
    await wllama.exit();
    return { load_ms, rounds, block_ms, threads };
  },
);
