// The words of published results, in German, and of trying their question in this tab.

import type { results as english } from "../en/results.ts";
import type { Words } from "../language.ts";

const seedsOf = (seeds: number) => (seeds === 1 ? "1 Seed" : `${seeds} Seeds`);

export const results: Words<typeof english> = {
  results: {
    title: "Ergebnisse",
    lead: "Die eigenen Experimente des Labors: dasselbe Modell, dasselbe Budget und dieselben Fragen für jedes Lernverfahren, je mehrere Seeds, gemessen mit dem Befehl des Labors.",
    open: "Ergebnisse zeigen",
    loading: "Ergebnisse werden geladen …",
    none: "Es gibt noch keine Ergebnisse.",
    problem: (message) => `Die Ergebnisse lassen sich nicht zeigen: ${message}`,
    notAnIndex: "results/index.json ist keine Liste von Experimenten.",
    notAPlan: (file) => `results/${file} fehlt oder ist kein Plan eines Experiments.`,
    notASummary: (file) => `results/${file} fehlt oder ist keine Zusammenfassung eines Experiments.`,
    refused: (address, status) => `${address} wurde mit ${status} beantwortet.`,
    runs: (runs, planned, model) =>
      runs < planned
        ? `${runs} von ${planned} Trainings liegen vor: unvollständig, also mit Vorsicht zu lesen. ${model}`
        : `Alle ${planned} Trainings liegen vor. ${model}`,
    guessSpace: (title, difficulty, answers) =>
      `${title}, Schwierigkeit ${difficulty}: Raten hat es mit ${answers} gleich wahrscheinlichen Antworten zu tun.`,
    honest:
      "Klammern und Bänder: 95-%-Bootstrap-Intervalle über Fragen und Seeds (bei Rewards: vom kleinsten zum größten Seed). Von zwanzig solchen Intervallen geht etwa eines durch Zufall daneben; ein klarer Unterschied unter vielen ist also ein schwacher Beleg. Ein Intervall ohne Breite heißt, dass alle Ziehungen übereinstimmten, nicht, dass es nicht anders kommen kann. Was Raten erreicht, ist schraffiert: Glück, nicht Können.",
    fewSeeds: (seeds) =>
      `${seeds === 1 ? "Nur ein Seed: Die Intervalle gehen allein über Fragen" : `Nur ${seeds} Seeds: Intervalle über so wenige sind grob`}. Mit mehr kann aus „kein klarer Unterschied“ einer werden und umgekehrt.`,
    experiment: "Experiment",
    task: "Aufgabe",
    arms: "Lernverfahren",
    split: "Fragen",
    splits: {
      held_out: "zurückgehalten",
      train: "aus dem Training",
      out_of_distribution: "außerhalb der Verteilung",
      ood: "außerhalb der Verteilung",
    },
    mode: "Denkweise",
    own: "jedes, wie es trainiert wurde",
    noArm: "Mindestens ein Lernverfahren wählen.",
    asTable: "Dasselbe als Tabelle",
    every: (shown, all) => `${shown} von ${all} Zeilen, in gleichen Abständen; die Dateien haben alle.`,
    nothing: "Hier wurde nichts gemessen.",
    guessing: "Raten",
    charts: {
      pass: {
        title: "pass@k",
        x: "k, Versuche je Frage",
        note: "Linkes Ende: wie oft ein einziger Versuch richtig ist. Rechtes Ende: was mit vielen Versuchen erreichbar ist. Eine Kurve, die links gewinnt und rechts sinkt, hat verengt, was das Modell kann.",
      },
      reward: {
        title: "Reward beim Lernen",
        x: "Trainingsschritt",
        note: "Mittel der Seeds; das Band reicht vom kleinsten zum größten. Bei Trainingsfragen: Richter ist pass@k oben.",
      },
      entropy: {
        title: "Entropie beim Lernen",
        x: "Trainingsschritt",
        note: "Wie unentschieden das Modell über das nächste Token ist, in Nat. Fällt sie auf 0, versucht es keine Alternativen mehr.",
      },
      position: {
        title: "Entropie nach Position",
        x: "Token der Fortsetzung",
        note: "Nat an jeder Stelle, am Ende des Trainings. Wo sie hoch ist, wägt das Modell noch Wege ab; die Antwort steht am Ende.",
      },
      length: {
        title: "Länge beim Lernen",
        x: "Trainingsschritt",
        note: "Mittlere Zahl der Token je Versuch. Ein Verfahren, das mehr bekommt, indem es mehr schreibt, ist hier zu erkennen.",
      },
    },
    table: {
      title: (how) => `Am Ende des Trainings${how}`,
      how: (mode) => `, Denkweise: ${mode}`,
      arm: "Lernverfahren",
      seeds: "Seeds",
      secondsPerStep: "s je Schritt",
      nearOneHot: "fast ein Token",
      collapses: "Kollapse",
      length: "Länge",
      entropy: "Entropie",
      majority: "Mehrheit",
      define: {
        seconds: "Sekunden eines Trainingsschritts auf dem Rechner des Experiments, gemittelt über Schritte und Seeds.",
        nearOneHot: "Anteil der weichen Schritte mit mehr als 95 % des Gewichts auf einem Token.",
        collapses: "Trainings, in denen die Überwachung ein Zeichen von Kollaps sah.",
        entropy: "Wie unentschieden das Modell war, mittlere Nat je Token.",
        length: "Mittlere Zahl der Token je Versuch.",
        majority: "Anteil der Fragen, bei denen die häufigste Antwort richtig ist.",
      },
    },
    contrasts: {
      title: (title) => `Verglichen mit: ${title}`,
      lead: "Unterschied der pass@k bei denselben Fragen mit denselben Seeds, wobei beide denken, wie sie trainiert wurden.",
      of: "von",
      difference: "Unterschied",
      picture: "Intervall",
      verdict: "Befund",
      verdicts: { more: "besser", less: "schlechter", unclear: "kein klarer Unterschied" },
    },
    forgetting: {
      title: "Was vergessen wurde",
      lead: "Nat je Token bei Musterlösungen zu Aufgaben, die das Modell vorher konnte: Mehr ist schlechter. Die Intervalle gehen über Seeds.",
      task: "vorher gekonnte Aufgabe",
      before: "vorher",
      after: "nachher",
      change: "Änderung",
      verdicts: {
        more: "vergessen",
        less: "besser als vorher",
        unclear: "keine klare Änderung",
        same: "unverändert",
        "one-seed": "ein Seed: kein Intervall",
      },
    },
    meetings: {
      compute: (seconds) => `Bei gleicher Rechenzeit: ${seconds} Training`,
      reward: (reward) => `Bei gleichem Reward: ${reward} bei Trainingsfragen`,
      lead: {
        compute:
          "Wo jedes stand, als das billigste fertig war. Die Sekunden sind die des Rechners, auf dem das Experiment lief.",
        reward:
          "Wo jedes stand, als es zum ersten Mal den Reward bekam, den das am wenigsten belohnte je bekam (geglättet über fünf Schritte; eines, das nie erreicht, womit die anderen anfangen, zählt nicht).",
      },
      step: "bei Schritt",
      none: "bis dahin nichts gemessen",
      note: "Es gilt die letzte Messung bis dahin, bei zurückgehaltenen Fragen.",
    },
    run: {
      title: "Jedes Training",
      lead: "Ein geöffnetes Training zeigt alle Einstellungen, mit denen es lief.",
      open: (seed) => `Seed ${seed}`,
      label: (title, seed) => `${title}, Seed ${seed}: Einstellungen`,
      heading: (title, seed) => `${title}, Seed ${seed}`,
      loading: "Das Training wird geladen …",
      file: "Die ganze Datei",
      settings: "Einstellungen in Kraft",
      thinking: "Wie es beim Messen denkt",
      measured: "Wie gemessen wurde",
      facts: {
        model: "begann mit",
        engine: "gerechnet von",
        version: "Version des Labors",
        seconds: "Training dauerte",
      },
      yourself: "Selbst ausführen",
      yourselfHint: (model) =>
        `Trägt Aufgabe, Methode, Schritte, Seed und jede Einstellung oben unter „Trainieren“ ein und beginnt mit dem mitgelieferten Modell wie das Original (${model}). Eine andere Engine rundet anders, die Zahlen weichen also etwas ab.`,
      otherModel: (model) =>
        `Trägt Aufgabe, Methode, Schritte, Seed und jede Einstellung oben unter „Trainieren“ ein. Das Original begann allerdings mit ${model}, hier ist das mitgelieferte Modell der Anfang: Es werden andere Zahlen, oder jene Datei lässt sich unter „Das Modell“ öffnen.`,
      busy: "Warten, bis geladen ist, oder zuerst das Training beenden.",
      untrained: "Dieses Modell wurde nicht trainiert: „Messen“ oben, vor dem Training, misst dasselbe.",
    },
    noRun: "Die Datei dieses Trainings fehlt.",
    ready: (title, steps, seed) =>
      `Das Training ist eingestellt wie im Experiment: ${title}, ${steps} Schritte, Seed ${seed}.`,
    setUp: (title, seed) =>
      `Eingestellt wie im Experiment: ${title}, Seed ${seed}, mit jeder Einstellung jenes Trainings. Was unten geändert wird, hat Vorrang.`,
    usual: "Zurück zu den üblichen Einstellungen",
  },
  audit: {
    of: (grade) => `strenge Note ${grade}`,
    short: (grade) => `streng ${grade}`,
    column: "strenge Note",
    define:
      "Die Bewertung dieser Aufgabe lässt sich überlisten: Sie ist das Schaustück für Reward Hacking. Die Note ist, was das Training sieht und belohnt; die strenge Note ist, was eine genaue Prüfung sagt, und wird nie belohnt. Wo die erste hoch ist und die zweite niedrig, hat das Modell den Trick gefunden.",
  },
  trial: {
    title: "Die Frage selbst ausprobieren",
    lead: "Führt zwei Lernverfahren in diesem Tab aus, mit Modell, Einstellungen und Schritten des veröffentlichten Plans, und zeichnet sie über die veröffentlichten Ergebnisse. Das Labor oben bleibt solange frei; beim Neuladen der Seite gehen höchstens zehn Schritte verloren.",
    noPlan: "Dieses Experiment wurde ohne seinen Plan veröffentlicht und lässt sich deshalb hier nicht ausführen.",
    arm: (place) => (place === 1 ? "Lernverfahren" : "und"),
    seed: "Seed",
    start: "Beide hier ausführen",
    same: "Zwei verschiedene Lernverfahren wählen.",
    what: (questions, tries) =>
      `Jedes trainiert mit allen Schritten des Plans und wird dann an ${questions} zurückgehaltenen Fragen gemessen, je ${tries} Versuche.`,
    fewer: (questions) =>
      `Die veröffentlichten wurden an ${questions} gemessen: hier an weniger, damit es in Minuten fertig ist.`,
    otherSeed: (seeds) => `Die veröffentlichten haben die Seeds ${seeds}; ein anderer Seed ist ein anderer Versuch.`,
    loading: "Eine eigene Engine wird geöffnet und das Modell geladen …",
    training: (arm, step, of) => `${arm}: Training, Schritt ${step} von ${of}`,
    evaluating: (arm, done, of) => `${arm}: Messung, Frage ${done} von ${of}`,
    timing: "die ersten Schritte werden gestoppt",
    left: (time) => `noch etwa ${time}, wie hier gestoppt`,
    leftTraining: (time) => `noch etwa ${time} Training, wie hier gestoppt; danach die Messung`,
    begins: (arm) => `${arm}: beginnt.`,
    milestone: (arm, step, of) => `${arm}: Schritt ${step} von ${of}.`,
    armDone: (arm) => `${arm}: fertig und gemessen.`,
    done: "Beide sind fertig.",
    cancelled: "Abgebrochen. Mit dem Aufbewahrten lässt sich weitermachen.",
    kept: "Wird unterwegs in diesem Browser aufbewahrt.",
    keptText: (done, of, under, when) =>
      `In diesem Browser liegt ein Experiment: ${done} von ${of} Trainings fertig${under}, ${when}.`,
    keptAt: (arm, step, of) => `, ${arm} bei Schritt ${step} von ${of}`,
    resume: "Damit weitermachen",
    forget: "Vergessen",
    problem: (message) => `Es ging nicht weiter: ${message}`,
    published: (seeds) => `veröffentlicht, ${seedsOf(seeds)}`,
    here: (seed) => `dieser Tab, Seed ${seed}`,
    now: "Läuft gerade. Verglichen wird, wenn gemessen ist.",
    later: "Hier noch nicht gelaufen.",
    nothingPublished: "Zum Vergleich wurde nichts veröffentlicht.",
    verdict: (places) =>
      places.every((place) => place === "inside")
        ? "Das Training dieses Tabs liegt innerhalb der veröffentlichten Intervalle."
        : places.some((place) => place === "inside")
          ? "Das Training dieses Tabs liegt in einem der veröffentlichten Intervalle und außerhalb des anderen."
          : "Das Training dieses Tabs liegt außerhalb der veröffentlichten Intervalle.",
    at: (k, here, mean, range, place) => ` pass@${k}: hier ${here}, veröffentlicht ${mean} ${range}: ${place}.`,
    places: { inside: "innerhalb", above: "darüber", below: "darunter" },
    caution: (seeds, seed) =>
      `Das Intervall gilt dem Mittel von ${seedsOf(seeds)}; dies ist ein einziges Training, Seed ${seed}, und einzelne streuen mehr als ihr Mittel. Außerhalb widerlegt nichts, innerhalb beweist nichts.`,
    download: "Datei des Trainings herunterladen",
    by: (engine, time) => `Gerechnet von ${engine}${time === "" ? "" : `; das Training dauerte ${time}`}.`,
    charts: {
      reward: {
        title: "Reward beim Lernen",
        x: "Trainingsschritt",
        note: "Band: vom kleinsten zum größten veröffentlichten Seed, um ihr Mittel.",
      },
      pass: {
        title: "pass@k",
        x: "k, Versuche je Frage",
        note: "Band: das veröffentlichte 95-%-Intervall. Die Punkte dieses Tabs kommen, wenn gemessen ist.",
      },
    },
  },
};
