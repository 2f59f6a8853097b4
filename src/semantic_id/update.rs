//! One update of a run: a batch of questions, its noise, its gradients, one step of recommender, code-books and σ.
//!
//! Not here: the loss (`joint.rs`), epochs (`trainer.rs`).

use super::assignment::Draw;
use super::catalogue::Fold;
use super::config::{IndexNoise, SemanticConfig};
use super::decay::{SIGMA_RANGE, noise_scale, sigma_loss};
use super::epoch::Sums;
use super::joint::{Batch, Joint, Parts, Shares, joint};
use super::noise::draw_noise;
use super::trainer::SemanticRun;
use crate::engine::OptimizerConfig;
use crate::engine::cpu::fused::adamw::adamw;
use crate::error::{Error, Result};
use crate::math::stream::Stream;

/// Parameters' moments under AdamW.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    pub first: Vec<f32>,
    pub second: Vec<f32>,
}

impl Moments {
    pub fn new(len: usize) -> Self {
        Self { first: vec![0.0; len], second: vec![0.0; len] }
    }

    /// One step on `params`; the gradient is clipped to `config.max_grad_norm` first.
    fn step(&mut self, config: &OptimizerConfig, time: usize, params: &mut [f32], gradient: &mut [f32]) {
        let norm = gradient.iter().map(|g| f64::from(*g) * f64::from(*g)).sum::<f64>().sqrt();
        if config.max_grad_norm > 0.0 && norm > config.max_grad_norm {
            let scale = (config.max_grad_norm / norm) as f32;
            gradient.iter_mut().for_each(|g| *g *= scale);
        }
        adamw(config, time, params, gradient, &mut self.first, &mut self.second);
    }
}

impl SemanticRun {
    /// One question of each of `users`, from anywhere in the part of their history that is trained on.
    fn batch(&self, users: &[usize], draws: &mut Stream) -> Batch {
        let questions = users.iter().filter_map(|&user| {
            let choices = self.catalogue.histories[user].len().saturating_sub(3).max(1);
            let back = draws.below(choices as u32) as usize;
            let (known, target) = self.catalogue.question(user, Fold::Train, back)?;
            Some((self.newest(known), target))
        });
        let questions: Vec<_> = questions.collect();
        Batch::new(questions.into_iter())
    }

    pub(super) async fn update(&mut self, users: &[usize], draws: &mut Stream, sums: &mut Sums) -> Result<()> {
        let batch = self.batch(users, draws);
        let content: Vec<f32> = batch.items.iter().flat_map(|item| self.catalogue.vector(*item)).copied().collect();
        let cached: Vec<u32> = batch.items.iter().flat_map(|item| self.ids.of(*item)).copied().collect();
        let suffix: Vec<u32> = batch.items.iter().map(|item| self.ids.suffix[*item as usize]).collect();
        let (noise, noisy) = self.noise(&content, draws);
        let draw = Draw {
            content: &content,
            cached: &cached,
            noise: &noise,
            temperature: self.temperature(),
            forward: self.config.forward,
        };
        let optimizers = self.optimizers();
        // An error drops the device with whatever is on it.
        let found = match self.device.take() {
            Some(mut device) => {
                let found = self.update_on(&mut device, &batch, &draw, &suffix, optimizers).await?;
                self.check(&found)?;
                self.device = Some(device);
                found
            }
            None => {
                let mut found = self.joint(&batch, &draw, &suffix).await?;
                self.check(&found)?;
                self.step(&mut found, optimizers);
                found
            }
        };
        self.decay(&found);
        sums.add(&found, &cached, noisy);
        Ok(())
    }

    /// Loss and gradients on the CPU.
    async fn joint(&self, batch: &Batch, draw: &Draw<'_>, suffix: &[u32]) -> Result<Joint> {
        let Self { config, model, params, quantizer, tokens, .. } = self;
        let parts = Parts { config: model, params, quantizer, tokens: *tokens, suffix };
        let shares = Shares {
            generation: 1.0,
            quantization: config.quantization,
            reconstruction: config.reconstruction,
            commitment: config.commitment,
        };
        joint(&parts, batch, draw, config.routes(), shares).await
    }

