//! Every buffer of the engine, made once for a stated capacity. Letters: `model/config.rs`.
//!
//! Not here: what is computed in them (`forward.rs`).

use super::device::{Buffer, Gpu, Role};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params;

/// How much work the engine has room for. Nothing is allocated later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// B: rollouts at a time.
    pub rows: usize,
    /// C: positions of a rollout, prompt and completion.
    pub context: usize,
    /// Positions of all sequences of one forward pass of scoring or of prompts, padding included.
    pub tokens: usize,
    /// K: the widest blend.
    pub candidates: usize,
    /// Decode steps between two read-backs.
    pub chunk: usize,
}

/// Candidates recorded of a discrete step, as decode's rollout shows them.
pub const SHOWN: usize = 5;
/// Most candidates of a soft step: one thread each.
pub const MAX_CANDIDATES: usize = 64;
/// Largest vocabulary of the soft step: one workgroup holds it.
pub const MAX_VOCABULARY: usize = 1024;
/// Most workgroups along one dimension of a dispatch.
pub const MAX_GROUPS: usize = 65_535;
/// Most query heads of one key head, and most elements of their queries together: the workgroup's memory.
const MAX_HEADS: usize = 16;
const MAX_QUERY: usize = 1024;

impl Capacity {
    /// Checks the ranges, and that the kernels can run this model.
    ///
    /// # Errors
    /// `bad-input` naming the number and its range.
    pub fn validate(&self, config: &ModelConfig) -> Result<()> {
        let groups = config.num_attention_heads / config.num_key_value_heads;
        let ranges = [
            ("rows", self.rows, 1, MAX_GROUPS),
            ("context", self.context, 1, config.max_position_embeddings),
            ("tokens", self.tokens, self.context, MAX_GROUPS),
            ("candidates", self.candidates, 1, MAX_CANDIDATES.min(config.vocab_size)),
            ("chunk", self.chunk, 1, 1024),
            ("vocab_size", config.vocab_size, 1, MAX_VOCABULARY),
            ("query heads for each key head", groups, 1, MAX_HEADS),
            ("head_dim times query heads for each key head", groups * config.head_dim, 1, MAX_QUERY),
        ];
        for (name, found, least, most) in ranges {
            if !(least..=most).contains(&found) {
                return Err(Error::bad_input(format!(
                    "the GPU engine needs `{name}` of {least} to {most}; got {found}"
                )));
            }
        }
        Ok(())
    }

    /// 4-byte words of the record of one step of one row: step, token, flags, entropy, then id and perturbed value in turn.
    #[must_use]
    pub fn record_width(&self) -> usize {
        4 + 2 * self.candidates.max(SHOWN)
    }

    /// Elements of the largest intermediate result's first dimension: M.
    #[must_use]
    pub fn most_rows(&self) -> usize {
        self.tokens.max(self.rows)
    }
}

/// A buffer of the workspace, and what lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The flat parameters.
    Weights,
    /// Those of the reference policy.
    Reference,
    /// Cosines and sines of RoPE (positions, head_dim / 2, 2).
    Rope,
    /// Ids of the input blends (M, K).
    Ids,
    /// Their weights (M, K).
    Shares,
    /// The residual stream (M, D).
    X,
    /// What a norm gives (M, D).
    Hidden,
    /// Queries, keys and values (M, (H + 2·Hkv)·head_dim).
    Qkv,
    /// What attention gives (M, H·head_dim).
    Mixed,
    /// Inside of the SwiGLU block (M, F).
    Inner,
    /// What the last norm gives for the last positions of all prompts (B, D).
    Last,
    /// Row numbers (M): which positions' distributions are wanted.
    Rows,
    /// (M, V)
    Logits,
    /// Prompt length, steps done, flags, 0 of each rollout (B, 4).
    State,
    /// Threefry keys of the rollouts (B, 2).
    RowKeys,
    /// What the steps of a chunk did (chunk, B, record_width).
    Record,
    /// Actions to score (M, 1 + K).
    Actions,
    /// Their perturbed values (M, K).
    Perturbed,
    /// Log density and entropy of each action (M, 2).
    Scores,
    /// Keys of a layer (B, Hkv, C, head_dim).
    Keys(usize),
    /// Values of a layer, as the keys.
    Values(usize),
}

/// All buffers.
pub struct Workspace {
    buffers: Vec<(Slot, Buffer)>,
    staging: Buffer,
}

