//! The completions a step learns from: questions, rollouts, grades, and further questions where groups teach nothing.
//!
//! Not here: what a completion earns (`reward.rs`), advantages and updates (`frame.rs`).

use super::frame::Frame;
use super::reward::{overlong_punishment, reward};
use crate::decode::evaluate::{audit, grade};
use crate::decode::policy::Policy;
use crate::decode::rollout::{CHUNK, Request, Rollout, rollout};
use crate::decode::step::Step;
use crate::engine::{Engine, Pulse, Stage};
use crate::error::{Error, Result};
use crate::math::threefry::Key;
use crate::tasks::{Question, Split};

/// Separates the streams of randomness of a run.
const QUESTIONS: u32 = 1;
const ROLLOUTS: u32 = 2;

/// A completion with what it earned.
#[derive(Clone, Debug)]
pub struct Sample {
    pub question: Question,
    pub answer: Option<String>,
    /// Of the answer, 0 to 1.
    pub grade: f64,
    /// What an honest grader says, where the grade is known to have a loophole.
    pub audit: Option<f64>,
    /// The grade with credit and punishment; the price of divergence is taken off where advantages are made.
    pub reward: f64,
    /// 0 until [`Frame::learn`] spreads it.
    pub advantage: f64,
    pub rollout: Rollout,
}

/// What a step learns from, groups side by side, and what it took to get it.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    pub samples: Vec<Sample>,
    /// Batches of questions asked.
    pub batches: usize,
    /// Tokens of all completions, those left out included.
    pub tokens: usize,
    /// Groups asked, and how many of them had equal rewards.
    pub groups: usize,
    pub equal_groups: usize,
}

/// A seed for one stream of randomness of one batch of questions of one step.
fn derive(seed: u64, stream: u32, step: usize, batch: usize) -> u64 {
    let key = Key::from_seed(seed).derive(stream).derive(step as u32);
    let Key([high, low]) = if batch == 0 { key } else { key.derive(batch as u32) };
    u64::from(high) << 32 | u64::from(low)
}

/// The seed of the first question that a run asks in training step `step` (from 0), in its first `batch` (0) or, with dynamic sampling, a
/// later one; the others follow it.
#[must_use]
pub fn first_question(seed: u64, step: usize, batch: usize) -> u64 {
    derive(seed, QUESTIONS, step, batch)
}

impl Frame {
    /// The completions of training step `step`: one batch, or with dynamic sampling as many as fill one with groups whose rewards
    /// differ; what is too many is left out. Source: DAPO, arXiv 2503.14476, equation 11; verl `dapo_ray_trainer.py`.
    ///
    /// # Errors
    /// `bad-input` when `max_num_gen_batches` did not fill the batch, or the task asks in characters that the tokenizer lacks; the
    /// engine's; `cancelled`.
    pub async fn gather<E: Engine>(
        &self,
        engine: &mut E,
        policy: &Policy,
        step: usize,
        pulse: &Pulse,
    ) -> Result<Gathered> {
        let config = &self.config;
        let wanted = config.generation_batch_size;
        let mut found = Gathered::default();
        let limit = if config.dynamic_sampling { config.max_num_gen_batches } else { 1 };
        while found.samples.len() < wanted && found.batches < limit {
            let (questions, prompts) = self.questions(step, found.batches)?;
            let request = self.request(&prompts, policy, step, found.batches);
            let (most, mut tokens) = (wanted * request.max_steps, 0);
            let thinking = pulse.during(Stage::Think, most);
            let mut count = |_: usize, _: &Step| {
                tokens += 1;
                thinking.tell(tokens as f64 / most as f64);
            };
            let rollouts = rollout(engine, &request, &pulse.untold(), &mut count).await?;
            found.batches += 1;
            found.tokens += rollouts.iter().map(|rollout| rollout.steps.len()).sum::<usize>();
            let mut samples = self.graded(&questions, rollouts).into_iter().peekable();
            while samples.peek().is_some() {
                let group: Vec<Sample> = samples.by_ref().take(config.num_generations).collect();
                let equal = group.iter().all(|sample| sample.reward == group[0].reward);
                found.groups += 1;
                found.equal_groups += usize::from(equal);
                if !(config.dynamic_sampling && equal) {
                    found.samples.extend(group);
                }
            }
        }
        if found.samples.len() < wanted {
            return Err(cannot_fill(&found, wanted / config.num_generations, config.num_generations));
        }
        found.samples.truncate(wanted);
        Ok(found)
    }

    /// Questions and their prompts, each to be answered `num_generations` times.
    fn questions(&self, step: usize, batch: usize) -> Result<(Vec<Question>, Vec<Vec<u32>>)> {
        let first = first_question(self.config.seed, step, batch);
        let count = self.config.generation_batch_size / self.config.num_generations;
        let questions: Vec<Question> =
            (0..count).map(|i| self.task.question(Split::Train, first.wrapping_add(i as u64))).collect();
        let prompts = questions.iter().map(|q| self.tokenizer.prompt(&q.prompt)).collect::<Result<_>>()?;
        Ok((questions, prompts))
    }

    fn request<'a>(&self, prompts: &'a [Vec<u32>], policy: &'a Policy, step: usize, batch: usize) -> Request<'a> {
        Request {
            prompts,
            offset: 0,
            samples: self.config.num_generations,
            policy,
            max_steps: self.config.max_length(self.task.as_ref()),
            seed: derive(self.config.seed, ROLLOUTS, step, batch),
            marks: self.tokenizer.marks(),
            chunk: CHUNK,
        }
    }

    fn graded(&self, questions: &[Question], rollouts: Vec<Rollout>) -> Vec<Sample> {
        let config = &self.config;
        let longest = config.max_length(self.task.as_ref());
        let sample = |(row, rollout): (usize, Rollout)| {
            let question = questions[row / config.num_generations].clone();
            let (answer, grade) = grade(self.task.as_ref(), &question, &self.tokenizer, &rollout);
            let punishment = overlong_punishment(rollout.steps.len(), longest, config.soft_punish_cache);
            let reward = reward(grade, answer.is_some(), config.format_reward, punishment);
            let audit = audit(self.task.as_ref(), &question, answer.as_deref());
            Sample { question, answer, grade, audit, reward, advantage: 0.0, rollout }
        };
        rollouts.into_iter().enumerate().map(sample).collect()
    }
}

fn cannot_fill(found: &Gathered, wanted: usize, group: usize) -> Error {
    let kept = found.samples.len() / group;
    let mean = found.samples.iter().map(|sample| sample.reward).sum::<f64>() / found.samples.len().max(1) as f64;
    let hint = match kept {
        0 => "all rewards of a group were equal: every answer is right, or none",
        _ if mean < 0.5 => "most questions are too hard",
        _ => "most questions are too easy",
    };
    Error::bad_input(format!(
        "`dynamic_sampling` found {kept} of {wanted} groups whose rewards differ in {} batches ({} groups); {hint}. Choose \
         another `difficulty`, raise `max_num_gen_batches` or `num_generations`, or switch it off",
        found.batches, found.groups
    ))
}
