//! A checkpoint as GGUF by llama.cpp's conventions: tensor names, the row order of q and k, provenance.
//!
//! Not here: the container (`gguf.rs`, `gguf_write.rs`), the configuration's keys (`gguf_config.rs`) and llama.cpp's copy of the
//! vocabulary (`gguf_vocab.rs`).
//! Source: llama.cpp's convert_hf_to_gguf.py (`LlamaModel.permute`) and gguf-py's constants.py.
//!
//! Beyond those conventions a file holds the whole tokenizer.json under `tokenizer.huggingface.json` (a key llama.cpp
//! knows) and the checkpoint's provenance under `lab.*`; keys already named `general.*` stay as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::gguf::{self, Gguf, Value};
use super::gguf_config::{optional_text, read_config, write_config};
use super::gguf_vocab::Vocabulary;
use super::gguf_write::Writer;
use super::quant::{self, QuantKind};
use super::{Checkpoint, check_finite, check_shape, clip};
use crate::error::{Error, Result};
use crate::model::config::{Family, ModelConfig};
use crate::model::params::{self, ParamSpec};

/// The key of the tokenizer.json text.
const TOKENIZER_KEY: &str = "tokenizer.huggingface.json";
/// `general.*` keys the writer sets itself; they are not provenance.
const OWN_KEYS: [&str; 4] =
    ["general.architecture", "general.file_type", "general.quantization_version", "general.alignment"];
/// Prefix of provenance keys that are not `general.*`.
const PROVENANCE: &str = "lab.";

/// Hugging Face's names inside a layer and llama.cpp's.
const LAYER_NAMES: [(&str, &str); 12] = [
    ("input_layernorm.weight", "attn_norm.weight"),
    ("self_attn.q_proj.weight", "attn_q.weight"),
    ("self_attn.k_proj.weight", "attn_k.weight"),
    ("self_attn.v_proj.weight", "attn_v.weight"),
    ("self_attn.q_proj.bias", "attn_q.bias"),
    ("self_attn.k_proj.bias", "attn_k.bias"),
    ("self_attn.v_proj.bias", "attn_v.bias"),
    ("self_attn.o_proj.weight", "attn_output.weight"),
    ("post_attention_layernorm.weight", "ffn_norm.weight"),
    ("mlp.gate_proj.weight", "ffn_gate.weight"),
    ("mlp.up_proj.weight", "ffn_up.weight"),
    ("mlp.down_proj.weight", "ffn_down.weight"),
];

/// The GGUF name of a Hugging Face tensor name of [`params::layout`].
#[must_use]
pub fn gguf_name(name: &str) -> String {
    match name {
        "model.embed_tokens.weight" => return "token_embd.weight".to_owned(),
        "model.norm.weight" => return "output_norm.weight".to_owned(),
        "lm_head.weight" => return "output.weight".to_owned(),
        _ => {}
    }
    let split = name.strip_prefix("model.layers.").and_then(|rest| rest.split_once('.'));
    let Some((layer, inner)) = split else { return name.to_owned() };
    let known = LAYER_NAMES.iter().find(|(hf, _)| *hf == inner);
    format!("blk.{layer}.{}", known.map_or(inner, |(_, gguf)| gguf))
}

/// Read a GGUF checkpoint.
///
/// # Errors
/// `bad-weights` naming the key or tensor that is missing, unknown, of a wrong shape or not finite.
pub fn read(bytes: &[u8]) -> Result<Checkpoint> {
    let file = gguf::read(bytes)?;
    let config = read_config(&file.metadata, |name| file.tensors.get(name).map(|tensor| tensor.shape.as_slice()))?;
    let specs = params::layout(&config);
    let names: BTreeSet<String> = specs.iter().map(|spec| gguf_name(&spec.name)).collect();
    if let Some(extra) = file.tensors.keys().find(|name| !names.contains(**name)) {
        return Err(Error::bad_weights(clip(extra), format!("no such tensor in a `{}` model", config.family.name())));
    }
    let mut views = Vec::with_capacity(specs.len());
    for spec in &specs {
        let name = gguf_name(&spec.name);
        let view = file.tensors.get(name.as_str());
        let view = view.ok_or_else(|| Error::bad_weights(&name, "the tensor is missing from the file"))?;
        check_shape(&name, &spec.shape, &view.shape)?;
        views.push((name, view));
    }
    // Only now, with every tensor known to be there, is the buffer allocated: at most 8 times the file.
    let mut params = params::zeros(&config)?;
    for (spec, (name, view)) in specs.iter().zip(views) {
        let values = &mut params[spec.range()];
        quant::dequantise(view.kind, view.data, values)?;
        check_finite(&name, values)?;
        if let Some(heads) = permuted_heads(&config, spec) {
            let ordered = reorder_rows(values, heads, spec.shape[1], Order::ToHuggingFace);
            values.copy_from_slice(&ordered);
        }
    }
    let tokenizer_json = optional_text(&file.metadata, TOKENIZER_KEY)?.map(str::to_owned);
    Ok(Checkpoint { config, params, tokenizer_json, metadata: read_provenance(&file) })
}

