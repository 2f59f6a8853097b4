// The words of the story, in German: five figures, what to look for in each, and how true it is. Numbers are those of README.md and RESULTS.md.

import type { LearnWords } from "../learn.ts";

export const learn: LearnWords = {
  title: "In Mischungen von Wörtern denken",
  lead: "Ein Sprachmodell denkt gewöhnlich ein Wort nach dem anderen. Es kann auch in Mischungen mehrerer Wörter zugleich denken und lernen, das besser zu tun. Fünf Abbildungen zeigen, wie; jede führt ein wirkliches, kleines Modell in diesem Tab aus.",
  look: "Worauf zu achten ist:",
  truth: "Wie wahr ist das?",
  on: "Alle Einstellungen, weitere Aufgaben und Platz für eigene Fragen gibt es im",
  onLab: "Labor",
  privacy: "Alles läuft in diesem Tab; nichts davon wird irgendwohin gesendet.",
  chapters: {
    mixture: {
      title: "Ein Token oder eine Mischung",
      text: "Vor jedem Schritt wägt das Modell alle Token ab, die es kennt. Ein diskreter Gedanke zieht eines und gibt es zurück ins Modell. Ein weicher Gedanke behält die wenigen wahrscheinlichen, addiert zufälliges Gumbel-Rauschen zu ihren Log-Wahrscheinlichkeiten und macht aus dem Ergebnis Gewichte: Die nächste Eingabe ist eine Mischung ihrer Embeddings.",
      look: "Mit größerem τ wird die Mischung weicher; mit Rauschen 0 ist jede Ziehung gleich. Dann vergleichen, was auf die Mischung folgt und was auf ihr schwerstes Token allein.",
      truth: [
        "Die Frage wurde ausgesucht, weil ihr erster Schritt geteilt ist. Die meisten Schritte sind es nicht: Beim τ der Arbeit, 0,1, legen 90 bis 98 % der weichen Schritte dieser Modelle mehr als 95 % des Gewichts auf ein Token.",
        "Beim Ziehen bleibt der Seed derselbe und damit das Rauschen: Es ändert sich nur die Einstellung.",
        "Bei großem τ liest das Modell Eingaben, die es im Training nie gesehen hat. Dass sich ändert, was folgt, heißt nicht, dass es besser wird.",
      ],
    },
    thought: {
      title: "Ein Gedanke, Schritt für Schritt",
      text: "Hier ist eine Frage, zweimal mit demselben Seed durchdacht: oben in Mischungen, unten in einzelnen Token. An der Marke, die den Gedanken schließt, gehen beide zu einzelnen Token über und schreiben die Antwort.",
      look: "Die meisten weichen Schritte sind fast ein einziges Token. Wo ein Balken geteilt ist, bleiben für einen weiteren Schritt zwei Wege offen, und bewertet wird das schwerste Token der Mischung.",
      truth: [
        "Eine Frage beweist nichts darüber, welche Denkweise besser ist: Bei der nächsten kann die eine oder die andere recht haben.",
        "Mit demselben Seed ziehen beide in einem Schritt dasselbe Rauschen, das die weiche begrenzt; sobald ihre Eingaben verschieden sind, trifft das Rauschen auf Verschiedenes.",
        "Das Nano-Modell hat 0,1 Millionen Parameter und wurde an Musterlösungen dieser Aufgabe trainiert. Große Modelle denken in längeren und freieren Texten.",
      ],
    },
    group: {
      title: "Welches Rauschen den Verdienst bekommt",
      text: "Zum Lernen versucht das Modell dieselbe Frage achtmal, jedes Mal mit anderem Rauschen. Die Antworten werden bewertet; ein Versuch, der besser war als seine Gruppe, hat einen positiven Advantage (Vorteil), ein schlechterer einen negativen. SofT-GRPO macht dann das Rauschen der besseren Versuche wahrscheinlicher und das der schlechteren unwahrscheinlicher.",
      look: "Über die Schritte eines richtigen und eines falschen Versuchs fahren: Dasselbe Token kann in beiden vom Rauschen gehoben sein und wird im einen nach oben und im anderen nach unten geschoben.",
      truth: [
        "Jeder Schritt eines Versuchs bekommt denselben Advantage, ob es auf ihn ankam oder nicht. Über viele Versuche treten die wichtigen Schritte hervor; in einer einzelnen Gruppe nicht.",
        "Der Pfeil sagt, in welche Richtung das Update die Log-Wahrscheinlichkeit dieses Kandidaten für sich genommen schiebt. Die Kandidaten teilen sich einen Softmax, einen zu heben senkt also die anderen, und Clipping kann ein Update zurückhalten.",
        "Diese Abbildung macht einen Trainingsschritt mit Lernrate 0, damit das Modell bleibt, wie es ist.",
      ],
    },
    race: {
      title: "Lernen, weich neben diskret",
      text: "GRPO belohnt Token; SofT-GRPO belohnt Rauschen. Hier beginnen beide mit demselben Modell, demselben Seed und denselben Lernfragen. Sie wechseln sich in einem Worker ab, je ein Schritt.",
      look: "Beide Rewards (Belohnungen) steigen binnen einer halben Minute. Die Marken für pass@1 sind an Fragen gemessen, die nicht im Training vorkamen: Steigen die Rewards und diese nicht, lernt das Modell seine Fragen auswendig.",
      truth: [
        "Ein einziges Training von jedem sagt wenig: Im eigenen Experiment des Labors (fünf Seeds, drei Aufgaben) war pass@1 von SofT-GRPO mit GRPO gleichauf, bei zwei Aufgaben etwas darüber.",
        "Ein großer Teil dieses Abstands ist schon vor dem Training da: Die weiche Denkweise ist näher daran, immer das wahrscheinlichste Token zu nehmen, und beginnt deshalb höher. Was das Training hinzufügte, war bei allen drei Aufgaben weniger als unter GRPO.",
        "Beide haben hier dieselbe Schrittweite. Im Experiment hatte jede Methode ihre eigene, die beste von dreien: Die von GRPO war dreimal so groß. Mit gleichen Schritten kann GRPO vorn liegen, wie beim Seed dieser Abbildung.",
      ],
    },
    pass: {
      title: "Warum Vielfalt zählt: pass@k",
      text: "Ein Modell beantwortet eine Frage k-mal, und sie gilt als gelöst, wenn eine Antwort richtig ist: Das ist pass@k. Bei k = 1 sagt es, wie gut das Modell für sich ist; bei k = 32, wie viel es überhaupt finden kann. Training hebt oft das erste und senkt das zweite, weil alle Antworten einander ähnlich werden. Die Arbeit behauptet, dass weiche Gedanken mehr davon bewahren.",
      look: "Die rechten Enden der Kurven mit dem des Modells vor dem Training vergleichen, und darauf achten, ob sich die Bänder überlappen.",
      truth: [
        "Die Behauptung der Arbeit zeigt sich hier nicht: pass@32 von SofT-GRPO ist im eigenen Experiment des Labors nicht höher als das von GRPO. Kein Intervall schließt 0 aus, und zwei von drei Mitteln sind negativ.",
        "Die Entropie, ein Maß der Vielfalt, bleibt unter SofT-GRPO erhalten, wo GRPO etwas verliert; aber die Schrittweiten sind verschieden, das beweist also nicht, dass es an der Mischung liegt.",
        "Dies sind Modelle mit 0,1 Millionen Parametern an Spielaufgaben, 150 Trainingsschritte, fünf Seeds. Es sagt, was hier geschieht, nicht, was mit einem Modell von Milliarden geschieht.",
      ],
    },
  },
};
