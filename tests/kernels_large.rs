//! The kernels of large models against f64 and decode: products over blocks, blends of packed embeddings, steps over tens of thousands
//! of tokens, at sizes that fill no workgroup evenly.
//!
//! Not here: whole models (`gpu_large.rs`), small vocabularies (`kernels_steps.rs`). An adapter is promised by the feature `gpu`: without
//! one these fail.

use crate::device;

use device::{KINDS, bits, close, floats, matrix, normals, pair_words, run, wide};
use soft_thinking_lab::decode::step::Row;
use soft_thinking_lab::engine::chain::{Blending, Drawing, RowRecord, Sampling, StepRecord, StopRule, Thinking};
use soft_thinking_lab::engine::gpu::chain;
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::params::{BlockProduct, EmbedMixBlocks};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::math::truncation::Truncation;
use soft_thinking_lab::model::ModelConfig;

#[test]
fn products_over_blocks_are_those_of_the_weights_they_hold() {
    let mut stream = Stream::new(Key::from_seed(21));
    for (m, n, k) in [(1, 5, 32), (3, 33, 96), (9, 130, 64), (8, 17, 576), (35, 71, 160)] {
        for kind in KINDS {
            let before = 3; // blocks of another matrix
            let rows = matrix(&mut stream, kind, before + n * k / 32);
            let (weights, a) = (rows.values(), normals(&mut stream, m * k));
            let (stride, first_column) = (n + 3, 2);
            let (held, vectors) = (normals(&mut stream, m * stride), normals(&mut stream, n + 5));
            for (has_bias, add) in [(0, 0), (1, 0), (0, 1)] {
                let params = BlockProduct {
                    rows: m as u32,
                    columns: n as u32,
                    inner: k as u32,
                    bits: kind.bits,
                    brain: u32::from(kind.brain),
                    first_word: before as u32 * kind.bits,
                    first_pair: before as u32 * kind.pairs,
                    pairs: kind.pairs,
                    stride: stride as u32,
                    first_column,
                    bias_offset: 5,
                    has_bias,
                    add,
                };
                let mut expected = wide(&held);
                for (at, held) in expected.iter_mut().enumerate() {
                    let (row, column) = (at / stride, (at % stride).wrapping_sub(first_column as usize));
                    if column < n {
                        let w = &weights[(before * 32 + column * k)..][..k];
                        let product: f64 =
                            a[row * k..][..k].iter().zip(w).map(|(a, w)| f64::from(*a) * f64::from(*w)).sum();
                        *held = f64::from(add) * *held + product + f64::from(has_bias) * f64::from(vectors[5 + column]);
                    }
                }
                let buffers = [&bits(&a)[..], &pair_words(&rows), &rows.words, &bits(&vectors), &bits(&held)];
                let tile = match kind.bits {
                    4 => Kernel::MatmulNibbles,
                    8 => Kernel::MatmulBytes,
                    _ => Kernel::MatmulFloats,
                };
                for (kernel, width) in [(tile, 128), (Kernel::MatmulFew, 8)] {
                    let found = run(kernel, &buffers, &params, [n.div_ceil(width), m.div_ceil(8)]);
                    // Up to 576 products of normals and weights of up to 5.
                    close(&floats(&found[0]), &expected, 2e-5, &format!("{kernel:?} of {kind:?}, {m} {n} {k}"));
                }
            }
        }
    }
}

