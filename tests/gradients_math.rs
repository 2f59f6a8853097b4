//! Every backward of `math` against central finite differences in f64, at seeded random points away from kinks.
//!
//! Not here: backwards of whole models.

use soft_thinking_lab::math::advantage::{Baseline, EPSILON, ScaleRewards, advantages};
use soft_thinking_lab::math::aggregation::{Aggregation, LossType, aggregation_weights};
use soft_thinking_lab::math::gumbel::{
    DensityForm, MASK_LOG_PROB, NOISE_MAX, NOISE_MIN, gumbel, log_density, log_density_backward, log_probability,
};
use soft_thinking_lab::math::kl::{KlEstimator, kl};
use soft_thinking_lab::math::noises::{
    GAMMA_LOG_DENSITY_MAX, GAMMA_LOG_DENSITY_MIN, GAUSSIAN_REACH, MASK_PROB, Noise, gamma_sample, gaussian_sample,
};
use soft_thinking_lab::math::objective::{Objective, SamplingLevel, Scored, Surrogate};
use soft_thinking_lab::math::softmax::{
    entropy, entropy_backward, log_prob, log_prob_backward, softmax, softmax_backward,
};
use soft_thinking_lab::math::special::{digamma, ln_gamma};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::surrogate::{
    Clip, LOG_RATIO_LIMIT, PolicyBatch, clipped_surrogate, policy_loss, score_function, sequence_surrogate,
};
use soft_thinking_lab::math::threefry::Key;

/// Relative to the gradient's norm. The differences' own error is about STEP² · f‴ + 1e-16 · f / STEP ≈ 1e-10.
const TOLERANCE: f64 = 1e-6;
const STEP: f64 = 1e-5;
/// Points this near to a kink are left out: the differences would straddle it.
const MARGIN: f64 = 1e-3;
/// Gradients of smaller norm are compared absolutely, at TOLERANCE · FLOOR.
const FLOOR: f64 = 1e-3;

