//! The kernels of the second lab against `math` and `semantic_id::exact`, at sizes that fill no workgroup.
//!
//! Not here: the first lab's kernels (`kernels*.rs`). An adapter is promised by the feature `gpu`: without one these fail.

use soft_thinking_lab::engine::gpu::Gpu;
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::launch::launch;
use soft_thinking_lab::engine::gpu::params::{
    CodeChoose, CodeDistances, CodeIndicatorGradient, CodeLoss, CodeRange, CodeScores, CodeTokenGradient, CodeTokens,
    CodebookGradient, Params, StraightThrough,
};
use soft_thinking_lab::math::gumbel::gumbel;
use soft_thinking_lab::math::softmax::{entropy, log_softmax};
use soft_thinking_lab::math::straight_through::{straight_through, straight_through_backward};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::semantic_id::exact::{Assignment, Upstream};
use soft_thinking_lab::semantic_id::sinkhorn::centred;

/// Exponentials of values of size 30 in f32, and at τ = .1 a division by it; the promise to users is 1e-3.
const TOLERANCE: f64 = 1e-4;

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn close(found: &[u32], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let mut worst: f64 = 0.0;
    for (found, expected) in found.iter().zip(expected) {
        let difference = (f64::from(f32::from_bits(*found)) - expected).abs() / expected.abs().max(1.0);
        assert!(difference <= TOLERANCE, "{what}: {} is not {expected}", f32::from_bits(*found));
        worst = worst.max(difference);
    }
    println!("{what}: within {worst:.1e}");
}

#[test]
fn choices_of_codes_and_their_backward_are_those_of_math() {
    let gpu = pollster::block_on(Gpu::open(1 << 24)).unwrap();
    let mut stream = Stream::new(Key::from_seed(31));
    for (rows, codes, temperature, scale) in
        [(1, 2, 2.0, 1.0), (67, 5, 2.0, 1.0), (130, 16, 0.1, 1.0), (64, 256, 1.5, 2.5), (33, 7, 2.0, 0.0)]
    {
        let normal = |stream: &mut Stream| (0..rows * codes).map(|_| stream.normal() as f32).collect::<Vec<f32>>();
        let (scores, d_indicator) = (normal(&mut stream), normal(&mut stream));
        let noise: Vec<f32> = (0..rows * codes).map(|_| (scale * gumbel(stream.uniform())) as f32).collect();
        let temperature = temperature as f32;
        let params = StraightThrough { rows: rows as u32, codes: codes as u32, temperature };
        let (empty, grid) = (vec![0; rows * codes], [rows.div_ceil(64) as u32, 1, 1]);
        let buffers = [&bits(&scores)[..], &bits(&noise), &empty, &vec![0; rows]];
        let found = pollster::block_on(launch(&gpu, Kernel::StraightThrough, &buffers, &params, grid)).unwrap();
        let (mut soft, mut places, mut backward) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..rows {
            let of =
                |values: &[f32]| -> Vec<f64> { values[row * codes..][..codes].iter().map(|v| f64::from(*v)).collect() };
            let choice = straight_through(&of(&scores), &of(&noise), f64::from(temperature));
            backward.extend(straight_through_backward(&choice.soft, &of(&d_indicator), f64::from(temperature)));
            soft.extend(choice.soft);
            places.push(choice.place as u32);
        }
        assert_eq!(found[1], places);
        close(&found[0], &soft, "straight_through");
        let single: Vec<f32> = soft.iter().map(|p| *p as f32).collect();
        let buffers = [&bits(&single)[..], &bits(&d_indicator), &empty];
        let found = pollster::block_on(launch(&gpu, Kernel::StraightThroughBackward, &buffers, &params, grid)).unwrap();
        close(&found[0], &backward, "straight_through_backward");
    }
}

