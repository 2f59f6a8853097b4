//! `chain_sum`: additions and subtractions in a row, worked out by partial sums.
//!
//! `17+58-24=` has the chain `75;51` and the answer `51`. Not here: marks, tokens, splits (`mod.rs`).

use super::{Chain, Difficulty, Question, Split, Task, draw, miscopy, slips, split_of, whole_number};
use crate::error::{Error, Result};
use crate::math::stream::Stream;

pub const NAME: &str = "chain_sum";
/// 1: two one-digit terms; 2: three two-digit terms; 3: four terms of two or three digits; 4: two three-digit terms, for pass@k: an
/// effective 1200 answers in one worked step.
pub const DIFFICULTY: Difficulty = Difficulty { min: 1, max: 4, default: 2 };

/// Additions and subtractions of whole numbers. Every partial sum lies in 0..=`limit`, so nothing is ever negative.
#[derive(Clone, Copy, Debug)]
pub struct ChainSum {
    difficulty: u32,
    terms: usize,
    low: u32,
    high: u32,
    limit: u32,
}

impl ChainSum {
    pub(super) fn new(difficulty: u32) -> Self {
        let (terms, low, high) = match difficulty {
            1 => (2, 0, 9),
            2 => (3, 10, 99),
            3 => (4, 10, 999),
            _ => (2, 100, 999),
        };
        // Twice the largest term: some sign then always keeps the sum in range.
        Self { difficulty, terms, low, high, limit: 2 * high }
    }

    /// A first number, then signed ones. Their sizes are uniform; the sign is a fair coin where both signs keep the
    /// partial sum in range, else the one that does.
    fn generate(&self, count: usize, stream: &mut Stream) -> Vec<i64> {
        let term = |stream: &mut Stream| i64::from(self.low + stream.below(self.high - self.low + 1));
        let mut terms = vec![term(stream)];
        let mut sum = terms[0];
        while terms.len() < count {
            let size = term(stream);
            let coin = stream.below(2) == 0;
            let plus = self.allows(sum + size) && (coin || !self.allows(sum - size));
            let signed = if plus { size } else { -size };
            sum += signed;
            terms.push(signed);
        }
        terms
    }

    /// Out of distribution there is one term more.
    fn terms(&self, split: Split) -> usize {
        self.terms + usize::from(split == Split::Ood)
    }

    fn allows(&self, sum: i64) -> bool {
        (0..=i64::from(self.limit)).contains(&sum)
    }

    /// Reads `17+58-24=`; spaces around numbers and the final `=` are free.
    fn read(&self, prompt: &str) -> Option<Vec<i64>> {
        let text = prompt.trim();
        let text = text.strip_suffix('=').unwrap_or(text);
        let mut terms = Vec::new();
        let mut rest = text;
        let mut sign = 1;
        loop {
            let end = rest.find(['+', '-']).unwrap_or(rest.len());
            terms.push(sign * i64::from(whole_number(rest[..end].trim(), self.high)?));
            if terms.len() > self.terms(Split::Ood) {
                return None;
            }
            let Some(operator) = rest[end..].chars().next() else { break };
            sign = if operator == '+' { 1 } else { -1 };
            rest = &rest[end + 1..];
        }
        let in_range = partial_sums(&terms).iter().all(|&sum| self.allows(sum));
        (terms.len() >= 2 && in_range).then_some(terms)
    }

    /// A wrong value near `right`: off by one, off by ten or one digit miscopied, such that the sums after it, which
    /// differ from it by `later`, stay in range. `right` itself in the rare case that nothing else does.
    fn slipped(&self, right: i64, later: &[i64], stream: &mut Stream) -> i64 {
        let fits = |value: i64| {
            value != right && self.allows(value) && later.iter().all(|difference| self.allows(value + difference))
        };
        for _ in 0..32 {
            let kind = stream.below(3);
            let direction = if stream.below(2) == 0 { 1 } else { -1 };
            let value = match kind {
                0 => right + direction,
                1 => right + 10 * direction,
                _ => u32::try_from(right).map_or(right, |number| i64::from(miscopy(number, stream))),
            };
            if fits(value) {
                return value;
            }
        }
        [right + 1, right - 1].into_iter().find(|&value| fits(value)).unwrap_or(right)
    }
}

/// `17+58-24=`. The sign of zero is not kept: `5-0` is written `5+0`.
fn write(terms: &[i64]) -> String {
    let mut prompt = String::new();
    for (at, term) in terms.iter().enumerate() {
        let sign = match (at, *term < 0) {
            (0, _) => "",
            (_, false) => "+",
            (_, true) => "-",
        };
        prompt += &format!("{sign}{}", term.abs());
    }
    prompt + "="
}

/// The sum after each term, the first term included.
fn partial_sums(terms: &[i64]) -> Vec<i64> {
    terms
        .iter()
        .scan(0, |sum, term| {
            *sum += term;
            Some(*sum)
        })
        .collect()
}

