//! What a model will take of memory, from its header alone: to be shown before anything is downloaded.
//!
//! Not here: how much memory there is (the doors know).

use serde::Serialize;

use super::large::Large;
use super::rows::Rows;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::lora::LoraConfig;
use crate::model::params;

/// Positions that go through the model side by side while a prompt is read.
pub const PROMPT_STRETCH: usize = 32;

/// Completions side by side that [`MemoryPlan::learning`] counts with.
pub const LEARNING_ROWS: usize = 8;

/// Their positions.
pub const LEARNING_LENGTH: usize = 208;

/// Positions whose logits are there at once while an adapter learns.
pub const LOGITS_TILE: usize = 32;

/// Bytes of each part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoryPlan {
    /// Bytes of the file: what is downloaded.
    pub file: u64,
    /// The parameters as the processor multiplies them.
    pub weights: u64,
    /// Keys and values of every position of every row.
    pub cache: u64,
    /// Intermediate results of a stretch of a prompt, or of one position of every row, and the logits.
    pub scratch: u64,
    /// The words and how they are put together, about.
    pub vocabulary: u64,
    /// What an adapter takes more while it learns: of rank 8 beside all matrices, from 8 completions of 208 positions with their prompt, or
    /// as many as a row has room for.
    pub learning: u64,
    /// The largest tensor as it lies in the file: what a GPU must bind in one piece, or split.
    pub largest_tensor: u64,
    pub largest_tensor_name: String,
    /// Positions a row has room for, and rows.
    pub context: usize,
    pub rows: usize,
}

impl MemoryPlan {
    /// What thinking takes in all, without the file.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.weights + self.cache + self.scratch + self.vocabulary
    }

    /// # Errors
    /// `out-of-memory` with the numbers, where more is needed than `available` bytes.
    pub fn fit(&self, available: u64) -> Result<()> {
        if self.total() <= available {
            return Ok(());
        }
        let [total, weights, cache, scratch, limit] =
            [self.total(), self.weights, self.cache, self.scratch, available].map(mebibytes);
        Err(Error::OutOfMemory(format!(
            "this model needs {total} MiB and {limit} are there: {weights} for its weights, {cache} for {} × {} positions, \
             {scratch} to compute with; take a smaller model, fewer bits a weight, or a shorter context",
            self.rows, self.context
        )))
    }
}

/// Rounded up.
#[must_use]
pub fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

/// What the passes over a part of a batch may take besides the weights, bytes.
const LEARNING_ROOM: u64 = if cfg!(target_family = "wasm") { 256 << 20 } else { 512 << 20 };

/// Bytes that a position takes in an adapter's gradient: the input of each layer, and everything inside one layer with its gradients.
/// Attention's shares are left out: heads × positions of a sequence more, for one layer.
#[must_use]
pub fn learning_bytes(config: &ModelConfig) -> u64 {
    let [width, inner] = [config.hidden_size, config.intermediate_size];
    let (q, kv) = (config.query_width(), config.key_value_width());
    // Norms, middle, hidden states and gradients by them; queries to values, turned and not, and their gradient; mixed; gate and up,
    // inner, and gradients by them. Activations once more as whole numbers.
    kept_bytes(config) + 4 * (8 * width + 3 * (q + 2 * kv) + 3 * q + 7 * inner) as u64
}

/// Of these, the input of each layer.
fn kept_bytes(config: &ModelConfig) -> u64 {
    4 * (config.num_hidden_layers * config.hidden_size) as u64
}

/// Positions that go through the model side by side while an adapter learns; a longer sequence goes alone.
#[must_use]
pub fn learning_rows(config: &ModelConfig) -> usize {
    (LEARNING_ROOM / learning_bytes(config)).max(1) as usize
}

/// What an adapter takes while it learns on the CPU engine, beside what thinking takes, bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LearningPlan {
    /// The adapter and its gradient.
    pub parameters: u64,
    /// AdamW's two moments.
    pub moments: u64,
    /// The adapter three times more: the reference, the start and the best moment.
    pub references: u64,
    /// The input of each layer, of the positions that go side by side.
    pub kept: u64,
    /// Everything inside one layer, forward and back, of those positions.
    pub passes: u64,
    /// Logits of a tile of positions, and the slopes of one.
    pub logits: u64,
    /// Positions that go side by side.
    pub positions: usize,
}

impl LearningPlan {
    /// For `sequences` completions of one question, of `length` positions each with their prompt.
    #[must_use]
    pub fn new(config: &ModelConfig, lora: &LoraConfig, sequences: usize, length: usize) -> Self {
        let positions = sequences.saturating_mul(length).min(learning_rows(config)).max(length);
        let shares = 2 * 4 * (config.num_attention_heads * positions * length) as u64;
        let (adapter, kept) = (4 * lora.count(config) as u64, positions as u64 * kept_bytes(config));
        Self {
            parameters: 2 * adapter,
            moments: 2 * adapter,
            references: 3 * adapter,
            kept,
            passes: positions as u64 * learning_bytes(config) - kept + shares,
            logits: config.vocab_size as u64 * (4 * LOGITS_TILE as u64 + 5 * 8),
            positions,
        }
    }

    /// All that is as long as the adapter.
    #[must_use]
    pub fn adapter(&self) -> u64 {
        self.parameters + self.moments + self.references
    }

    #[must_use]
    pub fn total(&self) -> u64 {
        self.adapter() + self.kept + self.passes + self.logits
    }
}

impl Large {
    /// The plan for `rows` rows of at most `context` positions each.
    ///
    /// # Errors
    /// `bad-input` where the model has fewer positions.
    pub fn plan(&self, rows: usize, context: usize) -> Result<MemoryPlan> {
        let config = &self.config;
        let most = config.max_position_embeddings;
        if context == 0 || context > most || rows == 0 {
            return Err(Error::bad_input(format!(
                "a row must have 1 to {most} positions; {rows} × {context} were asked for"
            )));
        }
        let (mut weights, mut largest) = (0, (0, String::new()));
        for spec in params::layout(config) {
            let (name, tensor) = self.tensor(&spec.name)?;
            weights += match spec.shape[..] {
                [rows, width] => Rows::bytes(tensor.kind, rows, width),
                _ => 4 * spec.len as u64,
            };
            largest = largest.max((tensor.size, name));
        }
        let [layers, width, inner, vocabulary] =
            [config.num_hidden_layers, config.hidden_size, config.intermediate_size, config.vocab_size]
                .map(|n| n as u64);
        let attention = (config.query_width() + 2 * config.key_value_width()) as u64;
        let side_by_side = rows.max(PROMPT_STRETCH) as u64;
        // Residual stream, its norm, queries to values and their mix, gate and up; activations twice more as whole numbers.
        let position = 4 * (4 * width + 2 * attention + 4 * inner);
        let texts: usize = self.vocabulary.tokens.iter().chain(&self.vocabulary.merges).map(String::len).sum();
        Ok(MemoryPlan {
            file: self.size,
            weights,
            cache: rows as u64 * layers * context as u64 * 2 * config.key_value_width() as u64 * 4,
            scratch: side_by_side * position + rows as u64 * vocabulary * 4 * 2,
            // Measured: the tables of the tokenizer take some 200 bytes a word.
            vocabulary: 2 * texts as u64 + 200 * vocabulary,
            learning: LearningPlan::new(config, &LoraConfig::default(), LEARNING_ROWS, LEARNING_LENGTH.min(context))
                .total(),
            largest_tensor: largest.0,
            largest_tensor_name: largest.1,
            context,
            rows,
        })
    }
}
