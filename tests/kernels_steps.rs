//! The kernels of a step against decode: every way to think, every noise, every stop rule, over chains of random logits.
//!
//! Not here: other kernels (`kernels.rs`), whole rollouts (`gpu.rs`). An adapter is promised by the feature `gpu`: without one these fail.

use crate::device;

use device::{bits, floats, run};
use soft_thinking_lab::decode::step::Row;
use soft_thinking_lab::engine::Blends;
use soft_thinking_lab::engine::chain::{
    Averaging, Blending, Drawing, RowRecord, Sampling, StepRecord, StopRule, Thinking,
};
use soft_thinking_lab::engine::gpu::chain;
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::params::{VectorNoise, VectorShares};
use soft_thinking_lab::math::gumbel::{LOG_EPSILON, gumbel};
use soft_thinking_lab::math::noises::{Noise, candidate_stream, gamma_sample};
use soft_thinking_lab::math::soft_tokens::unit_normal;
use soft_thinking_lab::math::softmax::softmax;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::math::truncation::Truncation;
use soft_thinking_lab::model::ModelConfig;

/// `tolerance` is relative to numbers above 1.
fn close(found: &[f32], expected: &[f32], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: lengths");
    for (place, (f, e)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(*f) - f64::from(*e)).abs();
        let most = tolerance * f64::from(e.abs().max(1.0));
        assert!(difference <= most, "{what}[{place}]: {f} is not within {tolerance} of {e}");
    }
}

const END_THINK: u32 = 2;
const END_ANSWER: u32 = 3;
const ROWS: usize = 5;
const MAX_STEPS: usize = 8;
const SLOTS: usize = 3;

fn model(vocabulary: usize) -> ModelConfig {
    ModelConfig { vocab_size: vocabulary, ..ModelConfig::preset("nano", 64).unwrap() }
}

/// Rows of a batch on their way through a chain: the device's state between launches, and both records.
struct Rows {
    keys: Vec<Key>,
    state: Vec<u32>,
    found: Vec<RowRecord>,
    expected: Vec<Row>,
}

impl Rows {
    fn new(seed: u64) -> Self {
        let keys: Vec<Key> = (0..ROWS as u32).map(|row| Key::from_seed(seed).derive(row)).collect();
        let expected = keys.iter().map(|key| Row::new(*key)).collect();
        Self { keys, state: [4, 0, 0, 0].repeat(ROWS), found: vec![RowRecord::default(); ROWS], expected }
    }

    /// Takes one step on both sides and compares everything the device left; returns how many rows were awake.
    fn step(&mut self, kernel: Kernel, logits: &[f32], sampling: &Sampling, what: &str) -> usize {
        let vocabulary = logits.len() / ROWS;
        let capacity = chain::need(sampling, SLOTS);
        let params = chain::params(sampling, &model(vocabulary), &capacity, ROWS);
        let (width, words) = (params.blend_width as usize, params.record_width as usize);
        let keys: Vec<u32> = self.keys.iter().flat_map(|key| key.0).collect();
        let blends = vec![7; ROWS * width];
        let record = vec![0; SLOTS * ROWS * words];
        let buffers = [&bits(logits)[..], &keys, &self.state, &blends, &blends, &record];
        let groups = if kernel == Kernel::SoftStep { ROWS } else { 1 };
        let [state, ids, shares, record] = &run(kernel, &buffers, &params, [groups, 1])[..] else {
            panic!("4 outputs")
        };
        let table = vec![0.0; 4 * vocabulary]; // vectors are made by other kernels
        let mut awake = 0;
        for row in 0..ROWS {
            let (host, steps) = (&mut self.expected[row], self.found[row].steps.len());
            let own = &record[(steps % SLOTS * ROWS + row) * words..][..words];
            if self.found[row].finished || steps == MAX_STEPS {
                assert_eq!(state[4 * row..][..4], self.state[4 * row..][..4], "{what}: a resting row keeps its state");
                assert!(record.chunks(words).skip(row).step_by(ROWS).flatten().all(|word| *word == 0), "{what}");
                continue;
            }
            awake += 1;
            let what = format!("{what}, row {row}, step {steps}, {sampling:?}");
            let wanted = host.next(&logits[row * vocabulary..][..vocabulary], sampling, &table).clone();
            let step = chain::read(sampling, own, self.keys[row], &mut self.found[row]).unwrap().unwrap().clone();
            compare(&step, &wanted, &what);
            assert_eq!(self.found[row].finished, host.finished, "{what}");
            let answering = host.steps.iter().any(|step| step.token == END_THINK);
            let flags = u32::from(answering) | if host.finished { 2 } else { 0 };
            assert_eq!(state[4 * row..][..3], [4, steps as u32 + 1, flags], "{what}");
            let mut input = Blends::new(width);
            match wanted.soft && !wanted.vector.is_empty() {
                true => input.push(&[], &[]),
                false => wanted.push_input(&mut input, None),
            }
            close(&floats(&shares[row * width..][..width]), &input.weights, 3e-4, &what);
            let used = input.weights.iter().filter(|weight| **weight != 0.0).count();
            assert_eq!(ids[row * width..][..used], input.ids[..used], "{what}");
        }
        self.state.clone_from(state);
        awake
    }
}

