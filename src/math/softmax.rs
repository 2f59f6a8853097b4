//! Softmax, its logarithm, entropy, and the log probability of a discrete token with its backward.
//!
//! Not here: which tokens may be sampled (`truncation.rs`), densities of soft steps (`gumbel.rs`, `noises.rs`).

/// log Σ exp(logits), in nats, without overflow. Of an empty slice: -inf.
#[must_use]
pub fn log_sum_exp(logits: &[f64]) -> f64 {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest == f64::NEG_INFINITY {
        return largest;
    }
    largest + logits.iter().map(|logit| (logit - largest).exp()).sum::<f64>().ln()
}

/// Log probabilities (V) of logits (V), in nats.
#[must_use]
pub fn log_softmax(logits: &[f64]) -> Vec<f64> {
    let total = log_sum_exp(logits);
    logits.iter().map(|logit| logit - total).collect()
}

/// Probabilities (V) of logits (V).
#[must_use]
pub fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let masses: Vec<f64> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let total: f64 = masses.iter().sum();
    masses.into_iter().map(|mass| mass / total).collect()
}

/// Turns a gradient by softmax probabilities into the gradient by their logits: p_j (d_j - Σ_i d_i p_i), both (V).
#[must_use]
pub fn softmax_backward(probs: &[f64], d_probs: &[f64]) -> Vec<f64> {
    let mean: f64 = probs.iter().zip(d_probs).map(|(prob, d)| prob * d).sum();
    probs.iter().zip(d_probs).map(|(prob, d)| prob * (d - mean)).collect()
}

/// Shannon entropy of probabilities (V) in nats; 0 · ln 0 counts as 0.
#[must_use]
pub fn entropy(probs: &[f64]) -> f64 {
    -probs.iter().filter(|prob| **prob != 0.0).map(|prob| prob * prob.ln()).sum::<f64>()
}

/// [`entropy`] of the probabilities of logits (V) at a temperature: ln Σ e^z − Σ p z, without a logarithm for each of them. Masses below
/// e⁻⁷⁰⁰ of the largest count as none.
#[must_use]
pub fn entropy_of_logits(logits: &[f32], temperature: f64) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut total, mut sum) = (0.0, 0.0);
    for logit in logits {
        let z = (f64::from(*logit) - f64::from(largest)) / temperature;
        if z > -700.0 {
            let mass = z.exp();
            total += mass;
            sum += mass * z;
        } else if z.is_nan() {
            return f64::NAN;
        }
    }
    total.ln() - sum / total
}

/// The gradient of `d_out` · [`entropy`] by the logits of the probabilities (V): −`d_out` p_j (ln p_j + H).
#[must_use]
pub fn entropy_backward(probs: &[f64], d_out: f64) -> Vec<f64> {
    let entropy = entropy(probs);
    let slope = |prob: f64| if prob == 0.0 { 0.0 } else { -d_out * prob * (prob.ln() + entropy) };
    probs.iter().map(|prob| slope(*prob)).collect()
}

/// The log probability of token `label` under logits (V), over the full vocabulary, untruncated: what a discrete step scores.
///
/// Source: SofT-GRPO `torch_functional.py::logprobs_from_logits_topk_gumbel`, its discrete rows.
///
/// # Panics
/// If `label` is not below V.
#[must_use]
pub fn log_prob(logits: &[f64], label: usize) -> f64 {
    logits[label] - log_sum_exp(logits)
}

/// The gradient of `d_out` · [`log_prob`] by the logits (V): `d_out` · (1\[j = label\] - p_j).
///
/// # Panics
/// If `label` is not below V.
#[must_use]
pub fn log_prob_backward(logits: &[f64], label: usize, d_out: f64) -> Vec<f64> {
    let mut gradient: Vec<f64> = softmax(logits).into_iter().map(|prob| -d_out * prob).collect();
    gradient[label] += d_out;
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_of_logits_is_that_of_their_probabilities() {
        for scale in [0.1f32, 3.0, 40.0, 900.0] {
            let logits: Vec<f32> = (0..200).map(|i| scale * (i as f32 * 0.7).sin()).collect();
            for temperature in [0.5, 1.0, 2.0] {
                let probs = softmax(&logits.iter().map(|z| f64::from(*z) / temperature).collect::<Vec<_>>());
                let difference = (entropy_of_logits(&logits, temperature) - entropy(&probs)).abs();
                assert!(difference <= 1e-12, "{scale} {temperature}: {difference}"); // sums of 200 terms in f64
            }
        }
        assert!(entropy_of_logits(&[1.0, f32::NAN], 1.0).is_nan());
        assert_eq!(entropy_of_logits(&[1.0, f32::NEG_INFINITY], 1.0), 0.0);
    }

    #[test]
    fn large_logits_do_not_overflow_and_banned_ones_have_no_mass() {
        let probs = softmax(&[1000.0, 1000.0, f64::NEG_INFINITY]);
        assert_eq!(probs, [0.5, 0.5, 0.0]);
        assert!((entropy(&probs) - 2f64.ln()).abs() <= 1e-15);
        assert!((log_prob(&[1000.0, 1000.0, f64::NEG_INFINITY], 1) + 2f64.ln()).abs() <= 1e-12);
        assert_eq!(entropy(&[0.0, 1.0]), 0.0);
        assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
    }

    #[test]
    fn not_a_number_is_not_hidden() {
        assert!(softmax(&[f64::NAN, 1.0]).iter().all(|prob| prob.is_nan()));
        assert!(log_prob(&[f64::NAN, 1.0], 1).is_nan());
        assert!(entropy(&[f64::NAN, 1.0]).is_nan());
    }

    #[test]
    fn the_gradient_of_a_log_prob_sums_to_zero() {
        let gradient = log_prob_backward(&[0.3, -1.0, 2.0], 2, 1.5);
        assert!(gradient.iter().sum::<f64>().abs() <= 1e-15 && gradient[2] > 0.0);
    }
}
