//! What every policy draws, against probabilities computed in f64: Pearson's chi-square at 1e-3 with fixed seeds.
//!
//! Not here: rollouts (`policies.rs`), the same draws on the GPU (`gpu.rs`, step by step).

use std::f64::consts::PI;

use soft_thinking_lab::decode::preset::preset;
use soft_thinking_lab::decode::step::Row;
use soft_thinking_lab::decode::{DiscreteSettings, MultiplexSettings, Policy, SoftSettings, SoftTokensSettings, Step};
use soft_thinking_lab::math::gumbel::{LOG_EPSILON, NOISE_MAX, NOISE_MIN};
use soft_thinking_lab::math::noises::{GAUSSIAN_DEVIATION, Noise};
use soft_thinking_lab::math::soft_tokens::mean_embedding;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::math::truncation::{Truncation, truncate};
use soft_thinking_lab::text::{Marks, Tokenizer};

const DRAWS: u32 = 20_000;
const LOGITS: [f32; 9] = [0.4, 1.9, -0.7, 1.2, 0.1, -2.0, 0.9, -0.2, -1.1];
/// No token ends anything.
fn marks() -> Marks {
    let lab = Tokenizer::lab().unwrap().marks();
    Marks { pad: 0, think: 90, end_think: 91, answer: 92, end_answer: 93, ..lab }
}

/// The first step of many rollouts, each with its own key.
fn steps(policy: &Policy, logits: &[f32], embedding: &[f64], deviation: f64) -> impl Iterator<Item = Step> + use<> {
    let sampling = policy.sampling(marks(), 1, deviation);
    sampling.validate().unwrap();
    let (logits, embedding) = (logits.to_vec(), embedding.to_vec());
    (0..DRAWS).map(move |n| Row::new(Key::from_seed(31).derive(n)).next(&logits, &sampling, &embedding).clone())
}

/// The 1e-3 quantile from above of chi-square (Wilson and Hilferty 1931; from 3 degrees of freedom on right to 0.5 %).
fn quantile(freedom: f64) -> f64 {
    let part = 2.0 / (9.0 * freedom);
    freedom * (1.0 - part + 3.0902 * part.sqrt()).powi(3)
}

/// Pearson's statistic of bins whose probabilities are known; bins that expect fewer than five are joined.
fn check(what: &str, bins: impl Iterator<Item = usize>, probs: &[f64]) {
    let mut counts = vec![0.0; probs.len()];
    let mut total = 0.0;
    for bin in bins {
        counts[bin] += 1.0;
        total += 1.0;
    }
    assert!((probs.iter().sum::<f64>() - 1.0).abs() <= 1e-6, "{what}: probabilities sum to {probs:?}");
    let (mut statistic, mut freedom, mut rare) = (0.0, -1.0, (0.0, 0.0));
    for (count, prob) in counts.iter().zip(probs) {
        let wanted = total * prob;
        if wanted < 5.0 {
            rare = (rare.0 + count, rare.1 + wanted);
            continue;
        }
        statistic += (count - wanted).powi(2) / wanted;
        freedom += 1.0;
    }
    if rare.1 >= 5.0 {
        statistic += (rare.0 - rare.1).powi(2) / rare.1;
        freedom += 1.0;
    } else {
        assert!(rare.0 <= 20.0, "{what}: {rare:?}");
    }
    assert!(
        freedom >= 2.0 && statistic <= quantile(freedom),
        "{what}: chi-square {statistic} of {freedom}: {counts:?}"
    );
}

/// Probabilities of all tokens (V) after truncation.
fn kept(truncation: &Truncation, keep: usize) -> Vec<f64> {
    let found = truncate(&LOGITS, truncation, keep);
    let mut probs = vec![0.0; LOGITS.len()];
    found.ids.iter().zip(&found.probs).for_each(|(id, prob)| probs[*id as usize] = *prob);
    probs
}

fn tokens(policy: &Policy) -> impl Iterator<Item = usize> + use<> {
    steps(policy, &LOGITS, &[], 0.0).map(|step| step.token as usize)
}

#[test]
fn discrete_tokens_follow_the_truncated_distribution() {
    for settings in [
        DiscreteSettings::default(),
        DiscreteSettings { temperature: 0.7, top_k: 6, ..DiscreteSettings::default() },
        DiscreteSettings { temperature: 1.6, top_p: 0.8, ..DiscreteSettings::default() },
        DiscreteSettings { min_p: 0.2, ..DiscreteSettings::default() },
    ] {
        let policy = Policy::Discrete(settings);
        check(&format!("{settings:?}"), tokens(&policy), &kept(&policy.truncation(), LOGITS.len()));
    }
    assert!(tokens(&preset("greedy").unwrap()).all(|token| token == 1));
}

#[test]
fn projections_of_unclamped_gumbel_noise_follow_the_candidates() {
    for policy in [preset("stochastic-soft-thinking").unwrap(), preset("softgrpo-paper").unwrap()] {
        check(&format!("{policy:?}"), tokens(&policy), &kept(&policy.truncation(), 5));
    }
}

