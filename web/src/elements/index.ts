// The figures of the story as custom elements. Importing this file defines them; they find the package, the worker and the models
// beside it.

import { defineLabElement } from "../embed/lab-element.js";

export { SoftThinkingLabElement } from "../embed/lab-element.js";
export { LabFigure } from "./figure.js";
export { forgetLab, ownLab, sharedLab } from "./labs.js";
export type { LabWishes, ReadyLab } from "./labs.js";
export { PassAtK } from "./pass-at-k.js";
export { SemanticIds } from "./semantic-ids.js";
export type { SemanticPicture } from "./semantic-ids.js";
export type { SemanticRecord } from "./semantic-record.js";
export { SoftMixture } from "./soft-mixture.js";
export { SoftThought } from "./soft-thought.js";
export { speechFor } from "./speech.js";
export type { FigureWords, Speech } from "./speech.js";
export { ThoughtGroup } from "./thought-group.js";
export { TrainingRace } from "./training-race.js";

defineLabElement(import.meta.url);
