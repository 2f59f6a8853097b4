//! Whole thoughts: the loop from a prompt to an answer, and the record from which training rebuilds it.
//!
//! Not here: what a step does (`step.rs`), grading (`evaluate.rs`), learning (`train/`).

use super::policy::Policy;
use super::step::{Phase, Row, Step};
use crate::engine::chain::{ChainRequest, RowRecord, Sampling};
use crate::engine::{Action, Blends, Engine, Pulse, Sequence};
use crate::error::{Error, Result};
use crate::math::gumbel::mixture;
use crate::math::soft_tokens::root_mean_square;
use crate::math::threefry::Key;
use crate::model::params::count;
use crate::text::Marks;

/// Steps of a rollout that nobody watches, between two reports.
pub const CHUNK: usize = 32;

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
        self.steps.iter().filter(|step| step.phase() == Phase::Think).count()
    }

    /// The sequence to score: prompt and inputs as they were fed, so that they are identical for the old, the new and the reference
    /// policy.
    #[must_use]
    pub fn sequence(&self) -> Sequence {
        self.sequence_with(|step| step.mixture.clone())
    }

    /// The same with the weights of blends rebuilt as softmax(stored / `temperature`), whatever map the rollout used: what the published
    /// code of SofT-GRPO does with its control noises too, so that training sees other inputs than the rollout fed.
    #[must_use]
    pub fn sequence_by_softmax(&self, temperature: f64) -> Sequence {
        self.sequence_with(|step| {
            let stored: Vec<f64> = step.perturbed.iter().map(|y| f64::from(*y)).collect();
            mixture(&stored, temperature).into_iter().map(|w| w as f32).collect()
        })
    }

    fn sequence_with(&self, weights: impl Fn(&Step) -> Vec<f32>) -> Sequence {
        let dim = self.steps.iter().map(|s| s.vector.len()).max().unwrap_or(0);
        let blended = self.steps.iter().filter(|s| s.soft && s.vector.is_empty());
        let width = blended.map(|s| s.candidates.len()).max().unwrap_or(1);
        let mut inputs = Blends { width, dim, ..Blends::default() };
        self.prompt.iter().for_each(|id| inputs.push_token(*id));
        for step in self.steps.iter().take(self.steps.len().saturating_sub(1)) {
            step.push_input(&mut inputs, Some(&weights(step)));
        }
        let actions: Vec<Action> = self.steps.iter().map(Step::action).collect();
        Sequence { inputs, first: self.prompt.len() - 1, actions }
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

/// σ of a policy's noise on embeddings, from the live embedding table; 0 for policies without. And the table (V, D), where it is needed.
///
/// # Errors
/// The engine's.
pub async fn embedding_of<E: Engine>(engine: &E, policy: &Policy) -> Result<(f64, Vec<f64>)> {
    let Some(share) = policy.embedding_noise() else { return Ok((0.0, Vec::new())) };
    let size = engine.config().vocab_size * engine.config().hidden_size;
    let params = engine.read_params().await?; // the table comes first
    if params.len() != count(engine.config()) {
        let text = "soft and fuzzy tokens need all parameters, and of this model only an adapter's are at hand";
        return Err(Error::bad_input(text));
    }
    let table = &params[..size];
    Ok((share * root_mean_square(table), table.iter().map(|e| f64::from(*e)).collect()))
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
    let (deviation, embedding) = embedding_of(engine, policy).await?;
    let sampling = policy.sampling(*marks, *max_steps, deviation);
    let keys: Vec<Key> =
        (0..prompts.len() * samples).map(|row| row_key(*seed, offset + row / samples, row % samples)).collect();
    let chain = ChainRequest { prompts, keys: &keys, sampling: &sampling, chunk: request.chunk, ending: marks.ending };
    let rows = match engine.run_chain(&chain, pulse, on_step).await? {
        Some(rows) => rows,
        None => step_by_step(engine, &chain, *samples, &embedding, pulse, on_step).await?,
    };
    let finished = |(row, record): (usize, RowRecord)| Rollout {
        prompt: prompts[row / samples].clone(),
        steps: record.steps,
        finished: record.finished,
    };
    Ok(rows.into_iter().enumerate().map(finished).collect())
}

/// The loop on an engine whose steps the host decides.
async fn step_by_step<E: Engine>(
    engine: &mut E,
    request: &ChainRequest<'_>,
    samples: usize,
    embedding: &[f64],
    pulse: &Pulse,
    on_step: &mut dyn FnMut(usize, &Step),
) -> Result<Vec<RowRecord>> {
    let ChainRequest { prompts, keys, sampling, ending, .. } = *request;
    sampling.validate()?;
    let vocabulary = engine.config().vocab_size;
    let mut rows: Vec<Row> = keys.iter().map(|key| Row::with_ending(*key, ending)).collect();
    let mut alive: Vec<usize> = (0..rows.len()).collect();
    let mut logits = engine.read_prompts(prompts, samples, sampling.max_steps, pulse).await?;
    for index in 0..sampling.max_steps {
        for (place, row) in alive.iter().enumerate() {
            let step = rows[*row].next(&logits[place * vocabulary..][..vocabulary], sampling, embedding);
            on_step(*row, step);
        }
        let living: Vec<usize> = (0..alive.len()).filter(|place| !rows[alive[*place]].finished).collect();
        if living.is_empty() || index + 1 == sampling.max_steps {
            break;
        }
        if living.len() < alive.len() {
            engine.keep_rows(&living).await?;
            alive = living.iter().map(|place| alive[*place]).collect();
        }
        let inputs = next_inputs(sampling, engine.config().hidden_size, alive.iter().map(|row| &rows[*row]));
        pulse.beat().await?;
        logits = engine.decode(&inputs).await?;
    }
    Ok(rows.into_iter().map(|row| RowRecord { steps: row.steps, finished: row.finished }).collect())
}

/// What the newest steps feed.
fn next_inputs<'a>(sampling: &Sampling, dim: usize, rows: impl Iterator<Item = &'a Row>) -> Blends {
    let vectors = matches!(sampling.thinking, crate::engine::chain::Thinking::Vector(_));
    let mut inputs = if vectors { Blends::with_vectors(dim) } else { Blends::new(sampling.width()) };
    for step in rows.filter_map(|row| row.steps.last()) {
        step.push_input(&mut inputs, None);
    }
    inputs
}

/// The noise of one completion of one prompt.
fn row_key(seed: u64, prompt: usize, sample: usize) -> Key {
    Key::from_seed(seed).derive(prompt as u32).derive(sample as u32)
}
