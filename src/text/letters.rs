//! The lab's 64-token alphabet, one character a token, saved and loaded as an ordinary `tokenizer.json`.
//!
//! Not here: the words of language models (`words.rs`), what the marks mean to a grader (`tasks/extract.rs`).

use std::str::FromStr;

use serde_json::Value;
use tokenizers::decoders::fuse::Fuse;
use tokenizers::models::wordlevel::WordLevel;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, SplitDelimiterBehavior};

use super::{Ending, Marks};
use crate::error::{Error, Result};
use crate::tasks::extract::{ANSWER, END_ANSWER, END_THINK, PAD, THINK};

/// Number of tokens of [`Letters::lab`].
pub const LAB_VOCAB_SIZE: usize = 64;
/// The special tokens, in the order of their ids 0..5.
const MARKS: [&str; 5] = [PAD, THINK, END_THINK, ANSWER, END_ANSWER];
/// The single-character tokens, in the order of their ids from 5 on. `<` is left out on purpose: no sequence of
/// characters can then spell a mark, so decoded text says exactly which tokens were there.
const ALPHABET: &str = "0123456789abcdefghijklmnopqrstuvwxyz+-*/=;,:>|()? .&_!^";
/// One character a piece. Written so that both fancy-regex (Rust, wasm) and Oniguruma (Python) read it alike.
const ONE_CHARACTER: &str = r"[\s\S]";
/// Deliberately not in the vocabulary: an unknown character is then an error everywhere instead of a silent token.
const NO_UNKNOWN: &str = "<unk>";
/// Larger files and vocabularies are refused before anything is built from them.
const MAX_JSON_BYTES: usize = 16 << 20;
const MAX_VOCAB: usize = 1 << 16;

/// A character-level tokenizer with five marks. Cheap to clone, free of interior state.
#[derive(Clone, Debug)]
pub struct Letters {
    inner: tokenizers::Tokenizer,
    /// `tokens[id]` is the text of the token; ids are 0..tokens.len() without a gap.
    tokens: Vec<String>,
    marks: Marks,
}

impl Letters {
    /// The tokenizer of every model made by the lab: 64 tokens, of which the last few are unused.
    ///
    /// # Errors
    /// Only if the `tokenizers` crate refuses its parts, which the tests rule out.
    pub fn lab() -> Result<Self> {
        let mut tokens: Vec<String> = MARKS.iter().map(ToString::to_string).collect();
        tokens.extend(ALPHABET.chars().map(String::from));
        for n in 0..LAB_VOCAB_SIZE.saturating_sub(tokens.len()) {
            tokens.push(format!("<unused{n}>"));
        }
        let vocab = (0u32..).zip(&tokens).map(|(id, token)| (token.clone(), id)).collect();
        let model = WordLevel::builder().vocab(vocab).unk_token(NO_UNKNOWN.into()).build().map_err(refused)?;
        let pieces = Split::new(SplitPattern::Regex(ONE_CHARACTER.into()), SplitDelimiterBehavior::Isolated, false)
            .map_err(refused)?;
        let mut inner = tokenizers::Tokenizer::new(model);
        inner.with_pre_tokenizer(Some(pieces));
        inner.with_decoder(Some(Fuse::new()));
        inner.add_special_tokens(MARKS.map(|mark| AddedToken::from(mark, true))).map_err(refused)?;
        Self::wrap(inner)
    }

    /// Reads a `tokenizer.json` of the kind [`to_json`](Self::to_json) writes, also after Hugging Face has saved it.
    /// Padding, truncation and post-processor settings are ignored: the lab encodes a text as it stands.
    ///
    /// # Errors
    /// `bad-input` if the text is no JSON, is no character-level tokenizer with the five marks, or contradicts itself.
    pub fn from_json(json: &str) -> Result<Self> {
        if json.len() > MAX_JSON_BYTES {
            return Err(unusable(&format!("expected at most {MAX_JSON_BYTES} bytes, got {}", json.len())));
        }
        let mut value: Value = serde_json::from_str(json).map_err(|e| unusable(&format!("it is no JSON: {e}")))?;
        let added = check_shape(&value)?;
        for ignored in ["truncation", "padding", "post_processor"] {
            value[ignored] = Value::Null;
        }
        let inner = tokenizers::Tokenizer::from_str(&value.to_string()).map_err(refused)?;
        for (content, id) in added {
            if inner.token_to_id(&content).map(u64::from) != Some(id) {
                return Err(unusable(&format!("`added_tokens` gives {content:?} the id {id}, the vocabulary another")));
            }
        }
        Self::wrap(inner)
    }

