//! Sequences and actions on their way to the device: padded on the right, one row a position.
//!
//! Not here: what is computed from them (`score.rs`, `learn.rs`).

use std::ops::Range;

use super::calls::{ActionShape, BatchPass, SOFT, VECTOR};
use super::device::Gpu;
use super::slots::Slot;
use super::workspace::Workspace;
use crate::engine::{Action, Blends, Scoring, Sequence};
use crate::error::{Error, Result};

/// Padded inputs and the rows whose distributions are wanted.
pub struct Batch {
    pub pass: BatchPass,
    pub shape: ActionShape,
    inputs: Blends,
    wanted: Vec<u32>,
    actions: Actions,
}

/// Actions as the kernels read them.
#[derive(Default)]
struct Actions {
    /// (N, 2 + W): kind, how many ids, the ids.
    words: Vec<u32>,
    /// (N, W)
    perturbed: Vec<f32>,
    /// (N, D) where some are vectors.
    fed: Vec<f32>,
}

impl Batch {
    /// Packs sequences of any lengths.
    ///
    /// # Errors
    /// `bad-input` when soft actions of different K are mixed, or vectors come without a word on how they are scored.
    pub fn pack(sequences: &[Sequence], scoring: &Scoring) -> Result<Self> {
        let time = sequences.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
        let width = sequences.iter().map(|s| s.inputs.width).max().unwrap_or(1);
        let dim = sequences.iter().map(|s| s.inputs.dim).max().unwrap_or(0);
        let mut inputs = Blends { width, dim, ..Blends::default() };
        for sequence in sequences {
            let (own, first) = (sequence.inputs.width, inputs.vectors.len());
            for (ids, weights) in sequence.inputs.ids.chunks_exact(own).zip(sequence.inputs.weights.chunks_exact(own)) {
                inputs.push(ids, weights);
            }
            inputs.vectors[first..][..sequence.inputs.vectors.len()].copy_from_slice(&sequence.inputs.vectors);
            for _ in sequence.inputs.rows()..time {
                inputs.push(&[], &[]);
            }
        }
        let wanted = (sequences.iter().enumerate())
            .flat_map(|(b, s)| (0..s.actions.len()).map(move |action| (b * time + s.first + action) as u32));
        let wanted: Vec<u32> = wanted.collect();
        let actions: Vec<&Action> = sequences.iter().flat_map(|s| &s.actions).collect();
        let shape = shape_of(&actions, scoring)?;
        let actions = pack_actions(&actions, shape);
        let pass = BatchPass { sequences: sequences.len(), time, width, wanted: wanted.len(), vectors: dim > 0 };
        Ok(Self { pass, shape, inputs, wanted, actions })
    }

    /// One sequence of inputs of which every position is wanted, without actions.
    #[must_use]
    pub fn of_inputs(inputs: &Blends) -> Self {
        let time = inputs.rows();
        let pass = BatchPass { sequences: 1, time, width: inputs.width, wanted: time, vectors: inputs.dim > 0 };
        let (wanted, shape) = ((0..time as u32).collect(), ActionShape { width: 1, scores: 1, vectors: false });
        Self { pass, shape, inputs: inputs.clone(), wanted, actions: Actions::default() }
    }

    /// Writes everything to the device.
    ///
    /// # Errors
    /// `not-ready` where a buffer is missing.
    pub fn upload(&self, gpu: &Gpu, workspace: &Workspace) -> Result<()> {
        self.upload_inputs(gpu, workspace)?;
        self.upload_tile(gpu, workspace, 0..self.pass.wanted)?;
        if !self.actions.fed.is_empty() {
            gpu.write(workspace.buffer(Slot::Fed)?, 0, bytemuck::cast_slice(&self.actions.fed));
        }
        Ok(())
    }

    /// Writes the inputs alone.
    ///
    /// # Errors
    /// As [`Batch::upload`].
    pub fn upload_inputs(&self, gpu: &Gpu, workspace: &Workspace) -> Result<()> {
        let inputs = &self.inputs;
        gpu.write(workspace.buffer(Slot::Ids)?, 0, bytemuck::cast_slice(&inputs.ids));
        gpu.write(workspace.buffer(Slot::Shares)?, 0, bytemuck::cast_slice(&inputs.weights));
        if !inputs.vectors.is_empty() {
            gpu.write(workspace.buffer(Slot::Added)?, 0, bytemuck::cast_slice(&inputs.vectors));
        }
        Ok(())
    }

