//! Actions of every kind over random logits, with the log densities, entropies and gradients that `math` gives them.

use soft_thinking_lab::engine::gpu::params::LogDensity;
use soft_thinking_lab::math::gumbel::{
    ABSENT, CLAMP_MARGIN, DensityForm, NOISE_MAX, NOISE_MIN, log_density, log_density_backward,
};
use soft_thinking_lab::math::noises::{
    GAMMA_LOG_DENSITY_MAX, GAMMA_LOG_DENSITY_MIN, GAUSSIAN_DEVIATION, GAUSSIAN_REACH, MASK_PROB, Noise, gamma_sample,
    gaussian_sample,
};
use soft_thinking_lab::math::softmax::{entropy, log_prob, log_prob_backward, softmax};
use soft_thinking_lab::math::stream::Stream;

use super::wide;

/// Every noise, every form of its density.
pub fn scorings() -> Vec<(Noise, DensityForm)> {
    let (code, paper) = (DensityForm::code(), DensityForm::paper());
    let exact = DensityForm { log_epsilon: 0.0, ..code };
    [code, paper, exact, DensityForm { mean: true, ..paper }]
        .map(|form| (Noise::Gumbel, form))
        .into_iter()
        .chain([(Noise::Dirichlet, code), (Noise::Gaussian, code)])
        .collect()
}

/// What the kernels are told of a form, but for sizes.
pub fn density_params(noise: Noise, form: &DensityForm, temperature: f64) -> LogDensity {
    LogDensity {
        temperature: temperature as f32,
        noise: noise as u32,
        clamp_noise: u32::from(form.clamp),
        noise_min: NOISE_MIN as f32,
        noise_max: NOISE_MAX as f32,
        clamp_margin: CLAMP_MARGIN as f32,
        mask: form.mask.map_or(-1e30, |mask| mask as f32),
        mean: u32::from(form.mean),
        log_epsilon: form.log_epsilon as f32,
        absent: (0.5 * ABSENT) as f32,
        mask_prob: MASK_PROB as f32,
        density_min: GAMMA_LOG_DENSITY_MIN as f32,
        density_max: GAMMA_LOG_DENSITY_MAX as f32,
        deviation: GAUSSIAN_DEVIATION as f32,
        reach: GAUSSIAN_REACH as f32,
        ..LogDensity::default()
    }
}

/// What a soft step may have stored of K candidates; without an epsilon some are absent.
fn stored(stream: &mut Stream, noise: Noise, form: &DensityForm, k: usize) -> Vec<f32> {
    let value = |at: usize, stream: &mut Stream| match noise {
        Noise::Gumbel if form.log_epsilon == 0.0 && at % 3 == 2 => ABSENT as f32,
        Noise::Gumbel => (stream.normal() - 1.6) as f32,
        Noise::Dirichlet => gamma_sample(1.0 / k as f64, stream) as f32,
        Noise::Gaussian => gaussian_sample(1.0 / k as f64, stream) as f32,
    };
    (0..k).map(|at| value(at, stream)).collect()
}

fn soft_density(logits: &[f64], stored: &[f32], noise: Noise, form: &DensityForm) -> f64 {
    match noise {
        Noise::Gumbel => log_density(logits, &wide(stored), form),
        _ => noise.log_density(logits, &wide(stored)),
    }
}

/// The gradient of a soft step's log density by its candidates' logits.
fn soft_gradient(logits: &[f64], stored: &[f32], noise: Noise, form: &DensityForm, slope: f64) -> Vec<f64> {
    match noise {
        Noise::Gumbel => log_density_backward(logits, &wide(stored), form, slope),
        _ => noise.log_density_backward(logits, &wide(stored), slope),
    }
}

/// Most log densities of an action.
pub const SCORES: usize = 3;
/// What lies where an action has no log density.
pub const UNTOUCHED: f32 = 7.0;

