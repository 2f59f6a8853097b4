//! Low-rank adapters: which matrices have one, and every adapter parameter as a slice of one flat `f32` buffer.
//!
//! Not here: the files they are kept in (`weights/peft.rs`), and how they are computed with (`engine/packed/`).
//!
//! A matrix W (out, in) with an adapter gives y = W x + (`lora_alpha` / r) · B (A x), A (r, in) and B (out, r). B starts at 0, so that an
//! untrained adapter changes nothing. Source: Hu et al. 2021, arXiv 2106.09685; names and first values are those of Hugging Face PEFT.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::config::ModelConfig;
use super::params::ParamSpec;
use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;

/// A matrix of a decoder layer, by its name in Hugging Face's models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    QProj,
    KProj,
    VProj,
    OProj,
    GateProj,
    UpProj,
    DownProj,
}

impl Target {
    /// All, in the order of the parameters.
    pub const ALL: [Self; 7] =
        [Self::QProj, Self::KProj, Self::VProj, Self::OProj, Self::GateProj, Self::UpProj, Self::DownProj];

    /// `q_proj`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::QProj => "q_proj",
            Self::KProj => "k_proj",
            Self::VProj => "v_proj",
            Self::OProj => "o_proj",
            Self::GateProj => "gate_proj",
            Self::UpProj => "up_proj",
            Self::DownProj => "down_proj",
        }
    }

    /// The target of this name.
    ///
    /// # Errors
    /// `bad-input` listing the names.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::bad_input(format!("`lora_target_modules`: expected some of {names}; found `{name}`"))
        })
    }

    /// Where in a layer it is: `self_attn` or `mlp`.
    #[must_use]
    pub fn part(self) -> &'static str {
        match self {
            Self::QProj | Self::KProj | Self::VProj | Self::OProj => "self_attn",
            Self::GateProj | Self::UpProj | Self::DownProj => "mlp",
        }
    }

    /// Its shape: (out, in).
    #[must_use]
    pub fn shape(self, config: &ModelConfig) -> [usize; 2] {
        let (width, inner) = (config.hidden_size, config.intermediate_size);
        let (q, kv) = (config.query_width(), config.key_value_width());
        match self {
            Self::QProj => [q, width],
            Self::KProj | Self::VProj => [kv, width],
            Self::OProj => [width, q],
            Self::GateProj | Self::UpProj => [inner, width],
            Self::DownProj => [width, inner],
        }
    }
}

/// Where the two sides of one matrix's adapter lie in the flat buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// (r, in)
    pub a: Range<usize>,
    /// (out, r)
    pub b: Range<usize>,
    /// out
    pub rows: usize,
    /// in
    pub width: usize,
}

/// The places of all matrices with an adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places(Vec<[Option<Place>; 7]>);

impl Places {
    /// The place of a matrix of a layer, if it has an adapter.
    #[must_use]
    pub fn of(&self, layer: usize, target: Target) -> Option<&Place> {
        self.0.get(layer).and_then(|own| own[target as usize].as_ref())
    }

    /// Whether these parameters change nothing: B is 0 everywhere, as in a fresh adapter.
    #[must_use]
    pub fn are_off(&self, params: &[f32]) -> bool {
        self.0.iter().flatten().flatten().all(|place| params[place.b.clone()].iter().all(|b| *b == 0.0))
    }
}

/// The shape of an adapter, in PEFT's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoraConfig {
    /// The rank, 1 to 256.
    pub r: usize,
    /// B (A x) is multiplied by this over the rank.
    pub lora_alpha: f64,
    /// Which matrices of every layer; each once, in the order of [`Target::ALL`].
    pub target_modules: Vec<Target>,
}

impl Default for LoraConfig {
    /// Rank 8, α 16, all seven matrices.
    fn default() -> Self {
        Self { r: 8, lora_alpha: 16.0, target_modules: Target::ALL.to_vec() }
    }
}

impl LoraConfig {
    /// Checks the ranges and puts the targets in order.
    ///
    /// # Errors
    /// `bad-input` naming the key.
    pub fn new(r: usize, lora_alpha: f64, mut target_modules: Vec<Target>) -> Result<Self> {
        if !(1..=256).contains(&r) {
            return Err(Error::bad_input(format!("`lora_r` must be 1 to 256; got {r}")));
        }
        if !(lora_alpha > 0.0 && lora_alpha <= 1e4) {
            return Err(Error::bad_input(format!("`lora_alpha` must be above 0 and at most 10000; got {lora_alpha}")));
        }
        target_modules.sort_unstable();
        target_modules.dedup();
        if target_modules.is_empty() {
            return Err(Error::bad_input("`lora_target_modules` must name at least one matrix; `q_proj` for instance"));
        }
        Ok(Self { r, lora_alpha, target_modules })
    }

    /// What B (A x) is multiplied by.
    #[must_use]
    pub fn scale(&self) -> f32 {
        (self.lora_alpha / self.r as f64) as f32
    }