#[test]
fn another_distribution_is_found() {
    let drawn = tokens(&Policy::Discrete(DiscreteSettings { temperature: 0.9, ..DiscreteSettings::default() }));
    let other = kept(&Truncation::NONE, LOGITS.len());
    assert!(std::panic::catch_unwind(|| check("wrong", drawn, &other)).is_err());
}

/// P(candidate i wins) under clamped noise: ∫ Π_j F(y_i(u) − a_j) du, F the distribution of the clamped noise.
fn clamped_wins(probs: &[f64]) -> Vec<f64> {
    let logs: Vec<f64> = probs.iter().map(|q| (q + LOG_EPSILON).ln()).collect();
    let below = |x: f64| match x {
        x if x < NOISE_MIN => 0.0,
        x if x >= NOISE_MAX => 1.0,
        x => (-(-x).exp()).exp(),
    };
    let cells = 200_000;
    let wins = |i: usize| {
        let at = |cell: usize| {
            let uniform = (cell as f64 + 0.5) / f64::from(cells as u32);
            let y = logs[i] + (-(-uniform.ln()).ln()).clamp(NOISE_MIN, NOISE_MAX);
            (0..logs.len()).filter(|j| *j != i).map(|j| below(y - logs[j])).product::<f64>()
        };
        (0..cells).map(at).sum::<f64>() / f64::from(cells as u32)
    };
    (0..probs.len()).map(wins).collect()
}

#[test]
fn projections_of_clamped_noise_are_sharper_by_just_the_clamps() {
    let policy = Policy::Soft(SoftSettings { top_p: 1.0, ..SoftSettings::default() });
    let probs = kept(&policy.truncation(), 5);
    let ids: Vec<usize> = (0..probs.len()).filter(|id| probs[*id] > 0.0).collect();
    let wins = clamped_wins(&ids.iter().map(|id| probs[*id]).collect::<Vec<_>>());
    let mut expected = vec![0.0; probs.len()];
    ids.iter().zip(&wins).for_each(|(id, win)| expected[*id] = *win);
    check("clamped", tokens(&policy), &expected);
    assert!(expected[1] > probs[1] + 0.002, "clamping sharpens: {} {}", expected[1], probs[1]);
}

#[test]
fn soft_thinking_blends_by_the_probabilities_themselves() {
    let policy = preset("soft-thinking").unwrap();
    let probs = kept(&policy.truncation(), 10);
    for step in steps(&policy, &LOGITS, &[], 0.0).take(20) {
        for (id, weight) in step.candidates.iter().zip(&step.mixture) {
            assert!((f64::from(*weight) - probs[*id as usize]).abs() <= 1e-6, "{step:?}");
        }
        assert!(step.token == 1 && !step.winner_changed);
    }
}

/// Twenty bins of equal width, by the distribution function of numbers between 0 and 1.
fn bins(distribution: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..20).map(|bin| distribution(f64::from(bin + 1) / 20.0) - distribution(f64::from(bin) / 20.0)).collect()
}

#[test]
fn dirichlet_weights_follow_their_beta_distributions() {
    let half = [0.0f32, 0.0, -1e4]; // q = (1/2, 1/2, 0)
    let quarter = [0.0f32, 3f32.ln(), -1e4]; // q = (1/4, 3/4, 0)
    let policy = |dirichlet_alpha: f64, before: bool| {
        let soft =
            SoftSettings { top_k: 0, top_p: 1.0, soft_top_k: 2, noise: Noise::Dirichlet, ..SoftSettings::default() };
        Policy::Soft(SoftSettings { dirichlet_alpha, noise_before_top_k: before, ..soft })
    };
    type Distribution = fn(f64) -> f64;
    let arcsine: Distribution = |x| 2.0 / PI * x.sqrt().asin(); // Beta(1/2, 1/2)
    let two_two: Distribution = |x| x * x * (3.0 - 2.0 * x); // Beta(2, 2)
    let one_three: Distribution = |x| 1.0 - (1.0 - x).powi(3); // Beta(1, 3)
    for (logits, alpha, distribution) in [(&half, 1.0, arcsine), (&half, 4.0, two_two), (&quarter, 4.0, one_three)] {
        for before in [false, true] {
            let weight_of_0 = steps(&policy(alpha, before), logits, &[], 0.0).map(|step| {
                let place = step.candidates.iter().position(|id| *id == 0).unwrap();
                ((f64::from(step.mixture[place]) * 20.0) as usize).min(19)
            });
            check(&format!("dirichlet {alpha} {before}"), weight_of_0, &bins(distribution));
        }
    }
}

/// The standard normal distribution, by the midpoint rule.
fn normal(x: f64) -> f64 {
    let density = |t: f64| (-0.5 * t * t).exp() / (2.0 * PI).sqrt();
    let cells = 4000;
    let width = (x + 8.0) / f64::from(cells);
    (0..cells).map(|cell| density(-8.0 + (f64::from(cell) + 0.5) * width) * width).sum()
}

