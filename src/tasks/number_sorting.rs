//! `number_sorting`: put different numbers in ascending order, worked out by insertion.
//!
//! `sort 31,7,52,19=` has the chain `7,31;7,31,52` and the answer `7,19,31,52`: every insertion but the last is
//! thought, the last is the answer. Not here: marks, tokens, splits (`mod.rs`).

use super::{Chain, Difficulty, Question, Split, Task, draw, miscopy, slips, split_of, whole_number};
use crate::error::{Error, Result};
use crate::math::stream::Stream;

pub const NAME: &str = "number_sorting";
/// The difficulty is how many numbers there are.
pub const DIFFICULTY: Difficulty = Difficulty { min: 3, max: 6, default: 4 };
/// Numbers are 0..=99.
const MAX_NUMBER: u32 = 99;

/// Sorting of `count` different numbers of one or two digits.
#[derive(Clone, Copy, Debug)]
pub struct NumberSorting {
    count: usize,
}

impl NumberSorting {
    pub(super) fn new(difficulty: u32) -> Self {
        Self { count: difficulty as usize }
    }

    /// Out of distribution there is one number more.
    fn count(&self, split: Split) -> usize {
        self.count + usize::from(split == Split::Ood)
    }

    fn generate(count: usize, stream: &mut Stream) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(count);
        while numbers.len() < count {
            let number = stream.below(MAX_NUMBER + 1);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    /// Reads `sort 31,7,52,19=`; the word, the final `=` and spaces around numbers are free.
    fn read(&self, prompt: &str) -> Option<Vec<u32>> {
        let text = prompt.trim();
        let text = text.strip_prefix("sort").unwrap_or(text);
        let text = text.strip_suffix('=').unwrap_or(text);
        let mut numbers = Vec::new();
        for part in text.split(',') {
            let number = whole_number(part.trim(), MAX_NUMBER)?;
            if numbers.contains(&number) || numbers.len() == self.count(Split::Ood) {
                return None;
            }
            numbers.push(number);
        }
        (numbers.len() >= 2).then_some(numbers)
    }
}

fn joined(numbers: &[u32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn sorted(numbers: &[u32]) -> Vec<u32> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    sorted
}

/// What decides the split: the numbers without their order, so that no held-out answer is ever trained on.
fn content(numbers: &[u32]) -> String {
    format!("sort {}", joined(&sorted(numbers)))
}

fn solved(numbers: &[u32]) -> Question {
    Question { task: NAME.into(), prompt: format!("sort {}=", joined(numbers)), answer: joined(&sorted(numbers)) }
}

/// Puts `number` before the first larger one. A slip miscopies one of its digits or puts it in another place.
fn insert(list: &mut Vec<u32>, number: u32, slips: bool, stream: &mut Stream) {
    let mut number = number;
    let misplaced = slips && stream.below(2) == 0;
    if slips && !misplaced {
        number = miscopy(number, stream);
    }
    let mut place = list.iter().position(|&other| other > number).unwrap_or(list.len());
    if misplaced {
        let drawn = stream.below(list.len() as u32) as usize;
        place = if drawn >= place { drawn + 1 } else { drawn };
    }
    list.insert(place, number);
}

impl Task for NumberSorting {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Number sorting"
    }

    fn describe(&self) -> String {
        format!("Put {} different numbers from 0 to {MAX_NUMBER} in ascending order.", self.count)
    }

    fn difficulty(&self) -> u32 {
        self.count as u32
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let label = (2, self.count as u32);
        let generate = |stream: &mut Stream| Self::generate(self.count(split), stream);
        solved(&draw(split, seed, label, generate, |numbers| content(numbers)))
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        self.read(prompt).map(|numbers| solved(&numbers)).ok_or_else(|| {
            Error::bad_input(format!(
                "number_sorting: expected 2 to {} different whole numbers from 0 to {MAX_NUMBER} with commas between, \
                 such as {:?}, got {prompt:?}",
                self.count(Split::Ood),
                self.question(Split::Train, 0).prompt
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        match self.read(&question.prompt) {
            Some(numbers) if numbers.len() > self.count => Split::Ood,
            Some(numbers) => split_of(&content(&numbers)),
            None => Split::Train,
        }
    }

    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let Some(numbers) = self.read(&question.prompt) else {
            return Chain { thought: String::new(), answer: question.answer.clone() };
        };
        let mut stream = slips(seed);
        let mut list = vec![numbers[0]];
        let mut steps = Vec::new();
        for &number in &numbers[1..] {
            let slips = stream.uniform() < slip;
            insert(&mut list, number, slips, &mut stream);
            steps.push(joined(&list));
        }
        let answer = steps.pop().unwrap_or_default();
        Chain { thought: steps.join(";"), answer }
    }

    /// 1 for exactly the prompt's numbers in ascending order, written `7,19,31,52` without spaces; else 0. No partial
    /// credit: it would pay for copying.
    fn grade(&self, question: &Question, answer: &str) -> f64 {
        let Some(numbers) = self.read(&question.prompt) else { return 0.0 };
        let given: Option<Vec<u32>> =
            answer.split(',').take(numbers.len() + 1).map(|part| whole_number(part, MAX_NUMBER)).collect();
        if given == Some(sorted(&numbers)) { 1.0 } else { 0.0 }
    }

    /// n! orders: the guesser sees which numbers there are but not how they compare, the strictest fair reading.
    /// Blind to the prompt, the space would be C(100, n), 3.9 million for four numbers.
    fn guess_space(&self, split: Split) -> f64 {
        (1..=self.count(split)).map(|factor| factor as f64).product()
    }

    fn max_completion_length(&self, split: Split) -> usize {
        let count = self.count(split);
        let list = |numbers: usize| 3 * numbers - 1;
        let thought: usize = (2..count).map(|numbers| list(numbers) + 1).sum();
        4 + thought + list(count) + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_inserts_one_number_a_step() {
        let task = NumberSorting::new(4);
        let question = task.parse("sort 31,7,52,19=").expect("question");
        let chain = task.chain(&question, 0.0, 0);
        assert_eq!((chain.thought.as_str(), chain.answer.as_str()), ("7,31;7,31,52", "7,19,31,52"));
    }

    #[test]
    fn slipped_insertions_are_never_the_right_ones() {
        let mut stream = slips(2);
        for number in (0..=MAX_NUMBER).filter(|number| ![20, 40, 60].contains(number)) {
            for _ in 0..20 {
                let mut right = vec![20, 40, 60];
                insert(&mut right, number, false, &mut stream);
                assert_eq!(right, sorted(&right));
                let mut wrong = vec![20, 40, 60];
                insert(&mut wrong, number, true, &mut stream);
                assert!(wrong != right && wrong.len() == 4 && wrong.iter().all(|&n| n <= MAX_NUMBER), "{wrong:?}");
            }
        }
    }
}
