// What the engine says of settings, questions and files that it cannot use, in German. `sentences.ts` says how these are read. Files: files-de.ts.

import type { Said } from "../sentences.js";

/** Of a way to think and of training. */
export const settings: readonly Said[] = [
  [
    "there is no setting `{key}`; did you mean `{known}`?",
    "Eine Einstellung `{key}` gibt es nicht. Gemeint ist vielleicht `{known}`.",
  ],
  [
    'there is no preset "{name}"; did you mean "{known}"?',
    "Eine Voreinstellung „{name}“ gibt es nicht. Gemeint ist vielleicht „{known}“.",
  ],
  [
    "`{prefix}top_k` must be 0 (all) to {vocabulary}, the vocabulary; got {top_k}",
    "`{prefix}top_k` muss zwischen 0 (alle) und {vocabulary} liegen, der Größe des Vokabulars. Angegeben ist {top_k}.",
  ],
  ["`maxSteps` must be at least 1; got 0", "`maxSteps` muss mindestens 1 sein, angegeben ist 0."],
  ['`noise_before_top_k` needs `noise` "dirichlet"', '`noise_before_top_k` geht nur mit `noise` "dirichlet".'],
  [
    "`soft_punish_cache` ({cache}) must be below `max_completion_length` ({length}), or every completion is punished; DAPO takes a fifth of it",
    "`soft_punish_cache` ({cache}) muss kleiner als `max_completion_length` ({length}) sein, sonst wird jeder Versuch bestraft. DAPO nimmt ein Fünftel davon.",
  ],
  [
    "`pause_length` ({pause}) and `</think>` leave no room for an answer in `max_completion_length` ({length}); shorten the one or lengthen the other",
    "`pause_length` ({pause}) und `</think>` lassen in `max_completion_length` ({length}) keinen Platz für eine Antwort. Das eine kleiner oder das andere größer machen.",
  ],
  [
    "`max_thought_length` ({thought}) must not exceed `max_completion_length` ({length})",
    "`max_thought_length` ({thought}) darf nicht größer als `max_completion_length` ({length}) sein.",
  ],
  [
    "`generation_batch_size` ({batch}) must be a multiple of `num_generations` ({size})",
    "`generation_batch_size` ({batch}) muss ein Vielfaches von `num_generations` ({size}) sein.",
  ],
  [
    "`steps_per_generation` ({parts}) must not exceed the questions of a step ({groups}): groups are not split",
    "`steps_per_generation` ({parts}) darf nicht größer sein als die Zahl der Fragen eines Schritts ({groups}): Gruppen werden nicht geteilt.",
  ],
  [
    '`num_generations` 1 leaves nothing to compare a completion with; use at least 2, or `baseline` "none"',
    'Bei `num_generations` 1 gibt es nichts, womit ein Versuch verglichen werden könnte. Mindestens 2 nehmen oder `baseline` "none".',
  ],
  [
    '`num_generations` 1 has no standard deviation; use at least 2, or `scale_rewards` "batch" or "none"',
    'Bei `num_generations` 1 gibt es keine Standardabweichung. Mindestens 2 nehmen oder `scale_rewards` "batch" oder "none".',
  ],
  [
    "`dynamic_sampling` waits for groups whose rewards differ, and with `num_generations` 1 none ever do; use at least 2, or switch it off",
    "`dynamic_sampling` wartet auf Gruppen mit verschiedenen Rewards, und bei `num_generations` 1 gibt es keine. Mindestens 2 nehmen oder es abschalten.",
  ],
  [
    "`{key}` has no meaning for objective {own}; remove it or use {others}",
    "`{key}` bedeutet bei der Methode {own} nichts. Das Feld leeren oder {others} nehmen.",
  ],
  [
    '`published_rebuild` changes nothing for Gumbel noise; set `noise` to "dirichlet" or "gaussian", or remove it',
    '`published_rebuild` ändert bei Gumbel-Rauschen nichts. `noise` auf "dirichlet" oder "gaussian" setzen oder das Feld leeren.',
  ],
  [
    '`{key}` belongs to Gumbel noise; remove it (null) or set `noise` to "gumbel"',
    '`{key}` gehört zum Gumbel-Rauschen. Herausnehmen (null) oder `noise` auf "gumbel" setzen.',
  ],
  [
    "`temperature` 0 makes all completions of a group equal; use at least 0.01",
    "Mit `temperature` 0 sind alle Versuche einer Gruppe gleich. Mindestens 0.01 nehmen.",
  ],
  [
    "`answer_temperature` 0 takes the likeliest token, which is no draw to learn from; use at least 0.01",
    "Mit `answer_temperature` 0 wird immer das wahrscheinlichste Token genommen, und daraus lässt sich nichts lernen. Mindestens 0.01 nehmen.",
  ],
  [
    "`embedding_noise` 0 leaves nothing whose density could be learned from; the paper has 0.33",
    "Mit `embedding_noise` 0 bleibt nichts, aus dessen Dichte sich lernen ließe. Die Arbeit nimmt 0.33.",
  ],
  [
    "with `log_epsilon` above 0, candidates that truncation cut come back with noise near −14, whose unclamped density explodes; set `log_epsilon` to 0, or `noise_clamp` or `density_mask` to true, or `top_p` to 1 and `min_p` to 0",
    "Mit `log_epsilon` über 0 kommen entfernte Kandidaten mit einem Rauschen um −14 zurück, dessen unbeschränkte Dichte explodiert. `log_epsilon` auf 0 setzen, oder `noise_clamp` oder `density_mask` auf true, oder `top_p` auf 1 und `min_p` auf 0.",
  ],
  [
    '`dual_clip` bounds a ratio, and `surrogate` "score_function" has none; set `dual_clip` to null',
    '`dual_clip` beschränkt einen Quotienten, und `surrogate` "score_function" hat keinen. `dual_clip` auf null setzen.',
  ],
  [
    '`importance_sampling_level` "sequence" is that of a ratio, and `surrogate` "score_function" has none; use `surrogate` "clipped"',
    '`importance_sampling_level` "sequence" meint einen Quotienten, und `surrogate` "score_function" hat keinen. `surrogate` "clipped" nehmen.',
  ],
  [
    "`epsilon_high` ({high}) must be at least `epsilon` ({low}); raise it, or set it to null to take `epsilon`",
    "`epsilon_high` ({high}) muss mindestens so groß wie `epsilon` ({low}) sein. Erhöhen, oder auf null setzen: dann gilt `epsilon`.",
  ],
  [
    "`sync_ref_model` moves a reference that `beta` 0 never looks at; give `beta` a value or switch it off",
    "`sync_ref_model` bewegt eine Referenz, die bei `beta` 0 niemand ansieht. `beta` einen Wert geben oder es abschalten.",
  ],
  [
    "`use_kl_in_reward` subtracts beta · KL, which `beta` 0 makes nothing; give `beta` a value (RLOO has 0.05) or switch it off",
    "`use_kl_in_reward` zieht beta · KL ab, was bei `beta` 0 nichts ist. `beta` einen Wert geben (RLOO nimmt 0.05) oder es abschalten.",
  ],
  [
    '`per_device_train_batch_size` matters to `loss_type` "bnpo" only, whose micro-batches it sizes; remove it (null)',
    '`per_device_train_batch_size` gilt nur für `loss_type` "bnpo", dessen Teilstapel es bemisst. Herausnehmen (null).',
  ],
  ["`questions` and `samples` must be at least 1", "`questions` und `samples` müssen mindestens 1 sein."],
  ["`k` must be 1 to `samples` ({}); got {k}", "`k` muss zwischen 1 und `samples` ({0}) liegen, angegeben ist {k}."],
  [
    "`questions` times `samples` must be 1 to 4096 and `probes` at most 4096; got {rows} and {probes}",
    "`questions` mal `samples` muss zwischen 1 und 4096 liegen und `probes` höchstens 4096 sein. Angegeben sind {rows} und {probes}.",
  ],
  ['policy "{kind}": {e}', "Denkweise „{kind}“: {e}"],
  ['unknown policy "{name}"; known are {}', "Eine Denkweise „{name}“ gibt es nicht. Es gibt {0}."],
  ["settings: {e}", "Einstellungen: {e}"],
  [
    "`{key}` must be {least} to {most}; got {value}. For one token a step {else_}",
    "`{key}` muss zwischen {least} und {most} liegen, angegeben ist {value}. Für ein Token je Schritt gibt es die Denkweise „discrete“.",
  ],
  [
    "`{key}` must be {least} to {most}; got {value}",
    "`{key}` muss zwischen {least} und {most} liegen, angegeben ist {value}.",
  ],
];

