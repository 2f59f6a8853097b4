//! The kernels of the second lab against `math`: the straight-through choice of a code and its backward, at sizes that fill no workgroup.
//!
//! Not here: the first lab's kernels (`kernels*.rs`). An adapter is promised by the feature `gpu`: without one these fail.

use soft_thinking_lab::engine::gpu::Gpu;
use soft_thinking_lab::engine::gpu::kernels::Kernel;
use soft_thinking_lab::engine::gpu::launch::launch;
use soft_thinking_lab::engine::gpu::params::StraightThrough;
use soft_thinking_lab::math::gumbel::gumbel;
use soft_thinking_lab::math::straight_through::{straight_through, straight_through_backward};
use soft_thinking_lab::math::stream::Stream;
use soft_thinking_lab::math::threefry::Key;

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
