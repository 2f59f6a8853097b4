//! `countdown`: make a number out of several others, each used once, worked out with the results on the way.
//!
//! `26:3,5,7=` has the chain `3*7=21;21+5=26` and the answer `3*7+5`. Any expression of + - * / and parentheses that has the value
//! and uses each number once is right. Not here: the search for chains (`combine.rs`), exact values (`arithmetic.rs`).
//! After reasoning-gym's task of the same name (Apache-2.0), without its credit for wrong expressions.

use super::arithmetic::{Fraction, evaluate};
use super::combine::{Rules, plan_for, results};
use super::{Chain, Difficulty, Question, Split, Task, draw, slips, split_of, whole_number};
use crate::error::{Error, Result};
use crate::math::stream::Stream;

pub const NAME: &str = "countdown";
/// 1: three numbers up to 9, results up to 99; 2: three up to 20, results up to 999; 3: four up to 9, results up to 999;
/// 4: five from 2 to 25, results up to 99 999.
pub const DIFFICULTY: Difficulty = Difficulty { min: 1, max: 4, default: 2 };

/// Making a target out of different numbers. The target is uniform over what sums, differences and products of them give.
#[derive(Clone, Copy, Debug)]
pub struct Countdown {
    difficulty: u32,
    count: usize,
    smallest: u32,
    largest: u32,
    rules: Rules,
}

/// Numbers as they are shown, and what they are to make.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem {
    target: u32,
    numbers: Vec<u32>,
}

impl Problem {
    fn write(&self) -> String {
        let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
        format!("{}:{}=", self.target, numbers.join(","))
    }

    fn sorted(&self) -> Vec<u32> {
        let mut sorted = self.numbers.clone();
        sorted.sort_unstable();
        sorted
    }

    /// What decides the split: the question without the order of its numbers.
    fn content(&self) -> String {
        Self { target: self.target, numbers: self.sorted() }.write()
    }
}

impl Countdown {
    pub(super) fn new(difficulty: u32) -> Self {
        let (count, smallest, largest, limit) = match difficulty {
            1 => (3, 1, 9, 99),
            2 => (3, 1, 20, 999),
            3 => (4, 1, 9, 999),
            _ => (5, 2, 25, 99_999),
        };
        Self { difficulty, count, smallest, largest, rules: Rules { limit, division: false } }
    }

    /// Out of distribution there is one number more.
    fn count(&self, split: Split) -> usize {
        self.count + usize::from(split == Split::Ood)
    }

    fn generate(&self, count: usize, stream: &mut Stream) -> Problem {
        let mut numbers = Vec::with_capacity(count);
        while numbers.len() < count {
            let number = self.smallest + stream.below(self.largest - self.smallest + 1);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        // Never empty: the sum is among them.
        let target = *stream.choose(&results(&numbers, self.rules));
        Problem { target, numbers }
    }

    /// Reads `26:3,5,7=`; spaces around numbers and the final `=` are free.
    fn read(&self, prompt: &str) -> Option<Problem> {
        let text = prompt.trim();
        let (target, numbers) = text.strip_suffix('=').unwrap_or(text).split_once(':')?;
        let target = whole_number(target.trim(), self.rules.limit).filter(|target| *target > 0)?;
        let most = self.count(Split::Ood);
        let number = |text: &str| whole_number(text.trim(), self.largest).filter(|number| *number >= self.smallest);
        let numbers: Vec<u32> = numbers.split(',').take(most + 1).map(number).collect::<Option<Vec<_>>>()?;
        let different = numbers.iter().enumerate().all(|(at, number)| !numbers[..at].contains(number));
        ((2..=most).contains(&numbers.len()) && different).then_some(Problem { target, numbers })
    }

    fn solved(&self, problem: &Problem) -> Option<Question> {
        let plan = plan_for(&problem.numbers, problem.target, self.rules)?;
        Some(Question { task: NAME.into(), prompt: problem.write(), answer: plan.expression(self.rules) })
    }
}

impl Task for Countdown {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Countdown"
    }

    fn describe(&self) -> String {
        format!(
            "Make a given number out of {} numbers up to {}, each used once, by adding, subtracting and multiplying.",
            self.count, self.largest
        )
    }

