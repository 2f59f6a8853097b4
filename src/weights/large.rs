//! A language model's file, judged by its header and read one tensor at a time: it is never in memory as a whole.
//!
//! Not here: Hugging Face's folders (`large_folder.rs`), the lab's own small files (`gguf_model.rs`), where the bytes come from (`source.rs`), the memory it takes (`plan.rs`),
//! the tokenizer that the vocabulary amounts to (`text/words.rs`).

use std::collections::BTreeMap;

use super::gguf::{self, Header, Metadata, TensorInfo, Value};
use super::gguf_config::{optional_text, optional_token, read_config};
use super::gguf_model::{gguf_name, interleaved, permuted_heads};
use super::quant::dequantise;
use super::rows::Rows;
use super::source::Source;
use super::{check_finite, check_shape, clip};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::{self, ParamSpec};
use crate::text::words::{Leading, Spelling, Vocabulary};

/// The first read, and the largest header accepted: 152 000 words and their merges take 6 MiB.
const FIRST: u64 = 1 << 20;
const LONGEST: u64 = 1 << 26;
/// Bytes of a tensor read at a time, at least one row.
const STRETCH: usize = 1 << 20;
/// Divisors of RoPE's rates, of files made from Llama 3's scaled positions.
const ROPE_DIVISORS: &str = "rope_freqs.weight";

/// What a large file's header says, checked.
#[derive(Clone, Debug)]
pub struct Large {
    pub config: ModelConfig,
    pub vocabulary: Vocabulary,
    /// `general.name`, if it has one.
    pub name: Option<String>,
    /// Bytes of the whole file.
    pub size: u64,
    pub(super) tensors: BTreeMap<String, TensorInfo>,
    pub(super) origin: Origin,
}

/// Whose names and order of rows the tensors have.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    Gguf,
    /// Hugging Face's; what RoPE's rates are divided by follows from config.json.
    Folder {
        rope_divisors: Option<Vec<f32>>,
    },
}

/// Reads the header; nothing for a file of another kind, or one that the lab has written itself.
///
/// # Errors
/// `bad-weights` naming the header field, key or tensor, and what is supported.
pub async fn open<S: Source>(source: &mut S) -> Result<Option<Large>> {
    let (total, mut length) = (source.size(), FIRST);
    let mut head = Vec::new();
    loop {
        let (from, to) = (head.len(), length.min(total) as usize);
        head.resize(to, 0);
        source.read(from as u64, &mut head[from..]).await?;
        if !head.starts_with(&gguf::MAGIC) {
            return Ok(None);
        }
        match gguf::header(&head, total)? {
            Some(header) if header.metadata.contains_key("tokenizer.huggingface.json") => return Ok(None),
            Some(header) => return Large::new(&header, total).map(Some),
            None if length >= LONGEST.min(total) => {
                return Err(Error::bad_weights("header", format!("expected at most {LONGEST} bytes, it goes on")));
            }
            None => length *= 4,
        }
    }
}

impl Large {
    fn new(header: &Header<'_>, size: u64) -> Result<Self> {
        let (metadata, found) = (&header.metadata, &header.tensors);
        let config = read_config(metadata, |name| found.get(name).map(|tensor| tensor.shape.as_slice()))?;
        let mut tensors = BTreeMap::new();
        for spec in params::layout(&config) {
            let name = gguf_name(&spec.name);
            let tensor = found.get(name.as_str());
            let tensor = tensor.ok_or_else(|| Error::bad_weights(&name, "the tensor is missing from the file"))?;
            check_shape(&name, &spec.shape, &tensor.shape)?;
            tensors.insert(name, tensor.clone());
        }
        if let Some(divisors) = found.get(ROPE_DIVISORS) {
            check_shape(ROPE_DIVISORS, &[config.head_dim / 2], &divisors.shape)?;
            tensors.insert(ROPE_DIVISORS.to_owned(), divisors.clone());
        }
        if let Some(extra) = found.keys().find(|name| !tensors.contains_key(**name)) {
            let (extra, family) = (clip(extra), config.family.name());
            return Err(Error::bad_weights(extra, format!("no such tensor in a `{family}` model of this lab")));
        }
        let vocabulary = read_vocabulary(metadata, config.vocab_size)?;
        let name = optional_text(metadata, "general.name")?.map(str::to_owned);
        Ok(Self { config, vocabulary, name, size, tensors, origin: Origin::Gguf })
    }

