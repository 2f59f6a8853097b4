//! The settings of a run, and the arms of the comparison by name.
//!
//! Not here: the catalogue's own settings (`catalogue.rs`), what is done with these (`trainer.rs`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::assignment::Forward;
use super::joint::Routes;
use super::quantizer::QuantizerConfig;
use crate::engine::choose::EngineChoice;
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

/// Settings of a run; in a file, a plan or an option they have these names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SemanticConfig {
    /// The name of the arm these settings were made from.
    pub arm: String,
    pub seed: u64,
    /// What computes the updates; ids, searches and measures are the CPU's.
    pub engine: EngineChoice,
    /// L, 1 to 8.
    pub levels: usize,
    /// K, 2 to 1024.
    pub codes: usize,
    /// How many items that share all codes the suffix can tell apart, at the start.
    pub suffixes: usize,
    /// Rounds of k-means before training.
    pub kmeans_rounds: usize,
    /// The entropic weight of the balanced assignment that ids are kept by; 0: each item takes its nearest code.
    pub sinkhorn_epsilon: f64,
    pub sinkhorn_iterations: usize,
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
    /// Updates until both rates are whole; from then on they fall to 0 along a cosine. σ's own rate stays.
    pub warm_up: usize,
    pub weight_decay: f64,
    pub max_grad_norm: f64,
    /// Whether L_gen reaches the codebooks through the inputs that say what a user met before,
    pub route_history: bool,
    /// through the inputs that say the target's codes so far,
    pub route_target: bool,
    /// and through the labels.
    pub route_labels: bool,
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
    /// Epochs between two evaluations on the validation fold; 0: only at the end.
    pub evaluation_epochs: usize,
    /// Users asked at each of those; 0: all. The end asks all.
    pub evaluation_users: usize,
}

impl Default for SemanticConfig {
    fn default() -> Self {
        let QuantizerConfig { levels, codes, kmeans_rounds, sinkhorn_epsilon, sinkhorn_iterations } =
            QuantizerConfig::default();
        Self {
            arm: "dril".into(),
            seed: 0,
            engine: EngineChoice::Cpu,
            levels,
            codes,
            suffixes: 16,
            kmeans_rounds,
            sinkhorn_epsilon,
            sinkhorn_iterations,
            epochs: 60,
            batch_size: 128,
            max_history: 6,
            hidden_size: 32,
            num_hidden_layers: 2,
            learning_rate: 5e-3,
            codebook_learning_rate: 3e-3,
            warm_up: 20,
            weight_decay: 0.05,
            max_grad_norm: 1.0,
            route_history: true,
            route_target: true,
            route_labels: true,
            quantization: 1.0,
            reconstruction: 1.0,
            commitment: 0.25,
            noise: IndexNoise::Gumbel,
            temperature: 2.0,
            final_temperature: None,
            forward: Forward::Cached,
            hot_ratio: None,
            usage_momentum: 0.99,
            lambda: None,
            sigma: 1.0,
            sigma_learning_rate: 5e-3,
            beams: 20,
            evaluation_epochs: 10,
            evaluation_users: 200,
        }
    }
}

/// The arms of the comparison, in the order they are shown: name, and what is done to the code-books.
pub const ARMS: [(&str, &str); 9] = [
    ("frozen", "Codes from content alone, made once; only the recommender learns (two stages, as TIGER does it)."),
    (
        "straight-through",
        "The recommendation loss trains the codes through a plain straight-through estimator: the nearest code, no noise.",
    ),
    ("dril", "The same with Gumbel noise on the scores of codes."),
    ("dril-frequency", "Gumbel noise only where a code is taken too often (FrqUD)."),
    ("dril-uncertainty", "Gumbel noise whose scale is learned and fades as the loss falls (SDUD)."),
    ("dril-both", "A learned scale, and only where a code is taken too often."),
    ("detached", "As dril, but the recommendation loss never reaches the codes: a control."),
    ("annealed", "As dril, with a temperature that falls instead of noise that fades."),
    ("gaussian", "As dril, with Gaussian noise of the same mean and variance: a control."),
];

