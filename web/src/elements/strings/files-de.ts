// What the engine and the package say of what is fetched and kept and of weight files, in German. `sentences.ts` says how these are read.

import type { Said } from "../sentences.js";

/** What is fetched and what is kept. */
export const fetched: readonly Said[] = [
  [
    "${name} broke off ${came} (${why}), and ${tries} tries to go on failed; check the network and try again",
    "{name} brach {came} ab ({why}), und {tries} Versuche weiterzumachen schlugen fehl. Das Netz prüfen, dann noch einmal versuchen.",
  ],
  ["after ${loaded} of ${total} bytes", "nach {loaded} von {total} Byte"],
  ["after ${loaded} bytes", "nach {loaded} Byte"],
  ["the file may have changed meanwhile", "die Datei hat sich vielleicht inzwischen geändert"],
  ["the answer ended early", "die Antwort endete zu früh"],
  [
    "${name} answered with a web page instead of a file: the address is wrong, or the network wants a sign-in first; open the address in a tab of its own to see which, then try again",
    "{name} antwortet mit einer Webseite statt mit einer Datei: Die Adresse ist falsch, oder das Netz verlangt erst eine Anmeldung. Die Adresse in einem eigenen Tab öffnen und nachsehen, dann noch einmal versuchen.",
  ],
  [
    "${name} answered ${status} ${statusText}; check the address",
    "{name} antwortet mit {status} {statusText}. Die Adresse prüfen.",
  ],
  [
    "${address} is not the file it should be (expected ${integrity}, came ${found} of ${length} bytes): the site is being updated, or something on the way changed the file; try again in a minute",
    "{address} ist nicht die Datei, die sie sein soll (erwartet {integrity}, gekommen {found} mit {length} Byte). Die Website wird gerade erneuert, oder unterwegs hat etwas die Datei verändert. In einer Minute noch einmal versuchen.",
  ],
  [
    "A file kept in this browser was damaged. It was dropped and fetched anew.",
    "Eine in diesem Browser aufbewahrte Datei war beschädigt. Sie wurde verworfen und neu geladen.",
  ],
  [
    "This browser keeps no files for this page (${message}), so what is fetched is not kept: all works, and is fetched anew at the next visit. Private windows and blocked storage do that.",
    "Dieser Browser bewahrt für diese Seite keine Dateien auf ({message}). Alles läuft trotzdem und wird beim nächsten Besuch neu geladen. Private Fenster und gesperrter Speicher bewirken das.",
  ],
  [
    "This browser keeps no files for this page (${asked}).",
    "Dieser Browser bewahrt für diese Seite keine Dateien auf ({asked}).",
  ],
  [
    "There is no room left for this page in this browser, so what is fetched is not kept: all works, and is fetched anew at the next visit. Free some disk space to change that.",
    "Für diese Seite ist in diesem Browser kein Platz mehr, Geladenes wird deshalb nicht aufbewahrt. Alles läuft trotzdem und wird beim nächsten Besuch neu geladen. Freier Speicherplatz ändert das.",
  ],
  [
    "The browser did not say within ${seconds} seconds whether it keeps files.",
    "Der Browser hat {seconds} Sekunden lang nicht gesagt, ob er Dateien aufbewahrt.",
  ],
  ["it did not come by https", "sie kam nicht über https"],
  ["not all was written", "nicht alles wurde geschrieben"],
  [
    "${name} has ${bytes} bytes, more than the ${most} this lab reads; choose a smaller model",
    "{name} hat {bytes} Byte, mehr als die {most}, die dieses Labor liest. Ein kleineres Modell wählen.",
  ],
];

