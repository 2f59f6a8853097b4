//! The tables of an experiment, as plain data.
//!
//! Not here: how they are made (`summary.rs`).

use serde::{Deserialize, Serialize};

use crate::math::bootstrap::Interval;
use crate::tasks::Split;

/// One k with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtK {
    pub k: usize,
    #[serde(flatten)]
    pub value: Interval,
}

/// What one way of evaluating an arm found, over all its seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    pub step: usize,
    pub split: Split,
    /// "own", or the name of a mode.
    pub mode: String,
    pub pass_at_k: Vec<AtK>,
    pub majority: f64,
    pub mean_length: f64,
    pub mean_thought_length: f64,
    pub mean_length_correct: Option<f64>,
    pub entropy: f64,
    pub entropy_by_position: Vec<f64>,
    pub mixture_entropy: Option<f64>,
    pub near_one_hot: Option<f64>,
}

/// One training step over all seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    pub step: usize,
    /// Seconds of training so far, mean over seeds.
    pub seconds: f64,
    pub reward: f64,
    pub reward_low: f64,
    pub reward_high: f64,
    /// Nats.
    pub entropy: f64,
    pub length: f64,
}

/// Forgetting: nats per token on a task the model knew before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    pub task: String,
    pub before: f64,
    pub after: Interval,
}

/// An arm on a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    pub arm: String,
    pub title: String,
    /// Runs that are in.
    pub seeds: Vec<u64>,
    pub measured: Vec<Measured>,
    pub curve: Vec<CurvePoint>,
    pub known: Vec<Known>,
    /// Mean over training steps and seeds.
    pub seconds_per_step: Option<f64>,
    /// Runs in which the watch saw a collapse.
    pub collapses: usize,
}

/// How much arm `a` differs from arm `b`, paired by seed and question, both thinking as they were trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    pub a: String,
    pub b: String,
    pub split: Split,
    pub k: usize,
    #[serde(flatten)]
    pub value: Interval,
}

/// Where a trained arm stood when it had used, or reached, as much as all others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// "compute" (seconds of training) or "reward" (smoothed over 5 steps).
    pub equal: String,
    pub value: f64,
    pub arm: String,
    /// The evaluation nearest before that moment.
    pub step: usize,
    pub pass_at_k: Vec<AtK>,
}

/// A task of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskSummary {
    pub task: String,
    pub difficulty: u32,
    pub guess_space: f64,
    /// pass@k of blind guessing.
    pub guessing: Vec<(usize, f64)>,
    pub arms: Vec<ArmSummary>,
    pub contrasts: Vec<Contrast>,
    pub meetings: Vec<Meeting>,
}

/// A whole experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub experiment: String,
    pub title: String,
    pub runs: usize,
    pub runs_planned: usize,
    pub tasks: Vec<TaskSummary>,
}
