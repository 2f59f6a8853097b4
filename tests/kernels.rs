//! Every kernel alone against `math`, or against its formula in f64, at sizes that fill no workgroup evenly.
//!
//! Not here: steps and their noises (`kernels_steps.rs`), whole models and rollouts (`gpu.rs`). An adapter is promised by the feature `gpu`: without one these fail.

use crate::device;

use device::densities::{actions, density_params, scorings};
use device::{bits, close, floats, gpu, normals, run, slices, wide};
use soft_thinking_lab::engine::chain::{Blending, Sampling, StopRule, Thinking};
use soft_thinking_lab::engine::gpu::chain;
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::params::{
    AddVectors, AttentionCausal, AttentionDecode, CacheFill, EmbedMix, LogDensity, Matmul, RmsNorm, Rope, Swiglu,
    VectorDensity,
};
use soft_thinking_lab::engine::gpu::{Capacity, density_of};
use soft_thinking_lab::engine::{Action, Scoring};
use soft_thinking_lab::math::gumbel::DensityForm;
use soft_thinking_lab::math::noises::Noise;
use soft_thinking_lab::math::softmax::{entropy, softmax};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;
use soft_thinking_lab::math::truncation::Truncation;
use soft_thinking_lab::model::ModelConfig;

/// Rounding of a few dozen f32 operations on numbers near 1.
const ROUNDING: f64 = 5e-6;

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}

#[test]
fn embed_mix_sums_weighted_rows() {
    let mut stream = Stream::new(Key::from_seed(1));
    for (rows, k, d, vocabulary) in [(1, 1, 7, 3), (5, 5, 65, 61), (33, 3, 130, 9)] {
        let table = normals(&mut stream, vocabulary * d);
        let ids: Vec<u32> = (0..rows * k).map(|_| stream.below(vocabulary as u32)).collect();
        let shares: Vec<f32> = (0..rows * k).map(|i| if i % 4 == 3 { 0.0 } else { stream.uniform() as f32 }).collect();
        let params = EmbedMix { width: d as u32, candidates: k as u32, rows: rows as u32 };
        let buffers = [&ids[..], &bits(&shares), &bits(&table), &vec![0; rows * d]];
        let found = floats(&run(Kernel::EmbedMix, &buffers, &params, [d.div_ceil(64), rows])[0]);
        let expected: Vec<f64> = (0..rows * d)
            .map(|at| {
                let (row, column) = (at / d, at % d);
                (row * k..row * k + k)
                    .map(|i| f64::from(shares[i]) * f64::from(table[ids[i] as usize * d + column]))
                    .sum()
            })
            .collect();
        close(&found, &expected, ROUNDING, "embed_mix");
    }
}

#[test]
fn rms_norm_scales_and_gathers() {
    let mut stream = Stream::new(Key::from_seed(2));
    for (rows, d) in [(1, 3), (6, 64), (35, 257)] {
        let (x, weights) = (normals(&mut stream, rows * d), normals(&mut stream, d + 2));
        let wanted: Vec<u32> = (0..rows as u32).rev().collect();
        for gather in [0, 1] {
            let (width, count) = (d as u32, rows as u32);
            let params = RmsNorm { width, count, gather, first: 1, gain_offset: 2, epsilon: 1e-5 };
            let buffers = [&bits(&x)[..], &bits(&weights), &wanted, &vec![0; (rows + 1) * d]];
            let mut expected = vec![0.0; d]; // row 0 of y is not touched
            for m in 0..rows {
                let row = if gather == 1 { rows - 1 - m } else { m };
                let own = &x[row * d..(row + 1) * d];
                let scale = (dot(own, own) / d as f64 + 1e-5).sqrt().recip();
                expected.extend((0..d).map(|i| f64::from(own[i]) * scale * f64::from(weights[2 + i])));
            }
            for (kernel, groups) in [(Kernel::RmsNorm, rows), (Kernel::RmsNormPlain, rows.div_ceil(16))] {
                let found = floats(&run(kernel, &buffers, &params, [groups, 1])[0]);
                close(&found, &expected, ROUNDING, "rms_norm");
            }
        }
    }
}