    fn difficulty(&self) -> u32 {
        self.difficulty
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let generate = |stream: &mut Stream| self.generate(self.count(split), stream);
        let problem = draw(split, seed, (5, self.difficulty), generate, Problem::content);
        let unsolved = || Question { task: NAME.into(), prompt: problem.write(), answer: String::new() };
        self.solved(&problem).unwrap_or_else(unsolved)
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        self.read(prompt).and_then(|problem| self.solved(&problem)).ok_or_else(|| {
            Error::bad_input(format!(
                "countdown: expected a target up to {} and 2 to {} different numbers from {} to {} that can make it by + - and *, \
                 such as {:?}, got {prompt:?}",
                self.rules.limit,
                self.count(Split::Ood),
                self.smallest,
                self.largest,
                self.question(Split::Train, 0).prompt
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        match self.read(&question.prompt) {
            Some(problem) if problem.numbers.len() > self.count => Split::Ood,
            Some(problem) => split_of(&problem.content()),
            None => Split::Train,
        }
    }

    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let problem = self.read(&question.prompt);
        match problem.and_then(|problem| plan_for(&problem.numbers, problem.target, self.rules)) {
            Some(plan) => plan.carried_out(slip, self.largest, self.rules, &mut slips(seed)),
            None => Chain { thought: String::new(), answer: question.answer.clone() },
        }
    }

    /// 1 for an expression whose exact value is the target and that uses each of the numbers once, else 0.
    fn grade(&self, question: &Question, answer: &str) -> f64 {
        match (self.read(&question.prompt), evaluate(answer)) {
            (Some(problem), Some(found))
                if found.value == Fraction::whole(problem.target) && found.numbers == problem.sorted() =>
            {
                1.0
            }
            _ => 0.0,
        }
    }

    /// How many targets the numbers can make, on (harmonic) average: the guesser sees the numbers but not the target, so that
    /// writing well-formed expressions is no merit. A test counts them.
    fn guess_space(&self, split: Split) -> f64 {
        match (self.difficulty, split == Split::Ood) {
            (1, false) => 13.0,
            (1, true) => 50.0,
            (2, false) => 15.0,
            (2, true) => 90.0,
            (3, false) => 70.0,
            (3, true) => 290.0,
            (_, false) => 1_000.0,
            (_, true) => 7_500.0,
        }
    }

    fn max_completion_length(&self, split: Split) -> usize {
        let digits = |number: u32| number.to_string().len();
        let (steps, number, result) = (self.count(split) - 1, digits(self.largest), digits(self.rules.limit));
        // Every step `result op number = result ;`, and an expression with two parentheses for every step but the last.
        let thought = steps * (2 * result + number + 3) - 1;
        let answer = (steps + 1) * number + steps + 2 * (steps - 1);
        4 + thought + answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 / guess_space is the chance of a guesser who names one of the targets that the numbers can make.
    #[test]
    fn guess_space_is_honest_about_how_many_targets_there_are() {
        for (level, split) in (1..=4).flat_map(|level| [Split::HeldOut, Split::Ood].map(|split| (level, split))) {
            let task = Countdown::new(level);
            let questions = if (level, split) == (4, Split::Ood) { 8 } else { 400 };
            let chance = (0..questions).map(|seed| {
                let problem = task.read(&task.question(split, seed).prompt).expect("problem");
                1.0 / results(&problem.numbers, task.rules).len() as f64
            });
            let space = questions as f64 / chance.sum::<f64>();
            let claimed = task.guess_space(split);
            // Rounded down; 3 % is the noise of so few questions.
            assert!(claimed <= 1.03 * space && claimed >= 0.85 * space, "{level} {split:?}: {space} against {claimed}");
        }
        assert!(Countdown::new(4).guess_space(Split::HeldOut) >= 1_000.0);
    }

    #[test]
    fn any_right_expression_is_right() {
        let task = Countdown::new(2);
        let question = task.parse("26: 3, 5, 7").expect("question");
        assert_eq!((question.prompt.as_str(), question.answer.as_str()), ("26:3,5,7=", "3*7+5"));
        for right in ["3*7+5", "5+7*3", "(7*3)+5", "((5+3*7))"] {
            assert_eq!(task.grade(&question, right), 1.0, "{right}");
        }
        for wrong in ["26", "13+13", "3*7+3+2", "3*7+5+0", "3*7+5*1", "7+5", "3*7+5=26", "37-11", "3+5*7", "3*7+5.0"] {
            assert_eq!(task.grade(&question, wrong), 0.0, "{wrong}");
        }
    }
}
