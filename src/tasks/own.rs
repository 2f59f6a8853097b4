//! A task made of a user's own questions and answers, one JSON object a line: `{"question": "2+2=", "answer": "4"}`.
//!
//! Not here: what counts as right (`grader.rs`), the alphabet (`text.rs`; the lab checks it with the model's own), where files come from (the doors).

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde::Deserialize;

use super::grader::Grader;
use super::{Chain, Question, Split, TASKS, Task, difficulty_range, hash_of, slips, split_of};
use crate::error::{Error, Result};

const MAX_BYTES: usize = 8 << 20;
const MAX_LINES: usize = 100_000;
/// Longest question and longest answer, characters.
const MAX_QUESTION: usize = 400;
const MAX_ANSWER: usize = 100;
/// Tokens allowed for a thought, whose length the file does not say.
const THOUGHT: usize = 48;
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    question: String,
    answer: String,
    #[serde(default)]
    split: Option<Split>,
}

/// A line that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Counted from 1.
    pub line: usize,
    pub question: String,
    pub answer: String,
    pub split: Split,
}

/// A user's questions. Cheap to clone.
#[derive(Clone)]
pub struct OwnTask(Rc<Inner>);

struct Inner {
    name: String,
    grader: Grader,
    /// In the order of a hash of the question, so that neighbours in the file need not be neighbours in a batch.
    entries: Vec<Entry>,
    /// Positions in `entries`.
    by_question: HashMap<String, usize>,
    by_split: [Vec<usize>; 3],
    guess_space: [f64; 3],
}

impl OwnTask {
    /// Reads JSONL; empty lines do not count. A line without `split` is held out or not by its question alone, one in ten; where
    /// that leaves a side empty, one question changes sides.
    ///
    /// # Errors
    /// `bad-input` naming the line: broken JSON, something missing or too long, two answers to one question, an answer that its own
    /// grader does not accept; also for a file that is too large, and for fewer than two questions to train on and to hold out.
    pub fn read(name: &str, jsonl: &str, grader: Grader) -> Result<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if !(1..=40).contains(&name.len()) || !name.bytes().all(plain) || difficulty_range(name).is_some() {
            return Err(Error::bad_input(format!(
                "task name: expected 1 to 40 small letters, digits and _, and none of {}; got {name:?}",
                TASKS.join(", ")
            )));
        }
        if jsonl.len() > MAX_BYTES {
            let megabytes = MAX_BYTES >> 20;
            return Err(Error::bad_input(format!(
                "questions: expected at most {megabytes} MiB, got {} bytes",
                jsonl.len()
            )));
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut by_question: HashMap<String, usize> = HashMap::new();
        for (at, text) in jsonl.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let (entry, said) = read_line(at + 1, text, &grader)?;
            if let Some(&known) = by_question.get(&entry.question) {
                same(&entries[known], &entry, said)?;
                continue;
            }
            if entries.len() == MAX_LINES {
                return Err(Error::bad_input(format!("line {}: expected at most {MAX_LINES} questions", at + 1)));
            }
            by_question.insert(entry.question.clone(), entries.len());
            entries.push(entry);
        }
        entries.sort_by_cached_key(|entry| (hash_of(&entry.question), entry.line));
        fill_sides(&mut entries)?;
        let by_question = entries.iter().enumerate().map(|(at, entry)| (entry.question.clone(), at)).collect();
        let by_split = Split::ALL.map(|split| (0..entries.len()).filter(|&at| entries[at].split == split).collect());
        let guess_space = by_split.each_ref().map(|places: &Vec<usize>| {
            let pairs: Vec<_> = places.iter().map(|&at| (&*entries[at].question, &*entries[at].answer)).collect();
            grader.guess_space(&pairs)
        });
        Ok(Self(Rc::new(Inner { name: name.to_owned(), grader, entries, by_question, by_split, guess_space })))
    }

    /// All questions, in no particular order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.0.entries
    }

    fn entry(&self, prompt: &str) -> Option<&Entry> {
        self.0.by_question.get(prompt).map(|&at| &self.0.entries[at])
    }

    fn asked(&self, entry: &Entry) -> Question {
        Question { task: self.0.name.clone(), prompt: entry.question.clone(), answer: entry.answer.clone() }
    }
}

/// A checked line, and whether it named its split.
fn read_line(line: usize, text: &str, grader: &Grader) -> Result<(Entry, bool)> {
    let wrong = |what: String| Error::bad_input(format!("line {line}: {what}"));
    let Line { question, answer, split } = serde_json::from_str(text).map_err(|e| {
        wrong(format!("expected {{\"question\": \"…\", \"answer\": \"…\"}}, and perhaps \"split\": {e}"))
    })?;
    for (what, text, most) in [("question", &question, MAX_QUESTION), ("answer", &answer, MAX_ANSWER)] {
        let length = text.chars().count();
        if !(1..=most).contains(&length) {
            return Err(wrong(format!("the {what} must have 1 to {most} characters, it has {length}")));
        }
    }
    if let Some(problem) = grader.refuses(&question, &answer) {
        return Err(wrong(problem));
    }
    let by_content = split_of(&question);
    Ok((Entry { line, split: split.unwrap_or(by_content), question, answer }, split.is_some()))
}

