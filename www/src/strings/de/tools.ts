// The words of the lab's tools, in German: presets, history, comparison, samples, files, every setting.

import type { tools as english } from "../en/tools.ts";
import type { Words } from "../language.ts";

export const tools: Words<typeof english> = {
  presets: {
    title: "Ausprobieren",
    other:
      "Die andere Hälfte: „Trainieren“ drücken. GRPO beantwortet dieselben Fragen, vom selben Modell aus; das SofT-GRPO-Training liegt über den Diagrammen.",
    sentences: {
      add: {
        text: "Mit SofT-GRPO das Addieren zweistelliger Zahlen beibringen",
        time: "10 s",
        next: "„Trainieren“ drücken. Im ersten Diagramm steigt der Reward, ungleichmäßig; die Punkte sind Fragen, die nie im Training vorkamen.",
      },
      both: {
        text: "GRPO und SofT-GRPO an denselben Fragen sehen",
        time: "2 × 10 s",
        next: "„Trainieren“ drücken: SofT-GRPO kommt zuerst. Danach diesen Satz noch einmal drücken, für GRPO an denselben Fragen.",
      },
      collapse: {
        text: "Ein Training kollabieren sehen",
        time: "5 s",
        next: "„Trainieren“ drücken. Die Lernrate ist siebenmal so groß wie üblich: Der Reward fällt binnen zehn Schritten, das Training hält von selbst an und sagt, warum.",
      },
      loophole: {
        text: "Das Schlupfloch in Puzzle 24 finden",
        time: "20 s",
        next: "„Trainieren“ drücken, dann die Tabelle lesen: Wo der Reward 1 ist und die strenge Note 0, ergibt die Antwort 24, aber nicht aus den gegebenen Zahlen.",
      },
      compare: {
        text: "Eine Frage in Mischungen und in Token durchdacht sehen",
        time: "1 s",
        next: "„Denken“ drücken. Wo ein Balken geteilt ist, hält der weiche Gedanke zwei Wege offen; der andere muss sich entscheiden.",
      },
      pause: {
        text: "Pausieren lassen statt denken",
        time: "1 s",
        next: "„Denken“ drücken. Der Gedanke besteht aus zwölf Pausentoken: Seine Antwort lässt sich mit der darunter vergleichen, die in einzelnen Token gedacht ist.",
      },
      pitfall: {
        text: "Sehen, wie weich eine Mischung ohne Rauschen wirklich ist",
        time: "2 s",
        next: "„Genau hinsehen“ drücken. Ein Abstand nahe 0 zum schwersten Token heißt, dass das Modell die Mischung wie dieses Token liest.",
      },
      spell: {
        text: "Rückwärts buchstabieren beibringen",
        time: "30 s",
        next: "„Trainieren“ drücken und auf die Punkte achten: Wörter, die ganz richtig sind. Der Reward zählt jeden Buchstaben am richtigen Platz; er beginnt hoch und bewegt sich kaum.",
      },
    },
  },
  save: {
    menu: "Speichern …",
    svg: "als SVG-Bild",
    png: "als PNG-Bild",
    csv: "Zahlen als CSV",
    json: "Zahlen und Einstellungen als JSON",
    samples: "Diese Versuche als JSON speichern",
    step: "Trainingsschritt",
    failed: (message) => `Das Bild ließ sich nicht speichern: ${message}`,
  },
  history: {
    title: "Bisherige Trainings",
    lead: "Trainings, die in diesem Browser zu Ende gingen oder beendet wurden. Ausgewählte liegen über den Diagrammen; nichts wird irgendwohin gesendet.",
    bounds: (runs, rows) =>
      `Die neuesten ${runs} werden aufbewahrt, jedes mit höchstens ${rows} Zeilen in gleichen Abständen; das Training auf der Seite hat alle seine Zeilen.`,
    empty: "Ein Training erscheint hier, wenn es fertig oder beendet ist, und übersteht ein Neuladen.",
    columns: {
      show: "darüberlegen",
      name: "Training",
      task: "Aufgabe",
      method: "Methode",
      steps: "Schritte",
      seed: "Seed",
      reward: "letzter Reward",
      pass: "pass@1",
      when: "beendet",
      actions: "",
    },
    usual: (method, number) => `${method} ${number}`,
    show: (name) => `${name} über die Diagramme legen`,
    here: "auf der Seite",
    trainedBefore: (steps) => `mit einem schon ${steps} Schritte trainierten Modell`,
    stopped: (steps) => `${steps}, beendet`,
    use: "Einstellungen übernehmen",
    rename: "Umbenennen",
    newName: "Neuer Name",
    keep: "Namen behalten",
    remove: "Löschen",
    removed: (name) => `${name} ist gelöscht.`,
    used: (name) => `Das Training ist eingestellt wie bei ${name}.`,
    usedOwn: (name, model) =>
      `Das Training ist eingestellt wie bei ${name}. Es begann mit ${model}, einer eigenen Datei: Für denselben Anfang lässt sie sich unter „Das Modell“ öffnen.`,
    full: (most) => `Mehr als ${most} Trainings zugleich lassen sich nicht unterscheiden.`,
    notKept: (message) => `In diesem Browser übersteht kein Training ein Neuladen: ${message}`,
    busy: "Warten, bis geladen ist, oder zuerst das Training beenden.",
    table: "Bisherige Trainings als Tabelle",
  },
  diff: {
    runs: "Worin sich die gewählten Trainings unterscheiden",
    same: "Die gewählten Trainings haben dieselben Einstellungen.",
    setting: "Einstellung",
    absent: "–",
    mine: "Was geändert wurde",
    preset: (name) => `bei ${name}`,
    yours: "hier",
    unchanged: "Nichts: Das nächste Training nimmt die Einstellungen der Methode.",
  },
  samples: {
    strips: "als Streifen",
    table: "als Tabelle",
    how: "Versuche zeigen",
    caption: "Die Versuche des neuesten Schritts, alle Fragen",
    columns: {
      question: "Frage",
      completion: "Fortsetzung",
      answer: "Antwort",
      expected: "erwartet",
      reward: "Reward",
      advantage: "Advantage",
    },
    sort: { asked: "in der Reihenfolge der Fragen", most: "höchster Reward zuerst", least: "kleinster Reward zuerst" },
  },
  results: {
    all: (arms) => `Alle ${arms} Lernverfahren zeigen`,
    few: "Nur die drei wichtigsten",
  },
  settings: {
    every: "Alle übrigen Einstellungen",
    everyHint:
      "Alles, was die Trainingskonfiguration der Engine hat; src/train/config.rs erklärt jede einzelne. „null“ nimmt eine wahlfreie heraus.",
    left: (usual) => (usual === "default" ? "Vorgabe" : `bleibt ${usual}`),
    groups: {
      sampling: "wie Versuche gezogen und bewertet werden",
      reward: "von Rewards zu Advantages",
      loss: "Verlust",
      optimiser: "Updates",
      watching: "messen und überwachen",
    },
  },
};
