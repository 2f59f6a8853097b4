// What the engine and the package say of the machine and of what becomes of the GPU and of a run, in German. `sentences.ts` says how these are read.

import type { Said } from "../sentences.js";

/** What computes, why, and what a GPU leaves to the processor. */
export const machine: readonly Said[] = [
  ["chosen when a model is loaded", "gewählt, sobald ein Modell geladen ist"],
  ["The CPU engine was asked for.", "Die CPU wurde so gewählt."],
  ["The GPU engine was asked for.", "Die GPU wurde so gewählt."],
  ["This build has no GPU engine.", "Diese Fassung hat keine GPU-Engine."],
  ["The CPU computes, because {error}.", "Die CPU rechnet. {error}"],
  [
    "The CPU is faster here: about {cpu_ms:.0} ms an update, {gpu_ms:.0} ms or more on {adapter}.",
    "Die CPU ist hier schneller: etwa {cpu_ms} ms je Update, {gpu_ms} ms oder mehr auf {adapter}.",
  ],
  [
    "The GPU is faster here: about {gpu_ms:.0} ms an update, {cpu_ms:.0} ms on the CPU.",
    "Die GPU ist hier schneller: etwa {gpu_ms} ms je Update, {cpu_ms} ms auf der CPU.",
  ],
  ["The GPU was lost; the CPU goes on.", "Die GPU ging verloren; die CPU macht weiter."],
  ["The GPU was lost and opened anew.", "Die GPU ging verloren und wurde neu geöffnet."],
  [
    "Grading, rewards and advantages: text, and a few numbers a group.",
    "Noten, Rewards und Advantages: Text, und wenige Zahlen je Gruppe.",
  ],
  [
    "The loss of an update (ratios, clips, KL, entropy bonus): each formula stands once, in math/; the GPU sends each log density and gets its slope back.",
    "Der Verlust eines Updates (Quotienten, Clipping, KL, Entropie-Bonus): Jede Formel steht nur einmal da; die GPU schickt jede Log-Dichte und bekommt ihre Ableitung zurück.",
  ],
  [
    "The words shown of each step (noise and weights of a blend): made again from the few numbers the GPU records, by the same draws.",
    "Was von jedem Schritt gezeigt wird (Rauschen und Gewichte einer Mischung): neu berechnet aus den wenigen Zahlen, die die GPU festhält, mit denselben Ziehungen.",
  ],
  [
    "Pause tokens: a step that decides nothing is put there by the processor.",
    "Pausentoken: Einen Schritt, der nichts entscheidet, setzt der Prozessor ein.",
  ],
  [
    "Soft Tokens over weights that stay packed: a mean embedding is a product with the flat table, so the processor takes these steps.",
    "Soft Tokens mit gepackten Gewichten: Ein mittleres Embedding ist ein Produkt mit der ganzen Tabelle, diese Schritte macht deshalb der Prozessor.",
  ],
  [
    "{reason} A language model keeps its weights packed; an adapter may learn beside them.",
    "{reason} Ein Sprachmodell behält seine Gewichte gepackt; ein Adapter kann daneben lernen.",
  ],
  [
    "The CPU computes: {} is a processor too, and slower at this.",
    "Die CPU rechnet: {0} ist auch ein Prozessor und hierbei langsamer.",
  ],
  ["There is a GPU here.", "Hier gibt es eine GPU."],
  [
    "The words: texts are put together and taken apart by the processor.",
    "Die Wörter: Texte setzt der Prozessor zusammen und nimmt sie auseinander.",
  ],
  [
    "Policies whose steps no kernel makes over a large vocabulary (pauses, vectors, noise drawn before the cut, a top-k above 64), and thoughts that end only where several tokens in a row spell the mark: there the processor decides each step, and reads logits.",
    "Arten zu denken, deren Schritte kein Kernel über einem großen Wortschatz macht (Pausen, Vektoren, Rauschen vor dem Schnitt, ein top-k über 64), und Gedanken, die erst enden, wo mehrere Token hintereinander die Marke buchstabieren: Dort entscheidet der Prozessor jeden Schritt und liest Logits.",
  ],
  ["This browser does not offer WebGPU.", "Dieser Browser bietet kein WebGPU."],
  [
    "This browser knows WebGPU but offers no GPU for it: the driver is missing, too old, or on the browser's block list.",
    "Dieser Browser kennt WebGPU, bietet dafür aber keine GPU: Der Treiber fehlt, ist zu alt oder steht auf der Sperrliste des Browsers.",
  ],
  [
    "The browser did not name a GPU within ${seconds} seconds of being asked.",
    "Der Browser hat auf die Frage nach einer GPU {seconds} Sekunden lang nicht geantwortet.",
  ],
  ["Asking the browser for a GPU failed: ${why}.", "Die Frage nach einer GPU ist im Browser gescheitert: {why}."],
  [
    "This browser lacks WebAssembly SIMD, which the engine needs: update it to one of the last three years.",
    "Diesem Browser fehlt WebAssembly-SIMD, das die Engine braucht: eine Fassung der letzten drei Jahre nehmen.",
  ],
  [
    "In Firefox, open about:config, set dom.webgpu.enabled to true, and reload this page.",
    "In Firefox about:config öffnen, dom.webgpu.enabled auf true setzen und diese Seite neu laden.",
  ],
  [
    "If that is on already, install a Vulkan driver (mesa-vulkan-drivers on Debian and Ubuntu) and set gfx.webgpu.ignore-blocklist to true.",
    "Ist das schon an, einen Vulkan-Treiber einrichten (mesa-vulkan-drivers unter Debian und Ubuntu) und gfx.webgpu.ignore-blocklist auf true setzen.",
  ],
  [
    "Or update Firefox: since version 141 on Windows and 145 on macOS WebGPU is on by itself.",
    "Oder Firefox aktualisieren: Ab Version 141 unter Windows und 145 unter macOS ist WebGPU von selbst an.",
  ],
  [
    "In Chrome on Linux, open chrome://flags, enable “Unsafe WebGPU Support” and “Vulkan”, and start the browser again.",
    "In Chrome unter Linux chrome://flags öffnen, „Unsafe WebGPU Support“ und „Vulkan“ einschalten und den Browser neu starten.",
  ],
  [
    "If that is on already, install a Vulkan driver (mesa-vulkan-drivers on Debian and Ubuntu, or the GPU maker's own).",
    "Ist das schon an, einen Vulkan-Treiber einrichten (mesa-vulkan-drivers unter Debian und Ubuntu, oder den des Herstellers der GPU).",
  ],
  [
    "Update the browser and the GPU's driver, and switch hardware acceleration on in the browser's settings.",
    "Den Browser und den Treiber der GPU aktualisieren und in den Einstellungen des Browsers die Hardwarebeschleunigung einschalten.",
  ],
  [
    "chrome://gpu says under “WebGPU” what is blocked and why.",
    "chrome://gpu sagt unter „WebGPU“, was gesperrt ist und warum.",
  ],
  [
    "Update to Safari 26 (macOS 26, iOS 26) or newer: it has WebGPU.",
    "Safari 26 (macOS 26, iOS 26) oder neuer nehmen: Dort gibt es WebGPU.",
  ],
  [
    "Update the browser: current versions of Chrome, Edge, Firefox and Safari have WebGPU.",
    "Den Browser aktualisieren: Chrome, Edge, Firefox und Safari haben in heutigen Fassungen WebGPU.",
  ],
];

