//! `mix`: a question of any of the other tasks, each equally likely, so that one model can learn them all.
//!
//! The form of a prompt tells the tasks apart. Not here: the questions, chains and grades, which are the tasks' own.

use super::{Chain, Difficulty, Question, SINGLE_TASKS, Split, Task, difficulty_range, task};
use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;

pub const NAME: &str = "mix";
/// 1: every task at its lowest difficulty; 2: at its default.
pub const DIFFICULTY: Difficulty = Difficulty { min: 1, max: 2, default: 1 };
/// Keeps the choice of tasks apart from the tasks' own draws.
const LABEL: u32 = 9;

/// All single tasks. A question's `task` names the one it comes from.
pub struct Mix {
    difficulty: u32,
    tasks: Vec<Box<dyn Task>>,
}

/// The difficulty at which a mix of this difficulty asks the questions of a task; `None` for an unknown one.
#[must_use]
pub fn level_of(difficulty: u32, name: &str) -> Option<u32> {
    difficulty_range(name).map(|range| if difficulty == 1 { range.min } else { range.default })
}

impl Mix {
    pub(super) fn new(difficulty: u32) -> Result<Self> {
        let tasks =
            SINGLE_TASKS.iter().map(|name| task(name, level_of(difficulty, name))).collect::<Result<Vec<_>>>()?;
        Ok(Self { difficulty, tasks })
    }

    fn of(&self, question: &Question) -> Option<&dyn Task> {
        self.tasks.iter().find(|task| task.name() == question.task).map(AsRef::as_ref)
    }
}

impl Task for Mix {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Everything mixed"
    }

    fn describe(&self) -> String {
        let level = if self.difficulty == 1 { "lowest" } else { "usual" };
        format!("A question of any of the other {} tasks, each at its {level} difficulty.", self.tasks.len())
    }

    fn difficulty(&self) -> u32 {
        self.difficulty
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let mut stream = Stream::new(Key::from_seed(seed).derive(LABEL));
        stream.choose(&self.tasks).question(split, seed)
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        self.tasks.iter().find_map(|task| task.parse(prompt).ok()).ok_or_else(|| {
            let examples: Vec<String> =
                self.tasks.iter().map(|task| format!("{:?}", task.question(Split::Train, 0).prompt)).collect();
            Error::bad_input(format!("mix: expected a question such as {}, got {prompt:?}", examples.join(", ")))
        })
    }

    fn split(&self, question: &Question) -> Split {
        self.of(question).map_or(Split::Train, |task| task.split(question))
    }

    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        match self.of(question) {
            Some(task) => task.chain(question, slip, seed),
            None => Chain { thought: String::new(), answer: question.answer.clone() },
        }
    }

    fn grade(&self, question: &Question, answer: &str) -> f64 {
        self.of(question).map_or(0.0, |task| task.grade(question, answer))
    }

    /// The honest grade wherever the question's task has one, else the grade.
    fn audit(&self, question: &Question, answer: &str) -> Option<f64> {
        let task = self.of(question)?;
        Some(task.audit(question, answer).unwrap_or_else(|| task.grade(question, answer)))
    }

    /// 1 / the mean of the tasks' chances of one guess; the bound holds for more guesses because it is concave in that chance.
    fn guess_space(&self, split: Split) -> f64 {
        self.tasks.len() as f64 / self.tasks.iter().map(|task| 1.0 / task.guess_space(split)).sum::<f64>()
    }

    fn max_completion_length(&self, split: Split) -> usize {
        self.tasks.iter().map(|task| task.max_completion_length(split)).max().unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_prompt_belongs_to_one_task_and_all_are_asked_alike() {
        for level in 1..=2 {
            let mix = Mix::new(level).expect("mix");
            let mut counts: HashMap<String, u32> = HashMap::new();
            for seed in 0..4_000 {
                let question = mix.question(Split::ALL[seed as usize % 3], seed);
                let readers = mix.tasks.iter().filter(|task| task.parse(&question.prompt).is_ok());
                let names: Vec<&str> = readers.map(|task| task.name()).collect();
                assert_eq!(names, [question.task.as_str()], "{question:?}");
                *counts.entry(question.task).or_default() += 1;
            }
            // Four standard errors of an eighth of 4 000.
            assert!(counts.len() == 8 && counts.values().all(|count| count.abs_diff(500) <= 84), "{counts:?}");
        }
    }
}
