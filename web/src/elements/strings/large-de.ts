// What the engine and the package say of language models, in German: their files and folders, the plan of the memory, their words, their
// adapters. `sentences.ts` says how these are read.

import type { Said } from "../sentences.js";

/** Where such a model comes from, and what it takes. */
export const large: readonly Said[] = [
  [
    "this model needs {total} MiB and {limit} are there: {weights} for its weights, {cache} for {} × {} positions, {scratch} to compute with; take a smaller model, fewer bits a weight, or a shorter context",
    "Dieses Modell braucht {total} MiB, vorhanden sind {limit}: {weights} für die Gewichte, {cache} für {0} × {1} Positionen, {scratch} zum Rechnen. Ein kleineres Modell, weniger Bits je Gewicht oder kürzere Texte nehmen.",
  ],
  [
    "a row must have 1 to {most} positions; {rows} × {context} were asked for",
    "Das Modell hat 1 bis {most} Positionen; verlangt sind {rows} × {context}.",
  ],
  [
    "{count} parameters are more than fit here unpacked; take a smaller model",
    "{count} Parameter sind mehr, als hier ungepackt Platz haben. Ein kleineres Modell nehmen.",
  ],
  [
    "a buffer of {} MiB is needed, but {adapter} allows {} MiB; take a smaller preset, fewer rollouts or shorter ones{}",
    "Nötig ist ein Puffer von {0} MiB, aber {adapter} erlaubt {1} MiB. Ein kleineres Modell oder weniger oder kürzere Versuche nehmen.",
  ],
  [
    "{error}. A language model is not kept a second time: load its file again",
    "{error} Ein Sprachmodell wird nicht zweimal aufbewahrt: Seine Datei noch einmal laden.",
  ],
  [
    "expected the GGUF file of a language model; the lab's own models and safetensors are read by loadModel()",
    "Erwartet wird die GGUF-Datei eines Sprachmodells. Die Modelle des Labors und safetensors-Dateien öffnet „Modelldatei öffnen“.",
  ],
  [
    "${address} cannot be read from where it is (${why}), and this browser keeps no file of ${size} bytes for this page; download it and open it from disk",
    "{address} lässt sich nicht dort lesen, wo es liegt ({why}), und dieser Browser bewahrt für diese Seite keine Datei von {size} Byte auf. Die Datei herunterladen und von der Festplatte öffnen.",
  ],
  ["only a whole file can be checked", "nur eine ganze Datei lässt sich prüfen"],
  ["its server sends no parts of files", "der Server schickt keine Teile von Dateien"],
  [
    "${address} does not say how long the file is, so no plan can be made; download it and open it from disk",
    "{address} sagt nicht, wie lang die Datei ist, darum ist kein Plan möglich. Die Datei herunterladen und von der Festplatte öffnen.",
  ],
  [
    "${address} changed while it was fetched; try again",
    "{address} hat sich beim Laden geändert. Noch einmal versuchen.",
  ],
  [
    "${address} changed while it was read, or sends no parts any more; try again",
    "{address} hat sich beim Lesen geändert oder schickt keine Teile mehr. Noch einmal versuchen.",
  ],
  [
    "${address} sent ${came} bytes of ${asked}; try again",
    "{address} schickte {came} von {asked} Byte. Noch einmal versuchen.",
  ],
  [
    "${name} is not the file it should be: expected ${wanted}, it is ${found}",
    "{name} ist nicht die Datei, die sie sein soll: Erwartet wird {wanted}, sie ist {found}.",
  ],
  [
    "A model kept in this browser was damaged. It was dropped and is fetched anew.",
    "Ein in diesem Browser aufbewahrtes Modell war beschädigt. Es wurde verworfen und wird neu geladen.",
  ],
  [
    "the file can no longer be read (${why}): it was moved or changed; choose it again",
    "Die Datei lässt sich nicht mehr lesen ({why}): Sie wurde verschoben oder geändert. Noch einmal wählen.",
  ],
  [
    "could not fetch ${href}, which writes prompts for language models: ${why}; try again",
    "Der Teil des Labors, der Sprachmodellen ihre Fragen schreibt, ließ sich nicht laden ({why}). Noch einmal versuchen.",
  ],
  [
    "${name}: expected at most ${LONGEST} bytes of text, found ${size}",
    "{name}: Erwartet werden höchstens {LONGEST} Byte Text, es sind {size}.",
  ],
  [
    "a model's folder must have config.json, tokenizer.json and .safetensors files; ${what} is missing among ${found}",
    "Der Ordner eines Modells hat config.json, tokenizer.json und Dateien .safetensors. Hier fehlt {what}; gefunden: {found}.",
  ],
  ["a .safetensors file", "eine Datei .safetensors"],
];

