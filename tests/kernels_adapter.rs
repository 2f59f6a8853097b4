//! The kernels with which adapters learn beside weights in blocks: low-rank products and input gradients over blocks, against f64.
//!
//! Not here: other products (`kernels.rs`, `kernels_large.rs`, `kernels_backward.rs`), whole gradients (`lora.rs`).

use crate::device;

use device::densities::{actions, scorings};
use device::{KINDS, bits, close, close_to_largest, floats, matrix, normals, pair_words, run, slices, wide};
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::params::{BackProduct, BlockProduct, LowRank};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;

/// The product of two matrices that lie in `a` and `b` as `params` says, added to `c`.
fn product(a: &[f32], b: &[f32], c: &[f32], params: &LowRank) -> Vec<f64> {
    let mut expected = wide(c);
    let at =
        |offset: u32, row: u32, i: usize, step: u32, k: usize| offset as usize + i * row as usize + k * step as usize;
    for i in 0..params.rows as usize {
        for j in 0..params.columns as usize {
            let term = |k: usize| {
                let a = a[at(params.a_offset, params.a_row, i, params.a_step, k)];
                f64::from(a) * f64::from(b[at(params.b_offset, params.b_row, j, params.b_step, k)])
            };
            let sum: f64 = (0..params.inner as usize).map(term).sum();
            let place = &mut expected[(params.c_offset + i as u32 * params.c_row) as usize + j];
            *place = f64::from(params.add) * *place + f64::from(params.scale) * sum;
        }
    }
    expected
}

fn low_rank(a: &[f32], b: &[f32], c: &[f32], params: &LowRank) -> Vec<f32> {
    let tiles = params.rows.div_ceil(8) as usize * params.columns.div_ceil(8) as usize;
    floats(&run(Kernel::LowRank, &[&bits(a), &bits(b), &bits(c)], params, [tiles.div_ceil(8), 1])[0])
}

#[test]
fn low_rank_products_lie_where_offsets_and_steps_say() {
    let mut stream = Stream::new(Key::from_seed(41));
    // Of a layer from D to N, of rank r, over M rows: its place in rows of y, in the flat numbers of the adapter and its gradient.
    for (m, d, n, r) in [(1, 4, 7, 1), (3, 9, 33, 3), (67, 36, 20, 8), (130, 65, 71, 13), (9, 100, 40, 64)] {
        let (stride, at, a_at, b_at) = (n + 5, 3, 2, 2 + r * d + 1);
        let (x, dy) = (normals(&mut stream, m * d), normals(&mut stream, m * stride));
        let (z, sides) = (normals(&mut stream, m * r), normals(&mut stream, b_at + n * r));
        let dx = normals(&mut stream, m * d);
        let [m, d, n, r, stride, at, a_at, b_at] = [m, d, n, r, stride, at, a_at, b_at].map(|size| size as u32);
        let of = |rows, columns, inner, a: [u32; 3], b: [u32; 3], c: [u32; 2], add| LowRank {
            rows,
            columns,
            inner,
            a_offset: a[0],
            a_row: a[1],
            a_step: a[2],
            b_offset: b[0],
            b_row: b[1],
            b_step: b[2],
            c_offset: c[0],
            c_row: c[1],
            scale: 1.5,
            add,
        };
        let cases = [
            ("z", &x, &sides, &z, of(m, r, d, [0, d, 1], [a_at, d, 1], [0, r], 0)),
            ("y", &z, &sides, &dy, of(m, n, r, [0, r, 1], [b_at, r, 1], [at, stride], 1)),
            ("dz", &dy, &sides, &z, of(m, r, n, [at, stride, 1], [b_at, 1, r], [0, r], 0)),
            ("dB", &dy, &z, &sides, of(n, r, m, [at, 1, stride], [0, 1, r], [b_at, r], 1)),
            ("dA", &z, &x, &sides, of(r, d, m, [0, 1, r], [0, 1, d], [a_at, d], 1)),
            ("dx", &z, &sides, &dx, of(m, d, r, [0, r, 1], [a_at, 1, d], [0, d], 1)),
        ];
        for (what, a, b, c, params) in cases {
            let expected = product(a, b, c, &params);
            let what = format!("{what} of {m} {d} {n} {r}");
            // Up to 130 products of normals; what is not the product's stays as it was.
            close_to_largest(&low_rank(a, b, c, &params), &expected, 2e-6, &what);
        }
    }
}

