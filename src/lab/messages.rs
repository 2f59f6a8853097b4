//! What crosses the doors, as plain data: options in, steps and results out. Field names are the public API's.
//!
//! Not here: what is done with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::decode::policy::{Policy, SoftSettings};
use crate::decode::{Phase, Step};
use crate::engine::choose::EngineInfo;
use crate::tasks::Split;
use crate::text::Tokenizer;
use crate::train::gather::Sample;
use crate::weights::Checkpoint;

/// Something a user should hear of that did not stop the work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notice {
    /// "recovered": the GPU was lost, and the work goes on.
    pub kind: &'static str,
    pub message: String,
    /// The training step the run goes on from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
}

/// What a loaded model is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelInfo {
    pub parameters: usize,
    pub layers: usize,
    pub hidden_size: usize,
    pub vocab_size: usize,
    pub max_positions: usize,
    /// The task it was warm-started on, if the file says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Everything the file says about its origin.
    pub metadata: BTreeMap<String, String>,
    /// The text of each token.
    pub tokens: Vec<String>,
    /// What computes it, and why.
    pub engine: EngineInfo,
}

impl ModelInfo {
    pub(super) fn new(checkpoint: &Checkpoint, tokenizer: &Tokenizer, engine: EngineInfo) -> Self {
        let config = &checkpoint.config;
        Self {
            parameters: checkpoint.params.len(),
            layers: config.num_hidden_layers,
            hidden_size: config.hidden_size,
            vocab_size: config.vocab_size,
            max_positions: config.max_position_embeddings,
            task: checkpoint.metadata.get("task").cloned(),
            metadata: checkpoint.metadata.clone(),
            tokens: (0..tokenizer.vocab_size() as u32).map(|id| tokenizer.token(id)).collect(),
            engine,
        }
    }
}

pub(super) fn soft() -> Policy {
    Policy::Soft(SoftSettings::default())
}

/// What to think about, and how. Give `question` or `question_seed`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThinkOptions {
    pub task: String,
    #[serde(default)]
    pub difficulty: Option<u32>,
    #[serde(default)]
    pub question: Option<String>,
    #[serde(default)]
    pub question_seed: Option<u64>,
    #[serde(default)]
    pub split: Option<Split>,
    #[serde(default = "soft")]
    pub policy: Policy,
    /// Longest completion, tokens; the task's own default when absent.
    #[serde(default)]
    pub max_steps: Option<usize>,
    #[serde(default)]
    pub seed: Option<u64>,
}

/// One step of a thought. Lists are in descending order of `mixture`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThinkStep {
    pub step: usize,
    pub phase: Phase,
    /// Texts of the K candidates.
    pub candidates: Vec<String>,
    pub candidate_ids: Vec<u32>,
    /// ln(q + 1e-6), nats.
    pub log_probs: Vec<f32>,
    /// The noise drawn for each; empty where the noise is not on single candidates.
    pub noise: Vec<f32>,
    /// log_probs + noise.
    pub perturbed: Vec<f32>,
    /// Weights of the next input; a discrete step has a single 1.
    pub mixture: Vec<f32>,
    /// Entropy of `mixture`, nats.
    pub entropy: f64,
    /// Entropy of the model's untruncated distribution, nats.
    pub model_entropy: f64,
    /// The projection (or drawn token), as text.
    pub token: String,
    pub token_id: u32,
    /// Whether the next input is the blend.
    pub soft: bool,
    /// Whether a stop rule ended the thought here.
    pub forced: bool,
    /// Whether the noise made another candidate win than the most likely one.
    pub winner_changed: bool,
}

impl ThinkStep {
    pub(super) fn new(index: usize, step: &Step, tokenizer: &Tokenizer) -> Self {
        Self {
            step: index,
            phase: step.phase(),
            candidates: step.candidates.iter().map(|id| tokenizer.token(*id)).collect(),
            candidate_ids: step.candidates.clone(),
            log_probs: step.log_probs.clone(),
            noise: step.noise.clone(),
            perturbed: step.perturbed.clone(),
            mixture: step.mixture.clone(),
            entropy: f64::from(step.mixture_entropy),
            model_entropy: f64::from(step.model_entropy),
            token: tokenizer.token(step.token),
            token_id: step.token,
            soft: step.soft,
            forced: step.forced,
            winner_changed: step.winner_changed,
        }
    }
}

/// How a thought ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThinkResult {
    pub question: String,
    /// One right answer.
    pub expected: String,
    /// What stood between `<answer>` and `</answer>`; absent if the completion is malformed or was cut off.
    pub answer: Option<String>,
    /// 0 to 1.
    pub grade: f64,
    /// What an honest grader says, where the grade is known to have a loophole; else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<f64>,
    pub thought: String,
    /// The whole completion, marks included.
    pub text: String,
    pub steps: usize,
    /// Mean over the steps of the thought, nats.
    pub mixture_entropy: f64,
    pub finished: bool,
}

/// What to evaluate.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvaluateOptions {
    pub task: String,
    #[serde(default)]
    pub difficulty: Option<u32>,
    #[serde(default = "soft")]
    pub policy: Policy,
    #[serde(default)]
    pub split: Option<Split>,
    #[serde(default = "sixty_four")]
    pub questions: usize,
    #[serde(default)]
    pub first_question: u64,
    #[serde(default = "thirty_two")]
    pub samples: usize,
    #[serde(default = "usual_k")]
    pub k: Vec<usize>,
    #[serde(default)]
    pub seed: Option<u64>,
    #[serde(default)]
    pub max_steps: Option<usize>,
}

fn sixty_four() -> usize {
    64
}

fn thirty_two() -> usize {
    32
}

fn usual_k() -> Vec<usize> {
    vec![1, 8, 32]
}

/// A completion of the newest training step, for people to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleInfo {
    pub question: String,
    pub expected: String,
    pub answer: Option<String>,
    pub reward: f64,
    /// What an honest grader says, where the grade is known to have a loophole; else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<f64>,
    pub advantage: f64,
    pub text: String,
    pub steps: Vec<SampleStep>,
}

/// A step of a sample, small enough to send in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleStep {
    pub token: String,
    pub phase: Phase,
    pub candidates: Vec<String>,
    pub mixture: Vec<f32>,
    pub noise: Vec<f32>,
    pub entropy: f64,
}

impl SampleInfo {
    pub(super) fn new(sample: &Sample, tokenizer: &Tokenizer) -> Self {
        let step = |step: &Step| SampleStep {
            token: tokenizer.token(step.token),
            phase: step.phase(),
            candidates: step.candidates.iter().map(|id| tokenizer.token(*id)).collect(),
            mixture: step.mixture.clone(),
            noise: step.noise.clone(),
            entropy: f64::from(step.mixture_entropy),
        };
        Self {
            question: sample.question.prompt.clone(),
            expected: sample.question.answer.clone(),
            answer: sample.answer.clone(),
            reward: sample.reward,
            audit: sample.audit,
            advantage: sample.advantage,
            text: tokenizer.decode(&sample.rollout.tokens()),
            steps: sample.rollout.steps.iter().map(step).collect(),
        }
    }
}
