//! Every kernel of the backward and of the optimizer against its formula in f64, at sizes that fill no workgroup evenly.
//!
//! Not here: forward kernels (`kernels.rs`), gradients of whole models (`gpu_learning.rs`). An adapter is promised by the feature `gpu`.

use crate::device;

use device::densities::{actions, scorings};
use device::{bits, close_to_largest as close, gpu, normals, run_floats as run, slices, wide};
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::launch::launch;
use soft_thinking_lab::engine::gpu::params::{
    AdamW, AttentionGradient, AttentionProduct, AttentionRows, ClipNorm, ColumnSums, EmbeddingGradient, InputGradient,
    RmsNormBackward, RmsNormTrain, Rope, SquareSums, SwigluElements, VectorDensityBackward, WeightGradient,
};
use soft_thinking_lab::math::soft_tokens::{self, mean_embedding};
use soft_thinking_lab::math::softmax::softmax;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;

/// Rounding of f32 sums of some hundred products.
const ROUNDING: f64 = 2e-5;

#[test]
fn products_hand_back_gradients() {
    let mut stream = Stream::new(Key::from_seed(1));
    for (m, n, k) in [(1, 4, 4), (33, 12, 36), (70, 64, 44), (5, 100, 132)] {
        let offset = 8;
        let (dy, x) = (normals(&mut stream, m * n), normals(&mut stream, m * k));
        let (weights, before) = (normals(&mut stream, offset + n * k), normals(&mut stream, m * k));
        let (rows, columns, inner) = (m as u32, n as u32, k as u32);
        for add in [0, 1] {
            let params = InputGradient { rows, columns, inner, weight_offset: offset as u32, add };
            let expected: Vec<f64> = (0..m * k)
                .map(|at| {
                    let (row, column) = (at / k, at % k);
                    let sum = (0..n).map(|c| f64::from(dy[row * n + c]) * f64::from(weights[offset + c * k + column]));
                    sum.sum::<f64>() + f64::from(add) * f64::from(before[at])
                })
                .collect();
            let buffers = [&bits(&dy)[..], &bits(&weights), &bits(&before)];
            for (kernel, height) in [(Kernel::InputGradient, 32), (Kernel::InputGradientTiled, 64)] {
                let found = run(kernel, &buffers, &params, [k.div_ceil(64), m.div_ceil(height)]);
                close(&found[0], &expected, ROUNDING, kernel.spec().name);
            }
        }
        let params = WeightGradient { rows, columns, inner, weight_offset: offset as u32 };
        let mut expected = wide(&weights);
        for column in 0..n {
            for i in 0..k {
                let sum = (0..m).map(|row| f64::from(dy[row * n + column]) * f64::from(x[row * k + i]));
                expected[offset + column * k + i] += sum.sum::<f64>();
            }
        }
        let buffers = [&bits(&dy)[..], &bits(&x), &bits(&weights)];
        for (kernel, width) in [(Kernel::WeightGradient, 64), (Kernel::WeightGradientTiled, 32)] {
            let found = run(kernel, &buffers, &params, [k.div_ceil(width), n.div_ceil(32)]);
            close(&found[0], &expected, ROUNDING, kernel.spec().name);
        }
    }
}

