//! The words of a language model: a tokenizer from a GGUF file's vocabulary, with the ids that Hugging Face gives.
//!
//! Not here: the two kinds (`byte_level.rs`, `sentence_piece.rs`), chat templates and answers (`speech.rs`), how the lists come out of
//! a file (`weights/large.rs`).

use std::borrow::Cow;

use super::byte_level;
use super::sentence_piece;
use super::speech::{Asked, BRIDGE, END_THINK, EndRule, INSTRUCTION, Renderer, SpeechOptions, THINK, answer, render};
use super::{Ending, Marks};
use crate::error::{Error, Result};

/// `tokenizer.ggml.token_type`: an ordinary word, what is no word, a mark, a text that is one token wherever it stands, a place without
/// a token, a byte.
pub(super) const NORMAL: i32 = 1;
pub(super) const UNKNOWN: i32 = 2;
pub(super) const CONTROL: i32 = 3;
pub(super) const USER_DEFINED: i32 = 4;
pub(super) const UNUSED: i32 = 5;
pub(super) const BYTE: i32 = 6;

/// How tokens are written in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spelling {
    /// As bytes, by GPT-2's alphabet.
    #[default]
    Bytes,
    /// As SentencePiece's pieces, in which spaces are letters.
    Pieces(Leading),
}

/// Where SentencePiece puts a space that a text does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leading {
    /// Before each stretch of text between two marks.
    Each,
    /// Before a text.
    First,
    None,
}
/// What a file says of its words. Ids are places in the lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// In `spelling`; marks as they are.
    pub tokens: Vec<String>,
    /// `tokenizer.ggml.token_type`.
    pub kinds: Vec<i32>,
    pub spelling: Spelling,
    /// Pairs, "a b", the earliest first.
    pub merges: Vec<String>,
    /// `tokenizer.ggml.scores`, in the place of `merges`: a number a piece.
    pub scores: Vec<f32>,
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
    spelling: Spelling,
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
        let spelling = vocabulary.spelling;
        let inner = match spelling {
            Spelling::Bytes => byte_level::tokenizer(vocabulary)?,
            Spelling::Pieces(_) => sentence_piece::tokenizer(vocabulary)?,
        };
        let of_kind = |kind: i32| {
            let tokens = (0u32..).zip(&vocabulary.tokens).zip(&vocabulary.kinds);
            tokens.filter(move |(_, k)| **k == kind).map(|((id, token), _)| (token.clone(), id))
        };
        let mut specials: Vec<(String, u32)> = of_kind(CONTROL).filter(|(token, _)| !token.is_empty()).collect();
        // A file may count the marks of a thought as ordinary words; they are marks.
        let known = specials.len();
        let is_mark = |token: &str| token == THINK || token == END_THINK;
        specials.extend(of_kind(USER_DEFINED).filter(|(token, _)| spelling != Spelling::Bytes || is_mark(token)));
        let thinks = specials[known..].iter().chain(&specials[..known]).any(|(token, _)| token == END_THINK);
        specials.sort_by_key(|(token, _)| std::cmp::Reverse(token.len()));
        let is_text = |kind: &i32| matches!(*kind, CONTROL | USER_DEFINED);
        let bytes = |(token, kind): (&String, &i32)| match spelling {
            _ if is_text(kind) => token.clone().into_bytes(),
            Spelling::Bytes => byte_level::text_of(token),
            Spelling::Pieces(_) => sentence_piece::text_of(token, *kind),
        };
        let tokens = vocabulary.tokens.iter().zip(&vocabulary.kinds).map(bytes).collect();
        let Some(end) = vocabulary.end_of_turn.or(vocabulary.end) else {
            return Err(Error::bad_weights("tokenizer.ggml.eos_token_id", "the key is missing: no text would end"));
        };
        let marks =
            Marks { pad: end, think: end, end_think: end, answer: end, end_answer: end, ending: Ending::default() };
        let mut words = Self {
            inner,
            spelling,
            tokens,
            specials,
            marks,
            begin: vocabulary.begin,
            template: options.template.clone().or_else(|| vocabulary.template.clone()),
            renderer: options.renderer.clone(),
            instruction: options.instruction.clone().unwrap_or_else(|| INSTRUCTION.to_owned()),
            thinks,
        };
        let mark = words.encode_within(END_THINK)?;
        let bridge = options.bridge.as_deref().unwrap_or(if thinks { "" } else { BRIDGE });
        let sought = if options.end_rule == EndRule::WholeMark { mark.len() } else { 1 };
        words.marks.end_think = mark.last().copied().unwrap_or(end);
        words.marks.ending = Ending::new(&mark, sought, &words.encode_within(bridge)?)?;
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
        self.with_marks(text, |part, first| match self.spelling {
            Spelling::Pieces(Leading::First) if !first => self.encode_on(part),
            _ => self.encode_plain(part),
        })
    }

    /// As [`Words::encode`], of a text that goes on from another.
    fn encode_within(&self, text: &str) -> Result<Vec<u32>> {
        self.with_marks(text, |part, _| self.encode_on(part))
    }

    /// `plain` reads what is between marks; true at the beginning.
    fn with_marks(&self, text: &str, plain: impl Fn(&str, bool) -> Result<Vec<u32>>) -> Result<Vec<u32>> {
        let (mut ids, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let here = rest.char_indices().find_map(|(at, _)| self.special_at(&rest[at..]).map(|found| (at, found)));
            let Some((at, (length, id))) = here else { break };
            ids.extend(plain(&rest[..at], rest.len() == text.len())?);
            ids.push(id);
            rest = &rest[at + length..];
        }
        ids.extend(plain(rest, rest.len() == text.len())?);
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
        match self.spelling {
            Spelling::Pieces(Leading::Each | Leading::First) => self.cut(&sentence_piece::spaced(text, true)),
            _ => self.encode_on(text),
        }
    }

    /// As [`Words::encode_plain`], of a text that goes on from another.
    fn encode_on(&self, text: &str) -> Result<Vec<u32>> {
        match self.spelling {
            Spelling::Bytes => self.cut(text),
            Spelling::Pieces(_) => self.cut(&sentence_piece::spaced(text, false)),
        }
    }

    fn cut(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.inner.encode_fast(text, false);
        encoding
            .map(|found| found.get_ids().to_vec())
            .map_err(|e| Error::bad_input(format!("a text cannot be read: {e}")))
    }

    /// The text of the tokens; bytes that are no text on their own come out as `�`.
    #[must_use]
    pub fn decode(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|id| self.bytes(*id).into_owned()).collect();
        // The space that SentencePiece has put before the text is not the text's.
        let own = match self.spelling {
            Spelling::Pieces(Leading::Each | Leading::First) => bytes.strip_prefix(b" "),
            _ => None,
        };
        String::from_utf8_lossy(own.unwrap_or(&bytes)).into_owned()
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
