//! A run of the second lab: epochs of joint updates, kept ids in between, and what came of each epoch.
//!
//! Not here: one update (`update.rs`), the loss (`joint.rs`), the beam search (`beam.rs`), many runs side by side (`experiment.rs`).

use super::beam::Searcher;
use super::catalogue::{Catalogue, Fold};
use super::config::SemanticConfig;
use super::decay::Usage;
use super::device::{OnDevice, Saved};
use super::epoch::{Epoch, Ranking, Sums};
use super::health::{LevelHealth, conflicts, drift, level_health};
use super::quantizer::{Ids, ResidualQuantizer};
use super::tokens::Tokens;
use super::update::Moments;
use crate::engine::Pulse;
use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;
use crate::model::config::{Family, ModelConfig};
use crate::model::params;

/// An epoch that has begun: it can be left between two updates and gone on with.
struct Begun {
    users: Vec<usize>,
    done: usize,
    draws: Stream,
    sums: Sums,
}

/// A run in progress.
pub struct SemanticRun {
    pub(super) config: SemanticConfig,
    pub(super) catalogue: Catalogue,
    pub(super) model: ModelConfig,
    pub(super) tokens: Tokens,
    pub(super) params: Vec<f32>,
    pub(super) quantizer: ResidualQuantizer,
    pub(super) ids: Ids,
    first_ids: Ids,
    /// Of the recommender, the codebooks, σ.
    pub(super) moments: [Moments; 3],
    pub(super) usage: Vec<Usage>,
    /// One for all levels: the loss that moves it is the same for each.
    pub(super) sigma: f64,
    pub(super) updates: usize,
    pub(super) epoch: usize,
    key: Key,
    begun: Option<Begun>,
    /// Where updates are computed, if not here; whether that was decided; what the epoch on it began with.
    pub(super) device: Option<OnDevice>,
    pub(super) opened: bool,
    pub(super) saved: Option<Saved>,
}

impl SemanticRun {
    /// Makes codebooks from the catalogue's vectors and a fresh recommender.
    ///
    /// # Errors
    /// `bad-input` naming the value that cannot be, and what can.
    pub fn start(catalogue: Catalogue, config: SemanticConfig) -> Result<Self> {
        config.validate(catalogue.items())?;
        catalogue.check()?;
        let key = Key::from_seed(config.seed).derive(7); // not the catalogue's draws, should it have the same seed
        let quantizer = ResidualQuantizer::fit(&catalogue.content, catalogue.dim, &config.quantizer(), key.derive(0))?;
        let ids = quantizer.balanced_ids(&catalogue.content, &config.quantizer());
        let most = ids.suffix.iter().max().map_or(0, |suffix| *suffix as usize + 1);
        if most > config.suffixes {
            return Err(Error::bad_input(format!(
                "suffixes: {most} items share all their codes and {} suffixes tell apart no more; take more levels or codes, or \
                 suffixes={most}",
                config.suffixes
            )));
        }
        let tokens = Tokens { levels: config.levels, codes: config.codes, suffixes: config.suffixes };
        let model = recommender(&config, tokens)?;
        let params = params::init(&model, config.seed);
        let moments = [params.len(), quantizer.codebooks.len(), 1].map(Moments::new);
        let usage = vec![Usage::new(config.codes, config.usage_momentum); config.levels];
        let (sigma, first_ids) = (config.sigma, ids.clone());
        let (updates, epoch, begun) = (0, 0, None);
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
            updates,
            epoch,
            key,
            begun,
            device: None,
            opened: false,
            saved: None,
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

    /// Parameters of the recommender.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.params.len()
    }

    /// Epochs done.
    #[must_use]
    pub fn epochs_done(&self) -> usize {
        self.epoch
    }

    #[must_use]
    pub fn finished(&self) -> bool {
        self.epoch >= self.config.epochs
    }

    /// Where things stand before the first epoch.
    ///
    /// # Errors
    /// As [`SemanticRun::evaluate`] and [`SemanticRun::open`].
    pub async fn first(&mut self, pulse: &Pulse) -> Result<Epoch> {
        self.open().await?;
        let mut epoch = self.measure(&self.ids, &Sums::default());
        if self.config.evaluation_epochs > 0 {
            epoch.validation = Some(self.evaluate(Fold::Validation, self.config.evaluation_users, pulse).await?);
        }
        Ok(epoch)
    }

    /// One epoch: one question a user, in a new order; then the ids are made anew and everything is measured. `on_update` hears of the
    /// updates done, and of how many there are. After a cancel, the next call goes on with the epoch where it was left; after an error on
    /// a GPU, it begins the epoch anew.
    ///
    /// # Errors
    /// `not-finite` when the loss is no number; `cancelled`; `bad-input` when the run is over; those of [`SemanticRun::open`].
    pub async fn epoch(&mut self, pulse: &Pulse, on_update: &mut dyn FnMut(usize, usize)) -> Result<Epoch> {
        if self.finished() {
            return Err(Error::bad_input(format!("the run is over after its {} epochs", self.config.epochs)));
        }
        self.open().await?;
        let mut begun = match self.begun.take() {
            Some(begun) => begun,
            None => {
                self.save();
                self.begin()
            }
        };
        if let Err(error) = self.updates(&mut begun, pulse, on_update).await {
            match error {
                Error::Cancelled => self.begun = Some(begun),
                _ => self.restore(),
            }
            return Err(error);
        }
        let after = self.quantizer.balanced_ids(&self.catalogue.content, &self.config.quantizer());
        let before = std::mem::replace(&mut self.ids, after);
        let mut measured = self.measure(&before, &begun.sums);
        self.epoch += 1;
        measured.epoch = self.epoch;
        let every = self.config.evaluation_epochs;
        if every > 0 && self.epoch.is_multiple_of(every) {
            measured.validation = Some(self.evaluate(Fold::Validation, self.config.evaluation_users, pulse).await?);
        }
        Ok(measured)
    }

