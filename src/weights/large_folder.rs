//! A language model's Hugging Face folder: config.json, tokenizer.json and safetensors, one file or several, read one tensor at a time.
//!
//! Not here: reading tensors (`large.rs`), the words (`text/hf_words.rs`), small folders as a whole (`mod.rs::read_hf`).

use std::collections::BTreeMap;

use serde_json::Value;

use super::gguf::TensorInfo;
use super::large::{Large, Origin};
use super::quant::QuantKind;
use super::safetensors::MAX_HEADER;
use super::safetensors_header::{self, Entry};
use super::source::Source;
use super::{check_shape, clip};
use crate::error::{Error, Result};
use crate::math::rope::{Llama3, divisors, rates};
use crate::model::config::ModelConfig;
use crate::model::params;
use crate::text::words::Vocabulary;

/// The folder's small files, as texts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'a> {
    pub config: &'a str,
    pub tokenizer: &'a str,
    /// tokenizer_config.json.
    pub settings: Option<&'a str>,
    /// chat_template.jinja.
    pub template: Option<&'a str>,
}

/// Reads the headers. `source` is the safetensors files one after the other, `lengths` how many bytes each has.
///
/// # Errors
/// `bad-weights` naming the file, key, header field or tensor, and what is supported.
pub async fn open<S: Source>(texts: Texts<'_>, lengths: &[u64], source: &mut S) -> Result<Large> {
    let (config, rope_divisors) = configuration(texts.config)?;
    let mut found: BTreeMap<String, TensorInfo> = BTreeMap::new();
    let mut from = 0;
    for length in lengths {
        for (name, tensor) in shard(source, from, *length).await? {
            if found.contains_key(&name) {
                return Err(Error::bad_weights(clip(&name), "the tensor is in two files"));
            }
            found.insert(name, tensor);
        }
        from += length;
    }
    let mut tensors = BTreeMap::new();
    for spec in params::layout(&config) {
        let tensor = found.remove(&spec.name);
        let tensor = tensor.ok_or_else(|| Error::bad_weights(&spec.name, "the tensor is missing from the files"))?;
        check_shape(&spec.name, &spec.shape, &tensor.shape)?;
        tensors.insert(spec.name, tensor);
    }
    // A tied head may be stored twice, and old files hold RoPE's rates: both follow from what is read.
    let derived =
        |name: &str| name.ends_with("rotary_emb.inv_freq") || (config.tie_word_embeddings && name == "lm_head.weight");
    if let Some(extra) = found.keys().find(|name| !derived(name)) {
        let (extra, family) = (clip(extra), config.family.name());
        return Err(Error::bad_weights(extra, format!("no such tensor in a `{family}` model of this lab")));
    }
    let mut vocabulary = Vocabulary::from_hf(texts.tokenizer, texts.settings, texts.template, config.vocab_size)?;
    vocabulary.end = vocabulary.end.or(config.eos_token_id);
    Ok(Large { config, vocabulary, name: None, size: source.size(), tensors, origin: Origin::Folder { rope_divisors } })
}

/// The tensors of one file, which begins at byte `start` of the source.
async fn shard<S: Source>(source: &mut S, start: u64, length: u64) -> Result<Vec<(String, TensorInfo)>> {
    let mut size = [0; 8];
    source.read(start, &mut size).await?;
    let size = u64::from_le_bytes(size);
    let most = MAX_HEADER.min(length.saturating_sub(8));
    if size > most {
        return Err(Error::bad_weights("header length", format!("expected at most {most} bytes, found {size}")));
    }
    let mut json = vec![0; size as usize];
    source.read(start + 8, &mut json).await?;
    let data = length - 8 - size;
    let entries = safetensors_header::parse(&json)?.entries.into_iter();
    let placed = entries.map(|(name, entry)| {
        let tensor = locate(&name, &entry, start + 8 + size, data)?;
        Ok((name, tensor))
    });
    placed.collect()
}

fn locate(name: &str, entry: &Entry, start: u64, data: u64) -> Result<TensorInfo> {
    let fail = |message: String| Error::bad_weights(clip(name), message);
    let kind = match entry.dtype.as_str() {
        "F32" => QuantKind::F32,
        "F16" => QuantKind::F16,
        "BF16" => QuantKind::Bf16,
        other => return Err(fail(format!("dtype: expected F32, F16 or BF16, found `{}`", clip(other)))),
    };
    let [from, to] = entry.data_offsets;
    if from > to || to > data {
        return Err(fail(format!("data_offsets: expected a range within {data} bytes, found {from} to {to}")));
    }
    let size = entry.shape.0.iter().try_fold(kind.block_bytes() as u64, |size, n| size.checked_mul(*n));
    if size != Some(to - from) {
        let (shape, bytes) = (&entry.shape.0, to - from);
        return Err(fail(format!("shape {shape:?} as {} does not take the {bytes} bytes of its offsets", entry.dtype)));
    }
    let shape: std::result::Result<Vec<usize>, _> = entry.shape.0.iter().map(|n| usize::try_from(*n)).collect();
    let shape = shape.map_err(|_| fail("shape: a size beyond this machine's words".to_owned()))?;
    Ok(TensorInfo { kind, shape, offset: start + from, size: to - from })
}

/// The configuration, and what Llama 3 divides RoPE's rates by where it stretches them.
fn configuration(text: &str) -> Result<(ModelConfig, Option<Vec<f32>>)> {
    let bad = |message: String| Error::bad_weights("config.rope_scaling", message);
    let mut value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => return ModelConfig::from_json(text).map(|config| (config, None)), // which says what is wrong
    };
    let stretched = |rope: &Value| rope["rope_type"].as_str().or(rope["type"].as_str()) == Some("llama3");
    let Some(key) = ["rope_scaling", "rope_parameters"].into_iter().find(|key| stretched(&value[*key])) else {
        return ModelConfig::from_json(text).map(|config| (config, None));
    };
    let rope = value[key].clone();
    let number = |name: &str| match rope[name].as_f64() {
        Some(x) if x > 0.0 && x <= 1e9 => Ok(x),
        _ => Err(bad(format!("expected `{name}` above 0, found {}", clip(&rope[name].to_string())))),
    };
    let stretch = Llama3 {
        factor: number("factor")?,
        low_freq_factor: number("low_freq_factor")?,
        high_freq_factor: number("high_freq_factor")?,
        original_max_position_embeddings: number("original_max_position_embeddings")?,
    };
    if stretch.low_freq_factor >= stretch.high_freq_factor {
        return Err(bad("expected `low_freq_factor` below `high_freq_factor`".to_owned()));
    }
    // Without it the rest is an ordinary configuration.
    if let Some(theta) = rope.get("rope_theta") {
        value["rope_theta"] = theta.clone();
    }
    value[key] = Value::Null;
    let config = ModelConfig::try_from(value)?;
    let divided = divisors(&rates(config.head_dim, config.rope_theta), stretch);
    Ok((config, Some(divided.into_iter().map(|x| x as f32).collect())))
}
