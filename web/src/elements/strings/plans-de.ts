// What the engine says of experiments and of the second lab, in German. `sentences.ts` says how these are read.

import type { Said } from "../sentences.js";

/** The plan of an experiment, and a run of it. */
export const plans: readonly Said[] = [
  [
    "experiment {:?}: expected at least one arm and one seed",
    "Experiment {0}: Nötig sind mindestens eine Variante und ein Seed.",
  ],
  ["two arms are called {:?}; give one a `name`", "Zwei Varianten heißen {0}. Einer einen `name` geben."],
  ['two arms are called "{}"', "Zwei Lernverfahren heißen „{0}“."],
  [
    'an arm\'s name is made of letters, digits, - and _; got "{}"',
    "Der Name eines Lernverfahrens besteht aus Buchstaben, Ziffern, - und _; angegeben ist „{0}“.",
  ],
  ['arm "{}" needs `train` or `policy`', "Das Lernverfahren „{0}“ braucht `train` oder `policy`."],
  ["an arm needs `train` or `policy`", "Ein Lernverfahren braucht `train` oder `policy`."],
  [
    "`evaluate` needs at least one question, one sample and one split",
    "`evaluate` braucht mindestens eine Frage, einen Versuch und einen „split“.",
  ],
  ['arm "{}" on "{}": {error}', "Lernverfahren „{0}“, Aufgabe „{1}“: {error}"],
  ["{what}: expected one of {}, got {wanted:?}", "{what}: Es gibt {0}; angegeben ist {wanted}."],
  [
    "the record that was kept tells of {known} steps, its checkpoint of {trained}: begin the run anew",
    "Die aufbewahrte Aufzeichnung hat {known} Schritte, ihr Sicherungspunkt {trained}. Das Training von vorn beginnen.",
  ],
  [
    "the record that was kept is not of {id} of this plan: begin it anew",
    "Die aufbewahrte Aufzeichnung gehört nicht zu {id} dieses Plans. Von vorn beginnen.",
  ],
  ["no run of an experiment was started; call startArm first", "Noch läuft kein Training eines Experiments."],
  ["no training run was started; call startTraining first", "Noch läuft kein Training."],
  ["missing; this is no checkpoint of a run", "Dieser Eintrag fehlt; das ist kein Sicherungspunkt eines Trainings."],
  ["holds NaN or infinite numbers", "Darin stehen Werte, die keine endlichen Zahlen sind."],
  ["the run pauses. {message}", "Das Training hält an. {message}"],
];