#[test]
fn products_agree_blocked_and_plain() {
    let mut stream = Stream::new(Key::from_seed(3));
    for (m, n, k) in [(1, 1, 4), (3, 5, 8), (33, 31, 36), (64, 61, 128), (35, 70, 7)] {
        let offset = 4;
        let a: Vec<f32> = normals(&mut stream, m * k);
        let mut weights = normals(&mut stream, offset + n * k + n);
        weights.resize(weights.len().next_multiple_of(4), 0.0);
        let before = normals(&mut stream, m * n);
        for (has_bias, add) in [(0, 0), (1, 0), (0, 1)] {
            let params = Matmul {
                rows: m as u32,
                columns: n as u32,
                inner: k as u32,
                weight_offset: offset as u32,
                bias_offset: (offset + n * k) as u32,
                has_bias,
                add,
            };
            let expected: Vec<f64> = (0..m * n)
                .map(|at| {
                    let (row, column) = (at / n, at % n);
                    let product = dot(&a[row * k..][..k], &weights[offset + column * k..][..k]);
                    let bias = f64::from(has_bias) * f64::from(weights[offset + n * k + column]);
                    product + bias + f64::from(add) * f64::from(before[at])
                })
                .collect();
            let buffers = [&bits(&a)[..], &bits(&weights), &bits(&before)];
            let plain = run(Kernel::MatmulPlain, &buffers, &params, [n.div_ceil(8), m.div_ceil(8)]);
            close(&floats(&plain[0]), &expected, 2e-5, "matmul_plain"); // 128 products of normals
            if k % 4 == 0 {
                let blocked = run(Kernel::Matmul, &buffers, &params, [n.div_ceil(64), m.div_ceil(32)]);
                close(&floats(&blocked[0]), &expected, 2e-5, "matmul");
                let tiled = run(Kernel::MatmulTiled, &buffers, &params, [n.div_ceil(64), m.div_ceil(64)]);
                close(&floats(&tiled[0]), &expected, 2e-5, "matmul_tiled");
            }
        }
    }
}

#[test]
fn swiglu_agrees_blocked_and_plain() {
    let mut stream = Stream::new(Key::from_seed(4));
    for (m, f, d) in [(1, 1, 4), (5, 17, 12), (34, 80, 32), (9, 3, 5)] {
        let a = normals(&mut stream, m * d);
        let mut weights = normals(&mut stream, 2 * f * d);
        weights.resize(weights.len().next_multiple_of(4), 0.0);
        let (gate_offset, up_offset) = (0, (f * d) as u32);
        let params = Swiglu { rows: m as u32, columns: f as u32, inner: d as u32, gate_offset, up_offset };
        let expected: Vec<f64> = (0..m * f)
            .map(|at| {
                let row = &a[at / f * d..][..d];
                let gate = dot(row, &weights[at % f * d..][..d]);
                gate / (1.0 + (-gate).exp()) * dot(row, &weights[(f + at % f) * d..][..d])
            })
            .collect();
        let buffers = [&bits(&a)[..], &bits(&weights), &vec![0; m * f]];
        let plain = run(Kernel::SwigluPlain, &buffers, &params, [f.div_ceil(8), m.div_ceil(8)]);
        close(&floats(&plain[0]), &expected, 2e-5, "swiglu_plain"); // products of sums of normals
        if d % 4 == 0 && (f * d) % 4 == 0 {
            let blocked = run(Kernel::Swiglu, &buffers, &params, [f.div_ceil(16), m.div_ceil(32)]);
            close(&floats(&blocked[0]), &expected, 2e-5, "swiglu");
        }
    }
}

/// Cosines and sines of `positions` positions.
fn table(positions: usize, head_dim: usize) -> Vec<f32> {
    let half = head_dim / 2;
    let angle = |i: usize| (i / half) as f64 * 10_000.0_f64.powf(-((i % half) as f64) / half as f64);
    (0..positions * half).flat_map(|i| [angle(i).cos() as f32, angle(i).sin() as f32]).collect()
}

