//! The CPU engine against itself and against `math`: caches, padding, densities, gradients, checkpoints.

use burn::tensor::{Device, Tensor, TensorData};
use soft_thinking_lab::decode::{DiscreteSettings, Policy, SoftSettings, rollout::Request, rollout::rollout};
use soft_thinking_lab::engine::cpu::CpuEngine;
use soft_thinking_lab::engine::cpu::density::densities;
use soft_thinking_lab::engine::{Action, Blends, Engine, OptimizerConfig, Pulse, Scoring, Sequence, Weights};
use soft_thinking_lab::math::gumbel::{DensityForm, LOG_EPSILON, log_density, log_density_backward};
use soft_thinking_lab::math::softmax::{log_prob, log_prob_backward};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::surrogate::{Clip, clipped_surrogate};
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::text::Tokenizer;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

fn engine(seed: u64) -> CpuEngine {
    let config = ModelConfig::preset("nano", 64).unwrap();
    // Four times the usual spread, so that distributions are far from uniform.
    let params = params::init(&config, seed).iter().map(|p| if *p == 1.0 { 1.0 } else { p * 4.0 }).collect();
    CpuEngine::new(&config, params).unwrap()
}

fn close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!((a - b).abs() <= tolerance, "{what}: {a} is not within {tolerance} of {b}");
}

const SCORING: Scoring = Scoring::code();

/// Random sequences of tokens and blends, with soft and discrete actions.
fn batch(rows: usize, seed: u64) -> Vec<Sequence> {
    let mut stream = Stream::new(Key::from_seed(seed));
    (0..rows)
        .map(|row| {
            let (time, first) = (9 + row, 3);
            let mut inputs = Blends::new(5);
            let mut actions = Vec::new();
            for position in 0..time {
                let ids: Vec<u32> = (0..5).map(|_| stream.below(64)).collect();
                if position < 5 {
                    inputs.push_token(ids[0]);
                } else {
                    let raw: Vec<f64> = (0..5).map(|_| stream.uniform()).collect();
                    let sum: f64 = raw.iter().sum();
                    inputs.push(&ids, &raw.iter().map(|w| (w / sum) as f32).collect::<Vec<_>>());
                }
                if position >= first && position < time - 2 {
                    let start = stream.below(59);
                    let candidates: Vec<u32> = (start..start + 5).collect();
                    let perturbed = (0..5).map(|_| (stream.normal() * 0.7 - 1.6) as f32).collect();
                    actions.push(Action::Soft { candidates, perturbed });
                } else if position >= first {
                    actions.push(Action::Token(ids[1]));
                }
            }
            Sequence { inputs, first, actions }
        })
        .collect()
}

#[test]
fn decoding_with_a_cache_equals_the_full_forward_also_with_unequal_prompts() {
    let mut engine = engine(1);
    let prompts = vec![vec![5, 9, 2, 33], vec![7, 7, 60, 1, 4, 12, 3], vec![8]];
    let tails = [[11, 30], [12, 31], [13, 32]];
    let mut rows = vec![block_on(engine.prefill(&prompts, 2, 4)).unwrap()];
    for step in 0..2 {
        let mut inputs = Blends::new(1);
        for tail in &tails {
            (0..2).for_each(|_| inputs.push_token(tail[step]));
        }
        rows.push(block_on(engine.decode(&inputs)).unwrap());
    }
    for (index, prompt) in prompts.iter().enumerate() {
        let mut inputs = Blends::new(1);
        prompt.iter().chain(&tails[index]).for_each(|id| inputs.push_token(*id));
        let full = block_on(engine.logits(&inputs)).unwrap();
        for (step, logits) in rows.iter().enumerate() {
            for copy in 0..2 {
                for token in 0..64 {
                    let cached = logits[(index * 2 + copy) * 64 + token];
                    let expected = full[(prompt.len() - 1 + step) * 64 + token];
                    // f32, another order of summation
                    close(f64::from(cached), f64::from(expected), 1e-4, "logit");
                }
            }
        }
    }
}

#[test]
fn scores_of_a_padded_batch_equal_those_of_single_sequences() {
    let mut engine = engine(2);
    let batch = batch(5, 3);
    let together = block_on(engine.score(&batch, &SCORING, Weights::Current, &Pulse::default())).unwrap();
    for (row, sequence) in batch.iter().enumerate() {
        let one = std::slice::from_ref(sequence);
        let alone = block_on(engine.score(one, &SCORING, Weights::Current, &Pulse::default())).unwrap();
        for (a, b) in together.log_densities[row].iter().zip(&alone.log_densities[0]) {
            close(*a, *b, 1e-4, "log density");
        }
    }
}

