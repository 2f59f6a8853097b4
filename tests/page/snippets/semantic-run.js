import { createSemanticLab } from "https://lab.example/soft-thinking-lab.js";

const lab = await createSemanticLab();
const run = lab.run(
  { arm: "dril", settings: { epochs: 10, seed: 3 }, catalogue: { items: 200 } },
  {
    onEvent(event) {
      if (event.type === "epoch") console.log(event.epoch.epoch, event.epoch.nearest, event.epoch.drift_total);
    },
  },
);
const { test } = await run.done;
console.log(`Recall@10 ${test.recall[1]}, NDCG@10 ${test.ndcg[1]}`);
lab.dispose();
