//! The method itself: Gumbel noise on log probabilities, the mixture it gives, and the log density of what was stored.
//!
//! Not here: which tokens are candidates (`truncation.rs`), the control noises (`noises.rs`), ratios and losses (`surrogate.rs`).
//!
//! Letters: K candidates; q (K) their renormalised probabilities. Sources: SofT-GRPO, arXiv 2511.06411, §3 and appendix C.3; its code
//! `sampler.py` (soft branch) and `torch_functional.py::logprobs_from_logits_topk_gumbel`.

use serde::{Deserialize, Serialize};

use super::density::{Term, Terms};
use super::softmax::softmax;

/// Added to probabilities before the logarithm. Source: `sampler.py`, soft branch.
pub const LOG_EPSILON: f64 = 1e-6;
/// What is stored in the place of a candidate that was cut and takes no part, neither in the mixture nor in the density. Only
/// possible without an epsilon; with it, cut candidates come back at log 1e-6 as in the reference's code.
pub const ABSENT: f64 = -1e30;
/// Noise, drawn or reconstructed, is clamped from below here (1.13 % of draws). Source: `sampler.py`; not in the paper.
pub const NOISE_MIN: f64 = -1.5;
/// Noise, drawn or reconstructed, is clamped from above here (4.86 % of draws). Source: `sampler.py`; not in the paper.
pub const NOISE_MAX: f64 = 3.0;
/// A candidate counts in the density if log(q + 1e-6) is greater: q above 4.98 %. Source: `torch_functional.py`; not in the paper.
pub const MASK_LOG_PROB: f64 = -3.0;

/// Reconstructed noise this near to a clamp bound, or beyond it, passes no gradient.
///
/// Noise that the rollout clamped comes back as the bound itself, give or take rounding, whenever the policy has not moved yet. In the
/// reference that rounding decides for 6 % of the terms whether they have a gradient; the published numbers (exact bound: none) and
/// engines in f32 agree only if it does not. The margin is what f32 logits and stored values may be off by; our own choice.
pub const CLAMP_MARGIN: f64 = 1e-4;

/// The Gumbel(0, 1) draw of a uniform in (0, 1): -log(-log u).
#[must_use]
pub fn gumbel(uniform: f64) -> f64 {
    -(-uniform.ln()).ln()
}

/// Whether reconstructed noise lies inside the clamp, further than [`CLAMP_MARGIN`] from its bounds: only there it has a gradient.
#[must_use]
pub fn inside_clamp(noise: f64) -> bool {
    !(noise <= NOISE_MIN + CLAMP_MARGIN || noise >= NOISE_MAX - CLAMP_MARGIN)
}

/// Noise clamped to [[`NOISE_MIN`], [`NOISE_MAX`]]. NaN stays NaN.
#[must_use]
pub fn clamp_noise(noise: f64) -> f64 {
    noise.clamp(NOISE_MIN, NOISE_MAX)
}

/// The log of a probability as the method takes it: log(q + epsilon), in nats; [`LOG_EPSILON`] in the code, 0 in the paper.
#[must_use]
pub fn log_probability(prob: f64, epsilon: f64) -> f64 {
    (prob + epsilon).ln()
}

/// Whether a stored value stands for a candidate that takes part: not one that was cut and left out ([`ABSENT`]).
#[must_use]
pub fn is_present(perturbed: f64) -> bool {
    perturbed > 0.5 * ABSENT || perturbed.is_nan()
}

/// Perturbed log probabilities (K): log(q + epsilon) + `noise_scale` · noise, from probabilities (K) and noise (K). They are the
/// action. Without an epsilon a candidate that truncation cut (q = 0) is [`ABSENT`].
#[must_use]
pub fn perturb(probs: &[f64], noise: &[f64], noise_scale: f64, epsilon: f64) -> Vec<f64> {
    let value = |(prob, noise): (&f64, &f64)| match *prob + epsilon == 0.0 {
        true => ABSENT,
        false => log_probability(*prob, epsilon) + noise_scale * noise,
    };
    probs.iter().zip(noise).map(value).collect()
}

