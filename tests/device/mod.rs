//! One device for the tests of kernels, what they launch on it and what they compare with.
//!
//! An adapter is promised by the feature `gpu`: without one they fail.

pub mod densities;

use std::sync::OnceLock;

use half::{bf16, f16};
use soft_thinking_lab::engine::gpu::Gpu;
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::launch::launch;
use soft_thinking_lab::engine::gpu::params::Params;
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::weights::blocks::{BlockKind, BlockRows};

/// Buffers of up to 128 MiB, what every device has.
pub fn gpu() -> &'static Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| pollster::block_on(Gpu::open(1 << 27)).unwrap())
}

/// Runs a kernel over `grid` workgroups; the words of what it writes.
pub fn run<P: Params>(kernel: Kernel, buffers: &[&[u32]], params: &P, grid: [usize; 2]) -> Vec<Vec<u32>> {
    let grid = [grid[0] as u32, grid[1] as u32, 1];
    pollster::block_on(launch(gpu(), kernel, buffers, params, grid)).unwrap()
}

/// The same, where all it writes is numbers.
pub fn run_floats<P: Params>(kernel: Kernel, buffers: &[&[u32]], params: &P, grid: [usize; 2]) -> Vec<Vec<f32>> {
    run(kernel, buffers, params, grid).iter().map(|words| floats(words)).collect()
}

/// The words of several buffers, as a launch takes them.
pub fn slices(buffers: &[Vec<u32>]) -> Vec<&[u32]> {
    buffers.iter().map(Vec::as_slice).collect()
}

pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

pub fn floats(words: &[u32]) -> Vec<f32> {
    words.iter().map(|word| f32::from_bits(*word)).collect()
}

pub fn normals(stream: &mut Stream, count: usize) -> Vec<f32> {
    (0..count).map(|_| stream.normal() as f32).collect()
}

pub fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

fn check(found: &[f32], expected: &[f64], what: &str, allowed: impl Fn(f64) -> f64) {
    assert_eq!(found.len(), expected.len(), "{what}: lengths");
    for (place, (f, e)) in found.iter().zip(expected).enumerate() {
        let (difference, allowed) = ((f64::from(*f) - e).abs(), allowed(*e));
        assert!(difference <= allowed, "{what}[{place}]: {f} is not within {allowed} of {e}");
    }
}

/// `tolerance` is relative to numbers above 1.
pub fn close(found: &[f32], expected: &[f64], tolerance: f64, what: &str) {
    check(found, expected, what, |e| tolerance * e.abs().max(1.0));
}

/// `tolerance` is relative to the largest expected value above 1: sums cancel.
pub fn close_to_largest(found: &[f32], expected: &[f64], tolerance: f64, what: &str) {
    let scale = expected.iter().fold(1.0_f64, |most, e| most.max(e.abs()));
    check(found, expected, what, |_| tolerance * scale);
}

pub const KINDS: [BlockKind; 6] =
    [BlockKind::NIBBLES, BlockKind::BYTES, BlockKind::HALVES, BlockKind::F16, BlockKind::BF16, BlockKind::F32];

/// A matrix of so many blocks of random levels, or of random floats.
pub fn matrix(stream: &mut Stream, kind: BlockKind, blocks: usize) -> BlockRows {
    let mut rows = BlockRows::new(kind);
    if kind.pairs == 0 {
        let mut half = || match kind.brain {
            false => f16::from_f32(stream.normal() as f32).to_bits(),
            true => bf16::from_f32(stream.normal() as f32).to_bits(),
        };
        let mut word = || u32::from(half()) | u32::from(half()) << 16;
        rows.words = match kind.bits {
            16 => (0..16 * blocks).map(|_| word()).collect(),
            _ => bits(&normals(stream, 32 * blocks)),
        };
        return rows;
    }
    for _ in 0..blocks {
        let level = |stream: &mut Stream| match kind.bits {
            4 => stream.below(16) as i8,
            _ => stream.below(256) as u8 as i8,
        };
        let levels: [i8; 32] = std::array::from_fn(|_| level(stream));
        let pairs: Vec<[f32; 2]> =
            (0..kind.pairs).map(|_| [0.02 * stream.normal() as f32, 0.02 * stream.normal() as f32]).collect();
        rows.push(&levels, &pairs);
    }
    rows
}

pub fn pair_words(rows: &BlockRows) -> Vec<u32> {
    rows.pairs.iter().flatten().map(|value| value.to_bits()).collect()
}
