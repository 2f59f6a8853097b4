//! When the noise of an assignment goes: by uncertainty (SDUD), by frequency (FrqUD), or by both.
//!
//! Not here: the noise itself (`math/gumbel.rs`), where it is drawn (the trainer).

/// Noise scales below this are 0. Source: DIGER's code.
pub const SIGMA_OFF: f64 = 1e-4;
/// |σ| stays inside. Source: DIGER's code.
pub const SIGMA_RANGE: [f64; 2] = [1e-5, 100.0];

/// The loss of a learned noise scale, L/(2(σ+λ)²) + ln(σ+λ), and its slope in σ. Its minimum is at σ = max(0, √L − λ): the noise
/// fades as the generation loss L comes down to λ². Source: DIGER §SDUD, `AutoSigmaSimple`.
#[must_use]
pub fn sigma_loss(loss: f64, sigma: f64, lambda: f64) -> (f64, f64) {
    let wide = sigma + lambda;
    (loss / (2.0 * wide * wide) + wide.ln(), 1.0 / wide - loss / (wide * wide * wide))
}

/// The noise scale in use: 0 where it has faded.
#[must_use]
pub fn noise_scale(sigma: f64) -> f64 {
    let [low, high] = SIGMA_RANGE;
    let size = sigma.abs().clamp(low, high);
    if size < SIGMA_OFF { 0.0 } else { size }
}

/// How often each code of a level was taken lately, without noise: a moving average.
#[derive(Clone, Debug, PartialEq)]
pub struct Usage {
    share: Vec<f64>,
    momentum: f64,
}

impl Usage {
    /// All K codes alike. `momentum` β: share ← β·share + (1 − β)·share of the batch. DIGER's code has .99.
    #[must_use]
    pub fn new(codes: usize, momentum: f64) -> Self {
        Self { share: vec![1.0 / codes as f64; codes], momentum }
    }

    /// Takes in the codes that a batch was assigned without noise.
    pub fn observe(&mut self, assigned: &[u32]) {
        if assigned.is_empty() {
            return;
        }
        let mut counts = vec![0.0; self.share.len()];
        assigned.iter().for_each(|&code| counts[code as usize] += 1.0);
        let total = assigned.len() as f64;
        for (share, count) in self.share.iter_mut().zip(counts) {
            *share = self.momentum * *share + (1.0 - self.momentum) * count / total;
        }
    }

    /// Whether a code is taken more than `ratio` times as often as it would be if all were taken alike: only then its items get noise.
    #[must_use]
    pub fn is_hot(&self, code: u32, ratio: f64) -> bool {
        self.share[code as usize] > ratio / self.share.len() as f64
    }
}
