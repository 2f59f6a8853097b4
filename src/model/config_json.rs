//! Hugging Face `config.json` text ⇄ [`ModelConfig`], refusing what the engines do not compute.
//!
//! Not here: the checks on sizes (`config.rs::validate`). Unknown keys are ignored, as Hugging Face ignores them; keys
//! known to change the computation (scaled RoPE, sliding windows, other activations, extra biases) are refused by name.

use serde_json::{Map, Value, json};

use super::config::{Family, ModelConfig, bad};
use crate::error::{Error, Result};

/// Longest `config.json` looked at, in bytes: real ones have a few thousand.
const MAX_TEXT: usize = 1 << 16;

impl ModelConfig {
    /// Read an ordinary Hugging Face `config.json` of model type `llama` or `qwen2`, old or new style
    /// (`rope_theta` at top level or inside `rope_parameters`; `head_dim` may be missing).
    ///
    /// # Errors
    /// `bad-weights` naming the key: not JSON, missing, out of range, or a feature the engines do not have.
    pub fn from_json(text: &str) -> Result<Self> {
        if text.len() > MAX_TEXT {
            return Err(bad("*", format!("expected at most {MAX_TEXT} bytes of JSON, found {}", text.len())));
        }
        let value: Value = serde_json::from_str(text).map_err(|e| bad("*", format!("not valid JSON: {e}")))?;
        Self::try_from(value)
    }

    /// Write a `config.json` that both old (top-level `rope_theta`) and new (`rope_parameters`) versions of Hugging
    /// Face transformers read. [`ModelConfig::from_json`] gives the same configuration back.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}", Value::from(self.clone()))
    }
}

impl TryFrom<Value> for ModelConfig {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self> {
        let Value::Object(map) = &value else {
            return Err(bad("*", "expected a JSON object"));
        };
        let keys = Keys(map);
        let family = Family::from_name(keys.text("model_type")?.unwrap_or("(none)"), "config.model_type")?;
        refuse_other_computations(&keys, family)?;
        let hidden_size = keys.size("hidden_size")?;
        let num_attention_heads = keys.size("num_attention_heads")?;
        let config = Self {
            family,
            vocab_size: keys.size("vocab_size")?,
            hidden_size,
            intermediate_size: keys.size("intermediate_size")?,
            num_hidden_layers: keys.size("num_hidden_layers")?,
            num_attention_heads,
            num_key_value_heads: keys.size_or("num_key_value_heads", num_attention_heads)?,
            head_dim: match keys.optional_size("head_dim")? {
                Some(head_dim) => head_dim,
                None => derived_head_dim(hidden_size, num_attention_heads)?,
            },
            rms_norm_eps: keys.number_or("rms_norm_eps", 1e-6)?,
            rope_theta: rope_theta(&keys)?,
            max_position_embeddings: keys.size_or("max_position_embeddings", 2048)?,
            tie_word_embeddings: keys.flag("tie_word_embeddings")?,
            attention_bias: family == Family::Qwen2,
            bos_token_id: keys.token("bos_token_id")?,
            eos_token_id: keys.token("eos_token_id")?,
            pad_token_id: keys.token("pad_token_id")?,
        };
        config.validate()?;
        Ok(config)
    }
}

impl From<ModelConfig> for Value {
    fn from(config: ModelConfig) -> Self {
        let mut value = json!({
            "architectures": [match config.family {
                Family::Llama => "LlamaForCausalLM",
                Family::Qwen2 => "Qwen2ForCausalLM",
            }],
            "model_type": config.family.name(),
            "dtype": "float32",
            "hidden_act": "silu",
            "attention_dropout": 0.0,
            "initializer_range": 0.02,
            "use_cache": true,
            "vocab_size": config.vocab_size,
            "hidden_size": config.hidden_size,
            "intermediate_size": config.intermediate_size,
            "num_hidden_layers": config.num_hidden_layers,
            "num_attention_heads": config.num_attention_heads,
            "num_key_value_heads": config.num_key_value_heads,
            "head_dim": config.head_dim,
            "rms_norm_eps": config.rms_norm_eps,
            "rope_theta": config.rope_theta,
            "rope_parameters": { "rope_type": "default", "rope_theta": config.rope_theta },
            "max_position_embeddings": config.max_position_embeddings,
            "tie_word_embeddings": config.tie_word_embeddings,
            "bos_token_id": config.bos_token_id,
            "eos_token_id": config.eos_token_id,
            "pad_token_id": config.pad_token_id,
        });
        match config.family {
            Family::Llama => {
                value["attention_bias"] = json!(false);
                value["mlp_bias"] = json!(false);
            }
            Family::Qwen2 => value["use_sliding_window"] = json!(false),
        }
        value
    }
}