/// A head turned to a position, in f64.
fn turned(head: &[f32], table: &[f32], position: usize) -> Vec<f64> {
    let half = head.len() / 2;
    let value = |i: usize| f64::from(head[i]);
    (0..head.len())
        .map(|i| {
            let at = 2 * (position * half + i % half);
            let (cos, sin) = (f64::from(table[at]), f64::from(table[at + 1]));
            if i < half { value(i) * cos - value(i + half) * sin } else { value(i) * cos + value(i - half) * sin }
        })
        .collect()
}

/// Softmax attention of one query over keys and values, in f64.
fn attended(query: &[f64], keys: &[Vec<f64>], values: &[Vec<f64>]) -> Vec<f64> {
    let scale = (query.len() as f64).sqrt().recip();
    let scores: Vec<f64> =
        keys.iter().map(|key| scale * key.iter().zip(query).map(|(k, q)| k * q).sum::<f64>()).collect();
    let shares = softmax(&scores);
    (0..query.len()).map(|d| shares.iter().zip(values).map(|(share, value)| share * value[d]).sum()).collect()
}

#[test]
fn rope_and_causal_attention_follow_their_formulas() {
    let mut stream = Stream::new(Key::from_seed(5));
    for (b, t, kv_heads, groups, hd) in [(1, 1, 1, 1, 2), (2, 7, 2, 2, 6), (2, 130, 1, 3, 8), (3, 5, 2, 2, 24)] {
        let heads = kv_heads * groups;
        let (stride, rows) = ((heads + 2 * kv_heads) * hd, b * t);
        let (qkv, table) = (normals(&mut stream, rows * stride), table(t, hd));
        let rope = Rope {
            back: 0,
            rows: rows as u32,
            time: t as u32,
            heads: (heads + kv_heads) as u32,
            head_dim: hd as u32,
            stride: stride as u32,
        };
        let grid = [((heads + kv_heads) * hd / 2).div_ceil(64), rows];
        let placed = run(Kernel::Rope, &[&bits(&table), &bits(&qkv)], &rope, grid).remove(0);
        let mut expected = wide(&qkv);
        for (row, own) in expected.chunks_mut(stride).enumerate() {
            for head in 0..heads + kv_heads {
                let at = row * stride + head * hd;
                own[head * hd..][..hd].copy_from_slice(&turned(&qkv[at..at + hd], &table, row % t));
            }
        }
        close(&floats(&placed), &expected, ROUNDING, "rope");

        let params = AttentionCausal {
            rows: rows as u32,
            time: t as u32,
            groups: groups as u32,
            kv_heads: kv_heads as u32,
            head_dim: hd as u32,
            scale: (hd as f32).sqrt().recip(),
        };
        let part = |row: usize, head: usize| expected[row * stride + head * hd..][..hd].to_vec();
        let mut wanted = Vec::new();
        for row in 0..rows {
            let seen = row - row % t..=row;
            for head in 0..heads {
                let key = heads + head / groups;
                let keys: Vec<Vec<f64>> = seen.clone().map(|other| part(other, key)).collect();
                let values: Vec<Vec<f64>> = seen.clone().map(|other| part(other, key + kv_heads)).collect();
                wanted.extend(attended(&part(row, head), &keys, &values));
            }
        }
        let buffers = [&placed[..], &vec![0; rows * heads * hd]];
        let mixed = run(Kernel::AttentionCausal, &buffers, &params, [kv_heads, rows]);
        close(&floats(&mixed[0]), &wanted, ROUNDING, "attention_causal");
        if hd % 8 == 0 {
            let mixed = run(Kernel::AttentionCausalPlain, &buffers, &params, [(rows * heads).div_ceil(16), 1]);
            close(&floats(&mixed[0]), &wanted, ROUNDING, "attention_causal_plain");
        }
    }
}

