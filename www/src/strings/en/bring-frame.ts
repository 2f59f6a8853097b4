// What stands on the lab page before the panel of brought language models is fetched, in English.

export const bringFrame = {
  title: "Bring a language model",
  lead: "The papers' models are language models. Bring a small one: it thinks softly in words, here in this tab.",
  open: "Choose a model",
  opening: "Fetching this part of the page…",
  failed: (message: string) => `This part of the page did not come: ${message}`,
  retry: "Try again",
};
