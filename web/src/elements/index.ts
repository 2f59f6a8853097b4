// "soft-thinking-lab/elements": importing it makes the custom elements known to the page, the whole lab in a frame and the figures of the
// story. The figures find the package, the worker and the models beside it.

import { defineLabElement } from "../embed/lab-element.js";

export type { SoftThinkingLabElement } from "../embed/lab-element.js";
export { LabFigure } from "./figure.js";
export { forgetLab, ownLab, sharedLab } from "./labs.js";
export type { LabWishes, ReadyLab } from "./labs.js";
export { SoftMixture } from "./soft-mixture.js";
export { SoftThought } from "./soft-thought.js";

defineLabElement(import.meta.url);
