//! A choice that is hard forward and soft backward: the straight-through Gumbel-softmax estimator.
//!
//! Not here: the formula softmax((score + noise) / τ), which is `gumbel.rs::mixture`, shared with the first lab. There the perturbed
//! values are an action that has a density; here they only lend a hard choice a gradient.
//! Source: Jang et al. 2017, "Categorical reparameterization with Gumbel-softmax", §2.2; DIGER §DRIL.

use super::gumbel::{mixture, projection};
use super::softmax::softmax_backward;

/// One choice among K.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The place of the largest score plus noise, the first of equals: what the forward takes.
    pub place: usize,
    /// softmax((score + noise) / τ) (K): what the backward goes through.
    pub soft: Vec<f64>,
}

/// The choice of `scores` (K) under `noise` (K), already multiplied by its scale, at `temperature` τ above 0.
#[must_use]
pub fn straight_through(scores: &[f64], noise: &[f64], temperature: f64) -> Choice {
    let perturbed: Vec<f64> = scores.iter().zip(noise).map(|(score, noise)| score + noise).collect();
    Choice { place: projection(&perturbed), soft: mixture(&perturbed, temperature) }
}

/// The gradient by the scores (K), from that by the indicator one-hot(place) − sg(soft) + soft (K): Jᵀ·d / τ with J the softmax's.
#[must_use]
pub fn straight_through_backward(soft: &[f64], d_indicator: &[f64], temperature: f64) -> Vec<f64> {
    softmax_backward(soft, d_indicator).into_iter().map(|d| d / temperature).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_noise_the_choice_is_the_best_score() {
        let choice = straight_through(&[0.1, 0.7, 0.7, -2.0], &[0.0; 4], 2.0);
        assert_eq!(choice.place, 1);
        assert!((choice.soft.iter().sum::<f64>() - 1.0).abs() <= 1e-15 && choice.soft[1] == choice.soft[2]);
        assert_eq!(straight_through(&[0.0, 1.0], &[3.0, 0.0], 2.0).place, 0);
    }

    #[test]
    fn the_backward_is_the_slope_of_the_soft_choice() {
        let (scores, noise, weights) = ([0.4, -0.3, 0.9, 0.0], [0.2, 1.3, -0.7, 0.1], [1.0, -2.0, 0.5, 3.0]);
        let value = |scores: &[f64]| -> f64 {
            let soft = straight_through(scores, &noise, 1.7).soft;
            soft.iter().zip(&weights).map(|(p, w)| p * w).sum()
        };
        let found = straight_through_backward(&straight_through(&scores, &noise, 1.7).soft, &weights, 1.7);
        for place in 0..4 {
            let moved = |by: f64| {
                let mut scores = scores;
                scores[place] += by;
                value(&scores)
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            // A central difference of step 1e-5 is right to about 1e-10.
            assert!((slope - found[place]).abs() <= 1e-8, "{slope} against {}", found[place]);
        }
    }

    #[test]
    fn a_constant_gradient_moves_nothing() {
        let soft = straight_through(&[0.4, -0.3, 0.9], &[0.0; 3], 0.5).soft;
        assert!(straight_through_backward(&soft, &[2.0; 3], 0.5).iter().all(|d| d.abs() <= 1e-15));
    }
}
