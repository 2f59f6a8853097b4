// Words that all pages of the site share, in English.

export const site = {
  nav: "Pages of this site",
  places: { learn: "Learn", lab: "Lab", semantic: "Semantic IDs", docs: "Docs" },
  titles: {
    learn: "Learn · Soft Thinking Lab",
    lab: "Soft Thinking Lab",
    semantic: "Semantic IDs · Soft Thinking Lab",
  },
  descriptions: {
    learn:
      "Soft thinking and SofT-GRPO in five live figures: a small model thinks in blends of tokens and learns, in your browser.",
    lab: "Watch a small language model think in blends of words, then teach it to do it better, in your browser.",
    semantic:
      "Items of a recommender written as short codes that its own loss trains: watch whether the code-book collapses, and what Gumbel noise does, in your browser.",
  },
  theme: { label: "Light or dark", auto: "as the system", light: "light", dark: "dark" },
  language: {
    /** The language's own name for itself. */
    name: "English",
    change: "read this page in English",
    ask: "The page must be loaded again for this. A run can be resumed from its newest checkpoint; what was measured, and a model of yours, are lost.",
    reload: "Reload in English",
    stay: "Stay here",
  },
};
