import { createLab } from "soft-thinking-lab";

const lab = await createLab({ engine: "cpu" });
document.querySelector("#answer").textContent = lab.version;