/// What lies in each slot and how many 4-byte words it needs; the reference is made when one is frozen.
fn sizes(config: &ModelConfig, capacity: &Capacity) -> Vec<(Slot, usize)> {
    let Capacity { rows, context, tokens: _, candidates, chunk } = *capacity;
    let m = capacity.most_rows();
    let (q, kv) = (config.query_width(), config.key_value_width());
    let mut sizes = vec![
        (Slot::Weights, params::count(config)),
        (Slot::Rope, config.max_position_embeddings * config.head_dim),
        (Slot::Ids, m * candidates),
        (Slot::Shares, m * candidates),
        (Slot::X, m * config.hidden_size),
        (Slot::Hidden, m * config.hidden_size),
        (Slot::Qkv, m * (q + 2 * kv)),
        (Slot::Mixed, m * q),
        (Slot::Inner, m * config.intermediate_size),
        (Slot::Last, rows * config.hidden_size),
        (Slot::Rows, m),
        (Slot::Logits, m * config.vocab_size),
        (Slot::State, rows * 4),
        (Slot::RowKeys, rows * 2),
        (Slot::Record, chunk * rows * capacity.record_width()),
        (Slot::Actions, m * (1 + candidates)),
        (Slot::Perturbed, m * candidates),
        (Slot::Scores, m * 2),
    ];
    for layer in 0..config.num_hidden_layers {
        sizes.push((Slot::Keys(layer), rows * context * kv));
        sizes.push((Slot::Values(layer), rows * context * kv));
    }
    sizes
}

/// Bytes of the largest single buffer, what the device has to allow.
#[must_use]
pub fn largest_buffer(config: &ModelConfig, capacity: &Capacity) -> u64 {
    sizes(config, capacity).iter().map(|(_, words)| 4 * *words as u64).max().unwrap_or(0)
}

impl Workspace {
    /// Makes all buffers.
    ///
    /// # Errors
    /// `out-of-memory`, naming the buffer.
    pub async fn new(gpu: &Gpu, config: &ModelConfig, capacity: &Capacity) -> Result<Self> {
        let mut buffers = Vec::new();
        for (slot, words) in sizes(config, capacity) {
            let label = format!("{slot:?}");
            buffers.push((slot, gpu.buffer(&label, 4 * words as u64, Role::Storage).await?));
        }
        let read = [Slot::Record, Slot::Logits, Slot::Scores];
        let staged = buffers.iter().filter(|(slot, _)| read.contains(slot)).map(|(_, buffer)| buffer.raw().size());
        let staging = gpu.buffer("staging", staged.max().unwrap_or(0), Role::Staging).await?;
        let workspace = Self { buffers, staging };
        gpu.write(workspace.buffer(Slot::Rope)?, 0, bytemuck::cast_slice(&rope_table(config)));
        Ok(workspace)
    }

    /// Makes the buffer of the reference policy, unless it is there.
    ///
    /// # Errors
    /// `out-of-memory`.
    pub async fn make_reference(&mut self, gpu: &Gpu, config: &ModelConfig) -> Result<()> {
        if self.buffer(Slot::Reference).is_err() {
            let bytes = 4 * params::count(config) as u64;
            self.buffers.push((Slot::Reference, gpu.buffer("Reference", bytes, Role::Storage).await?));
        }
        Ok(())
    }

    /// The buffer of a slot.
    ///
    /// # Errors
    /// `not-ready` for the reference before one was frozen, and layers that do not exist.
    pub fn buffer(&self, slot: Slot) -> Result<&Buffer> {
        let found = self.buffers.iter().find(|(other, _)| *other == slot);
        found.map(|(_, buffer)| buffer).ok_or_else(|| Error::NotReady(format!("the GPU buffer {slot:?} was not made")))
    }

    /// Where numbers are copied to be read.
    #[must_use]
    pub fn staging(&self) -> &Buffer {
        &self.staging
    }
}

/// Cosines and sines (positions, head_dim / 2, 2), in f64 until the last step: a GPU's own are too coarse.
fn rope_table(config: &ModelConfig) -> Vec<f32> {
    let half = config.head_dim / 2;
    let mut table = Vec::with_capacity(config.max_position_embeddings * config.head_dim);
    for position in 0..config.max_position_embeddings {
        for i in 0..half {
            let angle = position as f64 * config.rope_theta.powf(-(i as f64) / half as f64);
            table.extend([angle.cos() as f32, angle.sin() as f32]);
        }
    }
    table
}
