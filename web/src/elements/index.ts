// "soft-thinking-lab/elements": importing it makes the custom elements known to the page.

import { defineLabElement } from "../embed/lab-element.js";

export type { SoftThinkingLabElement } from "../embed/lab-element.js";

defineLabElement(import.meta.url);