#[test]
fn blends_of_an_embedding_in_pieces_are_sums_of_its_rows() {
    let mut stream = Stream::new(Key::from_seed(22));
    for kind in KINDS {
        let (rows, k, d, vocabulary, cut) = (7, 5, 96, 61, 40_usize);
        let (before, blocks) = (2, d / 32);
        let table = matrix(&mut stream, kind, before + vocabulary * blocks);
        let values = table.values();
        let ids: Vec<u32> = (0..rows * k).map(|_| stream.below(vocabulary as u32)).collect();
        let shares: Vec<f32> = (0..rows * k).map(|i| if i % 4 == 3 { 0.0 } else { stream.uniform() as f32 }).collect();
        let mut x = vec![7.0_f32.to_bits(); rows * d];
        for (first, end) in [(0, cut), (cut, vocabulary)] {
            let skipped = (before + first * blocks) as u32;
            let params = EmbedMixBlocks {
                width: d as u32,
                candidates: k as u32,
                rows: rows as u32,
                bits: kind.bits,
                brain: u32::from(kind.brain),
                first_word: skipped * kind.bits,
                first_pair: skipped * kind.pairs,
                pairs: kind.pairs,
                first_id: first as u32,
                tokens: (end - first) as u32,
                add: u32::from(first > 0),
            };
            let buffers = [&ids[..], &bits(&shares), &pair_words(&table), &table.words, &x];
            x = run(Kernel::EmbedMixBlocks, &buffers, &params, [1, rows]).remove(0);
        }
        let weight = |id: u32, i: usize| f64::from(values[(before * 32) + id as usize * d + i]);
        let expected: Vec<f64> = (0..rows * d)
            .map(|at| (at / d * k..(at / d + 1) * k).map(|e| f64::from(shares[e]) * weight(ids[e], at % d)).sum())
            .collect();
        close(&floats(&x), &expected, 5e-6, "embed_mix_blocks"); // five products
    }
}

const END_THINK: u32 = 2;
const END_ANSWER: u32 = 3;
const ROWS: usize = 3;
const MAX_STEPS: usize = 5;
const SLOTS: usize = 2;

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
    fn step(&mut self, logits: &[f32], sampling: &Sampling, what: &str) -> usize {
        let vocabulary = logits.len() / ROWS;
        let config = ModelConfig { vocab_size: vocabulary, ..ModelConfig::preset("nano", 64).unwrap() };
        assert!(chain::runs(sampling, &config), "{sampling:?}");
        let params = chain::params(sampling, &config, &chain::need(sampling, SLOTS), ROWS);
        let (width, words, tiles) = (params.blend_width as usize, params.record_width as usize, params.tiles as usize);
        let keys: Vec<u32> = self.keys.iter().flat_map(|key| key.0).collect();
        let logit_bits = bits(logits);
        let buffers = [&logit_bits[..], &self.state, &vec![0; ROWS * tiles * 8]];
        let heads = run(Kernel::VocabularyTiles, &buffers, &params, [tiles.div_ceil(64), ROWS]).remove(0);
        let blends = vec![7; ROWS * width];
        let record = vec![0; SLOTS * ROWS * words];
        let buffers = [&logit_bits[..], &keys, &heads, &self.state, &blends, &blends, &record];
        let [state, ids, shares, record] = &run(Kernel::SoftStepLarge, &buffers, &params, [ROWS, 1])[..] else {
            panic!("4 outputs")
        };
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
            let wanted = host.next(&logits[row * vocabulary..][..vocabulary], sampling, &[]).clone();
            let step = chain::read(sampling, own, self.keys[row], &mut self.found[row]).unwrap().unwrap().clone();
            compare(&step, &wanted, &what);
            assert_eq!(self.found[row].finished, host.finished, "{what}");
            let answering = host.steps.iter().any(|step| step.token == END_THINK);
            let flags = u32::from(answering) | if host.finished { 2 } else { 0 };
            assert_eq!(state[4 * row..][..3], [4, steps as u32 + 1, flags], "{what}");
            let weights = if wanted.soft { wanted.mixture.clone() } else { vec![1.0] };
            close(&floats(&shares[row * width..][..weights.len()]), &wide(&weights), 3e-4, &what);
            let fed = if wanted.soft { &wanted.candidates[..] } else { std::slice::from_ref(&wanted.token) };
            assert_eq!(ids[row * width..][..fed.len()], *fed, "{what}");
        }
        self.state.clone_from(state);
        awake
    }
}

fn compare(found: &StepRecord, wanted: &StepRecord, what: &str) {
    let whole = |step: &StepRecord| {
        let kind = (step.answering, step.token, step.soft, step.forced, step.winner_changed);
        (kind, step.candidates.clone())
    };
    assert_eq!(whole(found), whole(wanted), "{what}");
    // Noise by f32 logarithms; a nucleus of thousands may end a token earlier or later in f32, a few 1e-5 of its mass.
    close(&found.perturbed, &wide(&wanted.perturbed), 1e-4, what);
    close(&found.log_probs, &wide(&wanted.log_probs), 1e-4, what);
    close(&found.noise, &wide(&wanted.noise), 3e-5, what);
    close(&found.mixture, &wide(&wanted.mixture), 3e-4, what);
    close(&[found.mixture_entropy], &[f64::from(wanted.mixture_entropy)], 2e-3, what);
    close(&[found.model_entropy], &[f64::from(wanted.model_entropy)], 5e-5, what); // a sum of V terms in f32
}

