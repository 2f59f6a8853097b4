//! The configuration of a Llama or Qwen2 decoder, read from and written as an ordinary Hugging Face `config.json`.
//!
//! Not here: the names and shapes of the tensors (`params.rs`), and how JSON keys are read (`config_json.rs`).
//!
//! Letters used everywhere for sizes, in shapes at line ends and at the top of each shader:
//!
//! | letter | what                          | from                                        |
//! |--------|-------------------------------|---------------------------------------------|
//! | B      | rollouts in a batch           | the caller                                  |
//! | G      | rollouts of one question      | `num_generations`                           |
//! | T      | time: positions in a sequence | ≤ `max_position_embeddings`                 |
//! | V      | vocabulary                    | `vocab_size`                                |
//! | K      | candidates kept at a step     | `soft_top_k`                                |
//! | D      | width of the residual stream  | `hidden_size`                               |
//! | H      | attention heads               | `num_attention_heads` (each `head_dim` wide)|

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::params;

/// Which of the two architectures: they differ only in the biases of the q, k and v projections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// `LlamaForCausalLM`: no biases.
    Llama,
    /// `Qwen2ForCausalLM`: biases on q, k and v.
    Qwen2,
}

impl Family {
    /// The Hugging Face `model_type`, which is also the GGUF `general.architecture`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Llama => "llama",
            Self::Qwen2 => "qwen2",
        }
    }

    /// The family of a Hugging Face `model_type` or GGUF architecture.
    ///
    /// # Errors
    /// `bad-weights` naming `field` when the name is neither `llama` nor `qwen2`.
    pub fn from_name(name: &str, field: &str) -> Result<Self> {
        match name {
            "llama" => Ok(Self::Llama),
            "qwen2" => Ok(Self::Qwen2),
            other => {
                let shown: String = other.chars().take(40).collect();
                Err(Error::bad_weights(field, format!("expected `llama` or `qwen2`, found `{shown}`")))
            }
        }
    }
}

/// Everything needed to know a model's tensors and to run it. Field names are those of Hugging Face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "serde_json::Value", into = "serde_json::Value")]
pub struct ModelConfig {
    /// Llama or Qwen2.
    pub family: Family,
    /// V: rows of the embedding.
    pub vocab_size: usize,
    /// D: width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the SwiGLU block.
    pub intermediate_size: usize,
    /// Number of decoder layers.
    pub num_hidden_layers: usize,
    /// H: query heads.
    pub num_attention_heads: usize,
    /// Key and value heads; each serves H / this many query heads.
    pub num_key_value_heads: usize,
    /// Width of one head; even, because RoPE turns its halves.
    pub head_dim: usize,
    /// ε inside the square root of RMSNorm.
    pub rms_norm_eps: f64,
    /// θ of RoPE: the slowest wavelength is about 2πθ positions.
    pub rope_theta: f64,
    /// The longest sequence, T, in tokens.
    pub max_position_embeddings: usize,
    /// Whether the output head is the embedding itself.
    pub tie_word_embeddings: bool,
    /// Whether q, k and v have biases: always for Qwen2, never for Llama here (Hugging Face's Llama with
    /// `attention_bias` has one on the output projection too, which no engine of this crate knows).
    pub attention_bias: bool,
    /// Beginning-of-sequence token, if the tokenizer has one.
    pub bos_token_id: Option<u32>,
    /// End-of-sequence token.
    pub eos_token_id: Option<u32>,
    /// Padding token.
    pub pad_token_id: Option<u32>,
}

/// The most parameters accepted: 2³³ on 64-bit machines; on wasm32 what its numbers can count, packed or on a GPU.
#[cfg(target_pointer_width = "64")]
const MAX_PARAMETERS: u64 = 1 << 33;
#[cfg(not(target_pointer_width = "64"))]
const MAX_PARAMETERS: u64 = 1 << 31;