#[test]
fn long_low_rank_sums_keep_their_digits() {
    let mut stream = Stream::new(Key::from_seed(42));
    // Of one sign, so that a running sum would lose digits to its own size: 9,000 columns of dy, 2,000 rows of x.
    for (rows, columns, inner) in [(9_u32, 3_u32, 9_000_u32), (5, 10, 2_000)] {
        let mut positive = |count: u32| -> Vec<f32> { (0..count).map(|_| 0.5 + stream.uniform() as f32).collect() };
        let (a, b) = (positive(rows * inner), positive(columns * inner));
        let c = vec![0.0; (rows * columns) as usize];
        let (a_row, b_row, c_row) = (inner, inner, columns);
        let params = LowRank {
            rows,
            columns,
            inner,
            a_row,
            a_step: 1,
            b_row,
            b_step: 1,
            c_row,
            scale: 1.0,
            ..LowRank::default()
        };
        let expected = product(&a, &b, &c, &params);
        let found = low_rank(&a, &b, &c, &params);
        let worst = found.iter().zip(&expected).map(|(f, e)| (f64::from(*f) / e - 1.0).abs()).fold(0.0, f64::max);
        println!("{inner}: {worst:.1e}");
        // Half a unit in the last place is 6e-8; runs of 64, then up to 141 of them, lose a few.
        close_to_largest(&found, &expected, 5e-7, &format!("{inner} products"));
    }
}

#[test]
fn input_gradients_over_blocks_are_those_of_the_weights_they_hold() {
    let mut stream = Stream::new(Key::from_seed(43));
    for (m, n, k) in [(1, 5, 32), (3, 33, 96), (9, 130, 64), (8, 17, 576), (35, 71, 160), (70, 66, 288)] {
        for kind in KINDS {
            let before = 3; // blocks of another matrix
            let rows = matrix(&mut stream, kind, before + n * k / 32);
            let weights = rows.values();
            let (stride, first_column) = (n + 3, 2);
            let (dy, held) = (normals(&mut stream, m * stride), normals(&mut stream, m * k));
            for add in [0, 1] {
                let params = BackProduct {
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
                    add,
                };
                let sum = |row: usize, i: usize| -> f64 {
                    let term = |c: usize| {
                        let d = dy[row * stride + first_column as usize + c];
                        f64::from(d) * f64::from(weights[before * 32 + c * k + i])
                    };
                    (0..n).map(term).sum()
                };
                let expected: Vec<f64> =
                    (0..m * k).map(|at| sum(at / k, at % k) + f64::from(add) * f64::from(held[at])).collect();
                let buffers = [&bits(&dy)[..], &pair_words(&rows), &rows.words, &bits(&held)];
                let tile = match kind.bits {
                    4 => Kernel::InputGradientNibbles,
                    8 => Kernel::InputGradientBytes,
                    _ => Kernel::InputGradientFloats,
                };
                for (kernel, width, height) in [(tile, 256, 16), (Kernel::InputGradientBlocks, 64, 64)] {
                    let found = run(kernel, &buffers, &params, [k.div_ceil(width), m.div_ceil(height)]);
                    let what = format!("{} of {kind:?}, {m} {n} {k}", kernel.spec().name);
                    // Up to 130 products of normals and weights of up to 5.
                    close_to_largest(&floats(&found[0]), &expected, 2e-6, &what);
                }
            }
        }
    }
}

/// 32 positions of SmolLM2, a few of Qwen2, and a vocabulary that is just too large for the small kernels.
#[test]
fn log_densities_over_large_vocabularies_and_their_gradients_are_those_of_math() {
    let mut stream = Stream::new(Key::from_seed(44));
    for (n, vocabulary, k, temperature) in [(7, 1_025, 5, 1.0), (32, 49_152, 33, 0.6), (12, 151_936, 5, 1.7)] {
        for scoring in scorings() {
            let cases = actions(&mut stream, [n, vocabulary, k], (temperature, 2.0), &scoring);
            let found = run(Kernel::LogDensityWide, &slices(&cases.forward()), &cases.params, [n, 1]);
            let what = format!("of {n} rows of {vocabulary}, {scoring:?}");
            // Logits near 10 in f32, through an exponential whose relative error is that of its argument.
            close(&floats(&found[0]), &cases.scores, 3e-5, &format!("scores {what}"));
            let found = run(Kernel::LogDensityBackwardWide, &slices(&cases.backward()), &cases.params, [n, 1]);
            // Noise from f32 logarithms, through an exponential.
            close_to_largest(&floats(&found[0]), &cases.gradient, 5e-5, &format!("gradient {what}"));
            // What 5e-5 would hide: the rest of the vocabulary, whose probabilities are below it.
            let largest = |row: &[f64]| row.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
            let stride = vocabulary + 3;
            for (row, (found, expected)) in
                floats(&found[0]).chunks(stride).zip(cases.gradient.chunks(stride)).enumerate()
            {
                let taken = &cases.actions[row * (2 + k)..][2..];
                let rest = |at: &usize| !taken.contains(&(*at as u32));
                let scale = largest(&(0..stride).filter(rest).map(|at| expected[at]).collect::<Vec<_>>());
                for at in (0..stride).filter(rest) {
                    let difference = (f64::from(found[at]) - expected[at]).abs();
                    // The error of exponents of up to 20, and of a mean that lies near the logit.
                    assert!(difference <= 2e-5 * scale, "row {row} {at} {what}: {} is not {}", found[at], expected[at]);
                }
            }
        }
    }
}

