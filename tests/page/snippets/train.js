import { createLab } from "./soft-thinking-lab.js";

const lab = await createLab({ engine: "auto", seed: 7 });
await lab.loadModel("./models/nano-chain_sum.gguf");

const before = await lab.evaluate({ task: "chain_sum", questions: 16, samples: 8, k: [1, 8] });
const run = lab.train({ task: "chain_sum", preset: "softgrpo-code", max_steps: 3 });
for await (const m of run) console.log(m.step, m.reward, m.entropy);
const after = await lab.evaluate({ task: "chain_sum", questions: 16, samples: 8, k: [1, 8] });

console.log("pass@1", before.pass_at_1, "→", after.pass_at_1);
lab.dispose();
