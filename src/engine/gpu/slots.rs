//! What lies in the engine's buffers. Letters: `model/config.rs`.
//!
//! Not here: the buffers (`workspace.rs`), how large each must be (`sizes.rs`).

use super::codes::CodeSlot;
use crate::model::config::ModelConfig;

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
    /// The same of all tiles of a pass, where scores are made a tile at a time (M, up to K + 1).
    AllScores,
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
    /// The adapter's parameters, flat, in the order of `LoraConfig::layout`.
    Adapter,
    /// Those of the reference policy.
    AdapterReference,
    /// Their gradient.
    AdapterGradient,
    /// What the A sides make of a layer's inputs, scaled, target beside target (M, ranks).
    AdapterInner,
    /// The gradient of that, of one target (M, r).
    AdapterPull,
    /// What goes into a layer, kept for an adapter's learning (M, D).
    Input(usize),
    /// Of the second lab, whose buffers are made when it begins.
    Code(CodeSlot),
}
