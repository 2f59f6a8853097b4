// The messages of the second lab: what a run is asked with, what comes while it runs, what comes at its end. Types only.

/** The arms of the comparison; `arms()` gives each one's sentence and settings. */
export type SemanticArmName =
  | "frozen"
  | "straight-through"
  | "dril"
  | "dril-frequency"
  | "dril-uncertainty"
  | "dril-both"
  | "detached"
  | "annealed"
  | "gaussian";

/** Settings of a run; those left out are the arm's. What each means stands in src/semantic_id/config.rs. */
export interface SemanticSettings {
  seed?: number;
  /** What computes the updates; `auto`: a GPU, unless a processor plays it. Ids and searches are the CPU's. Usually `cpu`. */
  engine?: "auto" | "cpu" | "gpu";
  /** Levels of codes an item is written in, 1 to 8. */
  levels?: number;
  /** Codes of each level, 2 to 1024. */
  codes?: number;
  /** How many items that share all codes can be told apart at the start. */
  suffixes?: number;
  kmeans_rounds?: number;
  /** 0: each item keeps its nearest code; else the weight of the balance, 0.0001 to 10. */
  sinkhorn_epsilon?: number;
  sinkhorn_iterations?: number;
  epochs?: number;
  batch_size?: number;
  max_history?: number;
  hidden_size?: number;
  num_hidden_layers?: number;
  learning_rate?: number;
  codebook_learning_rate?: number;
  /** Updates until both rates are whole; from then on they fall to 0 along a cosine. */
  warm_up?: number;
  weight_decay?: number;
  max_grad_norm?: number;
  route_history?: boolean;
  route_target?: boolean;
  route_labels?: boolean;
  quantization?: number;
  reconstruction?: number;
  commitment?: number;
  noise?: "none" | "gumbel" | "gaussian";
  temperature?: number;
  final_temperature?: number | null;
  /** `cached`: the codes kept since the epoch began; `sampled`: the largest of score plus noise. */
  forward?: "cached" | "sampled";
  /** FrqUD; null for noise everywhere. */
  hot_ratio?: number | null;
  usage_momentum?: number;
  /** SDUD; null for a noise scale that stays. */
  lambda?: number | null;
  sigma?: number;
  sigma_learning_rate?: number;
  beams?: number;
  evaluation_epochs?: number;
  evaluation_users?: number;
}

/** A catalogue made from a seed; see src/semantic_id/catalogue.rs. */
export interface SemanticCatalogue {
  items?: number;
  users?: number;
  clusters?: number;
  dim?: number;
  content_noise?: number;
  /** How plainly the vectors show the behavioural axis; 0: not at all. */
  axis_radius?: number;
  /** Items in a history: the shortest, the longest. */
  history?: [number, number];
  stay?: number;
  stride?: number;
  wander?: number;
  seed?: number;
}

export interface SemanticArm {
  name: SemanticArmName;
  text: string;
  settings: Required<SemanticSettings> & { arm: string };
}

export interface SemanticArms {
  arms: SemanticArm[];
  /** The usual catalogue. */
  catalogue: Required<SemanticCatalogue>;
}

export interface SemanticRunOptions {
  arm: SemanticArmName;
  settings?: SemanticSettings;
  /** The made-up catalogue; not together with `csv`. */
  catalogue?: SemanticCatalogue;
  /** Own data: `item,value,…` and `user,item,time`, each with a header. */
  csv?: { items: string; interactions: string };
}

/** How one level of the code-books is used by all items. */
export interface SemanticLevel {
  used: number;
  dead: number;
  /** Nats. */
  usage_entropy: number;
  effective_codes: number;
  /** 1/K (one code has all items) to 1 (all have the same). */
  balance: number;
  /** Items of each code. */
  counts: number[];
}

/** Recall and NDCG are at 5 and at 10. */
export interface SemanticRanking {
  recall: [number, number];
  ndcg: [number, number];
  users: number;
  /** Of each user from 0; null where the search did not find the item. */
  ranks?: (number | null)[];
}

export interface SemanticEpoch {
  /** Epochs done; 0 is the start, whose losses and shares are 0. */
  epoch: number;
  /** Nats an item. */
  generation: number;
  quantization: number;
  reconstruction: number;
  /** Of the kept ids, level by level. */
  levels: SemanticLevel[];
  /** Of the nearest codes: what the code-books are like without Sinkhorn's balance. */
  nearest: SemanticLevel[];
  /** `unique`: different ids over items; `most`: most items on one id. */
  conflicts: { unique: number; most: number };
  /** Share of items whose kept id changed in this epoch, and since the start. */
  drift: number;
  drift_total: number;
  /** Share of draws in training that were the code that evaluation takes. */
  agreement: number;
  /** Nats. */
  assignment_entropy: number;
  sigma: number;
  temperature: number;
  /** Share of assignments that had noise. */
  noisy: number;
  validation: SemanticRanking | null;
}

/** What stays through a run. */
export interface SemanticScene {
  items: number;
  users: number;
  levels: number;
  codes: number;
  /** Of the recommender. */
  parameters: number;
  names: string[];
  /** Vectors of the items on their two principal axes. */
  points: [number, number][];
  /** Of a made-up catalogue, what nobody is told: each item's cluster, and its place on the behavioural axis, 0 to 1 around. */
  clusters: number[] | null;
  places: number[] | null;
}

/** What changes from epoch to epoch. */
export interface SemanticSnapshot {
  epoch: number;
  /** The kept codes of each item, `levels` numbers an item. */
  ids: number[];
  suffix: number[];
  /** The nearest codes, likewise. */
  nearest: number[];
  /** Codewords, level by level, on the axes of `points`; deeper levels are steps from the word above. */
  words: [number, number][][];
}

export type SemanticEvent =
  | {
      type: "started";
      /** What computes the updates, for people. */
      engine: string;
      config: SemanticArm["settings"];
      scene: SemanticScene;
      snapshot: SemanticSnapshot;
      epoch: SemanticEpoch;
    }
  /** Updates of the epoch that is under way. */
  | { type: "updates"; epoch: number; done: number; total: number }
  | { type: "epoch"; epoch: SemanticEpoch; snapshot: SemanticSnapshot }
  | { type: "paused"; epoch: number }
  | { type: "resumed"; epoch: number };

export interface SemanticEnd {
  /** `finished`: all epochs; `stopped`: asked to. Both are tested. */
  reason: "finished" | "stopped";
  epochs: number;
  /** On the last item of every user. */
  test: SemanticRanking;
}
