//! What the models learn: questions from a seed, worked chains of thought, and graders that check properties.
//!
//! Not here: text as tokens (`text.rs`), sampling completions (`decode/`), rewards beyond the grade (`train/`).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;

pub mod chain_sum;
pub mod extract;
mod graph;
pub mod number_sorting;
pub mod reach;

pub use extract::extract_answer;

/// The names [`task`] knows, in the order they are shown.
pub const TASKS: [&str; 3] = [chain_sum::NAME, number_sorting::NAME, reach::NAME];
/// One question in this many is held out.
const HELD_OUT_ONE_IN: u64 = 10;
/// The label of the careless teacher's stream; the tasks' own labels are small.
const SLIPS: u32 = u32::MAX;

/// Whether a question may be trained on. A hash of the question's content decides, so the two never share a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    Train,
    HeldOut,
}

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
}

/// A family of questions at one difficulty. Pure: the same arguments give the same result everywhere.
pub trait Task: Send + Sync {
    /// The name [`task`] takes.
    fn name(&self) -> &'static str;

    /// The name for people.
    fn title(&self) -> &'static str;

    /// One or two plain sentences, at this difficulty.
    fn describe(&self) -> String;

    /// The difficulty this task was made with.
    fn difficulty(&self) -> u32;

    /// The question of a seed. No training question is ever a held-out one, whatever the seeds.
    fn question(&self, split: Split, seed: u64) -> Question;

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

    /// How many equally likely answers guessing is up against: no guesser that draws k answers without using what the
    /// task forbids it to see has a pass@k above 1 - (1 - 1/guess_space)^k. Each task says what its guesser may see.
    fn guess_space(&self) -> f64;

    /// Tokens enough for every worked chain with its marks (`<think>` included), slips too, with a little slack.
    fn max_completion_length(&self) -> usize;
}

/// Makes a task, at its default difficulty if none is given.
///
/// # Errors
/// `bad-input` naming the tasks there are, or the range of the difficulty.
pub fn task(name: &str, difficulty: Option<u32>) -> Result<Box<dyn Task>> {
    let Some(range) = difficulty_range(name) else {
        return Err(Error::bad_input(format!("task: expected one of {}, got {name:?}", TASKS.join(", "))));
    };
    let level = difficulty.unwrap_or(range.default);
    if !(range.min..=range.max).contains(&level) {
        return Err(Error::bad_input(format!("difficulty: {name} has {} to {}, got {level}", range.min, range.max)));
    }
    Ok(match name {
        chain_sum::NAME => Box::new(chain_sum::ChainSum::new(level)),
        number_sorting::NAME => Box::new(number_sorting::NumberSorting::new(level)),
        _ => Box::new(reach::Reach::new(level)),
    })
}

/// The difficulties of a task, `None` for an unknown name.
#[must_use]
pub fn difficulty_range(name: &str) -> Option<Difficulty> {
    match name {
        chain_sum::NAME => Some(chain_sum::DIFFICULTY),
        number_sorting::NAME => Some(number_sorting::DIFFICULTY),
        reach::NAME => Some(reach::DIFFICULTY),
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
    TASKS
        .iter()
        .filter_map(|name| Some((name, difficulty_range(name)?)))
        .map(|(name, difficulty)| {
            let task = task(name, None)?;
            Ok(TaskInfo {
                name: (*name).to_owned(),
                title: task.title().to_owned(),
                describe: task.describe(),
                difficulty,
                guess_space: task.guess_space(),
                example: task.question(Split::HeldOut, 0).prompt,
            })
        })
        .collect()
}

/// The side a content falls on: FNV-1a, then a 64-bit finaliser so that similar contents part ways.
fn split_of(content: &str) -> Split {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in content.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    if (hash ^ (hash >> 33)).is_multiple_of(HELD_OUT_ONE_IN) { Split::HeldOut } else { Split::Train }
}

/// Draws problems until one falls on the wanted side. `label` keeps the tasks' and difficulties' streams apart.
fn draw<P>(
    split: Split,
    seed: u64,
    label: (u32, u32),
    generate: impl Fn(&mut Stream) -> P,
    content: impl Fn(&P) -> String,
) -> P {
    let key = Key::from_seed(seed).derive(label.0).derive(label.1).derive(split as u32);
    let mut stream = Stream::new(key);
    loop {
        let problem = generate(&mut stream);
        if split_of(&content(&problem)) == split {
            return problem;
        }
    }
}

/// The stream of a careless teacher, apart from the streams of [`draw`].
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
