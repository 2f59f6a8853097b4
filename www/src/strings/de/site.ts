// Words that all pages of the site share, in German.

import type { site as english } from "../en/site.ts";
import type { Words } from "../language.ts";

export const site: Words<typeof english> = {
  nav: "Seiten dieser Website",
  places: { learn: "Lernen", lab: "Labor", semantic: "Semantische IDs", docs: "Dokumentation" },
  titles: {
    learn: "Lernen · Soft Thinking Lab",
    lab: "Soft Thinking Lab",
    semantic: "Semantische IDs · Soft Thinking Lab",
  },
  descriptions: {
    learn:
      "Soft Thinking und SofT-GRPO in fünf lebendigen Abbildungen: Ein kleines Modell denkt in Mischungen von Token und lernt, im Browser.",
    lab: "Einem kleinen Sprachmodell zusehen, wie es in Mischungen von Wörtern denkt, und ihm beibringen, es besser zu tun, im Browser.",
    semantic:
      "Artikel einer Empfehlung, geschrieben in kurzen Codes, die ihr eigener Fehler trainiert: zusehen, ob das Codebuch zusammenfällt und was Gumbel-Rauschen tut, im Browser.",
  },
  theme: { label: "Hell oder dunkel", auto: "wie das System", light: "hell", dark: "dunkel" },
  language: {
    name: "Deutsch",
    change: "diese Seite auf Deutsch lesen",
    ask: "Dafür wird die Seite neu geladen. Ein Training lässt sich vom letzten Sicherungspunkt fortsetzen; Messungen und ein eigenes Modell gehen verloren.",
    reload: "Auf Deutsch neu laden",
    stay: "Hierbleiben",
  },
};
