// "soft-thinking-lab/embed": for pages that show a lab in an iframe. Fetches and starts nothing itself.

export { embedLab } from "./embed-lab.js";
export type { EmbedHandlers, EmbeddedLab } from "./embed-lab.js";
export type {
  ErrorMessage,
  HeightMessage,
  HostMessage,
  LabMessage,
  LabState,
  MetricsMessage,
  ReadyMessage,
  RunMessage,
  ThoughtMessage,
} from "./messages.js";