fn near(value: f64, kink: f64) -> bool {
    (value - kink).abs() < MARGIN
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// Compares a gradient with central differences of `f` around `point`.
fn compare(what: &str, point: &[f64], gradient: &[f64], f: impl Fn(&[f64]) -> f64) {
    assert_eq!(point.len(), gradient.len(), "{what}: shape");
    let difference = |place: usize| {
        let moved = |by: f64| {
            let mut moved = point.to_vec();
            moved[place] += by;
            f(&moved)
        };
        (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
    };
    let errors: Vec<f64> = (0..point.len()).map(|place| gradient[place] - difference(place)).collect();
    let error = norm(&errors) / norm(gradient).max(FLOOR);
    assert!(error <= TOLERANCE, "{what}: relative error {error:.1e} at {point:?}: {gradient:?}");
}

fn normals(draws: &mut Stream, count: usize, deviation: f64) -> Vec<f64> {
    (0..count).map(|_| deviation * draws.normal()).collect()
}

/// Runs `point` with its own draws until `wanted` points were not skipped.
fn many(seed: u64, wanted: usize, mut point: impl FnMut(&mut Stream) -> bool) {
    let mut draws = Stream::new(Key::from_seed(seed));
    let done = (0..20 * wanted).filter(|_| point(&mut draws)).take(wanted).count();
    assert_eq!(done, wanted, "too many points lie near a kink");
}

#[test]
fn log_prob_and_softmax() {
    many(1, 200, |draws| {
        let logits = normals(draws, 20, 3.0);
        let label = draws.below(20) as usize;
        let gradient = log_prob_backward(&logits, label, -1.7);
        compare("log_prob", &logits, &gradient, |at| -1.7 * log_prob(at, label));
        let weights = normals(draws, 20, 1.0);
        let gradient = softmax_backward(&softmax(&logits), &weights);
        compare("softmax", &logits, &gradient, |at| softmax(at).iter().zip(&weights).map(|(p, w)| p * w).sum());
        let gradient = entropy_backward(&softmax(&logits), 0.8);
        compare("entropy", &logits, &gradient, |at| 0.8 * entropy(&softmax(at)));
        true
    });
}

#[test]
fn gumbel_log_density_in_both_forms_and_between() {
    let between = DensityForm { clamp: true, ..DensityForm::paper() };
    for (seed, form) in [(2, DensityForm::code()), (3, DensityForm::paper()), (4, between)] {
        let (mut clamped_low, mut clamped_high, mut masked) = (0, 0, 0);
        many(seed, 300, |draws| {
            let candidates = *draws.choose(&[3, 5, 8]);
            let logits = normals(draws, candidates, 2.0);
            // The policy that acted differs, so that reconstructed noise also falls far outside the clamp.
            let acted: Vec<f64> = logits.iter().map(|logit| logit + 0.7 * draws.normal()).collect();
            let perturbed: Vec<f64> = softmax(&acted)
                .iter()
                .map(|prob| log_probability(*prob, form.log_epsilon) + gumbel(draws.uniform()))
                .collect();
            let log_probs: Vec<f64> =
                softmax(&logits).iter().map(|prob| log_probability(*prob, form.log_epsilon)).collect();
            let noise: Vec<f64> = perturbed.iter().zip(&log_probs).map(|(y, l)| y - l).collect();
            let kink = |noise: &f64| near(*noise, NOISE_MIN) || near(*noise, NOISE_MAX);
            if noise.iter().any(kink) || log_probs.iter().any(|log_prob| near(*log_prob, MASK_LOG_PROB)) {
                return false;
            }
            clamped_low += noise.iter().filter(|noise| **noise < NOISE_MIN).count();
            clamped_high += noise.iter().filter(|noise| **noise > NOISE_MAX).count();
            masked += log_probs.iter().filter(|log_prob| **log_prob < MASK_LOG_PROB).count();
            let gradient = log_density_backward(&logits, &perturbed, &form, 0.6);
            compare("log_density", &logits, &gradient, |at| 0.6 * log_density(at, &perturbed, &form));
            true
        });
        assert!(clamped_low >= 20 && clamped_high >= 20 && masked >= 100, "{clamped_low} {clamped_high} {masked}");
    }
}

#[test]
fn control_noises() {
    let mut clamped = 0;
    many(5, 300, |draws| {
        let logits = normals(draws, 5, 1.5);
        let probs = softmax(&logits);
        let gammas: Vec<f64> = probs.iter().map(|prob| gamma_sample(*prob, draws)).collect();
        let gaussians: Vec<f64> = probs.iter().map(|prob| gaussian_sample(*prob, draws)).collect();
        // Far samples too, so that both clamps are visited.
        let gaussians: Vec<f64> = gaussians.iter().map(|sample| sample + 0.1 * draws.normal()).collect();
        let density = |place: usize| (probs[place] - 1.0) * gammas[place].ln() - gammas[place] - ln_gamma(probs[place]);
        let kink = |place: usize| {
            let distance = (gaussians[place] - probs[place]).abs();
            let bounds = [GAMMA_LOG_DENSITY_MIN, GAMMA_LOG_DENSITY_MAX];
            near(probs[place], MASK_PROB)
                || near(distance, GAUSSIAN_REACH)
                || bounds.iter().any(|b| near(density(place), *b))
        };
        if (0..5).any(kink) {
            return false;
        }
        clamped += (0..5).filter(|place| (gaussians[*place] - probs[*place]).abs() > GAUSSIAN_REACH).count();
        clamped += (0..5).filter(|place| probs[*place] > MASK_PROB && density(*place) > GAMMA_LOG_DENSITY_MAX).count();
        for (noise, action) in [(Noise::Dirichlet, &gammas), (Noise::Gaussian, &gaussians)] {
            let gradient = noise.log_density_backward(&logits, action, 1.3);
            compare("control", &logits, &gradient, |at| 1.3 * noise.log_density(at, action));
        }
        true
    });
    assert!(clamped >= 50, "only {clamped} clamped samples were visited");
    let points: Vec<f64> = (1..60).map(|place| 0.06 * f64::from(place)).collect();
    let gradient: Vec<f64> = points.iter().map(|x| digamma(*x)).collect();
    compare("ln_gamma", &points, &gradient, |at| at.iter().map(|x| ln_gamma(*x)).sum());
}

#[test]
fn surrogate_in_every_region() {
    let mut seen = [0; 4];
    many(6, 600, |draws| {
        let dual = *draws.choose(&[None, Some(3.0), Some(1.5)]);
        let clip = Clip { low: 0.2, high: *draws.choose(&[0.2, 0.28]), dual };
        let (old_log_prob, advantage) = (-3.0 * draws.uniform(), 2.0 * draws.normal());
        let log_ratio = if draws.below(20) == 0 { 30.0 * draws.normal() } else { draws.normal() };
        let log_prob = old_log_prob + log_ratio;
        let ratio = log_ratio.exp();
        let kinks = [1.0 - clip.low, 1.0 + clip.high, clip.dual.unwrap_or(1e9), LOG_RATIO_LIMIT.exp()];
        if kinks.iter().any(|kink| near(ratio / kink, 1.0)) {
            return false;
        }
        let token = clipped_surrogate(log_prob, old_log_prob, advantage, &clip);
        let held = [token.clipped_low, token.clipped_high, token.clipped_dual, token.d_log_prob != 0.0];
        held.iter().zip(&mut seen).for_each(|(held, seen)| *seen += usize::from(*held));
        compare("clipped_surrogate", &[log_prob], &[token.d_log_prob], |at| {
            clipped_surrogate(at[0], old_log_prob, advantage, &clip).loss
        });
        true
    });
    assert!(seen.iter().all(|count| *count >= 20), "regions visited: {seen:?}");
}

#[test]
fn policy_loss_of_a_batch() {
    let names = [
        Aggregation::TokenMean,
        Aggregation::SeqMeanTokenMean,
        Aggregation::SeqMeanTokenSum,
        Aggregation::SeqMeanTokenSumNorm,
    ];
    many(7, 40, |draws| {
        let (rows, width) = (3, 4);
        let old_log_probs = normals(draws, rows * width, 1.0);
        let log_probs: Vec<f64> = old_log_probs.iter().map(|old| old + 0.4 * draws.normal()).collect();
        let advantages = normals(draws, rows * width, 1.0);
        let mask: Vec<f64> = (0..rows * width).map(|_| f64::from(draws.below(4).min(1))).collect();
        let kink = |(new, old): (&f64, &f64)| [0.8, 1.2, 3.0].iter().any(|kink| near((new - old).exp(), *kink));
        if log_probs.iter().zip(&old_log_probs).any(kink) {
            return false;
        }
        for aggregation in names {
            let at = |log_probs: &[f64]| {
                let batch = PolicyBatch {
                    log_probs,
                    old_log_probs: &old_log_probs,
                    advantages: &advantages,
                    mask: &mask,
                    width,
                };
                policy_loss(&batch, &Clip::default(), aggregation)
            };
            compare("policy_loss", &log_probs, &at(&log_probs).grad_log_probs, |moved| at(moved).loss);
        }
        true
    });
}

#[test]
fn divergences() {
    for (seed, estimator) in [(8, KlEstimator::K1), (9, KlEstimator::K2), (10, KlEstimator::K3)] {
        let mut clamped = 0;
        many(seed, 300, |draws| {
            let (log_prob, reference) = (3.0 * draws.normal(), 3.0 * draws.normal());
            let difference: f64 = reference - log_prob;
            let unclamped = difference.exp() - difference - 1.0;
            if near(unclamped / 10.0, 1.0) {
                return false;
            }
            clamped += usize::from(unclamped > 10.0);
            compare("kl", &[log_prob], &[kl(estimator, log_prob, reference).1], |at| kl(estimator, at[0], reference).0);
            true
        });
        assert!(clamped >= 20, "only {clamped} points beyond k3's limit");
    }
}

#[test]
fn surrogate_of_whole_sequences_and_score_function() {
    let mut clipped = 0;
    many(11, 200, |draws| {
        let (old, advantage, clip) = (normals(draws, 5, 1.0), draws.normal(), Clip { high: 0.28, ..Clip::default() });
        let log_probs: Vec<f64> = old.iter().map(|old| old + draws.normal()).collect();
        let whole = sequence_surrogate(&log_probs, &old, advantage, &clip);
        if [0.8, 1.28, 3.0].iter().any(|kink| near(whole.ratio, *kink)) {
            return false;
        }
        clipped += usize::from(whole.d_log_prob == 0.0);
        compare("sequence_surrogate", &log_probs, &[whole.d_log_prob; 5], |at| {
            sequence_surrogate(at, &old, advantage, &clip).loss
        });
        compare("score_function", &log_probs[..1], &[score_function(log_probs[0], advantage).d_log_prob], |at| {
            score_function(at[0], advantage).loss
        });
        true
    });
    assert!(clipped >= 40, "only {clipped} sequences were clipped");
}

/// Tokens of the small vocabulary of whole losses.
const VOCABULARY: usize = 6;

/// What was done at a position: the four kinds that papers know and a given token.
enum Done {
    Token(usize),
    Gumbel(Vec<f64>),
    Draws([usize; 3]),
    Given,
}

impl Done {
    fn random(logits: &[f64], draws: &mut Stream) -> Self {
        let perturb = |prob: &f64, draws: &mut Stream| (prob + 1e-6).ln() + gumbel(draws.uniform());
        match draws.below(4) {
            0 => Self::Token(draws.below(6) as usize),
            1 => Self::Gumbel(softmax(&logits[..4]).iter().map(|prob| perturb(prob, draws)).collect()),
            2 => Self::Draws([0; 3].map(|_| draws.below(6) as usize)),
            _ => Self::Given,
        }
    }

    /// The log densities under logits (V), and how each moves with them.
    fn densities(&self, logits: &[f64]) -> Vec<(f64, Vec<f64>)> {
        let token = |label: usize| (log_prob(logits, label), log_prob_backward(logits, label, 1.0));
        let form = DensityForm { clamp: false, mask: None, ..DensityForm::code() };
        match self {
            Self::Token(label) => vec![token(*label)],
            Self::Gumbel(perturbed) => {
                let mut gradient = log_density_backward(&logits[..4], perturbed, &form, 1.0);
                gradient.resize(VOCABULARY, 0.0);
                vec![(log_density(&logits[..4], perturbed, &form), gradient)]
            }
            Self::Draws(labels) => labels.iter().map(|label| token(*label)).collect(),
            Self::Given => vec![(0.0, vec![0.0; VOCABULARY])],
        }
    }

    fn weight(&self, weight: f64) -> f64 {
        if matches!(self, Self::Given) { 0.0 } else { weight }
    }
}

/// A batch as the trainer meets it: actions, what they scored before and under the reference, weights and advantages of sequences.
struct Batch {
    done: Vec<Vec<Done>>,
    old: Vec<Vec<f64>>,
    reference: Vec<Vec<f64>>,
    advantages: Vec<f64>,
    weights: Vec<f64>,
}

impl Batch {
    /// Logits of all positions, sequence after sequence → the loss and its gradient; and how far ratios are from a kink.
    fn loss(&self, objective: &Objective, logits: &[f64]) -> (f64, Vec<f64>, bool) {
        let (mut loss, mut gradient, mut kink) = (0.0, Vec::new(), false);
        let mut positions = logits.chunks(VOCABULARY);
        for (row, done) in self.done.iter().enumerate() {
            let rows: Vec<&[f64]> = positions.by_ref().take(done.len()).collect();
            let scores: Vec<_> = done.iter().zip(&rows).map(|(done, logits)| done.densities(logits)).collect();
            let weight = self.weights[row];
            let log_densities: Vec<f64> = scores.iter().flatten().map(|(value, _)| *value).collect();
            let weights: Vec<f64> =
                done.iter().zip(&scores).flat_map(|(done, scores)| vec![done.weight(weight); scores.len()]).collect();
            let entropies: Vec<f64> = rows.iter().map(|logits| entropy(&softmax(logits))).collect();
            let entropy_weights: Vec<f64> = done.iter().map(|done| done.weight(weight)).collect();
            let scored = Scored {
                log_densities: &log_densities,
                old: &self.old[row],
                reference: Some(&self.reference[row]),
                weights: &weights,
                entropies: &entropies,
                entropy_weights: &entropy_weights,
                advantage: self.advantages[row],
            };
            let found = objective.sequence_loss(&scored);
            loss += found.loss;
            let kinks = |ratio: f64| [0.8, 1.2, 3.0].iter().any(|kink| near(ratio, *kink));
            let log_ratios: Vec<f64> = log_densities.iter().zip(&self.old[row]).map(|(new, old)| new - old).collect();
            let chosen = weights.iter().filter(|weight| **weight != 0.0).count().max(1) as f64;
            kink |= kinks((log_ratios.iter().sum::<f64>() / chosen).exp());
            kink |= log_ratios.iter().any(|log_ratio| kinks(log_ratio.exp()));
            let mut slopes = found.d_log_densities.iter();
            for (place, scores) in scores.iter().enumerate() {
                let mut by_logits = entropy_backward(&softmax(rows[place]), found.d_entropies[place]);
                for (_, moves) in scores {
                    let slope = slopes.next().unwrap();
                    by_logits.iter_mut().zip(moves).for_each(|(total, moves)| *total += slope * moves);
                }
                gradient.extend(by_logits);
            }
        }
        (loss, gradient, kink)
    }
}

#[test]
fn every_objective_by_the_logits_of_a_batch() {
    const LENGTHS: [usize; 4] = [2, 5, 3, 4];
    let positions: usize = LENGTHS.iter().sum();
    let policies = [
        (Surrogate::Clipped, SamplingLevel::Token),
        (Surrogate::Clipped, SamplingLevel::Sequence),
        (Surrogate::ScoreFunction, SamplingLevel::Token),
    ];
    let losses = [LossType::Grpo, LossType::Bnpo, LossType::Dapo, LossType::DrGrpo, LossType::SeqMeanTokenSum];
    let baselines = [Baseline::GroupMean, Baseline::LeaveOneOut, Baseline::None];
    let scales = [ScaleRewards::Group, ScaleRewards::Batch, ScaleRewards::None];
    let (mut clipped, mut seed) = (0, 100);
    for (surrogate, level) in policies {
        for loss_type in losses {
            for kl_estimator in [KlEstimator::K1, KlEstimator::K2, KlEstimator::K3] {
                seed += 1;
                many(seed, 4, |draws| {
                    let logits = normals(draws, positions * VOCABULARY, 1.0);
                    let mut rows = logits.chunks(VOCABULARY);
                    let done = LENGTHS.map(|length| {
                        (0..length).map(|_| Done::random(rows.next().unwrap(), draws)).collect::<Vec<_>>()
                    });
                    let rewards = normals(draws, LENGTHS.len(), 1.0);
                    let (baseline, scale) = (*draws.choose(&baselines), *draws.choose(&scales));
                    let lengths = done.each_ref().map(|done| done.iter().filter(|d| d.weight(1.0) > 0.0).count());
                    let mut elsewhere = |deviation: f64| -> Vec<Vec<f64>> {
                        let mut rows = logits.chunks(VOCABULARY);
                        let mut moved = || {
                            let row = rows.next().unwrap();
                            row.iter().map(|z| z + deviation * draws.normal()).collect::<Vec<f64>>()
                        };
                        let score = |done: &Vec<Done>| {
                            done.iter().flat_map(|done| done.densities(&moved())).map(|(value, _)| value).collect()
                        };
                        done.iter().map(score).collect()
                    };
                    let batch = Batch {
                        old: elsewhere(0.3),
                        reference: elsewhere(0.5),
                        advantages: advantages(&rewards, 2, baseline, scale, EPSILON),
                        weights: aggregation_weights(loss_type, &lengths, 8, Some(3)),
                        done: done.into(),
                    };
                    let objective = Objective {
                        surrogate,
                        level,
                        clip: Clip::default(),
                        beta: 0.3,
                        kl_estimator,
                        entropy_coef: 0.2,
                    };
                    let (_, gradient, kink) = batch.loss(&objective, &logits);
                    if kink {
                        return false;
                    }
                    let plain = Objective { clip: Clip { low: 0.99, high: 1e6, dual: None }, ..objective };
                    clipped += usize::from(batch.loss(&plain, &logits).1 != gradient);
                    let what = format!("{surrogate:?} {level:?} {loss_type:?} {kl_estimator:?} {baseline:?} {scale:?}");
                    compare(&what, &logits, &gradient, |at| batch.loss(&objective, at).0);
                    true
                });
            }
        }
    }
    assert!(clipped >= 40, "only {clipped} batches had anything clipped");
}
