//! What is scored and how: inputs, actions, the sequences they make up, and the loss's slopes. Plain data.
//!
//! Not here: the formulas (`math/`), who computes them (`cpu/`, `gpu/`).

use crate::math::gumbel::DensityForm;
use crate::math::noises::Noise;

/// One input per row: a blend of K embeddings each, plus a vector where rows have one. A token is a blend whose first weight is 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blends {
    /// K: ids and weights per row.
    pub width: usize,
    /// Token ids, row-major (B, K).
    pub ids: Vec<u32>,
    /// Weights, row-major (B, K); a row sums to 1, or to 0 where its vector is the whole input.
    pub weights: Vec<f32>,
    /// D where inputs may be vectors, else 0.
    pub dim: usize,
    /// What is added to the blends, row-major (B, `dim`).
    pub vectors: Vec<f32>,
}

impl Blends {
    /// An empty batch of blends of `width` entries each.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// An empty batch of single tokens and vectors of `dim` elements.
    #[must_use]
    pub fn with_vectors(dim: usize) -> Self {
        Self { width: 1, dim, ..Self::default() }
    }

    /// The number of rows, B.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ids.len() / self.width.max(1)
    }

    /// Appends a row of at most `width` entries; the rest is filled with weight 0.
    pub fn push(&mut self, ids: &[u32], weights: &[f32]) {
        let kept = ids.len().min(self.width);
        self.ids.extend_from_slice(&ids[..kept]);
        self.weights.extend_from_slice(&weights[..kept]);
        self.ids.resize(self.ids.len() + self.width - kept, 0);
        self.weights.resize(self.weights.len() + self.width - kept, 0.0);
        self.vectors.resize(self.vectors.len() + self.dim, 0.0);
    }

    /// Appends a row that is a vector (`dim`) alone.
    pub fn push_vector(&mut self, vector: &[f32]) {
        self.push(&[], &[]);
        let at = self.vectors.len() - self.dim;
        self.vectors[at..].copy_from_slice(vector);
    }

    /// Appends a plain token.
    pub fn push_token(&mut self, id: u32) {
        self.push(&[id], &[1.0]);
    }
}

/// What was done at one position, to be scored by the current parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A token; scored by its log-probability over the whole vocabulary.
    Token(u32),
    /// A soft step: K candidates and their perturbed values; scored by the log density of their noise.
    Soft { candidates: Vec<u32>, perturbed: Vec<f32> },
    /// Tokens drawn independently of each other; each is scored by its log-probability.
    Draws(Vec<u32>),
    /// A vector that was fed (D); scored by the density of its noise around the mean embedding.
    Vector(Vec<f32>),
    /// Not the model's choice; scores 0, without a gradient.
    Forced,
}

impl Action {
    /// How many log densities it has: one of each draw, else one.
    #[must_use]
    pub fn scores(&self) -> usize {
        match self {
            Self::Draws(ids) => ids.len(),
            _ => 1,
        }
    }
}

/// How vectors are scored: −‖fed − mean embedding‖² / (2 · deviation²).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VectorScoring {
    /// The logits are divided by this before they become the weights of the mean embedding.
    pub temperature: f64,
    /// σ, above 0.
    pub deviation: f64,
    /// Whether the density's gradient reaches the embedding table through the mean embedding.
    pub embedding_gradient: bool,
}

/// One sequence to score: its inputs and, for a run of positions, the action taken there.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// The inputs, one row per position (T, K).
    pub inputs: Blends,
    /// Position of the input whose output distribution the first action was drawn from.
    pub first: usize,
    /// The actions, at positions `first`, `first + 1`, …
    pub actions: Vec<Action>,
}

impl Sequence {
    /// How many log densities it has.
    #[must_use]
    pub fn scores(&self) -> usize {
        self.actions.iter().map(Action::scores).sum()
    }
}

/// How actions are turned into log densities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scoring {
    /// Logits are divided by this (the rollout's temperature).
    pub temperature: f64,
    /// What soft steps were perturbed by.
    pub noise: Noise,
    /// The form of the Gumbel log density on soft steps.
    pub density: DensityForm,
    /// How vectors are scored; needed only where there are some.
    pub vectors: Option<VectorScoring>,
    /// Whether gradients reach the embedding table through the inputs. The published code detaches them.
    pub input_gradient: bool,
}

impl Scoring {
    /// Tokens at temperature 1, soft steps by the published code's density, inputs detached.
    #[must_use]
    pub const fn code() -> Self {
        let (noise, density) = (Noise::Gumbel, DensityForm::code());
        Self { temperature: 1.0, noise, density, vectors: None, input_gradient: false }
    }
}

/// Log densities of a batch: one list per sequence, [`Action::scores`] numbers (nats) per action.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    pub log_densities: Vec<Vec<f64>>,
    /// Entropy (nats) of the full next-token distribution at each action.
    pub entropies: Vec<Vec<f64>>,
}

/// The gradient of the loss by what a sequence was scored with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slopes {
    /// By each log density.
    pub densities: Vec<f64>,
    /// By the entropy at each action (the next-token distribution at [`Scoring::temperature`]); empty for 0 everywhere.
    pub entropies: Vec<f64>,
}

impl Slopes {
    /// Whether nothing pulls, as where all rewards of a group are the same: its gradient is 0, and engines leave its backward out.
    #[must_use]
    pub fn are_zero(&self) -> bool {
        self.densities.iter().chain(&self.entropies).all(|slope| *slope == 0.0)
    }

    /// The slopes of several sequences in a row, from their log densities in a row. Entropies stay empty where no sequence has any.
    pub fn of_batch(sequences: &[Sequence], densities: &[f64], loss: &mut dyn FnMut(usize, &[f64]) -> Self) -> Self {
        let (mut all, mut at) = (Self::default(), 0);
        let mut actions = 0;
        for (index, sequence) in sequences.iter().enumerate() {
            let end = at + sequence.scores();
            let own = loss(index, &densities[at..end]);
            all.densities.extend(own.densities);
            if !own.entropies.is_empty() {
                all.entropies.resize(actions, 0.0);
                all.entropies.extend(own.entropies);
            }
            at = end;
            actions += sequence.actions.len();
        }
        if !all.entropies.is_empty() {
            all.entropies.resize(actions, 0.0);
        }
        all
    }
}

impl From<Vec<f64>> for Slopes {
    fn from(densities: Vec<f64>) -> Self {
        Self { densities, entropies: Vec::new() }
    }
}

impl FromIterator<f64> for Slopes {
    fn from_iter<I: IntoIterator<Item = f64>>(densities: I) -> Self {
        densities.into_iter().collect::<Vec<f64>>().into()
    }
}
