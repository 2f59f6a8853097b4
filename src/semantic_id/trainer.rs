//! A run of the second lab: epochs of joint updates, kept ids in between, and what came of each epoch.
//!
//! Not here: the loss (`joint.rs`), the beam search (`beam.rs`), many runs side by side.

use serde::{Deserialize, Serialize};

use super::assignment::Draw;
use super::beam::Searcher;
use super::catalogue::{Catalogue, Fold};
use super::config::{IndexNoise, SemanticConfig};
use super::decay::{SIGMA_RANGE, Usage, noise_scale, sigma_loss};
use super::health::{Conflicts, LevelHealth, conflicts, drift, level_health};
use super::joint::{Batch, Parts, Shares, joint};
use super::quantizer::{Ids, ResidualQuantizer};
use super::ranking::{ndcg_at_k, recall_at_k};
use super::tokens::Tokens;
use crate::engine::cpu::fused::adamw::adamw;
use crate::engine::{OptimizerConfig, Pulse};
use crate::error::{Error, Result};
use crate::math::gumbel::gumbel;
use crate::math::stream::Stream;
use crate::math::threefry::Key;
use crate::model::config::{Family, ModelConfig};
use crate::model::params;

/// Cut-offs of recall and NDCG.
pub const KS: [usize; 2] = [5, 10];
/// Suffixes that tell apart items with equal codes.
const SUFFIXES: usize = 16;
/// The standard deviation and the mean of a Gumbel draw: what Gaussian noise is given too.
const GUMBEL_DEVIATION: f64 = 1.282_549_830_161_864;
const GUMBEL_MEAN: f64 = 0.577_215_664_901_532_9;

/// What a recommender is worth on a fold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// At [`KS`].
    pub recall: [f64; 2],
    pub ndcg: [f64; 2],
    /// 1 or 0 a user, for intervals: whether the target was among the first ten.
    pub hits: Vec<u8>,
}

/// One epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Counted from 1; 0 is the start.
    pub epoch: usize,
    /// Means over the epoch's updates; nats and squared distances.
    pub generation: f64,
    pub quantization: f64,
    pub reconstruction: f64,
    pub levels: Vec<LevelHealth>,
    pub conflicts: Conflicts,
    /// Share of items whose kept id changed since the last epoch, and since the start.
    pub drift: f64,
    pub drift_total: f64,
    /// Share of assignments in training that were what evaluation would take.
    pub agreement: f64,
    /// Nats.
    pub assignment_entropy: f64,
    /// Mean over levels.
    pub sigma: f64,
    /// Share of assignments that had noise.
    pub noisy: f64,
    /// On the validation fold.
    pub validation: Option<Ranking>,
}

/// Moments of AdamW.
struct Moments {
    first: Vec<f32>,
    second: Vec<f32>,
}

impl Moments {
    fn new(len: usize) -> Self {
        Self { first: vec![0.0; len], second: vec![0.0; len] }
    }
}

/// A run in progress.
pub struct SemanticRun {
    config: SemanticConfig,
    catalogue: Catalogue,
    model: ModelConfig,
    tokens: Tokens,
    params: Vec<f32>,
    quantizer: ResidualQuantizer,
    ids: Ids,
    first_ids: Ids,
    moments: [Moments; 2],
    usage: Vec<Usage>,
    sigma: Vec<f64>,
    updates: usize,
    epoch: usize,
    key: Key,
}

impl SemanticRun {
    /// Makes codebooks from the catalogue's vectors and a fresh recommender.
    ///
    /// # Errors
    /// `bad-input` naming the value that cannot be, and what can.
    pub fn start(catalogue: Catalogue, config: SemanticConfig) -> Result<Self> {
        config.validate(catalogue.items())?;
        let key = Key::from_seed(config.seed);
        let quantizer = ResidualQuantizer::fit(&catalogue.content, catalogue.dim, &config.quantizer, key.derive(0))?;
        let ids = quantizer.balanced_ids(&catalogue.content, &config.quantizer);
        let levels = config.quantizer.levels;
        let tokens = Tokens { levels, codes: config.quantizer.codes, suffixes: SUFFIXES };
        let heads = config.hidden_size / 8;
        let model = ModelConfig {
            family: Family::Llama,
            vocab_size: tokens.vocabulary(),
            hidden_size: config.hidden_size,
            intermediate_size: 3 * config.hidden_size,
            num_hidden_layers: config.num_hidden_layers,
            num_attention_heads: heads,
            num_key_value_heads: heads,
            head_dim: 8,
            max_position_embeddings: (config.max_history + 1) * tokens.per_item() + 1,
            ..ModelConfig::preset("nano", tokens.vocabulary())?
        };
        model.validate()?;
        let params = params::init(&model, config.seed);
        let moments = [Moments::new(params.len()), Moments::new(quantizer.codebooks.len())];
        let usage = vec![Usage::new(config.quantizer.codes, config.usage_momentum); levels];
        let sigma = vec![config.sigma; levels];
        let first_ids = ids.clone();
        Ok(Self {
            config,
            catalogue,
            model,
            tokens,
            params,
            quantizer,
            ids,
            first_ids,
            moments,
            usage,
            sigma,
            updates: 0,
            epoch: 0,
            key,
        })
    }

