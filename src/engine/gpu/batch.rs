//! Sequences and actions on their way to the device: padded on the right, one row a position.
//!
//! Not here: what is computed from them (`score.rs`, `learn.rs`).

use super::calls::BatchPass;
use super::device::Gpu;
use super::slots::Slot;
use super::workspace::Workspace;
use crate::engine::{Action, Blends, Sequence};
use crate::error::{Error, Result};

/// Padded inputs and the rows whose distributions are wanted.
pub struct Batch {
    pub pass: BatchPass,
    /// K of the soft actions, 1 without any.
    pub candidates: usize,
    inputs: Blends,
    wanted: Vec<u32>,
    /// (N, 1 + K): 0 and a token, or 1 and K candidates.
    actions: Vec<u32>,
    /// (N, K)
    perturbed: Vec<f32>,
}

impl Batch {
    /// Packs sequences of any lengths.
    ///
    /// # Errors
    /// `bad-input` when soft actions of different K are mixed.
    pub fn pack(sequences: &[Sequence]) -> Result<Self> {
        let time = sequences.iter().map(|s| s.inputs.rows()).max().unwrap_or(0);
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
        let wanted = (sequences.iter().enumerate())
            .flat_map(|(b, s)| (0..s.actions.len()).map(move |action| (b * time + s.first + action) as u32));
        let wanted: Vec<u32> = wanted.collect();
        let (candidates, actions, perturbed) = pack_actions(sequences.iter().flat_map(|s| &s.actions))?;
        let pass = BatchPass { sequences: sequences.len(), time, width, wanted: wanted.len() };
        Ok(Self { pass, candidates, inputs, wanted, actions, perturbed })
    }

    /// One sequence of inputs of which every position is wanted, without actions.
    #[must_use]
    pub fn of_inputs(inputs: &Blends) -> Self {
        let time = inputs.rows();
        let pass = BatchPass { sequences: 1, time, width: inputs.width, wanted: time };
        let wanted = (0..time as u32).collect();
        Self { pass, candidates: 1, inputs: inputs.clone(), wanted, actions: Vec::new(), perturbed: Vec::new() }
    }

    /// Writes everything to the device.
    ///
    /// # Errors
    /// `not-ready` where a buffer is missing.
    pub fn upload(&self, gpu: &Gpu, workspace: &Workspace) -> Result<()> {
        let Self { inputs, wanted, actions, perturbed, .. } = self;
        gpu.write(workspace.buffer(Slot::Ids)?, 0, bytemuck::cast_slice(&inputs.ids));
        gpu.write(workspace.buffer(Slot::Shares)?, 0, bytemuck::cast_slice(&inputs.weights));
        gpu.write(workspace.buffer(Slot::Rows)?, 0, bytemuck::cast_slice(wanted));
        gpu.write(workspace.buffer(Slot::Actions)?, 0, bytemuck::cast_slice(actions));
        gpu.write(workspace.buffer(Slot::Perturbed)?, 0, bytemuck::cast_slice(perturbed));
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

/// K, and all actions as the kernels read them.
fn pack_actions<'a>(actions: impl Iterator<Item = &'a Action> + Clone) -> Result<(usize, Vec<u32>, Vec<f32>)> {
    let widths = actions.clone().filter_map(|action| match action {
        Action::Soft { candidates, .. } => Some(candidates.len()),
        _ => None,
    });
    let k = widths.clone().max().unwrap_or(1);
    if widths.clone().any(|width| width != k) {
        return Err(Error::bad_input("all soft steps of a batch must have the same number of candidates"));
    }
    if actions.clone().any(|action| matches!(action, Action::Draws(_) | Action::Vector(_) | Action::Forced)) {
        return Err(Error::bad_input("the GPU engine does not score these actions yet; use the CPU engine"));
    }
    let (mut words, mut values) = (Vec::new(), Vec::new());
    for action in actions {
        let (kind, ids, perturbed) = match action {
            Action::Token(id) => (0, std::slice::from_ref(id), [].as_slice()),
            Action::Soft { candidates, perturbed } => (1, candidates.as_slice(), perturbed.as_slice()),
            Action::Draws(_) | Action::Vector(_) | Action::Forced => continue,
        };
        words.push(kind);
        words.extend_from_slice(ids);
        words.resize(words.len() + k - ids.len(), 0);
        values.extend_from_slice(perturbed);
        values.resize(values.len() + k - perturbed.len(), 0.0);
    }
    Ok((k, words, values))
}
