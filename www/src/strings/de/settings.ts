// What each setting of training is, in German. English has these sentences in the package's types (web/src/train-config.ts), of which the
// reference is made.

export const settings: Readonly<Record<string, string>> = {
  task: "Die Aufgabe, aus der gelernt wird.",
  preset: "Name einer Methode; ihre Einstellungen gehen den Vorgaben vor, die hier eingetragenen beiden.",
  objective:
    "Was bewertet wird: das Rauschen einer Mischung, ein Token, das Rauschen eines Vektors oder mehrere Ziehungen.",
  difficulty: "Schwierigkeit der Fragen; null: die übliche der Aufgabe.",
  max_steps: "Trainingsschritte; jeder macht Versuche und dann steps_per_generation · num_iterations Updates.",
  seed: "Gleicher Seed, gleiches Modell und gleiche Einstellungen ergeben dasselbe Training.",
  num_generations: "Versuche je Frage: die Größe einer Gruppe.",
  generation_batch_size: "Versuche je Trainingsschritt; ein Vielfaches von num_generations.",
  steps_per_generation: "Teile (Updates), in die die Versuche eines Schritts zerlegt werden.",
  num_iterations: "Durchgänge über diese Teile.",
  per_device_train_batch_size:
    "Versuche eines Teilstapels, dessen Mittel über die Token loss_type „bnpo“ nimmt; null: der ganze Teil.",
  max_completion_length: "Längster Versuch in Token; null: wie bei der Aufgabe üblich.",
  max_thought_length: "Längster Gedanke in Token, </think> eingeschlossen; null: so lang wie der Versuch.",
  pause_length: "Der Gedanke besteht aus so vielen Pausentoken statt aus eigenen; 0 oder null: Das Modell denkt.",
  temperature: "Temperatur der Gedanken. Log-Dichten gelten bei dieser Temperatur für die ganze Verteilung.",
  top_k: "So viele der wahrscheinlichsten Token bleiben; 0 behält alle.",
  top_p: "Es bleibt die kleinste Menge von Token mit mindestens dieser Masse.",
  min_p: "Token unter diesem Anteil der größten Wahrscheinlichkeit fallen weg.",
  answer_temperature: "Temperatur der Antworten; null: wie bei den Gedanken (Soft Tokens: 1).",
  answer_top_k: "top_k der Antworten; null: wie bei den Gedanken (Soft Tokens: alle).",
  answer_top_p: "top_p der Antworten; null: wie bei den Gedanken (Soft Tokens: 1).",
  answer_min_p: "min_p der Antworten; null: wie bei den Gedanken (Soft Tokens: 0).",
  soft_top_k: "Token in einer Mischung.",
  noise: "Was eine Mischung stört. Dirichlet- und Gauß-Rauschen sind die Kontrollen der Arbeit.",
  gumbel_temperature: "τ des Softmax über den gestörten Log-Wahrscheinlichkeiten.",
  noise_clamp:
    "Hält das Gumbel-Rauschen zwischen −1,5 und 3, beim Ziehen und bei seiner Dichte. So im Code, nicht in der Arbeit.",
  log_epsilon:
    "Kommt vor dem Logarithmus zu den Wahrscheinlichkeiten hinzu. 1e-6 wie im Code: Entfernte Kandidaten bleiben mit Rauschen um −14 dabei. 0 wie in der Arbeit: Sie bleiben draußen.",
  density_reduction:
    "Die Dichte eines Schritts ist das Mittel über die gezählten Kandidaten (Code) oder die Summe (Arbeit).",
  density_mask: "Nur Kandidaten über 4,98 % zählen (Code) oder alle (Arbeit).",
  published_rebuild:
    "Bei einem Kontrollrauschen die Eingaben so nachbilden wie der veröffentlichte Code, der dabei andere bewertet, als er eingab.",
  input_gradient: "Gradienten erreichen die Embeddings auch über die Eingaben. Im Code von SofT-GRPO aus.",
  embedding_noise:
    "Streuung des Rauschens auf dem mittleren Embedding, als Anteil am quadratischen Mittel der Embeddings.",
  embedding_gradient: "Der Gradient der Dichte erreicht die Embeddings über das mittlere Embedding.",
  multiplex_width: "Gezogene Token je Schritt.",
  multiplex_weighted: "Ziehungen nach ihrer Wahrscheinlichkeit gewichten statt gleich.",
  lora_r: "Sprachmodelle: Rang des Adapters, der statt der Gewichte lernt; ohne Angabe 8.",
  lora_alpha:
    "Sprachmodelle: Der Adapter zählt so viel, geteilt durch seinen Rang; ohne Angabe das Doppelte des Rangs.",
  lora_target_modules: "Sprachmodelle: welche Matrizen einen Adapter haben; ohne Angabe alle sieben einer Schicht.",
  learning_rate:
    "Schrittweite von AdamW, gleich bleibend. Die 1e-6 von TRL passen zu Milliarden von Gewichten, nicht zu hunderttausend.",
  adam_beta1: "β₁ von AdamW: wie lange Gradienten nachwirken.",
  adam_beta2: "β₂ von AdamW: wie lange ihre Quadrate nachwirken.",
  adam_epsilon: "ε von AdamW im Nenner.",
  weight_decay: "Wie stark AdamW die Gewichte in jedem Update verkleinert.",
  max_grad_norm: "Ein längerer Gradient (L2, alle Gewichte) wird auf diese Länge verkürzt.",
  surrogate:
    "„clipped“: der von PPO, mit Quotienten neuer und alter Dichte. „score_function“: ohne Quotient und Grenze (REINFORCE).",
  importance_sampling_level:
    "Wovon der begrenzte Quotient ist: von jeder Log-Dichte oder von ihrem Mittel über den Versuch (GSPO).",
  epsilon: "Grenze des Quotienten unter 1, und über 1, wenn epsilon_high fehlt.",
  epsilon_high: "Grenze des Quotienten über 1; null: epsilon.",
  dual_clip: "Begrenzt den Verlust bei negativem Advantage auf dieses Vielfache; null schaltet es ab.",
  beta: "Gewicht des KL-Terms; 0 braucht kein Referenzmodell.",
  kl_estimator:
    "k1: log π − log ref. k2: die Hälfte des Quadrats. k3: e^Δ − Δ − 1 mit Δ = log ref − log π, nie negativ.",
  use_kl_in_reward: "beta · Σ (log π − log ref) vor den Advantages vom Reward abziehen, statt eines Terms im Verlust.",
  sync_ref_model: "Die Referenz folgt dem Modell: alle ref_model_sync_steps Schritte ref ← α · Modell + (1 − α) · ref.",
  ref_model_mixup_alpha: "Jenes α.",
  ref_model_sync_steps: "Nach so vielen Schritten jeweils.",
  entropy_coef: "Gewicht des Entropie-Bonus.",
  baseline: "Womit ein Reward verglichen wird: mit dem Mittel seiner Gruppe, dem der anderen (RLOO) oder mit nichts.",
  scale_rewards:
    "Wodurch die Differenz geteilt wird: die Abweichung der Gruppe, des ganzen Stapels oder nichts (Dr. GRPO).",
  loss_type:
    "Wie aus den Verlusten der Token eine Zahl wird. „grpo“: Mittel über Versuche. „bnpo“: über die Token jedes Teilstapels. „dapo“: über die Token des Updates. „dr_grpo“: Summe, geteilt durch Versuche mal größte Länge.",
  mask_truncated_completions: "Abgeschnittene Versuche zählen nicht.",
  soft_punish_cache:
    "Abzug für Überlänge (DAPO): Über die letzten so vielen Token fällt der Reward um 1; 0 für keinen.",
  format_reward: "Der kleinste Reward einer wohlgeformten Antwort, richtig oder falsch.",
  dynamic_sampling: "Weitere Fragen stellen, bis der Stapel voll ist mit Gruppen verschiedener Rewards (DAPO).",
  max_num_gen_batches:
    "Höchstens so viele Stapel von Fragen darf ein Schritt dafür stellen, den ersten eingeschlossen.",
  collapse_watch: "Das Training anhalten, wenn es Zeichen eines Kollapses zeigt.",
  collapse_reward_drop:
    "Das Zeichen: Der geglättete Reward hat diesen Anteil seines besten Werts verloren, mindestens 0,1.",
  collapse_entropy_share:
    "Das Zeichen: Die geglättete Entropie liegt unter diesem Anteil ihres Anfangs, bei Rewards unter 0,9.",
  collapse_kl: "Das Zeichen: Die geglättete KL (Nat je Log-Dichte) ist größer.",
  eval_steps: "Nach so vielen Schritten jeweils wird mit zurückgehaltenen Fragen geprüft; 0 nie.",
  eval_questions: "Zurückgehaltene Fragen einer solchen Prüfung.",
  eval_samples: "Versuche je Frage dabei.",
};
