// Every word the figures show, in German. Fetched when a figure speaks it.

import type { FigureWords } from "../speech.js";
import { sayInGerman } from "./engine-de.js";
import { arms, tasks } from "./names-de.js";

export const de: FigureWords = {
  again: "Noch einmal versuchen",
  failed: (message) => `Das ging nicht: ${sayInGerman(message) || message}`,
  kinds: { soft: "Weich", discrete: "Diskret" },
  loading(phase, loaded, total) {
    const of = total === undefined ? loaded : `${loaded} von ${total}`;
    if (phase === "engine") return `Engine wird geladen: ${of}`;
    if (phase === "model") return `Modell wird geladen: ${of}`;
    if (phase === "compile") return "GPU wird vorbereitet";
    return "Modell wird gelesen";
  },
  source: {
    stored: "Ein gespeichertes Beispiel, aufgezeichnet von diesem Modell",
    live: { cpu: "In diesem Tab gerechnet, auf der CPU", gpu: "In diesem Tab gerechnet, auf der GPU" },
  },
  strip: {
    blend: (step, token, weight, entropy) =>
      `Schritt ${step}: eine Mischung, gelesen als ${token}, Gewicht ${weight}, Entropie ${entropy} Nat`,
    single: (step, token) => `Schritt ${step}: das einzelne Token ${token}`,
  },
  card: {
    blend: (entropy) => `Eine Mischung, Entropie ${entropy} Nat.`,
    single: "Ein einzelnes Token geht zurück ins Modell.",
    changed: (token) => `Das Rauschen hat den Sieger geändert: Ohne es wäre ${token} nicht das schwerste.`,
    kept: (token) => `Das Rauschen ließ den Sieger, wie er war: ${token}.`,
    candidate: "Token",
    logProb: "Log-Wkt.",
    noise: "Rauschen",
    weight: "Gewicht",
    cut: "entfernt",
  },
  chart: { table: "Die Zahlen als Tabelle", tableOf: (what) => `Tabelle: ${what}` },
  group: {
    expected: "erwartet",
    allAlike:
      "In jeder Gruppe bekamen alle acht Versuche denselben Reward, es gibt also nichts zu lernen: einen anderen Seed wählen.",
    try: (row, answer, reward, advantage) =>
      `Versuch ${row}: Antwort ${answer}, Reward ${reward}, Advantage ${advantage}`,
    credit: "nach oben geschoben",
    blame: "nach unten geschoben",
    table: "Rauschen und Verdienst dieses Schritts",
    pushed: (advantage) => `mit Advantage ${advantage}`,
    more: "wird wahrscheinlicher",
    less: "wird unwahrscheinlicher",
    neither: "bleibt, wie es ist",
    single: (row, step, token) =>
      `Versuch ${row}, Schritt ${step}: ${token} ist ein einzelnes Token, keine Mischung, und hat kein Rauschen mit Verdienst.`,
    sentence: (row, step, token, noise, advantage) => {
      if (!/[1-9]/.test(advantage))
        return `Versuch ${row}, Schritt ${step}: Der Versuch war so gut wie seine Gruppe, das Update lässt ${token} also, wie es ist.`;
      const lifted = noise.startsWith("+")
        ? `Das Rauschen hob ${token} um ${noise}`
        : `Das Rauschen hielt ${token} um ${noise} zurück`;
      const did = advantage.startsWith("+") ? "war besser als seine Gruppe" : "war schlechter als seine Gruppe";
      const so =
        noise.startsWith("+") === advantage.startsWith("+")
          ? `das Update macht ${token} an dieser Stelle also wahrscheinlicher`
          : `das Update macht ${token} an dieser Stelle also unwahrscheinlicher`;
      return `Versuch ${row}, Schritt ${step}: ${lifted}, und der Versuch ${did} (Advantage ${advantage}); ${so}.`;
    },
  },
  race: {
    racers: { soft: "SofT-GRPO", discrete: "GRPO" },
    idle: (steps) => `Je ${steps} Trainingsschritte, vom selben Modell aus. Sie beginnen auf Knopfdruck.`,
    start: "Beide starten",
    again: "Noch einmal starten",
    pause: "Anhalten",
    resume: "Weiter",
    stop: "Beenden",
    paused: "Angehalten; was gelernt wurde, bleibt.",
    running: (step, of, left) => `Schritt ${step} von ${of}${left === undefined ? "" : `, noch etwa ${left} s`}.`,
    ended: (step, softFrom, softTo, from, to) =>
      `Beendet nach Schritt ${step}. pass@1 bei zurückgehaltenen Fragen: SofT-GRPO ${softFrom} → ${softTo}, GRPO ${from} → ${to}.`,
    reward: "Reward",
    passed: "pass@1, zurückgehalten",
    step: "Trainingsschritt",
    chart: (what) =>
      `${what} von SofT-GRPO und GRPO über die Trainingsschritte; die Zahlen stehen in der Tabelle darunter`,
    noLab: "Ein Labor fehlt; die Seite neu laden.",
  },
  pass: {
    task: "Aufgabe",
    taskName: (task) => tasks[task] ?? task,
    armTitle: (arm, title) => arms[arm] ?? (title || arm),
    tries: "Versuche k",
    solved: "Fragen, die in k Versuchen gelöst wurden",
    chart: "pass@k; die Zahlen stehen in der Tabelle darunter",
    guessing: "nur geraten",
    published: (runs) =>
      `Aus ${runs} veröffentlichten Trainings; die Bänder sind 95-%-Intervalle über Fragen und Seeds.`,
    refused: (address, status) => `${address} antwortete mit ${status}; liegen die Ergebnisse dort?`,
    contrast: (arm, k, difference, interval, clear) =>
      `${arm} minus GRPO bei k = ${k}: ${difference}, Intervall ${interval}. ${clear ? "Das Intervall schließt 0 aus." : "Das Intervall enthält 0: Ein Unterschied ist nicht gezeigt."}`,
    live: "64 zurückgehaltene Fragen, je 32 Versuche, in Mischungen und in einzelnen Token.",
    measure: "Dieses Modell messen",
    cancel: "Abbrechen",
    measured: (soft, discrete) => `Gemessen: pass@1 ${soft} in Mischungen, ${discrete} in einzelnen Token.`,
  },
  mixture: {
    otherNoise: "Anderes Rauschen ziehen",
    papers: "Einstellungen der Arbeit",
    table: "Die Kandidaten des Schritts",
    offers: "das Modell bietet an",
    noise: (scale) => `Rauschen × ${scale}`,
    weight: "Gewicht in der Mischung",
    afterBlend: "Als Nächstes, nach der Mischung",
    afterToken: (token) => `Als Nächstes, nach ${token} allein`,
    over: "Hier endet der Gedanke.",
    tooShort: (step) => `Dieser Gedanke hat keinen Schritt ${step}: einen früheren wählen.`,
    blend: (token, entropy, model) =>
      `Die Mischung wird als ${token} gelesen; ihre Entropie ist ${entropy} Nat, die der ganzen Verteilung des Modells ${model}.`,
    sliders: {
      temperature: { name: "Temperatur", what: "Macht flacher, was das Modell anbietet." },
      noise_scale: { name: "Stärke des Rauschens", what: "Wie viel der Zufall entscheidet; 0: nichts." },
      gumbel_temperature: { name: "τ der Mischung", what: "Klein: ein Token. Groß: eine gleichmäßige Mischung." },
      soft_top_k: { name: "Top-k", what: "Wie viele Kandidaten bleiben und gemischt werden." },
    },
  },
  thought: {
    question: "Frage",
    controls: "Schritte des Gedankens",
    back: "Zurück",
    play: "Abspielen",
    pause: "Anhalten",
    step: "Schritt",
    another: "Andere Frage",
    soft: "Jede nächste Eingabe ist eine Mischung von Token.",
    discrete: "Jede nächste Eingabe ist ein Token. Gleicher Seed.",
    card: (kind, step) => `${kind}, Schritt ${step}`,
    over: "Dieser Gedanke war schon zu Ende.",
    none: "keine",
    noEnd: "Der Gedanke endete ohne Ergebnis; die Seite neu laden.",
    right: (answer, steps) => `Antwort ${answer} ✓ richtig, nach ${steps} Denkschritten.`,
    wrong: (answer, expected, grade, steps) =>
      `Antwort ${answer} ✗ ${grade === "0" ? "falsch" : `Note ${grade}`}, erwartet ${expected}, nach ${steps} Denkschritten.`,
  },
  semantic: {
    arms: {
      frozen: {
        name: "Eingefroren",
        text: "Codes allein aus dem Inhalt, einmal gemacht; nur der Empfehler lernt. Zwei Stufen, wie bei TIGER.",
      },
      "straight-through": {
        name: "Straight-through",
        text: "Der Fehler der Empfehlung trainiert die Codes durch einen einfachen Straight-through-Schätzer: immer der nächste Code, ohne Rauschen.",
      },
      dril: { name: "DRIL", text: "Dasselbe mit Gumbel-Rauschen auf den Werten der Codes." },
      "dril-frequency": {
        name: "DRIL + FrqUD",
        text: "Gumbel-Rauschen nur dort, wo ein Code zu oft genommen wird.",
      },
      "dril-uncertainty": {
        name: "DRIL + SDUD",
        text: "Gumbel-Rauschen, dessen Stärke gelernt wird und mit dem Fehler schwindet.",
      },
      "dril-both": {
        name: "DRIL + beides",
        text: "Eine gelernte Stärke, und nur dort, wo ein Code zu oft genommen wird.",
      },
      detached: {
        name: "Abgetrennt",
        text: "Wie DRIL, aber der Fehler der Empfehlung erreicht die Codes nie: eine Kontrolle, und was der veröffentlichte Code tat.",
      },
      annealed: {
        name: "Abkühlend",
        text: "Wie DRIL, mit einer Temperatur, die fällt, statt Rauschen, das schwindet.",
      },
      gaussian: {
        name: "Gauß",
        text: "Wie DRIL, mit Gauß-Rauschen von gleichem Mittel und gleicher Varianz: eine Kontrolle.",
      },
    },
    unknownArm: (arm) => `Eine Variante namens ${arm} gibt es nicht.`,
    idle: (epochs) => `Trainiert Codes und Empfehler ${epochs} Epochen lang in diesem Tab. Beginnt auf Knopfdruck.`,
    noGpu: "Dieser Browser hat keine GPU zum Rechnen. Die CPU-Engine rechnet denselben Lauf.",
    usual: "die üblichen",
    starting: "Katalog, Codebuch und Empfehler werden gemacht.",
    running: (epoch, of, left) => `Epoche ${epoch} von ${of}${left === undefined ? "" : `, noch etwa ${left} s`}.`,
    testing: "Geprüft wird mit dem letzten Artikel jedes Nutzers.",
    pausing: "Hält nach dieser Epoche an.",
    paused: (epoch) => `Angehalten nach Epoche ${epoch}; was gelernt wurde, bleibt.`,
    lost: (epoch, of) =>
      `Abgebrochen nach Epoche ${epoch} von ${of}, als die Seite verlassen wurde. Was bis dahin zu sehen war, ist da; was gelernt wurde, ist verloren, ein Lauf beginnt von vorn.`,
    after: (epoch) => `nach Epoche ${epoch}`,
    ended: (epochs, recall, ndcg, users) =>
      `Beendet nach Epoche ${epochs}. Recall@10 ${recall}, NDCG@10 ${ndcg} für die letzten Artikel von ${users} Nutzern.`,
    run: "Starten",
    again: "Noch einmal starten",
    pause: "Anhalten",
    resume: "Weiter",
    stop: "Beenden",
    done: "Epochen fertig",
    which: "Gezeigte Codes",
    codes: { nearest: "der nächste jedes Artikels", kept: "die benutzten" },
    book: {
      title: "Codebuch",
      label: "Artikel je Code, Ebene für Ebene; die Zahlen stehen in der Tabelle darunter",
      level: (level, used, codes, effective) =>
        `Ebene ${level}: ${used} von ${codes} Codes benutzt, so viel wert wie ${effective} gleichmäßig benutzte`,
      cell: (level, code, items) => `Ebene ${level}, Code ${code}: ${items} Artikel`,
      none: "kein Artikel",
      few: "wenige",
      many: "viele Artikel",
      table: "Artikel je Code",
      code: "Code",
      levelShort: (level) => `Ebene ${level}`,
    },
    map: {
      title: "Artikel",
      label: "Artikel als Punkte; Farbe und Zahl sagen den ersten Code; die Codes stehen in der Tabelle darunter",
      note: "Was nah beieinander liegt, gleicht sich im Inhalt. Farbe: der erste Code; seine Zahl steht bei seinem Codewort. Eine Linie führt von einem Artikel zu dem Codewort, zu dem er in dieser Epoche wechselte, ein Ring zeigt einen, dessen tieferer Code sich änderte; ein Punkt geht den Weg vom alten Code zum neuen.",
      changed: (changed, of, share, first) =>
        `${changed} von ${of} Artikeln wechselten in dieser Epoche zu anderen Codes (${share}), ${first} davon zu einem anderen ersten Code.`,
      start: (items) => `${items} Artikel, wie k-Means sie anfangs geschrieben hat.`,
      table: "Codes jedes Artikels",
      item: "Artikel",
      id: "Codes",
      moved: "in dieser Epoche geändert",
      yes: "ja",
      more: (shown, all) => `Die ersten ${shown} von ${all} Artikeln.`,
    },
    health: {
      title: "Wie es dem Codebuch geht",
      level: "Ebene",
      used: "benutzte Codes",
      dead: "tote Codes",
      effective: "effektive Codes",
      entropy: "Entropie der Benutzung (Nat)",
      balance: "Ausgewogenheit",
      unique: "verschiedene IDs je Artikel",
      most: "meiste Artikel auf einer ID",
      drift: "in dieser Epoche geändert",
      driftTotal: "seit dem Start geändert",
      agreement: "Training stimmt mit Auswertung überein",
      noisy: "Zuordnungen mit Rauschen",
      sigma: "Stärke des Rauschens σ",
      temperature: "Temperatur τ",
      recall: "Recall@10, Validierung",
      ndcg: "NDCG@10, Validierung",
    },
  },
};
