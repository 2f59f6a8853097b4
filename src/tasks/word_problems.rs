//! `word_problems`: short sums told as stories, for models that read words.
//!
//! `Mia has 3 apples and buys 4 more. …` has the chain `3 + 4 = 7` and the answer `7`. The answer is drawn first and evenly, so that
//! guessing gets no further than one in as many. Graded is one whole number, as people and language models write one: around it may stand
//! spaces, Markdown's or LaTeX's marks (`**7**`, `\\(7\\)`), brackets, quotes, an equals sign before it (`= 7`), a currency (`$7`), a unit
//! (`7 apples`) and a point or comma at its end; commas only between thousands; `.0` may follow. A second number, a sum, a fraction or a
//! number in words earns nothing. Not here: the lab's small models cannot read these; it is not among [`super::TASKS`].

use super::{Chain, Difficulty, Question, Split, Task, draw, slips, split_of};
use crate::error::{Error, Result};
use crate::math::stream::Stream;

pub const NAME: &str = "word_problems";
/// 0: one operation on two numbers, answers of one digit; 1: one or two operations, answers of one digit; 2: of two digits.
pub const DIFFICULTY: Difficulty = Difficulty { min: 0, max: 2, default: 1 };
/// Tokens of a thought and an answer.
const LONGEST: usize = 256;

/// A story with gaps for its numbers, what is worked out of them, and how that is written with `a`, `b` and `c`.
struct Story {
    text: &'static str,
    sum: &'static str,
    answer: fn(i64, i64, i64) -> Option<i64>,
}

/// Two or three gaps each, those of two first; none of the numbers may be 0 or 1.
const STORIES: [Story; 10] = [
    Story {
        text: "Mia has {} apples and buys {} more. How many apples does Mia have now?",
        sum: "a + b",
        answer: |a, b, _| Some(a + b),
    },
    Story {
        text: "A box holds {} pencils. Tom takes {} of them out. How many pencils are left in the box?",
        sum: "a - b",
        answer: |a, b, _| Some(a - b),
    },
    Story {
        text: "There are {} bags with {} marbles in each of them. How many marbles are there in all?",
        sum: "a * b",
        answer: |a, b, _| Some(a * b),
    },
    Story {
        text: "A grandmother shares {} sweets equally among {} children. How many sweets does each child get?",
        sum: "a / b",
        answer: |a, b, _| (a % b == 0).then(|| a / b),
    },
    Story {
        text: "A bus has {} rows with {} seats each, and {} of the seats are taken. How many seats are free?",
        sum: "a * b - c",
        answer: |a, b, c| Some(a * b - c),
    },
    Story {
        text: "Lena reads {} pages on Monday, {} on Tuesday and {} on Wednesday. How many pages does she read in these days?",
        sum: "a + b + c",
        answer: |a, b, c| Some(a + b + c),
    },
    Story {
        text: "A baker makes {} rolls. He sells {} of them in the morning and {} in the afternoon. How many rolls are left?",
        sum: "a - b - c",
        answer: |a, b, c| Some(a - b - c),
    },
    Story {
        text: "One ticket costs {} coins. What do {} tickets and a map for {} coins cost together, in coins?",
        sum: "a * b + c",
        answer: |a, b, c| Some(a * b + c),
    },
    Story {
        text: "Noah had {} stamps. He gave {} of them away and then found {} new ones. How many stamps does he have now?",
        sum: "a - b + c",
        answer: |a, b, c| Some(a - b + c),
    },
    Story {
        text: "A gardener plants {} tulips in {} equal rows and then adds {} tulips to the first row. How many tulips are in the first row?",
        sum: "a / b + c",
        answer: |a, b, c| (a % b == 0).then(|| a / b + c),
    },
];

/// How many stories have one operation.
const SHORT: usize = 4;

/// A story told with its numbers; the third is 0 where it has two.
type Told = (usize, [i64; 3]);

/// Stories whose answers have `digits` digits.
#[derive(Clone, Copy, Debug)]
pub struct WordProblems {
    difficulty: u32,
}

impl WordProblems {
    pub(super) fn new(difficulty: u32) -> Self {
        Self { difficulty }
    }

    /// The smallest and the largest answer.
    fn answers(self, split: Split) -> (i64, i64) {
        let digits = self.difficulty.max(1) + u32::from(split == Split::Ood);
        (if digits == 1 { 1 } else { 10_i64.pow(digits - 1) }, 10_i64.pow(digits) - 1)
    }

    fn generate(self, split: Split, stream: &mut Stream) -> Told {
        let (least, most) = self.answers(split);
        let wanted = stream.range(least..=most);
        let stories = if self.difficulty == 0 { SHORT } else { STORIES.len() };
        loop {
            let story = stream.below(stories as u32) as usize;
            let mut number = || stream.range(2..=2 * most);
            let numbers = [number(), number(), if gaps(story) == 3 { number() } else { 0 }];
            if solve((story, numbers)) == Some(wanted) {
                return (story, numbers);
            }
        }
    }
}

fn gaps(story: usize) -> usize {
    STORIES[story].text.matches("{}").count()
}

fn solve((story, [a, b, c]): Told) -> Option<i64> {
    (STORIES[story].answer)(a, b, c)
}

fn tell(text: &str, numbers: [i64; 3]) -> String {
    numbers.iter().fold(text.to_owned(), |told, number| told.replacen("{}", &number.to_string(), 1))
}

