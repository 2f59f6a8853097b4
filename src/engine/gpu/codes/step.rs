//! What the second lab hands to the device and gets back: sizes, one step's settings, its numbers, the whole state.
//!
//! Not here: what is done with them (`mod.rs`). Letters: `slots.rs`.

use crate::engine::OptimizerConfig;

/// What items are written as, and the largest batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeShape {
    /// L.
    pub levels: usize,
    /// K.
    pub codes: usize,
    pub suffixes: usize,
    /// D.
    pub dim: usize,
    /// Different items of a batch.
    pub most_items: usize,
    /// Questions of a batch.
    pub most_questions: usize,
    /// Positions of a question: the beginning, the history, the target's codes.
    pub most_time: usize,
}

impl CodeShape {
    pub(super) fn positions(&self) -> usize {
        self.most_questions * self.most_time
    }

    /// Numbers of all codebooks, up to a multiple of 4.
    pub(super) fn book_words(&self) -> usize {
        self.books().next_multiple_of(4)
    }

    /// L · K · D.
    pub(super) fn books(&self) -> usize {
        self.levels * self.codes * self.dim
    }
}

/// What one step does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CodeStep {
    /// τ.
    pub temperature: f64,
    /// Whether the forward takes the codes that score and noise choose, not the kept ones.
    pub sampled: bool,
    /// Whether the recommendation loss reaches the codebooks through what was met before, the target's codes so far, the labels.
    pub history: bool,
    pub target: bool,
    pub labels: bool,
    /// Weights of L_gen, L_vq and L_recon, and of the commitment inside L_vq.
    pub generation: f64,
    pub quantization: f64,
    pub reconstruction: f64,
    pub commitment: f64,
    pub model: OptimizerConfig,
    /// None: the codebooks stay as they are, and their gradient is not made.
    pub books: Option<OptimizerConfig>,
    /// Whether the codebooks are read back with the numbers of the step.
    pub read_books: bool,
}

/// What came of a step.
#[derive(Clone, Debug, Default)]
pub struct CodeReport {
    /// Nats an item, and mean squares, as `semantic_id::joint` has them; before the step.
    pub generation: f64,
    pub quantization: f64,
    pub reconstruction: f64,
    /// The forward's codes, those without noise, those that the noise alone would choose (n, L).
    pub codes: Vec<u32>,
    pub nearest: Vec<u32>,
    pub drawn: Vec<u32>,
    /// Nats, meant over items and levels.
    pub entropy: f64,
    /// Norms of both gradients before clipping; of the codebooks' 0 where none was made.
    pub norms: [f64; 2],
    /// False where a norm was not finite: those parameters were left as they were.
    pub applied: bool,
    /// After the step (L, K, D).
    pub books: Option<Vec<f32>>,
}

/// Everything that learns: parameters and AdamW's memory of recommender and codebooks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodeState {
    /// Steps done.
    pub time: usize,
    /// Of the recommender: parameters and moments.
    pub model: [Vec<f32>; 3],
    /// Of the codebooks.
    pub books: [Vec<f32>; 3],
}
