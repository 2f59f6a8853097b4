// The model as a file of the visitor's. No DOM but the saving.

import type { ExportFormat, Lab, Progress } from "soft-thinking-lab";

import { saveFile } from "./save-file.ts";
import type { State } from "./state.ts";

export async function saveModel(
  lab: Lab,
  format: ExportFormat,
  { task, trainedSteps }: Pick<State, "task" | "trainedSteps">,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const bytes = await lab.exportModel({ format, onProgress });
  const steps = trainedSteps > 0 ? `-${trainedSteps}-steps` : "";
  saveFile(`nano-${task}${steps}.${format}`, new Blob([bytes], { type: "application/octet-stream" }));
}