#[test]
fn norms_keep_what_their_backward_needs() {
    let mut stream = Stream::new(Key::from_seed(2));
    let epsilon = 1e-5;
    for (rows, d) in [(1, 4), (6, 64), (35, 260)] {
        let (x, weights) = (normals(&mut stream, rows * d), normals(&mut stream, d + 4));
        let (dy, before) = (normals(&mut stream, rows * d), normals(&mut stream, rows * d));
        let order: Vec<u32> = (0..rows as u32).rev().collect();
        for gather in [0, 1] {
            let source = |m: usize| if gather == 1 { rows - 1 - m } else { m };
            let (width, count) = (d as u32, rows as u32);
            let params = RmsNormTrain { width, count, gather, gain_offset: 4, epsilon: epsilon as f32 };
            let empty = vec![0; rows * d];
            let buffers = [&bits(&x)[..], &bits(&weights), &order, &empty, &empty, &vec![0; rows]];
            let kept = run(Kernel::RmsNormTrain, &buffers, &params, [rows.div_ceil(32), 1]);
            let (mut y, mut unit, mut scales, mut dx) = (vec![], vec![], vec![], wide(&before));
            for m in 0..rows {
                let own = wide(&x[source(m) * d..][..d]);
                let scale = (own.iter().map(|v| v * v).sum::<f64>() / d as f64 + epsilon).sqrt().recip();
                scales.push(scale);
                unit.extend(own.iter().map(|v| v * scale));
                y.extend(own.iter().zip(&weights[4..]).map(|(v, g)| v * scale * f64::from(*g)));
                let wish: Vec<f64> =
                    dy[m * d..][..d].iter().zip(&weights[4..]).map(|(d, g)| f64::from(*d) * f64::from(*g)).collect();
                let mean = wish.iter().zip(&own).map(|(w, v)| w * v * scale).sum::<f64>() / d as f64;
                for i in 0..d {
                    dx[source(m) * d + i] += scale * (wish[i] - own[i] * scale * mean);
                }
            }
            close(&kept[0], &y, ROUNDING, "rms_norm_train");
            close(&kept[1], &unit, ROUNDING, "unit");
            close(&kept[2], &scales, ROUNDING, "scales");
            let params = RmsNormBackward { width, count, gather, gain_offset: 4 };
            let (unit, scales) = (bits(&kept[1]), bits(&kept[2]));
            let buffers = [&bits(&dy)[..], &bits(&weights), &unit, &scales, &order, &bits(&before)];
            let found = run(Kernel::RmsNormBackward, &buffers, &params, [rows.div_ceil(32), 1]);
            close(&found[0], &dx, ROUNDING, "rms_norm_backward");
        }
        for factor in [0, 1] {
            let params = ColumnSums { rows: rows as u32, columns: d as u32, factor, offset: 4 };
            let mut expected = wide(&weights);
            for at in 0..rows * d {
                expected[4 + at % d] += f64::from(dy[at]) * if factor == 1 { f64::from(x[at]) } else { 1.0 };
            }
            let buffers = [&bits(&dy)[..], &bits(&x), &bits(&weights)];
            for (kernel, groups) in [(Kernel::ColumnSums, d / 4), (Kernel::ColumnSumsPlain, (d / 4).div_ceil(16))] {
                close(&run(kernel, &buffers, &params, [groups, 1])[0], &expected, ROUNDING, "column_sums");
            }
        }
    }
}

#[test]
fn swiglu_and_its_backward_follow_the_formula() {
    let mut stream = Stream::new(Key::from_seed(3));
    for (rows, f) in [(1, 4), (7, 300)] {
        let gate_up: Vec<f32> = normals(&mut stream, rows * 2 * f).iter().map(|v| 3.0 * v).collect();
        let d_inner = normals(&mut stream, rows * f);
        let (mut inner, mut expected) = (vec![], wide(&gate_up));
        for row in 0..rows {
            for i in 0..f {
                let at = row * 2 * f + i;
                let (gate, up) = (f64::from(gate_up[at]), f64::from(gate_up[at + f]));
                let (s, d) = (1.0 / (1.0 + (-gate).exp()), f64::from(d_inner[row * f + i]));
                inner.push(gate * s * up);
                expected[at] = d * up * s * (1.0 + gate * (1.0 - s));
                expected[at + f] = d * gate * s;
            }
        }
        let params = SwigluElements { rows: rows as u32, columns: f as u32 };
        let grid = [(f / 4).div_ceil(64), rows];
        let buffers = [&bits(&gate_up)[..], &vec![0; rows * f]];
        close(&run(Kernel::SwigluTrain, &buffers, &params, grid)[0], &inner, ROUNDING, "swiglu_train");
        let buffers = [&bits(&d_inner)[..], &bits(&gate_up)];
        close(&run(Kernel::SwigluBackward, &buffers, &params, grid)[0], &expected, ROUNDING, "swiglu_backward");
    }
}