/// The mixture (K) of perturbed log probabilities (K): softmax(perturbed / `gumbel_temperature`), in the same order.
#[must_use]
pub fn mixture(perturbed: &[f64], gumbel_temperature: f64) -> Vec<f64> {
    softmax(&perturbed.iter().map(|value| value / gumbel_temperature).collect::<Vec<_>>())
}

/// The place of the largest value, the first of equals: the projection of a mixture or of perturbed log probabilities.
#[must_use]
pub fn projection(values: &[f64]) -> usize {
    values.iter().enumerate().fold(0, |best, (place, value)| if *value > values[best] { place } else { best })
}

/// Which of the two published densities of a soft step is meant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DensityForm {
    /// Clamp the reconstructed noise to [[`NOISE_MIN`], [`NOISE_MAX`]]; outside and at the bounds the gradient is 0 ([`inside_clamp`]).
    pub clamp: bool,
    /// Count only candidates whose log probability exceeds this.
    pub mask: Option<f64>,
    /// Take the mean over the counted candidates, not their sum.
    pub mean: bool,
    /// Added to probabilities before the logarithm, as when they were perturbed.
    pub log_epsilon: f64,
}

impl DensityForm {
    /// As the reference's code has it: clamp, mask at -3, mean, epsilon 1e-6.
    #[must_use]
    pub const fn code() -> Self {
        Self { clamp: true, mask: Some(MASK_LOG_PROB), mean: true, log_epsilon: LOG_EPSILON }
    }

    /// As the paper has it (equations 11 and 12): no clamp, no mask, sum, no epsilon.
    #[must_use]
    pub const fn paper() -> Self {
        Self { clamp: false, mask: None, mean: false, log_epsilon: 0.0 }
    }
}

impl Default for DensityForm {
    fn default() -> Self {
        Self::code()
    }
}

/// The terms f_i = -g_i - exp(-g_i), where g_i = perturbed_i - log(q_i + epsilon) is the noise as the current policy must read it.
/// Candidates that are [`ABSENT`] have neither probability nor term.
fn terms(candidate_logits: &[f64], perturbed: &[f64], form: &DensityForm) -> Terms {
    let logit = |(logit, perturbed): (&f64, &f64)| if is_present(*perturbed) { *logit } else { f64::NEG_INFINITY };
    let probs = softmax(&candidate_logits.iter().zip(perturbed).map(logit).collect::<Vec<_>>());
    let terms = probs.iter().zip(perturbed).map(|(prob, perturbed)| {
        if !is_present(*perturbed) {
            return Term { value: 0.0, d_prob: 0.0, counted: false };
        }
        let log_prob = log_probability(*prob, form.log_epsilon);
        let noise = perturbed - log_prob;
        let used = if form.clamp { clamp_noise(noise) } else { noise };
        // d noise / d prob = -1 / (prob + epsilon).
        let moves = !form.clamp || inside_clamp(noise);
        let d_prob = if moves { (1.0 - (-used).exp()) / (prob + form.log_epsilon) } else { 0.0 };
        let counted = form.mask.is_none_or(|mask| log_prob > mask || log_prob.is_nan());
        Term { value: -used - (-used).exp(), d_prob, counted }
    });
    Terms { terms: terms.collect(), probs, mean: form.mean }
}

/// The log density, in nats, of the stored perturbed log probabilities (K) under the current logits of the same candidates (K).
///
/// Probabilities are renormalised over the candidates, so no other logit matters. With every candidate masked (possible only for
/// K above 20) the step has no density: 0, without a gradient.
///
/// Source: `torch_functional.py::logprobs_from_logits_topk_gumbel`; paper equations 11 and 12.
#[must_use]
pub fn log_density(candidate_logits: &[f64], perturbed: &[f64], form: &DensityForm) -> f64 {
    terms(candidate_logits, perturbed, form).score()
}