fn thinking(stream: &mut Stream, kind: u64, k: usize) -> Thinking {
    let soft = Blending::soft_grpo(k);
    match kind {
        0 | 1 => Thinking::Tokens,
        2 => Thinking::Blend(Blending { noise_scale: *stream.choose(&[0.0, 1.0]), ..soft }),
        3 => Thinking::Blend(Blending { clamp: false, gumbel_temperature: 0.5, log_epsilon: 0.0, ..soft }),
        _ => Thinking::Draws(Drawing { draws: k, weighted: stream.below(2) == 1 }),
    }
}

fn truncation(stream: &mut Stream) -> Truncation {
    Truncation {
        temperature: *stream.choose(&[0.6, 1.0, 1.7]),
        top_k: *stream.choose(&[0, 0, 0, 1, 5, 40]),
        top_p: *stream.choose(&[0.3, 0.7, 0.95, 1.0, 1.0]),
        min_p: *stream.choose(&[0.0, 0.0, 0.0, 0.02]),
    }
}

/// Steps of random logits, whole multiples of `grain` where it is not 0, so that thousands are tied.
fn steps_of(seed: u64, cases: u64, vocabulary: usize, grain: f64) -> usize {
    let mut stream = Stream::new(Key::from_seed(seed));
    let (mut awake, mut beyond) = (0, 0);
    for case in 0..cases {
        let k = *stream.choose(&[1, 3, 5, 7]);
        let greedy = Truncation { temperature: 0.0, ..Truncation::NONE };
        let thought = truncation(&mut stream);
        let sampling = Sampling {
            truncation: if case % 15 == 0 { greedy } else { thought },
            answer: if case % 4 == 0 { greedy } else { truncation(&mut stream) },
            thinking: thinking(&mut stream, case % 5, k),
            stop: StopRule {
                cold_entropy: *stream.choose(&[2.0, 6.0]),
                cold_steps: *stream.choose(&[0, 0, 1, 2]),
                max_thought: *stream.choose(&[0, 0, 3]),
            },
            end_think: END_THINK,
            end_answer: END_ANSWER,
            max_steps: MAX_STEPS,
        };
        let mut rows = Rows::new(seed + case);
        for step in 0..MAX_STEPS + 1 {
            let spread = *stream.choose(&[1.0, 3.0]);
            let draw = |stream: &mut Stream| {
                let z = spread * stream.normal();
                if grain > 0.0 { ((z / grain).round() * grain) as f32 } else { z as f32 }
            };
            let mut logits: Vec<f32> = (0..ROWS * vocabulary).map(|_| draw(&mut stream)).collect();
            // Ends come now and then.
            logits.chunks_mut(vocabulary).for_each(|row| row[stream.range(2..=3) as usize] += 4.0 * spread as f32);
            awake += rows.step(&logits, &sampling, &format!("V {vocabulary}, case {case}, step {step}"));
        }
        let far = |step: &&StepRecord| !step.soft && step.winner_changed;
        beyond += rows.found.iter().flat_map(|row| &row.steps).filter(far).count();
    }
    println!("{awake} steps over {vocabulary} tokens, {beyond} drew another than the likeliest");
    awake
}

#[test]
fn steps_over_large_vocabularies_are_those_of_decode() {
    assert!(steps_of(31, 15, 1025, 0.0) > 60);
    assert!(steps_of(32, 30, 20_011, 0.0) > 150);
}

#[test]
fn ties_go_to_the_lower_id_also_where_a_nucleus_ends_among_thousands() {
    assert!(steps_of(33, 20, 5_003, 0.5) > 80);
}

/// Qwen2's: tiles of more than 128 tokens.
#[test]
fn steps_over_the_largest_vocabularies_are_those_of_decode() {
    assert!(steps_of(34, 5, 151_936, 0.0) > 20);
}