#[test]
fn log_densities_hand_back_the_gradients_of_math() {
    let mut stream = Stream::new(Key::from_seed(4));
    for (vocabulary, k, temperature) in [(7, 3, 1.0), (61, 5, 0.6), (500, 33, 1.7)] {
        for scoring in scorings() {
            let n = 40;
            let cases = actions(&mut stream, [n, vocabulary, k], (temperature, 2.0), &scoring);
            let buffers = cases.backward();
            let found = run(Kernel::LogDensityBackward, &slices(&buffers), &cases.params, [n.div_ceil(32), 1]);
            // Noise from f32 logarithms, through an exponential.
            close(&found[0], &cases.gradient, 5e-5, &format!("log_density_backward of {scoring:?}"));
        }
    }
}

#[test]
fn vectors_hand_back_the_gradients_of_math() {
    let mut stream = Stream::new(Key::from_seed(14));
    let (n, v, d, stride, width, scores) = (37, 61, 12, 64, 2, 2);
    let (temperature, deviation) = (0.5, 0.4);
    let (logits, table) = (normals(&mut stream, n * v), normals(&mut stream, v * d));
    let (fed, slopes) = (normals(&mut stream, n * d), normals(&mut stream, n * (scores + 1)));
    let before = normals(&mut stream, n * stride);
    let (mut pull, mut shares, mut actions) = (Vec::new(), Vec::new(), Vec::new());
    let (mut expected, mut scaled) = (wide(&before), Vec::new());
    for row in 0..n {
        let own = wide(&logits[row * v..][..v]);
        let probs = softmax(&own.iter().map(|z| z / temperature).collect::<Vec<_>>());
        let mean = mean_embedding(&own, &wide(&table), temperature);
        let delta: Vec<f64> = fed[row * d..][..d].iter().zip(&mean).map(|(f, m)| f64::from(*f) - m).collect();
        pull.extend((0..v).map(|j| (0..d).map(|i| f64::from(table[j * d + i]) * delta[i]).sum::<f64>() as f32));
        let slope = f64::from(slopes[row * (scores + 1)]);
        let vector = row % 3 != 1;
        actions.extend([if vector { 2 } else { row as u32 % 2 }, 1, 0, 0]);
        let factor = if vector { slope / (deviation * deviation) } else { 1.0 };
        for j in 0..stride {
            let share = probs.get(j).copied().unwrap_or(0.0);
            shares.push(share as f32);
            scaled.push(share * factor);
        }
        if vector {
            let (fed, table) = (wide(&fed[row * d..][..d]), wide(&table));
            let (gradient, _) = soft_tokens::log_density_backward(&own, &table, &fed, temperature, deviation, slope);
            gradient.iter().enumerate().for_each(|(j, g)| expected[row * stride + j] += g);
        }
    }
    let params = VectorDensityBackward {
        actions: n as u32,
        vocabulary: v as u32,
        stride: stride as u32,
        width: width as u32,
        scores: scores as u32,
        vector: 2,
        temperature: temperature as f32,
        scale: (1.0 / (deviation * deviation)) as f32,
    };
    let buffers = [&bits(&pull)[..], &actions, &bits(&slopes), &bits(&shares), &bits(&before)];
    let found = run(Kernel::VectorDensityBackward, &buffers, &params, [n.div_ceil(32), 1]);
    close(&found[0], &scaled, ROUNDING, "scaled shares");
    close(&found[1], &expected, ROUNDING, "vector_density_backward");
}

/// Outputs (M, H·hd) of causal attention over q, k, v after RoPE, in f64.
fn attention(qkv: &[f64], b: usize, t: usize, g: usize, kv: usize, hd: usize) -> Vec<f64> {
    let (h, stride) = (g * kv, (g * kv + 2 * kv) * hd);
    let mut out = vec![0.0; b * t * h * hd];
    for row in 0..b * t {
        for head in 0..h {
            let query = turned(&qkv[row * stride + head * hd..][..hd], row % t);
            let earlier = row - row % t..=row;
            let key = |other: usize| turned(&qkv[other * stride + (h + head / g) * hd..][..hd], other % t);
            let scores: Vec<f64> = earlier
                .clone()
                .map(|other| query.iter().zip(key(other)).map(|(a, b)| a * b).sum::<f64>() / (hd as f64).sqrt())
                .collect();
            for (share, other) in softmax(&scores).iter().zip(earlier) {
                for i in 0..hd {
                    out[(row * h + head) * hd + i] += share * qkv[other * stride + (h + kv + head / g) * hd + i];
                }
            }
        }
    }
    out
}