/// The gradient of `d_out` · [`log_density`] by the candidates' logits (K); by every other logit it is 0.
///
/// With M counted candidates: d/dz_j = (1/M) Σ_i m_i (1 - e^{-g_i}) q_i/(q_i + 1e-6) (1\[i = j\] - q_j), clamped i left out.
#[must_use]
pub fn log_density_backward(candidate_logits: &[f64], perturbed: &[f64], form: &DensityForm, d_out: f64) -> Vec<f64> {
    terms(candidate_logits, perturbed, form).backward(d_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_and_smallest_uniforms_give_finite_noise() {
        use crate::math::threefry::open_uniform;
        assert!(gumbel(open_uniform(u32::MAX)).is_finite() && gumbel(open_uniform(0)).is_finite());
        assert_eq!((clamp_noise(9.0), clamp_noise(-9.0), clamp_noise(0.5)), (NOISE_MAX, NOISE_MIN, 0.5));
    }

    #[test]
    fn a_cut_candidate_is_far_below_and_never_projected() {
        let perturbed = perturb(&[1.0, 0.0], &[NOISE_MIN, NOISE_MAX], 1.0, LOG_EPSILON);
        assert_eq!(projection(&mixture(&perturbed, 0.1)), 0);
        assert!(perturbed[1] <= -10.0);
        assert_eq!(projection(&[1.0, 2.0, 2.0]), 1);
    }

    #[test]
    fn a_clamped_candidate_scores_its_bound_without_a_gradient() {
        // Equal logits, so q = 1/2 each; noise far above and below the bounds.
        let log_half = log_probability(0.5, LOG_EPSILON);
        let perturbed = [log_half + 10.0, log_half - 10.0];
        let score = |noise: f64| -noise - (-noise).exp();
        let wanted = 0.5 * (score(NOISE_MAX) + score(NOISE_MIN));
        assert!((log_density(&[0.0, 0.0], &perturbed, &DensityForm::code()) - wanted).abs() <= 1e-14);
        assert_eq!(log_density_backward(&[0.0, 0.0], &perturbed, &DensityForm::code(), 1.0), [0.0, 0.0]);
        let summed = DensityForm { log_epsilon: LOG_EPSILON, ..DensityForm::paper() };
        let paper = log_density(&[0.0, 0.0], &perturbed, &summed);
        assert!((paper - score(10.0) - score(-10.0)).abs() <= 1e-9);
    }

    #[test]
    fn noise_clamped_by_the_rollout_has_no_gradient_whatever_the_rounding() {
        let (logits, form) = ([0.3, -0.4, 0.1], DensityForm::code());
        for bound in [NOISE_MIN, NOISE_MAX] {
            let stored = perturb(&softmax(&logits), &[bound; 3], 1.0, LOG_EPSILON);
            for rounding in [0.0, 1e-15, -1e-15, 1e-6, -1e-6] {
                let stored: Vec<f64> = stored.iter().map(|value| value + rounding).collect();
                assert_eq!(log_density_backward(&logits, &stored, &form, 1.0), [0.0; 3]);
            }
        }
    }

    #[test]
    fn not_a_number_is_not_hidden() {
        assert!(log_density(&[f64::NAN, 0.0], &[0.0, 0.0], &DensityForm::code()).is_nan());
        assert!(log_density(&[0.0, 0.0], &[f64::NAN, 0.0], &DensityForm::code()).is_nan());
    }

    #[test]
    fn all_candidates_masked_is_no_density() {
        let logits = [0.0; 40];
        assert_eq!(log_density(&logits, &[0.0; 40], &DensityForm::code()), 0.0);
        assert!(log_density_backward(&logits, &[0.0; 40], &DensityForm::code(), 1.0).iter().all(|d| *d == 0.0));
    }

    /// Steps of a fixed seed: perturbed log probabilities of `probs` with Gumbel noise that `treat` may clamp.
    fn steps(probs: &[f64], count: u32, treat: fn(f64) -> f64) -> Vec<Vec<f64>> {
        let key = crate::math::threefry::Key::from_seed(77);
        let noise = |step: u32| (0..probs.len() as u32).map(move |slot| treat(gumbel(key.uniform(step, slot))));
        (0..count).map(|step| perturb(probs, &noise(step).collect::<Vec<_>>(), 1.0, LOG_EPSILON)).collect()
    }

    /// How often each candidate is the projection.
    fn frequencies(probs: &[f64], count: u32, treat: fn(f64) -> f64) -> Vec<f64> {
        let mut frequencies = vec![0.0; probs.len()];
        steps(probs, count, treat).iter().for_each(|step| frequencies[projection(step)] += 1.0 / f64::from(count));
        frequencies
    }

    #[test]
    fn the_projection_of_unclamped_noise_is_a_categorical_draw() {
        let probs = [0.4, 0.3, 0.15, 0.1, 0.05];
        let share = frequencies(&probs, 40_000, |noise| noise);
        let terms = share.iter().zip(&probs).map(|(got, wanted)| 40_000.0 * (got - wanted).powi(2) / wanted);
        let statistic: f64 = terms.sum();
        // The 1e-3 quantile from above of chi-square with 4 degrees of freedom.
        assert!(statistic <= 18.47, "chi-square {statistic}: {share:?}");
    }

    #[test]
    fn clamping_sharpens_as_measured_on_the_reference() {
        let share = frequencies(&[0.9, 0.06, 0.02, 0.01, 0.01], 40_000, clamp_noise);
        // Both sides are frequencies of 40 000 draws: four standard errors of their difference (.0017 and .0016), and 3 rounded digits.
        assert!((share[0] - 0.942).abs() <= 0.007 && (share[1] - 0.051).abs() <= 0.007, "{share:?}");
    }

    #[test]
    fn mixtures_are_as_soft_as_measured_on_the_reference() {
        let of = |probs: &[f64], temperature: f64| {
            let mixtures = steps(probs, 20_000, clamp_noise).into_iter().map(|step| mixture(&step, temperature));
            let (mut hard, mut nats) = (0.0, 0.0);
            for weights in mixtures {
                hard += f64::from(u8::from(weights[projection(&weights)] > 0.95)) / 20_000.0;
                nats += crate::math::softmax::entropy(&weights) / 20_000.0;
            }
            (hard, nats)
        };
        let wide = [0.4, 0.3, 0.15, 0.1, 0.05];
        for (probs, temperature, hard, nats) in [
            (&[0.5, 0.5][..], 0.1, 0.85, 0.083),
            (&[0.5, 0.5], 1.0, 0.07, 0.51),
            (&wide, 0.1, 0.78, 0.13),
            (&wide, 1.0, 0.0, 1.09),
        ] {
            let got = of(probs, temperature);
            // Four standard errors of a share over 20 000 steps (.014 at most) and of both sides' rounding (.005).
            assert!((got.0 - hard).abs() <= 0.017 && (got.1 - nats).abs() <= 0.015, "{probs:?} {temperature}: {got:?}");
        }
    }

    #[test]
    fn the_clamps_take_their_published_share_and_the_density_its_expectation() {
        let key = crate::math::threefry::Key::from_seed(78);
        let count = 200_000;
        let noise: Vec<f64> = (0..count).map(|n| gumbel(key.uniform(n, 0))).collect();
        let share = |beyond: fn(f64) -> bool| noise.iter().filter(|n| beyond(**n)).count() as f64 / f64::from(count);
        // Four standard errors of a share over 200 000 draws: .0019 and .0010.
        assert!(
            (share(|n| n > NOISE_MAX) - 0.0486).abs() <= 0.0019 && (share(|n| n < NOISE_MIN) - 0.0113).abs() <= 0.001
        );
        let unclamped = DensityForm { mean: true, ..DensityForm::paper() };
        let probs: [f64; 4] = [0.4, 0.3, 0.2, 0.1];
        let logits = probs.map(f64::ln);
        let densities =
            steps(&probs, 50_000, |noise| noise).into_iter().map(|step| log_density(&logits, &step, &unclamped));
        let mean = densities.sum::<f64>() / 50_000.0;
        // E = -(1 + Euler's constant); the variance of one term is pi²/6 - 1 = .645, so four standard errors are .0072.
        assert!((mean + 1.5772).abs() <= 0.0072, "{mean}");
    }
}