/** Of the character, the question or the answer that was typed. */
export const questions: readonly Said[] = [
  [
    "the character {character:?} is not in the alphabet; write with these: {allowed:?} (small letters only)",
    "Das Zeichen {character} kennt das Modell nicht. Erlaubt sind {allowed} (nur Kleinbuchstaben).",
  ],
  [
    "chain_sum: expected 2 to {} whole numbers up to {} joined by + and -, such as {:?}, whose partial sums all lie in 0 to {}, got {prompt:?}",
    "Kettenrechnung: Erwartet werden 2 bis {0} ganze Zahlen bis {1} mit + und - dazwischen, zum Beispiel {2}; jede Zwischensumme muss zwischen 0 und {3} liegen. Eingegeben wurde {prompt}.",
  ],
  [
    "number_sorting: expected 2 to {} different whole numbers from 0 to {MAX_NUMBER} with commas between, such as {:?}, got {prompt:?}",
    "Zahlen sortieren: Erwartet werden 2 bis {0} verschiedene ganze Zahlen von 0 bis {MAX_NUMBER} mit Kommas dazwischen, zum Beispiel {1}. Eingegeben wurde {prompt}.",
  ],
  [
    "reach: expected up to {} edges between the letters a to {}, the start and 2 to {CANDIDATES} candidates of which exactly one can be reached, such as {:?} (a>b|c asks whether b or c is reached from a), got {prompt:?}",
    "Erreichbarkeit: Erwartet werden bis zu {0} Wege zwischen den Buchstaben a bis {1}, der Start und 2 bis {CANDIDATES} Ziele, von denen genau eines erreichbar ist, zum Beispiel {2} (a>b|c fragt, ob von a aus b oder c erreicht wird). Eingegeben wurde {prompt}.",
  ],
  [
    "path_star: expected up to {} edges between small letters, no place entered twice, then start>goal with a path of at most {} edges to a goal that nothing leaves, such as {:?}, got {prompt:?}",
    "Pfad im Stern: Erwartet werden bis zu {0} Wege zwischen Kleinbuchstaben, wobei kein Ort zweimal betreten wird, dann Start>Ziel mit einem Pfad von höchstens {1} Wegen zu einem Ziel, von dem nichts wegführt, zum Beispiel {2}. Eingegeben wurde {prompt}.",
  ],
  [
    "countdown: expected a target up to {} and 2 to {} different numbers from {} to {} that can make it by + - and *, such as {:?}, got {prompt:?}",
    "Countdown: Erwartet werden ein Ziel bis {0} und 2 bis {1} verschiedene Zahlen von {2} bis {3}, aus denen es mit + - und * entsteht, zum Beispiel {4}. Eingegeben wurde {prompt}.",
  ],
  [
    "count_bits: expected 2 to {} zeros and ones, such as {:?}, got {prompt:?}",
    "Einsen zählen: Erwartet werden 2 bis {0} Nullen und Einsen, zum Beispiel {1}. Eingegeben wurde {prompt}.",
  ],
  [
    "spell_backward: expected 2 to {} different small letters, such as {:?}, got {prompt:?}",
    "Rückwärts buchstabieren: Erwartet werden 2 bis {0} verschiedene Kleinbuchstaben, zum Beispiel {1}. Eingegeben wurde {prompt}.",
  ],
  [
    "puzzle24: expected four whole numbers from 1 to {} that can make 24 by joining one after the other, such as {:?}, got {prompt:?}",
    "Puzzle 24: Erwartet werden vier ganze Zahlen von 1 bis {0}, aus denen nacheinander 24 entstehen kann, zum Beispiel {1}. Eingegeben wurde {prompt}.",
  ],
  [
    "mix: expected a question such as {}, got {prompt:?}",
    "Alles gemischt: Erwartet wird eine Frage wie {0}. Eingegeben wurde {prompt}.",
  ],
  [
    "word_problems: expected one of its stories, such as {example:?}, got {prompt:?}",
    "Textaufgaben: Erwartet wird eine ihrer Geschichten, zum Beispiel {example}. Eingegeben wurde {prompt}.",
  ],
  [
    "{}: expected a question of the file, such as {example:?}, got {prompt:?}",
    "{0}: Erwartet wird eine Frage aus der Datei, zum Beispiel {example}. Eingegeben wurde {prompt}.",
  ],
  ["difficulty: {name} has 1 to 1, got {level}", "Schwierigkeit: „{name}“ hat nur 1, angegeben ist {level}."],
  ["difficulty: {name} has {} to {}, got {level}", "Schwierigkeit: „{name}“ hat {0} bis {1}, angegeben ist {level}."],
  ["split: {} has no questions of the split {}", "Die Aufgabe „{0}“ hat keine Fragen der Art „{1}“."],
  [
    "split: expected train, held_out or ood, got {name:?}",
    "Als „split“ gibt es train, held_out und ood; angegeben ist {name}.",
  ],
  ["task: expected one of {}, {}, got {name:?}", "Eine Aufgabe {name} gibt es nicht. Es gibt {0}, {1}."],
  ["task: expected one of {}, got {name:?}", "Eine Aufgabe {name} gibt es nicht. Es gibt {0}."],
];

