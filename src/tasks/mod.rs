//! What the models learn: questions from a seed, worked chains of thought, and graders that check properties.
//!
//! Not here: text as tokens (`text.rs`), sampling completions (`decode/`), rewards beyond the grade (`train/`).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;

mod arithmetic;
pub mod chain_sum;
mod combine;
pub mod count_bits;
pub mod countdown;
pub mod extract;
pub mod grader;
mod graph;
pub mod mix;
pub mod number_sorting;
pub mod own;
pub mod path_star;
pub mod puzzle24;
pub mod reach;
pub mod spell_backward;
mod split;
pub mod word_problems;

pub use extract::extract_answer;
pub use split::Split;
use split::{draw, hash_of, split_of};

/// The names [`task`] knows, in the order they are shown.
pub const TASKS: [&str; 9] = [
    chain_sum::NAME,
    number_sorting::NAME,
    reach::NAME,
    path_star::NAME,
    countdown::NAME,
    count_bits::NAME,
    spell_backward::NAME,
    puzzle24::NAME,
    mix::NAME,
];
/// Those that language models answer; [`task`] knows them too.
pub const WORD_TASKS: [&str; 1] = [word_problems::NAME];
/// The tasks of one kind of question, which [`mix`] asks in turn: all but itself.
pub const SINGLE_TASKS: &[&str] = TASKS.split_at(TASKS.len() - 1).0;
/// The label of the careless teacher's stream; the tasks' own labels are small.
const SLIPS: u32 = u32::MAX;

/// A question and one right answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Name of the task.
    pub task: String,
    /// Ends where the model starts, without `<think>`.
    pub prompt: String,
    /// One right answer; a grader may accept others.
    pub answer: String,
}

/// A worked chain and the answer it leads to, without marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    pub thought: String,
    pub answer: String,
}

/// The difficulties a task can be made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difficulty {
    pub min: u32,
    pub max: u32,
    pub default: u32,
}

/// What a page needs to offer a task, at its default difficulty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskInfo {
    pub name: String,
    pub title: String,
    pub describe: String,
    pub difficulty: Difficulty,
    /// See [`Task::guess_space`].
    pub guess_space: f64,
    /// A held-out prompt.
    pub example: String,
    /// See [`Task::max_completion_length`], of training questions.
    pub max_completion_length: usize,
    /// The kinds of questions there are.
    pub splits: Vec<Split>,
}

impl TaskInfo {
    pub(crate) fn of(task: &dyn Task, difficulty: Difficulty) -> Self {
        Self {
            name: task.name().to_owned(),
            title: task.title().to_owned(),
            describe: task.describe(),
            difficulty,
            guess_space: task.guess_space(Split::HeldOut),
            example: task.question(Split::HeldOut, 0).prompt,
            max_completion_length: task.max_completion_length(Split::Train),
            splits: Split::ALL.into_iter().filter(|split| task.offers(*split)).collect(),
        }
    }
}

/// A family of questions at one difficulty. Pure: the same arguments give the same result everywhere.
pub trait Task {
    /// The name [`task`] takes.
    fn name(&self) -> &str;

    /// The name for people.
    fn title(&self) -> &str;

    /// One or two plain sentences, at this difficulty.
    fn describe(&self) -> String;

    /// The difficulty this task was made with.
    fn difficulty(&self) -> u32;

    /// The question of a seed. No two splits ever share a question, whatever the seeds.
    fn question(&self, split: Split, seed: u64) -> Question;

    /// Whether there are questions of this split. Where there are none, [`Task::question`] takes them from another.
    fn offers(&self, _split: Split) -> bool {
        true
    }

    /// A question typed by a user: checked, brought into the generator's form and solved.
    ///
    /// # Errors
    /// `bad-input` that says the form expected.
    fn parse(&self, prompt: &str) -> Result<Question>;

    /// The side a question falls on, by its content alone; `Train` for a prompt that is no question of this task.
    fn split(&self, question: &Question) -> Split;

    /// Work of a careless teacher: each worked step slips with probability `slip` in [0, 1], and the rest, the answer
    /// too, follows from the slip. A prompt that is no question of this task gives an empty thought and `answer` as is.
    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain;

    /// Grade in [0, 1] of the text between `<answer>` and `</answer>`. Reads the prompt, never `question.answer`.
    fn grade(&self, question: &Question, answer: &str) -> f64;

    /// Where [`Task::grade`] is known to have a loophole: what an honest grader says, in [0, 1]. It is never a reward.
    fn audit(&self, _question: &Question, _answer: &str) -> Option<f64> {
        None
    }