/** What is wrong inside its file. The place in it is said around these. */
export const inside: readonly Said[] = [
  [
    "the file ends early: {length} bytes needed from byte {from} on",
    "Die Datei endet zu früh: Ab Byte {from} werden {length} Byte gebraucht.",
  ],
  ["the tensor is in two files", "Dieser Tensor steht in zwei Dateien."],
  ["the tensor is missing from the files", "Dieser Tensor fehlt in den Dateien."],
  [
    "no such tensor in a `{family}` model of this lab",
    "Ein Modell der Art `{family}` hat in diesem Labor keinen solchen Tensor.",
  ],
  [
    "expected `gpt2`, byte-level BPE, which Llama 3, Qwen2 and SmolLM have, or `llama`, SentencePiece's, which Llama 2 has; found `{found}`",
    "Erwartet wird `gpt2` (BPE über Bytes, wie bei Llama 3, Qwen2 und SmolLM) oder `llama` (SentencePiece, wie bei Llama 2); gefunden ist `{found}`.",
  ],
  [
    "the model has {rows} tokens, the list {found}: they do not belong together",
    "Das Modell hat {rows} Token, die Liste {found}: Sie gehören nicht zusammen.",
  ],
  [
    "type: expected {}, found ggml type {id}",
    "Die Gewichte sind auf eine Art gepackt (ggml-Typ {id}), die dieses Labor nicht liest. Es liest {0}.",
  ],
  [
    "dtype: expected F32, F16 or BF16, found `{}`",
    "Die Zahlen sind von der Art `{0}`; dieses Labor liest F32, F16 und BF16.",
  ],
  [
    "dtype: expected F32, F16, BF16 or F64, found `{}`",
    "Die Zahlen sind von der Art `{0}`; dieses Labor liest F32, F16, BF16 und F64.",
  ],
  [
    "rows of {} values do not divide into {} blocks",
    "Zeilen von {0} Werten lassen sich nicht in Blöcke der Art {1} teilen.",
  ],
  [
    "unsupported: give the model as F32, F16, BF16 or GGUF",
    "Das liest dieses Labor nicht. Das Modell als F32, F16, BF16 oder GGUF nehmen.",
  ],
  [
    "unsupported: every layer must be `full_attention`",
    "Das rechnet dieses Labor nicht: Jede Schicht muss `full_attention` haben.",
  ],
  [
    "unsupported: expected `silu`, found `{activation}`",
    "Das rechnet dieses Labor nicht: Erwartet wird `silu`, gefunden ist `{activation}`.",
  ],
  ["the key is missing: no text would end", "Dieser Eintrag fehlt: Kein Text würde enden."],
  ["expected one of {SPLITTINGS}; found `{found}`", "Erwartet wird eines von {SPLITTINGS}; gefunden ist `{found}`."],
  [
    "the model's file has no chat template; give one in Jinja ({ANOTHER}), `{{ messages[0].content }}` for a model that only continues text",
    "Die Datei des Modells hat keine Chat-Vorlage. Eine in Jinja angeben ({ANOTHER}); für ein Modell, das Text nur fortsetzt, `{{ messages[0].content }}`.",
  ],
  [
    "the model's chat template is not usable: {what}; give another one ({ANOTHER})",
    "Die Chat-Vorlage des Modells ist nicht zu gebrauchen: {what}. Eine andere angeben ({ANOTHER}).",
  ],
  ["the prompt it makes does not hold the question", "Was sie schreibt, enthält die Frage nicht"],
];

/** Learning beside frozen weights. */
export const adapters: readonly Said[] = [
  [
    "adapters go with a language model's file (GGUF); this model learns as a whole",
    "Adapter gehören zur Datei (GGUF) eines Sprachmodells; dieses Modell lernt als Ganzes.",
  ],
  [
    "`lora_r`, `lora_alpha` and `lora_target_modules` are a language model's; this model learns as a whole: remove them",
    "`lora_r`, `lora_alpha` und `lora_target_modules` gelten für Sprachmodelle; dieses Modell lernt als Ganzes. Die Felder leeren.",
  ],
  [
    "this model has no adapter; train a language model, or load an adapter, first",
    "Dieses Modell hat keinen Adapter. Zuerst ein Sprachmodell trainieren oder einen Adapter laden.",
  ],
  [
    "the run is that of another language model's adapter: load that model first",
    "Dieses Training gehört zum Adapter eines anderen Sprachmodells. Zuerst jenes Modell laden.",
  ],
  [
    "this is the run of a language model's adapter: load that model first",
    "Dieses Training gehört zum Adapter eines Sprachmodells. Zuerst jenes Modell laden.",
  ],
  ["`lora_r` must be 1 to 256; got {r}", "`lora_r` muss zwischen 1 und 256 liegen, angegeben ist {r}."],
  [
    "`lora_alpha` must be above 0 and at most 10000; got {lora_alpha}",
    "`lora_alpha` muss über 0 und höchstens 10000 sein, angegeben ist {lora_alpha}.",
  ],
  [
    "`lora_target_modules`: expected some of {names}; found `{name}`",
    "Für `lora_target_modules` gibt es {names}; angegeben ist `{name}`.",
  ],
  [
    "`lora_target_modules` must name at least one matrix; `q_proj` for instance",
    "`lora_target_modules` muss mindestens eine Matrix nennen, zum Beispiel `q_proj`.",
  ],
  [
    '`objective` "soft_tokens" needs the embedding table unpacked, which a language model\'s is not; use "soft_grpo", "grpo" or "multiplex"',
    "Die Methode „soft_tokens“ braucht die Embeddings ungepackt, und die eines Sprachmodells sind gepackt. „soft_grpo“, „grpo“ oder „multiplex“ nehmen.",
  ],
  [
    "`input_gradient` reaches the embedding table, which is frozen beside an adapter; switch it off",
    "`input_gradient` reicht bis zu den Embeddings, die neben einem Adapter eingefroren sind. Abschalten.",
  ],
  [
    "soft and fuzzy tokens need all parameters, and of this model only an adapter's are at hand",
    "Soft und Fuzzy Tokens brauchen alle Gewichte, und von diesem Modell sind nur die eines Adapters da. Eine andere Methode nehmen.",
  ],
  [
    "a prompt of {length} tokens and {room} more do not fit the model's {most} positions; ask for fewer steps",
    "Eine Frage von {length} Token und {room} weitere passen nicht in die {most} Positionen des Modells. Einen kürzeren Gedanken verlangen.",
  ],
  [
    "sequences of {time} positions are too long to learn from on a software adapter; take shorter ones or the CPU engine",
    "Aus Folgen von {time} Positionen kann eine vom Prozessor gespielte GPU nicht lernen. Kürzere oder die CPU nehmen.",
  ],
];