    /// Every adapter tensor in buffer order: layer by layer, target by target, A before B. Names are PEFT's.
    #[must_use]
    pub fn layout(&self, config: &ModelConfig) -> Vec<ParamSpec> {
        let (mut specs, mut offset) = (Vec::new(), 0);
        for layer in 0..config.num_hidden_layers {
            for target in &self.target_modules {
                let [out, width] = target.shape(config);
                for (side, shape) in [("A", [self.r, width]), ("B", [out, self.r])] {
                    let (part, name) = (target.part(), target.name());
                    let name = format!("base_model.model.model.layers.{layer}.{part}.{name}.lora_{side}.weight");
                    let len = shape.iter().product();
                    specs.push(ParamSpec { name, shape: shape.to_vec(), offset, len });
                    offset += len;
                }
            }
        }
        specs
    }

    /// Where each matrix's two sides lie.
    #[must_use]
    pub fn places(&self, config: &ModelConfig) -> Places {
        let (mut places, specs) = (vec![[const { None }; 7]; config.num_hidden_layers], self.layout(config));
        let all = (0..config.num_hidden_layers).flat_map(|layer| self.target_modules.iter().map(move |t| (layer, *t)));
        for ((layer, target), sides) in all.zip(specs.as_chunks::<2>().0) {
            let [rows, width] = target.shape(config);
            let [a, b] = sides.each_ref().map(ParamSpec::range);
            places[layer][target as usize] = Some(Place { a, b, rows, width });
        }
        Places(places)
    }

    /// The length of the flat buffer.
    #[must_use]
    pub fn count(&self, config: &ModelConfig) -> usize {
        self.layout(config).last().map_or(0, |spec| spec.offset + spec.len)
    }

    /// A fresh adapter: A uniform within 1/√in (Kaiming's with a = √5, as PEFT has it), B all 0. The same `seed` gives the same values
    /// on every machine.
    #[must_use]
    pub fn init(&self, config: &ModelConfig, seed: u64) -> Vec<f32> {
        let mut draws = Stream::new(Key::from_seed(seed));
        let mut params = Vec::with_capacity(self.count(config));
        for spec in self.layout(config) {
            let bound = if spec.name.contains("lora_A") { (spec.shape[1] as f64).sqrt().recip() } else { 0.0 };
            params.extend((0..spec.len).map(|_| match bound > 0.0 {
                true => (bound * (2.0 * draws.uniform() - 1.0)) as f32,
                false => 0.0,
            }));
        }
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_contiguous_and_named_as_peft_names_it() {
        let config = ModelConfig::preset("nano", 64).unwrap();
        let lora = LoraConfig::new(4, 8.0, vec![Target::DownProj, Target::QProj, Target::QProj]).unwrap();
        let specs = lora.layout(&config);
        assert_eq!(specs.len(), 2 * 2 * 2); // layers, targets, sides
        assert_eq!(specs[0].name, "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight");
        assert_eq!(specs[7].name, "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight");
        assert_eq!((specs[0].shape.as_slice(), specs[3].shape.as_slice()), ([4, 64].as_slice(), [64, 4].as_slice()));
        let mut end = 0;
        for spec in &specs {
            assert_eq!((spec.offset, spec.len), (end, spec.shape.iter().product()));
            end += spec.len;
        }
        assert_eq!(end, lora.count(&config));
        assert_eq!(lora.scale(), 2.0);
    }

    #[test]
    fn a_fresh_adapter_is_spread_in_a_and_nothing_in_b() {
        let config = ModelConfig::preset("nano", 64).unwrap();
        let lora = LoraConfig::default();
        let params = lora.init(&config, 3);
        assert_eq!(params, lora.init(&config, 3));
        assert_ne!(params, lora.init(&config, 4));
        for spec in lora.layout(&config) {
            let values = &params[spec.range()];
            if spec.name.contains("lora_B") {
                assert!(values.iter().all(|b| *b == 0.0));
                continue;
            }
            let variance = values.iter().map(|a| f64::from(*a).powi(2)).sum::<f64>() / values.len() as f64;
            let wanted = 1.0 / (3.0 * spec.shape[1] as f64); // of a uniform within 1/√in
            // A sample variance of n uniforms has relative deviation √(0.8/n); 512 here at least: five of them.
            assert!((variance / wanted - 1.0).abs() <= 0.2, "{}: {variance} against {wanted}", spec.name);
        }
    }

    #[test]
    fn what_makes_no_adapter_is_refused_by_name() {
        for (r, alpha, targets, key) in [
            (0, 1.0, vec![Target::QProj], "lora_r"),
            (8, 0.0, vec![Target::QProj], "lora_alpha"),
            (8, f64::NAN, vec![Target::QProj], "lora_alpha"),
            (8, 1.0, vec![], "lora_target_modules"),
        ] {
            let error = LoraConfig::new(r, alpha, targets).unwrap_err();
            assert!(error.to_string().contains(key), "{error}");
        }
        assert!(Target::from_name("lm_head").unwrap_err().to_string().contains("down_proj"));
        assert_eq!(Target::from_name("o_proj").unwrap(), Target::OProj);
    }
}
