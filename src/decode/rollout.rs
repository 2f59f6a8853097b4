//! Whole thoughts: the loop from a prompt to an answer, and the record from which training rebuilds it.
//!
//! Not here: grading (`evaluate.rs`), learning (`train/`).

use super::discrete::draw;
use super::policy::Policy;
use super::soft::{SoftStep, blend_weights, soft_step};
use crate::engine::chain::{Blending, ChainRequest, RowRecord, Sampling, StepRecord};
use crate::engine::{Action, Blends, Engine, Pulse, Sequence};
use crate::error::Result;
use crate::math::softmax::{entropy, softmax};
use crate::math::threefry::Key;
use crate::text::Marks;

/// Steps of a rollout that nobody watches, between two reports.
pub const CHUNK: usize = 32;
/// Candidates shown of a discrete step; it is drawn from all of them.
const SHOWN: usize = 5;

/// Where in the completion a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Before and including `</think>`.
    Think,
    /// After it.
    Answer,
}

/// One step of a completion.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub phase: Phase,
    /// The token: drawn, or the projection of the blend.
    pub token: u32,
    /// Whether the next input is the blend (true) or the token alone.
    pub soft: bool,
    /// Candidates, noise and weights; of a discrete step the likeliest few, its weight 1 on the drawn token.
    pub detail: SoftStep,
    /// Entropy (nats) of the model's untruncated distribution at temperature 1.
    pub model_entropy: f64,
}

impl Step {
    /// What training scores.
    #[must_use]
    pub fn action(&self) -> Action {
        if self.soft {
            Action::Soft { candidates: self.detail.candidates.clone(), perturbed: self.detail.perturbed.clone() }
        } else {
            Action::Token(self.token)
        }
    }

    /// Entropy (nats) of the weights of the next input.
    #[must_use]
    pub fn mixture_entropy(&self) -> f64 {
        let weights: Vec<f64> = self.detail.mixture.iter().map(|w| f64::from(*w)).collect();
        entropy(&weights)
    }

    fn push_input(&self, inputs: &mut Blends) {
        if self.soft {
            inputs.push(&self.detail.candidates, &self.detail.mixture);
        } else {
            inputs.push_token(self.token);
        }
    }
}

/// A finished (or cut off) completion.
#[derive(Clone, Debug, PartialEq)]
pub struct Rollout {
    pub prompt: Vec<u32>,
    pub steps: Vec<Step>,
    /// Whether the end mark came within the allowed length.
    pub finished: bool,
}

impl Rollout {
    /// The tokens a grader reads.
    #[must_use]
    pub fn tokens(&self) -> Vec<u32> {
        self.steps.iter().map(|step| step.token).collect()
    }

    /// Steps before the answer.
    #[must_use]
    pub fn thought_length(&self) -> usize {
        self.steps.iter().filter(|step| step.phase == Phase::Think).count()
    }

    /// The sequence to score: prompt and blends as inputs, rebuilt from the stored perturbed values.
    #[must_use]
    pub fn sequence(&self, gumbel_temperature: f64) -> Sequence {
        let width = self.steps.iter().filter(|s| s.soft).map(|s| s.detail.candidates.len()).max().unwrap_or(1);
        let mut inputs = Blends::new(width);
        self.prompt.iter().for_each(|id| inputs.push_token(*id));
        for step in self.steps.iter().take(self.steps.len().saturating_sub(1)) {
            if step.soft {
                inputs.push(&step.detail.candidates, &blend_weights(&step.detail.perturbed, gumbel_temperature));
            } else {
                inputs.push_token(step.token);
            }
        }
        Sequence { inputs, first: self.prompt.len() - 1, actions: self.steps.iter().map(Step::action).collect() }
    }
}

/// What to roll out.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Token ids, each ending with the think mark.
    pub prompts: &'a [Vec<u32>],
    /// The first prompt's number: prompt i draws the noise of prompt number `offset + i`.
    pub offset: usize,
    /// Completions of each prompt.
    pub samples: usize,
    pub policy: &'a Policy,
    /// Longest completion, tokens.
    pub max_steps: usize,
    pub seed: u64,
    pub marks: Marks,
    /// Steps that an engine may take before it reports them: [`CHUNK`], or few where somebody watches.
    pub chunk: usize,
}

/// Rolls out every prompt `samples` times; `on_step` hears of each step as it is made (row, step).
/// Same seed, same rollouts, whatever else is in the batch.
///
/// # Errors
/// Those of the engine, and `cancelled`.
pub async fn rollout<E: Engine>(
    engine: &mut E,
    request: &Request<'_>,
    pulse: &Pulse,
    on_step: &mut dyn FnMut(usize, &Step),
) -> Result<Vec<Rollout>> {
    pulse.beat().await?;
    let Request { prompts, offset, samples, policy, max_steps, seed, marks, .. } = request;
    if let Some(rollouts) = chain(engine, request, pulse, on_step).await? {
        return Ok(rollouts);
    }
    let vocabulary = engine.config().vocab_size;
    let mut rows: Vec<Row> =
        (0..prompts.len() * samples).map(|row| Row::new(*seed, offset + row / samples, row % samples)).collect();
    let mut alive: Vec<usize> = (0..rows.len()).collect();
    let mut logits = engine.prefill(prompts, *samples, *max_steps).await?;
    for index in 0..*max_steps {
        for (place, row) in alive.iter().enumerate() {
            let step = rows[*row].next(&logits[place * vocabulary..][..vocabulary], policy, *marks);
            on_step(*row, step);
        }
        let living: Vec<usize> = (0..alive.len()).filter(|place| !rows[alive[*place]].finished).collect();
        if living.is_empty() || index + 1 == *max_steps {
            break;
        }
        if living.len() < alive.len() {
            engine.keep_rows(&living).await?;
            alive = living.iter().map(|place| alive[*place]).collect();
        }
        let mut inputs = Blends::new(policy_width(policy));
        for row in &alive {
            if let Some(step) = rows[*row].steps.last() {
                step.push_input(&mut inputs);
            }
        }
        pulse.beat().await?;
        logits = engine.decode(&inputs).await?;
    }
    Ok(rows
        .into_iter()
        .enumerate()
        .map(|(row, r)| Rollout { prompt: prompts[row / samples].clone(), steps: r.steps, finished: r.finished })
        .collect())
}

