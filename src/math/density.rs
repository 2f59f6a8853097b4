//! How per-candidate log densities become the one score of a soft step, and that score's backward to the candidates' logits.
//!
//! Not here: the densities themselves (`gumbel.rs`, `noises.rs`).

use super::softmax::softmax_backward;

/// The log density of one candidate's stored value, and its derivative by the candidate's probability.
pub(super) struct Term {
    pub value: f64,
    pub d_prob: f64,
    /// Whether the mask lets it count. A comparison, without a gradient.
    pub counted: bool,
}

/// The terms of one soft step (K), with the probabilities over the candidates (K) they were taken at.
pub(super) struct Terms {
    pub probs: Vec<f64>,
    pub terms: Vec<Term>,
    /// Whether the score is the mean over the counted terms (the reference's code) or their sum (the paper).
    pub mean: bool,
}

impl Terms {
    /// What each counted term weighs. With no term counted the step has no score: 0, without a gradient.
    fn weight(&self) -> f64 {
        let counted = self.terms.iter().filter(|term| term.counted).count();
        if self.mean { 1.0 / counted.max(1) as f64 } else { 1.0 }
    }

    /// The score, in nats.
    pub fn score(&self) -> f64 {
        self.weight() * self.terms.iter().filter(|term| term.counted).map(|term| term.value).sum::<f64>()
    }

    /// The gradient of `d_out` · score by the candidates' logits (K).
    pub fn backward(&self, d_out: f64) -> Vec<f64> {
        let weight = d_out * self.weight();
        let d_probs: Vec<f64> =
            self.terms.iter().map(|term| if term.counted { weight * term.d_prob } else { 0.0 }).collect();
        softmax_backward(&self.probs, &d_probs)
    }
}
