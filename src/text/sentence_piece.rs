//! SentencePiece's BPE: the words of Llama 1 and 2, TinyLlama and Mistral, whose files have a score a piece in the place of rules.
//!
//! Not here: marks and how texts are put together (`words.rs`). Sources: sentencepiece's bpe_model.cc, which always joins the pair whose
//! piece scores highest; transformers' `generate_merges`, which writes the same as a list of rules.

use std::collections::{HashMap, HashSet};

use tokenizers::models::bpe::{BPE, Vocab};

use super::byte_level::merges;
use super::words::{BYTE, NORMAL, UNKNOWN, Vocabulary};
use crate::error::{Error, Result};

/// What a space is written as.
const SPACE: &str = "\u{2581}";
/// Longest piece accepted, bytes: rules are sought at every place of each piece.
const LONGEST: usize = 256;

/// The tokenizer of plain text, spaces written as [`spaced`] does: marks in it are text.
///
/// # Errors
/// `bad-weights` naming the key that is not usable, and what was expected.
pub(super) fn tokenizer(vocabulary: &Vocabulary) -> Result<tokenizers::Tokenizer> {
    let refused =
        |key: &str, e: &dyn std::fmt::Display| Error::bad_weights(format!("tokenizer.ggml.{key}"), e.to_string());
    let scores = &vocabulary.scores;
    let scored = vocabulary.merges.is_empty();
    if scored && (scores.len() != vocabulary.tokens.len() || scores.iter().any(|score| !score.is_finite())) {
        let message = format!("expected {} finite numbers, found {}", vocabulary.tokens.len(), scores.len());
        return Err(refused("scores", &message));
    }
    if let Some(long) = vocabulary.tokens.iter().position(|token| token.len() > LONGEST) {
        return Err(refused("tokens", &format!("token {long} is longer than {LONGEST} bytes")));
    }
    let kinds = || vocabulary.tokens.iter().zip(&vocabulary.kinds);
    let bytes: HashSet<&str> = kinds().filter(|(_, kind)| **kind == BYTE).map(|(token, _)| token.as_str()).collect();
    let missing = (0..=255u8).map(|byte| format!("<0x{byte:02X}>")).find(|byte| !bytes.contains(byte.as_str()));
    if let Some(byte) = missing {
        let message = format!("the token of the byte {byte} is missing: some texts could not be read");
        return Err(refused("tokens", &message));
    }
    let Some((unknown, _)) = kinds().find(|(_, kind)| **kind == UNKNOWN) else {
        return Err(refused("token_type", &"no token is the unknown one (2)"));
    };
    let ids: Vocab = (0u32..).zip(&vocabulary.tokens).map(|(id, token)| (token.clone(), id)).collect();
    let model = BPE::builder()
        .vocab_and_merges(ids, if scored { rules(vocabulary) } else { merges(vocabulary)? })
        .unk_token(unknown.clone())
        .fuse_unk(true)
        .byte_fallback(true)
        .build();
    Ok(tokenizers::Tokenizer::new(model.map_err(|e| refused("tokens", &e))?))
}

/// Every pair of pieces that makes a piece, the best-scored first.
fn rules(vocabulary: &Vocabulary) -> Vec<(String, String)> {
    let pieces = || (0u32..).zip(&vocabulary.tokens).zip(&vocabulary.kinds).filter(|(_, kind)| **kind == NORMAL);
    let known: HashMap<&str, u32> = pieces().map(|((id, token), _)| (token.as_str(), id)).collect();
    let mut found = Vec::new();
    for ((id, token), _) in pieces() {
        let from = found.len();
        let halves = token.char_indices().skip(1).map(|(at, _)| token.split_at(at));
        let both = halves.filter_map(|(left, right)| Some((left, right, known.get(left)?, known.get(right)?)));
        found.extend(both.map(|(left, right, l, r)| (vocabulary.scores[id as usize], left, right, (l, r))));
        found[from..].sort_by_key(|(_, _, _, ids)| *ids);
    }
    found.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then(b.1.chars().count().cmp(&a.1.chars().count()))
            .then(b.2.chars().count().cmp(&a.2.chars().count()))
    });
    found.into_iter().map(|(_, left, right, _)| (left.to_owned(), right.to_owned())).collect()
}

/// A text with its spaces as pieces have them; `first` puts one before it.
pub(super) fn spaced(text: &str, first: bool) -> String {
    let mut out = String::with_capacity(text.len() + SPACE.len());
    if first && !text.is_empty() {
        out.push_str(SPACE);
    }
    out + &text.replace(' ', SPACE)
}

/// The bytes that a piece stands for.
pub(super) fn text_of(token: &str, kind: i32) -> Vec<u8> {
    let byte = token.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>')).filter(|_| kind == BYTE);
    match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
        Some(byte) => vec![byte],
        None => token.replace(SPACE, " ").into_bytes(),
    }
}