/** The second lab: own catalogues, settings, what a GPU takes. */
export const semantic: readonly Said[] = [
  ["{file}, line {line}: {what}", "{file}, Zeile {line}: {what}"],
  [
    "expected a name and 1 to {MAX_DIM} numbers, got {width} numbers",
    "Erwartet werden ein Name und 1 bis {MAX_DIM} Zahlen, es sind {width}.",
  ],
  [
    "expected {dim} numbers as in the first line, got {width}",
    "Erwartet werden {dim} Zahlen wie in der ersten Zeile, es sind {width}.",
  ],
  ["the item {name:?} stands in line {first} already", "Der Artikel {name} steht schon in Zeile {first}."],
  [
    "item {name:?}: expected a finite number, got {cell:?}",
    "Artikel {name}: Erwartet wird eine endliche Zahl, dort steht {cell}.",
  ],
  [
    "{FILE}: expected 2 to {MAX_ITEMS} items, got {}",
    "{FILE}: Erwartet werden 2 bis {MAX_ITEMS} Artikel, es sind {0}.",
  ],
  ["expected user,item,time; got {} cells", "Erwartet wird user,item,time; die Zeile hat {0} Felder."],
  [
    "the item {item:?} has no vector in the file of items",
    "Der Artikel {item} hat in der Datei der Artikel keinen Vektor.",
  ],
  ["time: expected a number, got {time:?}", "time: Erwartet wird eine Zahl, dort steht {time}."],
  [
    "{FILE}: user {user:?} has {}; expected at least {SHORTEST}, one each to train on, to validate and to test: leave such users out",
    "{FILE}: Nutzer {user} hat {0} Interaktionen, nötig sind {SHORTEST}: je eine zum Trainieren, zum Validieren und zum Testen. Solche Nutzer weglassen.",
  ],
  [
    "{FILE}: expected a header and lines below it, got no interaction",
    "{FILE}: Erwartet werden eine Kopfzeile und Zeilen darunter; es gibt keine Interaktion.",
  ],
  [
    "every user has three interactions, so nothing is left to train on; expected users with four or more",
    "Jeder Nutzer hat drei Interaktionen, zum Trainieren bleibt also nichts. Nötig sind Nutzer mit vier oder mehr.",
  ],
  [
    "codes: expected 2 to 1024 a level, got {codes}: with one code all items are written alike",
    "codes: Erwartet werden 2 bis 1024 je Ebene, angegeben sind {codes}: Mit einem Code werden alle Artikel gleich geschrieben.",
  ],
  [
    "codes: expected 2 to 1024 a level, got {codes}",
    "codes: Erwartet werden 2 bis 1024 je Ebene, angegeben sind {codes}.",
  ],
  [
    "codes: expected at most one an item ({items}), got {codes}",
    "codes: Erwartet wird höchstens einer je Artikel ({items}), angegeben sind {codes}.",
  ],
  [
    "levels: expected 1 to {most} for {items} items ({bits} bits tell them apart), got {levels}",
    "levels: Erwartet werden 1 bis {most} für {items} Artikel ({bits} Bits unterscheiden sie), angegeben sind {levels}.",
  ],
  [
    "sinkhorn_epsilon: expected 0 (nearest code) or 0.0001 to 10, got {epsilon}",
    "sinkhorn_epsilon: Erwartet wird 0 (der nächste Code) oder 0.0001 bis 10, angegeben ist {epsilon}.",
  ],
  [
    "hidden_size: expected a multiple of 8 from 8 to 512, got {size}",
    "hidden_size: Erwartet wird ein Vielfaches von 8 zwischen 8 und 512, angegeben ist {size}.",
  ],
  ["arm: expected one of {names}; got {other:?}", "Als Variante gibt es {names}; angegeben ist {other}."],
  [
    "{name}: expected {low} to {high}, got {value}",
    "{name}: Erwartet wird ein Wert von {low} bis {high}, angegeben ist {value}.",
  ],
  [
    "suffixes: {most} items share all their codes and {} suffixes tell apart no more; take more levels or codes, or suffixes={most}",
    "suffixes: {most} Artikel haben lauter gleiche Codes, und {0} Endungen unterscheiden nicht mehr. Mehr Ebenen oder Codes nehmen, oder suffixes={most}.",
  ],
  [
    "update {} of epoch {}: the loss or its gradient is not a number (L_gen {}); a smaller learning_rate or codebook_learning_rate helps",
    "Update {0} der Epoche {1}: Der Verlust oder sein Gradient ist keine Zahl (L_gen {2}). Eine kleinere Lernrate des Empfehlers oder des Codebuchs hilft.",
  ],
  [
    "batch_size: {questions} questions of {time} positions are more than the GPU engine learns from at once ({most} positions); take batch_size={} or less, or the CPU engine",
    "batch_size: {questions} Fragen von {time} Positionen sind mehr, als auf der GPU zugleich gelernt wird ({most} Positionen). Höchstens batch_size={0} oder die CPU nehmen.",
  ],
  [
    "the GPU engine takes batches of up to {} different items with {} codes; {} may come: take a smaller batch_size or max_history, or the CPU engine",
    "Auf der GPU haben Stapel mit {1} Codes höchstens {0} verschiedene Artikel; {2} könnten kommen. Eine kleinere batch_size oder max_history oder die CPU nehmen.",
  ],
];