    fn check(&self, found: &Joint) -> Result<()> {
        let loss = found.generation + found.quantization + found.reconstruction;
        let finite = |gradient: &[f32]| gradient.iter().all(|g| g.is_finite());
        if loss.is_finite() && finite(&found.model_gradient) && finite(&found.codebook_gradient) {
            return Ok(());
        }
        Err(Error::NotFinite(format!(
            "update {} of epoch {}: the loss or its gradient is not a number (L_gen {}); a smaller learning_rate or \
             codebook_learning_rate helps",
            self.updates + 1,
            self.epoch + 1,
            found.generation
        )))
    }

    fn noise(&self, content: &[f32], draws: &mut Stream) -> (Vec<f32>, usize) {
        let (levels, codes) = (self.tokens.levels, self.tokens.codes);
        let assignments = content.len() / self.catalogue.dim * levels;
        let hot = self.config.hot_ratio.filter(|_| self.config.noise != IndexNoise::None);
        let hot = hot.map(|ratio| (ratio, self.quantizer.nearest_ids(content).codes));
        let hot = hot.as_ref().map(|(ratio, codes)| (&codes[..], &self.usage[..], *ratio));
        draw_noise(self.config.noise, noise_scale(self.sigma), hot, [assignments, levels, codes], draws)
    }

    /// By what both learning rates are multiplied now: from 0 up to 1 while warming up, then down to 0 along a cosine, so that codes
    /// come to rest before the recommender is measured.
    fn rate_share(&self) -> f64 {
        let SemanticConfig { epochs, batch_size, warm_up, .. } = self.config;
        let total = (epochs * self.catalogue.histories.len().div_ceil(batch_size)).max(1) as f64;
        let now = self.updates as f64;
        if self.updates < warm_up {
            return (now + 1.0) / warm_up as f64;
        }
        0.5 * (1.0 + (std::f64::consts::PI * (now / total).min(1.0)).cos())
    }

    /// The next step of the recommender and of the codebooks.
    fn optimizers(&self) -> [OptimizerConfig; 2] {
        let SemanticConfig { learning_rate, codebook_learning_rate, weight_decay, .. } = self.config;
        let share = self.rate_share();
        [
            self.optimizer(share * learning_rate, weight_decay),
            self.optimizer(share * codebook_learning_rate, 0.0), // code-books do not decay
        ]
    }

    fn optimizer(&self, learning_rate: f64, weight_decay: f64) -> OptimizerConfig {
        let max_grad_norm = self.config.max_grad_norm;
        OptimizerConfig { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay, max_grad_norm }
    }

    /// Moves recommender and codebooks.
    fn step(&mut self, found: &mut Joint, [of_model, of_codebooks]: [OptimizerConfig; 2]) {
        let [model, codebook, _] = &mut self.moments;
        let time = self.updates + 1;
        model.step(&of_model, time, &mut self.params, &mut found.model_gradient);
        if self.config.codebook_learning_rate > 0.0 {
            codebook.step(&of_codebooks, time, &mut self.quantizer.codebooks, &mut found.codebook_gradient);
        }
    }

    /// Counts the update and moves what the next noise hangs on: usage and σ.
    fn decay(&mut self, found: &Joint) {
        self.updates += 1;
        let levels = self.tokens.levels;
        for (level, usage) in self.usage.iter_mut().enumerate() {
            let assigned: Vec<u32> = found.deterministic.iter().skip(level).step_by(levels).copied().collect();
            usage.observe(&assigned);
        }
        if let Some(lambda) = self.config.lambda {
            let (_, slope) = sigma_loss(found.generation, self.sigma, lambda);
            let mut value = [self.sigma as f32];
            let rate = self.optimizer(self.config.sigma_learning_rate, 0.0);
            self.moments[2].step(&rate, self.updates, &mut value, &mut [slope as f32]);
            self.sigma = f64::from(value[0]).clamp(SIGMA_RANGE[0], SIGMA_RANGE[1]);
        }
    }
}