fn run<P: Params>(gpu: &Gpu, kernel: Kernel, buffers: &[&[u32]], params: &P, grid: [usize; 2]) -> Vec<Vec<u32>> {
    pollster::block_on(launch(gpu, kernel, buffers, params, [grid[0] as u32, grid[1] as u32, 1])).unwrap()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

const L: usize = 3;
const TAU: f32 = 1.3;
const WEIGHTS: [f64; 2] = [0.7, 1.4];

/// A batch of items with codebooks, noise and kept codes, in numbers that f32 and f64 both have.
struct Case {
    n: usize,
    k: usize,
    d: usize,
    books: Vec<f32>,
    content: Vec<f32>,
    noise: Vec<f32>,
    kept: Vec<u32>,
    /// dLoss/d indicator (n, L, K).
    upstream: Vec<f32>,
}

impl Case {
    fn new([n, k, d]: [usize; 3], seed: u64) -> Self {
        let mut draws = Stream::new(Key::from_seed(seed));
        let mut normal =
            |count: usize, scale: f64| -> Vec<f32> { (0..count).map(|_| (scale * draws.normal()) as f32).collect() };
        let (books, content, upstream) = (normal(L * k * d, 0.7), normal(n * d, 1.0), normal(n * L * k, 0.3));
        let noise = (0..n * L * k).map(|_| gumbel(draws.uniform()) as f32).collect();
        let kept = (0..n * L).map(|_| draws.below(k as u32)).collect();
        Self { n, k, d, books, content, noise, kept, upstream }
    }

    /// Noise or upstream of one level (n, K).
    fn level(&self, all: &[f32], level: usize) -> Vec<f32> {
        (0..self.n).flat_map(|item| all[(item * L + level) * self.k..][..self.k].to_vec()).collect()
    }
}

/// Forward and backward of the assignment through its kernels, level after level, against `exact.rs`.
#[test]
fn items_are_assigned_and_codebooks_get_the_gradients_that_exact_gives() {
    let gpu = pollster::block_on(Gpu::open(1 << 24)).unwrap();
    for (sizes, sampled) in [([37, 5, 6], false), ([70, 18, 17], true), ([1, 2, 1], true), ([300, 16, 16], false)] {
        let case = Case::new(sizes, 40 + sizes[0] as u64);
        let Case { n, k, d, .. } = case;
        let (items, codes, dim) = (n as u32, k as u32, d as u32);
        let (books, content, noise, upstream) =
            (wide(&case.books), wide(&case.content), wide(&case.noise), wide(&case.upstream));
        let exact = Assignment {
            books: &books,
            codes: k,
            dim: d,
            content: &content,
            kept: (!sampled).then_some(&case.kept[..]),
            noise: &noise,
            temperature: f64::from(TAU),
            commitment: 0.25,
        };
        let wanted = exact.forward();
        let mut record: Vec<u32> = vec![0; L * n * 5];
        (0..L * n).for_each(|at| record[at * 5] = case.kept[at % n * L + at / n]);
        let (books, mut residuals, mut range) = (bits(&case.books), vec![bits(&case.content)], vec![0; 2 * L]);
        let (mut softs, mut losses) = (Vec::new(), [0.0; 2]);
        let pairs = vec![0; n * k];
        for level in 0..L {
            let (level32, book_offset, count) = (level as u32, (level * k * d) as u32, (n * k) as u32);
            let given = residuals[level].clone();
            let params = CodeDistances { items, codes, dim, book_offset };
            let grid = [k.div_ceil(16), n.div_ceil(4)];
            let distances = run(&gpu, Kernel::CodeDistances, &[&given, &books, &pairs], &params, grid).remove(0);
            let row = |words: &[u32], at: usize| -> Vec<f64> {
                words[at * d..][..d].iter().map(|word| f64::from(f32::from_bits(*word))).collect()
            };
            let far = |at: usize| -> f64 {
                let (item, code) = (at / k, at % k);
                row(&given, item).iter().zip(row(&books, level * k + code)).map(|(a, b)| (a - b) * (a - b)).sum()
            };
            let exactly: Vec<f64> = (0..n * k).map(far).collect();
            close(&distances, &exactly, "code_distances");
            let params = CodeRange { count, level: level32 };
            range = run(&gpu, Kernel::CodeRange, &[&distances, &range], &params, [1, 1]).remove(0);
            let params = CodeScores { count, stride: 128, level: level32 };
            let grid = [2, (n * k).div_ceil(128)];
            let scores = run(&gpu, Kernel::CodeScores, &[&range, &distances], &params, grid).remove(0);
            close(&scores, &centred(&exactly).iter().map(|x| -x).collect::<Vec<_>>(), "code_range, code_scores");
            let params = StraightThrough { rows: items, codes, temperature: TAU };
            let own = bits(&case.level(&case.noise, level));
            let buffers = [&scores[..], &own, &pairs, &vec![0; n]];
            let rows = [n.div_ceil(64), 1];
            let mut chosen = run(&gpu, Kernel::StraightThrough, &buffers, &params, rows).into_iter();
            let (soft, drawn) = (chosen.next().unwrap(), chosen.next().unwrap());
            let params = CodeChoose { items, codes, dim, book_offset, level: level32, take_drawn: u32::from(sampled) };
            let buffers = [&scores[..], &soft, &drawn, &given, &books, &vec![0; n * d], &record];
            let mut left = run(&gpu, Kernel::CodeChoose, &buffers, &params, rows).into_iter();
            residuals.push(left.next().unwrap());
            record = left.next().unwrap();
            softs.push(soft);
            for item in 0..n {
                let own = &record[(level * n + item) * 5..][..5];
                assert_eq!(own[0], wanted.codes[item * L + level], "code of item {item} at level {level}");
                assert_eq!(own[2], drawn[item]);
                let near = &exactly[item * k..][..k];
                let nearest = (0..k).fold(0, |best, code| if near[code] < near[best] { code } else { best });
                assert_eq!(own[1], nearest as u32);
                let undecided = entropy(&wanted.soft[(item * L + level) * k..][..k]);
                close(&own[4..], &[undecided], "entropy");
                losses[0] += 1.25 * f64::from(f32::from_bits(own[3])) / (n * d * L) as f64;
                losses[1] += if level + 1 == L { f64::from(f32::from_bits(own[3])) / (n * d) as f64 } else { 0.0 };
            }
        }
        for (found, wanted) in losses.into_iter().zip([wanted.quantization, wanted.reconstruction]) {
            assert!((found - wanted).abs() <= 1e-5 * wanted, "{found} is not {wanted}");
        }
        let (mut gradient, last) = (vec![0; L * k * d], residuals[L].clone());
        for level in 0..L {
            let (level32, book_offset, width) = (level as u32, (level * k * d) as u32, 4);
            let elements = (n * d) as f64;
            let shares = [2.0 * WEIGHTS[0] / (elements * L as f64), 2.0 * WEIGHTS[1] / elements].map(|x| x as f32);
            let params = CodeIndicatorGradient {
                items,
                codes,
                dim,
                book_offset,
                level: level32,
                width,
                label_stride: codes,
                history: 0.0,
                target_codes: 0.0,
                label_share: 1.0,
                word_share: shares[0],
                whole_share: shares[1],
            };
            // What comes from outside stands where the labels' part does.
            let outside = (0..L).flat_map(|level| case.level(&case.upstream, level));
            let (sums, words) = (vec![0; (L + 1) * n * 4], vec![0; L * k * 4]);
            let outside = bits(&outside.collect::<Vec<_>>());
            let buffers = [&sums[..], &words, &outside, &residuals[level + 1], &last, &books, &pairs];
            let grid = [k.div_ceil(16), n.div_ceil(4)];
            let d_indicator = run(&gpu, Kernel::CodeIndicatorGradient, &buffers, &params, grid).remove(0);
            let params = StraightThrough { rows: items, codes, temperature: TAU };
            let buffers = [&softs[level][..], &d_indicator, &pairs];
            let d_scores = run(&gpu, Kernel::StraightThroughBackward, &buffers, &params, [n.div_ceil(64), 1]).remove(0);
            let params = CodebookGradient {
                items,
                codes,
                dim,
                book_offset,
                level: level32,
                word_share: shares[0],
                whole_share: shares[1],
            };
            let buffers =
                [&d_scores[..], &residuals[level], &residuals[level + 1], &last, &record, &books, &range, &gradient];
            let grid = [d.div_ceil(16), k.div_ceil(4)];
            gradient = run(&gpu, Kernel::CodebookGradient, &buffers, &params, grid).remove(0);
        }
        let from = Upstream { indicator: &upstream, quantization: WEIGHTS[0], reconstruction: WEIGHTS[1] };
        close(&gradient, &exact.backward(&wanted, &from), "the whole backward");
    }
}

#[test]
fn routes_hand_back_what_the_inputs_and_labels_got() {
    let gpu = pollster::block_on(Gpu::open(1 << 24)).unwrap();
    let mut draws = Stream::new(Key::from_seed(50));
    let (n, k, d, width, stride, level) = (21, 6, 5, 12, 8, 1);
    let mut normal = |count: usize| (0..count).map(|_| draws.normal() as f32).collect::<Vec<f32>>();
    let (sums, words, labels) = (normal((L + 1) * n * width), normal(L * k * width), normal(L * n * stride));
    let (next, last, books) = (normal(n * d), normal(n * d), normal(L * k * d));
    let record: Vec<u32> = (0..L * n).flat_map(|at| [(at * 7 % k) as u32, 9, 9, 9, 9]).collect();
    for (history, target_codes, label_share) in [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.1), (1.0, 1.0, 0.1)] {
        let params = CodeIndicatorGradient {
            items: n as u32,
            codes: k as u32,
            dim: d as u32,
            book_offset: (level * k * d) as u32,
            level: level as u32,
            width: width as u32,
            label_stride: stride as u32,
            history,
            target_codes,
            label_share,
            word_share: 0.3,
            whole_share: 0.2,
        };
        let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let expected: Vec<f64> = (0..n * k)
            .map(|at| {
                let (item, code) = (at / k, at % k);
                let word = &words[(level * k + code) * width..][..width];
                let (met, said) = (&sums[item * width..][..width], &sums[(n + level * n + item) * width..][..width]);
                let codeword = &books[(level * k + code) * d..][..d];
                f64::from(history) * product(met, word)
                    + f64::from(target_codes) * product(said, word)
                    + f64::from(label_share) * f64::from(labels[(level * n + item) * stride + code])
                    - f64::from(0.3_f32) * product(&next[item * d..][..d], codeword)
                    - f64::from(0.2_f32) * product(&last[item * d..][..d], codeword)
            })
            .collect();
        let given = [&sums, &words, &labels, &next, &last, &books].map(|values| bits(values));
        let [sums, words, labels, next, last, books] = &given;
        let buffers = [&sums[..], words, labels, next, last, books, &vec![0; n * k]];
        let grid = [k.div_ceil(16), n.div_ceil(4)];
        let found = run(&gpu, Kernel::CodeIndicatorGradient, &buffers, &params, grid);
        close(&found[0], &expected, "code_indicator_gradient");
    }
    let params = CodeTokenGradient { items: n as u32, codes: k as u32, tokens: (L * k) as u32, width: width as u32 };
    let mut expected = wide(&words);
    for (at, own) in record.chunks(5).enumerate() {
        let (level, item) = (at / n, at % n);
        for w in 0..width {
            expected[(level * k + own[0] as usize) * width + w] +=
                f64::from(sums[item * width + w]) + f64::from(sums[(n + level * n + item) * width + w]);
        }
    }
    let buffers = [&bits(&sums)[..], &record, &bits(&words)];
    let found =
        run(&gpu, Kernel::CodeTokenGradient, &buffers, &params, [(width / 4).div_ceil(16), (L * k).div_ceil(4)]);
    close(&found[0], &expected, "code_token_gradient");
    let sources: Vec<u32> = vec![40, (1 << 31) + 5, 0, (1 << 31) + (2 * n as u32 + 20)];
    let params = CodeTokens { entries: 4, stride: 64, items: n as u32, codes: k as u32 };
    let found = run(&gpu, Kernel::CodeTokens, &[&sources, &record, &[0; 4]], &params, [1, 1]);
    assert_eq!(found[0], [40, record[25], 0, 2 * k as u32 + record[(2 * n + 20) * 5]]);
}

