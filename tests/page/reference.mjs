// What only the engine knows of its configuration, asked in a page: defaults, presets, metrics, tasks. The site's configuration
// reference is made from it (www/docs/reference.json); a test asks again and compares.

/**
 * Runs in the page.
 * @returns {Promise<Record<string, any>>}
 */
export async function askReference() {
  const { createLab } = await import(/** @type {any} */ (new URL("soft-thinking-lab.js", document.baseURI).href));
  const lab = await createLab({ engine: "cpu", seed: 1 });
  await lab.loadModel("models/nano-chain_sum.gguf");
  // A run's start names every setting in effect. It is stopped before it has learned anything, and leaves nothing behind.
  const before = await lab.savedRun();
  const inEffect = async (/** @type {string} */ objective) => {
    const run = lab.train({ task: "chain_sum", objective });
    const { config } = await run.started;
    run.stop();
    await run.finished;
    return config;
  };
  /** @type {Record<string, unknown>} */
  const train = {};
  for (const objective of ["soft_grpo", "grpo", "soft_tokens", "multiplex"])
    train[objective] = await inEffect(objective);
  if (before === null) await lab.forgetRun();
  const report = await lab.evaluate({ task: "chain_sum" });
  const diagnosis = await lab.diagnose({ task: "chain_sum" });
  const { policies, methods } = lab.presets;
  const tasks = lab.tasks.map((/** @type {any} */ task) => ({ ...task, splits: undefined }));
  const found = {
    train,
    evaluate: {
      questions: report.questions,
      samples: report.samples,
      k: report.pass_at_k.map((/** @type {any} */ { k }) => k),
    },
    diagnose: { rollouts: diagnosis.rollouts, probes: diagnosis.probes },
    policies,
    methods,
    metrics: lab.metricDefinitions,
    tasks,
  };
  lab.dispose();
  return found;
}