/// All of a step but its vector.
fn compare(found: &StepRecord, wanted: &StepRecord, what: &str) {
    let whole = |step: &StepRecord| {
        let kind = (step.answering, step.token, step.soft, step.forced, step.winner_changed);
        (kind, step.candidates.clone(), step.vector.is_empty())
    };
    assert_eq!(whole(found), whole(wanted), "{what}");
    close(&found.perturbed, &wanted.perturbed, 3e-5, what); // noise by f32 logarithms, samples by their exponentials
    close(&found.log_probs, &wanted.log_probs, 2e-5, what);
    close(&found.noise, &wanted.noise, 3e-5, what);
    close(&found.mixture, &wanted.mixture, 3e-4, what); // those errors over a temperature of 0.1
    close(&[found.mixture_entropy], &[wanted.mixture_entropy], 2e-3, what); // and through p ln p
    close(&[found.model_entropy], &[wanted.model_entropy], 2e-5, what);
}

fn thinking(stream: &mut Stream, kind: u64, k: usize) -> Thinking {
    let soft = Blending::soft_grpo(k);
    let noise_scale = *stream.choose(&[0.0, 1.0, 1.0]);
    match kind {
        0 => Thinking::Tokens,
        1 => Thinking::Blend(Blending { noise_scale, ..soft }),
        2 => Thinking::Blend(Blending { clamp: false, gumbel_temperature: 0.5, log_epsilon: 0.0, ..soft }),
        3 => Thinking::Blend(Blending { noise: Noise::Dirichlet, concentration: *stream.choose(&[1.0, 4.0]), ..soft }),
        4 => Thinking::Blend(Blending { noise: Noise::Gaussian, ..soft }),
        5 => Thinking::Blend(Blending {
            noise: Noise::Dirichlet,
            concentration: 4.0,
            log_epsilon: 0.0,
            before_cut: true,
            ..soft
        }),
        6 => Thinking::Blend(Blending { before_cut: true, gumbel_temperature: 1.0, log_epsilon: 0.0, ..soft }),
        7 => Thinking::Draws(Drawing { draws: k, weighted: stream.below(2) == 1 }),
        8 => Thinking::Vector(Averaging { temperature: *stream.choose(&[0.5, 1.3]), deviation: 0.1 }),
        _ => Thinking::Vector(Averaging { temperature: 1e-4, deviation: 0.0 }),
    }
}

fn truncation(stream: &mut Stream) -> Truncation {
    Truncation {
        temperature: *stream.choose(&[0.6, 1.0, 1.7]),
        top_k: *stream.choose(&[0, 1, 3, 5, 40]),
        top_p: *stream.choose(&[0.3, 0.7, 0.95, 1.0]),
        min_p: *stream.choose(&[0.0, 0.0, 0.1]),
    }
}

