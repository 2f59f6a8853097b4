//! What lies in the engine's buffers, and how large each must be. Letters: `model/config.rs`.
//!
//! Not here: the buffers (`workspace.rs`).

use super::capacity::{Capacity, PARTIALS, is_large, tiles};
use super::codes::CodeSlot;
use crate::model::config::ModelConfig;
use crate::model::params;
use crate::text::Ending;

/// What learning keeps of each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kept {
    /// What the input norm gives (M, D).
    NormedIn,
    /// Its x̂ (M, D).
    UnitIn,
    /// Its scales (M).
    ScaleIn,
    /// Queries, keys and values, turned (M, (H + 2·Hkv)·head_dim).
    Qkv,
    /// What attention gives (M, H·head_dim).
    Mixed,
    /// What the second norm gives (M, D).
    NormedMid,
    /// Its x̂ (M, D).
    UnitMid,
    /// Its scales (M).
    ScaleMid,
    /// Gates, then ups (M, 2·F); later their gradients.
    GateUp,
    /// silu(gate) · up (M, F).
    Inner,
}

impl Kept {
    pub const ALL: [Self; 10] = [
        Self::NormedIn,
        Self::UnitIn,
        Self::ScaleIn,
        Self::Qkv,
        Self::Mixed,
        Self::NormedMid,
        Self::UnitMid,
        Self::ScaleMid,
        Self::GateUp,
        Self::Inner,
    ];

    /// Elements of one position.
    #[must_use]
    pub fn width(self, config: &ModelConfig) -> usize {
        match self {
            Self::NormedIn | Self::UnitIn | Self::NormedMid | Self::UnitMid => config.hidden_size,
            Self::ScaleIn | Self::ScaleMid => 1,
            Self::Qkv => config.query_width() + 2 * config.key_value_width(),
            Self::Mixed => config.query_width(),
            Self::GateUp => 2 * config.intermediate_size,
            Self::Inner => config.intermediate_size,
        }
    }
}

/// A buffer of the workspace, and what lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The flat parameters.
    Weights,
    /// Those of the reference policy.
    Reference,
    /// A part of the weights in blocks: scales and lows.
    Pairs(usize),
    /// The same part's levels.
    Quants(usize),
    /// Norms and biases of weights in blocks.
    Vectors,
    /// Gates, then ups (M, 2·F), where the two are one product.
    GateUp,
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
    /// (M, V); of large vocabularies (B, V)
    Logits,
    /// Of large vocabularies, see `vocabulary_tiles.wgsl` (B, W, 8).
    Tiles,
    /// Prompt length, steps done, flags, certain steps in a row of each rollout (B, 4).
    State,
    /// Threefry keys of the rollouts (B, 2), then the tokens that are fed where a rule ends a thought.
    RowKeys,
    /// What the steps of a chunk did (chunk, B, record_width).
    Record,
    /// Actions to score (M, 2 + K).
    Actions,
    /// Their perturbed values (M, K).
    Perturbed,
    /// Log densities and entropy of each action (M, up to K + 1).
    Scores,
    /// Vectors that inputs are, or 0 (M, D).
    Added,
    /// Vectors that actions are, or 0 (M, D).
    Fed,
    /// What each token weighs in mean embeddings (M, V up to a multiple of 4).
    VectorShares,
    /// Mean embeddings, then how far off the fed vectors were (M, D).
    Delta,
    /// What each token's embedding gives that distance (M, V).
    Pull,
    /// Keys of a layer (B, Hkv, C, head_dim).
    Keys(usize),
    /// Values of a layer, as the keys.
    Values(usize),
    /// What a layer keeps for the backward.
    Kept(usize, Kept),
    /// What each query gives each key in a layer (B·H, T, T up to a multiple of 4), where attention is made of products.
    Attended(usize),
    /// Its gradient; without learning, what is not kept.
    DAttended,
    /// x̂ of the last norm (M, D).
    UnitLast,
    /// Its scales (M).
    ScaleLast,
    /// ∂ loss / ∂ log densities and entropy of each action (M, up to K + 1).
    Slopes,
    /// Gradient of the logits (M, V up to a multiple of 4).
    DLogits,
    /// Gradient of the residual stream (M, D).
    DX,
    /// Gradient of what a norm gives (M, D).
    DHidden,
    /// Gradient of queries, keys and values (M, (H + 2·Hkv)·head_dim).
    DQkv,
    /// Gradient of what attention gives (M, H·head_dim).
    DMixed,
    /// Gradient of the inside of the SwiGLU block (M, F).
    DInner,
    /// Logarithm of the softmax's sum and d_out · out of each query (M, H, 2).
    Stats,
    /// Where the entries of each token begin (V + 1).
    Starts,
    /// Row and share of each input entry, sorted by token (M·K, 2).
    Entries,
    /// The flat gradient, and a few elements that a padded head writes zeros to.
    Gradient,
    /// AdamW's memory, flat.
    Moment1,
    /// As [`Slot::Moment1`], of the squares.
    Moment2,
    /// Partial sums of the gradient's squares (PARTIALS).
    Partial,
    /// Norm of the gradient and the factor that clips it (2).
    Report,
    /// Of the second lab, whose buffers are made when it begins.
    Code(CodeSlot),
}

