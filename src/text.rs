//! Text to token ids and back, for both kinds of models: the lab's own with its alphabet, and language models with their words.
//!
//! Only the files of this folder name the `tokenizers` crate: `letters.rs` the alphabet, `words.rs` the words of two kinds. Not here: what a
//! completion is graded by (`tasks/`).

mod byte_level;
mod hf_words;
mod letters;
mod sentence_piece;
pub mod speech;
#[cfg(not(target_family = "wasm"))]
mod template;
pub mod words;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

pub use self::letters::LAB_VOCAB_SIZE;
use self::letters::Letters;
pub use self::speech::SpeechOptions;
use self::words::{Vocabulary, Words};
use crate::error::{Error, Result};
use crate::tasks::extract::extract_answer;

/// The ids of the special tokens. `end_answer` ends a completion; there is no separate end-of-sequence token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    pub pad: u32,
    pub think: u32,
    pub end_think: u32,
    pub answer: u32,
    pub end_answer: u32,
    /// How a thought ends where that takes more than `end_think`.
    pub ending: Ending,
}

/// How a thought ends where that takes more than one token: a model without a token for it spells the mark. Empty where the one
/// token `end_think` is all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    ids: [u32; Ending::MOST],
    /// Where the tokens that are looked for begin and end.
    sought: (usize, usize),
    all: usize,
}

impl Ending {
    /// Most tokens that are fed.
    pub const MOST: usize = 32;

    /// `mark`: how the end of a thought is spelled; its last `sought` projected tokens end one. `bridge`: what is fed after the mark
    /// where a rule has ended the thought for the model.
    ///
    /// # Errors
    /// `bad-input` for more than 32 tokens or an empty mark.
    pub fn new(mark: &[u32], sought: usize, bridge: &[u32]) -> Result<Self> {
        let (mut ending, all) = (Self::default(), mark.len() + bridge.len());
        let most = ending.ids.len();
        if all > most || sought == 0 || sought > mark.len() {
            return Err(Error::bad_input(format!("the end of a thought may take 1 to {most} tokens; it takes {all}")));
        }
        ending.ids[..mark.len()].copy_from_slice(mark);
        ending.ids[mark.len()..all].copy_from_slice(bridge);
        ending.sought = (mark.len() - sought, mark.len());
        ending.all = all;
        Ok(ending)
    }

    /// The projected tokens that end a thought.
    #[must_use]
    pub fn sought(&self) -> &[u32] {
        &self.ids[self.sought.0..self.sought.1]
    }

    /// What is fed where a rule ends it: the mark and the bridge.
    #[must_use]
    pub fn fed(&self) -> &[u32] {
        &self.ids[..self.all]
    }
}

/// What a model reads and writes. Cheap to clone, free of interior state.
#[derive(Clone, Debug)]
pub enum Tokenizer {
    Letters(Box<Letters>),
    Words(Rc<Words>),
}

/// The same call on whichever kind it is.
macro_rules! on {
    ($self:expr, $inner:ident => $call:expr) => {
        match $self {
            Tokenizer::Letters($inner) => $call,
            Tokenizer::Words($inner) => $call,
        }
    };
}

impl Tokenizer {
    /// The tokenizer of every model made by the lab: 64 tokens, of which the last few are unused.
    ///
    /// # Errors
    /// Only if the `tokenizers` crate refuses its parts, which the tests rule out.
    pub fn lab() -> Result<Self> {
        Letters::lab().map(|letters| Self::Letters(Box::new(letters)))
    }

    /// Reads a `tokenizer.json` of the lab's kind.
    ///
    /// # Errors
    /// `bad-input` if the text is no JSON, is no character-level tokenizer with the five marks, or contradicts itself.
    pub fn from_json(json: &str) -> Result<Self> {
        Letters::from_json(json).map(|letters| Self::Letters(Box::new(letters)))
    }

    /// The tokenizer of a language model, with the way it is spoken to.
    ///
    /// # Errors
    /// `bad-weights` for a vocabulary that is not usable; `bad-input` for a chat template that is not known.
    pub fn of_words(vocabulary: &Vocabulary, options: &SpeechOptions) -> Result<Self> {
        Words::new(vocabulary, options).map(|words| Self::Words(Rc::new(words)))
    }

    /// The `tokenizer.json` text of the lab's kind.
    ///
    /// # Errors
    /// `bad-input` for words, whose tokenizer stays in their model's file.
    pub fn to_json(&self) -> Result<String> {
        match self {
            Self::Letters(letters) => letters.to_json(),
            Self::Words(_) => Err(Error::bad_input("a language model is not exported; its file is as it was")),
        }
    }

    /// A question as the model is asked it: its text and the mark that opens the thought, in the words of its template if it has one.
    ///
    /// # Errors
    /// `bad-input` for characters outside the alphabet.
    pub fn prompt(&self, question: &str) -> Result<Vec<u32>> {
        match self {
            Self::Letters(letters) => {
                let mut ids = letters.encode_plain(question)?;
                ids.push(letters.marks().think);
                Ok(ids)
            }
            Self::Words(words) => words.prompt(question),
        }
    }

    /// The answer in a completion whose first `thought` tokens are its thought, if there is one.
    #[must_use]
    pub fn answer(&self, tokens: &[u32], thought: usize) -> Option<String> {
        match self {
            Self::Letters(letters) => extract_answer(&letters.decode(tokens)).map(str::to_owned),
            Self::Words(words) => words.answer(tokens, thought),
        }
    }

    /// Ids of a text in which marks count as marks.
    ///
    /// # Errors
    /// `bad-input` naming the first character outside the alphabet, and the alphabet.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        on!(self, inner => inner.encode(text))
    }

    /// Ids of a text in which nothing counts as a mark, such as a question typed by a user.
    ///
    /// # Errors
    /// `bad-input` naming the first character outside the alphabet (`<` is), and the alphabet.
    pub fn encode_plain(&self, text: &str) -> Result<Vec<u32>> {
        on!(self, inner => inner.encode_plain(text))
    }

    /// The text of the tokens, marks shown. An id outside the vocabulary is shown as `<id N>`.
    #[must_use]
    pub fn decode(&self, ids: &[u32]) -> String {
        on!(self, inner => inner.decode(ids))
    }

    /// The text of one token; `<id N>` for an id outside the vocabulary.
    #[must_use]
    pub fn token(&self, id: u32) -> String {
        on!(self, inner => inner.token(id))
    }

    /// The id of a whole token, `None` if there is no such token.
    #[must_use]
    pub fn id(&self, token: &str) -> Option<u32> {
        on!(self, inner => inner.id(token))
    }

    /// Number of tokens, marks and unused ones included.
    #[must_use]
    pub fn vocab_size(&self) -> usize {
        on!(self, inner => inner.vocab_size())
    }

    /// The ids of the special tokens.
    #[must_use]
    pub fn marks(&self) -> Marks {
        on!(self, inner => inner.marks())
    }
}