    /// Writes some of the wanted positions and the actions there, to the beginning of their buffers.
    ///
    /// # Errors
    /// As [`Batch::upload`].
    pub fn upload_tile(&self, gpu: &Gpu, workspace: &Workspace, tile: Range<usize>) -> Result<()> {
        let (Self { wanted, actions, shape, .. }, width) = (self, self.shape.width);
        let part = |width: usize| width * tile.start..width * tile.end;
        gpu.write(workspace.buffer(Slot::Rows)?, 0, bytemuck::cast_slice(&wanted[tile.clone()]));
        if actions.words.is_empty() {
            return Ok(());
        }
        gpu.write(workspace.buffer(Slot::Actions)?, 0, bytemuck::cast_slice(&actions.words[part(2 + shape.width)]));
        gpu.write(workspace.buffer(Slot::Perturbed)?, 0, bytemuck::cast_slice(&actions.perturbed[part(width)]));
        Ok(())
    }

    /// Where each token's entries begin (V + 1), and the entries sorted by token: row and the bits of the share.
    #[must_use]
    pub fn entries(&self, vocabulary: usize) -> (Vec<u32>, Vec<[u32; 2]>) {
        let used = || self.inputs.ids.iter().zip(&self.inputs.weights).enumerate().filter(|(_, (_, w))| **w != 0.0);
        let mut starts = vec![0u32; vocabulary + 1];
        used().for_each(|(_, (id, _))| starts[*id as usize + 1] += 1);
        for token in 0..vocabulary {
            starts[token + 1] += starts[token];
        }
        let mut entries = vec![[0; 2]; starts[vocabulary] as usize];
        let mut next = starts.clone();
        for (place, (id, share)) in used() {
            let at = &mut next[*id as usize];
            entries[*at as usize] = [(place / self.inputs.width) as u32, share.to_bits()];
            *at += 1;
        }
        (starts, entries)
    }
}

/// How wide actions are.
///
/// # Errors
/// As [`Batch::pack`].
pub fn shape_of(actions: &[&Action], scoring: &Scoring) -> Result<ActionShape> {
    let (mut shape, mut candidates) = (ActionShape { width: 1, scores: 1, vectors: false }, None);
    for action in actions {
        if let Action::Soft { candidates: own, .. } = action
            && *candidates.get_or_insert(own.len()) != own.len()
        {
            return Err(Error::bad_input("all soft steps of a batch must have the same number of candidates"));
        }
        shape.width = shape.width.max(width(action));
        shape.scores = shape.scores.max(action.scores());
        shape.vectors |= matches!(action, Action::Vector(_));
    }
    if shape.vectors && scoring.vectors.is_none() {
        return Err(Error::bad_input("vectors need `Scoring::vectors` to be scored by"));
    }
    Ok(shape)
}

/// How many ids an action takes on the device.
#[must_use]
pub fn width(action: &Action) -> usize {
    match action {
        Action::Soft { candidates, .. } => candidates.len(),
        Action::Draws(ids) => ids.len(),
        Action::Token(_) | Action::Vector(_) | Action::Forced => 1,
    }
}

/// Actions as the kernels read them: kinds and ids (N, 2 + W), perturbed values (N, W).
#[must_use]
pub fn pack_words(actions: &[&Action], width: usize) -> (Vec<u32>, Vec<f32>) {
    let (mut words, mut values) = (Vec::new(), Vec::new());
    for (index, action) in actions.iter().enumerate() {
        let (kind, ids): (u32, &[u32]) = match action {
            Action::Token(id) => (0, std::slice::from_ref(id)),
            Action::Draws(ids) => (0, ids),
            Action::Forced => (0, &[]),
            Action::Vector(_) => (VECTOR, &[]),
            Action::Soft { candidates, perturbed } => {
                values.extend_from_slice(perturbed);
                (SOFT, candidates)
            }
        };
        words.extend([kind, ids.len() as u32]);
        words.extend_from_slice(ids);
        words.resize((index + 1) * (2 + width), 0);
        values.resize((index + 1) * width, 0.0);
    }
    (words, values)
}

fn pack_actions(actions: &[&Action], shape: ActionShape) -> Actions {
    let (words, perturbed) = pack_words(actions, shape.width);
    let vectors = || actions.iter().filter_map(|a| if let Action::Vector(fed) = a { Some(fed) } else { None });
    let dim = vectors().map(Vec::len).max().unwrap_or(0);
    let mut fed = Vec::with_capacity(actions.len() * dim);
    for (index, action) in actions.iter().enumerate() {
        if let Action::Vector(own) = action {
            fed.extend_from_slice(own);
        }
        fed.resize((index + 1) * dim, 0.0);
    }
    Actions { words, perturbed, fed }
}
