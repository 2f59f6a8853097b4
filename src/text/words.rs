//! The words of a language model: byte-level BPE from a GGUF file's vocabulary, with the ids that Hugging Face gives.
//!
//! Not here: chat templates and answers (`speech.rs`), how the lists come out of a file (`weights/large.rs`).

use std::borrow::Cow;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::unicode::NFC;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::digits::Digits;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{AddedToken, SplitDelimiterBehavior};

use super::speech::{Asked, BRIDGE, END_THINK, EndRule, INSTRUCTION, Renderer, SpeechOptions, THINK, answer, render};
use super::{Ending, Marks};
use crate::error::{Error, Result};

/// `tokenizer.ggml.token_type`: a mark, and a text that is one token wherever it stands.
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
/// How Llama 3 cuts a text into pieces. Source: its tokenizer.json.
const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// The same for Qwen2, which takes digits one by one.
const QWEN_2: &str =
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// `tokenizer.ggml.pre` names that are known, for messages.
const SPLITTINGS: &str = "gpt-2, smollm, llama-bpe (llama3), qwen2 and deepseek-r1-qwen";

/// What a file says of its words. Ids are places in the lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// In GPT-2's spelling of bytes; marks as they are.
    pub tokens: Vec<String>,
    /// `tokenizer.ggml.token_type`.
    pub kinds: Vec<i32>,
    /// Pairs, "a b", the earliest first.
    pub merges: Vec<String>,
    /// `tokenizer.ggml.pre`: how a text is cut into pieces before they are merged.
    pub splitting: String,
    /// The token that every text begins with, where the file wants one.
    pub begin: Option<u32>,
    /// The end of a text, and of a turn where that is another token.
    pub end: Option<u32>,
    pub end_of_turn: Option<u32>,
    /// The chat template.
    pub template: Option<String>,
}

/// See the module.
#[derive(Debug)]
pub struct Words {
    inner: tokenizers::Tokenizer,
    /// The text of each token, as bytes.
    tokens: Vec<Vec<u8>>,
    /// Marks by their text, long ones first.
    specials: Vec<(String, u32)>,
    marks: Marks,
    begin: Option<u32>,
    template: Option<String>,
    renderer: Option<Renderer>,
    instruction: String,
    /// Whether a thought is opened by a mark.
    thinks: bool,
}

impl Words {
    /// # Errors
    /// `bad-weights` naming what of the vocabulary is not usable, and what is supported.
    pub fn new(vocabulary: &Vocabulary, options: &SpeechOptions) -> Result<Self> {
        let inner = byte_level(vocabulary)?;
        let of_kind = |kind: i32| {
            let tokens = (0u32..).zip(&vocabulary.tokens).zip(&vocabulary.kinds);
            tokens.filter(move |(_, k)| **k == kind).map(|((id, token), _)| (token.clone(), id))
        };
        let mut specials: Vec<(String, u32)> = of_kind(CONTROL).filter(|(token, _)| !token.is_empty()).collect();
        // A file may count the marks of a thought as ordinary words; they are marks.
        let known = specials.len();
        specials.extend(of_kind(USER_DEFINED).filter(|(token, _)| token == THINK || token == END_THINK));
        let thinks = specials[known..].iter().chain(&specials[..known]).any(|(token, _)| token == END_THINK);
        specials.sort_by_key(|(token, _)| std::cmp::Reverse(token.len()));
        let is_text = |kind: &i32| matches!(*kind, CONTROL | USER_DEFINED);
        let bytes = |(token, kind): (&String, &i32)| {
            if is_text(kind) { token.clone().into_bytes() } else { from_byte_alphabet(token) }
        };
        let tokens = vocabulary.tokens.iter().zip(&vocabulary.kinds).map(bytes).collect();
        let Some(end) = vocabulary.end_of_turn.or(vocabulary.end) else {
            return Err(Error::bad_weights("tokenizer.ggml.eos_token_id", "the key is missing: no text would end"));
        };
        let marks =
            Marks { pad: end, think: end, end_think: end, answer: end, end_answer: end, ending: Ending::default() };
        let mut words = Self {
            inner,
            tokens,
            specials,
            marks,
            begin: vocabulary.begin,
            template: options.template.clone().or_else(|| vocabulary.template.clone()),
            renderer: options.renderer.clone(),
            instruction: options.instruction.clone().unwrap_or_else(|| INSTRUCTION.to_owned()),
            thinks,
        };
        let mark = words.encode(END_THINK)?;
        let bridge = options.bridge.as_deref().unwrap_or(if thinks { "" } else { BRIDGE });
        let sought = if options.end_rule == EndRule::WholeMark { mark.len() } else { 1 };
        words.marks.end_think = mark.last().copied().unwrap_or(end);
        words.marks.ending = Ending::new(&mark, sought, &words.encode(bridge)?)?;
        Ok(words)
    }