/** Of own questions. */
export const own: readonly Said[] = [
  [
    "Own questions: {train} to train on, {held_out} held out, {ood} out of distribution.",
    "Eigene Fragen: {train} zum Trainieren, {held_out} zurückgehalten, {ood} außerhalb der Verteilung.",
  ],
  [
    "task name: expected 1 to 40 small letters, digits and _, and none of {}; got {name:?}",
    "Name der Aufgabe: Erwartet werden 1 bis 40 Kleinbuchstaben, Ziffern und _, und keiner von {0}. Eingegeben wurde {name}.",
  ],
  [
    "questions: expected at most {megabytes} MiB, got {} bytes",
    "Fragen: höchstens {megabytes} MiB, es sind aber {0} Byte.",
  ],
  ["line {}: expected at most {MAX_LINES} questions", "Zeile {0}: Mehr als {MAX_LINES} Fragen gehen nicht."],
  [
    "line {}: the question of line {} again, with another answer or split",
    "Zeile {0}: noch einmal die Frage von Zeile {1}, aber mit anderer Antwort oder anderem „split“.",
  ],
  [
    "questions: expected at least one to train on and one to hold out, two in all; there are fewer",
    "Fragen: Nötig ist mindestens eine zum Trainieren und eine zurückgehaltene, zusammen zwei. Es sind weniger.",
  ],
  [
    'expected {"question": "…", "answer": "…"}, and perhaps "split": {e}',
    'Erwartet wird {"question": "…", "answer": "…"}, dazu vielleicht "split". {e}',
  ],
  [
    "the numeric grader needs a number as answer, got {expected:?}",
    "Bei der Bewertung als Zahl muss die Antwort eine Zahl sein, es steht dort aber {expected}.",
  ],
  [
    "the grader must give a number from 0 to 1 for the right answer, it gives {grade}",
    "Die Funktion muss für die richtige Antwort eine Zahl von 0 bis 1 liefern, sie liefert {grade}.",
  ],
  [
    "grader: expected ${FORM}; JavaScript cannot read it (${thrown})",
    "Funktion: Erwartet wird {FORM}; JavaScript kann sie nicht lesen ({thrown}).",
  ],
  ["grader: expected ${FORM}, got ${made}", "Funktion: Erwartet wird {FORM}, es kam {made}."],
  ["(question, expected, answer) => a number from 0 to 1", "(question, expected, answer) => eine Zahl von 0 bis 1"],
  ["${message}: the grader threw ${thrown}", "{message} Die Funktion warf {thrown}."],
  ["line {line}: {error}", "Zeile {line}: {error}"],
];

