//! Log densities of actions over whole sequences, without gradients.
//!
//! Not here: the formulas (`shaders/log_density.wgsl`).

use super::GpuEngine;
use super::forward::{Forward, Shape};
use super::kernels::Kernel;
use super::params::LogDensity;
use super::program::Call;
use super::workspace::{Capacity, Slot};
use crate::engine::{Action, Blends, Pulse, Scores, Scoring, Sequence, Weights};
use crate::error::{Error, Result};
use crate::math::gumbel::{LOG_EPSILON, NOISE_MAX, NOISE_MIN};
use crate::model::config::ModelConfig;

/// A mask that counts every candidate: no log probability is lower.
const NO_MASK: f32 = -1e30;

/// The sizes of one forward pass over padded sequences.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchPass {
    /// Sequences.
    pub sequences: usize,
    /// T: the longest of them.
    pub time: usize,
    /// Entries of their blends.
    pub width: usize,
    /// Positions whose distributions are wanted.
    pub wanted: usize,
}

/// From blends to the logits of the wanted positions.
#[must_use]
pub fn batch_calls(forward: &Forward, weights: Slot, pass: BatchPass) -> Vec<Call> {
    let BatchPass { sequences, time, width, wanted } = pass;
    let rows = sequences * time;
    let mut calls = vec![forward.embed(weights, rows, width)];
    calls.extend(forward.blocks(weights, Shape::Causal { rows, time, fill: None }));
    calls.push(forward.last_norm_of(weights, wanted, Slot::Hidden, 0));
    calls.push(forward.head(weights, Slot::Hidden, wanted));
    calls
}

/// From logits to log densities; soft actions have `candidates` candidates.
#[must_use]
pub fn density_call(config: &ModelConfig, scoring: &Scoring, actions: usize, candidates: usize) -> Call {
    let params = LogDensity {
        vocabulary: config.vocab_size as u32,
        candidates: candidates as u32,
        temperature: scoring.temperature as f32,
        clamp_noise: u32::from(scoring.density.clamp),
        noise_min: NOISE_MIN as f32,
        noise_max: NOISE_MAX as f32,
        mask: scoring.density.mask.map_or(NO_MASK, |mask| mask as f32),
        mean: u32::from(scoring.density.mean),
        log_epsilon: LOG_EPSILON as f32,
    };
    let buffers = [Slot::Logits, Slot::Actions, Slot::Perturbed, Slot::Scores];
    Call::new(Kernel::LogDensity, &buffers, &params, [actions, 1])
}

impl GpuEngine {
    /// Log densities of all actions and entropies of their distributions; see [`crate::engine::Engine::score`].
    ///
    /// # Errors
    /// `bad-input` naming the sequence that cannot be scored, `not-ready` without a reference policy, `cancelled`.
    pub async fn score(
        &mut self,
        batch: &[Sequence],
        scoring: &Scoring,
        weights: Weights,
        pulse: &Pulse,
    ) -> Result<Scores> {
        check(&self.config, &self.capacity, batch)?;
        let mut scores = Scores::default();
        let mut rest = batch;
        while !rest.is_empty() {
            pulse.beat().await?;
            let (sequences, later) = rest.split_at(fitting(rest, self.capacity.tokens));
            rest = later;
            let actions: Vec<&Action> = sequences.iter().flat_map(|sequence| &sequence.actions).collect();
            let candidates = self.upload_actions(&actions)?;
            let time = sequences.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
            let wanted = sequences
                .iter()
                .enumerate()
                .flat_map(|(b, s)| (0..s.actions.len()).map(move |action| (b * time + s.first + action) as u32));
            let pass = self.upload_batch(sequences, time, &wanted.collect::<Vec<_>>())?;
            self.run_batch(pass, weights)?;
            let call = density_call(&self.config, scoring, actions.len(), candidates);
            self.programs.density.update(&self.gpu, &[call])?;
            let mut encoder = self.gpu.encoder();
            self.programs.density.record(&self.gpu, &mut encoder, 1);
            self.gpu.submit(encoder);
            let bytes = self.copy_out(Slot::Scores, 2 * actions.len()).await?;
            let numbers: Vec<f32> = bytemuck::pod_collect_to_vec(&bytes);
            let mut pairs = numbers.chunks_exact(2).map(|pair| (f64::from(pair[0]), f64::from(pair[1])));
            for sequence in sequences {
                let (densities, entropies) = pairs.by_ref().take(sequence.actions.len()).unzip();
                scores.log_densities.push(densities);
                scores.entropies.push(entropies);
            }
        }
        Ok(scores)
    }

    /// Logits (T, V) of one sequence of inputs; for verification and tests.
    ///
    /// # Errors
    /// As [`GpuEngine::score`].
    pub async fn logits(&mut self, inputs: &Blends) -> Result<Vec<f32>> {
        let sequence = Sequence { inputs: inputs.clone(), first: 0, actions: vec![Action::Token(0)] };
        let batch = [sequence];
        check(&self.config, &self.capacity, &batch)?;
        let time = inputs.rows();
        let wanted: Vec<u32> = (0..time as u32).collect();
        let pass = self.upload_batch(&batch, time, &wanted)?;
        self.run_batch(pass, Weights::Current)?;
        let bytes = self.copy_out(Slot::Logits, time * self.config.vocab_size).await?;
        Ok(bytemuck::pod_collect_to_vec(&bytes))
    }