/** A weight file that cannot be read. */
export const weights: readonly Said[] = [
  ["the weight file is not usable: `{field}`: {message}", "An der Stelle `{field}`: {message}"],
  [
    "expected a GGUF or safetensors file, found neither",
    "Erwartet wird eine Datei im Format GGUF oder safetensors; das ist keines von beiden.",
  ],
  [
    "a safetensors file alone needs its config.json as this metadata entry; give config.json beside it instead",
    "Eine safetensors-Datei allein braucht ihre config.json als Eintrag in den Metadaten. Dateien, die dieses Labor speichert, haben ihn.",
  ],
  [
    "the file ends early: {length} bytes needed, {} left",
    "Die Datei endet zu früh: {length} Byte werden gebraucht, {0} sind noch da.",
  ],
  ["the file ends early", "Die Datei endet zu früh."],
  ["{length} bytes needed, {left} read so far", "{length} Byte werden gebraucht, {left} sind gelesen."],
  ["the tensors take {end} bytes but the file holds {}", "Die Tensoren brauchen {end} Byte, die Datei hat aber {0}."],
  [
    "{size} bytes at offset {offset} do not fit the {data} bytes of data",
    "{size} Byte ab Stelle {offset} passen nicht in die {data} Byte Daten: Die Datei ist abgeschnitten oder beschädigt.",
  ],
  ["the tensor is missing from the file", "Dieser Tensor fehlt in der Datei."],
  ["no such tensor in a `{}` model", "Ein Modell der Art `{0}` hat keinen solchen Tensor."],
  ["the key is missing", "Dieser Eintrag fehlt."],
  ["the key comes twice", "Dieser Eintrag steht zweimal da."],
  ["the tensor comes twice", "Dieser Tensor steht zweimal da."],
  ["not valid JSON: {e}", "Das ist kein gültiges JSON. {e}"],
  ["expected 2 or 3, found {version}", "Erwartet wird die Version 2 oder 3, gefunden ist {version}."],
  [
    "expected `llama` or `qwen2`, found `{shown}`",
    "Erwartet wird ein Modell der Art `llama` oder `qwen2`; dieses ist `{shown}`.",
  ],
  ["expected shape {expected:?}, found {shown:?}", "Erwartet wird die Form {expected}, gefunden ist {shown}."],
  ["element {at}: expected a finite number, found {}", "Element {at} ist keine endliche Zahl, sondern {0}."],
  ["the model has {rows} tokens, its tokenizer {words}", "Das Modell hat {rows} Token, sein Tokenizer {words}."],
  ["expected at most {most} bytes, found {length}", "Erwartet werden höchstens {most} Byte, angegeben sind {length}."],
  [
    "the tokenizer.json is not usable: {message}; load one that this lab has written",
    "Die tokenizer.json ist nicht zu gebrauchen: {message}. Eine Datei laden, die dieses Labor geschrieben hat.",
  ],
  ["the vocabulary lacks the mark `{name}`", "Dem Vokabular fehlt die Marke `{name}`"],
  ["expected {expected}, found {found}", "Erwartet wird {expected}, gefunden ist {found}."],
];

/** What the sources put together from pieces. */
export const assembled: readonly Said[] = [
  [
    "Browsers hide WebGPU from pages that come over plain http, as this one does from ${address}.",
    "Browser verbergen WebGPU vor Seiten, die über einfaches http kommen, wie diese von {address}.",
  ],
  [
    "Browsers hide WebGPU from pages that come over plain http.",
    "Browser verbergen WebGPU vor Seiten, die über einfaches http kommen.",
  ],
  [
    "The GPU here is imitated by the processor (${name}): the CPU engine will usually be faster. A driver for the real GPU, if there is one, changes that.",
    "Die GPU wird hier vom Prozessor nachgeahmt ({name}): Meist ist die CPU schneller. Ein Treiber für die echte GPU, falls es eine gibt, ändert das.",
  ],
  [
    "The GPU here is imitated by the processor: the CPU engine will usually be faster. A driver for the real GPU, if there is one, changes that.",
    "Die GPU wird hier vom Prozessor nachgeahmt: Meist ist die CPU schneller. Ein Treiber für die echte GPU, falls es eine gibt, ändert das.",
  ],
  [
    "Open this page by https, or on the machine that serves it by http://localhost.",
    "Diese Seite über https öffnen, oder auf dem Rechner, der sie ausliefert, über http://localhost.",
  ],
  [
    "Open this page by https, or on the machine that serves it by http://localhost, instead of ${address}.",
    "Diese Seite über https öffnen, oder auf dem Rechner, der sie ausliefert, über http://localhost, statt über {address}.",
  ],
  [
    "could not fetch ${name}: ${thrown}; this machine is offline: connect it, then try again",
    "{name} ließ sich nicht laden: Dieser Rechner ist ohne Netz. Verbinden, dann noch einmal versuchen.",
  ],
  [
    "could not fetch ${name}: ${thrown}; check the address and the network, then try again",
    "{name} ließ sich nicht laden ({thrown}). Adresse und Netz prüfen, dann noch einmal versuchen.",
  ],
  ["the weight file is not usable: `magic`: {message}", "{message}"],
  [
    "the question must have 1 to {most} characters, it has {length}",
    "Die Frage muss 1 bis {most} Zeichen haben, sie hat {length}.",
  ],
  [
    "the answer must have 1 to {most} characters, it has {length}",
    "Die Antwort muss 1 bis {most} Zeichen haben, sie hat {length}.",
  ],
  [
    "this site's Content-Security-Policy forbids to make functions out of text, so a grader of one's own cannot be used here: take the exact or the numeric grader, or let the policy allow 'unsafe-eval' for soft-thinking-lab.worker.js",
    "Die Content-Security-Policy dieser Website verbietet es, aus Text Funktionen zu machen, deshalb geht eine eigene Bewertung hier nicht. Stattdessen „genau“ oder „als Zahl“ nehmen, oder in der Policy 'unsafe-eval' für soft-thinking-lab.worker.js erlauben.",
  ],
];
