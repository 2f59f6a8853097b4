//! How good is a model at a task: many samples of held-out questions, graded, and what they say.
//!
//! Not here: intervals and comparisons of runs (`experiment/`).

use serde::Serialize;

use super::policy::Policy;
use super::rollout::{CHUNK, Request, Rollout, rollout};
use crate::engine::{Engine, Pulse};
use crate::error::{Error, Result};
use crate::math::pass_at_k::{guessing_ceiling, majority_vote, pass_at_k};
use crate::tasks::{Question, Split, Task};
use crate::text::Tokenizer;

/// Rows decoded side by side.
const ROWS: usize = 64;

/// What to evaluate.
pub struct EvaluateRequest<'a> {
    pub task: &'a dyn Task,
    pub policy: &'a Policy,
    pub split: Split,
    /// How many questions, seeds `first_question`, `first_question + 1`, ….
    pub questions: usize,
    pub first_question: u64,
    /// Completions of each.
    pub samples: usize,
    /// The k of pass@k; each at most `samples`.
    pub k: &'a [usize],
    pub seed: u64,
    /// Longest completion, tokens.
    pub max_steps: usize,
}

/// A number for one k.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AtK {
    pub k: usize,
    pub value: f64,
}

/// What an evaluation found. Means are over all completions unless said otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    pub questions: usize,
    pub samples: usize,
    /// Unbiased estimate (Chen et al. 2021), mean over questions.
    pub pass_at_k: Vec<AtK>,
    /// pass@k of blind guessing among the task's effective number of answers.
    pub guessing: Vec<AtK>,
    pub pass_at_1: f64,
    /// Right completions of each question, in the order of their seeds: what every pass@k and its interval is made from.
    pub correct: Vec<usize>,
    /// What an honest grader gives the completions on average, where the grade is known to have a loophole; else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<f64>,
    /// Share of questions whose most frequent answer is right.
    pub majority: f64,
    /// Steps, thought and answer.
    pub mean_length: f64,
    /// Steps of the thought.
    pub mean_thought_length: f64,
    /// Steps of the right completions; absent when none is right.
    pub mean_length_correct: Option<f64>,
    /// Share of completions that ended by themselves.
    pub finished: f64,
    /// Entropy (nats) of the model's distribution, per step.
    pub entropy: f64,
    /// The same by the place of the step in its completion, over the completions that are that long.
    pub entropy_by_position: Vec<f64>,
    /// Entropy (nats) of the blend, per soft step; absent without soft steps.
    pub mixture_entropy: Option<f64>,
    /// e to the power of that entropy, per soft step: how many tokens a blend amounts to; absent without soft steps.
    pub effective_tokens: Option<f64>,
    /// Share of soft steps whose largest weight exceeds 0.95; absent without soft steps.
    pub near_one_hot: Option<f64>,
}

/// The answer in a completion, if it is well formed, and its grade in [0, 1].
#[must_use]
pub fn grade(task: &dyn Task, question: &Question, tokenizer: &Tokenizer, rollout: &Rollout) -> (Option<String>, f64) {
    let answer = tokenizer.answer(&rollout.tokens(), rollout.thought_length());
    let grade = answer.as_deref().map_or(0.0, |answer| task.grade(question, answer));
    (answer, grade)
}

/// What an honest grader gives a completion's answer where the grade is known to have a loophole; 0 without an answer.
#[must_use]
pub fn audit(task: &dyn Task, question: &Question, answer: Option<&str>) -> Option<f64> {
    let of_none = task.audit(question, "");
    answer.map_or(of_none.map(|_| 0.0), |answer| task.audit(question, answer))
}

/// Runs the evaluation; `on_progress` hears (questions done, questions in all).
///
/// # Errors
/// `bad-input` for impossible counts, the engine's errors, `cancelled`.
pub async fn evaluate<E: Engine>(
    engine: &mut E,
    tokenizer: &Tokenizer,
    request: &EvaluateRequest<'_>,
    pulse: &Pulse,
    on_progress: &mut dyn FnMut(usize, usize),
) -> Result<Evaluation> {
    check(request, engine.config().vocab_size)?;
    let mut sums = Sums::default();
    let per_chunk = (ROWS / request.samples).max(1);
    let mut done = 0;
    while done < request.questions {
        let count = per_chunk.min(request.questions - done);
        let questions: Vec<Question> = (0..count)
            .map(|i| request.task.question(request.split, request.first_question + (done + i) as u64))
            .collect();
        let prompts = questions.iter().map(|q| tokenizer.prompt(&q.prompt)).collect::<Result<Vec<_>>>()?;
        let rollouts = Request {
            prompts: &prompts,
            offset: done,
            samples: request.samples,
            policy: request.policy,
            max_steps: request.max_steps,
            seed: request.seed,
            marks: tokenizer.marks(),
            chunk: CHUNK,
        };
        let rollouts = rollout(engine, &rollouts, pulse, &mut |_, _| ()).await?;
        for (question, group) in questions.iter().zip(rollouts.chunks(request.samples)) {
            sums.add_question(request, question, tokenizer, group)?;
        }
        done += count;
        on_progress(done, request.questions);
    }
    Ok(sums.finish(request))
}

