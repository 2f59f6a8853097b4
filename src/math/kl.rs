//! Estimators of the divergence from the reference policy, one token at a time, with their derivatives.
//!
//! Not here: the coefficient and the sum over tokens (`train/`), the policy term (`surrogate.rs`).
//!
//! On soft steps the "log probabilities" are log densities of the stored action. Sources: Schulman 2020, "Approximating KL divergence";
//! verl `core_algos.py::kl_penalty` ("kl", "mse", "low_var_kl").

use serde::{Deserialize, Serialize};

/// A k3 value is clamped to plus or minus this; where it is, the derivative is 0. Source: `core_algos.py::kl_penalty`.
pub const K3_LIMIT: f64 = 10.0;

/// An estimator of KL(policy ‖ reference) from one token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KlEstimator {
    /// log π − log ref: unbiased, may be negative.
    K1,
    /// ½ (log π − log ref)²: biased, never negative.
    K2,
    /// e^Δ − Δ − 1 with Δ = log ref − log π: unbiased but for its clamp, never negative. SofT-GRPO's and GRPO's.
    #[default]
    K3,
}

/// The estimate, in nats, and its derivative by `log_prob`.
#[must_use]
pub fn kl(estimator: KlEstimator, log_prob: f64, reference_log_prob: f64) -> (f64, f64) {
    let difference = log_prob - reference_log_prob;
    match estimator {
        KlEstimator::K1 => (difference, 1.0),
        KlEstimator::K2 => (0.5 * difference * difference, difference),
        KlEstimator::K3 => {
            // exp_m1 keeps the digits of small differences, where e^Δ − Δ − 1 cancels.
            let growth = (-difference).exp_m1();
            let value = growth + difference;
            let used = value.clamp(-K3_LIMIT, K3_LIMIT);
            (used, if used == value { -growth } else { 0.0 })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_policies_have_no_divergence() {
        for estimator in [KlEstimator::K1, KlEstimator::K2, KlEstimator::K3] {
            assert_eq!(kl(estimator, -1.25, -1.25).0, 0.0);
        }
    }

    #[test]
    fn k3_is_never_negative_and_never_explodes() {
        for difference in [-1e9, -800.0, -12.0, -1e-9, 1e-9, 12.0, 1e9] {
            let (value, slope) = kl(KlEstimator::K3, 0.0, difference);
            assert!((0.0..=K3_LIMIT).contains(&value) && slope.is_finite(), "{difference}: {value}, {slope}");
        }
        assert!(kl(KlEstimator::K3, f64::NAN, 0.0).0.is_nan());
    }
}