/// N actions over rows of V logits: soft steps of K candidates, tokens, three draws of which two are alike, choices that were not the
/// model's, vectors.
pub struct Actions {
    pub params: LogDensity,
    pub logits: Vec<f32>,
    pub actions: Vec<u32>,
    pub perturbed: Vec<f32>,
    /// (N, SCORES + 1)
    pub slopes: Vec<f32>,
    /// (N, SCORES + 1): log densities, entropy.
    pub scores: Vec<f64>,
    /// (N, V + 3)
    pub gradient: Vec<f64>,
}

/// `spread`: the deviation of the logits. K is at least 3.
pub fn actions(
    stream: &mut Stream,
    [n, vocabulary, k]: [usize; 3],
    (temperature, spread): (f64, f64),
    (noise, form): &(Noise, DensityForm),
) -> Actions {
    let stride = vocabulary + 3;
    let logits: Vec<f32> = (0..n * vocabulary).map(|_| (spread * stream.normal()) as f32).collect();
    let slopes = super::normals(stream, n * (SCORES + 1));
    let (mut actions, mut perturbed, mut scores, mut gradient) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (row, own) in logits.chunks(vocabulary).enumerate() {
        let scaled: Vec<f64> = own.iter().map(|z| f64::from(*z) / temperature).collect();
        let own = &slopes[row * (SCORES + 1)..][..SCORES + 1];
        let slopes: Vec<f64> = own.iter().map(|s| f64::from(*s) / temperature).collect();
        let start = stream.below((vocabulary - k + 1) as u32);
        let ids: Vec<u32> = (start..start + k as u32).collect();
        let chosen: Vec<f64> = ids.iter().map(|id| scaled[*id as usize]).collect();
        let values = stored(stream, *noise, form, k);
        let draws = [start, start + 1, start];
        let (kind, count) = [(0, 1), (0, 3), (0, 0), (2, 0), (1, k), (1, k)][row % 6];
        actions.extend([kind, count as u32]);
        actions.extend(if row % 6 == 1 { [&draws[..], &ids[3..]].concat() } else { ids.clone() });

        // Of the entropy: -p_j (ln p_j + H).
        let probs = softmax(&scaled);
        let nats = entropy(&probs);
        let mut pull: Vec<f64> = probs.iter().map(|p| -slopes[SCORES] * p * (p.ln() + nats)).collect();
        let mut found = vec![f64::from(UNTOUCHED); SCORES];
        if kind == 1 {
            found[0] = soft_density(&chosen, &values, *noise, form);
            let gradient = soft_gradient(&chosen, &values, *noise, form, slopes[0]);
            ids.iter().zip(gradient).for_each(|(id, g)| pull[*id as usize] += g);
        } else if kind == 0 {
            for (place, id) in draws.iter().take(count).enumerate() {
                found[place] = log_prob(&scaled, *id as usize);
                let gradient = log_prob_backward(&scaled, *id as usize, slopes[place]);
                pull.iter_mut().zip(gradient).for_each(|(pull, g)| *pull += g);
            }
        }
        pull.resize(stride, 0.0);
        gradient.extend(pull);
        scores.extend(found);
        scores.push(nats);
        perturbed.extend(values);
    }
    let params = LogDensity {
        actions: n as u32,
        vocabulary: vocabulary as u32,
        stride: stride as u32,
        width: k as u32,
        scores: SCORES as u32,
        ..density_params(*noise, form, temperature)
    };
    Actions { params, logits, actions, perturbed, slopes, scores, gradient }
}

impl Actions {
    /// What a kernel of log densities binds.
    pub fn forward(&self) -> Vec<Vec<u32>> {
        let scores = vec![UNTOUCHED; self.scores.len()];
        vec![super::bits(&self.logits), self.actions.clone(), super::bits(&self.perturbed), super::bits(&scores)]
    }

    /// What a kernel of their gradients binds; every element of the last must be written.
    pub fn backward(&self) -> Vec<Vec<u32>> {
        let ones = vec![1.0_f32; self.gradient.len()];
        let [logits, slopes, ones] = [&self.logits, &self.slopes, &ones].map(|values| super::bits(values));
        vec![logits, self.actions.clone(), super::bits(&self.perturbed), slopes, ones]
    }
}
