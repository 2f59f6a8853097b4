//! RoPE's rates, and Llama 3's way to stretch them over longer texts.
//!
//! Not here: turning queries and keys by them (`engine/`).

use std::f64::consts::TAU;

/// How Llama 3.1 and later stretch: waves longer than the texts it was first trained on turn `factor` times slower, short ones as before,
/// those between by a blend. Source: transformers' `_compute_llama3_parameters`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Llama3 {
    pub factor: f64,
    pub low_freq_factor: f64,
    pub high_freq_factor: f64,
    pub original_max_position_embeddings: f64,
}

/// θ^(−2i/d) for i = 0 … d/2 − 1.
#[must_use]
pub fn rates(head_dim: usize, theta: f64) -> Vec<f64> {
    (0..head_dim / 2).map(|i| theta.powf(-2.0 * i as f64 / head_dim as f64)).collect()
}

/// What each of `rates` is divided by.
#[must_use]
pub fn divisors(rates: &[f64], stretch: Llama3) -> Vec<f64> {
    let Llama3 { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: seen } =
        stretch;
    let divisor = |rate: &f64| {
        let turns = seen * rate / TAU; // within a text of `seen` positions
        match turns {
            t if t < low => factor,
            t if t > high => 1.0,
            t => {
                let blend = (t - low) / (high - low);
                1.0 / ((1.0 - blend) / factor + blend)
            }
        }
    };
    rates.iter().map(divisor).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_waves_are_stretched_and_short_ones_are_not() {
        // Llama 3.2 1B; the numbers by numpy from transformers' formula.
        let stretch = Llama3 {
            factor: 32.0,
            low_freq_factor: 1.0,
            high_freq_factor: 4.0,
            original_max_position_embeddings: 8192.0,
        };
        let found = divisors(&rates(64, 500_000.0), stretch);
        assert_eq!((found.len(), found[0], found[31]), (32, 1.0, 32.0));
        for (at, expected) in
            [(14, 1.0), (15, 1.6513292457638982), (16, 3.2922621029408843), (17, 9.66672897875329), (20, 32.0)]
        {
            assert!((found[at] - expected).abs() <= 1e-9 * expected, "{at}: {}", found[at]);
        }
        assert!(found.windows(2).all(|pair| pair[0] <= pair[1]));
    }
}