    /// The updates that the epoch still lacks. However it ends, the parameters here are those of the last update.
    async fn updates(
        &mut self,
        begun: &mut Begun,
        pulse: &Pulse,
        on_update: &mut dyn FnMut(usize, usize),
    ) -> Result<()> {
        let total = begun.users.len().div_ceil(self.config.batch_size);
        while begun.done < total {
            if let Err(cancelled) = pulse.beat().await {
                self.fetch().await?;
                return Err(cancelled);
            }
            let size = self.config.batch_size;
            let users = begun.users.chunks(size).nth(begun.done).unwrap_or_default();
            self.update(users, &mut begun.draws, &mut begun.sums).await?;
            begun.done += 1;
            on_update(begun.done, total);
        }
        self.fetch().await
    }

    fn begin(&self) -> Begun {
        let mut draws = Stream::new(self.key.derive(1).derive(self.epoch as u32));
        let asked = |user: &usize| self.catalogue.question(*user, Fold::Train, 0).is_some();
        let mut users: Vec<usize> = (0..self.catalogue.histories.len()).filter(asked).collect();
        draws.shuffle(&mut users);
        Begun { users, done: 0, draws, sums: Sums::default() }
    }

    /// Where things stand, with the means of the updates since.
    fn measure(&self, before: &Ids, sums: &Sums) -> Epoch {
        let nearest = self.quantizer.nearest_ids(&self.catalogue.content);
        let health = |ids: &Ids| -> Vec<LevelHealth> {
            (0..self.tokens.levels).map(|level| level_health(&ids.level(level), self.tokens.codes)).collect()
        };
        let [generation, quantization, reconstruction, assignment_entropy] = sums.means();
        let [agreement, noisy] = sums.shares();
        Epoch {
            epoch: self.epoch,
            generation,
            quantization,
            reconstruction,
            levels: health(&self.ids),
            nearest: health(&nearest),
            conflicts: conflicts(&self.ids.codes, self.tokens.levels),
            drift: drift(&before.codes, &self.ids.codes, self.tokens.levels),
            drift_total: drift(&self.first_ids.codes, &self.ids.codes, self.tokens.levels),
            agreement,
            assignment_entropy,
            sigma: self.sigma,
            temperature: self.temperature(),
            noisy,
            validation: None,
        }
    }

    /// Ranks the held-out item of the first `users` users (0: of all).
    ///
    /// # Errors
    /// As [`Searcher::ranks`].
    pub async fn evaluate(&self, fold: Fold, users: usize, pulse: &Pulse) -> Result<Ranking> {
        let all = self.catalogue.histories.len();
        let users = if users == 0 { all } else { users.min(all) };
        let questions = (0..users).filter_map(|user| self.catalogue.question(user, fold, 0));
        let questions: Vec<(&[u32], u32)> = questions.map(|(known, target)| (self.newest(known), target)).collect();
        Ok(Ranking::new(&self.searcher().ranks(&questions, pulse).await?))
    }

    /// The recommender as it is now.
    #[must_use]
    pub fn searcher(&self) -> Searcher<'_> {
        let Self { model, params, tokens, ids, .. } = self;
        Searcher { config: model, params, tokens: *tokens, ids, beams: self.config.beams }
    }

    pub(super) fn newest<'a>(&self, known: &'a [u32]) -> &'a [u32] {
        &known[known.len().saturating_sub(self.config.max_history)..]
    }

    /// τ of this epoch.
    pub(super) fn temperature(&self) -> f64 {
        let SemanticConfig { temperature, final_temperature, epochs, .. } = self.config;
        let way = self.epoch as f64 / epochs.max(2).saturating_sub(1) as f64;
        final_temperature.map_or(temperature, |last| temperature * (last / temperature).powf(way.min(1.0)))
    }
}

/// A small Llama over the vocabulary of codes.
///
/// # Errors
/// As [`ModelConfig::validate`].
pub fn recommender(config: &SemanticConfig, tokens: Tokens) -> Result<ModelConfig> {
    let heads = config.hidden_size / 8;
    let model = ModelConfig {
        family: Family::Llama,
        hidden_size: config.hidden_size,
        intermediate_size: 3 * config.hidden_size,
        num_hidden_layers: config.num_hidden_layers,
        num_attention_heads: heads,
        num_key_value_heads: heads,
        head_dim: 8,
        max_position_embeddings: 1 + config.max_history + tokens.per_item(),
        ..ModelConfig::preset("nano", tokens.vocabulary())?
    };
    model.validate()?;
    Ok(model)
}
