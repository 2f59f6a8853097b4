//! Bytes ⇄ checkpoints: safetensors under Hugging Face's names, GGUF under llama.cpp's.
//!
//! Not here: where bytes come from or go to (the doors do that), and what the parameters mean (`model/params.rs`).
//!
//! The bytes may be hostile. A file that is truncated, lying or broken ends in [`Error::BadWeights`] naming the field,
//! before anything the header merely claims is allocated.

mod block_rows;
pub mod blocks;
pub mod gguf;
mod gguf_config;
mod gguf_cursor;
mod gguf_model;
mod gguf_packed;
mod gguf_vocab;
pub mod gguf_write;
mod hf_folder;
pub mod large;
mod large_blocks;
pub mod large_folder;
pub mod packed;
pub mod peft;
pub mod plan;
pub mod quant;
pub mod rows;
pub mod safetensors;
mod safetensors_header;
pub mod source;

use std::collections::{BTreeMap, BTreeSet};

pub use self::gguf_model::gguf_name;
pub use self::packed::Packed;
pub use self::quant::QuantKind;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params;

/// Most tensors a file may list. The deepest accepted model has 1 539, its AdamW state three times as many.
pub(crate) const MAX_TENSORS: usize = 8192;

/// `__metadata__` keys of a lone safetensors file that are not provenance.
const FORMAT_KEY: &str = "format";
const CONFIG_KEY: &str = "config";
const TOKENIZER_KEY: &str = "tokenizer";

/// A model with everything needed to use it and to know where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Its sizes.
    pub config: ModelConfig,
    /// All parameters in the order of [`params::layout`], finite.
    pub params: Vec<f32>,
    /// The text of its tokenizer.json, if the file has one.
    pub tokenizer_json: Option<String>,
    /// Provenance: who made it, from what, with which seed. Keys that begin with `general.` are GGUF's own.
    pub metadata: BTreeMap<String, String>,
}

/// Read a checkpoint that is one file: GGUF, or safetensors as [`Checkpoint::to_safetensors`] writes it, with the
/// configuration in its metadata (`config`) and perhaps the tokenizer (`tokenizer`).
///
/// # Errors
/// `bad-weights` naming the field at fault.
pub fn read(bytes: &[u8]) -> Result<Checkpoint> {
    if bytes.starts_with(&gguf::MAGIC) {
        return gguf_model::read(bytes);
    }
    if bytes.get(8) != Some(&b'{') {
        return Err(Error::bad_weights("magic", "expected a GGUF or safetensors file, found neither"));
    }
    let mut file = safetensors::read(bytes)?;
    let config = file.metadata.remove(CONFIG_KEY).ok_or_else(|| {
        let message = "a safetensors file alone needs its config.json as this metadata entry; \
                       give config.json beside it instead";
        Error::bad_weights("__metadata__.config", message)
    })?;
    let tokenizer_json = file.metadata.remove(TOKENIZER_KEY);
    from_safetensors(ModelConfig::from_json(&config)?, file, tokenizer_json)
}

/// The parameters of a GGUF file with their matrices left in blocks of 8 or 4 bits; nothing where they are not all of one such kind.
/// For bytes that [`read`] takes.
///
/// # Errors
/// `bad-weights`, as [`read`].
pub fn read_packed(bytes: &[u8]) -> Result<Option<Packed>> {
    if bytes.starts_with(&gguf::MAGIC) { gguf_packed::read(bytes) } else { Ok(None) }
}

/// Read a Hugging Face model folder's files: `config.json`, `model.safetensors` and perhaps `tokenizer.json`.
///
/// # Errors
/// `bad-weights` naming the configuration key, header field or tensor at fault.
pub fn read_hf(config_json: &str, safetensors: &[u8], tokenizer_json: Option<&str>) -> Result<Checkpoint> {
    let config = ModelConfig::from_json(config_json)?;
    let mut file = safetensors::read(safetensors)?;
    file.metadata.remove(CONFIG_KEY);
    let embedded = file.metadata.remove(TOKENIZER_KEY);
    from_safetensors(config, file, tokenizer_json.map(str::to_owned).or(embedded))
}

