//! `spell_backward`: write a word of different letters from its last letter to its first.
//!
//! `back qwertz=` has the chain `ztrewq` and the answer `ztrewq`: the thought finds the letter before the one just written, the
//! answer is the thought. Not here: marks, tokens, splits (`mod.rs`, `split.rs`).
//! After reasoning-gym's task of the same name (Apache-2.0), which takes words of a language and grades by position, as here.

use super::{Chain, Difficulty, Question, Split, Task, draw, slips, split_of};
use crate::error::{Error, Result};
use crate::math::stream::Stream;

pub const NAME: &str = "spell_backward";
/// The difficulty is the number of letters.
pub const DIFFICULTY: Difficulty = Difficulty { min: 4, max: 10, default: 8 };
/// How many more letters there are out of distribution.
const MORE: usize = 2;

/// Reversal of words made of `letters` different letters, each choice equally likely.
#[derive(Clone, Copy, Debug)]
pub struct SpellBackward {
    letters: usize,
}

impl SpellBackward {
    pub(super) fn new(difficulty: u32) -> Self {
        Self { letters: difficulty as usize }
    }

    fn letters(&self, split: Split) -> usize {
        if split == Split::Ood { self.letters + MORE } else { self.letters }
    }

    /// Reads `back qwertz=`; the word `back` before a space, the final `=` and spaces around are free.
    fn read(&self, prompt: &str) -> Option<Vec<u8>> {
        let text = prompt.trim();
        let text = text.strip_prefix("back ").unwrap_or(text);
        let text = text.strip_suffix('=').unwrap_or(text).trim();
        let word = text.as_bytes();
        let fits = (2..=self.letters(Split::Ood)).contains(&word.len())
            && word.iter().all(u8::is_ascii_lowercase)
            && word.iter().enumerate().all(|(at, letter)| !word[..at].contains(letter));
        fits.then(|| word.to_vec())
    }
}

fn text(letters: impl Iterator<Item = u8>) -> String {
    letters.map(char::from).collect()
}

fn write(word: &[u8]) -> String {
    format!("back {}=", text(word.iter().copied()))
}

fn reversed(word: &[u8]) -> String {
    text(word.iter().rev().copied())
}

fn solved(word: &[u8]) -> Question {
    Question { task: NAME.into(), prompt: write(word), answer: reversed(word) }
}

impl Task for SpellBackward {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Spell backward"
    }

    fn describe(&self) -> String {
        format!("Write a word of {} different letters backwards. Every letter in its place counts.", self.letters)
    }

    fn difficulty(&self) -> u32 {
        self.letters as u32
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let generate = |stream: &mut Stream| {
            let mut alphabet: Vec<u8> = (b'a'..=b'z').collect();
            stream.shuffle(&mut alphabet);
            alphabet.truncate(self.letters(split));
            alphabet
        };
        solved(&draw(split, seed, (7, self.letters as u32), generate, |word| write(word)))
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        self.read(prompt).map(|word| solved(&word)).ok_or_else(|| {
            Error::bad_input(format!(
                "spell_backward: expected 2 to {} different small letters, such as {:?}, got {prompt:?}",
                self.letters(Split::Ood),
                self.question(Split::Train, 0).prompt
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        match self.read(&question.prompt) {
            Some(word) if word.len() > self.letters => Split::Ood,
            Some(word) => split_of(&write(&word)),
            None => Split::Train,
        }
    }

    /// A slip loses the place: another letter of the word is written and the teacher goes on before that one. It ends at the
    /// first letter, or when as many letters stand there as the word has.
    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let Some(word) = self.read(&question.prompt) else {
            return Chain { thought: String::new(), answer: question.answer.clone() };
        };
        let mut stream = slips(seed);
        let mut written = Vec::new();
        let mut place = word.len();
        while place > 0 && written.len() < word.len() {
            place -= 1;
            if stream.uniform() < slip {
                let drawn = stream.below(word.len() as u32 - 1) as usize;
                place = if drawn >= place { drawn + 1 } else { drawn };
            }
            written.push(word[place]);
        }
        let written = text(written.into_iter());
        Chain { thought: written.clone(), answer: written }
    }

    /// The share of letters that stand where they should; 0 for an answer of another length. Writing one letter over and over
    /// earns no more than 1/n.
    fn grade(&self, question: &Question, answer: &str) -> f64 {
        let Some(word) = self.read(&question.prompt) else { return 0.0 };
        if answer.chars().count() != word.len() {
            return 0.0;
        }
        let right =
            word.iter().rev().zip(answer.chars()).filter(|(wanted, given)| char::from(**wanted) == *given).count();
        right as f64 / word.len() as f64
    }

    /// n! orders: the guesser sees which letters there are but not their order, the strictest fair reading. Blind to the prompt,
    /// the space would be 26! / (26 - n)!, 6·10^10 for eight letters.
    fn guess_space(&self, split: Split) -> f64 {
        (1..=self.letters(split)).map(|factor| factor as f64).product()
    }

    fn max_completion_length(&self, split: Split) -> usize {
        4 + 2 * self.letters(split) + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_in_its_place_earns_its_share() {
        let task = SpellBackward::new(6);
        let question = task.parse("qwertz").expect("question");
        let grade = |answer: &str| task.grade(&question, answer);
        assert_eq!((grade("ztrewq"), grade("ztreqw"), grade("zzzzzz")), (1.0, 4.0 / 6.0, 1.0 / 6.0));
        assert_eq!((grade("ztrew"), grade("ztrewqq"), grade(""), grade("ztréwq")), (0.0, 0.0, 0.0, 5.0 / 6.0));
    }

    #[test]
    fn every_slip_spoils_the_answer() {
        let task = SpellBackward::new(8);
        for seed in 0..4_000 {
            let question = task.question(Split::Train, seed);
            let chain = task.chain(&question, 0.2, seed);
            assert_eq!(chain.thought, chain.answer);
            assert!(chain.answer.len() <= 8);
        }
        let wrong = (0..4_000).filter(|&seed| {
            let question = task.question(Split::Train, seed);
            task.chain(&question, 0.1, seed).answer != question.answer
        });
        // 1 - .9^8 = .57, and four standard errors.
        assert!((wrong.count() as f64 / 4_000.0 - 0.57).abs() <= 0.032);
    }
}