fn angle(position: usize, i: usize, hd: usize) -> f64 {
    position as f64 * 100_f64.powf(-(i as f64) / (hd / 2) as f64)
}

fn turned(head: &[f64], position: usize) -> Vec<f64> {
    let half = head.len() / 2;
    (0..head.len())
        .map(|i| {
            let (cos, sin) = (angle(position, i % half, head.len()).cos(), angle(position, i % half, head.len()).sin());
            let other = if i < half { -head[i + half] } else { head[i - half] };
            head[i] * cos + other * sin
        })
        .collect()
}

#[test]
fn attention_hands_back_gradients() {
    let mut stream = Stream::new(Key::from_seed(5));
    for (b, t, g, kv, hd) in [(1, 1, 1, 1, 8), (2, 5, 2, 2, 16), (3, 7, 3, 1, 8), (2, 19, 2, 1, 16)] {
        let (h, rows) = (g * kv, b * t);
        let stride = (h + 2 * kv) * hd;
        let (qkv, d_mixed) = (normals(&mut stream, rows * stride), normals(&mut stream, rows * h * hd));
        let loss = |qkv: &[f64]| -> f64 {
            attention(qkv, b, t, g, kv, hd).iter().zip(&d_mixed).map(|(o, d)| o * f64::from(*d)).sum()
        };
        // Central differences in f64: error near 1e-10.
        let mut moved = wide(&qkv);
        let expected: Vec<f64> = (0..moved.len())
            .map(|at| {
                let value = moved[at];
                moved[at] = value + 1e-5;
                let above = loss(&moved);
                moved[at] = value - 1e-5;
                let below = loss(&moved);
                moved[at] = value;
                (above - below) / 2e-5
            })
            .collect();
        let mut rotated = moved.clone();
        for row in 0..rows {
            for head in 0..h + kv {
                let at = row * stride + head * hd;
                let new = turned(&moved[at..at + hd], row % t);
                rotated[at..at + hd].copy_from_slice(&new);
            }
        }
        let narrow = |values: &[f64]| bits(&values.iter().map(|v| *v as f32).collect::<Vec<_>>());
        let mixed = narrow(&attention(&moved, b, t, g, kv, hd));
        let table: Vec<f64> = (0..t)
            .flat_map(|p| (0..hd / 2).flat_map(move |i| [angle(p, i, hd).cos(), angle(p, i, hd).sin()]))
            .collect();
        let params = AttentionGradient {
            rows: rows as u32,
            time: t as u32,
            groups: g as u32,
            kv_heads: kv as u32,
            head_dim: hd as u32,
            scale: (hd as f64).sqrt().recip() as f32,
        };
        let (qkv, table, d_mixed) = (narrow(&rotated), narrow(&table), bits(&d_mixed));
        let (stats, empty) = (vec![0; rows * h * 2], vec![0; rows * stride]);
        let buffers = [&qkv[..], &mixed, &d_mixed, &table, &stats, &empty];
        let queries = run(Kernel::AttentionQueryGradient, &buffers, &params, [(rows * h).div_ceil(32), 1]);
        let (stats, partial) = (bits(&queries[0]), bits(&queries[1]));
        let buffers = [&qkv[..], &d_mixed, &table, &stats, &partial];
        let found = run(Kernel::AttentionKeyGradient, &buffers, &params, [(rows * kv).div_ceil(32), 1]);
        close(&found[0], &expected, ROUNDING, "attention gradient");
        let by_products = attention_by_products(&qkv, &mixed, &d_mixed, &table, [b, t, g, kv, hd]);
        close(&by_products, &expected, ROUNDING, "attention gradient by products");
    }
}