#[test]
fn decoding_attention_turns_appends_and_attends() {
    let mut stream = Stream::new(Key::from_seed(6));
    for (lengths, kv_heads, groups, hd, columns) in [
        (vec![0], 1, 1, 2, 1),
        (vec![3, 9, 0], 2, 2, 6, 11),
        (vec![129, 64, 63], 1, 5, 8, 130),
        (vec![6, 0, 2, 1, 7], 2, 2, 16, 8),
    ] {
        let (b, heads): (usize, usize) = (lengths.len(), kv_heads * groups);
        let stride = (heads + 2 * kv_heads) * hd;
        let (qkv, table) = (normals(&mut stream, b * stride), table(columns, hd));
        let size = b * kv_heads * columns * hd;
        let (keys, values) = (normals(&mut stream, size), normals(&mut stream, size));
        // The state after `length` positions: prompt and steps add up to the new position's number, plus one.
        let state: Vec<u32> = lengths.iter().flat_map(|n| [n / 2 + 1, n - n / 2, 0, 0]).collect();
        let params = AttentionDecode {
            rows: b as u32,
            groups: groups as u32,
            kv_heads: kv_heads as u32,
            head_dim: hd as u32,
            columns: columns as u32,
            scale: (hd as f32).sqrt().recip(),
        };
        let buffers = [&bits(&qkv)[..], &bits(&table), &state, &bits(&keys), &bits(&values), &vec![0; b * heads * hd]];
        let (mut new_keys, mut new_values, mut wanted) = (wide(&keys), wide(&values), Vec::new());
        for (row, length) in lengths.iter().map(|n| *n as usize).enumerate() {
            let head = |index: usize| &qkv[row * stride + index * hd..][..hd];
            for kv in 0..kv_heads {
                let base = (row * kv_heads + kv) * columns * hd;
                new_keys[base + length * hd..][..hd].copy_from_slice(&turned(head(heads + kv), &table, length));
                new_values[base + length * hd..][..hd].copy_from_slice(&wide(head(heads + kv_heads + kv)));
                let cut = |cache: &[f64]| -> Vec<Vec<f64>> {
                    (0..=length).map(|p| cache[base + p * hd..][..hd].to_vec()).collect()
                };
                for group in 0..groups {
                    let query = turned(head(kv * groups + group), &table, length);
                    wanted.extend(attended(&query, &cut(&new_keys), &cut(&new_values)));
                }
            }
        }
        let plain = (Kernel::AttentionDecodePlain, [(b * heads).div_ceil(16), 1]);
        for (kernel, grid) in [(Kernel::AttentionDecode, [kv_heads, b]), plain] {
            if kernel == Kernel::AttentionDecode || hd % 8 == 0 {
                let found = run(kernel, &buffers, &params, grid);
                close(&floats(&found[0]), &new_keys, ROUNDING, "keys");
                close(&floats(&found[1]), &new_values, 0.0, "values");
                close(&floats(&found[2]), &wanted, ROUNDING, "mixed");
            }
        }
    }
}

#[test]
fn cache_fill_copies_each_prompt_to_all_its_rows() {
    let mut stream = Stream::new(Key::from_seed(7));
    let (prompts, repeats, time, columns, heads, hd, q) = (2, 3, 5, 9, 2, 6, 12);
    let stride = q + 2 * heads * hd;
    let qkv = normals(&mut stream, prompts * time * stride);
    let size = (1 + prompts * repeats) * heads * columns * hd;
    let params = CacheFill {
        first: 1,
        repeats: repeats as u32,
        time: time as u32,
        columns: columns as u32,
        heads: heads as u32,
        head_dim: hd as u32,
        stride: stride as u32,
        key_offset: q as u32,
    };
    let grid = [(time * heads * hd).div_ceil(64), prompts * repeats];
    let found = run(Kernel::CacheFill, &[&bits(&qkv), &vec![0; size], &vec![0; size]], &params, grid);
    for (part, cache) in found.iter().enumerate() {
        let mut expected = vec![0.0; size];
        for row in 0..prompts * repeats {
            for (head, position, d) in (0..heads * time * hd).map(|i| (i / time / hd, i / hd % time, i % hd)) {
                let source = (row / repeats * time + position) * stride + q + part * heads * hd + head * hd + d;
                expected[(((row + 1) * heads + head) * columns + position) * hd + d] = f64::from(qkv[source]);
            }
        }
        close(&floats(cache), &expected, 0.0, "cache_fill");
    }
}