/** What became of the GPU, of a run, of the numbers. */
export const going: readonly Said[] = [
  ["this browser offers no WebGPU here: {advice}", "Dieser Browser bietet hier kein WebGPU. {advice}"],
  [
    "it needs a page that comes by https or from localhost; the CPU engine does the same work",
    "WebGPU gibt es nur auf Seiten, die über https oder von localhost kommen. Die CPU tut dasselbe.",
  ],
  ['this build has no GPU engine; use "cpu" or "auto"', "Diese Fassung hat keine GPU-Engine. CPU oder auto nehmen."],
  [
    "WebGPU offers no adapter here ({error}); on Linux a Vulkan driver is needed (software: mesa-vulkan-drivers). The CPU engine does the same work",
    "WebGPU bietet hier keinen Adapter ({error}). Unter Linux ist ein Vulkan-Treiber nötig (als Software: mesa-vulkan-drivers). Die CPU tut dasselbe.",
  ],
  [
    "the adapter {} gave no device: {e}; reload the page",
    "Der Adapter {0} gab kein Gerät her ({e}). Die Seite neu laden.",
  ],
  [
    "the GPU has no memory left for {what}; take a smaller preset or fewer rollouts, or close other tabs",
    "Der GPU fehlt Speicher für {what}. Ein kleineres Modell oder weniger Versuche nehmen, oder andere Tabs schließen.",
  ],
  [
    "the GPU stopped working ({reason}); the work goes on from its last saved state",
    "Die GPU arbeitet nicht mehr ({reason}). Es geht vom letzten gesicherten Stand weiter.",
  ],
  [
    "the GPU was lost {how} ({reason}). Nothing is lost: the model now lies on the CPU engine, which can go on {}; a smaller preset, fewer rollouts or closing other tabs may keep the GPU alive",
    "Die GPU ging verloren {how} ({reason}). Nichts ist verloren: Das Modell liegt jetzt auf der CPU, die weitermachen kann, {0}. Ein kleineres Modell, weniger Versuche oder weniger offene Tabs halten die GPU vielleicht am Leben.",
  ],
  ["again within half a minute", "binnen einer halben Minute zum zweiten Mal"],
  ["and did not come back", "und kam nicht zurück"],
  ["with the model as it was", "mit dem Modell, wie es war"],
  ["from step {s}", "ab Schritt {s}"],
  [
    "The GPU was lost and came back; the work goes on {}.",
    "Die GPU ging verloren und kam zurück; es geht weiter, {0}.",
  ],
  [
    "the GPU engine learns with a `{name}` that is a multiple of {step} and a `head_dim` of at most {MAX_HEAD}; got {found} and {}. The CPU engine takes any size",
    "Auf der GPU lernt das Labor nur mit einem `{name}`, das ein Vielfaches von {step} ist, und einem `head_dim` von höchstens {MAX_HEAD}; das Modell hat {found} und {0}. Die CPU nimmt jede Größe.",
  ],
  [
    "the GPU engine needs `{name}` of {least} to {most}; got {found}",
    "Auf der GPU muss `{name}` zwischen {least} und {most} liegen, es ist {found}. Die CPU nimmt jede Größe.",
  ],
  [
    "{message} The best moment kept is step {best_step}, with {best_reward:.3}.",
    "{message} Der beste aufbewahrte Augenblick ist Schritt {best_step} mit {#best_reward}.",
  ],
  [
    "The smoothed reward has fallen from {best_reward:.3} to {reward:.3}.",
    "Der geglättete Reward ist von {#best_reward} auf {#reward} gefallen.",
  ],
  [
    "The entropy has fallen from {start_entropy:.3} to {entropy:.4} nats with the reward at {reward:.3}: the model no longer tries alternatives.",
    "Die Entropie ist von {#start_entropy} auf {#entropy} Nat gefallen, bei einem Reward von {#reward}: Das Modell versucht nichts anderes mehr.",
  ],
  [
    "The divergence from the reference is {kl:.2} nats per log density, more than `collapse_kl` ({}).",
    "Die Abweichung von der Referenz ist {#kl} Nat je Log-Dichte, mehr als `collapse_kl` ({0}).",
  ],
  [
    "every gradient of step {step} was NaN or infinite; the model is as it was. Lower `learning_rate` ({})",
    "Jeder Gradient von Schritt {step} war keine endliche Zahl; das Modell ist, wie es war. Eine kleinere `learning_rate` als {0} nehmen.",
  ],
  [
    "{skipped} of {updates} updates of step {step} were left out: the loss or its gradient was NaN or infinite.",
    "{skipped} von {updates} Updates des Schritts {step} wurden ausgelassen: Verlust oder Gradient war keine endliche Zahl.",
  ],
  [
    "no best moment is in memory: `collapse_watch` is off, or the run was resumed after it",
    "Kein bester Augenblick ist im Speicher: `collapse_watch` ist aus, oder das Training wurde erst danach fortgesetzt.",
  ],
  [
    "`dynamic_sampling` found {kept} of {wanted} groups whose rewards differ in {} batches ({} groups); {hint}. Choose another `difficulty`, raise `max_num_gen_batches` or `num_generations`, or switch it off",
    "`dynamic_sampling` fand in {0} Stapeln ({1} Gruppen) nur {kept} von {wanted} Gruppen mit verschiedenen Rewards; {hint}. Eine andere Schwierigkeit wählen, `max_num_gen_batches` oder `num_generations` erhöhen oder es abschalten.",
  ],
  [
    "all rewards of a group were equal: every answer is right, or none",
    "alle Rewards einer Gruppe waren gleich: Jede Antwort ist richtig oder keine",
  ],
  ["most questions are too hard", "die meisten Fragen sind zu schwer"],
  ["most questions are too easy", "die meisten Fragen sind zu leicht"],
  ["no model is loaded yet; load one first", "Noch ist kein Modell geladen."],
  [
    "the lab is busy; wait for the pending operation or cancel it",
    "Das Labor ist beschäftigt. Warten, bis es fertig ist, oder abbrechen.",
  ],
  [
    "the run is busy; wait for the pending operation or cancel it",
    "Der Lauf ist beschäftigt. Warten, bis er fertig ist, oder abbrechen.",
  ],
  [
    "cannot ${what} while a training run is in progress: stop it first",
    "Das geht nicht, solange ein Training läuft: zuerst das Training beenden.",
  ],
  [
    "cannot ${what}: ${busy} is running and ${most} more wait; wait for one to end",
    "Es warten schon {most} Aufträge. Warten, bis einer fertig ist.",
  ],
  [
    "another tab of this browser is doing ${what}: stop it there or close that tab, then resume it here",
    "In einem anderen Tab dieses Browsers läuft das gerade: dort beenden oder jenen Tab schließen, dann hier fortsetzen.",
  ],
  [
    "another tab of this browser is doing ${what}, and that one is kept; this one is kept from when that has ended",
    "In einem anderen Tab dieses Browsers läuft das auch, und gesichert wird dort. Hier wird gesichert, sobald es dort zu Ende ist.",
  ],
  [
    "another tab of this browser is doing ${what}: stop it there or close that tab, then forget it here",
    "In einem anderen Tab dieses Browsers läuft das gerade: dort beenden oder jenen Tab schließen, dann hier vergessen.",
  ],
  ["no run is saved in this browser: start one with train()", "In diesem Browser ist kein Training gesichert."],
  [
    "no experiment is saved in this browser: start one with experiment()",
    "In diesem Browser ist kein Experiment gesichert.",
  ],
  [
    "the worker stopped (${message}): make a new lab",
    "Die Engine ist stehen geblieben ({message}). Ein neues Labor öffnen.",
  ],
  ["it could not be loaded", "sie ließ sich nicht laden"],
  [
    "the browser ended it, perhaps for want of memory",
    "der Browser hat sie beendet, vielleicht aus Mangel an Speicher",
  ],
  [
    "the engine stopped (${message}): make a new lab and load the model again",
    "Die Engine ist stehen geblieben ({message}). Ein neues Labor öffnen und das Modell noch einmal laden.",
  ],
  ["the lab was disposed: make another with createLab()", "Dieses Labor ist geschlossen. Die Seite neu laden."],
  ["the lab was disposed: make another with createSemanticLab()", "Dieses Labor ist geschlossen. Die Seite neu laden."],
  ["the lab is not open yet: wait for createLab()", "Das Labor ist noch nicht offen. Einen Augenblick warten."],
];
