//! Own questions: read, checked against the alphabet, and then a task like any other.
//!
//! Not here: the task they make (`tasks/own.rs`).

use super::Lab;
use crate::error::{Error, Result};
use crate::tasks::grader::Grader;
use crate::tasks::own::OwnTask;
use crate::tasks::{Difficulty, TaskInfo};
use crate::text::Tokenizer;

impl Lab {
    /// Makes a task of the lines of a JSONL file and gives it a name. Questions and answers must be written in the characters of the
    /// loaded model, or of the lab's own alphabet while there is none.
    ///
    /// # Errors
    /// `bad-input` naming the line and what is wrong with it.
    pub fn add_task(&mut self, name: &str, jsonl: &str, grader: Grader) -> Result<TaskInfo> {
        let task = OwnTask::read(name, jsonl, grader)?;
        let tokenizer = match &self.model {
            Some(model) => model.tokenizer.clone(),
            None => Tokenizer::lab()?,
        };
        let outside = |text: &str| tokenizer.encode_plain(text).err();
        let wrong = task.entries().iter().filter_map(|entry| {
            let error = outside(&entry.question).or_else(|| outside(&entry.answer))?;
            Some((entry.line, error))
        });
        if let Some((line, error)) = wrong.min_by_key(|(line, _)| *line) {
            return Err(Error::bad_input(format!("line {line}: {error}")));
        }
        let info = TaskInfo::of(&task, Difficulty { min: 1, max: 1, default: 1 });
        self.own.add(task);
        Ok(info)
    }
}
