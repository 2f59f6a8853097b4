// What the engine says, in German: tasks, ways to think and to learn, numbers, experiments, what to do about an error. Settings of training:
// settings.ts. Sentences with values in them: web/src/elements/strings/engine-de.ts, which the figures need too.

import { arms } from "../../../../web/src/elements/strings/names-de.ts";
import { sayInGerman } from "../../../../web/src/elements/strings/engine-de.ts";
import type { EngineWords } from "../engine.ts";
import { settings } from "./settings.ts";

export const engine: EngineWords = {
  tasks: {
    chain_sum: {
      title: "Kettenrechnung",
      description: "Drei zweistellige Zahlen nacheinander addieren und subtrahieren.",
    },
    number_sorting: {
      title: "Zahlen sortieren",
      description: "Vier verschiedene Zahlen von 0 bis 99 aufsteigend ordnen.",
    },
    reach: {
      title: "Erreichbarkeit",
      description:
        "Einbahnstraßen verbinden neun Orte. Gesucht ist der eine von vier Orten, der vom Start aus über zwei oder drei Straßen erreichbar ist.",
    },
    path_star: {
      title: "Pfad im Stern",
      description:
        "Von einem Ort gehen zwei Einbahnwege aus je fünf Straßen aus. Alle Orte auf dem Weg zum Ende eines der beiden nennen.",
    },
    countdown: {
      title: "Countdown",
      description:
        "Eine gegebene Zahl aus drei Zahlen bis 20 bilden, jede einmal benutzt, durch Addieren, Subtrahieren und Multiplizieren.",
    },
    count_bits: { title: "Einsen zählen", description: "Die Einsen unter zwölf Bits zählen." },
    spell_backward: {
      title: "Rückwärts buchstabieren",
      description:
        "Ein Wort aus acht verschiedenen Buchstaben rückwärts schreiben. Jeder Buchstabe am richtigen Platz zählt.",
    },
    puzzle24: {
      title: "Puzzle 24",
      description:
        "Aus vier Zahlen bis 10, jede einmal benutzt, 24 bilden. Der Reward hat ein Schlupfloch, wie veröffentlicht: Er prüft nicht, welche Zahlen benutzt wurden. Die strenge Note prüft es.",
    },
    mix: {
      title: "Alles gemischt",
      description: "Eine Frage aus einer der acht anderen Aufgaben, jede in ihrer leichtesten Stufe.",
    },
  },
  policies: {
    discrete: "Ein Token je Schritt, gezogen aus der Verteilung des Modells.",
    greedy: "Ein Token je Schritt, immer das wahrscheinlichste.",
    "softgrpo-baseline":
      "Ein Token je Schritt, so wie die Arbeit zu SofT-GRPO ihre diskreten Vergleiche auswertet: T 0,6, top-p 0,95, 30 Kandidaten.",
    pause: "Die Kontrolle ohne Inhalt: zwölf Pausentoken anstelle eines Gedankens.",
    soft: "Das Soft Thinking von SofT-GRPO: fünf Kandidaten, begrenztes Gumbel-Rauschen, τ 0,1.",
    "softgrpo-paper":
      "Dasselbe, wie es die Arbeit schreibt: Rauschen ohne Grenzen, kein Epsilon, entfernte Kandidaten bleiben draußen.",
    "softgrpo-dirichlet":
      "Die Dirichlet-Kontrolle von SofT-GRPO: Gamma-Stichproben der Wahrscheinlichkeiten der Kandidaten.",
    "softgrpo-gaussian":
      "Die Gauß-Kontrolle von SofT-GRPO: normalverteiltes Rauschen auf den Wahrscheinlichkeiten der Kandidaten.",
    "soft-thinking":
      "Soft Thinking: Die Wahrscheinlichkeiten selbst sind die Gewichte; Cold Stop beendet einen Gedanken, der sich sicher ist.",
    "stochastic-soft-thinking": "Stochastic Soft Thinking: Gumbel-Rauschen ohne Grenzen, τ 0,5.",
    "stochastic-soft-thinking-dirichlet": "Stochastic Soft Thinking mit Dirichlet-Stichproben, γ 4.",
    "soft-tokens":
      "Soft Tokens wie trainiert: das mittlere Embedding des ganzen Vokabulars bei τ 0,5, mit Gauß-Rauschen.",
    "fuzzy-tokens":
      "Fuzzy Tokens wie trainiert: dasselbe bei τ 0,0001, fast das Embedding des wahrscheinlichsten Tokens.",
    "hard-greedy": "Inferenz von Soft Tokens: die wahrscheinlichsten Token.",
    "hard-sample": "Inferenz von Soft Tokens: gezogene Token, Antwort ohne Zufall.",
    "soft-greedy": "Inferenz von Soft Tokens: mittleres Embedding ohne Rauschen, Antwort ohne Zufall.",
    "soft-sample": "Inferenz von Soft Tokens: mittleres Embedding mit Rauschen, Antwort ohne Zufall.",
    "fuzzy-greedy":
      "Inferenz von Soft Tokens: Embedding des wahrscheinlichsten Tokens ohne Rauschen, Antwort ohne Zufall.",
    "fuzzy-sample":
      "Inferenz von Soft Tokens: Embedding des wahrscheinlichsten Tokens mit Rauschen, Antwort ohne Zufall.",
    multiplex: "Multiplex: das Mittel von drei unabhängig gezogenen Token.",
  },
  methods: {
    "softgrpo-paper":
      "SofT-GRPO, wie es die Arbeit schreibt: Gumbel-Rauschen ohne Grenzen, Summe über alle Kandidaten, Mittel je Versuch.",
    "softgrpo-code":
      "SofT-GRPO, wie der veröffentlichte Code läuft: begrenztes Rauschen, Mittel über Kandidaten ab 4,98 %, Teilstapel aus zwei Versuchen.",
    "softgrpo-dirichlet":
      "Kontrolle zu SofT-GRPO: Gamma-Stichproben um die Wahrscheinlichkeiten anstelle von Gumbel-Rauschen.",
    "softgrpo-gaussian":
      "Kontrolle zu SofT-GRPO: normalverteiltes Rauschen auf den Wahrscheinlichkeiten anstelle von Gumbel-Rauschen.",
    grpo: "GRPO über Token wie in DeepSeekMath: in der Gruppe standardisierte Rewards, Mittel je Versuch, KL 0,04.",
    pause: "Die Kontrolle ohne Inhalt: Der Gedanke besteht aus zwölf Pausentoken, GRPO trainiert die Antwort.",
    "dr-grpo": "Dr. GRPO: nicht durch die Abweichung der Gruppe geteilt, nicht durch die Länge geteilt, kein KL.",
    dapo: "DAPO: eine höhere obere Grenze, Mittel über alle Token, dynamisches Nachfragen, keine abgeschnittenen Versuche, kein KL.",
    bnpo: "GRPO über Token mit einem Mittel über die Token jedes Teilstapels aus acht Versuchen, kein KL.",
    gspo: "GSPO: Begrenzt wird der Quotient des ganzen Versuchs.",
    rloo: "RLOO: einfacher Score-Schätzer, jeder Reward gegen das Mittel der anderen, KL 0,05 im Reward.",
    reinforce: "REINFORCE: einfacher Score-Schätzer, der Reward selbst ist der Advantage.",
    "soft-tokens":
      "Soft Tokens: das mittlere Embedding bei τ 0,5 mit Gauß-Rauschen, Score-Schätzer, Vergleich mit den anderen der Gruppe.",
    "fuzzy-tokens": "Fuzzy Tokens: dasselbe bei τ 0,0001, fast das Embedding des wahrscheinlichsten Tokens.",
    multiplex:
      "Multiplex: drei Token werden in jedem Schritt gezogen, jedes mit einem eigenen begrenzten Quotienten, kein KL.",
  },
  metrics: {
    step: "Getane Trainingsschritte. Ein Schritt macht einen Stapel Versuche und ändert danach das Modell.",
    reward:
      "Mittlerer Reward der Versuche des Schritts: die Note von 0 bis 1, mit Lob und Abzug, wo sie eingeschaltet sind.",
    reward_std:
      "Standardabweichung (n − 1) der Rewards in einer Gruppe, gemittelt über die Gruppen. Bei 0 gibt es nichts zu lernen.",
    frac_reward_zero_std: "Anteil der Gruppen, deren Versuche alle denselben Reward bekamen; sie lehren nichts.",
    "rewards/grade/mean": "Mittlere Note der Antworten allein, ohne Lob für die Form und Abzug für die Länge.",
    "audit/mean":
      "Was eine strenge Note den Antworten des Schritts im Mittel gibt, wo der Reward bekanntlich ein Schlupfloch hat. Sie lehrt nichts.",
    num_gen_batches:
      "Stapel von Fragen, die dynamisches Nachfragen brauchte, um einen mit Gruppen verschiedener Rewards zu füllen.",
    entropy:
      "Entropie der Verteilung des nächsten Tokens in Nat, gemittelt über die Token des Schritts. Fällt sie auf 0, versucht das Modell nichts anderes mehr.",
    kl: "Wie weit sich das Modell von seinem Anfang entfernt hat: der Schätzer e^Δ − Δ − 1, Δ = Log-Dichte der Referenz minus die jetzige, in Nat je Token, vor dem Update gemessen.",
    policy_loss:
      "Der Policy-Term des Verlusts, gemittelt über die Updates des Schritts. Seine Größe sagt wenig; auf den Reward achten.",
    "clip_ratio/region_mean": "Anteil der Token, deren Quotient auf einer der beiden Seiten begrenzt wurde.",
    "clip_ratio/low_mean": "Anteil der Token mit negativem Advantage, die unter 1 − epsilon begrenzt wurden.",
    "clip_ratio/high_mean": "Anteil der Token mit positivem Advantage, die über 1 + epsilon_high begrenzt wurden.",
    grad_norm: "L2-Norm des ganzen Gradienten vor der Begrenzung, gemittelt über die Updates des Schritts.",
    "grad_norm/thought":
      "L2-Norm des Gradienten des Policy-Terms allein aus den Schritten des Gedankens, nach dem Schritt gemessen, wenn das Modell geprüft wird.",
    "grad_norm/answer": "Dasselbe allein aus den Schritten der Antwort.",
    skipped_updates: "Updates, die ausgelassen wurden, weil Verlust oder Gradient keine endliche Zahl war.",
    learning_rate: "Schrittweite von AdamW.",
    "completions/mean_length": "Mittlere Zahl der Token eines Versuchs, Gedanke und Antwort.",
    "completions/min_length": "Kürzester Versuch des Schritts.",
    "completions/max_length": "Längster Versuch des Schritts.",
    "completions/mean_thought_length": "Mittlere Zahl der Schritte bis </think>, dieses eingeschlossen.",
    "completions/clipped_ratio": "Anteil der Versuche, die vor ihrer Endmarke abgeschnitten wurden.",
    "soft/mixture_entropy":
      "Entropie der Gewichte einer Mischung in Nat, gemittelt über die weichen Schritte. 0 ist ein einzelnes Token.",
    "soft/top1_weight": "Größtes Gewicht einer Mischung, gemittelt über die weichen Schritte.",
    "soft/effective_tokens":
      "e hoch diese Entropie, gemittelt über die weichen Schritte: wie vielen Token eine Mischung entspricht.",
    "soft/near_one_hot":
      "Anteil der weichen Schritte, deren größtes Gewicht über 0,95 liegt: weich nur dem Namen nach.",
    "val/pass@1": "Anteil richtiger Antworten bei zurückgehaltenen Fragen, gezogen wie im Training.",
    "val/pass@k":
      "Wahrscheinlichkeit, dass mindestens eine von eval_samples Antworten auf eine zurückgehaltene Frage richtig ist.",
    num_tokens: "Token aller Versuche seit Beginn des Trainings.",
    step_time: "Sekunden, die der Schritt brauchte, die Prüfung eingeschlossen.",
  },
  settings,
  experiments: {
    nano: "Neun Lernverfahren, vier Aufgaben, fünf Seeds (nano, 0,1 Mio. Gewichte)",
    micro: "GRPO und SofT-GRPO, zwei Aufgaben, fünf Seeds (micro, 1 Mio. Gewichte)",
    "semantic-ids": "Neun Arten, semantische IDs zu machen, fünf Seeds (400 Artikel, 600 Nutzer)",
  },
  arms,
  help: {
    "bad-weights":
      "Sie ist keine GGUF- oder safetensors-Datei, ist abgeschnitten oder passt nicht zu diesem Labor. Eine andere Datei wählen oder das mitgelieferte Modell nehmen.",
    "bad-input": "Einen Wert ändern oder das Feld leeren; dann gilt die Vorgabe.",
    network: "Das Netz prüfen, dann noch einmal versuchen.",
    integrity: "Die Website wird vielleicht gerade erneuert. In einer Minute noch einmal versuchen.",
    storage: "Die Datei herunterladen und von der Festplatte öffnen, oder Platz schaffen.",
    busy: "Warten, bis fertig ist, was gerade läuft, oder es beenden.",
    crashed: "Ein neues Labor öffnen; das Training geht vom letzten Sicherungspunkt weiter.",
    "no-webgpu": "Auf der CPU läuft alles, was es hier gibt.",
    "no-adapter": "Auf der CPU läuft alles, was es hier gibt.",
    "device-lost": "Mit der CPU weitermachen; nichts ist verloren.",
    "out-of-memory": "Ein kleineres Modell oder weniger Versuche nehmen, oder andere Tabs schließen.",
    "not-finite": "Eine kleinere `learning_rate` nehmen und von vorn oder vom besten Augenblick an trainieren.",
    "not-ready": "Warten, bis das Labor offen und ein Modell geladen ist.",
    "no-eval": "„Genau“ oder „als Zahl“ wählen.",
    io: "Die Datei noch einmal öffnen oder eine andere wählen.",
    disposed: "Die Seite neu laden.",
    internal: "Die Seite neu laden. Kommt es wieder, ist es ein Fehler des Labors.",
  },
  otherHelp: "Die Seite neu laden. Kommt es wieder, ist es ein Fehler des Labors.",
  itsWords: "Wortlaut der Engine, auf Englisch",
  say: sayInGerman,
};