/// Forms of the Gumbel density, and the control noises.
#[test]
fn log_densities_and_entropies_are_those_of_math() {
    let mut stream = Stream::new(Key::from_seed(8));
    for (vocabulary, k, temperature) in [(7, 3, 1.0), (61, 5, 0.6), (1000, 33, 1.7)] {
        for scoring in scorings() {
            let n = 29;
            let cases = actions(&mut stream, [n, vocabulary, k], (temperature, 3.0), &scoring);
            let buffers = cases.forward();
            for (kernel, groups) in [(Kernel::LogDensity, n), (Kernel::LogDensityPlain, n.div_ceil(16))] {
                let found = floats(&run(kernel, &slices(&buffers), &cases.params, [groups, 1])[0]);
                // Logits near 10 in f32, through an exponential whose relative error is that of its argument.
                close(&found, &cases.scores, 3e-5, &format!("log_density of {scoring:?}"));
            }
        }
    }
}

/// The reference's own numbers: values and gradients of soft and discrete steps, Gumbel noise and both controls.
#[test]
fn golden_log_densities_are_those_of_the_engines_kernels() {
    let golden: serde_json::Value = serde_json::from_str(include_str!("golden/log_density.json")).unwrap();
    let numbers =
        |case: &serde_json::Value, name: &str| -> Vec<f64> { serde_json::from_value(case[name].clone()).unwrap() };
    let norm = |numbers: &[f64]| numbers.iter().map(|x| x * x).sum::<f64>().sqrt();
    let (mut worst, mut compared) = ([0.0_f64; 2], 0);
    for case in golden["cases"].as_array().unwrap() {
        let noise: Noise = serde_json::from_value(case["noise"].clone()).unwrap();
        let narrow = |name: &str| numbers(case, name).iter().map(|x| *x as f32).collect::<Vec<f32>>();
        let action = match case["discrete"].as_bool().unwrap() {
            true => Action::Token(case["label"].as_u64().unwrap() as u32),
            false => Action::Soft {
                candidates: serde_json::from_value(case["candidates"].clone()).unwrap(),
                perturbed: narrow("perturbed"),
            },
        };
        let scoring = Scoring { noise, ..Scoring::code() };
        let found = pollster::block_on(density_of(gpu(), &narrow("logits"), &[action], &scoring)).unwrap();
        for (place, (found, name)) in [(found.0, "log_density"), (found.1, "grad_logits")].into_iter().enumerate() {
            let expected = if place == 0 { vec![case[name].as_f64().unwrap()] } else { numbers(case, name) };
            let difference: Vec<f64> = found.iter().zip(&expected).map(|(f, e)| f - e).collect();
            assert_eq!(found.len(), expected.len());
            let error = norm(&difference) / norm(&expected).max(1e-2);
            worst[place] = worst[place].max(error);
            assert!(error <= 1e-4, "{name} of {case}: {found:?}"); // f32 logits of up to 30
        }
        compared += 1;
    }
    println!("{compared} golden cases; values within {:.1e}, gradients within {:.1e}", worst[0], worst[1]);
    assert!(compared > 20);
}