#[test]
fn steps_of_every_way_to_think_are_those_of_decode() {
    let mut stream = Stream::new(Key::from_seed(9));
    let (mut awake, mut forced, mut soft, mut answered) = (0, 0, 0, 0);
    for case in 0..80 {
        let (kind, vocabulary) = (case % 10, *stream.choose(&[7, 61, 64, 130, 1000]));
        let k = *stream.choose(&[1, 3, 5, 7]);
        let greedy = Truncation { temperature: 0.0, ..Truncation::NONE };
        let thought = truncation(&mut stream);
        let sampling = Sampling {
            truncation: if kind == 0 && case % 20 == 0 { greedy } else { thought },
            answer: if case % 3 == 0 { greedy } else { truncation(&mut stream) },
            thinking: thinking(&mut stream, kind, k),
            stop: StopRule {
                cold_entropy: *stream.choose(&[0.5, 1.5]),
                cold_steps: *stream.choose(&[0, 0, 1, 2]),
                max_thought: *stream.choose(&[0, 0, 4]),
            },
            end_think: END_THINK,
            end_answer: END_ANSWER,
            max_steps: MAX_STEPS,
        };
        for kernel in [Kernel::SoftStep, Kernel::SoftStepPlain] {
            if kernel == Kernel::SoftStepPlain && vocabulary > 130 {
                continue; // it walks the order, and llvmpipe leaves loops after 65 535 turns
            }
            let mut rows = Rows::new(case);
            for step in 0..MAX_STEPS + 1 {
                let spread = *stream.choose(&[0.5, 3.0, 3.0]);
                let mut logits: Vec<f32> = (0..ROWS * vocabulary).map(|_| (spread * stream.normal()) as f32).collect();
                // Ends come now and then.
                logits.chunks_mut(vocabulary).for_each(|row| row[stream.range(2..=3) as usize] += 2.0);
                awake += rows.step(kernel, &logits, &sampling, &format!("{kernel:?}, case {case}, step {step}"));
            }
            let steps = || rows.found.iter().flat_map(|row| &row.steps);
            forced += steps().filter(|step| step.forced).count();
            soft += steps().filter(|step| step.soft).count();
            answered += steps().filter(|step| step.answering).count();
        }
    }
    println!("{awake} steps, {forced} forced, {soft} soft, {answered} in answers");
    assert!(awake > 3000 && forced > 100 && soft > 1000 && answered > 400, "{awake} {forced} {soft} {answered}");
}

/// A wrong bit of Threefry changes every other one, so noise that agrees for all these draws is bit-exact underneath. Their
/// range holds uniforms near 0 and near 1, where a plain f32 logarithm is off by half.
#[test]
fn noise_keeps_its_digits_at_both_ends() {
    let unclamped = Blending { gumbel_temperature: 1.0, clamp: false, ..Blending::soft_grpo(64) };
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    stored_by(unclamped, |value, prob, key, id| {
        let noise = gumbel(key.uniform(3, id));
        let expected = (prob + LOG_EPSILON).ln() + noise;
        assert!((value - expected).abs() <= 5e-6, "{value} against {expected}"); // f32 near 10
        (least, most) = (least.min(noise), most.max(noise));
    });
    assert!(least < -2.0 && most > 7.5, "the draws reach only from {least} to {most}");
}

/// Shapes from 0.003 to 15 625: every branch of the Gamma draw.
#[test]
fn gamma_samples_keep_their_digits() {
    for concentration in [0.2, 4.0, 100.0, 1e6] {
        let (mut compared, mut worst) = (0, 0.0_f64);
        let dirichlet = Blending { noise: Noise::Dirichlet, concentration, ..Blending::soft_grpo(64) };
        stored_by(dirichlet, |value, prob, key, id| {
            let expected = gamma_sample(concentration * prob, &mut candidate_stream(key, 3, id));
            worst = worst.max((value - expected).abs() / expected);
            // The exponential of a boost of up to 69 nats in f32; a draw accepted on one side alone would be off by far more.
            assert!((value - expected).abs() <= 4e-5 * expected, "{concentration}: {value} against {expected}");
            compared += 1;
        });
        println!("concentration {concentration}: {compared} samples within {worst:.1e}");
        assert!(compared > 5000);
    }
}

/// Calls `check` with each value that a blend of 64 equally likely candidates stored, the candidate's probability, key and id.
fn stored_by(blending: Blending, mut check: impl FnMut(f64, f64, Key, u32)) {
    let b: usize = 60;
    for (kernel, groups, vocabulary, likely) in
        [(Kernel::SoftStep, b, 1000, 15), (Kernel::SoftStepPlain, b.div_ceil(16), 128, 2)]
    {
        let sampling = Sampling {
            truncation: Truncation::NONE,
            answer: Truncation::NONE,
            thinking: Thinking::Blend(blending),
            stop: StopRule::default(),
            end_think: 2000,
            end_answer: 2000,
            max_steps: 9,
        };
        let params = chain::params(&sampling, &model(vocabulary), &chain::need(&sampling, 1), b);
        let logits: Vec<f32> =
            (0..b * vocabulary).map(|i| if (i + i / vocabulary * 7) % likely == 0 { 5.0 } else { 0.0 }).collect();
        let keys: Vec<Key> = (0..b as u32).map(|row| Key::from_seed(0xABCD_EF01_2345_6789).derive(row)).collect();
        let words: Vec<u32> = keys.iter().flat_map(|key| key.0).collect();
        let width = params.record_width as usize;
        let (record, blends) = (vec![0; b * width], vec![0; b * 64]);
        let buffers = [&bits(&logits)[..], &words, &[4, 3, 0, 0].repeat(b), &blends, &blends, &record];
        let found = run(kernel, &buffers, &params, [groups, 1]);
        for (row, words) in found[3].chunks(width).enumerate() {
            let own = &logits[row * vocabulary..][..vocabulary];
            let entries: Vec<&[u32]> = words[5..].chunks(3).take(64).collect();
            let kept: Vec<f64> = entries.iter().map(|entry| f64::from(own[entry[0] as usize])).collect();
            for (entry, prob) in entries.iter().zip(softmax(&kept)) {
                check(f64::from(f32::from_bits(entry[1])), prob, keys[row], entry[0]);
            }
        }
    }
}