    /// How a parameter is stored, by its Hugging Face name.
    pub(super) fn tensor(&self, name: &str) -> Result<(String, &TensorInfo)> {
        let name = match self.origin {
            Origin::Gguf => gguf_name(name),
            Origin::Folder { .. } => name.to_owned(),
        };
        let tensor = self.tensors.get(&name);
        let tensor = tensor.ok_or_else(|| Error::bad_weights(&name, "the tensor is missing from the file"))?;
        Ok((name, tensor))
    }

    /// A norm or a bias.
    ///
    /// # Errors
    /// `bad-weights` naming the tensor where it cannot be read or is not finite.
    pub async fn vector<S: Source>(&self, source: &mut S, spec: &ParamSpec) -> Result<Vec<f32>> {
        let (name, tensor) = self.tensor(&spec.name)?;
        values(source, &name, tensor).await
    }

    /// What RoPE's rates are divided by (hd/2); nothing where they stay as they are.
    ///
    /// # Errors
    /// As [`Large::vector`].
    pub async fn rope_divisors<S: Source>(&self, source: &mut S) -> Result<Option<Vec<f32>>> {
        if let Origin::Folder { rope_divisors } = &self.origin {
            return Ok(rope_divisors.clone());
        }
        match self.tensors.get(ROPE_DIVISORS) {
            Some(tensor) => values(source, ROPE_DIVISORS, tensor).await.map(Some),
            None => Ok(None),
        }
    }

    /// A matrix, its rows in Hugging Face's order.
    ///
    /// # Errors
    /// As [`Large::vector`].
    pub async fn matrix<S: Source>(&self, source: &mut S, spec: &ParamSpec) -> Result<Rows> {
        let (name, tensor) = self.tensor(&spec.name)?;
        let (kind, [rows, width]) = (tensor.kind, dimensions(spec)?);
        let mut matrix = Rows::new(kind, rows, width);
        self.stretches(source, spec, &mut |_, bytes| {
            bytes.chunks_exact(kind.bytes(width)).try_for_each(|row| matrix.push(kind, row))
        })
        .await?;
        check_finite(&name, matrix.numbers())?;
        check_finite(&name, &matrix.lows)?;
        Ok(matrix)
    }

    /// Hands over a matrix a stretch of rows at a time, as they are stored, in Hugging Face's order: (the first row, bytes).
    ///
    /// # Errors
    /// As [`Large::vector`], and those of `each`.
    pub(super) async fn stretches<S: Source>(
        &self,
        source: &mut S,
        spec: &ParamSpec,
        each: &mut dyn FnMut(usize, &[u8]) -> Result<()>,
    ) -> Result<()> {
        let (_, tensor) = self.tensor(&spec.name)?;
        let [rows, width] = dimensions(spec)?;
        let row_bytes = tensor.kind.bytes(width);
        // Reordered rows are few; the others need not be there all at once.
        let heads = match self.origin {
            Origin::Gguf => permuted_heads(&self.config, spec),
            Origin::Folder { .. } => None,
        };
        let at_once = if heads.is_some() { rows } else { (STRETCH / row_bytes).clamp(1, rows) };
        let mut stretch = vec![0; at_once * row_bytes];
        for first in (0..rows).step_by(at_once) {
            let bytes = &mut stretch[..at_once.min(rows - first) * row_bytes];
            source.read(tensor.offset + (first * row_bytes) as u64, bytes).await?;
            match heads {
                None => each(first, bytes)?,
                Some(heads) => {
                    let row = |row| &bytes[interleaved(row, rows / heads) * row_bytes..][..row_bytes];
                    let ordered: Vec<u8> = (0..rows).flat_map(row).copied().collect();
                    each(first, &ordered)?;
                }
            }
        }
        Ok(())
    }
}

