// What a page may keep of a run of `<semantic-ids>` and give back to it after it was loaded anew. A type only.

import type { SemanticEnd, SemanticEpoch, SemanticRanking, SemanticScene, SemanticSnapshot } from "../index.js";

/** What is to be seen of a run: enough to show it again, not to go on with it. Plain data, fit to be kept. */
export interface SemanticRecord {
  scene: SemanticScene;
  snapshot: SemanticSnapshot;
  earlier: SemanticSnapshot | undefined;
  epoch: SemanticEpoch;
  validation: SemanticRanking | undefined;
  /** Epochs it was to have. */
  epochs: number;
  /** What computed its updates, by its name; records of earlier versions lack it. */
  engine?: string | undefined;
  /** undefined: it was not over. */
  end: SemanticEnd | undefined;
}
