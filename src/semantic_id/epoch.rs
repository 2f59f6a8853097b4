//! What an epoch is measured by, and what a recommender is worth.
//!
//! Not here: the definitions of health (`health.rs`) and of ranks (`ranking.rs`), the run itself (`trainer.rs`).

use serde::{Deserialize, Serialize};

use super::health::{Conflicts, LevelHealth};
use super::joint::Joint;
use super::ranking::{ndcg_at_k, recall_at_k};

/// Cut-offs of recall and NDCG.
pub const KS: [usize; 2] = [5, 10];

/// What a recommender is worth on a fold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// At [`KS`].
    pub recall: [f64; 2],
    pub ndcg: [f64; 2],
    /// Users asked.
    pub users: usize,
    /// The rank of each user's item, from 0; none where the beam search did not find it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranks: Vec<Option<u32>>,
}

impl Ranking {
    /// Of ranks, from 0.
    #[must_use]
    pub fn new(ranks: &[Option<usize>]) -> Self {
        let mean = |worth: &dyn Fn(Option<usize>) -> f64| {
            ranks.iter().map(|rank| worth(*rank)).sum::<f64>() / ranks.len().max(1) as f64
        };
        Self {
            recall: KS.map(|k| mean(&|rank| recall_at_k(rank, k))),
            ndcg: KS.map(|k| mean(&|rank| ndcg_at_k(rank, k))),
            users: ranks.len(),
            ranks: ranks.iter().map(|rank| rank.map(|rank| rank as u32)).collect(),
        }
    }
}

/// One epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Counted from 1; 0 is the start.
    pub epoch: usize,
    /// Means over the epoch's updates; nats and squared distances.
    pub generation: f64,
    pub quantization: f64,
    pub reconstruction: f64,
    /// Of the kept ids, level by level.
    pub levels: Vec<LevelHealth>,
    /// Of the nearest codes, level by level: what the code-books are like without the balance that Sinkhorn adds.
    pub nearest: Vec<LevelHealth>,
    pub conflicts: Conflicts,
    /// Share of items whose kept id changed since the last epoch, and since the start.
    pub drift: f64,
    pub drift_total: f64,
    /// Share of assignments in training whose draw, score plus noise, was the code that evaluation takes.
    pub agreement: f64,
    /// Nats.
    pub assignment_entropy: f64,
    pub sigma: f64,
    /// τ.
    pub temperature: f64,
    /// Share of assignments that had noise.
    pub noisy: f64,
    /// On the validation fold, where it was asked.
    pub validation: Option<Ranking>,
}

/// Sums over the updates of an epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    updates: usize,
    generation: f64,
    quantization: f64,
    reconstruction: f64,
    entropy: f64,
    agreed: usize,
    assigned: usize,
    noisy: usize,
}

impl Sums {
    /// `kept`: the codes that evaluation takes (n, L).
    pub fn add(&mut self, found: &Joint, kept: &[u32], noisy: usize) {
        self.updates += 1;
        self.generation += found.generation;
        self.quantization += found.quantization;
        self.reconstruction += found.reconstruction;
        self.entropy += found.assignment_entropy;
        self.agreed += found.sampled.iter().zip(kept).filter(|(a, b)| a == b).count();
        self.assigned += found.sampled.len();
        self.noisy += noisy;
    }

    /// Generation, quantisation, reconstruction, entropy.
    pub fn means(&self) -> [f64; 4] {
        [self.generation, self.quantization, self.reconstruction, self.entropy]
            .map(|sum| sum / self.updates.max(1) as f64)
    }

    /// Agreement and share with noise.
    pub fn shares(&self) -> [f64; 2] {
        [self.agreed, self.noisy].map(|count| count as f64 / self.assigned.max(1) as f64)
    }
}
