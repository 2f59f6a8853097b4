// Our package thinks on with the same file: one row, or a group of eight. Not here: the prompt, the server, the browser (language.mjs).

import { blockMeter, breathe, offer, processorSeconds } from "./meter.mjs";

offer(
  async (
    /** @type {{ engine: string, model: string, prompt: string, policy: string, tokens: number, rounds: number, group: number,
     *           context: number }} */ wanted,
  ) => {
    const { createLab, isResult } = await import(
      /** @type {any} */ (new URL("package/soft-thinking-lab.js", location.href).href)
    );
    const lab = await createLab({ engine: wanted.engine, seed: 1 });
    const meter = blockMeter();
    await breathe();
    meter.take();
    const load = async () => {
      const begun = performance.now();
      await lab.loadLanguageModel(wanted.model, { context: wanted.context, instruction: "" });
      return performance.now() - begun;
    };
    const load_ms = await load();
    const cached_load_ms = await load();
    const rounds = [];
    for (let round = 0; round < wanted.rounds; round += 1) {
      const policy = { preset: wanted.policy, max_thought_length: wanted.tokens };
      const before = await processorSeconds();
      const made = await (wanted.group > 1 ? group(policy, round) : alone(policy));
      rounds.push({ ...made, processor_s: (await processorSeconds()) - before });
    }
    const block_ms = meter.take();
    meter.stop();
    return { load_ms, cached_load_ms, rounds, block_ms, engine: lab.engine };

    async function alone(/** @type {object} */ policy) {
      const start = performance.now();
      let first = 0;
      let tokens = 0;
      let text = "";
      const asked = { task: "word_problems", question: wanted.prompt, policy, maxSteps: wanted.tokens };
      for await (const item of lab.think(asked)) {
        if (isResult(item)) text = item.text;
        else {
          if (tokens === 0) first = performance.now();
          tokens += 1;
        }
      }
      const seconds = (performance.now() - first) / 1000;
      return { first_token_ms: first - start, tokens, tokens_per_second: (tokens - 1) / seconds, text };
    }

    /** Prompts are read within the time, and a row that has ended counts what it made. */
    async function group(/** @type {object} */ policy, /** @type {number} */ firstQuestion) {
      const start = performance.now();
      const sizes = { questions: 1, firstQuestion, samples: wanted.group, k: [1], maxSteps: wanted.tokens };
      const report = await lab.evaluate({ task: "word_problems", policy, ...sizes, seed: 5 });
      const ms = performance.now() - start;
      const tokens = report.mean_length * report.samples;
      return { ms, tokens, tokens_per_second: (1000 * tokens) / ms };
    }
  },
);
