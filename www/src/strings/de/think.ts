// The words of thinking, in German: the question, ways to think and their settings, a step's card, how soft a thought is, how true.

import type { think as english } from "../en/think.ts";
import type { Words } from "../language.ts";

const sign = (value: number) => String(value).replace(".", ",");

export const think: Words<typeof english> = {
  think: {
    title: "Denken",
    question: "Frage",
    own: "Eine eigene Frage eingeben oder die nächste nehmen",
    another: "Andere Frage",
    button: "Denken",
    stop: "Anhalten",
    seed: "Seed",
    seedHint: "Gleiche Frage, gleiches Modell und gleicher Seed ergeben denselben Gedanken.",
    stored: "Gespeichertes Beispiel, aufgezeichnet vom mitgelieferten Modell. Das echte Modell wird gerade geladen.",
    storedReady:
      "Gespeichertes Beispiel, aufgezeichnet vom mitgelieferten Modell. „Denken“ lässt das Modell hier selbst denken.",
    empty: "Hier erscheint der Gedanke, eine Spalte je Schritt. Das dauert etwa eine Sekunde.",
    comparedHint: "Gleiche Frage, gleicher Seed: Jeder Schritt gibt ein gezogenes Token zurück ins Modell.",
    lookFor: "Worauf zu achten ist",
    entropyLine: "Linie über den Balken: Entropie der Mischung, 0 bis 1,61 Nat (fünf gleiche Teile).",
    answer: "Antwort",
    none: "keine Antwort",
    right: "richtig",
    wrong: "falsch",
    partly: (grade) => `Note ${grade}`,
    expected: (answer) => `erwartet: ${answer}`,
    stats: (steps, entropy) => `${steps} Denkschritte · Entropie der Mischungen ${entropy} Nat`,
    steps: (steps) => `${steps} Denkschritte`,
    announce: (kind, answer, verdict) => `Denkweise ${kind}: Antwort ${answer}, ${verdict}.`,
    share: (sharp, all, percent) =>
      `In diesem Gedanken legten ${sharp} von ${all} Mischungen (${percent}) mehr als 95 % ihres Gewichts auf ein Token.`,
    shareWhy: {
      discrete: "",
      soft: "Ein Modell, das sich sicher ist, macht Mischungen, die fast ein einziges Token sind, wie auch immer es eingestellt ist. Wo ein Balken geteilt ist, hält es mehr als einen Weg offen.",
      soft_tokens:
        "Die Mischung ist das mittlere Embedding des ganzen Vokabulars, und ein Modell, das sich sicher ist, macht daraus fast das eines einzigen Tokens. Das Rauschen kommt zum Embedding hinzu, die Balken zeigen es also nicht.",
      multiplex:
        "Gleiche Ziehungen ergeben ein Token. Wo ein Balken geteilt ist, unterschieden sich die Ziehungen: Das Modell ist sich nicht sicher.",
    },
    changedMark: {
      discrete: "",
      soft: "* Das Rauschen hat den Sieger geändert.",
      soft_tokens: "Der graue Teil eines Balkens ist der Rest des Vokabulars.",
      multiplex: "* Die erste Ziehung, die bei der Bewertung zählt, ist nicht das wahrscheinlichste Token.",
    },
    ended: "von außen beendet",
    forcedMark: "▪ Der Gedanke wurde von außen beendet.",
    column: (step, token, weight, entropy) =>
      `Schritt ${step}: ${token}, ${weight} der Mischung, Entropie ${entropy} Nat`,
    columnDiscrete: (step, token) => `Schritt ${step}: ${token}`,
  },
  ways: {
    label: "Denkweise",
    settings: "Ihre Einstellungen ändern",
    settingsHint:
      "Leer gelassen, gilt der Wert der Voreinstellung. Die Namen sind dieselben wie in den anderen Zugängen zum Labor.",
    groups: {
      discrete: "ein Token je Schritt",
      soft: "Soft Thinking",
      soft_tokens: "Soft Tokens",
      multiplex: "Multiplex",
      inference: "sechs Inferenzarten von Soft Tokens",
    },
    kinds: {
      discrete: "Diskret",
      soft: "Weich",
      soft_tokens: "Soft Tokens",
      multiplex: "Multiplex",
    },
    hints: {
      discrete: "Jeder Schritt gibt ein Token zurück ins Modell.",
      soft: "Jeder Schritt gibt eine Mischung einiger Token zurück ins Modell.",
      soft_tokens:
        "Jeder Schritt gibt das mittlere Embedding des ganzen Vokabulars zurück; gezeigt werden die schwersten Token.",
      multiplex: "Jeder Schritt zieht mehrere Token und gibt deren Mittel zurück ins Modell.",
    },
    define: {
      temperature:
        "Logits werden durch diesen Wert geteilt, bevor daraus Wahrscheinlichkeiten werden; ein kleiner Wert lässt fast nur das wahrscheinlichste Token übrig.",
      top_k: "So viele der wahrscheinlichsten Token bleiben; 0 behält alle.",
      top_p: "Es bleibt die kleinste Menge von Token mit mindestens dieser Masse.",
      min_p: "Token unter diesem Anteil der größten Wahrscheinlichkeit fallen weg.",
      soft_top_k: "Token in einer Mischung.",
      gumbel_temperature:
        "Temperatur des Softmax über den gestörten Werten; ein kleiner Wert ergibt fast ein einziges Token.",
      pause_length:
        "Der Gedanke besteht aus so vielen Pausentoken und der Schlussmarke, was immer das Modell sagen würde; 0: Es denkt selbst.",
      noise: "Was eine Mischung stört. Dirichlet- und Gauß-Rauschen sind die Kontrollversuche von SofT-GRPO.",
      log_epsilon:
        "Kommt vor dem Logarithmus zu den Wahrscheinlichkeiten hinzu, wie im Code von SofT-GRPO; 0 wie in der Arbeit.",
      noise_before_top_k: "Zuerst alle Kandidaten stören und danach die größten behalten statt umgekehrt.",
      "answer.temperature": "Dasselbe für die Antwort, die Token für Token gezogen wird.",
      "answer.top_k": "Dasselbe für die Antwort; 0 behält alle.",
      "answer.top_p": "Dasselbe für die Antwort.",
      "answer.min_p": "Dasselbe für die Antwort.",
      noise_scale: "Faktor des Gumbel-Rauschens; mit 0 ist nichts zufällig.",
      noise_clamp: "Hält das Gumbel-Rauschen zwischen −1,5 und 3, wie im Code von SofT-GRPO.",
      dirichlet_alpha:
        "Wahrscheinlichkeiten mal diesem Wert sind die Formparameter der Stichproben; ein großer Wert bleibt nahe an ihnen.",
      cold_stop_entropy: "Cold Stop: Ein Schritt mit einer Entropie (Nat) darunter gilt als sicher.",
      cold_stop_length: "Cold Stop: So viele sichere Schritte nacheinander beenden den Gedanken; 0 nie.",
      max_thought_length: "Längster Gedanke in Token; 0 setzt keine eigene Grenze.",
      embedding_noise:
        "Streuung des Rauschens auf dem mittleren Embedding, als Anteil am quadratischen Mittel der Embeddings; 0 für keines.",
      multiplex_width: "Gezogene Token je Schritt.",
      weighted: "Ziehungen nach ihrer Wahrscheinlichkeit gewichten statt gleich.",
    },
  },
  diagnose: {
    title: "Wie weich ist dieser Gedanke?",
    lead: (questions, samples) =>
      `Denkt über ${questions} zurückgehaltene Fragen nach, je ${samples}-mal, in der oben gewählten Denkweise, und sieht sich jeden Schritt an. An einigen Schritten werden einzelne Token anstelle der Mischung versucht.`,
    button: "Genau hinsehen",
    again: "Noch einmal hinsehen",
    done: "Die Prüfung der weichen Gedanken ist fertig.",
    of: (way, model, rollouts, steps) => `${way} · ${model} · ${rollouts} Gedanken, ${steps} weiche Schritte`,
    asShipped: "Modell wie geladen",
    changed: (way) => `Diese Zahlen gelten für „${way}“. Für die jetzt gewählte Denkweise noch einmal hinsehen.`,
    histogram: "Größtes Gewicht eines Schritts",
    axis: "größtes Gewicht",
    share: "Anteil der weichen Schritte",
    table: "Dasselbe als Tabelle",
    bin: (from, to) => `${from} bis ${to}`,
    range: "Bereich",
    columns: { max_weight: "Gewicht", js_top_1: "Abstand zum 1.", js_top_2: "zum 2." },
    columnsHint:
      "Anteile der Schritte in jedem Zwanzigstel der Skala: bei Gewichten von 0 bis 1, bei Abständen von 0 bis ln 2 = 0,693 Nat.",
    noSoft: "Nur einzelne Token: Diese Denkweise macht keine Mischungen.",
    rows: {
      near_one_hot: {
        name: "fast ein Token",
        text: "Anteil der weichen Schritte mit mehr als 95 % des Gewichts auf einem Token.",
      },
      effective_tokens: {
        name: "wirksame Token",
        text: "Wie vielen gleichen Teilen eine Mischung entspricht: e hoch Entropie ihrer Gewichte. 1 ist ein einzelnes Token.",
      },
      js_top_1: {
        name: "Abstand zum schwersten Token",
        text: "Wie anders das Modell nach der Mischung weitermacht als nach ihrem schwersten Token allein. Nahe 0 liest es die Mischung wie dieses Token. Wo Mischungen fast ein Token sind, muss es das; oft tut es das auch, wo sie es nicht sind: die Greedy-Falle (Wu et al. 2025).",
      },
      js_top_2: {
        name: "Abstand zum zweiten",
        text: "Dasselbe für das zweitschwerste Token allein, an den Schritten, die eines haben. Weit von 0 neben einer kleinen Zahl darüber heißt: Das zweite Token blieb ungehört.",
      },
      edit_distance_to_greedy: {
        name: "Änderungen bis zum Greedy-Gedanken",
        text: "Wie weit Gedanken davon abweichen, immer das wahrscheinlichste Token zu nehmen: 0 ist derselbe Gedanke, 1 hat nichts mit ihm gemein.",
      },
    },
    nats: (value) => `${value} Nat`,
    pull: (times) =>
      `Nach einer Mischung macht das Modell ${times}-mal näher an ihrem schwersten Token weiter als an ihrem zweiten.`,
  },
  card: {
    title: (step) => `Schritt ${step}`,
    of: (whose, what) => `${whose}: ${what}`,
    phase: { think: "denkt", answer: "antwortet, Token für Token" },
    projection: (token) => `gelesen als ${token}`,
    table: "Kandidaten dieses Schritts",
    candidate: "Token",
    log_prob: "Log-Wkt.",
    draw: "gezogenes Token",
    noise: (scale) => (scale === 1 ? "+ Rauschen" : `+ ${sign(scale)} × Rauschen`),
    perturbed: "= gestört",
    deviation: "Stichprobe − Wkt.",
    sample: "Stichprobe",
    weight: "Gewicht",
    cut: "entfernt",
    rest: "alle anderen",
    changed: (winner, favourite) =>
      `Das Rauschen hat den Sieger geändert: Allein bevorzugte das Modell ${favourite}; nach dem Rauschen führt ${winner}.`,
    kept: (winner) => `Das Rauschen hat den Sieger nicht geändert: ${winner} führte schon davor.`,
    formula: {
      gumbel:
        "Gewicht = softmax(gestört ÷ Gumbel-Temperatur). Die so gewichtete Mischung der Embeddings ist die nächste Eingabe.",
      plain:
        "Kein Rauschen: Die Gewichte folgen allein aus den Wahrscheinlichkeiten. Die Mischung der Embeddings ist die nächste Eingabe.",
      samples:
        "Gewicht = Stichprobe ÷ Summe der Stichproben. Die so gewichtete Mischung der Embeddings ist die nächste Eingabe.",
      draws: "Das Mittel der gezogenen Embeddings ist die nächste Eingabe. Bewertet wird die erste Ziehung.",
      weightedDraws:
        "Das Mittel der gezogenen Embeddings, gewichtet nach ihren Wahrscheinlichkeiten, ist die nächste Eingabe. Bewertet wird die erste Ziehung.",
      vector:
        "Die Mischung geht über das ganze Vokabular; dies sind ihre schwersten Token. Bewertet wird das wahrscheinlichste.",
      noisyVector:
        "Danach kam Gauß-Rauschen zum gemischten Embedding hinzu; die nächste Eingabe ist also keine genaue Mischung.",
    },
    ended: {
      cold: (steps, entropy) =>
        `Der Gedanke wurde von außen beendet: Cold Stop, denn das Modell war ${steps} Schritte nacheinander sicher (Entropie unter ${entropy} Nat).`,
      length: (steps) =>
        `Der Gedanke wurde von außen beendet: Er hatte seine größte erlaubte Länge erreicht, ${steps} ${steps === 1 ? "Schritt" : "Schritte"}.`,
      shadow:
        "Das wahrscheinlichste Token schließt den Gedanken. Hier wurde nichts gezogen, deshalb zählt dieser Schritt im Training nicht.",
    },
    drawn: {
      changed: (first) =>
        `Die erste Ziehung, ${first}, ist nicht das Token, das das Modell am wahrscheinlichsten fand.`,
      same: (first) => `Die erste Ziehung, ${first}, ist auch das wahrscheinlichste Token.`,
    },
    entropy: (blend) => `Entropie ${blend} Nat`,
    entropies: (blend, model) => `Entropie: Mischung ${blend} Nat, Modell ${model} Nat`,
    define: {
      log_prob:
        "Natürlicher Logarithmus der Wahrscheinlichkeit des Kandidaten, neu normiert über die behaltenen Kandidaten.",
      noise: "Eine Ziehung aus der Gumbel(0, 1)-Verteilung, begrenzt auf den Bereich der Methode.",
      perturbed: "Log-Wahrscheinlichkeit plus Rauschen. Das ist die Aktion, die SofT-GRPO speichert und bewertet.",
      deviation:
        "Die Stichprobe minus die Wahrscheinlichkeit des Kandidaten: was das Rauschen des Kontrollversuchs bewirkt hat.",
      sample:
        "Eine Ziehung des Kontrollrauschens anstelle der Wahrscheinlichkeit des Kandidaten. Das ist die Aktion, die bewertet wird.",
      weight: "Anteil des Embeddings dieses Kandidaten an der Mischung, die ins Modell zurückgeht.",
    },
  },
  truth: {
    title: "Wie wahr ist das?",
    points: [
      "Jede Spalte ist ein wirklicher Schritt des Modells in diesem Tab, mit den Zahlen, die es benutzt hat. Nichts wird nachgespielt, außer wo ein Streifen „gespeichert“ sagt. Gezeichnet werden höchstens fünfzehn Spalten je Sekunde, damit das Auge folgen kann; das Modell ist schneller.",
      "Das Modell ist winzig (etwa ein Zehntel einer Million Gewichte) und kennt eine einzige Spielaufgabe. Es zeigt, wie das Verfahren arbeitet, nicht, wie gut es bei großen Modellen ist.",
      "Der weiche Schritt von SofT-GRPO ist Gumbel-Rauschen, dann ein Softmax bei Temperatur 0,1. Damit sind die meisten Mischungen fast ein einziges Token, wie auch die Bilder der Arbeit zeigen. „Weich“ heißt nicht, dass das Modell immer viele Wege abwägt. Die anderen Denkweisen sind die ihrer Arbeiten, mit deren Einstellungen.",
      "Gleicher Seed heißt nicht gleiches Glück: Weiches und diskretes Denken teilen die Zufallszahlen des Seeds, geben sie aber verschieden aus. Eine richtige und eine falsche Antwort beweisen daher nichts. Besser unten an vielen Fragen messen.",
      "Die Antwort selbst wird in jeder Denkweise Token für Token geschrieben.",
    ],
  },
};
