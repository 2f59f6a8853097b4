//! The copy of the vocabulary that llama.cpp's tools read, made from a tokenizer.json.
//!
//! Not here: tokenizing (`text.rs`). This crate itself reads `tokenizer.huggingface.json` and ignores these keys.
//!
//! llama.cpp has no tokenizer that looks words up as they are. Byte-level BPE (`gpt2`) without merges is exactly that
//! for a vocabulary of single characters, once each is spelled in GPT-2's byte alphabet (a space is `Ġ`), so every
//! tokenizer is written as `gpt2`; a byte-level BPE one keeps its own spelling and merges. The pre-tokenizer is always
//! given as `gpt-2`: without merges it changes nothing, with merges it is right for GPT-2's own splitting only.

use serde_json::Value;

use super::clip;
use super::gguf_write::Writer;
use crate::error::{Error, Result};

/// `tokenizer.ggml.token_type` (gguf-py's `TokenType`).
const NORMAL: i32 = 1;
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
const UNUSED: i32 = 5;

/// The three arrays llama.cpp keeps a vocabulary in; `None` when there is no tokenizer.
#[derive(Debug, PartialEq)]
pub struct Vocabulary(Option<Arrays>);

#[derive(Debug, PartialEq)]
struct Arrays {
    tokens: Vec<String>,
    types: Vec<i32>,
    merges: Vec<String>,
}

impl Vocabulary {
    /// Take the vocabulary out of tokenizer.json; ids without a token become unused `[PAD<id>]`, as in llama.cpp.
    ///
    /// # Errors
    /// `bad-input` when the text is not a tokenizer.json or names an id of `vocab_size` or more.
    pub fn new(tokenizer_json: Option<&str>, vocab_size: usize) -> Result<Self> {
        let Some(text) = tokenizer_json else { return Ok(Self(None)) };
        let json: Value =
            serde_json::from_str(text).map_err(|e| Error::bad_input(format!("tokenizer.json: not valid JSON: {e}")))?;
        let mut arrays = Arrays {
            tokens: (0..vocab_size).map(|id| format!("[PAD{id}]")).collect(),
            types: vec![UNUSED; vocab_size],
            merges: Vec::new(),
        };
        let byte_level = is_byte_level(&json);
        let Some(vocabulary) = json["model"]["vocab"].as_object() else {
            return Err(Error::bad_input("tokenizer.json: expected `model.vocab` to map tokens to ids"));
        };
        for (token, id) in vocabulary {
            let token = if byte_level { token.clone() } else { in_byte_alphabet(token) };
            arrays.set(id, token, NORMAL)?;
        }
        for added in json["added_tokens"].as_array().into_iter().flatten() {
            let kind = if added["special"] == true { CONTROL } else { USER_DEFINED };
            arrays.set(&added["id"], added["content"].as_str().unwrap_or_default().to_owned(), kind)?;
        }
        if byte_level {
            let merges = json["model"]["merges"].as_array().into_iter().flatten();
            arrays.merges = merges.filter_map(merge_text).collect();
        }
        Ok(Self(Some(arrays)))
    }

    /// Add the `tokenizer.ggml.*` keys.
    pub fn write(&self, writer: &mut Writer) {
        let Some(arrays) = &self.0 else {
            writer.text("tokenizer.ggml.model", "no_vocab");
            return;
        };
        writer.text("tokenizer.ggml.model", "gpt2");
        writer.text("tokenizer.ggml.pre", "gpt-2");
        writer.texts("tokenizer.ggml.tokens", &arrays.tokens);
        writer.i32s("tokenizer.ggml.token_type", &arrays.types);
        writer.texts("tokenizer.ggml.merges", &arrays.merges);
        writer.bool("tokenizer.ggml.add_bos_token", false);
    }
}

impl Arrays {
    fn set(&mut self, id: &Value, token: String, kind: i32) -> Result<()> {
        let index = id.as_u64().and_then(|id| usize::try_from(id).ok()).filter(|id| *id < self.tokens.len());
        let Some(index) = index else {
            let (token, most) = (clip(&token), self.tokens.len());
            return Err(Error::bad_input(format!(
                "tokenizer.json: `{token}`: expected an id below {most}, found {id}"
            )));
        };
        self.tokens[index] = token;
        self.types[index] = kind;
        Ok(())
    }
}

/// Whether the tokens are already spelled in the byte alphabet: BPE behind a `ByteLevel` pre-tokenizer.
fn is_byte_level(json: &Value) -> bool {
    let steps = &json["pre_tokenizer"];
    let inner = steps["pretokenizers"].as_array().into_iter().flatten();
    json["model"]["type"] == "BPE" && std::iter::once(steps).chain(inner).any(|step| step["type"] == "ByteLevel")
}

/// A merge rule, written `"a b"` by old tokenizer.json files and `["a", "b"]` by new ones.
fn merge_text(rule: &Value) -> Option<String> {
    match rule {
        Value::String(text) => Some(text.clone()),
        Value::Array(pair) => Some(format!("{} {}", pair.first()?.as_str()?, pair.get(1)?.as_str()?)),
        _ => None,
    }
}

/// GPT-2's reversible spelling of bytes as printable characters (`bytes_to_unicode` in its encoder.py).
fn in_byte_alphabet(token: &str) -> String {
    let printable = |byte: u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let spell = |byte: u8| {
        if printable(byte) {
            return char::from(byte);
        }
        let before = (0..byte).filter(|b| !printable(*b)).count() as u32; // unprintable bytes are numbered from 256 up
        char::from_u32(256 + before).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    token.bytes().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_spelled_as_gpt2_does() {
        assert_eq!(in_byte_alphabet("a b\n"), "aĠbĊ");
        assert_eq!(in_byte_alphabet("é"), "Ã©");
        assert_eq!(in_byte_alphabet("\u{ad}"), "ÂŃ");
    }

    #[test]
    fn word_level_tokens_find_their_places() {
        let json = r#"{"model": {"type": "WordLevel", "vocab": {"a": 0, " ": 2}},
            "added_tokens": [{"id": 3, "content": "<think>", "special": true}]}"#;
        let arrays = Vocabulary::new(Some(json), 5).unwrap().0.unwrap();
        assert_eq!(arrays.tokens, ["a", "[PAD1]", "Ġ", "<think>", "[PAD4]"]);
        assert_eq!(arrays.types, [NORMAL, UNUSED, NORMAL, CONTROL, UNUSED]);
        assert!(Vocabulary::new(Some(json), 3).is_err());
    }
}