/// The same gradient by products over all pairs, as software adapters take it; the forward's shares are checked on the way.
fn attention_by_products(
    qkv: &[u32],
    mixed: &[u32],
    d_mixed: &[u32],
    table: &[u32],
    [b, t, g, kv, hd]: [usize; 5],
) -> Vec<f32> {
    let (h, rows, parts, width) = (g * kv, b * t, hd / 4, t.div_ceil(4));
    let (stride, scale) = ((h + 2 * kv) * parts, (hd as f64).sqrt().recip() as f32);
    let [query, key, value, out] = [(stride, 0), (stride, h * parts), (stride, (h + kv) * parts), (h * parts, 0)];
    let product = |kernel, buffers: [&[u32]; 3], own: (usize, usize), other: (usize, usize), scale, depth| {
        let params = AttentionProduct {
            time: t as u32,
            heads: h as u32,
            groups: g as u32,
            parts: parts as u32,
            width: width as u32,
            own_stride: own.0 as u32,
            own_offset: own.1 as u32,
            other_stride: other.0 as u32,
            other_offset: other.1 as u32,
            scale,
        };
        let grid = match kernel {
            Kernel::AttentionScores => [t.div_ceil(32), t.div_ceil(32)],
            _ => [parts.div_ceil(4), t.div_ceil(64)],
        };
        let grid = [grid[0] as u32, grid[1] as u32, (b * depth) as u32];
        pollster::block_on(launch(gpu(), kernel, &buffers, &params, grid)).unwrap().remove(0)
    };
    let by_row = AttentionRows { rows: (rows * h) as u32, time: t as u32, width: width as u32, scale };
    // What lies above the diagonal of a fresh buffer must not matter.
    let fresh = vec![7.0f32.to_bits(); rows * h * width * 4];
    let scores = product(Kernel::AttentionScores, [qkv, qkv, &fresh], query, key, scale, h);
    let shares = bits(&run(Kernel::AttentionSoftmax, &[&scores], &by_row, [(rows * h).div_ceil(16), 1])[0]);
    let found = product(Kernel::AttentionMix, [&shares, qkv, &vec![0; rows * h * hd]], out, value, 1.0, h);
    let narrow = |words: &[u32]| -> Vec<f32> { words.iter().map(|word| f32::from_bits(*word)).collect() };
    close(&narrow(&found), &wide(&narrow(mixed)), ROUNDING, "attention by products");
    let d_shares = product(Kernel::AttentionScores, [d_mixed, qkv, &fresh], out, value, 1.0, h);
    let buffers = [&shares[..], &d_shares];
    let d_scores = run(Kernel::AttentionSoftmaxBackward, &buffers, &by_row, [(rows * h).div_ceil(16), 1]);
    let d_scores = bits(&d_scores[0]);
    let d_qkv = product(Kernel::AttentionBack, [&shares, d_mixed, &vec![0; rows * stride * 4]], value, out, 1.0, kv);
    let d_qkv = product(Kernel::AttentionMix, [&d_scores, qkv, &d_qkv], query, key, 1.0, h);
    let d_qkv = product(Kernel::AttentionBack, [&d_scores, qkv, &d_qkv], key, query, 1.0, kv);
    let rope = Rope {
        rows: rows as u32,
        time: t as u32,
        heads: (h + kv) as u32,
        head_dim: hd as u32,
        stride: (stride * 4) as u32,
        back: 1,
    };
    run(Kernel::Rope, &[table, &d_qkv], &rope, [((h + kv) * hd / 2).div_ceil(64), rows]).remove(0)
}

#[test]
fn embeddings_gather_the_gradients_of_their_uses() {
    let mut stream = Stream::new(Key::from_seed(6));
    let (vocabulary, d, rows) = (7, 68, 11);
    let (dx, before) = (normals(&mut stream, rows * d), normals(&mut stream, vocabulary * d));
    let uses: Vec<(u32, u32, f32)> = // token, row, share; token 3 has none
        (0..20).map(|i| ([0, 1, 2, 4, 5, 6][i % 6], stream.below(rows as u32), stream.uniform() as f32)).collect();
    let mut sorted = uses.clone();
    sorted.sort_by_key(|(token, ..)| *token);
    let starts: Vec<u32> =
        (0..=vocabulary as u32).map(|v| sorted.iter().filter(|(token, ..)| *token < v).count() as u32).collect();
    let entries: Vec<u32> = sorted.iter().flat_map(|(_, row, share)| [*row, share.to_bits()]).collect();
    let mut expected = wide(&before);
    for (token, row, share) in &uses {
        for i in 0..d {
            expected[*token as usize * d + i] += f64::from(*share) * f64::from(dx[*row as usize * d + i]);
        }
    }
    let params = EmbeddingGradient { vocabulary: vocabulary as u32, width: d as u32 };
    let buffers = [&starts[..], &entries, &bits(&dx), &bits(&before)];
    let grid = [(d / 4).div_ceil(16), vocabulary.div_ceil(4)];
    close(&run(Kernel::EmbeddingGradient, &buffers, &params, grid)[0], &expected, ROUNDING, "embedding_gradient");
}