#[test]
fn burn_autodiff_proves_the_backward_of_the_log_densities() {
    let device = Device::flex().autodiff();
    let mut stream = Stream::new(Key::from_seed(5));
    for form in [DensityForm::code(), DensityForm::paper()] {
        let scoring = Scoring { density: form, ..SCORING };
        for _ in 0..50 {
            let logits: Vec<f64> = (0..12).map(|_| stream.normal() * 2.0).collect();
            let candidates = [3, 7, 1, 11, 4];
            let chosen: Vec<f64> = candidates.iter().map(|id| logits[*id]).collect();
            let perturbed: Vec<f32> = (0..5).map(|_| (stream.normal() - 1.5) as f32).collect();
            let actions = [
                Action::Soft {
                    candidates: candidates.iter().map(|id| *id as u32).collect(),
                    perturbed: perturbed.clone(),
                },
                Action::Token(6),
            ];
            let both: Vec<f32> = logits.iter().chain(&logits).map(|z| *z as f32).collect();
            let tensor = Tensor::<2>::from_data(TensorData::new(both, [2, 12]), &device).require_grad();
            let result =
                densities(tensor.clone(), &tensor, &actions.iter().collect::<Vec<_>>(), &scoring, &device).unwrap();
            assert_eq!(result.order, [1, 0], "tokens come first");
            let values: Vec<f32> = result.values.clone().inner().into_data().try_into_vec().unwrap();
            let mut gradients = result.values.sum().backward();
            let found: Vec<f32> = tensor.grad_remove(&mut gradients).unwrap().into_data().try_into_vec().unwrap();
            let wide: Vec<f64> = perturbed.iter().map(|y| f64::from(*y)).collect();
            let size = log_density(&chosen, &wide, &form).abs().max(1.0);
            close(f64::from(values[1]), log_density(&chosen, &wide, &form), 2e-5 * size, "soft value"); // f32
            close(f64::from(values[0]), log_prob(&logits, 6), 1e-5, "token value");
            let mut expected = vec![0.0; 12];
            for (id, slope) in candidates.iter().zip(log_density_backward(&chosen, &wide, &form, 1.0)) {
                expected[*id] = slope;
            }
            expected.extend(log_prob_backward(&logits, 6, 1.0));
            for (a, b) in found.iter().zip(&expected[..12]) {
                close(f64::from(*a), *b, 2e-5 * size, "soft gradient");
            }
            for (a, b) in found[12..].iter().zip(&expected[12..]) {
                close(f64::from(*a), *b, 1e-5, "token gradient");
            }
        }
    }
}

#[test]
fn burn_autodiff_proves_the_slope_of_the_clipped_surrogate() {
    let device = Device::flex().autodiff();
    let clip = Clip { low: 0.2, high: 0.28, dual: Some(3.0) };
    let mut stream = Stream::new(Key::from_seed(6));
    for _ in 0..400 {
        let (old, advantage) = (stream.normal() - 2.0, stream.normal());
        let new = old + stream.normal() * 0.6;
        let x = Tensor::<1>::from_data(TensorData::new(vec![new as f32], [1]), &device).require_grad();
        let ratio = x.clone().sub_scalar(old).exp();
        let plain = ratio.clone().mul_scalar(-advantage);
        let clipped = ratio.clamp(1.0 - clip.low, 1.0 + clip.high).mul_scalar(-advantage);
        let mut loss = plain.max_pair(clipped);
        if advantage < 0.0 {
            loss = loss.clamp_max(-advantage * 3.0);
        }
        let mut gradients = loss.backward();
        let found: Vec<f32> = x.grad_remove(&mut gradients).unwrap().into_data().try_into_vec().unwrap();
        let expected = clipped_surrogate(new, old, advantage, &clip);
        close(f64::from(found[0]), expected.d_log_prob, 1e-4 * expected.ratio.max(1.0), "slope"); // f32 exp
    }
}

#[test]
fn the_gradient_is_the_derivative_of_the_score_through_the_whole_model() {
    for (seed, form) in [(7, DensityForm::code()), (8, DensityForm::paper())] {
        let scoring = Scoring { density: form, ..SCORING };
        let (mut engine, batch, pulse) = (engine(seed), batch(3, seed), Pulse::default());
        let slope = |sequence: usize, step: usize| ((sequence * 7 + step * 3) % 5) as f64 - 2.0;
        let mut loss = |i: usize, values: &[f64]| (0..values.len()).map(|t| slope(i, t)).collect();
        // Inputs are constants of the loss, so the direction leaves the embedding table alone.
        let gradient = block_on(engine.gradient(&batch, &scoring, &mut loss, &pulse)).unwrap();
        let params = block_on(engine.read_params()).unwrap();
        let mut stream = Stream::new(Key::from_seed(seed));
        let table = 64 * engine.config().hidden_size;
        let direction: Vec<f64> = (0..params.len()).map(|i| if i < table { 0.0 } else { stream.normal() }).collect();
        let mut total = |step: f64| -> f64 {
            let moved: Vec<f32> =
                params.iter().zip(&direction).map(|(p, d)| (f64::from(*p) + step * d) as f32).collect();
            block_on(engine.write_params(&moved)).unwrap();
            let scores = block_on(engine.score(&batch, &scoring, Weights::Current, &pulse)).unwrap();
            let values = scores.log_densities.iter().enumerate();
            values.flat_map(|(i, row)| row.iter().enumerate().map(move |(t, v)| slope(i, t) * v)).sum()
        };
        // The mean and mask of `code` have kinks, so the step is small; f32 then leaves two digits.
        let step = 2e-4;
        let measured = (total(step) - total(-step)) / (2.0 * step);
        let expected: f64 = gradient.iter().zip(&direction).map(|(g, d)| f64::from(*g) * d).sum();
        close(measured, expected, 0.03 * expected.abs().max(1.0), "directional derivative");
    }
}

