// What the page says, in German, of keeping itself in this browser, of what it fetches, of links, and of things that went wrong on the way.

import type * as english from "../en/offline.ts";
import type { Words } from "../language.ts";

export const offline: Words<typeof english.offline> = {
  yes: "Die Seite läuft. Modelle laufen, wenn sie einmal benutzt wurden.",
  notYet: "Noch nicht: Die Seite wird in diesem Browser aufbewahrt, sobald das Labor offen ist.",
  notSecure: "Geht nicht: Browser bewahren eine Seite nur auf, wenn sie über https oder von diesem Rechner kommt.",
  noWorkers: "Geht nicht: Dieser Browser bewahrt keine Seiten auf, wie in privaten Fenstern.",
  refused: (why) => `Geht nicht: Der Browser hat die Seite nicht aufbewahrt (${why}).`,
  update:
    "Eine neuere Fassung dieser Seite ist da. Sie kommt beim Neuladen; ein laufendes Training geht vom Sicherungspunkt weiter.",
  updateOthers:
    "Die neuere Fassung kann nicht kommen, solange andere Tabs mit dieser Seite offen sind. Diese schließen, dann neu laden.",
  reload: "Jetzt neu laden",
  later: "Später",
};

export const failures: Words<typeof english.failures> = {
  again: "Noch einmal versuchen",
  openNew: "Ein neues Labor öffnen",
  crashed: "Das neue Labor hat das Modell im Anfangszustand.",
  crashedInRun: "Im neuen Labor geht das Training vom letzten Sicherungspunkt weiter, höchstens zehn Schritte zurück.",
  reopened: "Ein neues Labor ist offen, mit dem Modell im Anfangszustand.",
  reopenedAt: (step) => `Ein neues Labor ist offen. Das Training geht von Schritt ${step} weiter.`,
};

export const elsewhere: Words<typeof english.elsewhere> = {
  text: (method, task, step) =>
    `In einem anderen Tab dieses Browsers läuft ein Training: ${method} mit ${task}, zuletzt gesichert bei Schritt ${step}. Gesichert wird dort; ein Training in diesem Tab würde so lange nicht gesichert. Fortsetzen lässt es sich hier, sobald es dort beendet oder jener Tab geschlossen ist.`,
  look: "Noch einmal nachsehen",
};

export const link: Words<typeof english.link> = {
  copy: "Link kopieren",
  copied: "Der Link ist in der Zwischenablage. Er enthält jede Einstellung dieser Seite und kein Ergebnis.",
  notCopied: "Der Browser hat es nicht erlaubt. In der Adresszeile steht derselbe Link.",
  ignored: (parts) => `Teile des Links waren nicht verständlich und wurden weggelassen: ${parts}.`,
  notOpened:
    "Der Link wurde nicht geöffnet, denn dabei ginge verloren, was dieser Tab gelernt hat. Er lässt sich in einem eigenen Tab öffnen.",
};

export const fetching: Words<typeof english.fetching> = {
  label: "Was geladen wird",
  engine: (size) => `die Engine, ${size} (etwa ein Drittel davon, wo der Server komprimiert)`,
  model: (name, size) => `das Modell ${name}, ${size}`,
  nothing: "Nichts: Engine und Modell liegen in diesem Browser.",
  list: (parts) => `Einmalig: ${parts.join(" und ")}.`,
  kept: (what) => `Nur ${what}. Das Übrige liegt in diesem Browser.`,
  storage: "In diesem Browser aufbewahrt",
  storageOf: (quota) => `Was geladen wurde und das neueste Training, in den ${quota}, die dieser Browser erlaubt.`,
  storageOn: "Was geladen wurde und das neueste Training.",
  storageOff: (why) => `Nichts. ${why} Alles läuft trotzdem und wird bei jedem Besuch neu geladen.`,
  offline: "Ohne Netz",
  lastTime: (time, engine) => `Das letzte Training brauchte hier ${time} je Schritt, auf: ${engine}.`,
  typical: "Auf zwei Kernen ohne GPU wurden etwa 80 ms je Trainingsschritt gemessen, sechzig Schritte dauern also 5 s.",
  held: "Dieser Browser bittet um Datensparsamkeit, deshalb wird erst auf Wunsch etwas geladen. Der Gedanke unten ist ein gespeichertes Beispiel.",
  go: "Laden",
  stored: "Gespeichertes Beispiel, aufgezeichnet vom mitgelieferten Modell.",
};