#[test]
fn gamma_log_densities_keep_their_digits_over_all_shapes() {
    // One soft step for each probability of a first candidate that counts; the density of the second is masked or known.
    let n = 200;
    let probs: Vec<f64> = (0..n).map(|i| 0.0501 + 0.9498 * (i as f64 + 0.5) / n as f64).collect();
    let logits: Vec<f32> = probs.iter().flat_map(|q| [(q / (1.0 - q)).ln() as f32, 0.0]).collect();
    let samples: Vec<f32> = (0..n).flat_map(|i| [[0.7, 0.05, 1.9][i % 3], 0.4]).collect();
    let params = LogDensity {
        actions: n as u32,
        vocabulary: 2,
        width: 2,
        scores: 1,
        ..density_params(Noise::Dirichlet, &DensityForm::code(), 1.0)
    };
    let actions = [1, 2, 0, 1].repeat(n);
    let expected: Vec<f64> = (0..n)
        .flat_map(|i| {
            let own = wide(&logits[2 * i..][..2]);
            [Noise::Dirichlet.log_density(&own, &wide(&samples[2 * i..][..2])), entropy(&softmax(&own))]
        })
        .collect();
    let buffers = [&bits(&logits)[..], &actions, &bits(&samples), &vec![0; 2 * n]];
    for (kernel, groups) in [(Kernel::LogDensity, n), (Kernel::LogDensityPlain, n.div_ceil(16))] {
        let found = floats(&run(kernel, &buffers, &params, [groups, 1])[0]);
        close(&found, &expected, 2e-6, "Gamma log density"); // a few f32 logarithms of numbers up to 24
    }
}

#[test]
fn vectors_are_added_and_scored_by_their_distance() {
    let mut stream = Stream::new(Key::from_seed(12));
    let (n, d, width, scores) = (37, 70, 3, 2);
    let (fed, mean) = (normals(&mut stream, n * d), normals(&mut stream, n * d));
    let params = AddVectors { width: d as u32, rows: n as u32 };
    let sum: Vec<f64> = fed.iter().zip(&mean).map(|(a, b)| f64::from(*a) + f64::from(*b)).collect();
    let found = run(Kernel::AddVectors, &[&bits(&fed), &bits(&mean)], &params, [d.div_ceil(64), n]);
    close(&floats(&found[0]), &sum, ROUNDING, "add_vectors");
    let actions: Vec<u32> =
        (0..n as u32).flat_map(|row| [if row % 3 == 1 { 2 } else { row % 2 }, 1, 5, 6, 7]).collect();
    let (vector, deviation) = (2, 0.7);
    let params = VectorDensity {
        actions: n as u32,
        dim: d as u32,
        width: width as u32,
        scores: scores as u32,
        vector,
        scale: (0.5 / (deviation * deviation)) as f32,
    };
    let before = normals(&mut stream, n * (scores + 1));
    let buffers = [&bits(&fed)[..], &actions, &bits(&mean), &bits(&before)];
    let found = run(Kernel::VectorDensity, &buffers, &params, [n.div_ceil(32), 1]);
    let delta: Vec<f64> = fed.iter().zip(&mean).map(|(a, b)| f64::from(*a) - f64::from(*b)).collect();
    let mut expected = wide(&before);
    for row in (0..n).filter(|row| row % 3 == 1) {
        let squares: f64 = delta[row * d..][..d].iter().map(|x| x * x).sum();
        expected[row * (scores + 1)] = -squares / (2.0 * deviation * deviation);
    }
    close(&floats(&found[0]), &delta, ROUNDING, "delta");
    close(&floats(&found[1]), &expected, ROUNDING, "vector_density");
}