#[test]
fn the_optimizer_clips_steps_and_refuses_what_is_not_finite() {
    let mut stream = Stream::new(Key::from_seed(7));
    let (count, partials) = (4 * 333, 128_usize);
    let gradient = normals(&mut stream, count);
    let norm = wide(&gradient).iter().map(|g| g * g).sum::<f64>().sqrt();
    let squares = SquareSums { count: (count / 4) as u32, partials: partials as u32 };
    let partial = run(Kernel::SquareSums, &[&bits(&gradient), &vec![0; partials]], &squares, [2, 1]);
    for (max_norm, scale) in [(0.0, 1.0), (1e6, 1.0), (0.5, 0.5 / norm)] {
        let clip = ClipNorm { partials: partials as u32, max_norm };
        let report = run(Kernel::ClipNorm, &[&bits(&partial[0]), &[0, 0]], &clip, [1, 1]);
        close(&report[0], &[norm, scale], 1e-6, "clip_norm");
    }
    for bad in [f32::NAN, f32::INFINITY, 1e30] {
        let clip = ClipNorm { partials: 2, max_norm: 1.0 };
        let report = run(Kernel::ClipNorm, &[&bits(&[bad * bad, 1.0]), &[0, 0]], &clip, [1, 1]);
        assert_eq!(report[0][1], 0.0, "{bad}: nothing may be applied");
    }
    let (weights, m, v) = (normals(&mut stream, count), normals(&mut stream, count), normals(&mut stream, count));
    let v: Vec<f32> = v.iter().map(|v| v * v).collect();
    let (rate, decay, beta1, beta2, epsilon, time, scale) = (1e-2, 0.1, 0.9, 0.99, 1e-8, 3, 0.25);
    let params = AdamW {
        count: (count / 4) as u32,
        stride: 128,
        rate: rate as f32,
        keep: (1.0 - rate * decay) as f32,
        beta1: beta1 as f32,
        beta2: beta2 as f32,
        epsilon: epsilon as f32,
        correct1: (1.0 - f64::powi(beta1, time)) as f32,
        correct2: (1.0 - f64::powi(beta2, time)) as f32,
    };
    let step = |scale: f32| {
        let buffers = [&bits(&gradient)[..], &bits(&[1.0, scale]), &bits(&weights), &bits(&m), &bits(&v)];
        run(Kernel::AdamW, &buffers, &params, [2, (count / 4).div_ceil(128)])
    };
    let found = step(scale as f32);
    let mut expected = [vec![], vec![], vec![]];
    for i in 0..count {
        let g = f64::from(gradient[i]) * scale;
        let new_m = beta1 * f64::from(m[i]) + (1.0 - beta1) * g;
        let new_v = beta2 * f64::from(v[i]) + (1.0 - beta2) * g * g;
        let (m_hat, v_hat) = (new_m / (1.0 - beta1.powi(time)), new_v / (1.0 - beta2.powi(time)));
        let decayed = f64::from(weights[i]) * (1.0 - rate * decay);
        [decayed - rate * m_hat / (v_hat.sqrt() + epsilon), new_m, new_v]
            .into_iter()
            .zip(&mut expected)
            .for_each(|(value, list)| list.push(value));
    }
    ["weights", "moment1", "moment2"]
        .iter()
        .enumerate()
        .for_each(|(i, what)| close(&found[i], &expected[i], 1e-5, what));
    assert_eq!(step(0.0), [weights.clone(), m.clone(), v.clone()], "a scale of 0 changes nothing");
}
