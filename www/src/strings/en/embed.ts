// The words of an embedded lab, in English: what it tells the page around it and the console.

export const embedWords = {
  unknown: (name: string, parts: string, themes: string) =>
    `soft-thinking-lab: “${name}” in the address means nothing here and was left out. hide= takes ${parts}; theme= takes ${themes}.`,
  message: (commands: string, got: string) => `a message to the lab: expected one of ${commands}; got ${got}`,
  set: (key: string, value: string) =>
    `set: expected keys of the lab's address with values it can have, such as task: "chain_sum" or seed: 7; got ${key}: ${value}`,
  oneOf: (key: string, names: string, got: string) => `set: ${key} is one of ${names}; got ${got}`,
  question: (got: string) => `think: expected the question's text, or none to take the one shown; got ${got}`,
  steps: (got: string) =>
    `train: expected steps from 1 to 1000000, or none to take those chosen in the lab; got ${got}`,
  thinking: "think: the lab is thinking already: wait for its thought, or send stop first",
  training: "train: a run is going already: wait for its end, or send stop first",
};