impl SemanticConfig {
    /// The settings of an arm.
    ///
    /// # Errors
    /// `bad-input` naming the arms there are.
    pub fn arm(name: &str) -> Result<Self> {
        let usual = Self { arm: name.into(), ..Self::default() };
        let detached = Self { route_history: false, route_target: false, route_labels: false, ..usual.clone() };
        Ok(match name {
            "frozen" => Self { codebook_learning_rate: 0.0, noise: IndexNoise::None, ..detached },
            // Naively: what is nearest now, at every update.
            "straight-through" => Self { noise: IndexNoise::None, forward: Forward::Sampled, ..usual },
            "dril" => usual,
            "dril-frequency" => Self { hot_ratio: Some(1.5), ..usual },
            "dril-uncertainty" => Self { lambda: Some(1.7), ..usual },
            "dril-both" => Self { hot_ratio: Some(1.5), lambda: Some(1.7), ..usual },
            "detached" => detached,
            "annealed" => Self { final_temperature: Some(0.1), ..usual },
            "gaussian" => Self { noise: IndexNoise::Gaussian, ..usual },
            other => {
                let names = ARMS.map(|(name, _)| name).join(", ");
                return Err(Error::bad_input(format!("arm: expected one of {names}; got {other:?}")));
            }
        })
    }

    /// The settings of an arm, overruled by `own`.
    ///
    /// # Errors
    /// `bad-input` naming the key or the arm.
    pub fn read(arm: &str, own: &Map<String, Value>) -> Result<Self> {
        let wrong = |e: serde_json::Error| Error::bad_input(format!("settings: {e}"));
        let mut all = serde_json::to_value(Self::arm(arm)?).map_err(wrong)?;
        for (key, value) in own {
            all[key] = value.clone();
        }
        all["arm"] = arm.into();
        serde_json::from_value(all).map_err(wrong)
    }

    /// Those of the residual quantiser.
    #[must_use]
    pub fn quantizer(&self) -> QuantizerConfig {
        let Self { levels, codes, kmeans_rounds, sinkhorn_epsilon, sinkhorn_iterations, .. } = *self;
        QuantizerConfig { levels, codes, kmeans_rounds, sinkhorn_epsilon, sinkhorn_iterations }
    }

    /// By which ways the recommendation loss reaches the codebooks.
    #[must_use]
    pub fn routes(&self) -> Routes {
        Routes { history: self.route_history, target: self.route_target, labels: self.route_labels }
    }

    /// # Errors
    /// `bad-input` naming the value that cannot be, and what can.
    pub fn validate(&self, items: usize) -> Result<()> {
        self.quantizer().validate(items)?;
        let number = |name: &str, value: f64, low: f64, high: f64| match value >= low && value <= high {
            true => Ok(()),
            false => Err(Error::bad_input(format!("{name}: expected {low} to {high}, got {value}"))),
        };
        let whole =
            |name: &str, value: usize, low: usize, high: usize| number(name, value as f64, low as f64, high as f64);
        whole("suffixes", self.suffixes, 1, 4096)?;
        whole("epochs", self.epochs, 0, 10_000)?;
        whole("warm_up", self.warm_up, 0, 1_000_000)?;
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
        number("weight_decay", self.weight_decay, 0.0, 1.0)?;
        number("max_grad_norm", self.max_grad_norm, 0.0, 1e6)?;
        number("quantization", self.quantization, 0.0, 1e6)?;
        number("reconstruction", self.reconstruction, 0.0, 1e6)?;
        number("commitment", self.commitment, 0.0, 1e6)?;
        number("temperature", self.temperature, 0.01, 100.0)?;
        number("final_temperature", self.final_temperature.unwrap_or(1.0), 0.01, 100.0)?;
        number("hot_ratio", self.hot_ratio.unwrap_or(1.0), 0.0, 100.0)?;
        number("usage_momentum", self.usage_momentum, 0.0, 1.0)?;
        number("lambda", self.lambda.unwrap_or(1.0), 1e-3, 100.0)?;
        number("sigma_learning_rate", self.sigma_learning_rate, 0.0, 1.0)?;
        number("sigma", self.sigma, 0.0, 100.0)
    }
}