/// `cargo test --features native --test native kernels:: -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_each_kernel_of_a_step() {
    use soft_thinking_lab::engine::gpu::launch::measure;
    let (b, d, f, v, kv, hd, c) = (64_usize, 64_usize, 192_usize, 64_usize, 2_usize, 16_usize, 128_usize);
    let zeros = vec![0_u32; 1 << 18];
    let time = |name: &str, kernel, buffers: &[&[u32]], params: &[u8], grid: [usize; 2], work: f64| {
        let grid = [grid[0] as u32, grid[1] as u32, 1];
        let seconds = pollster::block_on(measure(gpu(), kernel, buffers, params, grid, 64)).unwrap();
        println!("{name}: {:.0} us, {:.2} GFLOP/s", seconds * 1e6, work / seconds / 1e9);
    };
    let z = &zeros[..];
    for (name, n, k) in [("qkv", 128, d), ("output", d, d), ("down", d, f), ("head", v, d)] {
        let params = Matmul { rows: b as u32, columns: n as u32, inner: k as u32, ..Matmul::default() };
        let work = (2 * b * n * k) as f64;
        let bytes = bytemuck::bytes_of(&params);
        time(name, Kernel::Matmul, &[z, z, z], bytes, [n.div_ceil(64), b.div_ceil(32)], work);
        time(name, Kernel::MatmulPlain, &[z, z, z], bytes, [n.div_ceil(8), b.div_ceil(8)], work);
    }
    for (m, n, k) in [(256, 256, 64), (1024, 512, 128), (64, 1024, 384)] {
        let params = Matmul { rows: m as u32, columns: n as u32, inner: k as u32, ..Matmul::default() };
        let big = vec![0_u32; m.max(n) * n.max(k)];
        let grid = [n.div_ceil(64), m.div_ceil(32)];
        let work = (2 * m * n * k) as f64;
        time("large", Kernel::Matmul, &[&big, &big, &big], bytemuck::bytes_of(&params), grid, work);
    }
    let params = Swiglu { rows: b as u32, columns: f as u32, inner: d as u32, gate_offset: 0, up_offset: 0 };
    let (bytes, work) = (bytemuck::bytes_of(&params), (4 * b * d * f) as f64);
    time("swiglu", Kernel::Swiglu, &[z, z, z], bytes, [f.div_ceil(16), b.div_ceil(32)], work);
    let params = RmsNorm { width: d as u32, count: b as u32, gather: 0, first: 0, gain_offset: 0, epsilon: 1e-5 };
    let bytes = bytemuck::bytes_of(&params);
    time("rms_norm", Kernel::RmsNorm, &[z, z, z, z], bytes, [b, 1], (4 * b * d) as f64);
    time("rms_norm_plain", Kernel::RmsNormPlain, &[z, z, z, z], bytes, [b.div_ceil(16), 1], (4 * b * d) as f64);
    let params = EmbedMix { width: d as u32, candidates: 5, rows: b as u32 };
    time("embed_mix", Kernel::EmbedMix, &[z, z, z, z], bytemuck::bytes_of(&params), [1, b], (10 * b * d) as f64);
    let (rows, groups, columns) = (b as u32, 2, c as u32);
    let params = AttentionDecode { rows, groups, kv_heads: kv as u32, head_dim: hd as u32, columns, scale: 0.25 };
    for length in [32, 64, 120] {
        let state: Vec<u32> = [length, 1, 0, 0].repeat(b);
        let work = (4 * b * 4 * hd * length as usize) as f64;
        let buffers = [z, z, &state, z, z, z];
        let bytes = bytemuck::bytes_of(&params);
        time("attention_decode", Kernel::AttentionDecode, &buffers, bytes, [kv, b], work);
        let grid = [(b * 4).div_ceil(16), 1];
        time("attention_decode_plain", Kernel::AttentionDecodePlain, &buffers, bytes, grid, work);
    }
    let config = ModelConfig::preset("nano", v).unwrap();
    let capacity = Capacity { rows: b, context: c, tokens: c, candidates: 5, chunk: 16, ..Capacity::default() };
    let blending = Some(Blending::soft_grpo(5));
    let truncation = Truncation::SOFT_GRPO;
    for (name, blending) in [("soft_step", blending), ("soft_step, discrete", None)] {
        let sampling = Sampling {
            truncation,
            answer: truncation,
            thinking: blending.map_or(Thinking::Tokens, Thinking::Blend),
            stop: StopRule::default(),
            end_think: 99,
            end_answer: 99,
            max_steps: 1 << 20,
        };
        let params = chain::params(&sampling, &config, &capacity, b);
        let bytes = bytemuck::bytes_of(&params);
        time(name, Kernel::SoftStep, &[z, z, z, z, z, z], bytes, [b, 1], (b * v * v) as f64);
        time("  plain", Kernel::SoftStepPlain, &[z, z, z, z, z, z], bytes, [b.div_ceil(16), 1], (b * v * v) as f64);
    }
}
