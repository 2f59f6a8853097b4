//! Log densities of soft steps in Burn tensors: Gumbel noise in each of its forms, and the control noises.
//!
//! Mirrors `math::gumbel::log_density` and `math::noises::Noise::log_density`. Not here: other actions (`density.rs`).

use burn::tensor::Tensor;
use burn::tensor::activation::{log_softmax, softmax};

use crate::engine::Scoring;
use crate::math::gumbel::{ABSENT, CLAMP_MARGIN, NOISE_MAX, NOISE_MIN};
use crate::math::noises::{
    GAMMA_LOG_DENSITY_MAX, GAMMA_LOG_DENSITY_MIN, GAUSSIAN_DEVIATION, GAUSSIAN_REACH, MASK_PROB, Noise,
};
use crate::math::special::{digamma, ln_gamma};

/// Row by row: candidates' logits (N, K) at the scoring temperature, stored values (N, K) → (N).
pub fn noise_log_density(candidate_logits: Tensor<2>, stored: Tensor<2>, scoring: &Scoring) -> Tensor<1> {
    match scoring.noise {
        Noise::Gumbel => gumbel(candidate_logits, stored, scoring),
        Noise::Dirichlet => gamma(candidate_logits, stored),
        Noise::Gaussian => gaussian(candidate_logits, stored),
    }
}

/// The sum, or the mean over the kept, of densities (N, K) whose mask is `kept` (N, K) → (N). Without a kept one it is 0.
fn reduce(density: Tensor<2>, kept: Tensor<2>, mean: bool) -> Tensor<1> {
    let n = density.dims()[0];
    let sum = (density * kept.clone()).sum_dim(1);
    if mean { sum / kept.sum_dim(1).clamp_min(1.0) } else { sum }.reshape([n])
}

fn gumbel(candidate_logits: Tensor<2>, perturbed: Tensor<2>, scoring: &Scoring) -> Tensor<1> {
    let form = &scoring.density;
    let present = perturbed.clone().greater_scalar(0.5 * ABSENT).float(); // (N, K)
    let absent = present.clone().neg() + 1.0;
    let log_q = log_softmax(candidate_logits * present.clone() + absent * ABSENT, 1);
    // l = ln(q + epsilon); of an absent candidate whatever is finite. The logarithm itself where there is no epsilon.
    let log_q = log_q.clamp_min(-80.0) * present.clone();
    let log_q = if form.log_epsilon > 0.0 { log_q.exp().add_scalar(form.log_epsilon).log() } else { log_q };
    let noise = (perturbed - log_q.clone()) * present.clone();
    let noise = if form.clamp { clamp(noise, NOISE_MIN, NOISE_MAX, CLAMP_MARGIN) } else { noise };
    let density = noise.clone().neg() - noise.neg().exp(); // ln of the Gumbel(0, 1) density
    let kept = match form.mask {
        Some(threshold) => log_q.detach().greater_scalar(threshold).float() * present,
        None => present,
    };
    reduce(density, kept, form.mean)
}

/// Gamma(q, 1) log densities of the samples. Burn has no ln Γ with a gradient: its value is added by hand at the current
/// probabilities, and its slope, the digamma function, as a factor of q.
fn gamma(candidate_logits: Tensor<2>, samples: Tensor<2>) -> Tensor<1> {
    let probs = softmax(candidate_logits, 1);
    let kept = probs.clone().detach().greater_scalar(MASK_PROB).float();
    let now: Vec<f64> = host(&probs).into_iter().map(|q| f64::from(q).max(MASK_PROB)).collect();
    let on_device = |value: &dyn Fn(f64) -> f64| {
        let numbers: Vec<f32> = now.iter().map(|q| value(*q) as f32).collect();
        let shape = probs.dims();
        Tensor::<2>::from_data(burn::tensor::TensorData::new(numbers, shape), &probs.device())
    };
    // ln Γ(q) ≈ ln Γ(q₀) + ψ(q₀)(q − q₀) at q₀ = q: the right value and the right slope.
    let slope = on_device(&digamma);
    let ln_gamma = on_device(&ln_gamma) + slope * (probs.clone() - probs.clone().detach());
    let density = (probs - 1.0) * samples.clone().log() - samples - ln_gamma;
    reduce(clamp(density, GAMMA_LOG_DENSITY_MIN, GAMMA_LOG_DENSITY_MAX, 0.0), kept, true)
}

fn gaussian(candidate_logits: Tensor<2>, samples: Tensor<2>) -> Tensor<1> {
    let probs = softmax(candidate_logits, 1);
    let kept = probs.clone().detach().greater_scalar(MASK_PROB).float();
    let distance = clamp(samples - probs, -GAUSSIAN_REACH, GAUSSIAN_REACH, 0.0);
    let constant = -0.5 * std::f64::consts::TAU.ln() - GAUSSIAN_DEVIATION.ln();
    let density = distance.square().div_scalar(-2.0 * GAUSSIAN_DEVIATION * GAUSSIAN_DEVIATION).add_scalar(constant);
    reduce(density, kept, true)
}

/// Clamps, with a gradient only inside the bounds and further than `margin` from them (`math::gumbel::inside_clamp`).
fn clamp(values: Tensor<2>, least: f64, most: f64, margin: f64) -> Tensor<2> {
    let above = values.clone().detach().greater_scalar(least + margin).float();
    let below = values.clone().detach().lower_scalar(most - margin).float();
    let inside = above * below;
    let bounded = values.clone().detach().clamp(least, most);
    values * inside.clone() + bounded * (inside.neg() + 1.0)
}

fn host(tensor: &Tensor<2>) -> Vec<f32> {
    tensor.clone().detach().into_data().try_into_vec::<f32>().unwrap_or_default()
}