fn check(request: &EvaluateRequest<'_>, vocabulary: usize) -> Result<()> {
    request.policy.validate(vocabulary)?;
    if request.questions == 0 || request.samples == 0 {
        return Err(Error::bad_input("`questions` and `samples` must be at least 1"));
    }
    if !request.task.offers(request.split) {
        let (task, split) = (request.task.name(), request.split.name());
        return Err(Error::bad_input(format!("split: {task} has no questions of the split {split}")));
    }
    match request.k.iter().find(|k| **k == 0 || **k > request.samples) {
        None => Ok(()),
        Some(k) => Err(Error::bad_input(format!("`k` must be 1 to `samples` ({}); got {k}", request.samples))),
    }
}

#[derive(Default)]
struct Sums {
    pass: Vec<f64>,
    pass_1: f64,
    majority: f64,
    per_question: Vec<usize>,
    positions: Vec<(f64, usize)>,
    audit: Option<f64>,
    steps: usize,
    thought_steps: usize,
    correct: usize,
    correct_steps: usize,
    finished: usize,
    entropy: f64,
    soft_steps: usize,
    mixture_entropy: f64,
    effective_tokens: f64,
    near_one_hot: usize,
}

impl Sums {
    fn add_question(
        &mut self,
        request: &EvaluateRequest<'_>,
        question: &Question,
        tokenizer: &Tokenizer,
        group: &[Rollout],
    ) -> Result<()> {
        let mut answers = Vec::new();
        let mut correct = 0;
        for rollout in group {
            let (answer, grade) = grade(request.task, question, tokenizer, rollout);
            let right = grade >= 1.0;
            correct += usize::from(right);
            self.correct_steps += if right { rollout.steps.len() } else { 0 };
            self.add_steps(rollout);
            if let Some(honest) = audit(request.task, question, answer.as_deref()) {
                *self.audit.get_or_insert(0.0) += honest;
            }
            answers.extend(answer);
        }
        self.correct += correct;
        self.per_question.push(correct);
        self.pass.resize(request.k.len(), 0.0);
        for (sum, k) in self.pass.iter_mut().zip(request.k) {
            *sum += pass_at_k(group.len(), correct, *k)?;
        }
        self.pass_1 += correct as f64 / group.len() as f64;
        let right = majority_vote(&answers).is_some_and(|i| request.task.grade(question, &answers[i]) >= 1.0);
        self.majority += f64::from(u8::from(right));
        Ok(())
    }

    fn add_steps(&mut self, rollout: &Rollout) {
        self.steps += rollout.steps.len();
        self.thought_steps += rollout.thought_length();
        self.finished += usize::from(rollout.finished);
        for (place, step) in rollout.steps.iter().enumerate() {
            self.positions.resize(self.positions.len().max(place + 1), (0.0, 0));
            self.positions[place].0 += f64::from(step.model_entropy);
            self.positions[place].1 += 1;
            self.entropy += f64::from(step.model_entropy);
            if step.soft {
                self.soft_steps += 1;
                self.mixture_entropy += f64::from(step.mixture_entropy);
                self.effective_tokens += f64::from(step.mixture_entropy).exp();
                self.near_one_hot += usize::from(step.top_weight() > 0.95);
            }
        }
    }

    fn finish(&self, request: &EvaluateRequest<'_>) -> Evaluation {
        let (questions, samples) = (request.questions as f64, (request.questions * request.samples) as f64);
        let at = |value: &dyn Fn(usize, usize) -> f64| {
            request.k.iter().enumerate().map(|(i, k)| AtK { k: *k, value: value(i, *k) }).collect()
        };
        let of_soft = |value: f64| (self.soft_steps > 0).then(|| value / self.soft_steps as f64);
        Evaluation {
            questions: request.questions,
            samples: request.samples,
            pass_at_k: at(&|i, _| self.pass[i] / questions),
            guessing: at(&|_, k| guessing_ceiling(request.task.guess_space(request.split), k)),
            pass_at_1: self.pass_1 / questions,
            correct: self.per_question.clone(),
            audit: self.audit.map(|sum| sum / samples),
            majority: self.majority / questions,
            mean_length: self.steps as f64 / samples,
            mean_thought_length: self.thought_steps as f64 / samples,
            mean_length_correct: (self.correct > 0).then(|| self.correct_steps as f64 / self.correct as f64),
            finished: self.finished as f64 / samples,
            entropy: self.entropy / self.steps.max(1) as f64,
            entropy_by_position: self.positions.iter().map(|(sum, count)| sum / *count as f64).collect(),
            mixture_entropy: of_soft(self.mixture_entropy),
            effective_tokens: of_soft(self.effective_tokens),
            near_one_hot: of_soft(self.near_one_hot as f64),
        }
    }
}
