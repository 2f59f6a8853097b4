//! The settings of a run, and the arms of the comparison by name.
//!
//! Not here: the catalogue's and the quantiser's own settings (`catalogue.rs`, `quantizer.rs`).

use serde::{Deserialize, Serialize};

use super::assignment::Forward;
use super::joint::Routes;
use super::quantizer::QuantizerConfig;
use crate::error::{Error, Result};

/// Which noise the scores of codes get while training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexNoise {
    /// A plain straight-through estimator.
    None,
    Gumbel,
    /// Of the same mean and variance as Gumbel noise, as a control.
    Gaussian,
}

/// Settings of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SemanticConfig {
    /// The name of the arm these settings were made from.
    pub arm: String,
    pub quantizer: QuantizerConfig,
    pub seed: u64,
    pub epochs: usize,
    /// Questions an update.
    pub batch_size: usize,
    /// Newest items of a history that are looked at.
    pub max_history: usize,
    /// Width of the recommender; its heads are 8 wide.
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub learning_rate: f64,
    /// Of the codebooks; 0 leaves them as k-means made them.
    pub codebook_learning_rate: f64,
    pub weight_decay: f64,
    pub max_grad_norm: f64,
    /// Whether L_gen reaches the codebooks, and by which ways.
    pub routes: Routes,
    /// Weights of L_vq and L_recon; L_gen has 1.
    pub quantization: f64,
    pub reconstruction: f64,
    /// β of the commitment inside L_vq.
    pub commitment: f64,
    pub noise: IndexNoise,
    /// τ of the soft assignment.
    pub temperature: f64,
    /// τ at the end, reached geometrically; none: it stays.
    pub final_temperature: Option<f64>,
    pub forward: Forward,
    /// FrqUD: noise only where the code is taken more than this many times as often as on the average; none: everywhere.
    pub hot_ratio: Option<f64>,
    /// Momentum of that average.
    pub usage_momentum: f64,
    /// SDUD: λ of the learned noise scale; none: the scale stays at `sigma`.
    pub lambda: Option<f64>,
    /// The noise scale σ, or where it starts.
    pub sigma: f64,
    pub sigma_learning_rate: f64,
    /// Paths of the beam search.
    pub beams: usize,
    /// Users asked at each evaluation; 0: all.
    pub evaluation_users: usize,
}

impl Default for SemanticConfig {
    fn default() -> Self {
        Self {
            arm: "dril".into(),
            quantizer: QuantizerConfig::default(),
            seed: 0,
            epochs: 30,
            batch_size: 64,
            max_history: 8,
            hidden_size: 32,
            num_hidden_layers: 2,
            learning_rate: 3e-3,
            codebook_learning_rate: 3e-3,
            weight_decay: 0.05,
            max_grad_norm: 1.0,
            routes: Routes::default(),
            quantization: 1.0,
            reconstruction: 1.0,
            commitment: 0.25,
            noise: IndexNoise::Gumbel,
            temperature: 2.0,
            final_temperature: None,
            forward: Forward::Sampled,
            hot_ratio: None,
            usage_momentum: 0.99,
            lambda: None,
            sigma: 1.0,
            sigma_learning_rate: 1e-3,
            beams: 20,
            evaluation_users: 0,
        }
    }
}

/// The arms of the comparison, in the order they are shown.
pub const ARMS: [&str; 9] = [
    "frozen",
    "straight-through",
    "dril",
    "dril-frequency",
    "dril-uncertainty",
    "dril-both",
    "detached",
    "annealed",
    "gaussian",
];

impl SemanticConfig {
    /// The settings of an arm.
    ///
    /// # Errors
    /// `bad-input` naming the arms there are.
    pub fn arm(name: &str) -> Result<Self> {
        let usual = Self { arm: name.into(), ..Self::default() };
        Ok(match name {
            "frozen" => Self {
                codebook_learning_rate: 0.0,
                routes: Routes::DETACHED,
                noise: IndexNoise::None,
                forward: Forward::Cached,
                ..usual
            },
            "straight-through" => Self { noise: IndexNoise::None, ..usual },
            "dril" => usual,
            "dril-frequency" => Self { hot_ratio: Some(1.5), ..usual },
            "dril-uncertainty" => Self { lambda: Some(1.7), ..usual },
            "dril-both" => Self { hot_ratio: Some(1.5), lambda: Some(1.7), ..usual },
            "detached" => Self { routes: Routes::DETACHED, ..usual },
            "annealed" => Self { final_temperature: Some(0.1), ..usual },
            "gaussian" => Self { noise: IndexNoise::Gaussian, ..usual },
            other => {
                return Err(Error::bad_input(format!("arm: expected one of {}, got {other:?}", ARMS.join(", "))));
            }
        })
    }

    /// # Errors
    /// `bad-input` naming the value that cannot be, and what can.
    pub fn validate(&self, items: usize) -> Result<()> {
        self.quantizer.validate(items)?;
        let number = |name: &str, value: f64, low: f64, high: f64| match value >= low && value <= high {
            true => Ok(()),
            false => Err(Error::bad_input(format!("{name}: expected {low} to {high}, got {value}"))),
        };
        let whole =
            |name: &str, value: usize, low: usize, high: usize| number(name, value as f64, low as f64, high as f64);
        whole("epochs", self.epochs, 0, 10_000)?;
        whole("batch_size", self.batch_size, 1, 4096)?;
        whole("max_history", self.max_history, 1, 50)?;
        whole("num_hidden_layers", self.num_hidden_layers, 1, 12)?;
        if !(8..=512).contains(&self.hidden_size) || !self.hidden_size.is_multiple_of(8) {
            let size = self.hidden_size;
            return Err(Error::bad_input(format!("hidden_size: expected a multiple of 8 from 8 to 512, got {size}")));
        }
        whole("beams", self.beams, 1, 200)?;
        number("learning_rate", self.learning_rate, 0.0, 1.0)?;
        number("codebook_learning_rate", self.codebook_learning_rate, 0.0, 1.0)?;
        number("temperature", self.temperature, 0.01, 100.0)?;
        number("final_temperature", self.final_temperature.unwrap_or(1.0), 0.01, 100.0)?;
        number("hot_ratio", self.hot_ratio.unwrap_or(1.0), 0.0, 100.0)?;
        number("usage_momentum", self.usage_momentum, 0.0, 1.0)?;
        number("lambda", self.lambda.unwrap_or(1.0), 0.0, 100.0)?;
        number("sigma", self.sigma, 0.0, 100.0)
    }
}