/// Write a checkpoint with its matrices as `kind` (see [`QuantKind::fitting`] for the exceptions).
///
/// # Errors
/// `bad-input` when the checkpoint does not fit its own configuration or the tokenizer its vocabulary; `not-finite`
/// naming a tensor that cannot be stored as `kind`.
pub fn write(checkpoint: &Checkpoint, kind: QuantKind) -> Result<Vec<u8>> {
    checkpoint.check()?;
    let config = &checkpoint.config;
    let mut writer = Writer::default();
    write_provenance(&mut writer, checkpoint, kind);
    write_config(&mut writer, config);
    Vocabulary::new(checkpoint.tokenizer_json.as_deref(), config.vocab_size)?.write(&mut writer);
    let ids = [("bos", config.bos_token_id), ("eos", config.eos_token_id), ("padding", config.pad_token_id)];
    for (which, id) in ids {
        if let Some(id) = id {
            writer.u32(&format!("tokenizer.ggml.{which}_token_id"), id);
        }
    }
    if let Some(text) = &checkpoint.tokenizer_json {
        writer.text(TOKENIZER_KEY, text);
    }
    for spec in params::layout(config) {
        let values = &checkpoint.params[spec.range()];
        let reordered =
            permuted_heads(config, &spec).map(|heads| reorder_rows(values, heads, spec.shape[1], Order::ToGguf));
        let values = reordered.as_deref().unwrap_or(values);
        let written = writer.tensor(&gguf_name(&spec.name), &spec.shape, kind.fitting(&spec.shape), values);
        written.map_err(|e| Error::NotFinite(format!("`{}`: {e}", spec.name)))?;
    }
    Ok(writer.finish())
}

fn write_provenance(writer: &mut Writer, checkpoint: &Checkpoint, kind: QuantKind) {
    writer.text("general.architecture", checkpoint.config.family.name());
    writer.u32("general.file_type", kind.file_type());
    writer.u32("general.quantization_version", 2);
    if !checkpoint.metadata.contains_key("general.name") {
        writer.text("general.name", "soft-thinking-lab model");
    }
    for (key, value) in checkpoint.metadata.iter().filter(|(key, _)| !OWN_KEYS.contains(&key.as_str())) {
        if key.starts_with("general.") {
            writer.text(key, value);
        } else {
            writer.text(&format!("{PROVENANCE}{key}"), value);
        }
    }
}

fn read_provenance(file: &Gguf<'_>) -> BTreeMap<String, String> {
    let own = |key: &str| OWN_KEYS.contains(&key);
    let texts = file.metadata.iter().filter_map(|(key, value)| match value {
        Value::Text(text) if key.starts_with("general.") && !own(key) => Some((*key, *text)),
        Value::Text(text) => key.strip_prefix(PROVENANCE).map(|key| (key, *text)),
        _ => None,
    });
    texts.map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
}

/// The number of heads whose rows GGUF reorders in this tensor: only q and k of the `llama` architecture.
pub(super) fn permuted_heads(config: &ModelConfig, spec: &ParamSpec) -> Option<usize> {
    match (config.family, spec.name.rsplit_once("self_attn.")?.1) {
        (Family::Llama, "q_proj.weight") => Some(config.num_attention_heads),
        (Family::Llama, "k_proj.weight") => Some(config.num_key_value_heads),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Order {
    ToGguf,
    ToHuggingFace,
}

/// Hugging Face's RoPE turns row i of a head with row i + half; the `llama` graph of llama.cpp turns rows 2 i and
/// 2 i + 1. So row `half · head_dim/2 + i` there is row `2 i + half` here, head by head. Rows are `width` long.
fn reorder_rows(values: &[f32], heads: usize, width: usize, order: Order) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    let head_dim = values.len() / width / heads;
    for row in 0..heads * head_dim {
        let interleaved = interleaved(row, head_dim);
        let (from, to) = if order == Order::ToGguf { (row, interleaved) } else { (interleaved, row) };
        out[to * width..(to + 1) * width].copy_from_slice(&values[from * width..(from + 1) * width]);
    }
    out
}

/// Where the row that is `row` here stands in GGUF.
pub(super) fn interleaved(row: usize, head_dim: usize) -> usize {
    let (head, within) = (row / head_dim, row % head_dim);
    head * head_dim + 2 * (within % (head_dim / 2)) + within / (head_dim / 2)
}