/// What lies in each slot and how many 4-byte words it needs; the reference is made when one is frozen.
#[must_use]
pub fn sizes(config: &ModelConfig, capacity: &Capacity) -> Vec<(Slot, usize)> {
    let Capacity { rows, context, candidates, vectors, chunk, learn, span, .. } = *capacity;
    let m = capacity.most_rows();
    let (q, kv, d) = (config.query_width(), config.key_value_width(), config.hidden_size);
    let mut sizes = vec![
        (Slot::Weights, params::count(config)),
        (Slot::Rope, config.max_position_embeddings * config.head_dim),
        (Slot::Ids, m * candidates),
        (Slot::Shares, m * candidates),
        (Slot::X, m * d),
        (Slot::Hidden, m * d),
        (Slot::Qkv, m * (q + 2 * kv)),
        (Slot::Mixed, m * q),
        (Slot::Inner, m * config.intermediate_size),
        (Slot::GateUp, m * 2 * config.intermediate_size),
        (Slot::Last, rows * d),
        (Slot::Rows, m),
        (Slot::Logits, if is_large(config) { rows } else { m } * config.vocab_size),
        (Slot::State, rows * 4),
        (Slot::RowKeys, rows * 2 + Ending::MOST),
        (Slot::Record, chunk * rows * capacity.record_width(config)),
        (Slot::Actions, m * (2 + candidates)),
        (Slot::Perturbed, m * candidates),
        (Slot::Scores, m * (1 + candidates)),
    ];
    if is_large(config) {
        sizes.push((Slot::Tiles, rows * 8 * tiles(config.vocab_size)));
    }
    let wide = config.vocab_size.next_multiple_of(4);
    if vectors {
        sizes.extend([(Slot::Added, m * d), (Slot::Fed, m * d), (Slot::VectorShares, m * wide), (Slot::Delta, m * d)]);
        sizes.push((Slot::Pull, learn * config.vocab_size));
    }
    if span > 0 {
        sizes.push((Slot::DAttended, m * config.num_attention_heads * span));
    }
    for layer in 0..config.num_hidden_layers {
        sizes.push((Slot::Keys(layer), rows * context * kv));
        sizes.push((Slot::Values(layer), rows * context * kv));
        if learn > 0 {
            sizes.extend(Kept::ALL.map(|kept| (Slot::Kept(layer, kept), learn * kept.width(config))));
            sizes.push((Slot::Attended(layer), learn * config.num_attention_heads * span));
        }
    }
    if learn > 0 {
        sizes.extend([
            (Slot::UnitLast, learn * d),
            (Slot::ScaleLast, learn),
            (Slot::Slopes, learn * (1 + candidates)),
            (Slot::DLogits, learn * wide),
            (Slot::DX, learn * d),
            (Slot::DHidden, learn * d),
            (Slot::DQkv, learn * (q + 2 * kv)),
            (Slot::DMixed, learn * q),
            (Slot::DInner, learn * config.intermediate_size),
            (Slot::Stats, learn * 2 * config.num_attention_heads),
            (Slot::Starts, config.vocab_size + 1),
            (Slot::Entries, 2 * learn * candidates),
            (Slot::Gradient, params::count(config) + 4 * d),
            (Slot::Moment1, params::count(config)),
            (Slot::Moment2, params::count(config)),
            (Slot::Partial, PARTIALS),
            (Slot::Report, 2),
        ]);
    }
    sizes
}

/// Bytes of the largest single buffer, what the device has to allow. Weights that stay in blocks come in parts that fit any device.
#[must_use]
pub fn largest_buffer(config: &ModelConfig, capacity: &Capacity, in_blocks: bool) -> u64 {
    let sizes = sizes(config, capacity).into_iter().filter(|(slot, _)| !in_blocks || *slot != Slot::Weights);
    sizes.map(|(_, words)| 4 * words as u64).max().unwrap_or(0)
}
