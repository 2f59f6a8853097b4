//! The noise of an assignment: drawn, scaled by σ, and left out where it has faded.
//!
//! Not here: when it fades (`decay.rs`), what it is added to (`assignment.rs`).

use super::config::IndexNoise;
use super::decay::Usage;
use crate::math::gumbel::gumbel;
use crate::math::stream::Stream;

/// The standard deviation and the mean of a Gumbel draw, π/√6 and Euler's constant: what Gaussian noise is given too.
const GUMBEL_DEVIATION: f64 = 1.282_549_830_161_864;
const GUMBEL_MEAN: f64 = 0.577_215_664_901_532_9;

/// Noise of a batch's items times its scale (n, L, K), and how many of the n·L assignments have any.
///
/// `hot`: the deterministic codes (n, L), the usage of each level and the ratio; with it only assignments whose deterministic code is
/// hot have noise. `codes`: K.
#[must_use]
pub fn draw_noise(
    kind: IndexNoise,
    scale: f64,
    hot: Option<(&[u32], &[Usage], f64)>,
    [assignments, levels, codes]: [usize; 3],
    draws: &mut Stream,
) -> (Vec<f32>, usize) {
    let mut noise = vec![0.0_f32; assignments * codes];
    if kind == IndexNoise::None || scale == 0.0 {
        return (noise, 0);
    }
    let mut noisy = 0;
    for (at, row) in noise.chunks_exact_mut(codes).enumerate() {
        if hot.is_some_and(|(deterministic, usage, ratio)| !usage[at % levels].is_hot(deterministic[at], ratio)) {
            continue;
        }
        noisy += 1;
        for value in row {
            let drawn = match kind {
                IndexNoise::Gaussian => GUMBEL_MEAN + GUMBEL_DEVIATION * draws.normal(),
                _ => gumbel(draws.uniform()),
            };
            *value = (scale * drawn) as f32;
        }
    }
    (noise, noisy)
}