    /// The `tokenizer.json` text, which Hugging Face `tokenizers` and `PreTrainedTokenizerFast` open with the same ids.
    ///
    /// # Errors
    /// `bad-input` if the `tokenizers` crate cannot serialise its parts.
    pub fn to_json(&self) -> Result<String> {
        self.inner.to_string(false).map_err(refused)
    }

    /// Ids of a text in which marks count as marks.
    ///
    /// # Errors
    /// `bad-input` naming the first character outside the alphabet, and the alphabet.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        match self.inner.encode_fast(text, false) {
            Ok(encoding) => Ok(encoding.get_ids().to_vec()),
            Err(error) => Err(self.outside_alphabet(text).unwrap_or_else(|| refused(error))),
        }
    }

    /// Ids of a text in which nothing counts as a mark, such as a question typed by a user.
    ///
    /// # Errors
    /// `bad-input` naming the first character outside the alphabet (`<` is), and the alphabet.
    pub fn encode_plain(&self, text: &str) -> Result<Vec<u32>> {
        let mut buffer = [0; 4];
        text.chars()
            .map(|character| self.id(character.encode_utf8(&mut buffer)).ok_or_else(|| self.unknown(character)))
            .collect()
    }

    /// The text of the tokens, marks shown. An id outside the vocabulary is shown as `<id N>`.
    #[must_use]
    pub fn decode(&self, ids: &[u32]) -> String {
        ids.iter().map(|&id| self.token(id)).collect()
    }

    /// The text of one token; `<id N>` for an id outside the vocabulary.
    #[must_use]
    pub fn token(&self, id: u32) -> String {
        usize::try_from(id).ok().and_then(|at| self.tokens.get(at)).cloned().unwrap_or_else(|| format!("<id {id}>"))
    }

    /// The id of a whole token, `None` if there is no such token.
    #[must_use]
    pub fn id(&self, token: &str) -> Option<u32> {
        self.inner.token_to_id(token)
    }

    /// Number of tokens, marks and unused ones included.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.tokens.len()
    }

    /// The ids of the special tokens.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Checks that ids run from 0 without a gap and that text and tokens determine each other, then keeps both.
    fn wrap(inner: tokenizers::Tokenizer) -> Result<Self> {
        let vocab = inner.get_vocab(true);
        let mut tokens: Vec<Option<String>> = vec![None; vocab.len()];
        for (token, id) in vocab {
            let slot = usize::try_from(id).ok().and_then(|at| tokens.get_mut(at));
            let Some(slot) = slot else {
                return Err(unusable(&format!("the ids must run from 0 without a gap, but {token:?} has id {id}")));
            };
            if let Some(first) = slot {
                return Err(unusable(&format!("{first:?} and {token:?} share the id {id}")));
            }
            if !is_plain_or_bracketed(&token) {
                return Err(unusable(&format!("token {token:?} is neither one character (not '<') nor like `<name>`")));
            }
            *slot = Some(token);
        }
        let mark = |name: &str| {
            inner.token_to_id(name).ok_or_else(|| unusable(&format!("the vocabulary lacks the mark `{name}`")))
        };
        let [pad, think, end_think, answer, end_answer] =
            [mark(PAD)?, mark(THINK)?, mark(END_THINK)?, mark(ANSWER)?, mark(END_ANSWER)?];
        let marks = Marks { pad, think, end_think, answer, end_answer, ending: Ending::default() };
        Ok(Self { inner, tokens: tokens.into_iter().flatten().collect(), marks })
    }

    /// The error for the first character of `text` that stands outside the alphabet, marks skipped.
    fn outside_alphabet(&self, text: &str) -> Option<Error> {
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if let Some(after) = MARKS.iter().find_map(|mark| rest.strip_prefix(mark)) {
                rest = after;
                continue;
            }
            if self.id(&rest[..character.len_utf8()]).is_none() {
                return Some(self.unknown(character));
            }
            rest = &rest[character.len_utf8()..];
        }
        None
    }

    fn unknown(&self, character: char) -> Error {
        let allowed: String = self.tokens.iter().filter(|token| token.chars().count() == 1).cloned().collect();
        Error::bad_input(format!(
            "the character {character:?} is not in the alphabet; write with these: {allowed:?} (small letters only)"
        ))
    }
}