/// Twenty bins of standard normal numbers from −2.5 to 2.5, the outer two open.
fn normal_bin(x: f64) -> usize {
    (((x + 2.5) * 4.0).floor().clamp(0.0, 19.0)) as usize
}

fn normal_bins() -> Vec<f64> {
    let edge = |bin: i32| match bin {
        0 => 0.0,
        20 => 1.0,
        bin => normal(f64::from(bin) / 4.0 - 2.5),
    };
    (0..20).map(|bin| edge(bin + 1) - edge(bin)).collect()
}

#[test]
fn gaussian_samples_are_normal_around_the_probabilities() {
    let policy = Policy::Soft(SoftSettings { noise: Noise::Gaussian, top_p: 1.0, ..SoftSettings::default() });
    let probs = kept(&policy.truncation(), 5);
    let deviations = steps(&policy, &LOGITS, &[], 0.0).flat_map(|step| {
        let standard = |(id, x): (&u32, &f32)| (f64::from(*x) - probs[*id as usize]) / GAUSSIAN_DEVIATION;
        step.candidates.iter().zip(&step.perturbed).map(standard).map(normal_bin).collect::<Vec<_>>()
    });
    check("gaussian", deviations, &normal_bins());
}

#[test]
fn soft_and_fuzzy_tokens_are_normal_around_the_mean_embedding() {
    let embedding: Vec<f64> = (0..27).map(|i| (f64::from(i) * 1.7).sin()).collect(); // (9, 3)
    let wide: Vec<f64> = LOGITS.iter().map(|z| f64::from(*z)).collect();
    for (name, temperature) in [("soft-tokens", 0.5), ("fuzzy-tokens", 1e-4)] {
        let policy = preset(name).unwrap();
        assert_eq!(policy.embedding_noise(), Some(0.33));
        let mean = mean_embedding(&wide, &embedding, temperature);
        let drawn = steps(&policy, &LOGITS, &embedding, 0.2).flat_map(|step| {
            assert_eq!(step.token, 1, "the shadow is greedy");
            step.vector.iter().zip(&mean).map(|(x, m)| normal_bin((f64::from(*x) - m) / 0.2)).collect::<Vec<_>>()
        });
        check(name, drawn, &normal_bins());
    }
    let still = Policy::SoftTokens(SoftTokensSettings { embedding_noise: 0.0, ..SoftTokensSettings::default() });
    let step = steps(&still, &LOGITS, &embedding, 0.0).next().unwrap();
    for (x, m) in step.vector.iter().zip(mean_embedding(&wide, &embedding, 0.5)) {
        assert!((f64::from(*x) - m).abs() <= 1e-6);
    }
}

#[test]
fn multiplex_draws_are_independent_and_each_follows_the_distribution() {
    let policy = Policy::Multiplex(MultiplexSettings { top_k: 4, ..MultiplexSettings::default() });
    let probs = kept(&policy.truncation(), LOGITS.len());
    let all: Vec<Step> = steps(&policy, &LOGITS, &[], 0.0).collect();
    for draw in 0..3 {
        check("draw", all.iter().map(|step| step.candidates[draw] as usize), &probs);
    }
    let pairs: Vec<f64> = probs.iter().flat_map(|p| probs.iter().map(move |q| p * q)).collect();
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        let pair = |step: &Step| step.candidates[a] as usize * probs.len() + step.candidates[b] as usize;
        check("pair of draws", all.iter().map(pair), &pairs);
    }
    assert!(all.iter().all(|step| step.mixture == [1.0 / 3.0; 3] && step.token == step.candidates[0]));
    // The first draw is the one that discrete thinking of the same seed makes.
    let discrete = Policy::Discrete(DiscreteSettings { top_k: 4, ..DiscreteSettings::default() });
    assert!(tokens(&discrete).zip(&all).all(|(token, step)| token == step.token as usize));
}

#[test]
fn answers_follow_their_own_settings() {
    use soft_thinking_lab::decode::AnswerSettings;
    let answer = AnswerSettings { temperature: 0.5, top_k: 4, ..AnswerSettings::default() };
    let policy = Policy::Soft(SoftSettings { answer: Some(answer), ..SoftSettings::default() });
    let sampling = policy.sampling(marks(), 2, 0.0);
    let mut thought = [-1e4f32; 94];
    thought[91] = 0.0; // the thought ends at once
    let mut wide = [-1e4f32; 94];
    wide[..9].copy_from_slice(&LOGITS);
    let second = (0..DRAWS).map(|n| {
        let mut row = Row::new(Key::from_seed(32).derive(n));
        assert_eq!(row.next(&thought, &sampling, &[]).token, 91);
        row.next(&wide, &sampling, &[]).token as usize
    });
    check("answer", second, &kept(&policy.answer(), LOGITS.len()));
}