#[test]
fn the_loss_of_codes_is_that_of_a_softmax_over_what_may_stand_there() {
    let gpu = pollster::block_on(Gpu::open(1 << 24)).unwrap();
    let mut draws = Stream::new(Key::from_seed(60));
    let (n, k, suffixes, questions) = (9, 5, 3, 13);
    let (rows, vocabulary, stride, width) = (questions * (L + 1), L * k + suffixes + 1, 20, 8);
    let logits: Vec<f32> = (0..rows * vocabulary).map(|_| (3.0 * draws.normal()) as f32).collect();
    let record: Vec<u32> = (0..L * n).flat_map(|_| [draws.below(k as u32), 9, 9, 9, 9]).collect();
    let targets: Vec<u32> =
        (0..rows).map(|row| draws.below(if row % (L + 1) < L { n } else { suffixes } as u32)).collect();
    let share = 1.0 / questions as f32;
    let params = CodeLoss {
        rows: rows as u32,
        vocabulary: vocabulary as u32,
        stride: stride as u32,
        width: width as u32,
        levels: L as u32,
        codes: k as u32,
        suffixes: suffixes as u32,
        items: n as u32,
        share,
    };
    let (mut d_logits, mut surprise, mut losses) = (vec![0.0; rows * stride], Vec::new(), Vec::new());
    for row in 0..rows {
        let place = row % (L + 1);
        let (first, count) = (place * k, if place < L { k } else { suffixes });
        let label = match place < L {
            true => record[(place * n + targets[row] as usize) * 5],
            false => targets[row],
        };
        let log_probs = log_softmax(&wide(&logits[row * vocabulary + first..][..count]));
        losses.push(-log_probs[label as usize]);
        for (code, log_prob) in log_probs.iter().enumerate() {
            let hit = f64::from(u8::from(code as u32 == label));
            d_logits[row * stride + first + code] = f64::from(share) * (log_prob.exp() - hit);
        }
        if place < L {
            surprise.extend(log_probs.iter().map(|log_prob| -log_prob));
            surprise.resize(surprise.len().next_multiple_of(width), 0.0);
        }
    }
    // Whatever was there before is gone.
    let old = |len: usize| bits(&vec![7.0; len]);
    let buffers = [&bits(&logits)[..], &targets, &record, &old(rows * stride), &old(questions * L * width), &old(rows)];
    let found = run(&gpu, Kernel::CodeLoss, &buffers, &params, [rows.div_ceil(32), 1]);
    close(&found[0], &d_logits, "d_logits");
    close(&found[1], &surprise, "surprise");
    close(&found[2], &losses, "losses");
}