/// The same question twice is one question, if both lines say the same.
fn same(first: &Entry, again: &Entry, said: bool) -> Result<()> {
    if first.answer == again.answer && (!said || first.split == again.split) {
        return Ok(());
    }
    Err(Error::bad_input(format!(
        "line {}: the question of line {} again, with another answer or split",
        again.line, first.line
    )))
}

/// At least one question to train on and one to hold out.
fn fill_sides(entries: &mut [Entry]) -> Result<()> {
    for (empty, other) in [(Split::HeldOut, Split::Train), (Split::Train, Split::HeldOut)] {
        if entries.iter().any(|entry| entry.split == empty) {
            continue;
        }
        let mut others = entries.iter_mut().filter(|entry| entry.split == other);
        match (others.next(), others.next()) {
            (Some(first), Some(_)) => first.split = empty,
            _ => {
                return Err(Error::bad_input(
                    "questions: expected at least one to train on and one to hold out, two in all; there are fewer",
                ));
            }
        }
    }
    Ok(())
}

impl Task for OwnTask {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn title(&self) -> &str {
        &self.0.name
    }

    fn describe(&self) -> String {
        let [train, held_out, ood] = Split::ALL.map(|split| self.0.by_split[split as usize].len());
        format!("Own questions: {train} to train on, {held_out} held out, {ood} out of distribution.")
    }

    fn difficulty(&self) -> u32 {
        1
    }

    /// One after the other, in an order that does not depend on the file's.
    fn question(&self, split: Split, seed: u64) -> Question {
        let split = if self.offers(split) { split } else { Split::HeldOut };
        let places = &self.0.by_split[split as usize];
        let at = places[(seed % places.len() as u64) as usize];
        self.asked(&self.0.entries[at])
    }

    fn offers(&self, split: Split) -> bool {
        !self.0.by_split[split as usize].is_empty()
    }

    /// Only questions of the file have a known answer.
    fn parse(&self, prompt: &str) -> Result<Question> {
        let entry = self.entry(prompt).or_else(|| self.entry(prompt.trim()));
        entry.map(|entry| self.asked(entry)).ok_or_else(|| {
            let example = &self.0.entries[0].question;
            Error::bad_input(format!(
                "{}: expected a question of the file, such as {example:?}, got {prompt:?}",
                self.0.name
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        self.entry(&question.prompt).map_or(Split::Train, |entry| entry.split)
    }

    /// The file has no chains: the thought is empty, and who slips gives the answer to another training question.
    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let mut stream = slips(seed);
        let slipped = self.entry(&question.prompt).is_some() && stream.uniform() < slip;
        let answer =
            if slipped { self.question(Split::Train, stream.next_u64()).answer } else { question.answer.clone() };
        Chain { thought: String::new(), answer }
    }

    fn grade(&self, question: &Question, answer: &str) -> f64 {
        self.entry(&question.prompt).map_or(0.0, |entry| self.0.grader.grade(&entry.question, &entry.answer, answer))
    }

    /// 1 / the share of questions that the best single answer gets right; with a custom grader the best of the most frequent
    /// answers, so that a grader with a loophole may be easier to guess than this says.
    fn guess_space(&self, split: Split) -> f64 {
        self.0.guess_space[if self.offers(split) { split } else { Split::HeldOut } as usize]
    }

    fn max_completion_length(&self, _split: Split) -> usize {
        let longest = self.0.entries.iter().map(|entry| entry.answer.chars().count()).max().unwrap_or(1);
        4 + THOUGHT + longest
    }
}

/// The tasks a lab knows beyond the built-in ones.
#[derive(Clone, Default)]
pub struct OwnTasks(BTreeMap<String, OwnTask>);

impl OwnTasks {
    /// Adds a task, in the place of one of the same name.
    pub fn add(&mut self, task: OwnTask) {
        self.0.insert(task.name().to_owned(), task);
    }

    /// As [`super::task`], own tasks included; they have the one difficulty 1.
    ///
    /// # Errors
    /// `bad-input` naming the tasks there are, or the range of the difficulty.
    pub fn task(&self, name: &str, difficulty: Option<u32>) -> Result<Box<dyn Task>> {
        match (self.0.get(name), difficulty.unwrap_or(1)) {
            (Some(task), 1) => Ok(Box::new(task.clone())),
            (Some(_), level) => Err(Error::bad_input(format!("difficulty: {name} has 1 to 1, got {level}"))),
            (None, _) if self.0.is_empty() || super::difficulty_range(name).is_some() => super::task(name, difficulty),
            (None, _) => {
                let own: Vec<&str> = self.0.keys().map(String::as_str).collect();
                Err(Error::bad_input(format!(
                    "task: expected one of {}, {}, got {name:?}",
                    TASKS.join(", "),
                    own.join(", ")
                )))
            }
        }
    }
}