impl Task for ChainSum {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Chain sum"
    }

    fn describe(&self) -> String {
        let size = match self.difficulty {
            1 => "one digit",
            2 => "two digits",
            4 => "three digits",
            _ => "two or three digits",
        };
        format!("Add and subtract {} numbers of {size}, one after the other.", self.terms)
    }

    fn difficulty(&self) -> u32 {
        self.difficulty
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let count = self.terms(split);
        let generate = |stream: &mut Stream| self.generate(count, stream);
        let terms = draw(split, seed, (1, self.difficulty), generate, |terms| write(terms));
        solved(&terms)
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        self.read(prompt).map(|terms| solved(&terms)).ok_or_else(|| {
            Error::bad_input(format!(
                "chain_sum: expected 2 to {} whole numbers up to {} joined by + and -, such as {:?}, whose partial \
                 sums all lie in 0 to {}, got {prompt:?}",
                self.terms(Split::Ood),
                self.high,
                self.question(Split::Train, 0).prompt,
                self.limit
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        match self.read(&question.prompt) {
            Some(terms) if terms.len() > self.terms => Split::Ood,
            Some(terms) => split_of(&write(&terms)),
            None => Split::Train,
        }
    }

    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let Some(terms) = self.read(&question.prompt) else {
            return Chain { thought: String::new(), answer: question.answer.clone() };
        };
        let mut stream = slips(seed);
        let mut sum = terms[0];
        let mut thought = Vec::new();
        for (at, term) in terms.iter().enumerate().skip(1) {
            sum += term;
            if stream.uniform() < slip {
                let later = partial_sums(&terms[at + 1..]);
                sum = self.slipped(sum, &later, &mut stream);
            }
            thought.push(sum.to_string());
        }
        Chain { thought: thought.join(";"), answer: sum.to_string() }
    }

    /// 1 for the value of the sum written plainly (no sign, space or leading zero), else 0.
    fn grade(&self, question: &Question, answer: &str) -> f64 {
        let value = self.read(&question.prompt).map(|terms| terms.iter().sum::<i64>());
        let given = whole_number(answer, self.limit).map(i64::from);
        if value.is_some() && value == given { 1.0 } else { 0.0 }
    }

    /// 1 / the probability of the generator's most frequent answer: the guesser knows how answers are distributed but
    /// not the question. Guessing k times, with any preference, reaches at most 1 - (1 - 1/guess_space)^k (Jensen).
    fn guess_space(&self, split: Split) -> f64 {
        let spread = f64::from(self.high - self.low + 1);
        let size = self.limit as usize + 1;
        let mut now = vec![0.0; size];
        now[self.low as usize..=self.high as usize].fill(1.0 / spread);
        for _ in 1..self.terms(split) {
            let mut next = vec![0.0; size];
            for (sum, probability) in now.iter().enumerate().filter(|(_, probability)| **probability > 0.0) {
                for term in self.low as usize..=self.high as usize {
                    let places = [sum.checked_sub(term), Some(sum + term).filter(|&after| after < size)];
                    let ways = places.iter().flatten().count() as f64;
                    places.iter().flatten().for_each(|&after| next[after] += probability / spread / ways);
                }
            }
            now = next;
        }
        1.0 / now.iter().copied().fold(0.0, f64::max)
    }

    fn max_completion_length(&self, split: Split) -> usize {
        let digits = self.limit.to_string().len();
        let thought = (self.terms(split) - 1) * (digits + 1) - 1;
        4 + thought + digits + 2
    }
}

fn solved(terms: &[i64]) -> Question {
    Question { task: NAME.into(), prompt: write(terms), answer: terms.iter().sum::<i64>().to_string() }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// The rest follows from a slip: each partial sum is the one before plus the term, except where a step slipped.
    #[test]
    fn what_follows_a_slip_is_consistent() {
        let task = ChainSum::new(3);
        let (mut slipped, mut steps) = (0, 0);
        for seed in 0..2_000 {
            let question = task.question(Split::Train, seed);
            let chain = task.chain(&question, 0.3, seed);
            let terms = task.read(&question.prompt).expect("its own prompt");
            let mut before = terms[0];
            for (term, sum) in terms[1..].iter().zip(chain.thought.split(';')) {
                let sum: i64 = sum.parse().expect("sum");
                assert!(task.allows(sum));
                slipped += u32::from(sum != before + term);
                steps += 1;
                before = sum;
            }
            assert_eq!(chain.answer, before.to_string());
        }
        // Four standard errors over 6 000 steps.
        let share = f64::from(slipped) / f64::from(steps);
        assert!((share - 0.3).abs() <= 0.024, "{share}");
    }

    /// The best constant guess is as good as 1 / guess_space says, by counting 40 000 answers.
    #[test]
    fn guess_space_is_honest_about_the_most_frequent_answer() {
        for level in 1..=4 {
            let task = ChainSum::new(level);
            let mut counts: HashMap<String, u32> = HashMap::new();
            for seed in 0..40_000 {
                *counts.entry(task.question(Split::Train, seed).answer).or_default() += 1;
            }
            let most = f64::from(counts.values().copied().max().unwrap_or(0)) / 40_000.0;
            let claimed = 1.0 / task.guess_space(Split::Train);
            // The largest of many noisy counts lies above its mean by up to about four and a half standard errors, and
            // leaving out a tenth of few questions (difficulty 1 has 155) moves an answer's share by up to a fifth.
            let noise = 4.5 * (claimed / 40_000.0).sqrt() + if level == 1 { 0.2 * claimed } else { 0.02 * claimed };
            assert!(most > 0.8 * claimed && most <= claimed + noise, "{level}: {most} against {claimed}");
        }
        assert!(ChainSum::new(2).guess_space(Split::HeldOut) > 100.0);
        assert!([3, 4].iter().all(|level| ChainSum::new(*level).guess_space(Split::HeldOut) >= 1_000.0));
    }

    #[test]
    fn slips_keep_later_sums_in_range_and_are_always_wrong() {
        let task = ChainSum::new(2);
        let mut stream = slips(1);
        for right in 0..=198 {
            let later: Vec<i64> = if right < 99 { vec![-right] } else { vec![198 - right] };
            let wrong = task.slipped(right, &later, &mut stream);
            assert!(wrong != right && task.allows(wrong) && task.allows(wrong + later[0]), "{right}: {wrong}");
        }
    }
}
