// The words of the story, in English: five figures, what to look for in each, and how true it is. Numbers are those of README.md and RESULTS.md.

export const learn = {
  title: "Thinking in blends of words",
  lead: "A language model usually thinks one word at a time. It can also think in blends of several words at once, and learn to do it better. Five figures show how; each runs a real, small model in this tab.",
  look: "What to look for:",
  truth: "How true is this?",
  on: "All the settings, other tasks and your own questions are in the",
  onLab: "lab",
  privacy: "Everything runs in this tab; nothing you do here is sent anywhere.",
  chapters: {
    mixture: {
      title: "One token or a blend",
      text: "Before each step the model weighs every token it knows. A discrete thought draws one and feeds it back. A soft thought keeps the likely few, adds random Gumbel noise to their log-probabilities, and turns the result into weights: the next input is a blend of their embeddings.",
      look: "Drag τ up and the blend becomes softer; drag the noise to 0 and every draw is the same. Then compare what follows the blend with what follows its heaviest token alone.",
      truth: [
        "The question was picked because its first step is divided. Most steps are not: at the paper's τ of 0.1, 90 to 98 % of the soft steps of these models put more than 95 % of the weight on one token.",
        "The seed stays the same while you drag, so the noise does too: what changes is only the setting.",
        "At a large τ the model reads inputs it never saw while it was trained. That what follows changes does not mean that it gets better.",
      ],
    },
    thought: {
      title: "A thought, step by step",
      text: "Here is one question thought about twice with the same seed: above in blends, below in single tokens. At the mark that closes the thought, both turn to single tokens and write the answer.",
      look: "Most soft steps are nearly one token. Where a bar is split, two ways on are kept open for one more step, and the blend's heaviest token is what a grader reads.",
      truth: [
        "One question proves nothing about which way is better: take another, and either may be right.",
        "With the same seed both ways draw the same noise at a step, which the soft one clamps; once their inputs differ, so does what the noise falls on.",
        "The nano model has 0.1 million parameters and was trained on worked examples of this task. Large models think in longer and freer texts.",
      ],
    },
    group: {
      title: "Which noise gets the credit",
      text: "To learn, the model tries the same question eight times, each with other noise. The answers are graded; a try that did better than its group has a positive advantage, one that did worse a negative one. SofT-GRPO then makes the noise of the better tries more likely and that of the worse ones less likely.",
      look: "Move over the steps of one right and one wrong try: the same token may be lifted by noise in both, and is pushed up in one and down in the other.",
      truth: [
        "Every step of a try gets the same advantage, whether it mattered or not. Over many tries the steps that matter stand out; in one group they do not.",
        "The arrow says in which direction the update pushes that candidate's log-probability by itself. Candidates share one softmax, so that raising one lowers the others, and clipping may hold an update back.",
        "This figure takes a training step with a learning rate of 0, so that the model stays as it is.",
      ],
    },
    race: {
      title: "Learning, soft beside discrete",
      text: "GRPO rewards tokens; SofT-GRPO rewards noise. Start both here from the same model, with the same seed and the same questions to learn from. They take turns in one worker, a step each.",
      look: "Both rewards rise within half a minute. The pass@1 marks are measured on questions that were held out of training: when rewards rise and these do not, the model is learning its questions by heart.",
      truth: [
        "One run of each says little: in the lab's own experiment (five seeds, three tasks) pass@1 of SofT-GRPO was on par with GRPO, a little above on two tasks.",
        "Much of that gap is there before training: the soft way to think is closer to always taking the likeliest token, and so begins higher. What training added was less than under GRPO on all three tasks.",
        "Both runs here have the same step size. In the experiment each method had its own, the best of three: GRPO's was three times as large. With equal steps GRPO may come out ahead, as it does with this figure's seed.",
      ],
    },
    pass: {
      title: "Why diversity matters: pass@k",
      text: "Let a model answer a question k times and count it as solved if any answer is right: that is pass@k. At k = 1 it says how good the model is by itself; at k = 32, how much it can find at all. Training often raises the first and lowers the second, since all answers become alike. The paper's claim is that soft thoughts keep more of it.",
      look: "Compare the right ends of the curves with that of the model before training, and ask whether the bands overlap.",
      truth: [
        "The paper's claim does not show here: pass@32 of SofT-GRPO is not higher than GRPO's in the lab's own experiment. No interval excludes 0, and two of three means are negative.",
        "Entropy, a measure of diversity, is kept under SofT-GRPO where GRPO loses some; but the step sizes differ, so that is no proof that the blend does it.",
        "These are models of 0.1 million parameters on toy tasks, 150 training steps, five seeds. It says what happens here, not what happens to a model of billions.",
      ],
    },
  },
};