    #[must_use]
    pub fn config(&self) -> &SemanticConfig {
        &self.config
    }

    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What the items are written as now.
    #[must_use]
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    #[must_use]
    pub fn quantizer(&self) -> &ResidualQuantizer {
        &self.quantizer
    }

    #[must_use]
    pub fn finished(&self) -> bool {
        self.epoch >= self.config.epochs
    }

    /// One epoch: one question a user, in a new order; then the ids are made anew and everything is measured.
    ///
    /// # Errors
    /// `not-finite` when the loss is no number; `cancelled`.
    pub async fn epoch(&mut self, pulse: &Pulse, on_update: &mut dyn FnMut(usize, usize)) -> Result<Epoch> {
        let mut draws = Stream::new(self.key.derive(1).derive(self.epoch as u32));
        let mut users: Vec<usize> = (0..self.catalogue.histories.len())
            .filter(|user| self.catalogue.question(*user, Fold::Train, 0).is_some())
            .collect();
        draws.shuffle(&mut users);
        let total = users.len().div_ceil(self.config.batch_size);
        let mut sums = Sums::default();
        for (done, users) in users.chunks(self.config.batch_size).enumerate() {
            pulse.beat().await?;
            self.update(users, &mut draws, &mut sums).await?;
            on_update(done + 1, total);
        }
        self.epoch += 1;
        let before = std::mem::replace(
            &mut self.ids,
            self.quantizer.balanced_ids(&self.catalogue.content, &self.config.quantizer),
        );
        Ok(self.measure(&before, &sums))
    }

    /// Where things stand, with the means of the updates since.
    fn measure(&self, before: &Ids, sums: &Sums) -> Epoch {
        let levels = self.tokens.levels;
        let mean = |sum: f64| sum / sums.updates.max(1) as f64;
        let share = |sum: usize| sum as f64 / sums.assigned.max(1) as f64;
        Epoch {
            epoch: self.epoch,
            generation: mean(sums.generation),
            quantization: mean(sums.quantization),
            reconstruction: mean(sums.reconstruction),
            levels: (0..levels).map(|level| level_health(&self.ids.level(level), self.tokens.codes)).collect(),
            conflicts: conflicts(&self.ids.codes, levels),
            drift: drift(&before.codes, &self.ids.codes, levels),
            drift_total: drift(&self.first_ids.codes, &self.ids.codes, levels),
            agreement: share(sums.agreed),
            assignment_entropy: mean(sums.entropy),
            sigma: self.sigma.iter().sum::<f64>() / levels as f64,
            noisy: share(sums.noisy),
            validation: None,
        }
    }

    /// Ranks every user's held-out item of a fold.
    ///
    /// # Errors
    /// As [`Searcher::ranks`].
    pub async fn evaluate(&self, fold: Fold) -> Result<Ranking> {
        let users = match self.config.evaluation_users {
            0 => self.catalogue.histories.len(),
            some => some.min(self.catalogue.histories.len()),
        };
        let questions = (0..users).filter_map(|user| self.catalogue.question(user, fold, 0));
        let questions: Vec<(&[u32], u32)> = questions.map(|(known, target)| (self.newest(known), target)).collect();
        let Self { model, params, tokens, ids, .. } = self;
        let searcher = Searcher { config: model, params, tokens: *tokens, ids, beams: self.config.beams };
        let ranks = searcher.ranks(&questions).await?;
        let mean = |worth: &dyn Fn(Option<usize>) -> f64| {
            ranks.iter().map(|r| worth(*r)).sum::<f64>() / ranks.len().max(1) as f64
        };
        Ok(Ranking {
            recall: KS.map(|k| mean(&|rank| recall_at_k(rank, k))),
            ndcg: KS.map(|k| mean(&|rank| ndcg_at_k(rank, k))),
            hits: ranks.iter().map(|rank| u8::from(rank.is_some_and(|rank| rank < KS[1]))).collect(),
        })
    }