/** Of JSON and of types, by the libraries that read them. */
export const foreign: readonly Said[] = [
  ["{what} at line {line} column {column}", "{what} (Zeile {line}, Spalte {column})"],
  ["invalid type: {got}, expected {wanted}", "Erwartet wird {wanted}, angegeben ist {got}."],
  ["invalid value: {got}, expected {wanted}", "Erwartet wird {wanted}, angegeben ist {got}."],
  ["unknown variant `{got}`, expected one of {known}", "`{got}` gibt es nicht; es gibt {known}."],
  ["unknown variant `{got}`, expected {known}", "`{got}` gibt es nicht; es gibt {known}."],
  ["unknown field `{got}`, expected one of {known}", "Ein Feld `{got}` gibt es nicht; es gibt {known}."],
  ["unknown field `{got}`, expected {known}", "Ein Feld `{got}` gibt es nicht; es gibt {known}."],
  ["missing field `{field}`", "Das Feld `{field}` fehlt."],
  ["duplicate field `{field}`", "Das Feld `{field}` steht zweimal da."],
  ["expected value", "An dieser Stelle wird ein Wert erwartet."],
  ["expected ident", "Das ist kein JSON."],
  ["expected `{wanted}`", "An dieser Stelle wird `{wanted}` erwartet."],
  ["expected `{wanted}` or `{other}`", "An dieser Stelle wird `{wanted}` oder `{other}` erwartet."],
  ["key must be a string", "Ein Schlüssel muss in Anführungszeichen stehen."],
  ["trailing comma", "Am Ende steht ein Komma zu viel."],
  ["trailing characters", "Dahinter steht noch etwas."],
  ["EOF while parsing a value", "Der Text endet vor dem Wert."],
  ["EOF while parsing a string", "Ein Anführungszeichen fehlt am Ende."],
  ["EOF while parsing an object", "Eine geschweifte Klammer fehlt am Ende."],
  ["EOF while parsing a list", "Eine eckige Klammer fehlt am Ende."],
  ['string "{text}"', "der Text „{text}“"],
  ["integer `{number}`", "die Zahl {number}"],
  ["floating point `{number}`", "die Zahl {number}"],
  ["boolean `{truth}`", "{truth}"],
  ["f64", "eine Zahl"],
  ["f32", "eine Zahl"],
  ["usize", "eine ganze Zahl ab 0"],
  ["u32", "eine ganze Zahl ab 0"],
  ["u64", "eine ganze Zahl ab 0"],
  ["a string", "ein Text"],
  ["a boolean", "true oder false"],
];
