//! A model's configuration as GGUF's metadata keys.
//!
//! Not here: tensors (`gguf_model.rs`), the vocabulary (`gguf_vocab.rs`). Source: gguf-py's constants.py.

use super::clip;
use super::gguf::{Metadata, Value};
use super::gguf_write::Writer;
use crate::error::{Error, Result};
use crate::model::config::{Family, ModelConfig};

pub(super) fn write_config(writer: &mut Writer, config: &ModelConfig) {
    let arch = config.family.name();
    // Every size is below 2^32: `ModelConfig::validate` has seen it.
    let mut size = |key: &str, value: usize| writer.u32(&format!("{arch}.{key}"), value as u32);
    size("vocab_size", config.vocab_size);
    size("context_length", config.max_position_embeddings);
    size("embedding_length", config.hidden_size);
    size("block_count", config.num_hidden_layers);
    size("feed_forward_length", config.intermediate_size);
    size("attention.head_count", config.num_attention_heads);
    size("attention.head_count_kv", config.num_key_value_heads);
    size("rope.dimension_count", config.head_dim);
    if config.query_width() != config.hidden_size {
        size("attention.key_length", config.head_dim);
        size("attention.value_length", config.head_dim);
    }
    writer.f32(&format!("{arch}.rope.freq_base"), config.rope_theta as f32);
    writer.f32(&format!("{arch}.attention.layer_norm_rms_epsilon"), config.rms_norm_eps as f32);
}

/// The configuration in a file's `metadata`; `shape` knows the row-major shape of each of its tensors.
///
/// # Errors
/// `bad-weights` naming the key that is missing, of the wrong type, out of range or unsupported.
pub(super) fn read_config<'s>(file: &Metadata<'_>, shape: impl Fn(&str) -> Option<&'s [usize]>) -> Result<ModelConfig> {
    let name = optional_text(file, "general.architecture")?.unwrap_or("(none)");
    let family = Family::from_name(name, "general.architecture")?;
    let key = |inner: &str| format!("{}.{inner}", family.name());
    let size = |inner: &str| {
        optional_size(file, &key(inner))?.ok_or_else(|| Error::bad_weights(key(inner), "the key is missing"))
    };
    let hidden_size = size("embedding_length")?;
    let num_attention_heads = size("attention.head_count")?;
    let head_dim = match optional_size(file, &key("attention.key_length"))? {
        Some(length) => length,
        None if num_attention_heads > 0 => hidden_size / num_attention_heads,
        None => 0, // `validate` refuses the 0 heads below, by name
    };
    for inner in ["attention.value_length", "rope.dimension_count"] {
        if let Some(found) = optional_size(file, &key(inner))?.filter(|n| *n != head_dim) {
            return Err(Error::bad_weights(key(inner), format!("expected the head width {head_dim}, found {found}")));
        }
    }
    let scaling = key("rope.scaling.type");
    if let Some(kind) = optional_text(file, &scaling)?.filter(|kind| *kind != "none") {
        return Err(Error::bad_weights(scaling, format!("unsupported: expected `none`, found `{}`", clip(kind))));
    }
    let rows = shape("token_embd.weight").and_then(|shape| shape.first()).copied();
    let vocab_size = optional_size(file, &key("vocab_size"))?
        .or(rows)
        .ok_or_else(|| Error::bad_weights("token_embd.weight", "the tensor is missing from the file"))?;
    let token = |which: &str| optional_token(file, &format!("tokenizer.ggml.{which}_token_id"), vocab_size);
    let config = ModelConfig {
        family,
        vocab_size,
        hidden_size,
        intermediate_size: size("feed_forward_length")?,
        num_hidden_layers: size("block_count")?,
        num_attention_heads,
        num_key_value_heads: optional_size(file, &key("attention.head_count_kv"))?.unwrap_or(num_attention_heads),
        head_dim,
        rms_norm_eps: required_float(file, &key("attention.layer_norm_rms_epsilon"))?,
        rope_theta: optional_float(file, &key("rope.freq_base"))?.unwrap_or(10_000.0),
        max_position_embeddings: size("context_length")?,
        tie_word_embeddings: shape("output.weight").is_none(),
        attention_bias: family == Family::Qwen2,
        bos_token_id: token("bos")?,
        eos_token_id: token("eos")?,
        pad_token_id: token("padding")?,
    };
    config.validate()?;
    Ok(config)
}

pub(super) fn optional_text<'a>(file: &Metadata<'a>, key: &str) -> Result<Option<&'a str>> {
    match file.get(key) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(_) => Err(Error::bad_weights(key, "expected a text")),
    }
}

fn optional_size(file: &Metadata<'_>, key: &str) -> Result<Option<usize>> {
    let size = match file.get(key) {
        None => return Ok(None),
        Some(Value::Unsigned(n)) => usize::try_from(*n).ok(),
        Some(Value::Signed(n)) => usize::try_from(*n).ok(),
        Some(_) => None,
    };
    size.map(Some).ok_or_else(|| Error::bad_weights(key, "expected one whole number of ordinary size"))
}

fn optional_float(file: &Metadata<'_>, key: &str) -> Result<Option<f64>> {
    match file.get(key) {
        None => Ok(None),
        Some(Value::Float(x)) => Ok(Some(*x)),
        Some(_) => Err(Error::bad_weights(key, "expected a float")),
    }
}

fn required_float(file: &Metadata<'_>, key: &str) -> Result<f64> {
    optional_float(file, key)?.ok_or_else(|| Error::bad_weights(key, "the key is missing"))
}

pub(super) fn optional_token(file: &Metadata<'_>, key: &str, vocab_size: usize) -> Result<Option<u32>> {
    let Some(id) = optional_size(file, key)? else { return Ok(None) };
    let id = u32::try_from(id).ok().filter(|id| (*id as usize) < vocab_size);
    id.map(Some).ok_or_else(|| Error::bad_weights(key, format!("expected a token id below {vocab_size}")))
}
