//! AdamW in one pass over the parameters, as `burn::optim::AdamW` does it in a dozen.
//!
//! Not here: where the moments are kept.

use super::lanes::F4;
use crate::engine::{OptimizerConfig, OptimizerState, UpdateReport};

/// One update by a gradient, scaled down to the largest norm allowed. Where it is not finite, nothing changes.
pub fn clipped_step(
    config: &OptimizerConfig,
    memory: &mut OptimizerState,
    params: &mut [f32],
    mut gradient: Vec<f32>,
) -> UpdateReport {
    let grad_norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
    if !grad_norm.is_finite() {
        return UpdateReport { grad_norm, applied: false };
    }
    if config.max_grad_norm > 0.0 && grad_norm > config.max_grad_norm {
        let scale = (config.max_grad_norm / grad_norm) as f32;
        gradient.iter_mut().for_each(|g| *g *= scale);
    }
    memory.time += 1;
    memory.moment_1.resize(params.len(), 0.0);
    memory.moment_2.resize(params.len(), 0.0);
    adamw(config, memory.time, params, &gradient, &mut memory.moment_1, &mut memory.moment_2);
    UpdateReport { grad_norm, applied: true }
}

/// Step number `time` (from 1): θ ← θ·(1 − η·λ) − η · m̂ / (√v̂ + ε), the moments updated first.
pub fn adamw(
    config: &OptimizerConfig,
    time: usize,
    params: &mut [f32],
    gradient: &[f32],
    moment_1: &mut [f32],
    moment_2: &mut [f32],
) {
    let (beta1, beta2) = (config.beta1 as f32, config.beta2 as f32);
    let unbias = |beta: f32| (1.0 - f64::from(beta).powi(time.min(i32::MAX as usize) as i32)).recip() as f32;
    let (unbias_1, unbias_2) = (F4::splat(unbias(beta1)), F4::splat(unbias(beta2)));
    let (rate, epsilon) = (config.learning_rate as f32, F4::splat(config.epsilon as f32));
    let (rate, decay) = (F4::splat(rate), F4::splat(1.0 - rate * config.weight_decay as f32));
    let (keep_1, take_1) = (F4::splat(beta1), F4::splat(1.0 - beta1));
    let (keep_2, take_2) = (F4::splat(beta2), F4::splat(1.0 - beta2));
    let one = |theta: F4, g: F4, m: F4, v: F4| {
        let m = m.times(keep_1).plus_product(g, take_1);
        let v = v.times(keep_2).plus_product(g.times(g), take_2);
        let step = m.times(unbias_1).over(v.times(unbias_2).root().plus(epsilon));
        (theta.times(decay).minus(step.times(rate)), m, v)
    };
    let ((theta, theta_rest), (g, g_rest)) = (params.as_chunks_mut::<4>(), gradient.as_chunks::<4>());
    let ((m, m_rest), (v, v_rest)) = (moment_1.as_chunks_mut::<4>(), moment_2.as_chunks_mut::<4>());
    for (((theta, g), m), v) in theta.iter_mut().zip(g).zip(m).zip(v) {
        let (new_theta, new_m, new_v) = one(F4::load(theta), F4::load(g), F4::load(m), F4::load(v));
        new_theta.store(theta);
        new_m.store(m);
        new_v.store(v);
    }
    for (((theta, g), m), v) in theta_rest.iter_mut().zip(g_rest).zip(m_rest).zip(v_rest) {
        let (new_theta, new_m, new_v) = one(F4::splat(*theta), F4::splat(*g), F4::splat(*m), F4::splat(*v));
        (*theta, *m, *v) = (new_theta.first(), new_m.first(), new_v.first());
    }
}
