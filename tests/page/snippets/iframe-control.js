// Sets the frame's height, tells the lab what to do and shows what it says.
import { embedLab } from "https://lab.example/soft-thinking-lab.embed.js";

const said = document.querySelector("#said");
const lab = embedLab(document.querySelector("#lab"), {
  onReady: () => (said.textContent = "The lab is ready."),
  onThought: ({ slot, result }) => {
    if (slot === "chosen") said.textContent = `It answered ${result.answer}.`;
  },
  onMetrics: ({ step, metrics }) => (said.textContent = `Step ${step}: reward ${metrics.reward.toFixed(2)}.`),
  onError: ({ message }) => (said.textContent = message),
});

document.querySelector("#think").addEventListener("click", () => lab.think("12+34="));
document.querySelector("#train").addEventListener("click", () => lab.train(10));
document.querySelector("#stop").addEventListener("click", () => lab.stop());
