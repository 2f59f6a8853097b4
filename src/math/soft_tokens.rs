//! Soft Tokens: the mean embedding of the whole distribution, Gaussian noise on it, and the log density of what was fed.
//!
//! Not here: blends of a few tokens (`gumbel.rs`, `noises.rs`). Letters: V vocabulary, D width, h⁰ the mean embedding, h̃ what was fed.
//! Source: Butt et al. 2025, "Soft Tokens, Hard Truths", arXiv 2509.19170, §3; no code is published.

use super::softmax::{softmax, softmax_backward};
use super::stream::Stream;
use super::threefry::Key;

/// γ: the deviation of the noise as a share of the embeddings' root mean square (best of the paper's sweep).
pub const NOISE_SHARE: f64 = 0.33;
/// τ of soft tokens: the temperature of the distribution that is averaged over.
pub const SOFT_TEMPERATURE: f64 = 0.5;
/// τ of fuzzy tokens: nearly the embedding of the most likely token.
pub const FUZZY_TEMPERATURE: f64 = 1e-4;

/// Root mean square of the elements of an embedding table (V · D): what [`NOISE_SHARE`] is a share of. The paper says "root-mean-square
/// norm of the embeddings"; read per element the noise is "a bit smaller than the embeddings", as it says; read as a norm, √D larger.
#[must_use]
pub fn root_mean_square(embedding: &[f32]) -> f64 {
    let squares: f64 = embedding.iter().map(|e| f64::from(*e) * f64::from(*e)).sum();
    (squares / embedding.len().max(1) as f64).sqrt()
}

/// A standard normal draw, named by key, step and index as a rollout's other noise is.
#[must_use]
pub fn unit_normal(key: Key, step: u32, index: u32) -> f64 {
    Stream::new(key.derive(step).derive(index)).normal()
}

/// h⁰ = Σ_v softmax(logits / temperature)_v · e_v: logits (V), embedding (V, D) row-major → (D).
#[must_use]
pub fn mean_embedding(logits: &[f64], embedding: &[f64], temperature: f64) -> Vec<f64> {
    let probs = softmax(&logits.iter().map(|z| z / temperature).collect::<Vec<_>>());
    let width = embedding.len() / logits.len().max(1);
    let mut mean = vec![0.0; width];
    for (prob, row) in probs.iter().zip(embedding.chunks_exact(width.max(1))) {
        mean.iter_mut().zip(row).for_each(|(m, e)| *m += prob * e);
    }
    mean
}

/// −‖h̃ − h⁰‖² / (2σ²) in nats, up to a constant: fed (D) is h̃, deviation σ.
#[must_use]
pub fn log_density(logits: &[f64], embedding: &[f64], fed: &[f64], temperature: f64, deviation: f64) -> f64 {
    let mean = mean_embedding(logits, embedding, temperature);
    let squares: f64 = fed.iter().zip(&mean).map(|(f, m)| (f - m) * (f - m)).sum();
    -squares / (2.0 * deviation * deviation)
}

/// The gradient of `d_out` · [`log_density`]: by the logits (V), p_j / (τσ²) · (e_j − h⁰)·δ, and by the embedding (V, D), p_j δ / σ²,
/// where δ = h̃ − h⁰. At the fuzzy temperature the first is nearly always 0.
#[must_use]
pub fn log_density_backward(
    logits: &[f64],
    embedding: &[f64],
    fed: &[f64],
    temperature: f64,
    deviation: f64,
    d_out: f64,
) -> (Vec<f64>, Vec<f64>) {
    let probs = softmax(&logits.iter().map(|z| z / temperature).collect::<Vec<_>>());
    let mean = mean_embedding(logits, embedding, temperature);
    let scale = d_out / (deviation * deviation);
    let pull: Vec<f64> = fed.iter().zip(&mean).map(|(f, m)| scale * (f - m)).collect(); // (D)
    let rows = embedding.chunks_exact(pull.len().max(1));
    let d_probs: Vec<f64> = rows.map(|row| row.iter().zip(&pull).map(|(e, p)| e * p).sum()).collect();
    let d_logits = softmax_backward(&probs, &d_probs).into_iter().map(|d| d / temperature).collect();
    let d_embedding = probs.iter().flat_map(|prob| pull.iter().map(move |p| prob * p)).collect();
    (d_logits, d_embedding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(seed: u64) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let mut draws = Stream::new(Key::from_seed(seed));
        let mut normals = |n: usize| (0..n).map(|_| draws.normal()).collect::<Vec<f64>>();
        (normals(7), normals(21), normals(3))
    }

    #[test]
    fn both_gradients_are_those_of_finite_differences() {
        for (seed, temperature) in [(1, 0.5), (2, 1.0), (3, 0.3)] {
            let (logits, embedding, fed) = case(seed);
            let value = |z: &[f64], e: &[f64]| -1.3 * log_density(z, e, &fed, temperature, 0.4);
            let (d_logits, d_embedding) = log_density_backward(&logits, &embedding, &fed, temperature, 0.4, -1.3);
            let moved = |values: &[f64], place: usize, by: f64| {
                let mut moved = values.to_vec();
                moved[place] += by;
                moved
            };
            for (place, d) in d_logits.iter().enumerate() {
                let at = |by: f64| value(&moved(&logits, place, by), &embedding);
                // Central differences of step 1e-5 in f64 are right to about 1e-9 of numbers of this size.
                assert!(((at(1e-5) - at(-1e-5)) / 2e-5 - d).abs() <= 1e-6 * d.abs().max(1.0));
            }
            for (place, d) in d_embedding.iter().enumerate() {
                let at = |by: f64| value(&logits, &moved(&embedding, place, by));
                assert!(((at(1e-5) - at(-1e-5)) / 2e-5 - d).abs() <= 1e-6 * d.abs().max(1.0));
            }
        }
    }

    #[test]
    fn fuzzy_tokens_are_the_likeliest_tokens_and_pass_no_gradient_to_the_logits() {
        let (logits, embedding, fed) = case(4);
        let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
        let mean = mean_embedding(&logits, &embedding, FUZZY_TEMPERATURE);
        assert_eq!(mean, embedding[3 * best..3 * best + 3]);
        let (d_logits, d_embedding) = log_density_backward(&logits, &embedding, &fed, FUZZY_TEMPERATURE, 0.4, 1.0);
        assert!(d_logits.iter().all(|d| *d == 0.0) && d_embedding.iter().any(|d| *d != 0.0));
    }

    #[test]
    fn the_noise_is_as_large_as_asked() {
        let key = Key::from_seed(9);
        let squares: f64 = (0..20_000).map(|i| unit_normal(key, i / 64, i % 64).powi(2)).sum();
        assert!((squares / 20_000.0 - 1.0).abs() <= 0.04, "{squares}"); // four standard errors of a variance
        assert!((root_mean_square(&[3.0, -4.0]) - 12.5f64.sqrt()).abs() <= 1e-12);
    }
}