/// The same on an engine that needs no host between two steps.
async fn chain<E: Engine>(
    engine: &mut E,
    request: &Request<'_>,
    pulse: &Pulse,
    on_step: &mut dyn FnMut(usize, &Step),
) -> Result<Option<Vec<Rollout>>> {
    let Request { prompts, offset, samples, policy, max_steps, seed, marks, chunk } = request;
    let blending = match policy {
        Policy::Discrete(_) => None,
        Policy::Soft(s) => Some(Blending {
            candidates: s.soft_top_k,
            gumbel_temperature: s.gumbel_temperature,
            noise_scale: s.noise_scale,
        }),
    };
    let sampling = Sampling {
        truncation: policy.truncation(),
        blending,
        end_think: marks.end_think,
        end_answer: marks.end_answer,
        max_steps: *max_steps,
    };
    let keys: Vec<Key> =
        (0..prompts.len() * samples).map(|row| row_key(*seed, offset + row / samples, row % samples)).collect();
    let request = ChainRequest { prompts, keys: &keys, sampling: &sampling, chunk: *chunk };
    let rows = engine.run_chain(&request, pulse, &mut |row, record| on_step(row, &Step::from(record))).await?;
    let finished = |(row, record): (usize, RowRecord)| Rollout {
        prompt: prompts[row / samples].clone(),
        steps: record.steps.iter().map(Step::from).collect(),
        finished: record.finished,
    };
    Ok(rows.map(|rows| rows.into_iter().enumerate().map(finished).collect()))
}

impl From<&StepRecord> for Step {
    fn from(record: &StepRecord) -> Self {
        Self {
            phase: if record.answering { Phase::Answer } else { Phase::Think },
            token: record.token,
            soft: record.soft,
            detail: SoftStep {
                candidates: record.candidates.clone(),
                log_probs: record.log_probs.clone(),
                noise: record.noise.clone(),
                perturbed: record.perturbed.clone(),
                mixture: record.mixture.clone(),
                winner_changed: record.winner_changed,
            },
            model_entropy: f64::from(record.model_entropy),
        }
    }
}

/// The noise of one completion of one prompt.
fn row_key(seed: u64, prompt: usize, sample: usize) -> Key {
    Key::from_seed(seed).derive(prompt as u32).derive(sample as u32)
}

fn policy_width(policy: &Policy) -> usize {
    match policy {
        Policy::Discrete(_) => 1,
        Policy::Soft(s) => s.soft_top_k,
    }
}

/// The state of one row.
struct Row {
    key: Key,
    steps: Vec<Step>,
    answering: bool,
    finished: bool,
}

impl Row {
    fn new(seed: u64, prompt: usize, sample: usize) -> Self {
        Self { key: row_key(seed, prompt, sample), steps: Vec::new(), answering: false, finished: false }
    }

    /// Decides the next step from logits (V).
    fn next(&mut self, logits: &[f32], policy: &Policy, marks: Marks) -> &Step {
        let index = self.steps.len() as u32;
        let phase = if self.answering { Phase::Answer } else { Phase::Think };
        let detail = match policy {
            Policy::Soft(settings) if !self.answering => soft_step(logits, settings, self.key, index),
            _ => discrete_step(logits, policy, self.key, index),
        };
        let token = detail.candidates.first().copied().unwrap_or(marks.pad);
        // As the published code: the step that leaves soft mode is fed, stored and scored as a token.
        let soft = policy.is_soft() && !self.answering && token != marks.end_think;
        self.answering |= token == marks.end_think;
        self.finished = token == marks.end_answer;
        let wide: Vec<f64> = logits.iter().map(|z| f64::from(*z)).collect();
        self.steps.push(Step { phase, token, soft, detail, model_entropy: entropy(&softmax(&wide)) });
        &self.steps[self.steps.len() - 1]
    }
}

/// A discrete draw in the clothes of a soft step: the drawn token first, with all the weight.
fn discrete_step(logits: &[f32], policy: &Policy, key: Key, step: u32) -> SoftStep {
    let draw = draw(logits, &policy.truncation(), key, step);
    let mut order: Vec<usize> = (0..draw.candidates.ids.len().min(SHOWN)).filter(|i| *i != draw.winner).collect();
    order.insert(0, draw.winner);
    order.truncate(SHOWN);
    let log_prob = |i: &usize| draw.candidates.probs[*i].ln();
    SoftStep {
        candidates: order.iter().map(|i| draw.candidates.ids[*i]).collect(),
        log_probs: order.iter().map(|i| log_prob(i) as f32).collect(),
        noise: order.iter().map(|i| draw.noise[*i] as f32).collect(),
        perturbed: order.iter().map(|i| (log_prob(i) + draw.noise[*i]) as f32).collect(),
        mixture: order.iter().map(|i| if *i == draw.winner { 1.0 } else { 0.0 }).collect(),
        winner_changed: draw.winner != 0,
    }
}