    /// A question as the template asks it, and the mark of a thought for models that have one.
    ///
    /// # Errors
    /// `bad-input` for a template that cannot be used.
    pub fn prompt(&self, question: &str) -> Result<Vec<u32>> {
        let said = |id: Option<u32>| id.map(|id| self.token(id)).unwrap_or_default();
        let (begin, end) = (said(self.begin), self.token(self.marks.end_answer));
        let asked = format!("{question}{}", self.instruction);
        let asked = Asked { question: &asked, begin: &begin, end: &end };
        let mut text = render(self.template.as_deref(), asked, self.renderer.as_ref())?;
        if self.thinks && !text.trim_end().ends_with(THINK) {
            text += THINK;
            text += "\n";
        }
        let mut ids = self.encode(&text)?;
        if let Some(begin) = self.begin.filter(|begin| ids.first() != Some(begin)) {
            ids.insert(0, begin);
        }
        Ok(ids)
    }

    /// See [`super::Tokenizer::answer`].
    #[must_use]
    pub fn answer(&self, tokens: &[u32], thought: usize) -> Option<String> {
        let plain = |ids: &[u32]| {
            let ids: Vec<u32> = ids.iter().copied().filter(|id| *id != self.marks.end_answer).collect();
            self.decode(&ids)
        };
        answer(&plain(tokens), &plain(tokens.get(thought..).unwrap_or_default()))
    }

    /// Ids of a text in which marks count as marks.
    ///
    /// # Errors
    /// `bad-input` where the `tokenizers` crate fails, which no text makes it do.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let (mut ids, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let here = rest.char_indices().find_map(|(at, _)| self.special_at(&rest[at..]).map(|found| (at, found)));
            let Some((at, (length, id))) = here else { break };
            ids.extend(self.encode_plain(&rest[..at])?);
            ids.push(id);
            rest = &rest[at + length..];
        }
        ids.extend(self.encode_plain(rest)?);
        Ok(ids)
    }

    fn special_at(&self, text: &str) -> Option<(usize, u32)> {
        let found = self.specials.iter().find(|(special, _)| text.starts_with(special.as_str()));
        found.map(|(special, id)| (special.len(), *id))
    }

    /// Ids of a text in which nothing counts as a mark.
    ///
    /// # Errors
    /// As [`Words::encode`].
    pub fn encode_plain(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.inner.encode_fast(text, false);
        encoding
            .map(|found| found.get_ids().to_vec())
            .map_err(|e| Error::bad_input(format!("a text cannot be read: {e}")))
    }

    /// The text of the tokens; bytes that are no text on their own come out as `�`.
    #[must_use]
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|id| self.bytes(*id).into_owned()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The text of one token.
    #[must_use]
    pub fn token(&self, id: u32) -> String {
        String::from_utf8_lossy(&self.bytes(id)).into_owned()
    }

    fn bytes(&self, id: u32) -> Cow<'_, [u8]> {
        match self.tokens.get(id as usize) {
            Some(bytes) => Cow::Borrowed(bytes),
            None => Cow::Owned(format!("<id {id}>").into_bytes()),
        }
    }

    /// The id of a whole token, by its text.
    #[must_use]
    pub fn id(&self, token: &str) -> Option<u32> {
        self.tokens.iter().position(|bytes| bytes == token.as_bytes()).and_then(|at| u32::try_from(at).ok())
    }

    /// Number of tokens.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        self.tokens.len()
    }

    /// Where thoughts and answers end.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Whether the model has a token `</think>`.
    #[must_use]
    pub fn has_think_mark(&self) -> bool {
        self.thinks
    }
}

/// The tokenizer of plain text: marks in it are text.
fn byte_level(vocabulary: &Vocabulary) -> Result<tokenizers::Tokenizer> {
    let refused = |e: &dyn std::fmt::Display| Error::bad_weights("tokenizer.ggml.merges", e.to_string());
    let split_pair = |(at, merge): (usize, &String)| match merge.split_once(' ') {
        Some((left, right)) if !left.is_empty() && !right.is_empty() => Ok((left.to_owned(), right.to_owned())),
        _ => Err(refused(&format!("rule {at} is not two words with a space between"))),
    };
    let merges = vocabulary.merges.iter().enumerate().map(split_pair).collect::<Result<Vec<_>>>()?;
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
    let model = BPE::builder().vocab_and_merges(ids, merges).ignore_merges(whole).build();
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

/// The bytes that GPT-2's printable spelling stands for (`bytes_to_unicode` in its encoder.py); other characters as they are.
fn from_byte_alphabet(token: &str) -> Vec<u8> {
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