    fn newest<'a>(&self, known: &'a [u32]) -> &'a [u32] {
        &known[known.len().saturating_sub(self.config.max_history)..]
    }

    fn temperature(&self) -> f64 {
        let SemanticConfig { temperature, final_temperature, epochs, .. } = self.config;
        let way = self.epoch as f64 / epochs.max(2).saturating_sub(1) as f64;
        final_temperature.map_or(temperature, |last| temperature * (last / temperature).powf(way.min(1.0)))
    }

    async fn update(&mut self, users: &[usize], draws: &mut Stream, sums: &mut Sums) -> Result<()> {
        let questions = users.iter().filter_map(|&user| {
            let back = draws.below((self.catalogue.histories[user].len() - 3).max(1) as u32) as usize;
            let (known, target) = self.catalogue.question(user, Fold::Train, back)?;
            Some((self.newest(known), target))
        });
        let batch = Batch::new(questions.collect::<Vec<_>>().into_iter());
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
        let Self { config, model, params, quantizer, tokens, .. } = self;
        let parts = Parts { config: model, params, quantizer, tokens: *tokens, suffix: &suffix };
        let shares = Shares {
            generation: 1.0,
            quantization: config.quantization,
            reconstruction: config.reconstruction,
            commitment: config.commitment,
        };
        let mut found = joint(&parts, &batch, &draw, config.routes, shares).await?;
        if !found.generation.is_finite() {
            return Err(Error::NotFinite(format!(
                "the loss of update {} is {}; a smaller learning_rate or codebook_learning_rate helps",
                self.updates + 1,
                found.generation
            )));
        }
        self.updates += 1;
        self.step(&mut found.model_gradient, &mut found.codebook_gradient);
        let levels = self.tokens.levels;
        for level in 0..levels {
            let assigned: Vec<u32> = found.deterministic.iter().skip(level).step_by(levels).copied().collect();
            self.usage[level].observe(&assigned);
        }
        if let Some(lambda) = self.config.lambda {
            let [low, high] = SIGMA_RANGE;
            for sigma in &mut self.sigma {
                let (_, slope) = sigma_loss(found.generation, sigma.abs(), lambda);
                *sigma = (sigma.abs() - self.config.sigma_learning_rate * slope).clamp(low, high);
            }
        }
        sums.add(&found, noisy);
        Ok(())
    }

    /// Noise of a batch's items times its scale (n, L, K), and how many assignments have any.
    fn noise(&self, content: &[f32], draws: &mut Stream) -> (Vec<f32>, usize) {
        let (levels, size) = (self.tokens.levels, self.tokens.codes);
        let items = content.len() / self.catalogue.dim;
        let mut noise = vec![0.0_f32; items * levels * size];
        if self.config.noise == IndexNoise::None {
            return (noise, 0);
        }
        let plain = self.config.hot_ratio.map(|ratio| (ratio, self.quantizer.nearest_ids(content)));
        let mut noisy = 0;
        for (at, row) in noise.chunks_exact_mut(size).enumerate() {
            let level = at % levels;
            let hot = plain.as_ref().is_none_or(|(ratio, ids)| self.usage[level].is_hot(ids.codes[at], *ratio));
            let scale = noise_scale(self.sigma[level]);
            if !hot || scale == 0.0 {
                continue;
            }
            noisy += 1;
            for value in row {
                let drawn = match self.config.noise {
                    IndexNoise::Gaussian => GUMBEL_MEAN + GUMBEL_DEVIATION * draws.normal(),
                    _ => gumbel(draws.uniform()),
                };
                *value = (scale * drawn) as f32;
            }
        }
        (noise, noisy)
    }

    fn step(&mut self, model_gradient: &mut [f32], codebook_gradient: &mut [f32]) {
        let SemanticConfig { learning_rate, codebook_learning_rate, weight_decay, max_grad_norm, .. } = self.config;
        let optimizer = |learning_rate, weight_decay| OptimizerConfig {
            learning_rate,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay,
            max_grad_norm,
        };
        clip(model_gradient, max_grad_norm);
        clip(codebook_gradient, max_grad_norm);
        let [model, codebook] = &mut self.moments;
        let (rate, time) = (optimizer(learning_rate, weight_decay), self.updates);
        adamw(&rate, time, &mut self.params, model_gradient, &mut model.first, &mut model.second);
        if codebook_learning_rate > 0.0 {
            let rate = optimizer(codebook_learning_rate, 0.0);
            let books = &mut self.quantizer.codebooks;
            adamw(&rate, time, books, codebook_gradient, &mut codebook.first, &mut codebook.second);
        }
    }
}

fn clip(gradient: &mut [f32], most: f64) {
    let norm = gradient.iter().map(|g| f64::from(*g) * f64::from(*g)).sum::<f64>().sqrt();
    if most > 0.0 && norm > most {
        let scale = (most / norm) as f32;
        gradient.iter_mut().for_each(|g| *g *= scale);
    }
}

/// Sums over the updates of an epoch.
#[derive(Default)]
struct Sums {
    updates: usize,
    generation: f64,
    quantization: f64,
    reconstruction: f64,
    entropy: f64,
    agreed: usize,
    assigned: usize,
    noisy: usize,
}

impl Sums {
    fn add(&mut self, found: &super::joint::Joint, noisy: usize) {
        self.updates += 1;
        self.generation += found.generation;
        self.quantization += found.quantization;
        self.reconstruction += found.reconstruction;
        self.entropy += found.assignment_entropy;
        self.agreed += found.codes.iter().zip(&found.deterministic).filter(|(a, b)| a == b).count();
        self.assigned += found.codes.len();
        self.noisy += noisy;
    }
}