/// Refuse every setting under which Hugging Face would compute something the engines do not.
fn refuse_other_computations(keys: &Keys<'_>, family: Family) -> Result<()> {
    if let Some(activation) = keys.text("hidden_act")?.filter(|a| !matches!(*a, "silu" | "swish")) {
        return Err(bad("hidden_act", format!("unsupported: expected `silu`, found `{activation}`")));
    }
    for key in ["mlp_bias", "use_sliding_window"] {
        if keys.flag(key)? {
            return Err(bad(key, "unsupported: expected false, found true"));
        }
    }
    if family == Family::Llama && keys.flag("attention_bias")? {
        return Err(bad("attention_bias", "unsupported for llama: expected false, found true"));
    }
    if keys.get("quantization_config").is_some() {
        return Err(bad("quantization_config", "unsupported: give the model as F32, F16, BF16 or GGUF"));
    }
    if let Some(Value::Array(kinds)) = keys.get("layer_types")
        && kinds.iter().any(|kind| kind != "full_attention")
    {
        return Err(bad("layer_types", "unsupported: every layer must be `full_attention`"));
    }
    for key in ["rope_scaling", "rope_parameters"] {
        let Some(rope) = keys.object(key)? else { continue };
        for inner in ["rope_type", "type"] {
            if let Some(kind) = rope.text(inner)?.filter(|kind| !matches!(*kind, "default" | "none")) {
                return Err(bad(key, format!("unsupported: expected `{inner}` `default`, found `{kind}`")));
            }
        }
        if rope.number_or("partial_rotary_factor", 1.0)? != 1.0 {
            return Err(bad(key, "unsupported: `partial_rotary_factor` other than 1"));
        }
    }
    Ok(())
}

/// θ from `rope_parameters` (new) or the top level (old); Hugging Face's default 10 000 otherwise.
fn rope_theta(keys: &Keys<'_>) -> Result<f64> {
    let outer = keys.number_or("rope_theta", 10_000.0)?;
    match keys.object("rope_parameters")? {
        Some(rope) => rope.number_or("rope_theta", outer),
        None => Ok(outer),
    }
}

/// `head_dim` when the file does not give it: the width shared out over the heads.
fn derived_head_dim(hidden_size: usize, heads: usize) -> Result<usize> {
    if heads == 0 || !hidden_size.is_multiple_of(heads) {
        let message = format!("missing, and hidden_size {hidden_size} is not a multiple of {heads} attention heads");
        return Err(bad("head_dim", message));
    }
    Ok(hidden_size / heads)
}

/// Typed look-ups that name the key in their errors; `null` counts as missing.
struct Keys<'a>(&'a Map<String, Value>);

impl<'a> Keys<'a> {
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    fn optional_size(&self, key: &str) -> Result<Option<usize>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let size = value.as_u64().and_then(|size| usize::try_from(size).ok());
        size.map(Some).ok_or_else(|| wrong(key, "a whole number of ordinary size", value))
    }

    fn size_or(&self, key: &str, missing: usize) -> Result<usize> {
        Ok(self.optional_size(key)?.unwrap_or(missing))
    }

    fn size(&self, key: &str) -> Result<usize> {
        self.optional_size(key)?.ok_or_else(|| bad(key, "missing: expected a whole number"))
    }

    fn number_or(&self, key: &str, missing: f64) -> Result<f64> {
        let Some(value) = self.get(key) else { return Ok(missing) };
        value.as_f64().ok_or_else(|| wrong(key, "a number", value))
    }

    fn flag(&self, key: &str) -> Result<bool> {
        let Some(value) = self.get(key) else { return Ok(false) };
        value.as_bool().ok_or_else(|| wrong(key, "true or false", value))
    }

    fn text(&self, key: &str) -> Result<Option<&'a str>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| wrong(key, "a string", value))
    }

    fn object(&self, key: &str) -> Result<Option<Keys<'a>>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        value.as_object().map(|map| Some(Keys(map))).ok_or_else(|| wrong(key, "an object", value))
    }

    /// A token id; of a list (several ends of sequence) the first; −1, as old files write "none", is none.
    fn token(&self, key: &str) -> Result<Option<u32>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let value = value.as_array().and_then(|list| list.first()).unwrap_or(value);
        if value.as_i64() == Some(-1) {
            return Ok(None);
        }
        let id = value.as_u64().and_then(|id| u32::try_from(id).ok());
        id.map(Some).ok_or_else(|| wrong(key, "a token id", value))
    }
}

fn wrong(key: &str, expected: &str, found: &Value) -> Error {
    let found: String = found.to_string().chars().take(40).collect();
    bad(key, format!("expected {expected}, found {found}"))
}