/// Rows and width of a matrix.
fn dimensions(spec: &ParamSpec) -> Result<[usize; 2]> {
    match spec.shape[..] {
        [rows, width] => Ok([rows, width]),
        _ => Err(Error::bad_weights(&spec.name, "expected a matrix")),
    }
}

async fn values<S: Source>(source: &mut S, name: &str, tensor: &TensorInfo) -> Result<Vec<f32>> {
    let mut bytes = vec![0; tensor.size as usize]; // it lies inside the file, and is one row
    source.read(tensor.offset, &mut bytes).await?;
    let mut values = vec![0.0; tensor.shape.iter().product()];
    dequantise(tensor.kind, &bytes, &mut values)?;
    check_finite(name, &values)?;
    Ok(values)
}

fn read_vocabulary(metadata: &Metadata<'_>, rows: usize) -> Result<Vocabulary> {
    let key = |inner: &str| format!("tokenizer.ggml.{inner}");
    let scored = match optional_text(metadata, &key("model"))? {
        Some("gpt2") => false,
        Some("llama") => true,
        other => {
            let found = clip(other.unwrap_or("(none)"));
            let message = format!(
                "expected `gpt2`, byte-level BPE, which Llama 3, Qwen2 and SmolLM have, or `llama`, SentencePiece's, which Llama 2 \
                 has; found `{found}`"
            );
            return Err(Error::bad_weights(key("model"), message));
        }
    };
    let texts = |inner: &str| -> Result<Vec<String>> {
        let key = key(inner);
        let array = match metadata.get(key.as_str()) {
            Some(Value::Array(array)) => array.texts(),
            _ => None,
        };
        let texts = array.ok_or_else(|| Error::bad_weights(key, "expected a list of texts"))?;
        Ok(texts.map(str::to_owned).collect())
    };
    let kinds = match metadata.get(key("token_type").as_str()) {
        Some(Value::Array(array)) => array.integers().map(Iterator::collect),
        _ => None,
    };
    let vocabulary = Vocabulary {
        tokens: texts("tokens")?,
        kinds: kinds.ok_or_else(|| Error::bad_weights(key("token_type"), "expected a list of whole numbers"))?,
        merges: if scored { Vec::new() } else { texts("merges")? },
        scores: if scored { scores(metadata, &key("scores"))? } else { Vec::new() },
        spelling: match metadata.get(key("add_space_prefix").as_str()) {
            _ if !scored => Spelling::Bytes,
            Some(Value::Bool(false)) => Spelling::Pieces(Leading::None),
            _ => Spelling::Pieces(Leading::Each),
        },
        splitting: optional_text(metadata, &key("pre"))?.unwrap_or("(none)").to_owned(),
        begin: match metadata.get(key("add_bos_token").as_str()) {
            Some(Value::Bool(true)) => optional_token(metadata, &key("bos_token_id"), rows)?,
            // Llama 2's files need not say that a text begins with one.
            None if scored => optional_token(metadata, &key("bos_token_id"), rows)?,
            _ => None,
        },
        end: optional_token(metadata, &key("eos_token_id"), rows)?,
        end_of_turn: optional_token(metadata, &key("eot_token_id"), rows)?,
        template: optional_text(metadata, "tokenizer.chat_template")?.map(str::to_owned),
    };
    for (what, found) in [("tokens", vocabulary.tokens.len()), ("token_type", vocabulary.kinds.len())] {
        if found != rows {
            let message = format!("the model has {rows} tokens, the list {found}: they do not belong together");
            return Err(Error::bad_weights(key(what), message));
        }
    }
    Ok(vocabulary)
}

fn scores(metadata: &Metadata<'_>, key: &str) -> Result<Vec<f32>> {
    let found = match metadata.get(key) {
        Some(Value::Array(array)) => array.floats().map(Iterator::collect),
        _ => None,
    };
    found.ok_or_else(|| Error::bad_weights(key, "expected a list of 32-bit floats"))
}
