//! `count_bits`: how many ones there are among bits, worked out by a count that runs along.
//!
//! `ones 1011010000=` has the chain `1123344444` and the answer `4`: the count after each bit, one character each, `a` standing
//! for 10, `b` for 11 and so on; the answer is an ordinary number. Not here: marks, tokens, splits (`mod.rs`, `split.rs`).
//! After reasoning-gym's task of the same name (Apache-2.0), which gives the number in decimal.

use super::{Chain, Difficulty, Question, Split, Task, draw, slips, split_of, whole_number};
use crate::error::{Error, Result};
use crate::math::stream::Stream;

pub const NAME: &str = "count_bits";
/// 1: 10 bits; 2: 12; 3: 16.
pub const DIFFICULTY: Difficulty = Difficulty { min: 1, max: 3, default: 2 };
/// How many more there are out of distribution.
const MORE: usize = 4;

/// Counting the ones among `bits` bits, each a fair coin.
#[derive(Clone, Copy, Debug)]
pub struct CountBits {
    difficulty: u32,
    bits: usize,
}

impl CountBits {
    pub(super) fn new(difficulty: u32) -> Self {
        let bits = match difficulty {
            1 => 10,
            2 => 12,
            _ => 16,
        };
        Self { difficulty, bits }
    }

    fn bits(&self, split: Split) -> usize {
        if split == Split::Ood { self.bits + MORE } else { self.bits }
    }

    /// Reads `ones 1011=`; the word, the final `=` and spaces around the bits are free.
    fn read(&self, prompt: &str) -> Option<Vec<bool>> {
        let text = prompt.trim();
        let text = text.strip_prefix("ones").unwrap_or(text);
        let text = text.strip_suffix('=').unwrap_or(text).trim();
        let fits =
            (2..=self.bits(Split::Ood)).contains(&text.len()) && text.bytes().all(|bit| matches!(bit, b'0' | b'1'));
        fits.then(|| text.bytes().map(|bit| bit == b'1').collect())
    }
}

fn write(bits: &[bool]) -> String {
    let bits: String = bits.iter().map(|bit| if *bit { '1' } else { '0' }).collect();
    format!("ones {bits}=")
}

fn ones(bits: &[bool]) -> usize {
    bits.iter().filter(|bit| **bit).count()
}

fn solved(bits: &[bool]) -> Question {
    Question { task: NAME.into(), prompt: write(bits), answer: ones(bits).to_string() }
}

/// A count in one character.
fn letter(count: u32) -> char {
    char::from_digit(count, 36).unwrap_or('z')
}

/// A wrong count after a bit: a one overlooked or counted twice, a zero counted or taken for one less.
fn slipped(before: u32, bit: bool, stream: &mut Stream) -> u32 {
    let up = stream.below(2) == 0;
    match (bit, up) {
        (true, true) => before + 2,
        (true, false) => before,
        (false, false) if before > 0 => before - 1,
        (false, _) => before + 1,
    }
}

impl Task for CountBits {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Count bits"
    }

    fn describe(&self) -> String {
        format!("Count the ones among {} bits.", self.bits)
    }

    fn difficulty(&self) -> u32 {
        self.difficulty
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let generate = |stream: &mut Stream| (0..self.bits(split)).map(|_| stream.below(2) == 1).collect::<Vec<_>>();
        solved(&draw(split, seed, (6, self.difficulty), generate, |bits| write(bits)))
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        self.read(prompt).map(|bits| solved(&bits)).ok_or_else(|| {
            Error::bad_input(format!(
                "count_bits: expected 2 to {} zeros and ones, such as {:?}, got {prompt:?}",
                self.bits(Split::Ood),
                self.question(Split::Train, 0).prompt
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        match self.read(&question.prompt) {
            Some(bits) if bits.len() > self.bits => Split::Ood,
            Some(bits) => split_of(&write(&bits)),
            None => Split::Train,
        }
    }

    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let Some(bits) = self.read(&question.prompt) else {
            return Chain { thought: String::new(), answer: question.answer.clone() };
        };
        let mut stream = slips(seed);
        let most = bits.len() as u32;
        let mut count = 0;
        let mut thought = String::new();
        for bit in bits {
            let right = count + u32::from(bit);
            count = if stream.uniform() < slip { slipped(count, bit, &mut stream) } else { right };
            count = count.min(most); // only where ones counted twice have piled up
            thought.push(letter(count));
        }
        Chain { thought, answer: count.to_string() }
    }

    /// 1 for the number of ones written plainly, else 0.
    fn grade(&self, question: &Question, answer: &str) -> f64 {
        let Some(bits) = self.read(&question.prompt) else { return 0.0 };
        let given = whole_number(answer, bits.len() as u32);
        if given.map(|count| count as usize) == Some(ones(&bits)) { 1.0 } else { 0.0 }
    }

    /// 1 / the probability of the most frequent count, 2^n / C(n, n/2): four or five. The guesser has not seen the bits, and a few
    /// guesses are enough: nothing about pass@k can be claimed from this task.
    fn guess_space(&self, split: Split) -> f64 {
        let bits = self.bits(split);
        // C(2m, m) / 4^m, for the even numbers of bits there are.
        (1..=bits / 2).map(|i| 2.0 * i as f64 / (2.0 * i as f64 - 1.0)).product()
    }

    fn max_completion_length(&self, split: Split) -> usize {
        4 + self.bits(split) + 2 + 2
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_chain_counts_along() {
        let task = CountBits::new(3);
        let question = task.parse("1011010000111111 ").expect("question");
        let chain = task.chain(&question, 0.0, 0);
        assert_eq!((chain.thought.as_str(), chain.answer.as_str()), ("112334444456789a", "10"));
    }

    #[test]
    fn slips_miscount_by_one() {
        let mut stream = slips(3);
        for _ in 0..200 {
            for (before, bit) in [(0, false), (0, true), (5, false), (5, true)] {
                let right = before + u32::from(bit);
                assert_eq!(slipped(before, bit, &mut stream).abs_diff(right), 1);
            }
        }
    }

    #[test]
    fn guess_space_is_honest_about_the_most_frequent_answer() {
        for level in 1..=3 {
            let task = CountBits::new(level);
            for split in [Split::Train, Split::Ood] {
                let mut counts: HashMap<String, u32> = HashMap::new();
                for seed in 0..20_000 {
                    *counts.entry(task.question(split, seed).answer).or_default() += 1;
                }
                let most = f64::from(counts.values().copied().max().unwrap_or(0)) / 20_000.0;
                let claimed = 1.0 / task.guess_space(split);
                // Four standard errors (0.012), and the tenth of 1024 strings that is left out at the first level.
                assert!((most - claimed).abs() <= 0.02, "{level}: {most} against {claimed}");
            }
        }
    }
}
