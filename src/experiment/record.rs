//! What is kept of one run: everything that a table or a plot is made from, and everything needed to do it again.
//!
//! Not here: what is made of it (`summary.rs`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::plan::{Job, Plan};
use crate::decode::Policy;
use crate::decode::evaluate::Evaluation;
use crate::error::Result;
use crate::tasks::Split;

/// The version of this schema.
pub const FORMAT: u32 = 1;

/// The mode of an arm that thinks as it was trained.
pub const OWN: &str = "own";

/// One evaluation of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationRecord {
    /// Training steps done.
    pub step: usize,
    pub split: Split,
    /// [`OWN`], or the name of a mode.
    pub mode: String,
    pub samples: usize,
    /// Right completions of each question.
    pub correct: Vec<usize>,
    pub majority: f64,
    pub mean_length: f64,
    pub mean_thought_length: f64,
    pub mean_length_correct: Option<f64>,
    pub finished: f64,
    /// Nats.
    pub entropy: f64,
    pub entropy_by_position: Vec<f64>,
    pub mixture_entropy: Option<f64>,
    pub near_one_hot: Option<f64>,
}

impl EvaluationRecord {
    pub(super) fn new(step: usize, split: Split, mode: &str, found: Evaluation) -> Self {
        Self {
            step,
            split,
            mode: mode.into(),
            samples: found.samples,
            correct: found.correct,
            majority: found.majority,
            mean_length: found.mean_length,
            mean_thought_length: found.mean_thought_length,
            mean_length_correct: found.mean_length_correct,
            finished: found.finished,
            entropy: found.entropy,
            entropy_by_position: found.entropy_by_position,
            mixture_entropy: found.mixture_entropy,
            near_one_hot: found.near_one_hot,
        }
    }
}

/// How well a model knows a task it knew before: nats per token of careful held-out chains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownRecord {
    pub task: String,
    pub before: f64,
    pub after: f64,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    pub format: u32,
    pub experiment: String,
    pub task: String,
    pub difficulty: u32,
    pub arm: String,
    pub seed: u64,
    /// The file every arm of the task started from.
    pub model: String,
    /// Every setting in effect; absent for an arm that does not train.
    pub config: Option<Value>,
    pub policy: Policy,
    /// How it was evaluated.
    pub evaluate: Value,
    pub engine: String,
    /// Of the lab.
    pub version: String,
    /// How many equally likely answers guessing is up against.
    pub guess_space: f64,
    /// The metrics of every training step.
    pub curve: Vec<Map<String, Value>>,
    pub evaluations: Vec<EvaluationRecord>,
    pub known: Vec<KnownRecord>,
    /// The watch's sentence, where it saw a collapse. The run went on: all arms have one budget.
    pub collapse: Option<String>,
    /// Seconds of all training steps, without evaluations.
    pub train_seconds: f64,
}

impl RunRecord {
    /// Whether this is the run of a job of this plan as it is now: a run of other settings is made anew.
    ///
    /// # Errors
    /// As [`Job::config`].
    pub fn is_of(&self, job: &Job<'_>) -> Result<bool> {
        let Plan { name, evaluate, .. } = job.plan;
        let policy = job.policy()?;
        // The stored configuration has every default filled in; what the plan says must be part of it.
        let same_config = match (job.config()?, &self.config) {
            (None, None) => true,
            (Some(config), Some(stored)) => contains(stored, &json(&config)),
            _ => false,
        };
        Ok(self.format == FORMAT
            && self.experiment == *name
            && self.task == job.task.task
            && self.arm == job.arm.name
            && self.seed == job.seed
            && self.model == job.task.model
            && same(&json(&self.policy), &json(&policy))
            && same(&self.evaluate, &json(evaluate))
            && same_config)
    }
}

/// Whether every key of `part` that is not null has its value in `whole`.
fn contains(whole: &Value, part: &Value) -> bool {
    let Value::Object(part) = part else { return false };
    part.iter().all(|(key, value)| value.is_null() || whole.get(key).is_some_and(|found| same(found, value)))
}

/// Equality of values, one of which was read from text: numbers may be off by a few units in the last place.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
            _ => false,
        },
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        _ => a == b,
    }
}

/// What cannot be written is null, and equals nothing.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
