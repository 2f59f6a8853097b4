import { createLab, isResult } from "soft-thinking-lab";
import "soft-thinking-lab/elements";

const lab = await createLab({ engine: "cpu", worker: "shared" });
await lab.loadModel(new URL("soft-thinking-lab/models/nano-chain_sum.gguf", import.meta.url));
for await (const item of lab.think({ task: "chain_sum", question: "12+34=", policy: "soft", seed: 7 })) {
  if (isResult(item)) document.querySelector("#answer").textContent = item.answer;
}