/// One character other than `<`, or `<name>` without inner brackets: what keeps decoded text unambiguous.
fn is_plain_or_bracketed(token: &str) -> bool {
    if let Some(name) = token.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        return !name.is_empty() && !name.contains(['<', '>']);
    }
    token != "<" && token.chars().count() == 1
}

/// Checks everything about a parsed `tokenizer.json` that the `tokenizers` crate takes on trust, and that it is of the
/// one kind the lab can use; returns the added tokens with their ids.
fn check_shape(value: &Value) -> Result<Vec<(String, u64)>> {
    let expect = |path: &str, wanted: Value| match value.pointer(path).unwrap_or(&Value::Null) {
        got if *got == wanted => Ok(()),
        got => Err(unusable(&format!("`{path}` must be {wanted}, got {}", shortened(got)))),
    };
    expect("/model/type", "WordLevel".into())?;
    expect("/normalizer", Value::Null)?;
    expect("/decoder/type", "Fuse".into())?;
    expect("/pre_tokenizer/type", "Split".into())?;
    expect("/pre_tokenizer/pattern", serde_json::json!({ "Regex": ONE_CHARACTER }))?;
    expect("/pre_tokenizer/behavior", "Isolated".into())?;
    expect("/pre_tokenizer/invert", false.into())?;
    let vocab = value.pointer("/model/vocab").and_then(Value::as_object);
    let vocab = vocab.ok_or_else(|| unusable("`/model/vocab` must be an object of token: id"))?;
    let unknown = value.pointer("/model/unk_token").and_then(Value::as_str);
    if unknown.is_none_or(|token| vocab.contains_key(token)) {
        return Err(unusable("`/model/unk_token` must name a token that is not in the vocabulary"));
    }
    let none = Vec::new();
    let added = value.get("added_tokens").and_then(Value::as_array).unwrap_or(&none);
    if vocab.len() + added.len() > MAX_VOCAB {
        return Err(unusable(&format!("expected at most {MAX_VOCAB} tokens, got {}", vocab.len() + added.len())));
    }
    if let Some((token, id)) = vocab.iter().find(|(_, id)| id.as_u64().is_none_or(|id| id >= MAX_VOCAB as u64)) {
        return Err(unusable(&format!(
            "the id of {token:?} must be an integer below {MAX_VOCAB}, got {}",
            shortened(id)
        )));
    }
    let specials = added.iter().map(check_added).collect::<Result<Vec<_>>>()?;
    match MARKS.iter().find(|mark| !specials.iter().any(|(content, _)| content == *mark)) {
        Some(mark) => Err(unusable(&format!("`added_tokens` lacks the mark `{mark}`"))),
        None => Ok(specials),
    }
}

/// One entry of `added_tokens`: must not eat spaces around it nor depend on what stands beside it.
fn check_added(entry: &Value) -> Result<(String, u64)> {
    let content = entry.get("content").and_then(Value::as_str).unwrap_or_default();
    let id = entry.get("id").and_then(Value::as_u64);
    let plain = ["single_word", "lstrip", "rstrip"].iter().all(|flag| entry.get(flag) == Some(&Value::Bool(false)));
    match id {
        Some(id) if !content.is_empty() && plain => Ok((content.to_owned(), id)),
        _ => Err(unusable(&format!(
            "an entry of `added_tokens` must have content, id and single_word = lstrip = rstrip = false, got {}",
            shortened(entry)
        ))),
    }
}

/// The first characters of a JSON value, for a message.
fn shortened(value: &Value) -> String {
    value.to_string().chars().take(80).collect()
}

fn unusable(message: &str) -> Error {
    Error::bad_input(format!("the tokenizer.json is not usable: {message}; load one that this lab has written"))
}

fn refused(error: impl std::fmt::Display) -> Error {
    unusable(&error.to_string())
}