#[test]
fn vectors_are_means_with_the_noise_of_math() {
    let mut stream = Stream::new(Key::from_seed(11));
    let (b, v, d, words) = (37, 61, 70, 90);
    let logits: Vec<f32> = (0..b * v).map(|_| (3.0 * stream.normal()) as f32).collect();
    let marks: Vec<u32> = (0..2 * b as u32).map(|at| if at % 6 == 4 { 1 } else { 0 }).collect(); // every third row has one
    for temperature in [0.5, 1.0, 1e-4] {
        let params = VectorShares {
            rows: b as u32,
            vocabulary: v as u32,
            stride: 64,
            mark_stride: 2,
            mark: 0,
            temperature: temperature as f32,
        };
        let buffers = [&bits(&logits)[..], &marks, &vec![7; b * 64]];
        let found = floats(&run(Kernel::VectorShares, &buffers, &params, [b.div_ceil(32), 1])[0]);
        for (row, own) in logits.chunks(v).enumerate() {
            let scaled: Vec<f64> = own.iter().map(|z| f64::from(*z) / temperature).collect();
            let mut expected: Vec<f32> = softmax(&scaled).iter().map(|p| *p as f32).collect();
            if marks[2 * row] != 0 {
                expected.fill(0.0);
            }
            expected.resize(64, 0.0);
            close(&found[row * 64..][..64], &expected, 1e-5, "vector_shares"); // exponentials of arguments near 40
        }
    }
    let keys: Vec<Key> = (0..b as u32).map(|row| Key::from_seed(3).derive(row)).collect();
    let key_words: Vec<u32> = keys.iter().flat_map(|key| key.0).collect();
    let x: Vec<f32> = (0..b * d).map(|_| stream.normal() as f32).collect();
    let shares: Vec<f32> = (0..b).map(|row| if row % 4 == 1 { 1.0 } else { 0.0 }).collect();
    let state: Vec<u32> = (0..b as u32).flat_map(|row| [4, 1 + row % 5, 0, 0]).collect();
    let mut largest = 0.0_f64;
    for deviation in [1.0, 0.0] {
        let params = VectorNoise {
            rows: b as u32,
            dim: d as u32,
            deviation,
            slots: 5,
            record_width: words as u32,
            record_offset: 20,
        };
        let buffers = [&bits(&shares)[..], &key_words, &state, &bits(&x), &vec![0; 5 * b * words]];
        let found = run(Kernel::VectorNoise, &buffers, &params, [d.div_ceil(64), b]);
        let fed = floats(&found[0]);
        for row in 0..b {
            let step = row as u32 % 5;
            let own = &found[1][(step as usize * b + row) * words..][..words];
            if shares[row] != 0.0 {
                assert_eq!(fed[row * d..][..d], x[row * d..][..d], "a token stays as it is");
                assert!(own.iter().all(|word| *word == 0));
                continue;
            }
            assert_eq!(own[20..], bits(&fed[row * d..][..d]), "what was fed is what is recorded");
            for i in 0..d {
                let noise = f64::from(deviation) * unit_normal(keys[row], step, i as u32);
                let expected = f64::from(x[row * d + i]) + noise;
                largest = largest.max(noise.abs());
                // f32 numbers near 4, and a logarithm that may be off by 2^-21.
                let difference = (f64::from(fed[row * d + i]) - expected).abs();
                assert!(difference <= 2e-6, "{row} {i}: {difference}");
            }
        }
    }
    assert!(largest > 3.0);
}