fn from_safetensors(
    config: ModelConfig,
    mut file: safetensors::Safetensors<'_>,
    tokenizer_json: Option<String>,
) -> Result<Checkpoint> {
    let specs = params::layout(&config);
    let names: BTreeSet<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
    // A tied head may be stored twice, and old files hold RoPE's frequencies: both follow from what is read.
    let derived =
        |name: &str| name.ends_with("rotary_emb.inv_freq") || (config.tie_word_embeddings && name == "lm_head.weight");
    if let Some(extra) = file.tensors.keys().find(|name| !names.contains(name.as_str()) && !derived(name)) {
        return Err(Error::bad_weights(clip(extra), format!("no such tensor in a `{}` model", config.family.name())));
    }
    for spec in &specs {
        check_shape(&spec.name, &spec.shape, &file.tensor(&spec.name)?.shape)?;
    }
    // Only now, with every tensor known to be there, is the buffer allocated: at most twice the file.
    let mut params = params::zeros(&config)?;
    for spec in &specs {
        let values = &mut params[spec.range()];
        file.tensor(&spec.name)?.copy_to(values);
        check_finite(&spec.name, values)?;
    }
    file.metadata.remove(FORMAT_KEY);
    Ok(Checkpoint { config, params, tokenizer_json, metadata: file.metadata })
}

impl Checkpoint {
    /// Write F32 safetensors under Hugging Face's names, which transformers opens beside a config.json; the
    /// configuration, tokenizer and provenance travel in the metadata too, so that [`read`] needs no second file.
    ///
    /// # Errors
    /// `bad-input` when the parameters do not fit the configuration or a metadata key is one of `format`, `config`,
    /// `tokenizer`; `not-finite` naming a tensor with NaN or infinity.
    pub fn to_safetensors(&self) -> Result<Vec<u8>> {
        self.check()?;
        let mut metadata = self.metadata.clone();
        metadata.insert(FORMAT_KEY.to_owned(), "pt".to_owned());
        metadata.insert(CONFIG_KEY.to_owned(), self.config.to_json());
        if let Some(text) = &self.tokenizer_json {
            metadata.insert(TOKENIZER_KEY.to_owned(), text.clone());
        }
        let specs = params::layout(&self.config);
        let tensors: Vec<_> = specs
            .iter()
            .map(|spec| safetensors::Tensor { name: &spec.name, shape: &spec.shape, data: &self.params[spec.range()] })
            .collect();
        safetensors::write(&tensors, &metadata)
    }

    /// Write GGUF by llama.cpp's conventions, matrices as `kind`. Vectors stay F32 and rows that are not a multiple of
    /// 32 fall back to F16.
    ///
    /// # Errors
    /// Those of [`Checkpoint::to_safetensors`]; `not-finite` also for values too large for `kind`.
    pub fn to_gguf(&self, kind: QuantKind) -> Result<Vec<u8>> {
        gguf_model::write(self, kind)
    }

    /// Check what every writer relies on.
    fn check(&self) -> Result<()> {
        self.config.validate()?;
        let (expected, found) = (params::count(&self.config), self.params.len());
        if expected != found {
            return Err(Error::bad_input(format!("`params`: the configuration has {expected} numbers, found {found}")));
        }
        for reserved in [FORMAT_KEY, CONFIG_KEY, TOKENIZER_KEY] {
            if self.metadata.contains_key(reserved) {
                return Err(Error::bad_input(format!("`metadata`: the key `{reserved}` is reserved by the format")));
            }
        }
        for spec in params::layout(&self.config) {
            check_finite(&spec.name, &self.params[spec.range()]).map_err(|e| Error::NotFinite(e.to_string()))?;
        }
        Ok(())
    }
}

/// Refuse a tensor whose shape is not the configuration's.
fn check_shape(name: &str, expected: &[usize], found: &[usize]) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    let shown = &found[..found.len().min(8)];
    Err(Error::bad_weights(name, format!("expected shape {expected:?}, found {shown:?}")))
}

/// Refuse NaN and infinity.
fn check_finite(name: &str, values: &[f32]) -> Result<()> {
    match values.iter().position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(at) => {
            Err(Error::bad_weights(name, format!("element {at}: expected a finite number, found {}", values[at])))
        }
    }
}

/// At most 80 characters of a text that came from a file, for messages.
fn clip(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    match text.char_indices().nth(80) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