impl ModelConfig {
    /// A small Llama for the toy tasks, tied, with grouped-query attention. For a vocabulary of 64:
    ///
    /// | name    | layers | D   | H | kv heads | SwiGLU | positions | parameters |
    /// |---------|--------|-----|---|----------|--------|-----------|------------|
    /// | `nano`  | 2      | 64  | 4 | 2        | 192    | 128       | 0.10 M     |
    /// | `micro` | 4      | 128 | 4 | 2        | 512    | 256       | 0.99 M     |
    /// | `mini`  | 6      | 384 | 6 | 2        | 1024   | 512       | 9.5 M      |
    ///
    /// Every row length is a multiple of 32, so that each matrix can be stored in GGUF's 32-wide blocks.
    /// The token ids of begin, end and padding are left empty: only the tokenizer knows them.
    ///
    /// # Errors
    /// `bad-input` for another name, `bad-weights` for a vocabulary of 0 or more than 300 000.
    pub fn preset(name: &str, vocab_size: usize) -> Result<Self> {
        let (layers, width, heads, intermediate, positions) = match name {
            "nano" => (2, 64, 4, 192, 128),
            "micro" => (4, 128, 4, 512, 256),
            "mini" => (6, 384, 6, 1024, 512),
            other => {
                return Err(Error::bad_input(format!("`preset`: expected `nano`, `micro` or `mini`, found `{other}`")));
            }
        };
        let config = Self {
            family: Family::Llama,
            vocab_size,
            hidden_size: width,
            intermediate_size: intermediate,
            num_hidden_layers: layers,
            num_attention_heads: heads,
            num_key_value_heads: 2,
            head_dim: width / heads,
            rms_norm_eps: 1e-5,
            rope_theta: 10_000.0,
            max_position_embeddings: positions,
            tie_word_embeddings: true,
            attention_bias: false,
            bos_token_id: None,
            eos_token_id: None,
            pad_token_id: None,
        };
        config.validate()?;
        Ok(config)
    }

    /// H · `head_dim`: rows of the query projection, columns of the output projection.
    #[must_use]
    pub fn query_width(&self) -> usize {
        self.num_attention_heads * self.head_dim
    }

    /// Key-value heads · `head_dim`: rows of the key and of the value projection.
    #[must_use]
    pub fn key_value_width(&self) -> usize {
        self.num_key_value_heads * self.head_dim
    }

    /// Check that the sizes fit each other and stay within limits, so that no later product overflows.
    ///
    /// # Errors
    /// `bad-weights` naming the key (`config.head_dim`, …), what was expected and what was found.
    pub fn validate(&self) -> Result<()> {
        // These lie far above what a browser can hold; they are there so that no later product overflows and a lying
        // header is refused before anything is allocated for it.
        let limits = [
            ("vocab_size", self.vocab_size, 300_000),
            ("hidden_size", self.hidden_size, 16_384),
            ("intermediate_size", self.intermediate_size, 65_536),
            ("num_hidden_layers", self.num_hidden_layers, 128),
            ("num_attention_heads", self.num_attention_heads, 256),
            ("num_key_value_heads", self.num_key_value_heads, 256),
            ("head_dim", self.head_dim, 1_024),
            ("max_position_embeddings", self.max_position_embeddings, 1 << 20),
        ];
        for (key, found, most) in limits {
            if found == 0 || found > most {
                return Err(bad(key, format!("expected 1 to {most}, found {found}")));
            }
        }
        let (heads, kv_heads) = (self.num_attention_heads, self.num_key_value_heads);
        if !heads.is_multiple_of(kv_heads) {
            return Err(bad("num_key_value_heads", format!("expected a divisor of {heads} heads, found {kv_heads}")));
        }
        if !self.head_dim.is_multiple_of(2) {
            return Err(bad(
                "head_dim",
                format!("expected an even number (RoPE turns pairs), found {}", self.head_dim),
            ));
        }
        if !(self.rms_norm_eps > 0.0 && self.rms_norm_eps <= 0.1) {
            return Err(bad("rms_norm_eps", format!("expected above 0 and at most 0.1, found {}", self.rms_norm_eps)));
        }
        if !(self.rope_theta >= 1.0 && self.rope_theta <= 1e12) {
            return Err(bad("rope_theta", format!("expected 1 to 1e12, found {}", self.rope_theta)));
        }
        if self.attention_bias != (self.family == Family::Qwen2) {
            let rule = "supported only as true for qwen2 and false for llama (Llama's would bias o_proj too)";
            return Err(bad("attention_bias", format!("{rule}, found {}", self.attention_bias)));
        }
        let ids = [("bos", self.bos_token_id), ("eos", self.eos_token_id), ("pad", self.pad_token_id)];
        for (which, id) in ids {
            if let Some(id) = id.filter(|id| *id as usize >= self.vocab_size) {
                let most = self.vocab_size - 1;
                return Err(bad(&format!("{which}_token_id"), format!("expected 0 to {most}, found {id}")));
            }
        }
        let count = params::count_u64(self);
        if count > MAX_PARAMETERS {
            return Err(bad("*", format!("the sizes give {count} parameters, more than {MAX_PARAMETERS}")));
        }
        Ok(())
    }
}

/// `bad-weights` about one key of the configuration.
pub(super) fn bad(key: &str, message: impl Into<String>) -> Error {
    Error::bad_weights(format!("config.{key}"), message)
}
