// An adapter of a language model learns in the tab, goes out, comes back and is asked the same again. Not here: the sizes (adapter.mjs).

import { offer, processorSeconds } from "./meter.mjs";

offer(
  async (
    /** @type {{ engine: string, model: string, open: Record<string, unknown>, settings: Record<string, unknown> }} */ wanted,
  ) => {
    const address = new URL("package/soft-thinking-lab.js", location.href).href;
    const { createLab, isResult } = await import(/** @type {any} */ (address));
    const lab = await createLab({ engine: wanted.engine, seed: 1 });
    const load = () => lab.loadLanguageModel(wanted.model, wanted.open);
    /** Candidates of greedy steps with their log-probabilities, of which an adapter changes every one. */
    const think = async () => {
      const steps = [];
      const asked = { task: "word_problems", difficulty: 0, questionSeed: 9, policy: "greedy", maxSteps: 12 };
      for await (const item of lab.think(asked)) {
        if (!isResult(item))
          steps.push({ ids: item.candidate_ids, log_probs: item.log_probs, entropy: item.model_entropy });
      }
      return steps;
    };
    await load();
    const before = await think();
    const steps = [];
    let start = performance.now();
    let spent = await processorSeconds();
    for await (const step of lab.train(wanted.settings)) {
      const now = await processorSeconds();
      const { reward, grad_norm, loss, reward_std, completion_length } = step;
      const seconds = (performance.now() - start) / 1000;
      steps.push({
        step: step.step,
        reward,
        reward_std,
        grad_norm,
        loss,
        completion_length,
        seconds,
        processor_s: now - spent,
      });
      console.log(JSON.stringify(steps.at(-1)));
      start = performance.now();
      spent = now;
    }
    const learned = await think();
    const adapter = await lab.exportAdapter();
    await load();
    const fresh = await think();
    await lab.loadAdapter(adapter);
    const back = await think();
    const files = { config: adapter.config, weights: Array.from(adapter.weights) };
    return { steps, before, learned, fresh, back, files, engine: lab.engine };
  },
);