    /// Pads the inputs on the right and names the wanted rows.
    fn upload_batch(&self, sequences: &[Sequence], time: usize, wanted: &[u32]) -> Result<BatchPass> {
        let width = sequences.iter().map(|s| s.inputs.width).max().unwrap_or(1);
        let mut inputs = Blends::new(width);
        for sequence in sequences {
            let own = sequence.inputs.width;
            for (ids, weights) in sequence.inputs.ids.chunks_exact(own).zip(sequence.inputs.weights.chunks_exact(own)) {
                inputs.push(ids, weights);
            }
            for _ in sequence.inputs.rows()..time {
                inputs.push(&[], &[]);
            }
        }
        self.gpu.write(self.workspace.buffer(Slot::Ids)?, 0, bytemuck::cast_slice(&inputs.ids));
        self.gpu.write(self.workspace.buffer(Slot::Shares)?, 0, bytemuck::cast_slice(&inputs.weights));
        self.gpu.write(self.workspace.buffer(Slot::Rows)?, 0, bytemuck::cast_slice(wanted));
        Ok(BatchPass { sequences: sequences.len(), time, width, wanted: wanted.len() })
    }

    fn run_batch(&mut self, pass: BatchPass, weights: Weights) -> Result<()> {
        let (slot, program) = match weights {
            Weights::Current => (Slot::Weights, Some(&mut self.programs.batch)),
            Weights::Reference => (Slot::Reference, self.programs.reference.as_mut()),
        };
        let program = program.ok_or_else(|| {
            Error::NotReady("no reference policy was frozen; call set_reference before training starts".into())
        })?;
        program.update(&self.gpu, &batch_calls(&self.forward, slot, pass))?;
        let mut encoder = self.gpu.encoder();
        program.record(&self.gpu, &mut encoder, 1);
        self.gpu.submit(encoder);
        Ok(())
    }

    /// Writes the actions and returns K, the same for all soft ones.
    fn upload_actions(&self, actions: &[&Action]) -> Result<usize> {
        let widths = actions.iter().filter_map(|action| match action {
            Action::Soft { candidates, .. } => Some(candidates.len()),
            Action::Token(_) => None,
        });
        let k = widths.clone().max().unwrap_or(1);
        if widths.clone().any(|width| width != k) {
            return Err(Error::bad_input("all soft steps of a batch must have the same number of candidates"));
        }
        let (mut words, mut values) = (Vec::new(), Vec::new());
        for action in actions {
            let (kind, ids, perturbed) = match action {
                Action::Token(id) => (0, std::slice::from_ref(id), [].as_slice()),
                Action::Soft { candidates, perturbed } => (1, candidates.as_slice(), perturbed.as_slice()),
            };
            words.push(kind);
            words.extend_from_slice(ids);
            words.resize(words.len() + k - ids.len(), 0);
            values.extend_from_slice(perturbed);
            values.resize(values.len() + k - perturbed.len(), 0.0);
        }
        self.gpu.write(self.workspace.buffer(Slot::Actions)?, 0, bytemuck::cast_slice::<u32, u8>(&words));
        self.gpu.write(self.workspace.buffer(Slot::Perturbed)?, 0, bytemuck::cast_slice::<f32, u8>(&values));
        Ok(k)
    }
}

/// How many of the first sequences fit `tokens` padded positions; at least one.
fn fitting(batch: &[Sequence], tokens: usize) -> usize {
    let mut longest = 0;
    let fits = batch.iter().enumerate().take_while(|(index, sequence)| {
        longest = longest.max(sequence.inputs.rows());
        longest * (index + 1) <= tokens
    });
    fits.count().max(1)
}

/// # Errors
/// `bad-input` naming the sequence and what is out of range.
fn check(config: &ModelConfig, capacity: &Capacity, batch: &[Sequence]) -> Result<()> {
    let positions = config.max_position_embeddings.min(capacity.tokens);
    for (index, sequence) in batch.iter().enumerate() {
        let (rows, n) = (sequence.inputs.rows(), sequence.actions.len());
        if rows == 0 || rows > positions {
            return Err(Error::bad_input(format!("sequence {index} has {rows} positions; 1 to {positions} fit")));
        }
        if n == 0 || sequence.first + n > rows {
            let first = sequence.first;
            return Err(Error::bad_input(format!(
                "sequence {index} has {n} actions from position {first} on, but {rows} inputs"
            )));
        }
        let mut widest = sequence.inputs.width;
        check_ids(config, sequence.inputs.ids.iter())?;
        for action in &sequence.actions {
            match action {
                Action::Token(id) => check_ids(config, std::iter::once(id))?,
                Action::Soft { candidates, perturbed } if candidates.len() == perturbed.len() => {
                    widest = widest.max(candidates.len());
                    check_ids(config, candidates.iter())?;
                }
                Action::Soft { candidates, perturbed } => {
                    let (c, p) = (candidates.len(), perturbed.len());
                    return Err(Error::bad_input(format!(
                        "sequence {index} has {c} candidates but {p} perturbed values"
                    )));
                }
            }
        }
        if widest > capacity.candidates {
            let most = capacity.candidates;
            return Err(Error::bad_input(format!(
                "sequence {index} has blends of {widest}; at most {most} fit the engine"
            )));
        }
    }
    Ok(())
}

/// # Errors
/// `bad-input` naming the first id outside the vocabulary.
pub fn check_ids<'a>(config: &ModelConfig, mut ids: impl Iterator<Item = &'a u32>) -> Result<()> {
    match ids.find(|id| **id as usize >= config.vocab_size) {
        None => Ok(()),
        Some(id) => Err(Error::bad_input(format!("token id {id} is outside the vocabulary of {}", config.vocab_size))),
    }
}