fn request<'a>(prompts: &'a [Vec<u32>], offset: usize, policy: &'a Policy) -> Request<'a> {
    let marks = Tokenizer::lab().unwrap().marks();
    Request { prompts, offset, samples: 4, policy, max_steps: 12, seed: 99, marks, chunk: 16 }
}

#[test]
fn the_same_seed_gives_the_same_rollout_whatever_else_is_in_the_batch() {
    let mut engine = engine(10);
    let prompts = vec![vec![20, 21, 1], vec![22, 1], vec![30, 31, 32, 33, 1]];
    for policy in [Policy::Soft(SoftSettings::default()), Policy::Discrete(DiscreteSettings::default())] {
        let pulse = Pulse::default();
        let all = block_on(rollout(&mut engine, &request(&prompts, 0, &policy), &pulse, &mut |_, _| ())).unwrap();
        let again = block_on(rollout(&mut engine, &request(&prompts, 0, &policy), &pulse, &mut |_, _| ())).unwrap();
        assert_eq!(all, again);
        let last = &prompts[2..];
        let alone = block_on(rollout(&mut engine, &request(last, 2, &policy), &pulse, &mut |_, _| ())).unwrap();
        for (a, b) in all[8..].iter().zip(&alone) {
            assert_eq!(a.tokens(), b.tokens());
        }
        assert_ne!(all[0].tokens(), all[1].tokens(), "samples of one prompt differ");
    }
}

#[test]
fn the_recomputed_density_of_a_rollout_is_that_of_its_noise() {
    let mut engine = engine(11);
    let policy = Policy::Soft(SoftSettings { top_p: 1.0, ..SoftSettings::default() });
    let prompts = vec![vec![20, 21, 1]];
    let rollouts =
        block_on(rollout(&mut engine, &request(&prompts, 0, &policy), &Pulse::default(), &mut |_, _| ())).unwrap();
    let sequences: Vec<Sequence> = rollouts.iter().map(|r| r.sequence()).collect();
    let density = DensityForm { log_epsilon: LOG_EPSILON, ..DensityForm::paper() };
    let scoring = Scoring { density, ..SCORING };
    let scores = block_on(engine.score(&sequences, &scoring, Weights::Current, &Pulse::default())).unwrap();
    let mut soft = 0;
    for (rollout, values) in rollouts.iter().zip(&scores.log_densities) {
        for (step, value) in rollout.steps.iter().zip(values).filter(|(step, _)| step.soft) {
            // Without top-p the candidates' probabilities are those of the density, so y − l is the noise that was drawn.
            let noise = step.noise.iter().map(|n| f64::from(*n));
            close(*value, noise.map(|n| -n - (-n).exp()).sum(), 2e-3, "density"); // f32 noise up to −1.5, e^1.5 · 1e-5 · K
            soft += 1;
        }
    }
    assert!(soft >= 10, "only {soft} soft steps");
}

#[test]
fn updates_follow_adamw_and_bad_gradients_change_nothing() {
    let mut engine = engine(12);
    let (batch, pulse) = (batch(2, 1), Pulse::default());
    let optimizer = OptimizerConfig {
        learning_rate: 1e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.1,
        max_grad_norm: 1.0,
    };
    let before = block_on(engine.read_params()).unwrap();
    let mut nan = |_: usize, values: &[f64]| vec![f64::NAN; values.len()].into();
    let report = block_on(engine.update(&batch, &SCORING, &mut nan, &optimizer, &pulse)).unwrap();
    assert!(!report.applied);
    assert_eq!(before, block_on(engine.read_params()).unwrap());
    let mut loss = |_: usize, values: &[f64]| vec![-1.0; values.len()].into();
    let gradient = block_on(engine.gradient(&batch, &SCORING, &mut loss, &pulse)).unwrap();
    let report = block_on(engine.update(&batch, &SCORING, &mut loss, &optimizer, &pulse)).unwrap();
    let norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
    close(report.grad_norm, norm, 1e-6 * norm, "norm");
    let after = block_on(engine.read_params()).unwrap();
    for ((a, b), g) in after.iter().zip(&before).zip(&gradient) {
        let g = f64::from(*g) * (1.0 / norm).min(1.0);
        // The first AdamW step: bias-corrected moments are g and g².
        let expected = f64::from(*b) * (1.0 - 1e-3 * 0.1) - 1e-3 * g / (g.abs() + 1e-8);
        let tolerance = if g.abs() > 1e-6 { 1e-5 } else { 2e-3 }; // where ε decides, f32 does not
        close(f64::from(*a), expected, tolerance, "parameter");
    }
}
