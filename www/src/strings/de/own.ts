// The words of the visitor's own tasks, in German.

import type { own as english } from "../en/own.ts";
import type { Words } from "../language.ts";

export const own: Words<typeof english> = {
  title: "Eigene Fragen",
  lead: "Aus eigenen Fragen eine Aufgabe machen. Sie werden hier gelesen, in diesem Browser aufbewahrt und nirgendwohin gesendet.",
  open: "Fragen hinzufügen",
  how: "Eine Frage je Zeile, als JSON:",
  splits:
    'Eine Zeile kann außerdem "split": "train", "held_out" oder "ood" enthalten; ohne diese Angabe wird eine von zehn zurückgehalten. Erlaubt sind die Zeichen, die das Modell kennt: Ziffern, Kleinbuchstaben, Leerzeichen und + - * / = ; , : > | ( ) ? . & _ ! ^',
  example: "Ein Beispiel eintragen",
  file: "JSONL-Datei öffnen …",
  name: "Name (Kleinbuchstaben, Ziffern, _)",
  questions: "Fragen, ein JSON-Objekt je Zeile",
  fromFile: (file, lines) => `${file}, ${lines} Zeilen.`,
  write: "Stattdessen hier schreiben",
  grader: "was als richtig gilt",
  graders: {
    exact: { name: "genau", text: "dieselben Zeichen" },
    numeric: { name: "als Zahl", text: "dieselbe Zahl" },
    javascript: { name: "eine Funktion", text: "eine eigene, in JavaScript" },
  },
  source: "Funktion von Frage, erwarteter und gegebener Antwort; liefert eine Zahl von 0 bis 1",
  add: "Aufgabe hinzufügen",
  added: (name, description) =>
    `${name} ist jetzt eine Aufgabe. ${description} Sie steht unter „Aufgabe“; „Verwenden“ wählt sie gleich.`,
  graded: (grader) =>
    ({
      exact: "Bewertet wird nach genauer Übereinstimmung.",
      numeric: "Bewertet wird als Zahl.",
      javascript: "Bewertet wird mit einer Funktion.",
    })[grader],
  use: "Verwenden",
  inUse: "Wird verwendet",
  forget: "Vergessen",
  forgotten: (name) => `${name} wird nicht länger aufbewahrt.`,
  refused: (message, code) => `Nicht hinzugefügt: ${message.replace(/[^.!?]$/, "$&.")} (${code})`,
  lost: (name, message) => `Die eigene Aufgabe ${name} ließ sich nicht wieder hinzufügen: ${message}`,
  notKept: "Sie übersteht kein Neuladen: So viel nimmt der Speicher dieses Browsers nicht an.",
};