/// The story and its numbers, if it is one of these.
fn read(prompt: &str) -> Option<Told> {
    let numbers_of = |text: &str| {
        let (mut rest, mut numbers) = (prompt.trim(), [0; 3]);
        for (index, piece) in text.split("{}").enumerate() {
            if let Some(gap) = index.checked_sub(1) {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                numbers[gap] = rest.get(..end.min(6))?.parse().ok()?;
                rest = &rest[end..];
            }
            rest = rest.strip_prefix(piece)?;
        }
        rest.is_empty().then_some(numbers)
    };
    let told = (0..STORIES.len()).find_map(|story| Some((story, numbers_of(STORIES[story].text)?)));
    told.filter(|told| told.1[1] > 0 && solve(*told).is_some())
}

/// A whole number as people write one; what may stand around it is said at the head of the file.
fn number(answer: &str) -> Option<i64> {
    let dressing = |c: char| c.is_whitespace() || "*_`\"'=$€£\\()[]{}".contains(c);
    let text = answer.trim_matches(dressing);
    let end = text.find(|c: char| !(c.is_ascii_digit() || "-,.".contains(c))).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    if !unit.chars().all(|c| c.is_alphabetic() || ".,".contains(c) || (c != '=' && dressing(c))) {
        return None;
    }
    let digits = digits.trim_end_matches(['.', ',']);
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let mut thousands = whole.trim_start_matches('-').split(',');
    let grouped = thousands.next().is_some_and(|first| !first.is_empty()) && thousands.all(|group| group.len() == 3);
    let value: f64 = digits.replace(',', "").parse().ok().filter(|_| grouped)?;
    (value.fract() == 0.0 && value.abs() < 1e9).then_some(value as i64)
}

impl Task for WordProblems {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Word problems"
    }

    fn describe(&self) -> String {
        let (least, most) = self.answers(Split::Train);
        let what = if self.difficulty == 0 { "One-step sums" } else { "Short sums" };
        format!("{what} told as stories, with answers from {least} to {most}.")
    }

    fn difficulty(&self) -> u32 {
        self.difficulty
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let text = |(story, numbers): &Told| tell(STORIES[*story].text, *numbers);
        let told = draw(split, seed, (20, self.difficulty), |stream| self.generate(split, stream), text);
        let answer = solve(told).unwrap_or_default().to_string();
        Question { task: NAME.into(), prompt: text(&told), answer }
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        let answer = read(prompt).and_then(solve).ok_or_else(|| {
            let example = self.question(Split::Train, 0).prompt;
            Error::bad_input(format!("word_problems: expected one of its stories, such as {example:?}, got {prompt:?}"))
        })?;
        Ok(Question { task: NAME.into(), prompt: prompt.trim().into(), answer: answer.to_string() })
    }

    fn split(&self, question: &Question) -> Split {
        match read(&question.prompt).and_then(solve) {
            Some(answer) if answer > self.answers(Split::Train).1 => Split::Ood,
            Some(_) => split_of(&question.prompt),
            None => Split::Train,
        }
    }

    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let Some(told) = read(&question.prompt) else {
            return Chain { thought: String::new(), answer: question.answer.clone() };
        };
        let mut stream = slips(seed);
        let right = solve(told).unwrap_or_default();
        let answer = if stream.uniform() < slip { right + 1 } else { right };
        let letters = STORIES[told.0].sum.replace(['a', 'b', 'c'], "{}");
        Chain { thought: format!("{} = {answer}", tell(&letters, told.1)), answer: answer.to_string() }
    }

    fn grade(&self, question: &Question, answer: &str) -> f64 {
        let right = read(&question.prompt).and_then(solve);
        f64::from(u8::from(right.is_some() && number(answer) == right))
    }

    fn guess_space(&self, split: Split) -> f64 {
        let (least, most) = self.answers(split);
        (most - least + 1) as f64
    }

    fn max_completion_length(&self, _split: Split) -> usize {
        LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_are_read_back_solved_and_kept_apart() {
        for difficulty in 0..=2 {
            let task = WordProblems::new(difficulty);
            let mut told = std::collections::BTreeSet::new();
            for split in Split::ALL {
                let (least, most) = task.answers(split);
                for seed in 0..200 {
                    let question = task.question(split, seed);
                    assert_eq!(task.question(split, seed), question);
                    assert_eq!(task.parse(&question.prompt).unwrap(), question);
                    assert_eq!(task.split(&question), split, "{question:?}");
                    let answer: i64 = question.answer.parse().unwrap();
                    assert!((least..=most).contains(&answer), "{question:?}");
                    assert_eq!(task.grade(&question, &question.answer), 1.0);
                    assert_eq!(task.grade(&question, &(answer + 1).to_string()), 0.0);
                    let chain = task.chain(&question, 0.0, seed);
                    assert!(
                        chain.answer == question.answer && chain.thought.ends_with(&format!("= {answer}")),
                        "{chain:?}"
                    );
                    assert_ne!(task.chain(&question, 1.0, seed).answer, question.answer);
                    told.insert(read(&question.prompt).unwrap().0);
                }
            }
            let expected = if difficulty == 0 { SHORT } else { STORIES.len() };
            assert_eq!(told.len(), expected, "a story is never told, or one of another difficulty");
            assert!(told.iter().all(|story| *story < expected && (gaps(*story) == 2) == (*story < SHORT)));
        }
        assert!(WordProblems::new(1).parse("What is the capital of France?").is_err());
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let seven = "7|  7 |7.|= 7|$7|**7**|**7.**|7 apples|7.0|\\(7\\)|$7$|\"7\"|_7_ coins.|7,";
        for text in seven.split('|') {
            assert_eq!(number(text), Some(7), "{text}");
        }
        for (text, value) in [("1,204", 1204), ("-3", -3), ("= -3.", -3), ("12,345,678", 12_345_678)] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        let no_number = [
            "", "seven", "7.5", "7 + 1", "7 or 8", "x = 7", "--7", "7 8", "7 = 7", "1,2", ",7", "7/1", "7-1", ".", "$",
            "7%",
        ];
        for text in no_number {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
