//! One thought, reported step by step.

use serde::{Deserialize, Serialize};

use super::messages::{ThinkOptions, ThinkResult, ThinkStep};
use super::{Lab, Model};
use crate::decode::Phase;
use crate::decode::evaluate::{audit, grade};
use crate::decode::rollout::{Request, Rollout, rollout};
use crate::engine::Pulse;
use crate::error::{Error, Result};
use crate::tasks::extract::END_THINK;
use crate::tasks::{Question, Split, Task};
use crate::text::Tokenizer;

/// Steps of a thought that come to its watcher together.
const WATCHED: usize = 4;

/// Which question of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskOptions {
    pub task: String,
    #[serde(default)]
    pub difficulty: Option<u32>,
    pub question_seed: u64,
    #[serde(default)]
    pub split: Option<Split>,
}

impl AskOptions {
    /// The question, if its task is built in.
    ///
    /// # Errors
    /// `bad-input` for an unknown task or difficulty.
    pub fn of_built_in(&self) -> Result<Question> {
        self.of(crate::tasks::task(&self.task, self.difficulty)?.as_ref())
    }

    fn of(&self, task: &dyn Task) -> Result<Question> {
        let split = self.split.unwrap_or(Split::HeldOut);
        match task.offers(split) {
            true => Ok(task.question(split, self.question_seed)),
            false => {
                Err(Error::bad_input(format!("split: {} has no questions of the split {}", self.task, split.name())))
            }
        }
    }
}

impl Lab {
    /// A question of a task, held out unless told otherwise.
    ///
    /// # Errors
    /// `bad-input` for an unknown task or difficulty.
    pub fn question(&self, options: &AskOptions) -> Result<Question> {
        options.of(self.own.task(&options.task, options.difficulty)?.as_ref())
    }

    /// Thinks about one question; `on_step` hears of each step as it is made.
    ///
    /// # Errors
    /// `bad-input` for questions, policies or lengths that make no sense; `not-ready`, `cancelled`.
    pub async fn think(
        &mut self,
        options: &ThinkOptions,
        pulse: &Pulse,
        on_step: &mut dyn FnMut(ThinkStep),
    ) -> Result<ThinkResult> {
        // A thought that is begun again takes the same steps: the listener hears of each once.
        let mut heard = 0;
        loop {
            let mut listener = |step: ThinkStep| {
                if step.step >= heard {
                    heard = step.step + 1;
                    on_step(step);
                }
            };
            match self.think_once(options, pulse, &mut listener).await {
                Err(error) => self.recover(error).await?,
                done => return done,
            }
        }
    }

    async fn think_once(
        &mut self,
        options: &ThinkOptions,
        pulse: &Pulse,
        on_step: &mut dyn FnMut(ThinkStep),
    ) -> Result<ThinkResult> {
        let seed = options.seed.unwrap_or(self.seed);
        let task = self.own.task(&options.task, options.difficulty)?;
        let Model { engine, tokenizer, .. } = self.model()?;
        let question = ask(task.as_ref(), options, matches!(tokenizer, Tokenizer::Words(_)))?;
        options.policy.validate(crate::engine::Engine::config(engine).vocab_size)?;
        let longest = || task.max_completion_length(task.split(&question));
        let max_steps = options.max_steps.unwrap_or_else(longest);
        if max_steps == 0 {
            return Err(Error::bad_input("`maxSteps` must be at least 1; got 0"));
        }
        let prompts = [tokenizer.prompt(&question.prompt)?];
        let marks = tokenizer.marks();
        let request = Request {
            prompts: &prompts,
            offset: 0,
            samples: 1,
            policy: &options.policy,
            max_steps,
            seed,
            marks,
            chunk: WATCHED,
        };
        let mut index = 0;
        let mut report = |_: usize, step: &crate::decode::Step| {
            on_step(ThinkStep::new(index, step, tokenizer));
            index += 1;
        };
        let rollouts = rollout(engine, &request, pulse, &mut report).await?;
        let rollout = &rollouts[0];
        let (answer, grade) = grade(task.as_ref(), &question, tokenizer, rollout);
        let tokens = rollout.tokens();
        let thought = tokenizer.decode(&tokens[..rollout.thought_length().min(tokens.len())]);
        Ok(ThinkResult {
            question: question.prompt.clone(),
            expected: question.answer.clone(),
            audit: audit(task.as_ref(), &question, answer.as_deref()),
            answer,
            grade,
            thought: thought.strip_suffix(END_THINK).unwrap_or(&thought).to_owned(),
            text: tokenizer.decode(&tokens),
            steps: rollout.steps.len(),
            mixture_entropy: mean_mixture_entropy(rollout),
            finished: rollout.finished,
        })
    }
}

/// A model of words can be asked anything; what is no question of the task has no known answer.
fn ask(task: &dyn Task, options: &ThinkOptions, anything: bool) -> Result<Question> {
    match (&options.question, options.question_seed) {
        (Some(text), None) => match task.parse(text) {
            Err(_) if anything && !text.trim().is_empty() => {
                Ok(Question { task: task.name().to_owned(), prompt: text.clone(), answer: String::new() })
            }
            parsed => parsed,
        },
        (None, Some(seed)) => Ok(task.question(options.split.unwrap_or(Split::HeldOut), seed)),
        _ => Err(Error::bad_input("give either `question` or `questionSeed`, not both and not neither")),
    }
}

/// Over the steps of the thought, nats.
fn mean_mixture_entropy(rollout: &Rollout) -> f64 {
    let thought: Vec<_> = rollout.steps.iter().filter(|step| step.phase() == Phase::Think).collect();
    thought.iter().map(|step| f64::from(step.mixture_entropy)).sum::<f64>() / thought.len().max(1) as f64
}
