//! Byte-level BPE: the words of GPT-2, Llama 3, Qwen2 and SmolLM.
//!
//! Not here: marks and how texts are put together (`words.rs`).

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::unicode::NFC;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, SplitDelimiterBehavior};

use super::words::{USER_DEFINED, Vocabulary};
use crate::error::{Error, Result};

/// How Llama 3 cuts a text into pieces. Source: its tokenizer.json.
pub(super) const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// The same for Qwen2, which takes digits one by one.
pub(super) const QWEN_2: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// `tokenizer.ggml.pre` names that are known, for messages.
const SPLITTINGS: &str = "gpt-2, smollm, llama-bpe (llama3), qwen2 and deepseek-r1-qwen";

/// The tokenizer of plain text: marks in it are text.
///
/// # Errors
/// `bad-weights` naming the key that is not usable, and what is supported.
pub(super) fn tokenizer(vocabulary: &Vocabulary) -> Result<tokenizers::Tokenizer> {
    let refused = |e: &dyn std::fmt::Display| Error::bad_weights("tokenizer.ggml.merges", e.to_string());
    let ids: Vocab = (0u32..).zip(&vocabulary.tokens).map(|(id, token)| (token.clone(), id)).collect();
    let split = |pattern: &str| {
        Split::new(SplitPattern::Regex(pattern.into()), SplitDelimiterBehavior::Isolated, false)
            .map_err(|e| refused(&e))
    };
    let bytes = |regex: bool| PreTokenizerWrapper::from(ByteLevel::new(false, false, regex));
    // (pieces before bytes, whether bytes are split GPT-2's way too, whether whole words go before merges)
    let (pieces, by_gpt2, whole) = match vocabulary.splitting.as_str() {
        "gpt-2" => (None, true, false),
        "smollm" => (Some(PreTokenizerWrapper::from(Digits::new(true))), true, false),
        "llama-bpe" | "llama3" | "llama-v3" => (Some(split(LLAMA_3)?.into()), false, true),
        "qwen2" | "deepseek-r1-qwen" => (Some(split(QWEN_2)?.into()), false, false),
        other => {
            let found: String = other.chars().take(40).collect();
            return Err(Error::bad_weights(
                "tokenizer.ggml.pre",
                format!("expected one of {SPLITTINGS}; found `{found}`"),
            ));
        }
    };
    let model = BPE::builder().vocab_and_merges(ids, merges(vocabulary)?).ignore_merges(whole).build();
    let mut inner = tokenizers::Tokenizer::new(model.map_err(|e| refused(&e))?);
    if vocabulary.splitting == "qwen2" {
        inner.with_normalizer(Some(NFC)).map_err(|e| refused(&e))?;
    }
    inner.with_pre_tokenizer(Some(Sequence::new(pieces.into_iter().chain([bytes(by_gpt2)]).collect())));
    let whole_texts = vocabulary.tokens.iter().zip(&vocabulary.kinds).filter(|(_, kind)| **kind == USER_DEFINED);
    let added: Vec<AddedToken> =
        whole_texts.map(|(token, _)| AddedToken::from(token.clone(), false).normalized(false)).collect();
    inner.add_tokens(added).map_err(|e| refused(&e))?;
    Ok(inner)
}

/// The rules as pairs.
///
/// # Errors
/// `bad-weights` naming the one that is none.
pub(super) fn merges(vocabulary: &Vocabulary) -> Result<Vec<(String, String)>> {
    let pair = |(at, merge): (usize, &String)| match merge.split_once(' ') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left.to_owned(), right.to_owned())),
        _ => {
            Err(Error::bad_weights("tokenizer.ggml.merges", format!("rule {at} is not two words with a space between")))
        }
    };
    vocabulary.merges.iter().enumerate().map(pair).collect()
}

/// The bytes that GPT-2's printable spelling stands for (`bytes_to_unicode` in its encoder.py); other characters as they are.
pub(super) fn text_of(token: &str) -> Vec<u8> {
    let printable = |byte: u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let mut bytes = Vec::with_capacity(token.len());
    for character in token.chars() {
        let code = u32::from(character);
        let found = match u8::try_from(code) {
            Ok(byte) if printable(byte) => Some(byte),
            // The unprintable bytes are numbered from 256 on.
            _ => code.checked_sub(256).and_then(|n| (0..=255u8).filter(|byte| !printable(*byte)).nth(n as usize)),
        };
        match found {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}