    /// How many equally likely answers guessing is up against: no guesser that draws k answers without using what the
    /// task forbids it to see has a pass@k above 1 - (1 - 1/guess_space)^k. Each task says what its guesser may see.
    fn guess_space(&self, split: Split) -> f64;

    /// Tokens enough for every worked chain with its marks (`<think>` included), slips too, with a little slack.
    fn max_completion_length(&self, split: Split) -> usize;
}

/// Makes a task, at its default difficulty if none is given.
///
/// # Errors
/// `bad-input` naming the tasks there are, or the range of the difficulty.
pub fn task(name: &str, difficulty: Option<u32>) -> Result<Box<dyn Task>> {
    let Some(range) = difficulty_range(name) else {
        let known = [&TASKS[..], &WORD_TASKS].concat().join(", ");
        return Err(Error::bad_input(format!("task: expected one of {known}, got {name:?}")));
    };
    let level = difficulty.unwrap_or(range.default);
    if !(range.min..=range.max).contains(&level) {
        return Err(Error::bad_input(format!("difficulty: {name} has {} to {}, got {level}", range.min, range.max)));
    }
    Ok(match name {
        chain_sum::NAME => Box::new(chain_sum::ChainSum::new(level)),
        number_sorting::NAME => Box::new(number_sorting::NumberSorting::new(level)),
        reach::NAME => Box::new(reach::Reach::new(level)),
        path_star::NAME => Box::new(path_star::PathStar::new(level)),
        countdown::NAME => Box::new(countdown::Countdown::new(level)),
        count_bits::NAME => Box::new(count_bits::CountBits::new(level)),
        spell_backward::NAME => Box::new(spell_backward::SpellBackward::new(level)),
        puzzle24::NAME => Box::new(puzzle24::Puzzle24::new(level)),
        word_problems::NAME => Box::new(word_problems::WordProblems::new(level)),
        _ => Box::new(mix::Mix::new(level)?),
    })
}

/// The difficulties of a task, `None` for an unknown name.
#[must_use]
pub fn difficulty_range(name: &str) -> Option<Difficulty> {
    match name {
        chain_sum::NAME => Some(chain_sum::DIFFICULTY),
        number_sorting::NAME => Some(number_sorting::DIFFICULTY),
        reach::NAME => Some(reach::DIFFICULTY),
        path_star::NAME => Some(path_star::DIFFICULTY),
        countdown::NAME => Some(countdown::DIFFICULTY),
        count_bits::NAME => Some(count_bits::DIFFICULTY),
        spell_backward::NAME => Some(spell_backward::DIFFICULTY),
        puzzle24::NAME => Some(puzzle24::DIFFICULTY),
        mix::NAME => Some(mix::DIFFICULTY),
        word_problems::NAME => Some(word_problems::DIFFICULTY),
        _ => None,
    }
}

/// The names [`task`] knows.
#[must_use]
pub fn names() -> &'static [&'static str] {
    &TASKS
}

/// Every task at its default difficulty, for a page to show.
///
/// # Errors
/// None in practice: every name of [`TASKS`] can be made.
pub fn list() -> Result<Vec<TaskInfo>> {
    infos(&TASKS)
}

/// The same of all that can be asked of a language model, its own tasks first.
///
/// # Errors
/// As [`list`].
pub fn list_with_words() -> Result<Vec<TaskInfo>> {
    infos(&[&WORD_TASKS[..], &TASKS].concat())
}

fn infos(names: &[&str]) -> Result<Vec<TaskInfo>> {
    names
        .iter()
        .filter_map(|name| Some((name, difficulty_range(name)?)))
        .map(|(name, difficulty)| Ok(TaskInfo::of(task(name, None)?.as_ref(), difficulty)))
        .collect()
}

/// The stream of a careless teacher, apart from the streams of `draw`.
fn slips(seed: u64) -> Stream {
    Stream::new(Key::from_seed(seed).derive(SLIPS))
}

/// A whole number as the lab writes it: ASCII digits, no sign, no space, no leading zero, at most `max`.
fn whole_number(text: &str, max: u32) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits && !leading_zero { text.parse().ok().filter(|&number| number <= max) } else { None }
}

/// Replaces one digit of `number` by another one, never making a leading zero of a number that had none.
fn miscopy(number: u32, stream: &mut Stream) -> u32 {
    let digits = number.to_string().len() as u32;
    let at = stream.below(digits);
    let place = 10_u32.pow(at);
    let old = number / place % 10;
    let lowest = u32::from(at + 1 == digits && digits > 1);
    // One of the other digits in lowest..=9, each equally likely.
    let drawn = lowest + stream.below(9 - lowest);
    let new = if drawn >= old { drawn + 1 } else { drawn };
    number - old * place + new * place
}
