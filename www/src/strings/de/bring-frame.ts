// What stands on the lab page before the panel of brought language models is fetched, in German.

import type { LabWords } from "../lab.ts";

export const bringFrame: LabWords["bringFrame"] = {
  title: "Ein Sprachmodell mitbringen",
  lead: "Die Modelle der Arbeiten sind Sprachmodelle. Ein kleines lässt sich mitbringen: Es denkt weich in Wörtern, hier in diesem Tab.",
  open: "Ein Modell wählen",
  opening: "Dieser Teil der Seite wird geladen …",
  failed: (message) => `Dieser Teil der Seite kam nicht: ${message}`,
  retry: "Noch einmal",
};
