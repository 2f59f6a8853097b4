// SofT-GRPO on word problems in Chromium: an adapter of a language model learns for some steps, is exported and loaded again.
// Prints a line of JSON a step, then what came of it; exits with 1 where a gradient is not finite or the adapter comes back another.
// Not here: PEFT's side (tests/interop/peft_check.py), the same in the panel (tests/page/bring-learn.test.mjs).
//
//   node adapter.mjs [--model FILE.gguf] [--engine gpu] [--steps 20] [--rollouts 4] [--thought 6] [--tokens 20] [--out FOLDER]
//
// The adapter is left in FOLDER as PEFT's two files. `web/dist` must be built.

import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { measureIn } from "./chromium.mjs";
import { bundle, serve } from "./server.mjs";

const smollm2 = join(homedir(), ".cache/soft-thinking-lab/models/SmolLM2-135M-Instruct.Q4_1.gguf");
const { values } = parseArgs({
  options: {
    model: { type: "string", default: smollm2 },
    engine: { type: "string", default: "gpu" },
    steps: { type: "string", default: "20" },
    rollouts: { type: "string", default: "4" },
    thought: { type: "string", default: "6" },
    tokens: { type: "string", default: "20" },
    out: { type: "string", default: join(tmpdir(), "soft-thinking-lab-adapter") },
  },
});
const [steps, rollouts, thought, tokens] = [values.steps, values.rollouts, values.thought, values.tokens].map(Number);
// One solved example shows how short a thought is and how it ends; with the question about 45 tokens, where the model's own template makes 80.
const chatTemplate = "2+3?\n2+3=5</think>\\boxed{5}<|im_end|>\n{{ messages[0].content }}\n";
const settings = {
  task: "word_problems",
  difficulty: 0,
  objective: "soft_grpo",
  max_steps: steps,
  num_generations: rollouts,
  generation_batch_size: rollouts,
  steps_per_generation: 1,
  max_thought_length: thought,
  max_completion_length: tokens,
  format_reward: 0.2,
  eval_steps: 0,
  beta: 0,
  learning_rate: 1e-3,
  lora_r: 8,
  seed: 3,
};

const pages = join(tmpdir(), "soft-thinking-lab-words");
const models = join(tmpdir(), "soft-thinking-lab-words-model");
await bundle(pages, ["adapter"]);
await rm(models, { recursive: true, force: true });
await mkdir(models);
await symlink(values.model, join(models, "model.gguf"));
const dist = fileURLToPath(new URL("../../web/dist/", import.meta.url));
const server = await serve({ "/": pages, "/package/": dist, "/models/": models }, false);
try {
  const open = { context: 256, chatTemplate, instruction: "" };
  const wanted = { engine: values.engine, model: "models/model.gguf", open, settings };
  const limits = {
    hardware: false,
    timeout_s: 3600,
    say: (/** @type {string} */ line) => {
      console.log(line);
    },
  };
  const found = /** @type {any} */ (await measureIn(`${server.url}adapter.html`, wanted, limits));
  if (found.error !== undefined) throw new Error(found.error);
  const { files, learned, back, fresh, before, engine } = found;
  await mkdir(values.out, { recursive: true });
  await writeFile(join(values.out, "adapter_config.json"), files.config);
  await writeFile(join(values.out, "adapter_model.safetensors"), Uint8Array.from(files.weights));
  const verdict = {
    engine: engine.name,
    reload: apart(learned, back),
    learned_from_fresh: apart(learned, fresh),
    base: apart(before, fresh),
  };
  console.log(JSON.stringify(verdict));
  const norms = /** @type {any[]} */ (found.steps).map(({ grad_norm }) => grad_norm);
  const good = norms.length === steps && norms.every(Number.isFinite) && verdict.reload <= 1e-3 && verdict.base === 0;
  process.exitCode = good ? 0 : 1;
} finally {
  server.stop();
}

/**
 * The largest difference of log-probabilities, nats, up to where the tokens part; infinite where they part at once.
 * @param {{ ids: number[], log_probs: number[] }[]} a
 * @param {{ ids: number[], log_probs: number[] }[]} b
 */
function apart(a, b) {
  let most = a.length === b.length ? 0 : Infinity;
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) break;
    for (const [place, id] of step.ids.entries()) {
      const at = other.ids.indexOf(id);
      most = Math.max(most, at < 0 ? Infinity : Math.abs((step.log_probs[place] ?? 0) - (other.log_probs[at] ?? 0)));
    }
    if (step.ids[0] !== other.ids[0]) break;
  }
  return most;
}
