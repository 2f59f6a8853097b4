//! How much work the engine has room for, and which models its kernels can run. Letters: `model/config.rs`.

use super::record::entries_end;
use super::sizes::bytes;
use super::slots::Kept;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;

/// How much work the engine has room for.
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
    /// Whether inputs and actions may be vectors.
    pub vectors: bool,
    /// Decode steps between two read-backs.
    pub chunk: usize,
    /// Positions of one pass of learning, whose intermediate results are all kept; 0 until something is learned.
    pub learn: usize,
    /// Positions of the longest sequence of a pass, up to a multiple of 4, where attention is made of products; else 0.
    pub span: usize,
    /// Positions whose logits of a large vocabulary are there at once, at least: [`LOGITS_TILE`] where actions are scored over one, or
    /// beside frozen weights.
    pub tile: usize,
    /// Positions of one pass of an adapter's learning, of which the input of every layer is kept; 0 until it learns.
    pub beside: usize,
    /// Parameters of the adapter, and the ranks of all targets of a layer together; 0 without one.
    pub adapter: usize,
    pub ranks: usize,
}

/// Candidates recorded of a discrete step, as decode's rollout shows them.
pub const SHOWN: usize = 5;
/// Most candidates of a soft step: one thread each.
pub const MAX_CANDIDATES: usize = 64;
/// Largest vocabulary of `soft_step`, of scores and of learning: one workgroup holds it.
pub const MAX_VOCABULARY: usize = 1024;
/// Largest vocabulary of `soft_step_large`: so many tiles of as many tokens as a workgroup has threads.
pub const MAX_LARGE_VOCABULARY: usize = MAX_TILES * 256;
/// Most tiles of a row of logits, and the tokens of each as long as there are fewer.
const MAX_TILES: usize = 1024;
const TILE: usize = 128;
/// Most workgroups along one dimension of a dispatch.
pub const MAX_GROUPS: usize = 65_535;
/// Turns of loops that one thread of a plain kernel may take. llvmpipe (Mesa 22.3) counts the turns of all loops of a thread and
/// leaves every loop after 65 535, without a word.
pub const MAX_TURNS: usize = 60_000;
/// Partial sums of the gradient's norm.
pub const PARTIALS: usize = 1024;
/// Most query heads of one key head, and most elements of their queries together: the workgroup's memory.
const MAX_HEADS: usize = 16;
const MAX_QUERY: usize = 1024;
/// The widest head of the backward: one thread holds it.
const MAX_HEAD: usize = 128;
/// What the kept results of one pass of learning may take, bytes; more sequences make more passes.
const LEARN_BYTES: usize = if cfg!(target_family = "wasm") { 256 << 20 } else { 1 << 30 };

/// What grows with the positions of one pass of an adapter's learning may take so many bytes at most; more sequences make more passes.
pub const BESIDE_BYTES: u64 = if cfg!(target_family = "wasm") { 640 << 20 } else { 1 << 30 };

impl Default for Capacity {
    /// Room for one short rollout and nothing to learn from: what an engine starts with.
    fn default() -> Self {
        Self {
            rows: 1,
            context: 1,
            tokens: 1,
            candidates: 1,
            vectors: false,
            chunk: 1,
            learn: 0,
            span: 0,
            tile: 0,
            beside: 0,
            adapter: 0,
            ranks: 0,
        }
    }
}

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
            ("learn", self.learn, 0, MAX_GROUPS),
            ("beside", self.beside, 0, MAX_TURNS), // some kernels take a turn a position
            ("vocab_size", config.vocab_size, 1, if self.learn > 0 { MAX_VOCABULARY } else { MAX_LARGE_VOCABULARY }),
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
        if self.vectors && !config.hidden_size.is_multiple_of(4) {
            return Err(Error::bad_input(format!(
                "the GPU engine takes vectors with a `hidden_size` that is a multiple of 4; got {}. The CPU engine takes any size",
                config.hidden_size
            )));
        }
        let widths = [
            ("hidden_size", config.hidden_size, 4),
            ("intermediate_size", config.intermediate_size, 4),
            ("head_dim", config.head_dim, 8),
        ];
        for (name, found, step) in widths.into_iter().filter(|_| self.learn + self.beside > 0) {
            if !found.is_multiple_of(step) || config.head_dim > MAX_HEAD {
                return Err(Error::bad_input(format!(
                    "the GPU engine learns with a `{name}` that is a multiple of {step} and a `head_dim` of at most {MAX_HEAD}; \
                     got {found} and {}. The CPU engine takes any size",
                    config.head_dim
                )));
            }
        }
        Ok(())
    }

    /// The larger of both in every direction.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            rows: self.rows.max(other.rows),
            context: self.context.max(other.context),
            tokens: self.tokens.max(other.tokens),
            candidates: self.candidates.max(other.candidates),
            vectors: self.vectors || other.vectors,
            chunk: self.chunk.max(other.chunk),
            learn: self.learn.max(other.learn),
            span: self.span.max(other.span),
            tile: self.tile.max(other.tile),
            beside: self.beside.max(other.beside),
            adapter: self.adapter.max(other.adapter),
            ranks: self.ranks.max(other.ranks),
        }
        .with_tokens_for_context()
    }

    fn with_tokens_for_context(self) -> Self {
        Self { tokens: self.tokens.max(self.context), ..self }
    }

    /// 4-byte words of the record of one step of one row: a head, entries, and a vector where there are some.
    #[must_use]
    pub fn record_width(&self, config: &ModelConfig) -> usize {
        entries_end(self.candidates.max(SHOWN)) + if self.vectors { config.hidden_size } else { 0 }
    }

    /// Elements of the largest intermediate result's first dimension: M.
    #[must_use]
    pub fn most_rows(&self) -> usize {
        self.tokens.max(self.rows).max(self.learn).max(self.beside)
    }
}

/// Positions of one pass beside frozen weights, so that what grows with them fits `room` bytes and no buffer is larger than `largest`;
/// attention over `span` positions is kept too.
#[must_use]
pub fn beside_limit(config: &ModelConfig, span: usize, room: u64, largest: u64) -> usize {
    let of = |positions: usize| Capacity { tokens: positions, beside: positions, span, ..Capacity::default() };
    // Sizes are straight lines.
    let (few, many) = (bytes(config, &of(1)), bytes(config, &of(2)));
    let widest = few.iter().zip(&many).map(|(few, many)| many - few).max().unwrap_or(1);
    let total = many.iter().sum::<u64>() - few.iter().sum::<u64>();
    (room / total.max(1)).min(largest / widest.max(1)).clamp(1, MAX_TURNS as u64) as usize
}

/// Whether the vocabulary is one for `soft_step_large`.
#[must_use]
pub fn is_large(config: &ModelConfig) -> bool {
    config.vocab_size > MAX_VOCABULARY
}

/// Tiles of a row of so many logits.
#[must_use]
pub fn tiles(vocabulary: usize) -> usize {
    vocabulary.div_ceil(TILE).min(MAX_TILES)
}

/// Positions of one pass of learning that fit [`LEARN_BYTES`], with attention over `span` positions kept too.
#[must_use]
pub fn learn_limit(config: &ModelConfig, span: usize) -> usize {
    let kept: usize = Kept::ALL.iter().map(|kept| kept.width(config)).sum();
    let kept = kept + config.num_attention_heads * span;
    (LEARN_BYTES / (4 * kept * config.num_hidden_layers)).clamp(1, MAX_TURNS) // some kernels take a turn a position
}