/// `LP_NUM_THREADS=1 cargo test --features native --test native kernels_adapter:: -- --ignored --nocapture`: SmolLM2's sizes.
#[test]
#[ignore = "a measurement, not a check"]
fn speed_of_each_kernel_of_an_adapter() {
    use device::gpu;
    use soft_thinking_lab::engine::gpu::launch::measure;
    let time = |name: &str, kernel, buffers: &[&[u32]], params: &[u8], grid: [usize; 2], work: usize| {
        let grid = [grid[0] as u32, grid[1] as u32, 1];
        let tries = (0..3).map(|_| pollster::block_on(measure(gpu(), kernel, buffers, params, grid, 1)).unwrap());
        let seconds = tries.fold(f64::INFINITY, f64::min);
        println!("{name}: {:.1} ms, {:.2} GFLOP/s", seconds * 1e3, work as f64 / seconds / 1e9);
    };
    let zeros = vec![0_u32; 1 << 21];
    let z = &zeros[..];
    let kinds = [4, 8, 16, 32].map(|bits| (512_usize, 1536_usize, 576_usize, bits));
    for (m, n, k, bits) in kinds.into_iter().chain([(32, 2048, 576, 8)]) {
        let [rows, columns, inner] = [m, n, k].map(|size| size as u32);
        let params = BackProduct { rows, columns, inner, bits, pairs: 1, stride: columns, ..BackProduct::default() };
        let bytes = bytemuck::bytes_of(&params);
        let tile = match bits {
            4 => Kernel::InputGradientNibbles,
            8 => Kernel::InputGradientBytes,
            _ => Kernel::InputGradientFloats,
        };
        for (kernel, width, height) in [(tile, 256, 16), (Kernel::InputGradientBlocks, 64, 64)] {
            let grid = [k.div_ceil(width), m.div_ceil(height)];
            time(&format!("{kernel:?} {m} {n} {k}"), kernel, &[z, z, z, z], bytes, grid, 2 * m * n * k);
        }
        let params = BlockProduct { rows, columns, inner, bits, pairs: 1, stride: columns, ..BlockProduct::default() };
        let tile = match bits {
            4 => Kernel::MatmulNibbles,
            8 => Kernel::MatmulBytes,
            _ => Kernel::MatmulFloats,
        };
        let grid = [n.div_ceil(128), m.div_ceil(8)];
        time(&format!("{tile:?}"), tile, &[z, z, z, z, z], bytemuck::bytes_of(&params), grid, 2 * m * n * k);
    }
    let (m, d, n, r) = (512_u32, 576_u32, 1536_u32, 8_u32);
    for (name, sizes) in
        [("z", [m, r, d, d, 1, d, 1, r]), ("y", [m, n, r, r, 1, r, 1, n]), ("dB", [n, r, m, 1, n, 1, r, r])]
    {
        let [rows, columns, inner, a_row, a_step, b_row, b_step, c_row] = sizes;
        let params =
            LowRank { rows, columns, inner, a_row, a_step, b_row, b_step, c_row, scale: 1.0, ..LowRank::default() };
        let tiles = rows.div_ceil(8) as usize * columns.div_ceil(8) as usize;
        let work = 2 * (rows * columns * inner) as usize;
        time(name, Kernel::LowRank, &[z, z, z], bytemuck::bytes_of(&params), [tiles.div_ceil(8), 1], work);
    }
}
